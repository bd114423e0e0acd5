"""Rollbacks in the words of the contract: the same bodies from the command line and from the service.

A step shows what it leads from and to in codes, days and money. The draft of a correction message is in the guest's
language and names the reservation by its number, never the guest.
"""

from collections import Counter
from collections.abc import Sequence

from domain.access import Actor, Permission
from domain.errors import InvalidInput
from domain.rollback import Compensation, RollbackId, Snapshot, StepStatus
from integration.ports.rollbacks import Rollback, RollbackStep
from integration.ports.store import ReadTx
from integration.usecases.answers import Body
from integration.usecases.correction_text import correction_text
from integration.usecases.desk import Desk
from integration.usecases.rollback_document import plan_of, step_of
from integration.usecases.rollback_rights import needs_supervisor
from integration.usecases.undo_rollback import load_rollback
from integration.usecases.views import instant, money, stay_body

MOST = 200
_TOLD = frozenset({Compensation.CORRECTION_MESSAGE, Compensation.WITHDRAW_MESSAGE})


async def show_rollback(desk: Desk, actor: Actor, rollback_id: str) -> Body:
    """One rollback with all its steps. NotFound."""
    actor.require(Permission.READ)

    def work(tx: ReadTx) -> Body:
        one = load_rollback(tx, rollback_id)
        undone = next((each for each in tx.undoings_of(one.rollback_id) if each.applied_at is not None), None)
        return rollback_body(desk, one, tx.rollback_steps(one.rollback_id), undone)

    return await desk.store.read(work)


async def list_rollbacks(desk: Desk, actor: Actor, after: str | None, limit: int) -> Body:
    """Newest first, without their steps; `next`: what to go on behind."""
    actor.require(Permission.READ)
    if not 1 <= limit <= MOST:
        raise InvalidInput("A page has 1 to {most} rows.", most=MOST, field="limit")
    behind = RollbackId(after) if after else None
    found = await desk.store.read(lambda tx: tx.list_rollbacks(after=behind, limit=limit))
    following = found[-1].rollback_id if len(found) == limit else None
    return {"rollbacks": [head_body(desk, one) for one in found], "next": following}


def head_body(desk: Desk, one: Rollback) -> Body:
    """A rollback without its steps. `reservations`: on how many something is to be done."""
    document = plan_of(one)
    return {
        "rollback_id": one.rollback_id,
        "state": one.state.value,
        "scope": one.scope.value,
        "target": one.target,
        "from": instant(one.from_at),
        "to": instant(one.to_at),
        "reason": one.reason,
        "planned_at": instant(one.planned_at),
        "planned_by": one.planned_by,
        "applied_at": instant(one.applied_at),
        "applied_by": one.applied_by,
        "undoes": one.undoes,
        "hotels": list(document.hotels),
        "actors": list(document.actors),
        "reservations": document.size,
        "needs_supervisor": needs_supervisor(desk, one, document),
        "left_alone": document.left_alone,
    }


def rollback_body(desk: Desk, one: Rollback, steps: Sequence[RollbackStep], undone_by: Rollback | None) -> Body:
    """A rollback with its steps; `counts` by status, `undone_by` the rollback that took it back."""
    counts = Counter(step.status for step in steps)
    return {
        **head_body(desk, one),
        "undone_by": undone_by.rollback_id if undone_by is not None else None,
        "counts": {status.value: counts[status] for status in StepStatus},
        "steps": [step_body(desk, step) for step in steps],
    }


def step_body(desk: Desk, step: RollbackStep) -> Body:
    """One step."""
    kept = step_of(step)
    return {
        "line": step.line,
        "action": step.action.value,
        "target": step.target,
        "hotel_id": step.hotel_id,
        "pms_ref": kept.pms_ref,
        "status": step.status.value,
        "reason": step.reason,
        "request_key": step.request_key,
        "was": snapshot_body(kept.before),
        "will_be": snapshot_body(kept.after),
        "amount": money(kept.amount),
        "task_id": kept.task_id,
        "draft": _draft(desk, step),
    }


def snapshot_body(one: Snapshot | None) -> Body | None:
    """What a step leads from or to."""
    if one is None:
        return None
    return {
        "status": one.state.value,
        **stay_body(one.stay),
        "adults": one.party.adults,
        "child_ages": list(one.party.child_ages),
        "room_type": one.room_type,
        "rate_plan": one.rate_plan,
        "total": money(one.total),
        "guarantee": one.guarantee.value if one.guarantee else None,
    }


def _draft(desk: Desk, step: RollbackStep) -> str | None:
    kept = step_of(step)
    if step.action not in _TOLD or kept.before is None or kept.after is None:
        return None
    hotel = desk.hotel(step.hotel_id).name
    return correction_text(desk.phrases, kept.language, hotel, kept.pms_ref or "", kept.before, kept.after)
