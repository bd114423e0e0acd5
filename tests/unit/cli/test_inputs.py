"""From what is typed to what the rules take."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cli.inputs import a_day, a_guarantee, a_length, an_instant, codes
from domain.errors import InvalidInput
from domain.reservation import Guarantee

NOW = datetime(2027, 5, 1, 9, 0, tzinfo=UTC)
ISTANBUL = ZoneInfo("Europe/Istanbul")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("+2h", datetime(2027, 5, 1, 11, 0, tzinfo=UTC)),
        ("+90m", datetime(2027, 5, 1, 10, 30, tzinfo=UTC)),
        ("18:00", datetime(2027, 5, 1, 15, 0, tzinfo=UTC)),
        ("2027-05-02T18:00", datetime(2027, 5, 2, 15, 0, tzinfo=UTC)),
        ("2027-05-02T18:00Z", datetime(2027, 5, 2, 18, 0, tzinfo=UTC)),
    ],
)
def test_an_instant_is_meant_in_the_hotels_time(typed: str, meant: datetime) -> None:
    assert an_instant(typed, NOW, ISTANBUL, "until") == meant


@pytest.mark.parametrize(
    "typed", ["", "soon", "25:00", "2027-05-02", "+2", "+2y", "2027-13-01T00:00", "+99999d", "-1h"]
)
def test_what_is_no_instant_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput):
        an_instant(typed, NOW, ISTANBUL, "until")


def test_days_lengths_codes_and_guarantees_are_read() -> None:
    assert a_day("2027-07-10", "check_in") == date(2027, 7, 10)
    assert a_length("2d", "for") == timedelta(days=2)
    assert codes(["a, b", "b", "c"]) == ("a", "b", "c")
    assert (a_guarantee(None), a_guarantee("CARD")) == (None, Guarantee.CARD)


@pytest.mark.parametrize("typed", ["20270710", "2027-7-1", "10.07.2027", "2027-02-30", "tomorrow", "２０２７-07-10"])
def test_what_is_no_day_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput):
        a_day(typed, "check_in")
