"""The reports: what became of messages whose providers have to be asked, looked after every quarter of a minute.

A worker of its own, because a provider that hangs must hold up no message. What is said of a message is logged by its
number and code, never by what was written or to whom.
"""

from integration.ports.queue_records import OutgoingState
from integration.usecases.ask_reports import ask_reports
from integration.usecases.desk import Desk
from integration.workers.rounds import EventLog, Rounds

EVERY_S = 15.0
MOST_A_ROUND = 100


class Reports(Rounds):
    """Asks what became of what was taken."""

    name = "reports"

    def __init__(self, desk: Desk, log: EventLog, *, every_s: float = EVERY_S) -> None:
        """`every_s`: seconds from the end of a round to the next."""
        super().__init__(desk, log, every_s=every_s)

    async def work(self) -> None:
        """One round."""
        for one in await ask_reports(self._desk, MOST_A_ROUND):
            ids = {"outbox_id": one.outbox_id, "case_id": one.case_id, "channel": one.channel.value}
            if one.state is OutgoingState.UNDELIVERABLE:
                self._log.warning("message_undeliverable", code=one.problem, **ids)
            else:
                self._log.info(f"message_{one.state.value}", **ids)
