"""What a season asks for, ready to be drawn: mean contacts by day, half hour, channel and language, and how guests are.

`rates` multiplies out everything the scenario says about volume: rooms, month, weekday, holidays in the callers'
countries, the mix of channels and intents, languages and their tilt over the year, the half hours of the day by the
callers' own clocks. Intents follow from day, channel and language, hotels from their rooms. Nothing here is random; the
mean day of a planner (`expected`) and a drawn day come from the same numbers.

Time runs in seconds from the first day's midnight on the scenario's own clock; every day has 24 hours.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from scenarios.demand_tables import F8, I8, thresholds

HALF_HOURS = 48
HALF_HOUR_S = 1800.0
DAY_S = 86_400.0
NOON = 24


@dataclass(frozen=True, slots=True)
class DayFactor:
    """How busy a day is beyond what is planned: one gamma factor of mean 1 for the morning and one for the afternoon,
    the same for all channels, so that a day's total has the coefficient of variation `cv` (chance of arrivals aside).

    `half_cv`: of one half day, from `cv`, `correlation` and the share of the day before noon. The two are sums of a
    part they share and one of their own, all gamma of one scale: their correlation is exactly the shared part.
    """

    cv: float
    correlation: float = 1.0
    morning_share: float = 0.5
    half_cv: float = field(init=False)

    def __post_init__(self) -> None:
        """ValueError for a negative cv or a correlation outside [0, 1]."""
        if self.cv < 0 or not 0 <= self.correlation <= 1:
            raise ValueError("a day factor needs a cv of 0 or more and a correlation between 0 and 1")
        one, other = self.morning_share, 1 - self.morning_share
        spread = one**2 + other**2 + 2 * one * other * self.correlation
        object.__setattr__(self, "half_cv", self.cv / float(np.sqrt(spread)))

    def halves(self, numbers: np.random.Generator) -> tuple[float, float]:
        """The factors of a morning and an afternoon."""
        scale = self.half_cv**2
        if not scale:
            return 1.0, 1.0
        own = (1 - self.correlation) / scale
        both = numbers.gamma(self.correlation / scale, scale)
        return both + numbers.gamma(own, scale), both + numbers.gamma(own, scale)


@dataclass(frozen=True, slots=True)
class GuestTables:
    """How contacts of each kind are; a **kind** is `channel * intents + intent`, the row of every table.

    `work_mu`, `work_sigma`: lognormal; `short`: share of contacts over at once, after `short_s` on the mean; `wrap_s`:
    mean of an exponential; `first_reply`: share of the work; `patience_s`: mean of an exponential, to which
    `fixed_patience_s` is added (one of the two is 0; infinite: never gives up); `silent`: share that gives up without a
    sign; `unsolved`: chance of being unsolved after two turns; `signal_limits`, `signal_bits`: thresholds, and the mask
    of each choice; `turns`: a lookup for each channel; `redial_gap_s`: a lookup; `tries`: how often a guest comes back
    at most.
    """

    work_mu: F8
    work_sigma: F8
    short: F8
    short_s: F8
    wrap_s: F8
    first_reply: F8
    patience_s: F8
    fixed_patience_s: F8
    silent: F8
    unsolved: F8
    signal_limits: F8
    signal_bits: I8
    turns: I8
    redial_gap_s: F8
    tries: int


@dataclass(frozen=True, slots=True)
class SalesTables:
    """What would be bought: lookups of lead time, nights, adults and of the part of the lead time gone by when a stay
    is cancelled; share of parties with children by day of arrival (from the season's first day on)."""

    lead_days: I8
    nights: I8
    adults: I8
    cancel_elapsed: F8
    with_children: F8
    price_sigma: float
    follow_up_after_days: float


@dataclass(frozen=True, slots=True)
class DemandPlan:
    """A season's demand. `rates[day, half hour, channel, language]`: mean contacts of a half hour; `intent_shares[day,
    channel, language, intent]`; `room_hotel`: the hotel of each room, all hotels' rooms in a row.

    The rest follows from these: `reach[day, 0..48]`, mean contacts since midnight, and the thresholds of channel (rows:
    day; half hour), language (half hour x channel) and intent (channel x language).
    """

    first: date
    channels: tuple[str, ...]
    languages: tuple[str, ...]
    intents: tuple[str, ...]
    hotels: tuple[str, ...]
    rates: F8
    intent_shares: F8
    room_hotel: I8
    factor: DayFactor
    guests: GuestTables
    sales: SalesTables
    reach: F8 = field(init=False, repr=False)
    channel_limits: F8 = field(init=False, repr=False)
    language_limits: F8 = field(init=False, repr=False)
    intent_limits: F8 = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Make the thresholds once. ValueError when the shapes do not agree."""
        days, channels, languages = len(self.rates), len(self.channels), len(self.languages)
        if self.rates.shape != (days, HALF_HOURS, channels, languages):
            raise ValueError("rates are by day, half hour, channel and language")
        if self.intent_shares.shape != (days, channels, languages, len(self.intents)):
            raise ValueError("intent shares are by day, channel, language and intent")
        by_channel = self.rates.sum(axis=3)
        totals = by_channel.sum(axis=2)
        put = object.__setattr__
        put(self, "reach", np.concatenate([np.zeros((days, 1)), totals.cumsum(axis=1)], axis=1))
        put(self, "channel_limits", thresholds(by_channel))
        put(self, "language_limits", thresholds(self.rates).reshape(days, HALF_HOURS * channels, languages - 1))
        put(self, "intent_limits", thresholds(self.intent_shares).reshape(days, channels * languages, -1))

    @property
    def days(self) -> int:
        """How many days."""
        return len(self.rates)

    def date_of(self, day: int) -> date:
        """The date of a day of the season."""
        return self.first + timedelta(days=day)

    def day_of(self, on: date) -> int:
        """The day of the season a date is; ValueError outside it."""
        day = (on - self.first).days
        if not 0 <= day < self.days:
            raise ValueError(f"{on} is outside the season")
        return day


def expected(plan: DemandPlan, day: int) -> F8:
    """Mean contacts of a day by half hour, channel, language and intent."""
    shares: F8 = plan.rates[day][..., None] * plan.intent_shares[day][None]
    return shares


def mean_day(plan: DemandPlan, days: Iterable[int] | None = None) -> F8:
    """Mean contacts by half hour, channel, language and intent of an average day (of these days, or of all)."""
    chosen = list(range(plan.days) if days is None else days)
    mean: F8 = np.sum([expected(plan, day) for day in chosen], axis=0) / len(chosen)
    return mean


def expected_totals(plan: DemandPlan) -> F8:
    """Mean contacts of every day."""
    totals: F8 = plan.reach[:, -1]
    return totals
