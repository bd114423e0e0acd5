"""One look at somebody else's service before load is sent to it: is it there, is it Santral, do the tokens open it?

A wrong address or an old token would otherwise be found out after a whole run, as a service with nothing but errors.
Its clock is looked at too: only the service itself knows since when it goes on from `SANTRAL_AS_OF`, and an audit that
asks whether a record came before the end of its call needs that to the millisecond.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import aiohttp
import msgspec

from cli.loadtest.target import Target
from domain.errors import InvalidInput, Refused
from integration.errors import StoreUnavailable
from integration.ports.surroundings import Clock
from integration.usecases.marks import N_

TIME_LIMIT_S = 10.0
ME, CLOCKS, CALLS = "/v1/me", "/v1/clocks", "/v1/calls"
NOT_SANTRAL = N_("{url} does not answer as Santral does (status {status}).")
UNAUTHORISED, UNKNOWN = 401, 404


@dataclass(frozen=True, slots=True)
class Said:
    """An answer: its status, and its body if that is JSON's object."""

    status: int
    body: dict[str, Any]

    @property
    def role(self) -> str:
        """The role of the one who asked; empty when it does not say."""
        return str(self.body.get("role", ""))


async def look_at(target: Target) -> None:
    """Ask the service who the first user of each role is. StoreUnavailable when it does not answer, InvalidInput when
    it is no Santral or a token is another role's, Refused when a token does not open it."""
    for role, tokens in target.tokens.items():
        if tokens:
            _judge(target.url, role, await _ask(target.url + ME, tokens[0]))


async def look_for(target: Target, hotels: Iterable[str]) -> None:
    """Ask whether it has the scenario's hotels. InvalidInput for the first it does not know; raises as `look_at`."""
    for hotel_id in hotels:
        said = await _ask(
            f"{target.url}{CALLS}?open=true&limit=1&hotel={quote(hotel_id)}", target.tokens["operator"][0]
        )
        if said.status == UNKNOWN:
            raise InvalidInput("{url} has no hotel {hotel}, which the scenario plays.", url=target.url, hotel=hotel_id,
                               field="target")  # fmt: skip


async def clock_offset(target: Target, clock: Clock) -> timedelta:
    """What the service's clock is ahead of this machine's, to half the time that asking takes. Raises as `look_at`."""
    before = clock.now()
    said = await _ask(target.url + CLOCKS, target.tokens["operator"][0])
    middle = before + (clock.now() - before) / 2
    try:
        return datetime.fromisoformat(str(said.body.get("as_of"))) - middle
    except (ValueError, TypeError):
        raise InvalidInput(NOT_SANTRAL, url=target.url, status=said.status, field="target") from None


def _judge(url: str, role: str, said: Said) -> None:
    if said.status == UNAUTHORISED:
        raise Refused("{url} does not take the token for {role}.", url=url, role=role, field="token_file")
    if not said.role:
        raise InvalidInput(NOT_SANTRAL, url=url, status=said.status, field="target")
    if said.role != role:
        raise InvalidInput("The token for {role} is one for {other}.", role=role, other=said.role, field="token_file")


async def _ask(url: str, token: str) -> Said:
    headers, limit = {"Authorization": f"Bearer {token}"}, aiohttp.ClientTimeout(total=TIME_LIMIT_S)
    try:
        async with (
            aiohttp.ClientSession(headers=headers, timeout=limit) as session,
            session.get(url, allow_redirects=False) as answer,
        ):
            return Said(answer.status, _body(await answer.read()))
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise StoreUnavailable("{url} does not answer.", url=url, hint=str(error)[:200]) from error


def _body(content: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(content, type=dict[str, Any])
    except msgspec.DecodeError:
        return {}
