"""Opening hours as people type them."""

import pytest

from domain.errors import InvalidInput
from domain.hours import NEVER_CLOSED, DaySpan, OpenSpans, business_seconds, spliced
from domain.hours_words import hours_of, tidy

MORNING, DAY = DaySpan(540, 750), DaySpan(540, 1080)


def open_days(*lines: str) -> list[int]:
    return [place for place, spans in enumerate(hours_of(tidy(lines)).days) if spans]


@pytest.mark.parametrize(
    ("line", "days"),
    [
        ("mon-fri 09:00-18:00", [0, 1, 2, 3, 4]),
        ("Sat,Sun  10:00-16:00", [5, 6]),
        ("fri-mon 10:00-16:00", [0, 4, 5, 6]),
        ("holiday 10:00-16:00", [7]),
        ("tue,thu-fri,holiday 10:00-16:00", [1, 3, 4, 7]),
        ("10:00-16:00", [0, 1, 2, 3, 4, 5, 6, 7]),
    ],
)
def test_days_are_single_listed_or_a_range(line: str, days: list[int]):
    assert open_days(line) == days


def test_lines_and_spans_add_up_in_order():
    found = hours_of(tidy(["mon 13:30-18:00", "mon-tue 09:00-12:30"]))
    assert found.days[0] == (MORNING, DaySpan(810, 1080))
    assert found.days[1] == (MORNING,)
    assert hours_of(("always",)) == NEVER_CLOSED
    assert hours_of(tidy(["fri 20:00-02:00"])).days[4] == (DaySpan(1200, 1560),)


@pytest.mark.parametrize(
    "lines",
    [
        (), ("",), ("mon",), ("someday 09:00-18:00",), ("mon-holiday 09:00-18:00",), ("mon 9-18",), ("mon 09:00",),
        ("mon 09:00-24:30",), ("09:00-18:00 mon",), ("always", "mon 09:00-18:00"), ("hotel", "mon 09:00-18:00"),
        ("mon 09:00-18:00",) * 21, ("-mon 09:00-18:00",), ("mon- 09:00-18:00 x",), ("always 09:00-10:00",),
    ],
)  # fmt: skip
def test_what_is_no_hours_is_refused(lines: tuple[str, ...]):
    with pytest.raises(InvalidInput):
        tidy(lines)


def test_hours_that_change_count_as_they_stood_at_each_instant():
    before, after = OpenSpans((0, 100), (50, 150), 0, 300), OpenSpans((20, 120, 200), (80, 180, 280), 0, 300)
    found = spliced([(float("-inf"), before), (110.0, after)])
    assert (found.starts, found.ends) == ((0, 100, 120, 200), (50, 110, 180, 280))
    assert business_seconds(0, 300, found) == 50 + 10 + 60 + 80
