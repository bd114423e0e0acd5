"""The clocks' worker: every few seconds, clocks that come near their target are warned of, late ones escalated.

One line a case and clock, by its number; who has to act sees it in the lists and on the gauges.
"""

from domain.access import Actor, Role
from integration.usecases.desk import Desk
from integration.usecases.list_cases_alarms import Alarm, sound_alarms
from integration.workers.rounds import EventLog, Rounds

CLOCKS = Actor("clocks", Role.ADMIN, "clocks")
EVERY_S = 5.0


class ClockWatch(Rounds):
    """Warns and escalates."""

    name = "clocks"

    def __init__(self, desk: Desk, log: EventLog, *, every_s: float = EVERY_S) -> None:
        """`every_s`: seconds from the end of a round to the next."""
        super().__init__(desk, log, every_s=every_s)
        self._known: frozenset[Alarm] = frozenset()

    async def work(self) -> None:
        """One round."""
        alarmed = await sound_alarms(self._desk, CLOCKS, self._known)
        self._known = alarmed.known
        for one in alarmed.said:
            self._log.warning(f"case_{one.kind}", case_id=one.case_id, clock=one.clock)
