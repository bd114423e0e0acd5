"""What the adapter needs of a network, and no more: one request, one reply, two ways to fail.

`NeverLeft` means that no byte of the request reached the PMS (name, connection, TLS), so it may be sent again.
`AnswerLost` means that it was sent, or may have been, and nothing certain came back (time limit, reset, an answer cut
short or too big): for a write the outcome is unknown. A transport never sends a request twice, follows no redirect
and keeps no cookie. Two implementations: `socket` (pooled connections) and `asgi` (the embedded mock, called
directly).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

ANSWER_LIMIT = 8 * 1024 * 1024
_INJECTED = re.compile(r"\binjected;dur=(\d{1,9}(?:\.\d{1,6})?)", re.ASCII)
Headers = tuple[tuple[str, str], ...]


class TransportError(Exception):
    """No usable answer. The text names the kind of failure, never what was sent."""


class NeverLeft(TransportError):
    """The request did not reach the PMS."""


class AnswerLost(TransportError):
    """The request may have been read; what became of it is not known."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. `headers` are looked up by lower-case name; `body` is complete and at most 8 MiB."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def injected_in(headers: Mapping[str, str]) -> float:
    """Seconds that the mock PMS says it waited on purpose (`Server-Timing: injected;dur=301.2`); 0 from any other."""
    told = headers.get("server-timing")
    if told is None:
        return 0.0
    found = _INJECTED.search(told)
    return float(found[1]) / 1000 if found else 0.0


class Transport(Protocol):
    """The port of this adapter."""

    async def send(
        self, method: str, path_and_query: str, headers: Headers, body: bytes | None, timeout_s: float
    ) -> Reply:
        """Send once; `path_and_query` is already percent-encoded. Raises NeverLeft or AnswerLost, nothing else."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
