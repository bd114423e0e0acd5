"""The token that every call carries.

`POST /oauth/v1/tokens` with the client's id and secret (Basic) and the application key gives a bearer token of about
an hour [spec]. Token calls are metered, so one is kept until two minutes before its end and shared by all hotels;
when it runs out while twenty agents ask, one call is made and all wait for it. With a user name the `password` grant
is used, else `client_credentials` with the enterprise's id. A token that cannot be had means that the real call never
left.
"""

import asyncio
import base64
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlencode

import msgspec

from integration.adapters.breaker import SILENT
from integration.adapters.ohip.failures import unreachable
from integration.adapters.ohip.transport import Headers, NeverLeft, Reply, Transport, TransportError
from integration.errors import ConfigurationError, PmsUnavailable
from integration.ports.surroundings import Clock
from integration.settings import PmsCredentials

_PATH = "/oauth/v1/tokens"
_SCOPE = "urn:opc:hgbu:ws:__myscopes__"
_MARGIN_S = 120
_LEAST_LIFE_S = 1


class _Grant(msgspec.Struct):
    access_token: str
    expires_in: int = 3600


_grant = msgspec.json.Decoder(_Grant)


class Tokens:
    """The current token of one set of credentials."""

    def __init__(
        self, transport: Transport, credentials: PmsCredentials, clock: Clock, unheard: Callable[[], None]
    ) -> None:
        """`unheard` is told when nobody answers. ConfigurationError for credentials that cannot be sent as headers."""
        self._unheard = unheard
        self.app_key = _sendable(credentials.app_key)
        self._transport = transport
        self._clock = clock
        self._headers = _headers(credentials)
        self._form = _form(credentials)
        self._token = ""
        self._good_until: datetime | None = None
        self._fetching: asyncio.Task[str] | None = None

    async def get(self, timeout_s: float) -> str:
        """A token that is good for a while. PmsUnavailable when there is none to be had."""
        if self._good_until is not None and self._clock.now() < self._good_until:
            return self._token
        fetching = self._fetching
        if fetching is None or fetching.done():
            fetching = self._fetching = asyncio.ensure_future(self._fetch(timeout_s))
            fetching.add_done_callback(_retrieve)
        return await asyncio.shield(fetching)

    def drop(self, token: str) -> None:
        """Forget a token that the PMS refused, unless there is a newer one already."""
        if token == self._token:
            self._good_until = None

    async def _fetch(self, timeout_s: float) -> str:
        asked_at = self._clock.now()
        try:
            reply = await self._transport.send("POST", _PATH, self._headers, self._form, timeout_s)
        except NeverLeft as error:
            self._unheard()
            raise unreachable(error) from None
        except TransportError as error:
            self._unheard()
            raise PmsUnavailable("The PMS gave no token.", how=str(error)) from None
        if reply.status in SILENT:
            self._unheard()
        grant = _read(reply)
        life = max(_LEAST_LIFE_S, grant.expires_in)
        self._token = grant.access_token
        self._good_until = asked_at + timedelta(seconds=max(life - _MARGIN_S, life / 2))
        return self._token


def _retrieve(task: "asyncio.Task[str]") -> None:
    """Look at a failure nobody waits for any more, so that it is not reported as forgotten."""
    if not task.cancelled():
        task.exception()


def _read(reply: Reply) -> _Grant:
    if reply.status in {400, 401, 403}:
        raise PmsUnavailable(
            "The PMS does not accept our credentials (HTTP {status}).", status=reply.status,
            hint="Check the SANTRAL_PMS_... settings.",
        )  # fmt: skip
    if reply.status != 200:  # noqa: PLR2004
        raise PmsUnavailable("The PMS gave no token (HTTP {status}).", status=reply.status)
    try:
        grant = _grant.decode(reply.body)
        _sendable(grant.access_token)
    except (msgspec.MsgspecError, UnicodeError, ConfigurationError):
        raise PmsUnavailable("The PMS gave a token that cannot be read.") from None
    return grant


def _headers(credentials: PmsCredentials) -> Headers:
    basic = base64.b64encode(f"{credentials.client_id}:{credentials.client_secret}".encode()).decode("ascii")
    headers: Headers = (
        ("authorization", f"Basic {basic}"),
        ("x-app-key", _sendable(credentials.app_key)),
        ("accept", "application/json"),
        ("content-type", "application/x-www-form-urlencoded"),
    )
    if credentials.enterprise_id:
        headers = (*headers, ("enterpriseId", _sendable(credentials.enterprise_id)))
    return headers


def _form(credentials: PmsCredentials) -> bytes:
    if credentials.username:
        fields = {"grant_type": "password", "username": credentials.username, "password": credentials.password}
    else:
        fields = {"grant_type": "client_credentials", "scope": _SCOPE}
    return urlencode(fields).encode("ascii")


def _sendable(text: str) -> str:
    """A header value without line breaks or letters that a header cannot hold."""
    if not text.isascii() or not text.isprintable():
        raise ConfigurationError("A PMS credential holds a character that cannot be sent.")
    return text
