"""The intake: what was stored at the door is taken in, in the next moment.

The hook wakes it with the number of what it has just stored; once a second it also looks for what another process left
behind. Two processes that take the same delivery in do no harm, for its arrivals have their effect once. What cannot
be taken in is logged once by its number, not once a second.
"""

import asyncio
from collections import deque

from integration.ports.queue_records import StoredDelivery
from integration.usecases.desk import Desk
from integration.usecases.take_in import Taken, take_in, take_in_one
from integration.workers.rounds import EventLog, Rounds

EVERY_S = 1.0
LEFT_BEHIND_S = 2.0
A_PAGE = 20
MOST_AWAKE = 10_000


class Intake(Rounds):
    """Takes deliveries in."""

    name = "intake"

    def __init__(self, desk: Desk, log: EventLog, *, every_s: float = EVERY_S) -> None:
        """`every_s`: seconds from the end of a round to the next, unless it is woken."""
        super().__init__(desk, log, every_s=every_s)
        self._told: set[str] = set()
        self._new: deque[str] = deque(maxlen=MOST_AWAKE)
        self._woken = asyncio.Event()

    def wake(self, delivery_id: str) -> None:
        """Something was stored. When too much is waiting the oldest are left to the rounds."""
        self._new.append(delivery_id)
        self._woken.set()

    async def work(self) -> None:
        """One round: what it was woken for, then what was left behind."""
        while self._new:
            self._tell(await take_in_one(self._desk, self._new.popleft()))
        after = ""
        while (page := await self._page(after)) and not self._stopped.is_set():
            for stored in page:
                if (self._desk.clock.now() - stored.received_at).total_seconds() >= LEFT_BEHIND_S:
                    self._tell(await take_in(self._desk, stored))
            after = page[-1].delivery_id

    async def _page(self, after: str) -> list[StoredDelivery]:
        """A few at a time: bodies may be large."""
        return await self._desk.store.read(lambda tx: tx.pending_deliveries(A_PAGE, after))

    def stop(self) -> None:
        """End after the round under way."""
        super().stop()
        self._woken.set()

    async def _pause(self) -> None:
        """Until it is woken, at most until the next round."""
        if not self._new:
            wait = asyncio.ensure_future(self._desk.clock.sleep(self._every_s))
            woken = asyncio.ensure_future(self._woken.wait())
            try:
                await asyncio.wait((wait, woken), return_when=asyncio.FIRST_COMPLETED)
            finally:
                wait.cancel()
                woken.cancel()
                await asyncio.gather(wait, woken, return_exceptions=True)
        self._woken.clear()

    def _tell(self, taken: Taken | None) -> None:
        if taken is None or taken.problem in {None, "waits"} or taken.delivery_id in self._told:
            return
        self._told.add(taken.delivery_id)
        self._log.warning("delivery_not_taken_in", delivery_id=taken.delivery_id, code=taken.problem)
