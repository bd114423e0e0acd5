"""Ready to sell: our store can be written and every hotel's PMS can be read.

`/readyz` may be asked every second by several watchers; the answer is remembered for a few seconds and made by one of
them. A service that is not ready says which part is missing; the process itself may be well (`/healthz`).
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.hotel import HotelTerms
from domain.stay import StayDates
from integration.errors import ServiceError
from integration.usecases.answers import Body
from integration.usecases.desk import Desk
from integration.usecases.views import instant

REMEMBERED = timedelta(seconds=5)
LEASE = "readiness"


@dataclass(frozen=True, slots=True)
class Check:
    """One part. `error`: the code of what is wrong, empty when nothing is; `since`: when it was given up."""

    name: str
    error: str = ""
    since: datetime | None = None

    def body(self) -> Body:
        """For showing."""
        body = {"name": self.name, "status": "failed" if self.error else "ok", "error": self.error or None}
        return body if self.since is None else {**body, "since": instant(self.since)}


class Readiness:
    """The last answer and how long it stands."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._checks: tuple[Check, ...] = ()
        self._until: datetime | None = None
        self._turn = asyncio.Lock()

    async def checks(self) -> tuple[Check, ...]:
        """What was found, a few seconds ago at most."""
        async with self._turn:
            if self._until is None or self._desk.clock.now() >= self._until:
                hotels = self._desk.hotels.values()
                self._checks = tuple(await asyncio.gather(self._store(), *(self._pms(hotel) for hotel in hotels)))
                self._until = self._desk.clock.now() + REMEMBERED
            return self._checks

    async def _store(self) -> Check:
        """Write a row: a full disk or a read-only file shows nowhere else."""
        now = self._desk.clock.now()
        try:
            await self._desk.store.transact(lambda tx: tx.take_lease(LEASE, LEASE, now, now))
        except ServiceError as error:
            return Check("store", error.code)
        return Check("store")

    async def _pms(self, hotel: HotelTerms) -> Check:
        """The cheapest read there is: room counts of one night."""
        tonight = StayDates.of_nights(hotel.today(self._desk.clock.now()), 1)
        try:
            await self._desk.pms.read_room_counts(hotel, tonight)
        except ServiceError as error:
            return Check(f"pms:{hotel.hotel_id}", error.code, self._desk.line.down_since(hotel.hotel_id))
        return Check(f"pms:{hotel.hotel_id}")
