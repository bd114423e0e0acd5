"""The line watch: while a hotel's PMS is given up, one small question now and then shows when it is back.

Any read that comes when a trial is due would do; this one comes also when nobody asks for anything, and it is a search
for a reference that nobody has, which costs the PMS next to nothing and is never answered from memory. So agents are
told at once, all through an outage, and nobody waits out a time limit to learn that it goes on.
"""

from integration.errors import PmsError
from integration.ports.pms import BookingSearch
from integration.usecases.desk import Desk
from integration.workers.rounds import EventLog, Rounds

EVERY_S = 1.0
NOBODYS = BookingSearch(reference="SNT-LINE-WATCH")


class LineWatch(Rounds):
    """Tries what is down. Each process of the service has its own, as each has its own breakers."""

    name = "line_watch"

    def __init__(self, desk: Desk, log: EventLog, *, every_s: float = EVERY_S) -> None:
        """`every_s`: seconds from the end of a round to the next."""
        super().__init__(desk, log, every_s=every_s)

    async def work(self) -> None:
        """One round."""
        for hotel in self._desk.hotels.values():
            if self._desk.line.is_trial_due(hotel.hotel_id):
                try:
                    await self._desk.pms.find_bookings(hotel, NOBODYS)
                except PmsError:
                    continue
