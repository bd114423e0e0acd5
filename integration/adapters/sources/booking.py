"""Booking.com's queue of guest messages as a source.

`GET /messages/latest` gives up to a hundred messages of all properties of a machine account, the same ones again and
again until `PUT /messages?number_of_messages=N` confirms the first N of what is waiting. **The confirmation counts, it
does not name**: sent twice it takes N messages that nobody has read. So it is never repeated, neither by the client
library (`ohip.socket` switches that off) nor here: when its answer is lost, the next round asks what is waiting and
confirms that. The same batch coming again is known by the numbers of its messages (the cursor) and not stored twice.

The token (`POST .../exchange`) lives for an hour and at most 30 an hour are given: one is kept, and one that is refused
is replaced once in a round. Source: developers.booking.com, "Managing messages", "Token-based authentication".
"""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec

from integration.adapters.channels.ota import number_to_confirm
from integration.adapters.channels.reading import Part, read_json
from integration.adapters.ohip.transport import Headers, NeverLeft, Reply, Transport, TransportError
from integration.ports.channels import Delivery, Unreadable
from integration.ports.pulls import Batch, Fetched, PullFailed

READ_LIMIT_S, CONFIRM_LIMIT_S = 20.0, 20.0
TOKEN_LIFE = timedelta(minutes=50)
VERSION = "1.3"
_GOOD = frozenset({200, 201, 204})
_UNAUTHORISED, _FORBIDDEN, _TOO_MANY = 401, 403, 429


class _Token(msgspec.Struct):
    jwt: str


_token = msgspec.json.Decoder(_Token)


@dataclass(frozen=True, slots=True)
class Account:
    """A machine account, the path of the messaging API and that of the token exchange on their hosts."""

    client_id: str
    client_secret: str = field(repr=False)
    messages_path: str = "/messaging"
    token_path: str = "/token-based-authentication/exchange"  # noqa: S105 - a path


class BookingSource:
    """One machine account. `place`: the API's address, without secrets, kept with what was fetched from it."""

    def __init__(self, account: Account, messages: Transport, tokens: Transport, place: str) -> None:
        """Ask nothing yet."""
        self._account, self._place = account, place
        self._messages, self._tokens = messages, tokens
        self._token = ""
        self._good_until: datetime | None = None

    async def fetch(self, cursor: str, now: datetime) -> Batch:
        """What is waiting. PullFailed: `no_connection`, `line_cut`, `login_refused`, `rate_limited`, `status_...`,
        `odd_answer`."""
        if self._good_until is None or now >= self._good_until:
            await self._exchange(now)
        reply = await self._send("GET", "/messages/latest", READ_LIMIT_S)
        if reply.status == _UNAUTHORISED:
            await self._exchange(now)
            reply = await self._send("GET", "/messages/latest", READ_LIMIT_S)
        _accept(reply)
        seen, count = _what(reply.body)
        if count == 0:
            return Batch((), cursor)
        body = Fetched(Delivery(reply.body, {}, f"{self._place}/messages/latest", now))
        return Batch((body,) if seen != cursor else (), seen, receipt=count, is_last=False)

    async def confirm(self, batch: Batch) -> None:
        """Say that the first of what is waiting are ours. Sent once. PullFailed, as `fetch`."""
        reply = await self._send("PUT", f"/messages?number_of_messages={batch.receipt}", CONFIRM_LIMIT_S)
        if reply.status == _UNAUTHORISED:
            self._good_until = None
        _accept(reply)

    async def rest(self) -> None:
        """Close the connections; the token is kept."""
        await self._messages.close()
        await self._tokens.close()

    async def _send(self, method: str, path: str, limit_s: float) -> Reply:
        headers = (
            ("authorization", f"Bearer {self._token}"),
            ("accept", "application/json"),
            ("accept-version", VERSION),
        )
        return await _sent(self._messages, method, self._account.messages_path + path, headers, None, limit_s)

    async def _exchange(self, now: datetime) -> None:
        account = self._account
        wanted = msgspec.json.encode({"client_id": account.client_id, "client_secret": account.client_secret})
        headers = (("content-type", "application/json"), ("accept", "application/json"))
        self._good_until = None
        reply = await _sent(self._tokens, "POST", account.token_path, headers, wanted, READ_LIMIT_S)
        _accept(reply)
        self._token, self._good_until = _read_token(reply.body), now + TOKEN_LIFE


async def _sent(way: Transport, method: str, path: str, headers: Headers, body: bytes | None, limit_s: float) -> Reply:
    try:
        return await way.send(method, path, headers, body, limit_s)
    except NeverLeft:
        raise PullFailed("no_connection") from None
    except TransportError:
        raise PullFailed("line_cut") from None


def _accept(reply: Reply) -> None:
    if reply.status in _GOOD:
        return
    if reply.status in {_UNAUTHORISED, _FORBIDDEN}:
        raise PullFailed("login_refused")
    if reply.status == _TOO_MANY:
        raise PullFailed("rate_limited", retry_after_s=_seconds(reply.headers.get("retry-after", "")))
    raise PullFailed(f"status_{reply.status}")


def _seconds(text: str) -> float:
    return float(min(int(text), 3600)) if text.isascii() and text.isdigit() and len(text) < 6 else 0.0  # noqa: PLR2004


def _read_token(body: bytes) -> str:
    try:
        found = _token.decode(body).jwt
    except (msgspec.MsgspecError, UnicodeError):
        found = ""
    if not found.isascii() or not found.isprintable() or not found:
        raise PullFailed("odd_answer")
    return found


def _what(body: bytes) -> tuple[str, int]:
    """A digest of the messages' numbers, and how many may be confirmed: never more than were given."""
    if not body:
        return "", 0
    read = read_json(body)
    data = Part(None) if isinstance(read, Unreadable) else read.part("data")
    rows = data.events("messages")
    if isinstance(read, Unreadable) or read.wrong or not read.has("data"):
        raise PullFailed("odd_answer")
    numbers = sorted(row.token("message_id") or str(row.raw) for row in rows)
    told = number_to_confirm(body) or len(rows)
    return hashlib.sha256("\n".join(numbers).encode("utf-8", "replace")).hexdigest()[:32], min(told, len(rows))
