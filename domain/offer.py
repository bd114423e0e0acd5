"""An offer: two or three priced choices, a price that is kept until `valid_until`, and no stock.

An offer binds the price, not the room. What cannot be sold is part of the answer too: `closed` says which room types
are not to be had and why, `alternatives` what could be sold instead (other dates first, then sister hotels, then a
waiting list).
"""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import NewType

from domain.availability import Alert, Availability
from domain.case import CallId, CaseId
from domain.deadlines import local_text
from domain.errors import InvalidInput, OfferExpired
from domain.money import Money
from domain.rates import CancellationTerms, NightPrice
from domain.stay import Party, StayDates

OfferId = NewType("OfferId", str)


class ChoiceKind(StrEnum):
    """Why a choice is shown."""

    CHEAPEST = "cheapest"
    BEST_FIT = "best_fit"
    UPGRADE = "upgrade"


@dataclass(frozen=True, slots=True)
class Upsell:
    """Something that may be added: a better room, a transfer, a treatment. `price` is for the whole stay and party."""

    code: str
    price: Money


@dataclass(frozen=True, slots=True)
class Candidate:
    """A room type on a rate plan that can be sold for the stay. Prices are for all `rooms` asked for, tax included."""

    room_type: str
    rate_plan: str
    rate_code: str
    board: str
    package: str | None
    nightly: tuple[NightPrice, ...]
    total: Money
    available_rooms: int
    availability: Availability
    alerts: tuple[Alert, ...]
    cancellation: CancellationTerms
    deposit: Money


@dataclass(frozen=True, slots=True)
class Choice:
    """A candidate that is shown, under the number the agent picks it by (from 1)."""

    number: int
    kind: ChoiceKind
    candidate: Candidate
    upsells: tuple[Upsell, ...] = ()


@dataclass(frozen=True, slots=True)
class ClosedRoom:
    """A room type (on a plan, or on all plans when `rate_plan` is None) that cannot be sold as asked, and why."""

    room_type: str
    rate_plan: str | None
    availability: Availability
    alerts: tuple[Alert, ...]


class AlternativeKind(StrEnum):
    """What kind of way out."""

    OTHER_DATES = "other_dates"
    SISTER_HOTEL = "sister_hotel"
    WAITLIST = "waitlist"


@dataclass(frozen=True, slots=True)
class Alternative:
    """A way out when nothing sells as asked; a waiting-list entry has neither room nor price."""

    kind: AlternativeKind
    hotel_id: str
    stay: StayDates
    room_type: str | None = None
    rate_plan: str | None = None
    total: Money | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """What was offered to whom, at what price, until when."""

    offer_id: OfferId
    hotel_id: str
    stay: StayDates
    party: Party
    rooms: int
    currency: str
    language: str
    created_at: datetime
    valid_until: datetime
    actor: str
    choices: tuple[Choice, ...]
    closed: tuple[ClosedRoom, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    call_id: CallId | None = None
    case_id: CaseId | None = None
    promo: str | None = None
    promo_note: str | None = None
    purpose: str | None = None
    requests: tuple[str, ...] = ()
    is_group: bool = False

    def is_valid(self, now: datetime) -> bool:
        """Whether the price still stands: dead at the instant, not after it."""
        return now < self.valid_until

    def pick(self, number: int, now: datetime, zone: tzinfo) -> Choice:
        """The choice with this number. OfferExpired when the price has lapsed, InvalidInput for no such number.

        `zone`: the hotel's, for the sentence.
        """
        for choice in self.choices:
            if choice.number == number:
                if not self.is_valid(now):
                    raise OfferExpired(
                        "Offer {offer_id} was valid until {until}; quote again.",
                        offer_id=self.offer_id,
                        until=local_text(self.valid_until, zone),
                    )
                return choice
        raise InvalidInput(
            "Offer {offer_id} has no choice {number}.", offer_id=self.offer_id, number=number, field="pick"
        )
