"""The KPIs' worker: every few seconds, what has changed is counted, so that no report has much left to do."""

from integration.usecases.desk import Desk
from integration.usecases.kpi_refresh import refresh
from integration.workers.rounds import EventLog, Rounds

EVERY_S = 5.0
MOST_A_ROUND = 2_000


class KpiCounts(Rounds):
    """Counts."""

    name = "kpi"

    def __init__(self, desk: Desk, log: EventLog, *, every_s: float = EVERY_S) -> None:
        """`every_s`: seconds from the end of a round to the next."""
        super().__init__(desk, log, every_s=every_s)

    async def work(self) -> None:
        """One round."""
        done = await refresh(self._desk, most=MOST_A_ROUND)
        if done.left > MOST_A_ROUND:
            self._log.info("kpi_behind", left=done.left)
