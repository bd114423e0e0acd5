"""The resolver: every few seconds, writes whose caller is gone are looked up in the PMS and taken over.

It sends no lost write again. What it could not settle is logged once for each reason; a deposit that does not show is
put on the board for a person.
"""

from domain.access import Actor, Role
from integration.usecases.desk import Desk
from integration.usecases.resolve_intents import resolve_intents
from integration.workers.rounds import EventLog, Rounds

RESOLVER = Actor("resolver", Role.ADMIN, "resolver")
EVERY_S = 5.0


class Resolver(Rounds):
    """Settles what is unknown."""

    name = "resolver"

    def __init__(self, desk: Desk, log: EventLog, *, every_s: float = EVERY_S) -> None:
        """`every_s`: seconds from the end of a round to the next."""
        super().__init__(desk, log, every_s=every_s)
        self._told: frozenset[tuple[str, str]] = frozenset()

    async def work(self) -> None:
        """One round."""
        resolved = await resolve_intents(self._desk, RESOLVER)
        for intent_id in resolved.adopted:
            self._log.info("outcome_taken_over", intent_id=intent_id)
        left = frozenset(resolved.left)
        for intent_id, code in sorted(left - self._told):
            self._log.warning("outcome_still_unknown", intent_id=intent_id, code=code)
        self._told = left
