"""What is sold and for how much: room types, seasons, rate plans, packages.

A price is small data: one base price per rate plan, currency and season, for
two adults and one night, tax included, times the factor of the room type and
of an event that falls into the season. `scenarios.seasons` multiplies it out
into the rows a PMS stores. Seasons are periods of any year and must cover it
exactly once; the twin code of a plan in the home currency has prices of its
own, because the home market is priced, not converted.
"""

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from scenarios.schema.settings import Deposit
from scenarios.schema.types import (
    Amount,
    Currency,
    Day,
    Factor,
    Labels,
    Many,
    Number,
    OurCode,
    Percent,
    Period,
    PmsCode,
    Section,
    Text,
    Weekday,
)

Board = Literal["RO", "BB", "HB", "FB", "AI", "UAI"]
Rule = Literal[
    "stop_sale",
    "cta",
    "ctd",
    "min_stay",
    "max_stay",
    "min_stay_through",
    "max_stay_through",
    "min_advance",
    "max_advance",
]
RULES_WITHOUT_UNIT = frozenset({"stop_sale", "cta", "ctd"})
Count = Annotated[int, Field(ge=0, le=20)]


class RoomType(Section):
    """A kind of room that is sold; `rooms` is its stock, `price_factor` multiplies the base price."""

    code: PmsCode
    name: Labels
    description: Text
    room_class: PmsCode
    rooms: Annotated[int, Field(ge=1, le=5_000)]
    overbooking: Count = 0
    max_adults: Annotated[int, Field(ge=1, le=20)]
    max_children: Count
    max_occupancy: Annotated[int, Field(ge=1, le=20)]
    price_factor: Factor
    features: Many[Text] = ()


class Season(Section):
    """A price level and the periods of the year in which it holds."""

    code: PmsCode
    name: Text
    periods: Many[Period] = Field(min_length=1)


class Event(Section):
    """Dated days (a bayram, New Year) that raise the season's price by `price_factor`."""

    code: OurCode
    labels: Labels
    price_factor: Factor
    periods: Many[Period] = Field(min_length=1)


class Cancellation(Section):
    """Free until `free_until_days` before arrival, then `penalty_nights` or `penalty_percent` (exactly one)."""

    free_until_days: Annotated[int, Field(ge=0, le=365)]
    penalty_nights: Annotated[int, Field(ge=1, le=90)] | None = None
    penalty_percent: Percent | None = None
    no_show_percent: Percent
    refundable: bool = True
    text: Labels

    @model_validator(mode="after")
    def _one_penalty(self) -> Self:
        if (self.penalty_nights is None) == (self.penalty_percent is None):
            raise ValueError("give either penalty_nights or penalty_percent")
        return self


class ChildRule(Section):
    """Price of the `order`-th child, eldest first, as a factor of the price per adult (half the room price)."""

    order: Annotated[int, Field(ge=1, le=10)]
    from_age: Annotated[int, Field(ge=0, le=17)]
    to_age: Annotated[int, Field(ge=0, le=17)]
    factor: Factor


class RatePlan(Section):
    """Price + board + cancellation terms; `codes` gives the PMS's code for each currency."""

    code: PmsCode
    codes: dict[Currency, PmsCode]
    name: Labels
    board: Board
    market_codes: dict[Currency, PmsCode]
    source_code: PmsCode
    packages: Many[PmsCode] = ()
    cancellation: Cancellation
    deposit: Deposit | None = None
    single_factor: Factor
    extra_adult_factor: Factor
    child_rules: Many[ChildRule]
    prices: dict[Currency, dict[PmsCode, Amount]]
    seed_weight: Annotated[Number, Field(ge=0, le=1_000)] = Decimal(1)
    bookable_from: Day | None = None
    bookable_to: Day | None = None


class Package(Section):
    """A bundle with its price for each currency.

    `rate_plans` are the plans it can be added to; a plan that always contains
    it names it in its own `packages`. `included` = the plan's price has it.
    """

    code: PmsCode
    codes: dict[Currency, PmsCode]
    name: Labels
    description: Labels
    prices: dict[Currency, Amount]
    rhythm: Literal["every_night", "arrival_night"]
    included: bool = False
    rate_plans: Many[PmsCode] = ()
    purposes: Many[OurCode] = ()


class Restriction(Section):
    """A closing or stay rule; `unit` is nights or days, and no room type or plan means the whole house."""

    rule: Rule
    unit: Annotated[int, Field(ge=1, le=365)] | None = None
    room_type: PmsCode | None = None
    rate_plan: PmsCode | None = None
    start: Day
    end: Day
    weekdays: Many[Weekday] = ()
    reason: Text

    @property
    def period(self) -> Period:
        """The days it holds on."""
        return Period(start=self.start, end=self.end)

    @model_validator(mode="after")
    def _unit_where_needed(self) -> Self:
        if (self.rule in RULES_WITHOUT_UNIT) == (self.unit is not None):
            raise ValueError(f"{self.rule} takes no unit" if self.unit is not None else f"{self.rule} needs a unit")
        return self
