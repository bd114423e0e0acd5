"""The terms on which a hotel sells: everything the rules need to know of it, free of file format and PMS.

Built once from the hotel file at start-up. Times of day are the hotel's own; codes are the hotel's own; `pms_...`
values are what its PMS calls them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from enum import StrEnum

from domain.deadlines import cut_off_instant, hotel_day
from domain.errors import InvalidInput, NotFound
from domain.rates import DepositRule, Package, RatePlan, RoomType
from domain.reservation import Guarantee, ReservationState


class CancelReason(StrEnum):
    """Why a reservation is taken back in the PMS; each maps to a PMS cancellation code in the hotel file."""

    GUEST = "guest"
    HOLD_EXPIRED = "hold_expired"
    OPTION_EXPIRED = "option_expired"
    ROLLED_BACK = "rolled_back"
    PRICE_CHANGED = "price_changed"
    NO_SHOW = "no_show"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class LostReason:
    """Why a guest did not book: our code, the PMS's turnaway code, and whether it was a regret or a denial."""

    code: str
    pms_code: str
    is_denial: bool
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SpecialRequest:
    """A coded wish; `special` marks health data (allergy), which never goes into a message."""

    code: str
    labels: Mapping[str, str]
    special: bool = False


class UpsellPer(StrEnum):
    """What an upsell is charged by."""

    STAY = "stay"
    NIGHT = "night"
    PERSON = "person"
    PERSON_NIGHT = "person_night"


@dataclass(frozen=True, slots=True)
class UpsellItem:
    """Something to offer beside the room; prices by currency. Empty `rate_plans` or `purposes`: good for any."""

    code: str
    labels: Mapping[str, str]
    per: UpsellPer
    prices: Mapping[str, Decimal]
    rate_plans: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()

    def fits(self, rate_plan: str, purpose: str | None) -> bool:
        """Whether it is worth offering on this plan for this purpose of stay."""
        return (not self.rate_plans or rate_plan in self.rate_plans) and (not self.purposes or purpose in self.purposes)


@dataclass(frozen=True, slots=True)
class Promotion:
    """A campaign code, the plans and stay days (both included) it is good for, and the last day it is given on."""

    code: str
    name: str
    rate_plans: tuple[str, ...]
    percent: Decimal
    start: date
    end: date
    sell_until: date | None = None

    def is_over(self, today: date) -> bool:
        """Whether it is no longer given, whatever the dates of the stay."""
        return self.sell_until is not None and today > self.sell_until


@dataclass(frozen=True, slots=True)
class ScriptLine:
    """A sentence for the agent to say; `{placeholders}` take the offer's own figures. `moment`: offer, closed, ..."""

    moment: str
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class SellingRules:
    """The hotel's settings of the selling path."""

    hold: timedelta
    option: timedelta
    quote_valid: timedelta
    arrival_cut_off: time
    group_rooms: int
    settle: timedelta
    max_live_holds: int
    few_left: int
    max_nights: int
    alternate_days: int
    rollback_supervisor_above: int = 5
    join_window: timedelta = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class PmsTerms:
    """How this hotel is known to its PMS. `share_per_second` is OUR part of the hotel's rate limit."""

    pms_hotel_id: str
    system_code: str
    share_per_second: float
    burst: int
    market_code: str
    source_code: str
    payment_method: str
    comment_type: str
    guarantee_codes: Mapping[ReservationState | Guarantee, str]
    cancel_codes: Mapping[CancelReason, str]
    states: Mapping[str, ReservationState]
    payment_methods: Mapping[str, str] = field(default_factory=dict)
    market_codes: Mapping[str, str] = field(default_factory=dict)

    def market_of(self, rate_code: str) -> str:
        """The market a PMS rate code is booked under."""
        return self.market_codes.get(rate_code, self.market_code)


@dataclass(frozen=True, slots=True)
class HotelTerms:
    """One hotel, as the rules see it. `notice_url`: where guests read how their data is used, `notice_version`: which
    text stands there now; `escalate_to`: the mailbox that is told of an escalated clock, empty for none."""

    hotel_id: str
    name: str
    zone: tzinfo
    currency: str
    home_currency: str
    home_market: str
    languages: tuple[str, ...]
    sister_hotels: tuple[str, ...]
    rules: SellingRules
    pms: PmsTerms
    room_types: Mapping[str, RoomType]
    rate_plans: Mapping[str, RatePlan]
    packages: Mapping[str, Package]
    default_deposit: DepositRule
    lost_reasons: Mapping[str, LostReason]
    requests: Mapping[str, SpecialRequest]
    upsells: tuple[UpsellItem, ...]
    promotions: Mapping[str, tuple[Promotion, ...]]
    script: tuple[ScriptLine, ...]
    purposes: tuple[str, ...]
    notice_version: str = ""
    notice_url: str = ""
    escalate_to: str = ""
    _plans: Mapping[str, RatePlan] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Find rate plans by any of their codes at once: a price list is read through it line by line."""
        plans: dict[str, RatePlan] = {}
        for plan in self.rate_plans.values():
            for code in (plan.code, *dict(plan.pms_codes).values()):
                plans.setdefault(code, plan)
        object.__setattr__(self, "_plans", plans)

    def today(self, now: datetime) -> date:
        """The hotel's day."""
        return hotel_day(now, self.zone)

    def option_limit(self, check_in: date) -> datetime:
        """The instant no option for this arrival may outlive."""
        return cut_off_instant(check_in, self.rules.arrival_cut_off, self.zone)

    def room_type(self, code: str) -> RoomType:
        """The room type with this code; NotFound otherwise."""
        found = self.room_types.get(code.upper())
        if found is None:
            raise NotFound(
                "{hotel} has no room type {code}.", hotel=self.hotel_id, code=code, hint=", ".join(self.room_types)
            )
        return found

    def rate_plan(self, code: str) -> RatePlan:
        """The rate plan with this code, ours or the PMS's; NotFound otherwise."""
        found = self._plans.get(code.upper())
        if found is not None:
            return found
        raise NotFound(
            "{hotel} has no rate plan {code}.", hotel=self.hotel_id, code=code, hint=", ".join(self.rate_plans)
        )

    def currency_for(self, currency: str | None, market: str | None) -> str:
        """The currency to quote in: as asked, else the home currency for the home market, else the hotel's."""
        if currency is not None:
            known = {code for plan in self.rate_plans.values() for code, _ in plan.pms_codes}
            if currency.upper() not in known:
                raise InvalidInput(
                    "{hotel} does not sell in {currency}.", hotel=self.hotel_id, currency=currency, field="currency"
                )
            return currency.upper()
        return self.home_currency if market is not None and market.upper() == self.home_market else self.currency

    def check_lost_reason(self, code: str) -> LostReason:
        """The lost reason with this code; InvalidInput otherwise."""
        found = self.lost_reasons.get(code)
        if found is None:
            raise InvalidInput(
                "{code} is not a lost reason.", code=code, hint=", ".join(self.lost_reasons), field="lost_reason"
            )
        return found

    def check_requests(self, codes: tuple[str, ...]) -> None:
        """InvalidInput when a special-request code is not the hotel's."""
        for code in codes:
            if code not in self.requests:
                raise InvalidInput(
                    "{code} is not a special request of {hotel}.",
                    code=code,
                    hotel=self.hotel_id,
                    hint=", ".join(self.requests),
                    field="request",
                )
