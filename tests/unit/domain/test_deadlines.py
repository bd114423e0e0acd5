"""Holds, options and their ends; the hotel's clock, not the machine's."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from domain.deadlines import cut_off_instant, extended_deadline, hold_deadline, hotel_day, option_deadline
from domain.errors import InvalidInput, Refused
from tests.builders import ISTANBUL, a_hotel
from tests.fakes.surroundings import NOW

HOUR = timedelta(hours=1)


def test_the_hotels_day_begins_at_its_own_midnight() -> None:
    assert hotel_day(datetime(2027, 5, 1, 20, 59, tzinfo=UTC), ISTANBUL) == date(2027, 5, 1)
    assert hotel_day(datetime(2027, 5, 1, 21, 0, tzinfo=UTC), ISTANBUL) == date(2027, 5, 2)


def test_the_cut_off_is_the_hotels_time_of_day() -> None:
    assert cut_off_instant(date(2027, 7, 10), time(18), ISTANBUL) == datetime(2027, 7, 10, 15, tzinfo=UTC)
    assert a_hotel().option_limit(date(2027, 7, 10)) == datetime(2027, 7, 10, 15, tzinfo=UTC)


def test_a_hold_lasts_its_length() -> None:
    assert hold_deadline(NOW, timedelta(minutes=15)) == NOW + timedelta(minutes=15)


def test_an_option_never_outlives_the_arrival_cut_off() -> None:
    assert option_deadline(NOW, 24 * HOUR, NOW + 100 * HOUR) == NOW + 24 * HOUR
    assert option_deadline(NOW, 24 * HOUR, NOW + 3 * HOUR) == NOW + 3 * HOUR


@pytest.mark.parametrize("latest", [NOW, NOW - HOUR])
def test_no_option_is_given_at_or_past_the_cut_off(latest: datetime) -> None:
    with pytest.raises(Refused):
        option_deadline(NOW, 24 * HOUR, latest)


@pytest.mark.parametrize("until", [NOW, NOW + HOUR, NOW - HOUR])
def test_an_extension_must_be_later_than_now_and_than_the_deadline(until: datetime) -> None:
    with pytest.raises(InvalidInput) as refused:
        extended_deadline(NOW, NOW + HOUR, until, NOW + 9 * HOUR)
    assert refused.value.field == "until"


def test_the_deadline_that_must_be_passed_is_said_in_the_hotels_time() -> None:
    latest = (NOW + 9 * HOUR).astimezone(ISTANBUL)
    with pytest.raises(InvalidInput, match=r"later than 2027-05-01 13:00\."):
        extended_deadline(NOW, NOW + HOUR, NOW, latest)
    with pytest.raises(Refused, match=r"cut-off 2027-05-01 21:00\."):
        extended_deadline(NOW, NOW + HOUR, NOW + 10 * HOUR, latest)


def test_an_extension_up_to_the_cut_off_is_given_and_beyond_it_is_not() -> None:
    assert extended_deadline(NOW, NOW + HOUR, NOW + 9 * HOUR, NOW + 9 * HOUR) == NOW + 9 * HOUR
    with pytest.raises(Refused):
        extended_deadline(NOW, NOW + HOUR, NOW + 10 * HOUR, NOW + 9 * HOUR)
