"""Opening hours of a channel in words, from the hotel file or from what was set for the channel.

`Mon-Fri 09:00-12:30 13:30-17:30; Sat 09:00-12:30`: days with the same spans stand together.
"""

from typing import Any

from domain.contact import Channel
from domain.hours import HOLIDAY, MINUTES_OF_DAY, DaySpan, OpeningHours
from domain.hours_words import ALWAYS, hours_of
from scenarios.schema.service import EVERY_DAY, Hours
from scenarios.service import opening_hours

Body = dict[str, Any]


def hours_words(file: Hours, channel: Channel, lines: tuple[str, ...], common: Body) -> str:
    """The hours; `lines`: what was set for the channel, empty for the file's."""
    if lines == (ALWAYS,):
        return str(common["always"])
    found = hours_of(lines) if lines else opening_hours(file).get(channel)
    return str(common["always"]) if found is None else _told(found, common)


def _told(hours: OpeningHours, common: Body) -> str:
    parts, place = [], 0
    while place <= HOLIDAY:
        last = place
        while last + 1 < HOLIDAY and place < HOLIDAY and hours.days[last + 1] == hours.days[place]:
            last += 1
        parts.append(f"{_days(place, last, common)} {_spans(hours.days[place], common)}")
        place = last + 1
    return "; ".join(parts)


def _days(first: int, last: int, common: Body) -> str:
    names = [common["days"][one] for one in (*EVERY_DAY[:HOLIDAY], "holiday")]
    return str(names[first]) if first == last else f"{names[first]}-{names[last]}"


def _spans(spans: tuple[DaySpan, ...], common: Body) -> str:
    return " ".join(f"{_clock(one.start)}-{_clock(one.end)}" for one in spans) or str(common["closed"])


def _clock(minute: int) -> str:
    hours, minutes = divmod(minute, 60)
    return f"{hours if minute <= MINUTES_OF_DAY else hours - 24:02}:{minutes:02}"
