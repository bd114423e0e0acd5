"""One line of a rollback's plan, as the write that carries it out sees it.

It knows which version the reservation should have, and marks itself done in the transaction that stores the outcome.
"""

from dataclasses import dataclass, replace

from domain.errors import ChangedSincePlan, NotFound
from domain.money import total_of
from domain.reservation import Reservation
from domain.rollback import RollbackId, StepStatus
from integration.ports.records import TaskKind
from integration.ports.rollbacks import RollbackStep
from integration.ports.store import ReadTx, Tx
from integration.usecases.before_change import money_of
from integration.usecases.cancel_reservation import forget_refunds
from integration.usecases.desk import Desk
from integration.usecases.rollback_document import step_of, with_document

SHORT_REASON = 200
REFUND = "refund "


def since_plan(reservation_id: str) -> ChangedSincePlan:
    """The refusal."""
    return ChangedSincePlan(
        "Reservation {reservation_id} has changed since the rollback was planned.",
        reservation_id=reservation_id,
        hint="Plan it again to see what can be done now.",
    )


@dataclass(frozen=True, slots=True)
class Line:
    """Which step of which rollback. `reason`: why it is undone, in the planner's words."""

    rollback_id: RollbackId
    number: int
    reason: str

    def load(self, tx: ReadTx) -> RollbackStep:
        """The step; NotFound when there is none."""
        found = tx.get_rollback_step(self.rollback_id, self.number)
        if found is None:
            raise NotFound("There is no rollback {rollback_id}.", rollback_id=self.rollback_id)
        return found

    def expected(self, tx: ReadTx) -> int:
        """The version the reservation should have: what the step before it left, else what the plan saw."""
        step = self.load(tx)
        about = tx.rollback_steps_of(self.rollback_id, step.target)
        earlier = [step_of(one).left for one in about if one.line < self.number]
        return next((left for left in reversed(earlier) if left is not None), step_of(step).version)

    def forget_refunds(self, desk: Desk, tx: Tx, one: Reservation) -> None:
        """A reservation that stands again keeps its money; the step remembers how much was owed. A rollback's own
        refund is withdrawn by a step of its own.
        """
        rollback = tx.get_rollback(self.rollback_id)
        if rollback is None or rollback.undoes is not None:
            return
        tasks = tx.list_tasks(hotel_id=one.hotel_id, open_only=True, limit=500)
        mine = [task for task in tasks if task.ids.get("reservation_id") == one.reservation_id]
        owed = [money_of(task.detail.removeprefix(REFUND)) for task in mine if task.kind is TaskKind.REFUND]
        forget_refunds(desk, tx, one)
        if owed:
            tx.update_rollback_step(with_document(self.load(tx), amount=total_of(owed, one.total.currency)))

    def done(self, tx: Tx, version: int) -> None:
        """Mark it done; the reservation now has this version."""
        step = with_document(self.load(tx), left=version)
        tx.update_rollback_step(replace(step, status=StepStatus.DONE, reason=""))
