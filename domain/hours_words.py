"""Opening hours as people type them: `mon-fri 09:00-12:30 13:30-18:00`, `sat,sun 10:00-16:00`, `holiday 10:00-14:00`.

A line is days and spans. Days are `mon` to `sun` and `holiday`, single, as a list or as a range; a line without days is
for every day, holidays included. A span past midnight (`20:00-02:00`) belongs to the day it starts on. Lines add up; a
day that no line names is closed. `always` alone never closes.
"""

import re
from collections.abc import Iterable

from domain.errors import InvalidInput
from domain.hours import HOLIDAY, MINUTES_OF_DAY, NEVER_CLOSED, DaySpan, OpeningHours

ALWAYS, AS_IN_FILE = "always", "hotel"
MOST_LINES, MOST_LETTERS = 20, 120
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun", "holiday")
_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")


def tidy(lines: Iterable[str]) -> tuple[str, ...]:
    """Lines in small letters with single blanks; InvalidInput for none, for too many, and for what is no hours."""
    found = tuple(" ".join(line.lower().split())[: MOST_LETTERS + 1] for line in lines)
    if not found or len(found) > MOST_LINES:
        raise InvalidInput("Hours are 1 to {most} lines.", most=MOST_LINES, field="hours")
    if found != (AS_IN_FILE,):
        hours_of(found)
    return found


def hours_of(lines: Iterable[str], half_day_from: int = 13 * 60) -> OpeningHours:
    """The hours of tidy lines. InvalidInput names the line that cannot be read."""
    told = tuple(lines)
    if told == (ALWAYS,):
        return NEVER_CLOSED
    days: list[list[DaySpan]] = [[] for _ in range(HOLIDAY + 1)]
    for line in told:
        words = line.split()
        named = _days(words[0], line) if words and not words[0][0].isdigit() else range(HOLIDAY + 1)
        spans = [_span(word, line) for word in (words if named == range(HOLIDAY + 1) else words[1:])]
        if not spans:
            raise _no_hours(line)
        for day in named:
            days[day] += spans
    return OpeningHours(tuple(tuple(sorted(spans)) for spans in days), half_day_from)


def _days(word: str, line: str) -> list[int]:
    found: list[int] = []
    for part in word.split(","):
        first, _, last = part.partition("-")
        if first not in _DAYS or (last and (last not in _DAYS or HOLIDAY in {_DAYS.index(first), _DAYS.index(last)})):
            raise _no_hours(line)
        begin, end = _DAYS.index(first), _DAYS.index(last or first)
        until = end if end >= begin else end + HOLIDAY
        found += [day % HOLIDAY for day in range(begin, until + 1)] if last else [begin]
    return list(dict.fromkeys(found))


def _span(word: str, line: str) -> DaySpan:
    found = _SPAN.fullmatch(word)
    if found is None:
        raise _no_hours(line)
    start, end = int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])
    if end > MINUTES_OF_DAY:
        raise _no_hours(line)
    return DaySpan(start, end if end > start else end + MINUTES_OF_DAY)


def _no_hours(line: str) -> InvalidInput:
    return InvalidInput(
        "{text} is not hours such as mon-fri 09:00-18:00.", text=line[:40], hint=f"{ALWAYS}, {AS_IN_FILE}",
        field="hours",
    )  # fmt: skip
