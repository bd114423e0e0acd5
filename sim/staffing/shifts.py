"""Lawful shifts and weeks: what a person may be asked to work, from the hotel's own labour rules.

A **week** is a shift on the same hours on some weekdays. Keeping the hours the same all week gives the daily rest by
itself, a day off the weekly one. Rules are data (`[labour]` of the scenario): hours a week, a day and a night, rests,
breaks by length. A shift is night work when more than half of it lies in the night.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time

import numpy as np
from numpy.typing import NDArray

from scenarios.schema.season import Scenario
from scenarios.schema.season_team import Break, Labour, Shift
from scenarios.schema.season_words import WEEK
from sim.team import SLOT_MINUTES, SLOTS, presence

DAY_MINUTES = 1440
HOUR = 60
WORK_MINUTES = (450, 540)
WEEK_SLOTS = WEEK * SLOTS


@dataclass(frozen=True, slots=True, eq=False)
class Week:
    """One person's week; each stands for itself. `code` names the shift; `days[w]`: worked on weekday w; `cover[t]`:
    part of half hour t of the week (from Monday's midnight) a person of this week is at work, breaks spread as they
    fall; `hours`, `night_hours`: paid, and of these in the night."""

    code: str
    shift: Shift
    days: tuple[bool, ...]
    cover: NDArray[np.float64]
    hours: float
    night_hours: float


def weeks_of(scenario: Scenario, opens: int, closes: int, step: int = HOUR) -> tuple[Week, ...]:
    """All lawful weeks: the scenario's own shifts, and shifts that begin every `step` minutes from when the first queue
    opens until the last one closes (minutes of the day; past 1440 is the next day)."""
    found: list[Week] = []
    seen: set[tuple[int, int, bool]] = set()
    for code, shift in (*scenario.shifts.items(), *_made(scenario.labour, opens, closes, step)):
        if (shift.start_minute, shift.length_minutes, bool(shift.breaks)) in seen:
            continue
        seen.add((shift.start_minute, shift.length_minutes, bool(shift.breaks)))
        days = days_allowed(shift, scenario.labour)
        if days:
            cover = _cover(shift)
            found.extend(
                _week(code, shift, off, cover, scenario.labour) for off in sorted(_days_off(WEEK - days), key=sorted)
            )
    return tuple(found)


def _days_off(count: int) -> set[frozenset[int]]:
    """The days off of a week, one after the other: two in a row are a rest, two apart are not."""
    return {frozenset((first + step) % WEEK for step in range(count)) for first in range(WEEK)}


def days_allowed(shift: Shift, labour: Labour) -> int:
    """On how many days a week the shift may be worked; 0 when never. Ten minutes more or less are no matter."""
    work, night = shift.work_minutes / HOUR, night_minutes(shift, labour) / HOUR
    rest = 24 - shift.length_minutes / HOUR
    breaks = sum(one.minutes for one in shift.breaks)
    asked = max((rule.minutes for rule in labour.breaks if work > rule.above_hours), default=0)
    is_night = night * 2 > shift.length_minutes / HOUR
    if work > labour.day_hours or (is_night and work > labour.night_hours) or rest < labour.daily_rest_hours:
        return 0
    if breaks < asked:
        return 0
    most = min(int(labour.week_hours / work + 1e-9), labour.days_per_week)
    return most if (WEEK - most) * 24 + rest >= labour.weekly_rest_hours else 0


def night_minutes(shift: Shift, labour: Labour) -> int:
    """Minutes of the shift that lie in the night."""
    start, end = (at.hour * HOUR + at.minute for at in (labour.night_start, labour.night_end))
    length = (end - start) % DAY_MINUTES
    return sum(
        SLOT_MINUTES
        for minute in range(shift.start_minute, shift.start_minute + shift.length_minutes, SLOT_MINUTES)
        if (minute - start) % DAY_MINUTES < length
    )


def _made(labour: Labour, opens: int, closes: int, step: int) -> Iterator[tuple[str, Shift]]:
    """Shifts of a full working day, with the break the law asks for in their middle."""
    for work in WORK_MINUTES:
        asked = max((rule.minutes for rule in labour.breaks if work > rule.above_hours * HOUR), default=0)
        pause = -(-asked // SLOT_MINUTES) * SLOT_MINUTES
        for start in range(opens, max(closes - work - pause, opens) + 1, step):
            yield _shift(start, work, pause)


def _shift(start: int, work: int, pause: int) -> tuple[str, Shift]:
    end, middle = start + work + pause, start + (work + pause) // (2 * SLOT_MINUTES) * SLOT_MINUTES
    pauses = (Break(minutes=pause, earliest=_time(middle - HOUR), latest=_time(middle + HOUR)),) if pause else ()
    shift = Shift(start=_time(start), end=_time(end), breaks=pauses)
    return f"s{start % DAY_MINUTES // HOUR:02d}{start % HOUR:02d}_{work}", shift


def _time(minute: int) -> time:
    return time(minute % DAY_MINUTES // HOUR, minute % HOUR)


def _cover(shift: Shift) -> NDArray[np.float64]:
    """Of two days from the shift's day on, averaged over the places of its breaks."""
    places = range(8)
    mean: NDArray[np.float64] = np.mean([presence(shift, order) for order in places], axis=0)
    return mean


def _week(code: str, shift: Shift, off: frozenset[int], cover: NDArray[np.float64], labour: Labour) -> Week:
    days = tuple(day not in off for day in range(WEEK))
    whole = np.zeros(WEEK_SLOTS)
    for day in np.flatnonzero(days):
        slots = (day * SLOTS + np.arange(len(cover))) % WEEK_SLOTS
        whole[slots] += cover
    worked = sum(days)
    night = night_minutes(shift, labour) / HOUR * shift.work_minutes / shift.length_minutes
    return Week(code, shift, days, whole, worked * shift.work_minutes / HOUR, worked * night)
