"""One look at somebody else's service before load is sent to it: is it there, is it Santral, do the tokens open it?

A wrong address or an old token would otherwise be found out after a whole run, as a service with nothing but errors.
"""

from dataclasses import dataclass
from typing import Any

import aiohttp
import msgspec

from cli.loadtest.target import Target
from domain.errors import InvalidInput, Refused
from integration.errors import StoreUnavailable

TIME_LIMIT_S = 10.0
ME = "/v1/me"
UNAUTHORISED = 401


@dataclass(frozen=True, slots=True)
class Said:
    """An answer: its status, and the role of the one who asked; empty when it did not say."""

    status: int
    role: str


async def look_at(target: Target) -> None:
    """Ask the service who the first user of each role is. StoreUnavailable when it does not answer, InvalidInput when
    it is no Santral or a token is another role's, Refused when a token does not open it."""
    for role, tokens in target.tokens.items():
        if tokens:
            _judge(target.url, role, await _ask(target.url, tokens[0]))


def _judge(url: str, role: str, said: Said) -> None:
    if said.status == UNAUTHORISED:
        raise Refused("{url} does not take the token for {role}.", url=url, role=role, field="token_file")
    if not said.role:
        raise InvalidInput("{url} does not answer as Santral does (status {status}).", url=url, status=said.status,
                           field="target")  # fmt: skip
    if said.role != role:
        raise InvalidInput("The token for {role} is one for {other}.", role=role, other=said.role, field="token_file")


async def _ask(url: str, token: str) -> Said:
    headers, limit = {"Authorization": f"Bearer {token}"}, aiohttp.ClientTimeout(total=TIME_LIMIT_S)
    try:
        async with (
            aiohttp.ClientSession(headers=headers, timeout=limit) as session,
            session.get(f"{url}{ME}", allow_redirects=False) as answer,
        ):
            return Said(answer.status, _role(await answer.read()))
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise StoreUnavailable("{url} does not answer.", url=url, hint=str(error)[:200]) from error


def _role(content: bytes) -> str:
    try:
        body: Any = msgspec.json.decode(content)
    except msgspec.DecodeError:
        return ""
    return str(body.get("role", "")) if isinstance(body, dict) else ""
