"""An answer before it is sent: status, headers, encoded body."""

from dataclasses import dataclass, field
from typing import Any

import msgspec

JSON_TYPE = "application/json;charset=UTF-8"
_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes out. `body` is encoded JSON or empty; a 204 never has one."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    notes: dict[str, str] = field(default_factory=dict)

    @classmethod
    def json(cls, status: int, value: Any, *headers: tuple[str, str]) -> "Answer":  # noqa: ANN401 - JSON
        """A body of plain Python values."""
        return cls(status, _encode(value), headers)


NO_MATCH = Answer(204)


class Unreachable(ConnectionRefusedError):
    """The connection was refused: nothing of the request was read, and it may be sent again.

    On a socket the server can only abort a connection that the system has taken already.
    """


class LostAnswer(ConnectionResetError):
    """The connection broke after the work was done: the caller cannot know whether it was.

    On a socket the server aborts the TCP connection; an in-process caller gets this exception instead.
    """
