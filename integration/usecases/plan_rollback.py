"""Plan a rollback: what would be done to undo what is wrong, and what can no longer be undone and why.

A plan writes nothing but itself. It reads each reservation here and in the PMS, so that it is true when it is made;
applying it looks again before every step. Newest writes come first. Anybody who sells may plan; who may apply it is
said in the plan (`apply_rollback`).
"""

from collections.abc import Iterable, Sequence

from domain.access import Actor, Permission
from domain.compensation import Undoing
from domain.errors import NotFound
from domain.rollback import (
    NOTHING_LEFT,
    Compensation,
    Obstacle,
    RollbackId,
    RollbackScope,
    RollbackState,
    StepStatus,
)
from integration.ports.records import Intent
from integration.ports.rollbacks import Rollback, RollbackStep
from integration.ports.store import Tx
from integration.usecases.answers import Answer, Body
from integration.usecases.desk import Desk
from integration.usecases.once import Claim, Kept, once, sealed
from integration.usecases.rollback_document import PlanDocument, StepDocument, plan_text, step_text
from integration.usecases.rollback_look import Looked, look
from integration.usecases.rollback_scope import RollbackQuestion, Scope, check_question, find_scope
from integration.usecases.rollback_views import show_rollback
from integration.usecases.steps import load
from integration.usecases.tracing import audit
from integration.usecases.undo_rollback import look_at_rollback
from integration.usecases.views import instant


async def plan_rollback(desk: Desk, actor: Actor, asked: RollbackQuestion, key: str) -> Answer:
    """Store a plan; the body is `rollback_views.rollback_body`. NotFound when there is nothing to undo."""
    actor.require(Permission.SELL)
    check_question(asked)
    hotel_id = await _key_hotel(desk, asked)

    async def run(claim: Claim) -> Body:
        rollback_id = RollbackId(desk.ids.new("rbk"))
        scope, looked = await _looked(desk, asked)
        rollback, steps = _plan(desk, actor, asked, rollback_id, scope, looked)

        def work(tx: Tx) -> None:
            tx.add_rollback(rollback, steps)
            ids = {"rollback_id": rollback_id, "scope": scope.scope.value, "target": scope.target}
            audit(tx, actor, rollback.planned_at, "rollback_planned", ids, reason=rollback.reason)
            claim.settle(tx, rollback_id, rollback.planned_at)

        await desk.store.transact(work)
        return await show_rollback(desk, actor, rollback_id)

    async def rebuild(kept: Kept) -> Body:
        return await show_rollback(desk, actor, kept.subject)

    command = {
        "scope": asked.scope.value,
        "target": asked.target,
        "last": asked.last,
        "write": asked.write,
        "from": instant(asked.from_at),
        "to": instant(asked.to_at),
        "hotel": asked.hotel_id,
        "typed": sealed(key, asked.reason),
    }
    return await once(desk, actor, hotel_id, key, verb="plan_rollback", command=command, run=run, rebuild=rebuild)


async def _key_hotel(desk: Desk, asked: RollbackQuestion) -> str:
    """The hotel in which the key counts: the reservation's, the one named, else the first."""
    if asked.scope is RollbackScope.RESERVATION:
        return (await desk.store.read(lambda tx: load(tx, asked.target))).hotel_id
    if asked.hotel_id:
        return desk.hotel(asked.hotel_id).hotel_id
    return next(iter(desk.hotels))


async def _looked(desk: Desk, asked: RollbackQuestion) -> tuple[Scope, list[Looked]]:
    if asked.scope is RollbackScope.ROLLBACK:
        return await look_at_rollback(desk, RollbackId(asked.target))
    scope = await find_scope(desk, asked)
    looked = [await look(desk, reservation_id, wrong) for reservation_id, wrong in scope.found.items()]
    return scope, looked


def _plan(
    desk: Desk,
    actor: Actor,
    asked: RollbackQuestion,
    rollback_id: RollbackId,
    scope: Scope,
    looked: Sequence[Looked],
) -> tuple[Rollback, list[RollbackStep]]:
    steps = [*_orphans(rollback_id, scope.orphans)]
    for one in looked:
        steps += _steps(rollback_id, one, len(steps))
    if not steps:
        raise NotFound("Nothing was written there that could be undone.")
    planned = {step.target for step in steps if step.status is StepStatus.PLANNED}
    document = PlanDocument(
        actors=tuple(sorted(scope.actors)),
        hotels=tuple(sorted({step.hotel_id for step in steps})),
        size=len(planned),
        left_alone=dict(sorted(scope.left_alone.items())),
    )
    rollback = Rollback(
        rollback_id=rollback_id,
        state=RollbackState.PLANNED,
        scope=scope.scope,
        target=scope.target,
        reason=asked.reason.strip(),
        planned_at=desk.clock.now(),
        planned_by=actor.name,
        document=plan_text(document),
        from_at=asked.from_at,
        to_at=asked.to_at,
        undoes=RollbackId(scope.target) if scope.scope is RollbackScope.ROLLBACK else None,
    )
    return rollback, steps


def _orphans(rollback_id: RollbackId, intents: Iterable[Intent]) -> list[RollbackStep]:
    """Writes of unknown outcome that have made no reservation here: nothing to undo before they are settled."""
    return [
        RollbackStep(
            rollback_id,
            line,
            intent.hotel_id,
            Compensation.CANCEL,
            intent.intent_id,
            StepStatus.IMPOSSIBLE,
            Obstacle.UNSETTLED.value,
            _key(rollback_id, line),
            step_text(StepDocument()),
        )
        for line, intent in enumerate(intents, 1)
    ]


def _steps(rollback_id: RollbackId, looked: Looked, so_far: int) -> list[RollbackStep]:
    one = looked.reservation
    return [
        RollbackStep(
            rollback_id=rollback_id,
            line=line,
            hotel_id=one.hotel_id,
            action=step.action,
            target=one.reservation_id,
            status=_status(step),
            reason=step.obstacle.value if step.obstacle else "",
            request_key=_key(rollback_id, line),
            document=step_text(_document(looked, step)),
        )
        for line, step in enumerate(looked.steps, so_far + 1)
    ]


def _document(looked: Looked, step: Undoing) -> StepDocument:
    one = looked.reservation
    return StepDocument(
        before=step.before,
        after=step.after,
        version=one.version,
        pms_ref=one.pms_ref,
        amount=step.amount,
        task_id=step.task_id,
        language=looked.language,
    )


def _status(step: Undoing) -> StepStatus:
    if step.obstacle is None:
        return StepStatus.PLANNED
    return StepStatus.SKIPPED if step.obstacle in NOTHING_LEFT else StepStatus.IMPOSSIBLE


def _key(rollback_id: RollbackId, line: int) -> str:
    """The request key of a step: the same whoever applies it, and however often."""
    return f"rollback:{rollback_id}:{line}"
