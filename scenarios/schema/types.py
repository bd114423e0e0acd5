"""The small types every section of a scenario file is made of.

TOML knows text, whole numbers, decimals, days and lists; a hotel speaks of
amounts, shares, codes, days of the year and sentences in four languages. Each
alias below turns the first into the second and refuses what it cannot turn,
so no other module has to guess whether `"07-15"` was a day or a typing error.
Sections are strict (no `"5"` for 5), closed (no unknown key) and frozen.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Annotated, Literal, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, Strict

Language = Literal["tr", "en", "de", "ru"]
GuestLanguage = Literal["tr", "de", "ru", "en", "nl", "pl"]
Currency = Literal["EUR", "TRY", "USD", "GBP", "RUB"]
Item = TypeVar("Item")

LEAP_YEAR = 2000
MONTH_DAY = re.compile(r"(\d\d)-(\d\d)")


class Section(BaseModel):
    """One table of the file: strict, closed to unknown keys, frozen."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


@dataclass(frozen=True, slots=True, order=True)
class MonthDay:
    """A day of any year; 29 February falls on the 28th in a common year."""

    month: int
    day: int

    def in_year(self, year: int) -> date:
        """Give the day in `year`."""
        try:
            return date(year, self.month, self.day)
        except ValueError:
            return date(year, self.month, self.day - 1)

    def __str__(self) -> str:
        """Give the day as the file writes it, for example `07-15`."""
        return f"{self.month:02d}-{self.day:02d}"


def _decimal(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return value
    try:
        return Decimal(value)
    except InvalidOperation:
        raise ValueError(f"{value!r} is not a decimal number") from None


def _clock_time(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return datetime.strptime(value, "%H:%M").time()  # noqa: DTZ007 - a local time of day has no zone
    except ValueError:
        raise ValueError(f"{value!r} is not a time of day; write it as HH:MM") from None


def _day(value: object) -> object:
    if isinstance(value, datetime) or not isinstance(value, str):
        return value
    match = MONTH_DAY.fullmatch(value)
    month_day = MonthDay(int(match[1]), int(match[2])) if match else MonthDay(0, 0)
    try:
        date(LEAP_YEAR, month_day.month, month_day.day)
    except ValueError:
        raise ValueError(f'{value!r} is not a day; write "MM-DD" for every year or a plain date for one') from None
    return month_day


def _time_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{value!r} is not a known time zone") from None
    return value


Many = Annotated[tuple[Item, ...], Strict(strict=False)]
Number = Annotated[Decimal, BeforeValidator(_decimal)]
Amount = Annotated[Number, Field(ge=0, le=10_000_000, decimal_places=2)]
Factor = Annotated[Number, Field(ge=0, le=20)]
Share = Annotated[Number, Field(ge=0, le=1)]
Percent = Annotated[Number, Field(ge=0, le=100)]
ClockTime = Annotated[time, BeforeValidator(_clock_time)]
Day = Annotated[MonthDay | date, BeforeValidator(_day)]
TimeZone = Annotated[str, AfterValidator(_time_zone)]
Text = Annotated[str, Field(min_length=1, max_length=2000)]
PmsCode = Annotated[str, Field(pattern=r"^[A-Z0-9][A-Z0-9_-]{0,19}$")]
OurCode = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Labels(Section):
    """One sentence or name in the four languages guests are served in."""

    tr: Text
    en: Text
    de: Text
    ru: Text

    def get(self, language: str) -> str:
        """Give the text in `language`; languages we do not write get English."""
        return str(getattr(self, language, self.en)) if language in {"tr", "en", "de", "ru"} else self.en


class Period(Section):
    """First and last day, both inside; with `MM-DD` days it returns every year."""

    start: Day
    end: Day

    def occurrences(self, first: date, last: date) -> Iterator[tuple[date, date]]:
        """Give the (start, end) pairs, both inclusive, that touch `first`..`last`, clipped to it."""
        for start, end in self._dated(first, last):
            if start <= last and end >= first:
                yield max(start, first), min(end, last)

    def _dated(self, first: date, last: date) -> Iterator[tuple[date, date]]:
        if isinstance(self.start, date) and isinstance(self.end, date):
            yield self.start, self.end
        elif isinstance(self.start, MonthDay) and isinstance(self.end, MonthDay):
            over_new_year = self.end < self.start
            for year in range(first.year - 1, last.year + 1):
                yield self.start.in_year(year), self.end.in_year(year + over_new_year)


def days_between(first: date, last: date) -> Iterator[date]:
    """Give every day from `first` to `last`, both inclusive."""
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)
