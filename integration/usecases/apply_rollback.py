"""Apply a rollback: its steps one after the other, each exactly once, whoever is killed in between.

Every step has its own request key, made of rollback and line, and goes through the same machinery as any other write
to the PMS; it is marked done in the transaction that stores its outcome. So the same command goes on where it stood
after a kill or an outage, and two people who apply the same rollback at once do nothing twice: one holds the lease.

A step that fails stays failed, with the reason, and the others go on. The end is `applied` or, when something could not
be undone, `incomplete`; while a step waits for the PMS the rollback stays `applying`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.access import Actor, Role
from domain.errors import DomainError, InFlight, ReservationBusy
from domain.reservation import Reservation, ReservationState
from domain.rollback import BY_A_PERSON, FINAL, Compensation, Obstacle, RollbackState, StepStatus
from integration.errors import OutcomeUnknown, PmsError, PmsUnavailable
from integration.ports.records import IntentKind
from integration.ports.rollbacks import Rollback, RollbackStep
from integration.ports.store import Tx
from integration.usecases.answers import Answer, Body
from integration.usecases.desk import Desk
from integration.usecases.move_reservation import fetch
from integration.usecases.once import Claim, Kept, once
from integration.usecases.rollback_patience import unhurried
from integration.usecases.rollback_rights import check_may_apply
from integration.usecases.rollback_steps import command_of, steps_for
from integration.usecases.rollback_tasks import do_on_the_board
from integration.usecases.rollback_views import rollback_body, show_rollback
from integration.usecases.steps import carry
from integration.usecases.tracing import audit
from integration.usecases.undo_rollback import load_rollback

LEASE_FOR = timedelta(seconds=60)
_FREE = frozenset({ReservationState.CANCELLED, ReservationState.EXPIRED, ReservationState.ROLLED_BACK})
_ENDED = frozenset({RollbackState.APPLIED, RollbackState.INCOMPLETE})
_BAD = frozenset({StepStatus.IMPOSSIBLE, StepStatus.FAILED})


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of it. `was_done`: it had been applied before, nothing was done now; `unavailable`: the PMS is down and
    the rest waits; `is_unknown`: a step has no known outcome yet.
    """

    body: Body
    was_done: bool = False
    unavailable: PmsUnavailable | None = None
    is_unknown: bool = False


async def apply_rollback(desk: Desk, actor: Actor, rollback_id: str) -> Applied:
    """Apply it, or go on with it. Forbidden, NotFound; InFlight while somebody else is at it."""
    one = await desk.store.read(lambda tx: load_rollback(tx, rollback_id))
    check_may_apply(desk, actor, one)
    if one.state in _ENDED:
        return Applied(await show_rollback(desk, actor, rollback_id), was_done=True)
    lease, holder = f"rollback:{one.rollback_id}", desk.ids.new("rba")
    one = await desk.store.transact(lambda tx: _begin(desk, tx, actor, one.rollback_id, lease, holder))
    if one.state in _ENDED:
        return Applied(await show_rollback(desk, actor, rollback_id), was_done=True)
    desk.point("rollback_begun")
    try:
        down = await _go_on(desk, actor, one, lease, holder)
        return await _end(desk, actor, one, down)
    finally:
        await desk.store.transact(lambda tx: tx.release_lease(lease, holder))


def _begin(desk: Desk, tx: Tx, actor: Actor, rollback_id: str, lease: str, holder: str) -> Rollback:
    """Take the lease; the first time, say who applies it: the steps are written in his name, whoever goes on."""
    now, one = desk.clock.now(), load_rollback(tx, rollback_id)
    if one.state in _ENDED:
        return one
    if not tx.take_lease(lease, holder, now, now + LEASE_FOR):
        raise InFlight(
            "Rollback {rollback_id} is being applied.", rollback_id=rollback_id, hint="Ask again in a minute."
        )
    is_first = one.state is RollbackState.PLANNED
    if is_first:
        one = replace(one, state=RollbackState.APPLYING, applied_at=now, applied_by=actor.name)
        tx.update_rollback(one, expected=(RollbackState.PLANNED,))
    action = "rollback_apply_begun" if is_first else "rollback_apply_resumed"
    audit(tx, actor, now, action, {"rollback_id": one.rollback_id}, reason=one.reason)
    return one


async def _go_on(desk: Desk, actor: Actor, one: Rollback, lease: str, holder: str) -> PmsUnavailable | None:
    """Every step that is not at its end; the outage that stopped it, if one did."""
    doer = Actor(one.applied_by or actor.name, Role.ADMIN, actor.via)
    steps = await desk.store.read(lambda tx: tx.rollback_steps(one.rollback_id))
    stuck: dict[str, StepStatus] = {}
    for step in steps:
        if step.status in FINAL:
            _note(stuck, step)
            continue
        now = desk.clock.now()
        await desk.store.transact(lambda tx, at=now: _hold(tx, one, lease, holder, at))  # type: ignore[misc]
        try:
            after = await _one(desk, doer, one, step, stuck.get(step.target))
        except PmsUnavailable as error:
            return error
        _note(stuck, after)
        desk.point("rollback_step_done")
    return None


def _note(stuck: dict[str, StepStatus], step: RollbackStep) -> None:
    """What later steps of the same reservation must know."""
    if step.status in {*_BAD, StepStatus.UNKNOWN, StepStatus.SKIPPED} and step.action not in BY_A_PERSON:
        stuck[step.target] = step.status


def _hold(tx: Tx, one: Rollback, lease: str, holder: str, now: datetime) -> None:
    if not tx.take_lease(lease, holder, now, now + LEASE_FOR):
        raise InFlight("Rollback {rollback_id} is being applied.", rollback_id=one.rollback_id)


async def _one(desk: Desk, doer: Actor, one: Rollback, step: RollbackStep, earlier: StepStatus | None) -> RollbackStep:
    """One step to its end, or to `unknown`. PmsUnavailable when it must wait."""
    if earlier is StepStatus.UNKNOWN:
        return step
    if earlier is StepStatus.SKIPPED and step.action in BY_A_PERSON:
        return await _kept(desk, replace(step, status=StepStatus.SKIPPED, reason=Obstacle.ALREADY_FREE.value))
    if earlier in _BAD:
        return await _kept(desk, replace(step, status=StepStatus.FAILED, reason=Obstacle.EARLIER_STEP.value))
    if step.action in BY_A_PERSON:
        return await desk.store.transact(lambda tx: do_on_the_board(desk, tx, doer, one, step))
    reservation = await fetch(desk, step.target)
    if step.action is Compensation.CANCEL and step.status is StepStatus.PLANNED and _is_gone(reservation):
        return await _kept(desk, replace(step, status=StepStatus.SKIPPED, reason=Obstacle.ALREADY_FREE.value))
    return await _written(desk, doer, one, step, reservation)


def _is_gone(one: Reservation) -> bool:
    """It has lapsed or was let go since it was planned; not by this very step, whose answer would be replayed."""
    return one.state in _FREE and one.state is not ReservationState.ROLLED_BACK


async def _written(
    desk: Desk, doer: Actor, one: Rollback, step: RollbackStep, reservation: Reservation
) -> RollbackStep:
    async def write() -> Answer:
        steps = steps_for(desk, desk.hotel(step.hotel_id), doer, reservation, step, one.reason)
        return await carry(IntentKind.ROLLBACK, steps, step.request_key, command_of(step))

    try:
        await unhurried(desk, write)
    except PmsUnavailable:
        raise
    except (OutcomeUnknown, ReservationBusy, InFlight) as error:
        return await _kept(desk, replace(step, status=StepStatus.UNKNOWN, reason=error.code))
    except (DomainError, PmsError) as error:
        return await _kept(desk, replace(step, status=StepStatus.FAILED, reason=error.code))
    found = await desk.store.read(lambda tx: tx.get_rollback_step(step.rollback_id, step.line))
    return found or step


async def _kept(desk: Desk, step: RollbackStep) -> RollbackStep:
    await desk.store.transact(lambda tx: tx.update_rollback_step(step))
    return step


async def _end(desk: Desk, actor: Actor, one: Rollback, down: PmsUnavailable | None) -> Applied:
    def work(tx: Tx) -> Applied:
        steps = tx.rollback_steps(one.rollback_id)
        ended = _ended(one, steps)
        if ended.state in _ENDED and tx.update_rollback(ended, expected=(RollbackState.APPLYING,)):
            ids = {"rollback_id": one.rollback_id, "state": ended.state.value}
            audit(tx, actor, desk.clock.now(), "rollback_applied", ids, reason=one.reason)
        is_unknown = any(step.status is StepStatus.UNKNOWN for step in steps)
        return Applied(rollback_body(desk, ended, steps, None), unavailable=down, is_unknown=is_unknown)

    return await desk.store.transact(work)


def _ended(one: Rollback, steps: Sequence[RollbackStep]) -> Rollback:
    if any(step.status not in FINAL for step in steps):
        return one
    is_bad = any(step.status in _BAD for step in steps)
    return replace(one, state=RollbackState.INCOMPLETE if is_bad else RollbackState.APPLIED)


async def apply_rollback_once(desk: Desk, actor: Actor, rollback_id: str, key: str) -> Answer:
    """The same under a request key, for the service: an outage or an unknown outcome is raised, and the same key goes
    on. Raises PmsUnavailable and OutcomeUnknown.
    """
    one = await desk.store.read(lambda tx: load_rollback(tx, rollback_id))
    check_may_apply(desk, actor, one)

    async def run(claim: Claim) -> Body:
        applied = await apply_rollback(desk, actor, rollback_id)
        if applied.unavailable is not None:
            raise applied.unavailable
        if applied.is_unknown:
            raise OutcomeUnknown(
                "Rollback {rollback_id} has a step whose outcome is not known yet.",
                rollback_id=rollback_id,
                hint="Apply it again in two minutes: nothing is done twice.",
            )
        await claim.settle_now(rollback_id, desk.clock.now())
        return applied.body

    async def rebuild(_kept: Kept) -> Body:
        return await show_rollback(desk, actor, rollback_id)

    command = {"rollback_id": rollback_id}
    hotel_id = next(iter(desk.hotels))
    return await once(desk, actor, hotel_id, key, verb="apply_rollback", command=command, run=run, rebuild=rebuild)
