"""Undo a rollback: every step that was done is led back, the last one first, to the snapshot it came from.

A reservation that a rollback cancelled is reinstated, if stock allows; what it changed back is changed again, at the
price it had. The reservation must still be as the rollback left it. A refund task that nobody has done is withdrawn;
money that was paid back stays paid back, and the plan says so when it is applied.
"""

from dataclasses import dataclass, field, replace

from domain.compensation import Undoing, stopped
from domain.errors import AlreadyUndone, NotFound, Refused
from domain.reservation import Reservation, ReservationState
from domain.rollback import (
    Compensation,
    Obstacle,
    RollbackId,
    RollbackScope,
    RollbackState,
    Snapshot,
    StepStatus,
)
from integration.ports.rollbacks import Rollback, RollbackStep
from integration.ports.store import ReadTx
from integration.usecases.desk import Desk
from integration.usecases.rollback_document import StepDocument, step_of
from integration.usecases.rollback_look import Looked, as_in_pms, language_of, unsettled_obstacle
from integration.usecases.rollback_scope import Scope
from integration.usecases.steps import load

_S = ReservationState
_WAY_BACK = {
    Compensation.CANCEL: Compensation.REINSTATE,
    Compensation.REINSTATE: Compensation.CANCEL,
    Compensation.NO_SHOW_BACK: Compensation.NO_SHOW_AGAIN,
    Compensation.NO_SHOW_AGAIN: Compensation.NO_SHOW_BACK,
    Compensation.REFUND_TASK: Compensation.WITHDRAW_REFUND,
    Compensation.WITHDRAW_REFUND: Compensation.REFUND_TASK,
    Compensation.CORRECTION_MESSAGE: Compensation.WITHDRAW_MESSAGE,
    Compensation.WITHDRAW_MESSAGE: Compensation.CORRECTION_MESSAGE,
}
_TOLD = frozenset({Compensation.CORRECTION_MESSAGE, Compensation.WITHDRAW_MESSAGE})
_ENDED = frozenset({RollbackState.APPLIED, RollbackState.INCOMPLETE})


@dataclass
class _Touched:
    """A reservation that a rollback touched: its done steps, the last one first, and the version they left."""

    steps: list[tuple[RollbackStep, StepDocument]] = field(default_factory=list)
    left: int | None = None


def load_rollback(tx: ReadTx, rollback_id: str) -> Rollback:
    """The rollback, or NotFound."""
    found = tx.get_rollback(RollbackId(rollback_id))
    if found is None:
        raise NotFound("There is no rollback {rollback_id}.", rollback_id=rollback_id, field="rollback_id")
    return found


async def look_at_rollback(desk: Desk, rollback_id: RollbackId) -> tuple[Scope, list[Looked]]:
    """What undoes a rollback. Refused unless it has been applied to its end and something was done by it."""
    one, found = await desk.store.read(lambda tx: _read(desk, tx, rollback_id))
    looked = [replace(each, steps=tuple(await as_in_pms(desk, each.reservation, list(each.steps)))) for each in found]
    scope = Scope(RollbackScope.ROLLBACK, one.rollback_id)
    scope.actors = {one.applied_by or one.planned_by}
    return scope, looked


def _read(desk: Desk, tx: ReadTx, rollback_id: RollbackId) -> tuple[Rollback, list[Looked]]:
    one = load_rollback(tx, rollback_id)
    if one.state not in _ENDED:
        raise Refused(
            "Rollback {rollback_id} is {state}; only one that was applied to its end can be undone.",
            rollback_id=rollback_id,
            state=one.state.value,
        )
    _check_stands(tx, one)
    back = _taken_back(tx, rollback_id)
    touched: dict[str, _Touched] = {}
    for step in reversed(tx.rollback_steps(rollback_id)):
        if step.status is StepStatus.DONE:
            kept = step_of(step)
            about = touched.setdefault(step.target, _Touched())
            about.steps.append((step, kept))
            about.left = about.left if about.left is not None else kept.left
    if not touched:
        raise Refused("Rollback {rollback_id} has undone nothing.", rollback_id=rollback_id)
    return one, [
        _looked(desk, tx, load(tx, target), about, is_back=target in back) for target, about in touched.items()
    ]


def _standing_undoings(tx: ReadTx, rollback_id: RollbackId) -> list[Rollback]:
    """Rollbacks that took this one back and were not taken back whole themselves."""
    ended = (each for each in tx.undoings_of(rollback_id) if each.state in _ENDED)
    return [each for each in ended if not _undone_by(tx, each.rollback_id)]


def _undone_by(tx: ReadTx, rollback_id: RollbackId) -> Rollback | None:
    """The rollback that took this one back whole, and stands."""
    standing = _standing_undoings(tx, rollback_id)
    return next((each for each in standing if each.state is RollbackState.APPLIED), None)


def _check_stands(tx: ReadTx, one: Rollback) -> None:
    back = _undone_by(tx, one.rollback_id)
    if back is not None:
        raise AlreadyUndone(
            "Rollback {rollback_id} was undone already, by {undone_by}.",
            rollback_id=one.rollback_id,
            undone_by=back.rollback_id,
            hint="To have it again, undo that one.",
        )


def _taken_back(tx: ReadTx, rollback_id: RollbackId) -> set[str]:
    """Reservations that an undoing which could not do all has led back whole."""
    undoings = _standing_undoings(tx, rollback_id)
    steps = [step for each in undoings for step in tx.rollback_steps(each.rollback_id)]
    stuck = {step.target for step in steps if step.status not in {StepStatus.DONE, StepStatus.SKIPPED}}
    return {step.target for step in steps if step.status is StepStatus.DONE} - stuck


def _looked(desk: Desk, tx: ReadTx, one: Reservation, about: _Touched, *, is_back: bool) -> Looked:
    steps = _steps(one, about)
    obstacle = Obstacle.ALREADY_UNDONE if is_back else _obstacle(desk, tx, one, about)
    if obstacle is not None:
        steps = stopped(steps, obstacle)
    return Looked(one, tuple(steps), language_of(tx, one))


def _obstacle(desk: Desk, tx: ReadTx, one: Reservation, about: _Touched) -> Obstacle | None:
    if about.left is not None and one.version != about.left:
        return Obstacle.CHANGED_LATER
    unsettled = unsettled_obstacle(tx, one.reservation_id)
    if unsettled is not None:
        return unsettled
    is_past = one.stay.check_in < desk.hotel(one.hotel_id).today(desk.clock.now())
    moves_no_show = any(_S.NO_SHOW in {kept.before and kept.before.state, one.state} for _, kept in about.steps)
    return Obstacle.ARRIVAL_PASSED if is_past and not moves_no_show else None


def _steps(one: Reservation, about: _Touched) -> list[Undoing]:
    """The way back, step by step: the writes first, then what a person has to do."""
    standing, steps, later = Snapshot.of(one), list[Undoing](), list[Undoing]()
    for step, kept in about.steps:
        to = kept.before or standing
        action = _WAY_BACK.get(step.action, Compensation.CHANGE_AGAIN)
        undoing = Undoing(action, standing, to, amount=kept.amount, task_id=kept.task_id)
        if kept.left is None:
            later.append(replace(undoing, after=standing))
        else:
            steps.append(undoing)
            standing = to
            later += _owed_again(step, kept, to)
    return [*steps, *(_told(each, standing) for each in later)]


def _owed_again(step: RollbackStep, kept: StepDocument, to: Snapshot) -> list[Undoing]:
    """A reinstatement took a refund off the board; when it is undone, the money is owed again."""
    if step.action is not Compensation.REINSTATE or kept.amount is None:
        return []
    return [Undoing(Compensation.REFUND_TASK, to, to, amount=kept.amount)]


def _told(step: Undoing, standing: Snapshot) -> Undoing:
    return replace(step, after=standing) if step.action in _TOLD else step
