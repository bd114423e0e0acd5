"""Opening hours: when somebody is there to answer, as one sorted list of open spans.

People write hours by weekday, with a lunch break (`09:00-12:30`, `13:30-18:00`) or past midnight (`20:00-02:00`);
holidays and half-days cut into them; a day has 23 or 25 hours where clocks are moved. All of that is settled once, when
`open_spans` lays a range of days out as seconds since 1970. From then on time is only numbers: `business_seconds` says
how much service time passed between two instants, `deadline` when an amount of it will have passed, each by bisection.

A span belongs to the day it starts on. On a **holiday** the weekday's hours do not count, the holiday's do (often
none). A **half-day** is the weekday until `half_day_from` (13:00 in Turkey) and the holiday from there on. Beyond the
days that were laid out nothing is known, so the functions refuse rather than count a closed house.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

MINUTES_OF_DAY = 1440
MOST_SPAN = 2 * MINUTES_OF_DAY
HOLIDAY = 7
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1)


class DayKind(StrEnum):
    """What a calendar says of a day."""

    PLAIN = "plain"
    HOLIDAY = "holiday"
    HALF_DAY = "half_day"


@dataclass(frozen=True, slots=True, order=True)
class DaySpan:
    """Open from one minute of the day to another; `end` past 1440 lies on the next day (20:00-02:00 is 1200, 1560)."""

    start: int
    end: int

    def __post_init__(self) -> None:
        """ValueError unless it starts within the day, ends after it starts and lasts a day at most."""
        if not (0 <= self.start < MINUTES_OF_DAY and self.start < self.end <= self.start + MINUTES_OF_DAY):
            raise ValueError("a span starts within the day, ends after its start and lasts 24 hours at most")


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """The hours of one channel: eight lists of spans, Monday to Sunday and holidays.

    `half_day_from`: minute of the day at which a half-day turns into a holiday.
    """

    days: tuple[tuple[DaySpan, ...], ...]
    half_day_from: int = 13 * 60

    def __post_init__(self) -> None:
        """ValueError unless there are eight lists."""
        if len(self.days) != HOLIDAY + 1:
            raise ValueError("opening hours are eight lists: Monday to Sunday, and holidays")

    def on(self, weekday: int, kind: DayKind) -> tuple[DaySpan, ...]:
        """The spans of a day; `weekday` is 0 on Monday."""
        if kind is DayKind.HOLIDAY:
            return self.days[HOLIDAY]
        if kind is DayKind.PLAIN:
            return self.days[weekday]
        noon = self.half_day_from
        morning = (DaySpan(one.start, min(one.end, noon)) for one in self.days[weekday] if one.start < noon)
        after = (DaySpan(max(one.start, noon), one.end) for one in self.days[HOLIDAY] if one.end > noon)
        return (*morning, *after)


@dataclass(frozen=True, slots=True)
class OpenSpans:
    """Open spans `[starts[i], ends[i])` in seconds, sorted, apart from each other; known within `[first_s, until_s)`.

    `before[i]`: open seconds in all spans ahead of span i, one entry more than there are spans.
    """

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    first_s: float
    until_s: float
    before: tuple[int, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Add the lengths up once."""
        total, before = 0, [0]
        for start, end in zip(self.starts, self.ends, strict=True):
            total += end - start
            before.append(total)
        object.__setattr__(self, "before", tuple(before))

    def shifted(self, by_s: int) -> "OpenSpans":
        """The same spans counted from another zero: `spans.shifted(-season_start_s)` for a simulation."""
        return OpenSpans(
            tuple(start + by_s for start in self.starts),
            tuple(end + by_s for end in self.ends),
            self.first_s + by_s,
            self.until_s + by_s,
        )


def spliced(parts: Sequence[tuple[float, OpenSpans]]) -> OpenSpans:
    """Hours that change at instants: each part counts from its own second until the next one's; the first from ever."""
    found: list[tuple[int, int]] = []
    for place, (since_s, spans) in enumerate(parts):
        low = float("-inf") if place == 0 else since_s
        high = parts[place + 1][0] if place + 1 < len(parts) else float("inf")
        clipped = ((max(start, low), min(end, high)) for start, end in zip(spans.starts, spans.ends, strict=True))
        found += [(int(start), int(end)) for start, end in clipped if start < end]
    first, until = max(one.first_s for _, one in parts), min(one.until_s for _, one in parts)
    joined = _joined(found, int(first), int(until))
    starts, ends = zip(*joined, strict=True) if joined else ((), ())
    return OpenSpans(starts, ends, first, until)


ALWAYS_OPEN = OpenSpans((-(2**34),), (2**34,), -(2**34), 2**34)
NEVER_CLOSED = OpeningHours(((DaySpan(0, MINUTES_OF_DAY),),) * (HOLIDAY + 1))


def open_spans(
    hours: OpeningHours, first: date, last: date, zone: tzinfo, kind_of: Callable[[date], DayKind] | None = None
) -> OpenSpans:
    """Lay the days `first`..`last` (both included) out as seconds since 1970.

    `kind_of` is the calendar; without one every day is plain. Spans that touch become one; the evening before `first`
    counts where it runs past midnight.
    """
    begin, end = epoch_seconds(first, 0, zone), epoch_seconds(last, MINUTES_OF_DAY, zone)
    joined = _joined(sorted(_laid_out(hours, first, last, zone, kind_of)), begin, end)
    starts, ends = zip(*joined, strict=True) if joined else ((), ())
    return OpenSpans(starts, ends, begin, end)


def epoch_seconds(day: date, minute: int, zone: tzinfo) -> int:
    """A local time as seconds since 1970. An hour that clocks leave out counts from before the jump, one that comes
    twice is the first."""
    local = datetime.combine(day + minute // MINUTES_OF_DAY * _DAY, _clock_time(minute % MINUTES_OF_DAY), tzinfo=zone)
    return int((local.astimezone(UTC) - _EPOCH).total_seconds())


def _clock_time(minute: int) -> time:
    return time(minute // 60, minute % 60)


def _laid_out(
    hours: OpeningHours, first: date, last: date, zone: tzinfo, kind_of: Callable[[date], DayKind] | None
) -> Iterator[tuple[int, int]]:
    for offset in range(-1, (last - first).days + 1):
        day = first + offset * _DAY
        for span in hours.on(day.weekday(), kind_of(day) if kind_of else DayKind.PLAIN):
            yield epoch_seconds(day, span.start, zone), epoch_seconds(day, span.end, zone)


def _joined(spans: Iterable[tuple[int, int]], begin: int, until: int) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        low, high = max(start, begin), min(end, until)
        if low >= high:
            continue
        if joined and low <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], high))
        else:
            joined.append((low, high))
    return joined


def business_seconds(start_s: float, end_s: float, spans: OpenSpans) -> float:
    """Open seconds in `[start_s, end_s)`; 0 when the end is not after the start. ValueError outside what is known."""
    if end_s <= start_s:
        return 0
    if start_s < spans.first_s or end_s > spans.until_s:
        raise ValueError("the opening hours are not laid out for this time")
    starts, ends = spans.starts, spans.ends
    low = bisect_right(ends, start_s)
    high = bisect_left(starts, end_s) - 1
    if low > high:
        return 0
    if low == high:
        return min(end_s, ends[low]) - max(start_s, starts[low])
    before = spans.before
    return (
        (ends[low] - max(start_s, starts[low]))
        + (before[high] - before[low + 1])
        + (min(end_s, ends[high]) - starts[high])
    )


def deadline(start_s: float, target_s: float, spans: OpenSpans) -> float:
    """The first instant by which `target_s` open seconds have passed since `start_s`.

    Infinity when the known hours end before. A deadline met at closing time is closing time, not the next opening.
    """
    if start_s < spans.first_s:
        raise ValueError("the opening hours are not laid out for this time")
    starts, ends, before = spans.starts, spans.ends, spans.before
    at = bisect_right(ends, start_s)
    if at == len(ends):
        return float("inf")
    begin = starts[at] if starts[at] > start_s else start_s
    if begin + target_s <= ends[at]:
        return begin + target_s
    left = target_s - (ends[at] - begin)
    then = bisect_left(before, before[at + 1] + left, at + 2) - 1
    return float("inf") if then >= len(starts) else starts[then] + (left - (before[then] - before[at + 1]))


def is_open(at_s: float, spans: OpenSpans) -> bool:
    """Whether the house is open at an instant; closed at closing time."""
    at = bisect_right(spans.starts, at_s) - 1
    return at >= 0 and at_s < spans.ends[at]


def next_opening(at_s: float, spans: OpenSpans) -> float:
    """The instant itself when open, else the next opening; infinity when the known hours have none."""
    at = bisect_right(spans.ends, at_s)
    return float("inf") if at == len(spans.starts) else max(at_s, spans.starts[at])
