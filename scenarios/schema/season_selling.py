"""Selling: what becomes of an answered sales contact, against rooms that run out.

An answered sales contact ends in a yes with the channel's `conversion`, halved by every half life the guest waited. The
yes asks for a hotel, an arrival (`lead_time`), nights and a party at a price per night; if the rooms are there a hold
is placed, which is confirmed at once, becomes an option, or lapses. If not, other dates or a sister hotel may do; else
it is lost for want of rooms. Some who said no are called again (`follow_up`). Later cancellations and no-shows give
rooms back. Rooms that tour operators and OTAs take come from the hotel files' occupancy (`others`).
"""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from scenarios.schema.season_words import NotNegative, Part, Positive, SeasonChannel, Twelve
from scenarios.schema.types import Amount, Currency, Many, PmsCode, Section


class Weighted(Section):
    """A number and how often it occurs, relative to the others."""

    value: Annotated[int, Field(ge=0, le=90)]
    weight: Positive


class LeadTime(Section):
    """Days from the contact to the arrival: gamma, rounded down, at least 0."""

    distribution: Literal["gamma"] = "gamma"
    shape: Positive
    scale_days: Positive
    most_days: Annotated[int, Field(ge=1, le=730)] = 365


class Party(Section):
    """Adults, and the share of parties with children in July and August and in the other months."""

    adults: Many[Weighted] = Field(min_length=1)
    with_children_summer: Part
    with_children: Part


class Price(Section):
    """Price of a room and night: lognormal with `mean` in the reference month of `month_index` (index 1)."""

    currency: Currency = "EUR"
    mean: Amount
    sigma_log: Annotated[NotNegative, Field(le=2)]
    month_index: Twelve


class Stages(Section):
    """Of those who said yes: confirmed at once, or an option first; the rest lets the hold lapse.

    `option_confirmed`: share of options that are confirmed, after `confirm_delay_h` on average (exponential, within the
    option's life); the others lapse at its end. Lives of holds and options are the hotel file's.
    """

    confirmed_at_once: Part
    option: Part
    option_confirmed: Part
    confirm_delay_h: Positive

    @model_validator(mode="after")
    def _at_most_one(self) -> Self:
        if self.confirmed_at_once + self.option > 1:
            raise ValueError("confirmed_at_once and option are shares of the same whole and may not exceed 1 together")
        return self


class Cancellation(Section):
    """Share of confirmed stays cancelled, and when: on the booking day, else after a part of the lead time drawn from a
    beta distribution (`elapsed_a`, `elapsed_b`)."""

    share: dict[SeasonChannel, Part]
    on_booking_day: Part
    elapsed_a: Positive
    elapsed_b: Positive


class Alternatives(Section):
    """When the rooms are gone: chance to take other dates within `days`, then chance to take a sister hotel."""

    other_dates: Part
    days: Annotated[int, Field(ge=0, le=30)]
    sister_hotel: Part


class Others(Section):
    """Rooms that others sell: the hotel file's occupancy x `occupancy_factor` without our `direct_share`, picked up by
    a gamma-shaped lead time. `spread`: how much it differs from week to week (log standard deviation)."""

    occupancy_factor: NotNegative = 1.0
    spread: Annotated[NotNegative, Field(le=1)] = 0.08
    direct_share: Part
    lead_shape: Positive
    lead_scale_days: Positive


class FollowUp(Section):
    """Of guests who were answered and did not buy: the share that is called again, when, and with which success."""

    share: Part
    after_days: Positive
    conversion: Part
    work_s: Positive
    most: Annotated[int, Field(ge=0, le=5)] = 1


class Closure(Section):
    """Nights on which a hotel (an id; none: all) does not sell, or only stays of at least `min_stay` nights."""

    hotel: PmsCode | None = None
    start: date
    end: date
    min_stay: Annotated[int, Field(ge=2, le=30)] | None = None


class Selling(Section):
    """All of it. `slow_reply_half_life_s`: by channel the wait for the first answer that halves the conversion; a
    channel without one does not suffer. `changed`, `special_request`: shares of bookings. `use_restrictions`:
    stop-sales and minimum stays of the hotel files hold.
    """

    conversion: dict[SeasonChannel, Part]
    slow_reply_half_life_s: dict[SeasonChannel, Positive] = Field(default_factory=dict)
    lead_time: LeadTime
    nights: Many[Weighted] = Field(min_length=1)
    party: Party
    price: Price
    stages: Stages
    cancellation: Cancellation
    no_show: Part
    repeat_guest: Part = 0.0
    changed: Part = 0.0
    special_request: Part = 0.0
    alternatives: Alternatives
    others: Others
    follow_up: FollowUp
    use_restrictions: bool = True
    closures: Many[Closure] = ()
