"""The team: desks of people by language, the shifts they work, who is away, what an hour costs, what the law allows.

A **desk** is people who do the same channels. `team.phone.ru = 3` are three people at the telephone whose first
language is Russian; `speaks` says what else they speak, best first, and a place in that list is a level: a contact
goes to level 0 first. `channels` are the desk's own, `also` those it helps out with, one level further down.

People given by number are placed by rule, so that one more is one more person and moves nobody else: the k-th person of
a desk and language works the k-th shift of the sequence that `shifts` weights (each new one where the share is furthest
behind), `days_per_week` days, days off where `off_days` weights. `roster` sets heads by hand instead or beside:
`roster.ru.early = [2, 2, 2, 2, 2, 1, 1]`. Both count.
"""

from decimal import Decimal
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from scenarios.schema.season_words import WEEK, NotNegative, OurName, Part, Positive, SeasonChannel, Seven
from scenarios.schema.types import Amount, ClockTime, Currency, Language, Many, Section

Heads = Annotated[int, Field(ge=0, le=5_000)]
WeekOfHeads = Annotated[Many[Heads], Field(min_length=WEEK, max_length=WEEK)]


def _whole(value: object) -> object:
    is_whole = isinstance(value, Decimal) and value == value.to_integral_value()
    return int(value) if isinstance(value, Decimal) and is_whole else value


People = Annotated[int, BeforeValidator(_whole), Field(ge=0, le=5_000)]


class Desk(Section):
    """People who do the same channels; `tr`, `en`, `de`, `ru`: how many with that first language.

    `shifts`: weight of each shift code for people placed by rule; `off_days`: weight of each weekday as a day off.
    """

    tr: People = 0
    en: People = 0
    de: People = 0
    ru: People = 0
    channels: Many[SeasonChannel] = Field(min_length=1)
    also: Many[SeasonChannel] = ()
    speaks: dict[Language, Many[Language]]
    shifts: dict[OurName, Positive] = Field(min_length=1)
    days_per_week: Annotated[int, Field(ge=1, le=7)] = 6
    off_days: Seven = (1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0)
    wage_per_hour: Amount
    roster: dict[Language, dict[OurName, WeekOfHeads]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _sound(self) -> Self:
        for language, spoken in self.speaks.items():
            if not spoken or spoken[0] != language:
                raise ValueError(f"speaks.{language} must begin with {language}, their first language")
        for language in ("tr", "en", "de", "ru"):
            if (self.people(language) or language in self.roster) and language not in self.speaks:
                raise ValueError(f"speaks says nothing of {language}, which the desk has people for")
        if set(self.channels) & set(self.also):
            raise ValueError("a channel stands in channels or in also, not in both")
        return self

    def people(self, language: Language) -> int:
        """People placed by rule whose first language this is."""
        return int(getattr(self, language))


class Break(Section):
    """A pause of `minutes` (a multiple of 30) that begins between two local times, spread over a shift's people."""

    minutes: Annotated[int, Field(ge=30, le=120, multiple_of=30)]
    earliest: ClockTime
    latest: ClockTime


class Shift(Section):
    """From a local time to another on half hours; an end at or before the start lies on the next day."""

    start: ClockTime
    end: ClockTime
    breaks: Many[Break] = ()

    @model_validator(mode="after")
    def _on_half_hours(self) -> Self:
        times = [self.start, self.end, *(at for one in self.breaks for at in (one.earliest, one.latest))]
        if any(at.minute % 30 or at.second for at in times):
            raise ValueError("shifts and breaks begin and end on half hours")
        return self

    @property
    def start_minute(self) -> int:
        """Minute of the day it starts at."""
        return self.start.hour * 60 + self.start.minute

    @property
    def length_minutes(self) -> int:
        """From start to end, breaks included."""
        return (self.end.hour * 60 + self.end.minute - self.start_minute - 1) % 1440 + 1

    @property
    def work_minutes(self) -> int:
        """From start to end without breaks."""
        return self.length_minutes - sum(one.minutes for one in self.breaks)


class Staff(Section):
    """Who is away, and premiums on the hourly wage.

    `absence`: chance that a planned person does not come on a day; `shrinkage`: part of a present person's time that is
    not at the desk (training, coaching, short pauses). `employer_cost`: what a paid hour costs the hotel, as a multiple
    of the wage. `language_premium`, `night_premium`: shares added to the wage.
    """

    absence: Annotated[Part, Field(lt=1)] = 0.0
    shrinkage: Annotated[Part, Field(lt=1)] = 0.0
    currency: Currency = "TRY"
    employer_cost: Positive = 1.0
    language_premium: dict[Language, Part] = Field(default_factory=dict)
    night_premium: Part = 0.0


class BreakRule(Section):
    """Work of more than `above_hours` asks for a break of so many `minutes`."""

    above_hours: Annotated[NotNegative, Field(le=24)]
    minutes: Annotated[int, Field(ge=0, le=240)]


class Labour(Section):
    """What the law allows, hours of work without breaks; the hotel edits it. `night_*`: local times of night work."""

    week_hours: Annotated[Positive, Field(le=168)]
    day_hours: Annotated[Positive, Field(le=24)]
    night_hours: Annotated[Positive, Field(le=24)]
    night_start: ClockTime
    night_end: ClockTime
    weekly_rest_hours: Annotated[Positive, Field(le=168)]
    daily_rest_hours: Annotated[Positive, Field(le=24)]
    days_per_week: Annotated[int, Field(ge=1, le=7)] = 6
    breaks: Many[BreakRule] = ()
