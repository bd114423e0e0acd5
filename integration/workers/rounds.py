"""Rounds: what the workers of a service have in common.

A worker works in whole rounds and ends between two of them; it waits by the Clock port. A round that fails, whatever
the reason, is logged by its code and the next one comes.
"""

import asyncio
from abc import ABC, abstractmethod
from typing import Protocol

from integration.errors import ServiceError
from integration.usecases.desk import Desk


class EventLog(Protocol):
    """One line per event: its name, ids and codes."""

    def info(self, event: str, **fields: object) -> object: ...
    def warning(self, event: str, **fields: object) -> object: ...


class Rounds(ABC):
    """Runs beside the requests of a service process; a lease in the store keeps several of them apart."""

    name = "worker"

    def __init__(self, desk: Desk, log: EventLog, *, every_s: float) -> None:
        """`every_s`: seconds from the end of a round to the next."""
        self._desk = desk
        self._log = log
        self._every_s = every_s
        self._stopped = asyncio.Event()

    def stop(self) -> None:
        """End after the round under way."""
        self._stopped.set()

    async def run(self) -> None:
        """Work until stopped."""
        while not self._stopped.is_set():
            await self._guarded()
            await self._pause()

    @abstractmethod
    async def work(self) -> None:
        """One round."""

    async def _guarded(self) -> None:
        try:
            await self.work()
        except ServiceError as error:
            self._log.warning(f"{self.name}_failed", code=error.code)
        except Exception as error:  # noqa: BLE001 - a worker that dies silently leaves its work undone for good
            self._log.warning(f"{self.name}_failed", code="internal_error", error_class=type(error).__name__)

    async def _pause(self) -> None:
        """Wait for the next round or for the end, whichever comes first."""
        wait = asyncio.ensure_future(self._desk.clock.sleep(self._every_s))
        end = asyncio.ensure_future(self._stopped.wait())
        try:
            await asyncio.wait((wait, end), return_when=asyncio.FIRST_COMPLETED)
        finally:
            wait.cancel()
            end.cancel()
            await asyncio.gather(wait, end, return_exceptions=True)
