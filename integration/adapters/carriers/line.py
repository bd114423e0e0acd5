"""One HTTP line to a provider: a request, an answer, and what a failure means for a message.

The transports are those of the PMS adapter (a socket that never sends twice, or an application in this process), with
the same two failures. A sending that breaks after it left is `MaybeTaken`; a question that breaks is `NotSent`,
because asking changes nothing.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from integration.adapters.ohip.transport import AnswerLost, NeverLeft, Reply, Transport
from integration.ports.outbound import MaybeTaken, NotSent

SEND_LIMIT_S, ASK_LIMIT_S = 10.0, 5.0
_UNREAD = {401: "unauthorised", 403: "forbidden", 429: "rate_limited"}
_OURS = 500
_LONGEST_WAIT_S = 3600.0
JSON = ("content-type", "application/json")
FORM = ("content-type", "application/x-www-form-urlencoded")
Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """`prefix`: put before every path."""

    transport: Transport = field(repr=False)
    prefix: str = ""

    async def send(self, method: str, path: str, headers: Headers, body: bytes) -> Reply:
        """Send a message. NotSent when it never left or was refused unread, MaybeTaken when nobody knows."""
        try:
            answer = await self.transport.send(method, self.prefix + path, headers, body, SEND_LIMIT_S)
        except NeverLeft:
            raise NotSent("no_connection") from None
        except AnswerLost:
            raise MaybeTaken("no_answer") from None
        check_read(answer)
        if answer.status >= _OURS:
            raise MaybeTaken(f"status_{answer.status}")
        return answer

    async def ask(self, method: str, path: str, headers: Headers, body: bytes | None = None) -> Reply:
        """Ask something. NotSent when there is no answer to be had now."""
        try:
            answer = await self.transport.send(method, self.prefix + path, headers, body, ASK_LIMIT_S)
        except (NeverLeft, AnswerLost):
            raise NotSent("no_answer") from None
        check_read(answer)
        if answer.status >= _OURS:
            raise NotSent(f"status_{answer.status}")
        return answer

    async def close(self) -> None:
        """Let go of connections."""
        await self.transport.close()


def check_read(answer: Reply) -> None:
    """NotSent for what was refused unread."""
    if answer.status in _UNREAD:
        raise NotSent(_UNREAD[answer.status], retry_after_s=_wait(answer.headers.get("retry-after", "")))


def _wait(told: str) -> float | None:
    return min(float(told), _LONGEST_WAIT_S) if told.isascii() and told.isdigit() else None


def object_in(answer: Reply) -> dict[str, Any]:
    """The answer's object; empty for one that is none."""
    try:
        found = msgspec.json.decode(answer.body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return {}
    return found if isinstance(found, dict) else {}


def part_of(found: Mapping[str, Any], *names: str) -> Any:  # noqa: ANN401 - JSON
    """What lies at a path of names and places; None where the path ends."""
    here: Any = found
    for name in names:
        if isinstance(here, list) and name.isdigit() and int(name) < len(here):
            here = here[int(name)]
        elif isinstance(here, dict):
            here = here.get(name)
        else:
            return None
    return here


def encoded(body: object) -> bytes:
    """As JSON."""
    return msgspec.json.encode(body)


def bearer(token: str) -> tuple[str, str]:
    """The header of a token."""
    return ("authorization", f"Bearer {token}")


def basic(user: str, password: str) -> tuple[str, str]:
    """The header of a user and password."""
    return ("authorization", f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}")
