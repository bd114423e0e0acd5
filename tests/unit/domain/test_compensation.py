"""Which steps undo the wrong writes of one reservation: docs/algorithms/rollback.md, chapter 2."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.compensation import PastWrite, undo_writes
from domain.errors import MoveNotAllowed
from domain.reservation import Guarantee, Reservation, ReservationState
from domain.rollback import Compensation, Obstacle, Snapshot, check_way_back, put_back
from tests.builders import ARRIVAL, a_reservation, a_stay, eur, lira
from tests.fakes.surroundings import NOW

_S = ReservationState
TODAY = date(2027, 5, 1)


def past(left: _S | None, made: _S, **over: object) -> PastWrite:
    """A write by the agent, wrong unless said otherwise."""
    return replace(PastWrite(NOW, "agent7", left, made, is_wrong=True), **over)  # type: ignore[arg-type]


def a_change(one: Reservation, **over: object) -> PastWrite:
    """A change that found something else."""
    found = replace(Snapshot.of(one), **over)  # type: ignore[arg-type]
    return past(one.state, one.state, is_change=True, before=found)


def confirmed(**over: object) -> Reservation:
    return a_reservation(state=_S.CONFIRMED, guarantee=Guarantee.CARD, **over)


def told(one: Reservation, *writes: PastWrite, today: date = TODAY) -> list[tuple[Compensation, Obstacle | None]]:
    return [(step.action, step.obstacle) for step in undo_writes(one, writes, today)]


def test_nothing_wrong_needs_nothing() -> None:
    assert told(confirmed(), past(None, _S.CONFIRMED, is_wrong=False)) == []


def test_a_chain_of_mistakes_is_one_cancellation() -> None:
    one = confirmed()
    writes = (past(None, _S.HOLD), a_change(one, stay=a_stay(nights=2)), past(_S.HOLD, _S.CONFIRMED))
    assert told(one, *writes)[0] == (Compensation.CANCEL, None)


def test_the_state_before_the_first_wrong_change_is_gone_back_to() -> None:
    one = confirmed()
    first = a_change(one, stay=a_stay(nights=2), room_type="FAM")
    second = a_change(one, stay=a_stay(nights=5))
    made = past(None, _S.CONFIRMED, is_wrong=False)
    step = undo_writes(one, [made, first, second], TODAY)[0]
    assert (step.action, step.after.stay, step.after.room_type) == (Compensation.CHANGE_BACK, a_stay(nights=2), "FAM")


def test_what_another_did_afterwards_stands_in_the_way_but_a_lapse_does_not() -> None:
    made = past(None, _S.HOLD)
    other = past(_S.HOLD, _S.CONFIRMED, is_wrong=False, actor="agent8")
    assert told(confirmed(), made, other) == [(Compensation.CANCEL, Obstacle.CHANGED_LATER)]
    lapse = past(_S.HOLD, _S.EXPIRED, is_wrong=False, is_lapse=True)
    assert told(a_reservation(state=_S.EXPIRED), made, lapse) == [(Compensation.CANCEL, Obstacle.ALREADY_FREE)]


def test_money_keeps_a_reservation_from_being_moved_back_to_a_hold() -> None:
    one = confirmed(paid=eur("500.00"))
    steps = told(one, past(None, _S.HOLD, is_wrong=False), past(_S.HOLD, _S.CONFIRMED))
    assert steps == [(Compensation.CHANGE_BACK, Obstacle.PAID)]


def test_a_wrong_payment_is_a_refund_of_its_amount_even_when_others_went_on() -> None:
    one = confirmed(paid=eur("500.00"))
    payment = past(_S.CONFIRMED, _S.CONFIRMED, paid=eur("200.00"))
    later = past(_S.CONFIRMED, _S.CONFIRMED, is_wrong=False, paid=eur("300.00"))
    step = undo_writes(one, [past(None, _S.CONFIRMED, is_wrong=False), payment, later], TODAY)
    assert [(each.action, each.amount, each.obstacle) for each in step] == [
        (Compensation.REFUND_TASK, eur("200.00"), None)
    ]


def test_a_wrong_change_whose_past_was_not_kept_cannot_be_changed_back() -> None:
    change = past(_S.CONFIRMED, _S.CONFIRMED, is_change=True)
    steps = told(confirmed(), past(None, _S.CONFIRMED, is_wrong=False), change)
    assert steps == [(Compensation.CHANGE_BACK, Obstacle.NOT_KEPT)]


@pytest.mark.parametrize(
    ("one", "today", "why"),
    [
        (a_reservation(state=_S.IN_HOUSE), TODAY, Obstacle.IN_HOUSE),
        (a_reservation(state=_S.CHECKED_OUT), TODAY, Obstacle.CHECKED_OUT),
        (a_reservation(state=_S.CONFIRMED, pms_ref=None), TODAY, Obstacle.NOT_IN_PMS),
        (a_reservation(state=_S.CONFIRMED), ARRIVAL + timedelta(days=1), Obstacle.ARRIVAL_PASSED),
        (a_reservation(state=_S.ROLLED_BACK), TODAY, Obstacle.ALREADY_UNDONE),
    ],
)
def test_what_stands_in_the_way_is_named(one: Reservation, today: date, why: Obstacle) -> None:
    assert told(one, past(None, _S.CONFIRMED), today=today) == [(Compensation.CANCEL, why)]


def test_on_the_day_of_arrival_a_wrong_entry_can_still_be_undone() -> None:
    assert told(confirmed(), past(None, _S.CONFIRMED), today=ARRIVAL)[0] == (Compensation.CANCEL, None)


def test_a_rung_down_is_for_rollbacks_and_the_house_cannot_be_emptied_by_one() -> None:
    check_way_back(confirmed(), _S.HOLD)
    with pytest.raises(MoveNotAllowed):
        check_way_back(a_reservation(state=_S.IN_HOUSE), _S.ROLLED_BACK)
    with pytest.raises(MoveNotAllowed):
        check_way_back(a_reservation(state=_S.HOLD), _S.NO_SHOW)


def test_a_snapshot_put_back_is_the_record_it_was_taken_of_under_a_new_version() -> None:
    before = confirmed()
    now = replace(before, stay=a_stay(nights=2), total=lira(1), state=_S.CANCELLED, version=7)
    after = put_back(now, Snapshot.of(before), None)
    assert after == replace(before, version=8)
