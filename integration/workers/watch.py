"""The watch: every half minute, what a lost request may still have done is looked at, for a day after it was settled.

A record too many is cancelled and said loudly: it is a room that nobody could sell.
"""

from domain.access import Actor, Role
from integration.usecases.desk import Desk
from integration.usecases.watch_intents import watch_intents
from integration.workers.rounds import EventLog, Rounds

WATCH = Actor("watch", Role.ADMIN, "watch")
EVERY_S = 30.0


class Watch(Rounds):
    """Sees what comes late."""

    name = "watch"

    def __init__(self, desk: Desk, log: EventLog, *, every_s: float = EVERY_S) -> None:
        """`every_s`: seconds from the end of a round to the next."""
        super().__init__(desk, log, every_s=every_s)
        self._told: frozenset[tuple[str, str]] = frozenset()

    async def work(self) -> None:
        """One round."""
        watched = await watch_intents(self._desk, WATCH)
        if watched.is_elsewhere:
            return
        for intent_id, what in watched.seen:
            self._log.warning("late_execution_seen", intent_id=intent_id, outcome=what)
        left = frozenset(watched.left)
        for intent_id, code in sorted(left - self._told):
            self._log.warning("watch_waits", intent_id=intent_id, code=code)
        self._told = left
