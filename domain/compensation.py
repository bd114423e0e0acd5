"""Which writes undo the wrong ones: the rules of `docs/algorithms/rollback.md`, chapter 2, for one reservation.

The writes of a reservation's life stand in order; some of them are wrong. Several wrong ones in a row fold into the
fewest steps, because only the state before the first of them matters: made, changed and confirmed by the same mistake
is one cancellation. What somebody else did afterwards stands in the way: it was done to the reservation as it was then.
A lapse does not, nor what rollbacks did, whose result is seen in the reservation itself.

Money is never moved by a rollback. A payment becomes a refund task, and a reservation with money on it is not moved
back to a hold or option, which would let it lapse.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from domain.money import Money, total_of
from domain.reservation import MOVES, SELLING, TIMED, Reservation, ReservationState
from domain.rollback import Compensation, Obstacle, Snapshot

_S = ReservationState
_FREE = frozenset({_S.CANCELLED, _S.EXPIRED})


@dataclass(frozen=True, slots=True)
class PastWrite:
    """One write of a reservation's life.

    `left`, `made`: states before (None: it did not exist) and after; `before`: what a change or extension found, when
    it was kept; `paid`: the amount of a payment; `is_change`, `is_lapse`, `is_rollback`: what kind it was.
    """

    at: datetime
    actor: str
    left: ReservationState | None
    made: ReservationState | None
    before: Snapshot | None = None
    paid: Money | None = None
    is_wrong: bool = False
    is_change: bool = False
    is_lapse: bool = False
    is_rollback: bool = False


@dataclass(frozen=True, slots=True)
class Undoing:
    """One step: from one snapshot to another, or a task over `amount`. `obstacle`: why not, if so; `task_id`: the task
    that an undone rollback takes off the board.
    """

    action: Compensation
    before: Snapshot
    after: Snapshot
    obstacle: Obstacle | None = None
    amount: Money | None = None
    task_id: str | None = None


def undo_writes(one: Reservation, past: Sequence[PastWrite], today: date) -> list[Undoing]:
    """The steps that undo the wrong writes of a reservation, in order; empty when none is wrong.

    `past` is oldest first; `today` is the hotel's day.
    """
    first = next((n for n, write in enumerate(past) if write.is_wrong), None)
    if first is None:
        return []
    since, now = past[first:], Snapshot.of(one)
    target = _target(one, now, since)
    steps = _steps(one, now, target, since)
    whole = [*steps, *_refund(one, now, since), *_message(now, steps, since)]
    obstacle = _in_the_way(one, since, today)
    return stopped(whole, obstacle) if obstacle is not None else whole


def stopped(steps: Sequence[Undoing], obstacle: Obstacle) -> list[Undoing]:
    """The steps with an obstacle in the way: nothing is told to a guest when nothing is undone. Money that was taken by
    mistake is owed back all the same when that is all there is to undo.
    """
    if all(step.action is Compensation.REFUND_TASK for step in steps):
        return list(steps)
    told = [step for step in steps if step.action is not Compensation.CORRECTION_MESSAGE]
    return [step if step.obstacle is not None else replace(step, obstacle=obstacle) for step in told]


def _in_the_way(one: Reservation, since: Sequence[PastWrite], today: date) -> Obstacle | None:
    if one.state is _S.IN_HOUSE:
        return Obstacle.IN_HOUSE
    if one.state is _S.CHECKED_OUT:
        return Obstacle.CHECKED_OUT
    if one.pms_ref is None:
        return Obstacle.NOT_IN_PMS
    if any(not (write.is_wrong or write.is_lapse or write.is_rollback) for write in since):
        return Obstacle.CHANGED_LATER
    if one.stay.check_in < today and one.state is not _S.NO_SHOW:
        return Obstacle.ARRIVAL_PASSED
    return None


def _changes(since: Iterable[PastWrite]) -> list[PastWrite]:
    return [write for write in since if write.is_wrong and write.is_change]


def _target(one: Reservation, now: Snapshot, since: Sequence[PastWrite]) -> Snapshot | None:
    """What it was before the first wrong write; None when it did not exist. Money keeps it where it stands."""
    left = since[0].left
    if left is None:
        return None
    before = next((write.before for write in _changes(since) if write.before is not None), now)
    stood = one.previous_state if one.state in _FREE else one.state
    state = _S.CONFIRMED if one.paid.amount > 0 and left in TIMED and stood is _S.CONFIRMED else left
    return replace(
        now.selling(before),
        state=state,
        guarantee=None if state in TIMED else now.guarantee,
        expires_at=_deadline(now, since),
        previous_state=one.previous_state if state is one.state else None,
    )


def _deadline(now: Snapshot, since: Sequence[PastWrite]) -> datetime | None:
    """What the first wrong extension found; else the one it has."""
    found = (write.before for write in since if write.is_wrong and not write.is_change)
    return next((one.expires_at for one in found if one is not None), now.expires_at)


def _steps(one: Reservation, now: Snapshot, target: Snapshot | None, since: Sequence[PastWrite]) -> list[Undoing]:
    if one.state is _S.ROLLED_BACK:
        return [Undoing(Compensation.CANCEL, now, now, Obstacle.ALREADY_UNDONE)]
    if target is None or target.state in _FREE:
        return [_letting_go(one, now, target)]
    if any(write.before is None for write in _changes(since)[:1]):
        return [Undoing(Compensation.CHANGE_BACK, now, target, Obstacle.NOT_KEPT)]
    if one.state in _FREE:
        return _bringing_back(one, now, target, since)
    if one.state is _S.NO_SHOW:
        is_all = target.state is _S.CONFIRMED and target.sold == now.sold
        return [Undoing(Compensation.NO_SHOW_BACK, now, target, None if is_all else Obstacle.ARRIVAL_PASSED)]
    if target.state is _S.NO_SHOW:
        return [Undoing(Compensation.NO_SHOW_AGAIN, now, target)]
    return _moving_back(now, target, since)


def _letting_go(one: Reservation, now: Snapshot, target: Snapshot | None) -> Undoing:
    """Give the room back: rolled back when it should never have been, else what it was before it was brought back."""
    wanted = target.state if target is not None else _S.ROLLED_BACK
    to = wanted if wanted in MOVES[one.state] else _S.ROLLED_BACK
    after = replace(now, state=to, expires_at=None, previous_state=one.state)
    if one.state in _FREE:
        return Undoing(Compensation.CANCEL, now, now, Obstacle.ALREADY_FREE)
    return Undoing(Compensation.CANCEL, now, after, Obstacle.ARRIVAL_PASSED if one.state is _S.NO_SHOW else None)


def _bringing_back(one: Reservation, now: Snapshot, target: Snapshot, since: Sequence[PastWrite]) -> list[Undoing]:
    """Reinstate to what it was when it ended, then change back what had gone wrong before that."""
    if one.state is _S.EXPIRED and not any(write.is_wrong and write.is_lapse for write in since):
        return [Undoing(Compensation.REINSTATE, now, now, Obstacle.LAPSED)]
    ended_as = one.previous_state if one.previous_state in SELLING else target.state
    standing = replace(now, state=ended_as or target.state, previous_state=None)
    first = Undoing(Compensation.REINSTATE, now, standing)
    if (standing.state, standing.sold) == (target.state, target.sold):
        return [first]
    return [first, *_moving_back(standing, target, since)]


def _moving_back(now: Snapshot, target: Snapshot, since: Sequence[PastWrite]) -> list[Undoing]:
    if target.sold != now.sold:
        return [Undoing(Compensation.CHANGE_BACK, now, target)]
    if target.state is not now.state:
        if target.state not in TIMED:
            return [Undoing(Compensation.CHANGE_BACK, now, target, Obstacle.CHANGED_LATER)]
        down = Compensation.BACK_TO_HOLD if target.state is _S.HOLD else Compensation.BACK_TO_OPTION
        return [Undoing(down, now, target)]
    if target.state in TIMED and target.expires_at not in {None, now.expires_at}:
        return [Undoing(Compensation.DEADLINE_BACK, now, target)]
    if any(write.paid is not None for write in since if write.is_wrong):
        return []
    is_kept = any(write.is_wrong and write.left is not write.made for write in since) and now.state is _S.CONFIRMED
    undone = any(write.is_rollback for write in since)
    obstacle = Obstacle.PAID if is_kept and not undone else Obstacle.ALREADY_UNDONE
    return [Undoing(Compensation.CHANGE_BACK, now, target, obstacle)]


def _refund(one: Reservation, now: Snapshot, since: Sequence[PastWrite]) -> list[Undoing]:
    """Money taken by mistake, or on a reservation that should not be: a person gives it back. What was let go already
    has its refund.
    """
    if since[0].left is None and one.state not in SELLING:
        return []
    wrong = [write.paid for write in since if write.is_wrong and write.paid is not None]
    is_all = since[0].left is None and one.paid.amount > 0 and one.state in SELLING
    amount = one.paid if is_all else total_of(wrong, one.paid.currency)
    if amount.amount <= 0 or one.state is _S.ROLLED_BACK or one.paid < amount:
        return []
    return [Undoing(Compensation.REFUND_TASK, now, now, amount=amount)]


def _message(now: Snapshot, steps: Sequence[Undoing], since: Sequence[PastWrite]) -> list[Undoing]:
    """The guest may have been told: of a change, or of anything that binds more than a hold."""
    told = any(write.is_wrong and (write.is_change or write.made not in {None, _S.HOLD, _S.EXPIRED}) for write in since)
    done = [step for step in steps if step.obstacle is None and step.action is not Compensation.DEADLINE_BACK]
    if not told or not done:
        return []
    return [Undoing(Compensation.CORRECTION_MESSAGE, now, done[-1].after)]
