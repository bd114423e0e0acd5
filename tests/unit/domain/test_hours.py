"""Opening hours: docs/algorithms/sla-clocks.md, chapter 1."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from domain.hours import (
    ALWAYS_OPEN,
    NEVER_CLOSED,
    DayKind,
    DaySpan,
    OpeningHours,
    business_seconds,
    deadline,
    is_open,
    next_opening,
    open_spans,
)

ISTANBUL, BERLIN = ZoneInfo("Europe/Istanbul"), ZoneInfo("Europe/Berlin")
HOUR = 3600
MORNING, AFTERNOON = DaySpan(9 * 60, 12 * 60 + 30), DaySpan(13 * 60 + 30, 18 * 60)
NIGHT = DaySpan(20 * 60, 26 * 60)
OFFICE = OpeningHours(((MORNING, AFTERNOON),) * 5 + ((), (), ()))
MONDAY = date(2027, 3, 1)


def at(day: date, clock: str, zone: ZoneInfo = ISTANBUL) -> float:
    return datetime.fromisoformat(f"{day} {clock}").replace(tzinfo=zone).timestamp()


def march(hours: OpeningHours = OFFICE, kinds: dict[date, DayKind] | None = None):
    known = kinds or {}
    return open_spans(hours, date(2027, 3, 1), date(2027, 3, 31), ISTANBUL, lambda day: known.get(day, DayKind.PLAIN))


def test_a_lunch_break_does_not_count():
    assert business_seconds(at(MONDAY, "12:00"), at(MONDAY, "14:00"), march()) == HOUR


def test_a_night_and_a_weekend_do_not_count():
    friday, monday = date(2027, 3, 5), date(2027, 3, 8)
    assert business_seconds(at(friday, "17:30"), at(monday, "09:30"), march()) == HOUR


def test_a_deadline_after_closing_moves_to_the_next_morning():
    assert deadline(at(MONDAY, "17:59"), 120, march()) == at(date(2027, 3, 2), "09:01")


def test_a_deadline_reached_at_closing_is_closing_time():
    assert deadline(at(MONDAY, "17:58"), 120, march()) == at(MONDAY, "18:00")


def test_what_comes_in_while_closed_is_counted_from_opening():
    sunday = date(2027, 3, 7)
    assert deadline(at(sunday, "03:00"), 120, march()) == at(date(2027, 3, 8), "09:02")
    assert next_opening(at(sunday, "03:00"), march()) == at(date(2027, 3, 8), "09:00")


def test_a_span_past_midnight_belongs_to_the_day_it_starts_on():
    fridays = OpeningHours(((),) * 4 + ((NIGHT,),) + ((),) * 3)
    saturday = date(2027, 3, 6)
    spans = march(fridays, {saturday: DayKind.HOLIDAY})
    assert is_open(at(saturday, "01:59"), spans)
    assert not is_open(at(saturday, "02:00"), spans)
    assert not is_open(at(saturday, "21:00"), spans)


def test_the_evening_before_the_first_day_is_known():
    spans = open_spans(OpeningHours(((NIGHT,),) * 8), MONDAY, MONDAY, ISTANBUL)
    assert business_seconds(at(MONDAY, "00:00"), at(MONDAY, "12:00"), spans) == 2 * HOUR


def test_on_a_holiday_only_the_hours_of_holidays_count():
    hours = OpeningHours(((MORNING, AFTERNOON),) * 7 + ((DaySpan(600, 660),),))
    spans = march(hours, {MONDAY: DayKind.HOLIDAY})
    assert business_seconds(at(MONDAY, "00:00"), at(MONDAY, "23:59"), spans) == HOUR


def test_a_half_day_is_a_weekday_until_one_o_clock_and_a_holiday_after():
    through = OpeningHours(((DaySpan(9 * 60, 18 * 60),),) * 7 + ((DaySpan(12 * 60, 15 * 60),),))
    spans = march(through, {MONDAY: DayKind.HALF_DAY})
    assert is_open(at(MONDAY, "12:59"), spans)
    assert is_open(at(MONDAY, "14:59"), spans)
    assert not is_open(at(MONDAY, "15:00"), spans)


def test_a_channel_that_ignores_holidays_is_not_cut_by_a_half_day():
    hours = OpeningHours(((DaySpan(8 * 60, 24 * 60),),) * 8)
    spans = march(hours, {MONDAY: DayKind.HALF_DAY, date(2027, 3, 2): DayKind.HOLIDAY})
    assert spans.starts == march(hours).starts
    assert spans.ends == march(hours).ends


@pytest.mark.parametrize(
    ("day", "clock_hours"), [(date(2027, 3, 28), 23), (date(2027, 10, 31), 25), (date(2027, 6, 1), 24)]
)
def test_a_day_has_the_hours_the_zone_gives_it(day: date, clock_hours: int):
    spans = open_spans(NEVER_CLOSED, day, day, BERLIN)
    assert business_seconds(spans.first_s, spans.until_s, spans) == clock_hours * HOUR


def test_an_hour_that_clocks_leave_out_is_not_open():
    day = date(2027, 3, 28)
    spans = open_spans(OpeningHours(((DaySpan(60, 240),),) * 8), day, day, BERLIN)
    assert business_seconds(spans.first_s, spans.until_s, spans) == 2 * HOUR


def test_unknown_days_are_refused_and_not_taken_for_closed():
    spans = march()
    with pytest.raises(ValueError, match="laid out"):
        business_seconds(spans.first_s, spans.until_s + 1, spans)
    with pytest.raises(ValueError, match="laid out"):
        deadline(spans.first_s - 1, 1, spans)
    assert deadline(at(date(2027, 3, 31), "17:59"), 120, spans) == float("inf")


def test_hours_that_never_open_have_no_deadline():
    spans = march(OpeningHours(((),) * 8))
    assert business_seconds(at(MONDAY, "00:00"), at(MONDAY, "12:00"), spans) == 0
    assert deadline(at(MONDAY, "00:00"), 1, spans) == float("inf")
    assert next_opening(at(MONDAY, "00:00"), spans) == float("inf")


def test_spans_can_be_counted_from_the_start_of_a_season():
    spans = march()
    zero = int(at(MONDAY, "00:00"))
    assert deadline(0.0, 120, spans.shifted(-zero)) == 9 * HOUR + 120


def test_always_open_counts_every_second_to_the_fraction():
    assert business_seconds(1_800_000_000.25, 1_800_000_000.75, ALWAYS_OPEN) == 0.5
    assert deadline(-5.0, 10.0, ALWAYS_OPEN) == 5.0


@pytest.mark.parametrize(("start", "end"), [(-1, 60), (1440, 1500), (600, 600), (600, 599), (600, 600 + 1441)])
def test_a_span_that_cannot_be_is_refused(start: int, end: int):
    with pytest.raises(ValueError, match="span"):
        DaySpan(start, end)


def test_opening_hours_need_eight_lists():
    with pytest.raises(ValueError, match="eight"):
        OpeningHours(((),) * 7)
