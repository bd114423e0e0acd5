"""The outbox: every second what is due is sent, what is held or in doubt is looked after.

Several processes may work side by side: a row is claimed before it is sent, so it is sent by one of them. What could
not be sent is logged once for each reason, by number and code, never by what was written or to whom.
"""

from integration.ports.queue_records import Outgoing, OutgoingState
from integration.usecases.check_payment import check_payment
from integration.usecases.desk import Desk
from integration.usecases.look_up_sent import look_up_sent
from integration.usecases.may_leave import release_held
from integration.usecases.send_out import send_due
from integration.workers.rounds import EventLog, Rounds

EVERY_S = 1.0
MOST_A_ROUND = 200
MOST_IN_DOUBT = 50
_SAID = frozenset({OutgoingState.FAILED, OutgoingState.UNKNOWN, OutgoingState.HELD})


class Outbox(Rounds):
    """Sends what is due."""

    name = "outbox"

    def __init__(self, desk: Desk, log: EventLog, *, every_s: float = EVERY_S) -> None:
        """`every_s`: seconds from the end of a round to the next."""
        super().__init__(desk, log, every_s=every_s)
        self._told: set[tuple[str, str, str]] = set()

    async def work(self) -> None:
        """One round."""
        for one in await release_held(self._desk, MOST_A_ROUND):
            self._tell(one)
        for one in await send_due(self._desk, MOST_A_ROUND, check_payment):
            self._tell(one)
        for one in await look_up_sent(self._desk, MOST_IN_DOUBT):
            self._tell(one)

    def _tell(self, one: Outgoing) -> None:
        ids = {"outbox_id": one.outbox_id, "case_id": one.case_id, "channel": one.channel.value}
        if one.state is OutgoingState.ACCEPTED:
            self._log.info("message_accepted", **ids)
        waits = one.state is OutgoingState.QUEUED and one.problem is not None
        told = (one.outbox_id, one.state.value, one.problem or "")
        if (waits or one.state in _SAID) and told not in self._told:
            self._told.add(told)
            self._log.warning(f"message_{one.state.value}", code=one.problem, attempts=one.attempts, **ids)
