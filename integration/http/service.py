"""The service: what every route works with, made once per application and found through the request.

`EventLog` is all we need of a structured log: an event's name, and ids and codes by name. Names, telephone numbers,
addresses and texts are never handed to it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, cast

from starlette.types import Scope

from integration.http.auth import Tokens
from integration.http.metrics import Metrics
from integration.http.readiness import Readiness
from integration.http.writes import Writes
from integration.usecases.desk import Desk

Wake = Callable[[str], None]


class EventLog(Protocol):
    """One line per event."""

    def info(self, event: str, **fields: object) -> object: ...
    def warning(self, event: str, **fields: object) -> object: ...
    def error(self, event: str, **fields: object) -> object: ...


def asleep(_delivery_id: str) -> None:
    """Nobody is waiting for deliveries in this process."""


@dataclass(frozen=True, slots=True)
class Service:
    """One application's parts."""

    desk: Desk
    tokens: Tokens
    writes: Writes
    readiness: Readiness
    metrics: Metrics
    log: EventLog
    wake: Wake = asleep


def service_of(scope: Scope) -> Service:
    """The service that a request came to."""
    return cast("Service", scope["app"].state.service)
