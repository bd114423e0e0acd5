"""The sweep: once a second, holds and options that are past their deadline give their room back.

Nothing depends on it being punctual: a hold is dead at its deadline whether or not a sweep has seen it (docs: holds
and expiry). The loop waits by the Clock port, works in whole rounds and ends between two of them. A round that fails,
whatever the reason, is logged by its code and the next one comes; what could not be lapsed is logged once, not once a
second.
"""

import asyncio
from typing import Protocol

from domain.access import Actor, Role
from integration.errors import ServiceError
from integration.usecases.desk import Desk
from integration.usecases.lapse_reservations import Swept, lapse_due

SWEEPER = Actor("sweep", Role.ADMIN, "sweep")
EVERY_S = 1.0
MOST_A_ROUND = 500


class EventLog(Protocol):
    """One line per event: its name, ids and codes."""

    def info(self, event: str, **fields: object) -> object: ...
    def warning(self, event: str, **fields: object) -> object: ...


class Sweep:
    """Runs beside the requests of a service process; a lease in the store keeps several of them apart."""

    def __init__(self, desk: Desk, log: EventLog, *, every_s: float = EVERY_S) -> None:
        """`every_s`: seconds from the end of a round to the next."""
        self._desk = desk
        self._log = log
        self._every_s = every_s
        self._stopped = asyncio.Event()
        self._told: frozenset[tuple[str, str]] = frozenset()

    def stop(self) -> None:
        """End after the round under way."""
        self._stopped.set()

    async def run(self) -> None:
        """Sweep until stopped."""
        while not self._stopped.is_set():
            await self._round()
            await self._pause()

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

    async def _round(self) -> None:
        try:
            swept = await lapse_due(self._desk, SWEEPER, limit=MOST_A_ROUND)
        except ServiceError as error:
            self._log.warning("sweep_failed", code=error.code)
        except Exception as error:  # noqa: BLE001 - a worker that dies silently keeps every room of every dead hold
            self._log.warning("sweep_failed", code="internal_error", error_class=type(error).__name__)
        else:
            self._tell(swept)

    def _tell(self, swept: Swept) -> None:
        if swept.is_elsewhere:
            return
        for body in swept.expired:
            self._log.info("reservation_lapsed", reservation_id=body["reservation_id"], pms_ref=body["pms_ref"])
        for body in swept.adopted:
            self._log.info("reservation_adopted", reservation_id=body["reservation_id"], pms_ref=body["pms_ref"])
        left = frozenset(swept.left)
        for reservation_id, code in sorted(left - self._told):
            self._log.warning("reservation_not_lapsed", reservation_id=reservation_id, code=code)
        self._told = left
