"""What holidays in the callers' countries do to a day's contacts, by language.

Each language has a market: countries with weights. On a public holiday of a country its part of the market calls by
`holiday_factor` as often, on a half-day by `half_day_factor`. **Bridges** (a switch) are working days between a holiday
and a weekend: one at most, two at a feast, as Turkish governments do when they make nine days of one. A **feast** is a
run of public holidays of at least `feast_days` days; in the `lead_up_days` before one, sales contacts rise.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from functools import cache

import numpy as np

from domain.hours import DayKind
from scenarios.calendars import Calendar
from scenarios.demand_tables import F8
from scenarios.schema.season_demand import Calendars

_SATURDAY = 5
_LONGEST_LEAD_UP = 60
_MARGIN = timedelta(days=16)
_ONE = timedelta(days=1)


class CallDay(Enum):
    """What a day is to those who call."""

    PLAIN = "plain"
    HOLIDAY = "holiday"
    HALF_DAY = "half_day"
    BRIDGE = "bridge"


@dataclass(frozen=True, slots=True)
class CountryDays:
    """The days of one country: what each is, and the first days of its feasts."""

    kinds: dict[date, CallDay]
    feasts: tuple[date, ...]


@cache
def country_days(country: str, first: date, last: date, *, bridging: bool, feast_days: int) -> CountryDays:
    """The days `first`..`last` (both included) of a country that are not plain."""
    calendar = Calendar(country)
    days = [first - _MARGIN + timedelta(days=k) for k in range((last - first).days + 2 * _MARGIN.days + 1)]
    plain: dict[DayKind, CallDay] = {
        DayKind.PLAIN: CallDay.PLAIN,
        DayKind.HOLIDAY: CallDay.HOLIDAY,
        DayKind.HALF_DAY: CallDay.HALF_DAY,
    }
    kinds: dict[date, CallDay] = {day: plain[calendar.kind_of(day)] for day in days}
    feasts = [run for run in _runs(days, kinds) if len(run) >= feast_days]
    if bridging:
        kinds |= dict.fromkeys(_bridges(days, kinds, feasts), CallDay.BRIDGE)
    found: dict[date, CallDay] = {
        day: kind for day, kind in kinds.items() if kind is not CallDay.PLAIN and first <= day <= last
    }
    return CountryDays(found, tuple(run[0] for run in feasts))


def _runs(days: Sequence[date], kinds: dict[date, CallDay]) -> Iterator[list[date]]:
    """Public holidays in a row."""
    run: list[date] = []
    for day in days:
        if kinds[day] is CallDay.HOLIDAY:
            run.append(day)
        elif run:
            yield run
            run = []


def _bridges(days: Sequence[date], kinds: dict[date, CallDay], feasts: Sequence[list[date]]) -> Iterator[date]:
    in_feast = {day for run in feasts for day in run}
    work: list[date] = []
    for day in days:
        is_holiday = kinds[day] is CallDay.HOLIDAY
        if not is_holiday and day.weekday() < _SATURDAY:
            work.append(day)
            continue
        before = work[0] - _ONE if work else day
        holidays = [one for one in (before, day) if kinds.get(one) is CallDay.HOLIDAY]
        if work and holidays and len(work) <= (2 if in_feast & set(holidays) else 1):
            yield from work
        work = []


def calendar_factors(calendars: Calendars, languages: Sequence[str], first: date, days: int) -> tuple[F8, F8]:
    """Factors by day and language: of all contacts, and of sales contacts beside that."""
    of_all, of_sales = np.ones((days, len(languages))), np.ones((days, len(languages)))
    last = first + timedelta(days=days - 1)
    factor = {
        CallDay.HOLIDAY: calendars.holiday_factor,
        CallDay.HALF_DAY: calendars.half_day_factor,
        CallDay.BRIDGE: calendars.bridge_factor,
    }
    for column, language in enumerate(languages):
        market: dict[str, float] = dict(calendars.markets.get(language, {}))  # type: ignore[call-overload]
        for country, weight in market.items():
            part = weight / sum(market.values())
            found = country_days(
                country,
                first,
                last + timedelta(days=_LONGEST_LEAD_UP),
                bridging=calendars.bridging,
                feast_days=calendars.feast_days,
            )
            for day, kind in found.kinds.items():
                if day <= last:
                    of_all[(day - first).days, column] += part * (factor[kind] - 1)
            for row in _lead_up(found.feasts, first, days, calendars.lead_up_days):
                of_sales[row, column] += part * (calendars.lead_up_factor - 1)
    return of_all, of_sales


def _lead_up(feasts: Sequence[date], first: date, days: int, lead_up_days: int) -> set[int]:
    """Days of the season within the days before a feast."""
    rows = {(feast - first).days - k for feast in feasts for k in range(1, lead_up_days + 1)}
    return {row for row in rows if 0 <= row < days}
