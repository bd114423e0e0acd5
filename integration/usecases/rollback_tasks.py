"""What a rollback leaves to people: refunds and corrections to guests, as tasks on the board.

A task is put there, or taken off it, in the transaction that marks the step done: once, however often it is applied.
"""

from dataclasses import replace

from domain.access import Actor
from domain.rollback import Compensation, Obstacle, StepStatus
from integration.ports.records import Task, TaskKind
from integration.ports.rollbacks import Rollback, RollbackStep
from integration.ports.store import Tx
from integration.usecases.desk import Desk
from integration.usecases.rollback_document import StepDocument, step_of, with_document
from integration.usecases.tracing import audit

_KINDS = {
    Compensation.REFUND_TASK: TaskKind.REFUND,
    Compensation.CORRECTION_MESSAGE: TaskKind.CORRECTION_MESSAGE,
}


def do_on_the_board(desk: Desk, tx: Tx, actor: Actor, one: Rollback, step: RollbackStep) -> RollbackStep:
    """Do a step that a person has to finish; the step as it is then. Done before: nothing happens."""
    found = tx.get_rollback_step(step.rollback_id, step.line)
    if found is None or found.status is not StepStatus.PLANNED:
        return found or step
    kind = _KINDS.get(step.action)
    after = _withdrawn(desk, tx, one, found) if kind is None else _put(desk, tx, one, found, kind)
    tx.update_rollback_step(after)
    ids = {"rollback_id": step.rollback_id, "reservation_id": step.target, "task_id": step_of(after).task_id}
    audit(tx, actor, desk.clock.now(), f"rollback_{step.action.value}", ids, reason=one.reason)
    return after


def _put(desk: Desk, tx: Tx, one: Rollback, step: RollbackStep, kind: TaskKind) -> RollbackStep:
    kept, task_id = step_of(step), desk.ids.new("tsk")
    ids = {"reservation_id": step.target, "rollback_id": one.rollback_id, "pms_ref": kept.pms_ref or ""}
    tx.add_task(Task(task_id, kind, step.hotel_id, desk.clock.now(), ids, _detail(step, kept)))
    return replace(with_document(step, task_id=task_id), status=StepStatus.DONE, reason="")


def _detail(step: RollbackStep, kept: StepDocument) -> str:
    if step.action is Compensation.REFUND_TASK:
        return f"refund {kept.amount}"
    states = f"{kept.before.state.value} -> {kept.after.state.value}" if kept.before and kept.after else ""
    return f"tell the guest: {states}; draft: santral rollback show {step.rollback_id}"


def _withdrawn(desk: Desk, tx: Tx, one: Rollback, step: RollbackStep) -> RollbackStep:
    """Take the task off the board. A correction that was sent needs another one; money paid back stays paid back."""
    task_id = step_of(step).task_id
    if task_id is not None and tx.finish_task(task_id, desk.clock.now()):
        return replace(step, status=StepStatus.DONE, reason="")
    if step.action is Compensation.WITHDRAW_MESSAGE:
        return _put(desk, tx, one, step, TaskKind.CORRECTION_MESSAGE)
    return replace(step, status=StepStatus.FAILED, reason=Obstacle.ALREADY_DONE.value)
