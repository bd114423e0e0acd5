"""The sweep: once a second, holds and options that are past their deadline give their room back.

Nothing depends on it being punctual: a hold is dead at its deadline whether or not a sweep has seen it (docs: holds
and expiry). What could not be lapsed is logged once, not once a second. About once an hour the round also forgets the
answers whose day is over.
"""

from datetime import datetime, timedelta

from domain.access import Actor, Role
from integration.usecases.desk import Desk
from integration.usecases.forget_old_answers import forget_old_answers
from integration.usecases.lapse_reservations import Swept, lapse_due
from integration.workers.rounds import EventLog, Rounds

SWEEPER = Actor("sweep", Role.ADMIN, "sweep")
EVERY_S = 1.0
FORGET_EVERY = timedelta(hours=1)
MOST_A_ROUND = 500


class Sweep(Rounds):
    """Lets lapse what is due."""

    name = "sweep"

    def __init__(self, desk: Desk, log: EventLog, *, every_s: float = EVERY_S) -> None:
        """`every_s`: seconds from the end of a round to the next."""
        super().__init__(desk, log, every_s=every_s)
        self._told: frozenset[tuple[str, str]] = frozenset()
        self._forget_at: datetime | None = None

    async def work(self) -> None:
        """One round."""
        self._tell(await lapse_due(self._desk, SWEEPER, limit=MOST_A_ROUND))
        await self._forget()

    async def _forget(self) -> None:
        """Once an hour; an hour that fails is left to the next."""
        now = self._desk.clock.now()
        if self._forget_at is not None and now < self._forget_at:
            return
        self._forget_at = now + FORGET_EVERY
        count = await forget_old_answers(self._desk)
        if count:
            self._log.info("answers_forgotten", count=count)

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
