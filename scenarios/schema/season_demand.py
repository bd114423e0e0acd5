"""Demand: how many contacts come on a day, when in it, through which channel, in which language, about what.

Expected contacts of a channel, language and intent on a day = `contacts_per_1000_rooms_day` x rooms / 1000 x `factor`
x channel share x intent share within the channel x language share within the channel (tilted by month) x month index
(of sales or service, relative to `reference_month`) x weekday index x calendar factor; the day's gamma factor, shared
by all channels, multiplies all of it. Half hours spread the day; where `own_clock` is true the profile is in the
caller's time and moves with his time zone.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from scenarios.schema.season_words import (
    ChannelMix,
    HalfHours,
    Intent,
    IntentMix,
    LanguageMix,
    NotNegative,
    OurName,
    Part,
    Positive,
    SeasonChannel,
    Seven,
    Twelve,
)
from scenarios.schema.types import Language, Section, TimeZone

Market = Annotated[str, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")]


class DayFactor(Section):
    """Busyness of a day, mean 1: gamma with coefficient of variation `cv` (0: none). Morning and afternoon have a
    factor each, correlated by `half_day_correlation` (1: one factor for the whole day)."""

    distribution: Literal["gamma", "none"] = "gamma"
    cv: Annotated[NotNegative, Field(le=2)]
    half_day_correlation: Part = 1.0


class Rhythm(Section):
    """How a channel's contacts spread: names of a list of `weekday` and of `half_hours`; `own_clock`: the half hours
    are in the caller's own time (`time_zones`)."""

    weekday: OurName
    half_hours: OurName
    own_clock: bool = False


class Signals(Section):
    """Chance that a contact shows a signal that the handoff rules act on."""

    cancellation: Part = 0.0
    crisis: Part = 0.0
    last_minute: Part = 0.0


class Demand(Section):
    """Everything contacts are drawn from. `language_tilt`: by language, visitors of each month relative to the
    reference month; it moves the foreign languages against each other and leaves Turkish its share."""

    factor: Positive = 1.0
    contacts_per_1000_rooms_day: NotNegative
    reference_month: Annotated[int, Field(ge=1, le=12)] = 8
    month_index_sales: Twelve
    month_index_service: Twelve
    weekday: dict[OurName, Seven] = Field(min_length=1)
    half_hours: dict[OurName, HalfHours] = Field(min_length=1)
    rhythm: dict[SeasonChannel, Rhythm]
    time_zones: dict[Language, TimeZone]
    day_factor: DayFactor
    channel_mix: ChannelMix
    intents: dict[SeasonChannel, IntentMix]
    language_mix: dict[SeasonChannel, LanguageMix]
    language_tilt: dict[Language, Twelve] = Field(default_factory=dict)
    signals: dict[SeasonChannel, dict[Intent, Signals]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        for channel, share in self.channel_mix.items():
            if not share:
                continue
            for name in ("rhythm", "intents", "language_mix"):
                if channel not in getattr(self, name):
                    raise ValueError(f"channel_mix has {channel}, but {name} says nothing of it")
        for channel, rhythm in self.rhythm.items():
            if rhythm.weekday not in self.weekday:
                raise ValueError(f"rhythm.{channel} names the weekday list {rhythm.weekday}, which does not exist")
            if rhythm.half_hours not in self.half_hours:
                raise ValueError(f"rhythm.{channel} names the half hours {rhythm.half_hours}, which do not exist")
        return self


class Calendars(Section):
    """Holidays of the countries whose guests call in a language, and what they do to a day's contacts.

    `markets`: by language the countries (or parts: `GB-ENG`) and their weights. Factors multiply the day's contacts of
    the language by the part of its market that has such a day. `bridging`: a working day between a holiday and a
    weekend is taken off too, and two of them beside a feast (in Türkiye the government may make nine days of one).
    `lead_up_*`: the days before a feast (a holiday of at least `feast_days` days) on which sales contacts rise.
    """

    markets: dict[Language, dict[Market, Positive]]
    bridging: bool = False
    holiday_factor: NotNegative = 1.0
    half_day_factor: NotNegative = 1.0
    bridge_factor: NotNegative = 1.0
    feast_days: Annotated[int, Field(ge=2, le=14)] = 3
    lead_up_days: Annotated[int, Field(ge=0, le=60)] = 0
    lead_up_factor: NotNegative = 1.0
