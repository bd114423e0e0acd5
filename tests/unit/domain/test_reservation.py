"""The table of moves, walked exhaustively, and what keeps a room."""

from datetime import timedelta

import pytest

from domain.errors import MoveNotAllowed, NotGuaranteed, ReservationLapsed
from domain.reservation import (
    MOVES,
    TIMED,
    Guarantee,
    ReservationState,
    check_guaranteed,
    check_move,
    check_usable,
)
from tests.builders import ISTANBUL, a_reservation, eur, minutes_later
from tests.fakes.surroundings import NOW

S = ReservationState
LEGAL = """
hold: option confirmed expired cancelled rolled_back
option: confirmed expired cancelled rolled_back
confirmed: cancelled no_show in_house rolled_back
expired: hold option confirmed rolled_back
cancelled: hold option confirmed rolled_back
no_show: confirmed in_house rolled_back
in_house: checked_out
checked_out:
rolled_back: hold option confirmed expired cancelled no_show
"""
TABLE = {S(line.split(":")[0]): {S(to) for to in line.split(":")[1].split()} for line in LEGAL.strip().splitlines()}
PAIRS = [(before, after) for before in S for after in S]


def test_every_state_has_its_row_in_the_table_of_moves() -> None:
    assert set(MOVES) == set(S) == set(TABLE)


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_exactly_the_moves_of_the_contract_are_allowed(before: S, after: S) -> None:
    """selling.md 2."""
    reservation = a_reservation(state=before)
    if after in TABLE[before]:
        check_move(reservation, after)
    else:
        with pytest.raises(MoveNotAllowed, match=f"is {before.value}; it cannot become {after.value}"):
            check_move(reservation, after)


@pytest.mark.parametrize(("before", "after"), [pair for pair in PAIRS if pair[1] in TABLE[pair[0]]])
def test_a_move_keeps_identity_and_reference_and_remembers_where_it_came_from(before: S, after: S) -> None:
    reservation = a_reservation(state=before)
    moved = reservation.moved(after, expires_at=minutes_later(60))
    assert (moved.reservation_id, moved.pms_ref) == (reservation.reservation_id, reservation.pms_ref)
    assert (moved.state, moved.previous_state, moved.version) == (after, before, 2)
    assert (moved.expires_at is not None) == (after in TIMED)


@pytest.mark.parametrize("state", [S.HOLD, S.OPTION])
def test_a_timed_reservation_cannot_be_used_at_its_expiry_instant(state: S) -> None:
    reservation = a_reservation(state=state)
    check_usable(reservation, minutes_later(15) - timedelta(microseconds=1), ISTANBUL)
    with pytest.raises(ReservationLapsed, match="lapsed at 2027-05-01 12:15"):
        check_usable(reservation, minutes_later(15), ISTANBUL)
    assert reservation.is_due(minutes_later(15))


@pytest.mark.parametrize("state", [state for state in S if state not in TIMED])
def test_what_has_no_deadline_never_lapses(state: S) -> None:
    assert not a_reservation(state=state).is_due(minutes_later(10**6))


def test_only_held_confirmed_and_slept_rooms_are_kept() -> None:
    kept = {state for state in S if a_reservation(state=state).is_live(NOW)}
    assert kept == {S.HOLD, S.OPTION, S.CONFIRMED, S.IN_HOUSE}


def test_a_hold_without_a_deadline_keeps_no_room() -> None:
    assert not a_reservation(expires_at=None).is_live(NOW)


@pytest.mark.parametrize("guarantee", [Guarantee.CARD, Guarantee.AGENCY, Guarantee.COMPANY])
def test_a_named_guarantee_confirms_without_payment(guarantee: Guarantee) -> None:
    check_guaranteed(a_reservation(), guarantee)


@pytest.mark.parametrize("guarantee", [None, Guarantee.DEPOSIT])
@pytest.mark.parametrize("paid", ["0", "199.99"])
def test_less_than_the_deposit_confirms_nothing(guarantee: Guarantee | None, paid: str) -> None:
    with pytest.raises(NotGuaranteed, match=r"deposit of 200\.00 EUR"):
        check_guaranteed(a_reservation(paid=eur(paid)), guarantee)


def test_the_deposit_to_the_cent_confirms() -> None:
    check_guaranteed(a_reservation(paid=eur("200.00")), None)


def test_nothing_due_and_nothing_paid_is_no_guarantee() -> None:
    with pytest.raises(NotGuaranteed):
        check_guaranteed(a_reservation(deposit_due=eur(0)), None)
