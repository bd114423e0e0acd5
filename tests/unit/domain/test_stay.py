"""Nights and parties: what cannot be meant is refused by name."""

from datetime import date, timedelta

import pytest

from domain.errors import InvalidInput
from domain.stay import Party, StayDates, check_bookable
from tests.builders import ARRIVAL, a_stay


@pytest.mark.parametrize("nights", [0, -1, -400])
def test_a_stay_has_at_least_one_night(nights: int) -> None:
    with pytest.raises(InvalidInput) as refused:
        StayDates.of_nights(ARRIVAL, nights)
    assert refused.value.field == "nights"


def test_a_departure_on_the_day_of_arrival_is_refused() -> None:
    with pytest.raises(InvalidInput) as refused:
        StayDates(ARRIVAL, ARRIVAL)
    assert refused.value.field == "check_out"


def test_nights_past_the_end_of_the_calendar_are_refused() -> None:
    with pytest.raises(InvalidInput):
        StayDates.of_nights(date(9999, 12, 30), 400)


def test_the_last_night_is_the_one_before_departure() -> None:
    assert a_stay(nights=7).last_night == date(2027, 7, 16)


def test_stays_back_to_back_do_not_overlap() -> None:
    assert not a_stay(nights=7).overlaps(a_stay(ARRIVAL + timedelta(days=7), 3))


def test_an_arrival_yesterday_is_in_the_past() -> None:
    with pytest.raises(InvalidInput, match="in the past"):
        check_bookable(a_stay(), ARRIVAL + timedelta(days=1), max_nights=30)


def test_an_arrival_today_can_be_booked() -> None:
    check_bookable(a_stay(), ARRIVAL, max_nights=30)


def test_more_nights_than_the_hotel_sells_at_once_are_refused() -> None:
    check_bookable(a_stay(nights=30), ARRIVAL, max_nights=30)
    with pytest.raises(InvalidInput) as refused:
        check_bookable(a_stay(nights=31), ARRIVAL, max_nights=30)
    assert refused.value.field == "nights"


def test_an_arrival_past_the_known_prices_is_refused() -> None:
    check_bookable(a_stay(), ARRIVAL - timedelta(days=730), max_nights=30)
    with pytest.raises(InvalidInput, match="further off"):
        check_bookable(a_stay(), ARRIVAL - timedelta(days=731), max_nights=30)


@pytest.mark.parametrize(
    ("adults", "ages", "field"),
    [
        (0, (), "adults"),
        (13, (), "adults"),
        (2, (25,), "child_ages"),
        (2, (-1,), "child_ages"),
        (2, (18,), "child_ages"),
    ],
)
def test_a_party_that_cannot_be_is_refused_by_field(adults: int, ages: tuple[int, ...], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        Party(adults, ages)
    assert refused.value.field == field


def test_nine_children_are_too_many_for_a_room() -> None:
    with pytest.raises(InvalidInput):
        Party(1, (5,) * 9)


def test_parties_with_the_same_children_are_equal_in_any_order() -> None:
    assert Party(2, (3, 11, 7)) == Party(2, (11, 7, 3))
    assert Party(2, (3, 11, 7)).size == 5
