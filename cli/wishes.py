"""What is typed about a stay, as bundles of options, and what the use cases make of it."""

from dataclasses import dataclass, replace
from typing import Annotated

from typer import Option

from cli.inputs import a_day, a_day_or_none, a_guarantee, a_length, an_amount, codes
from cli.parameters import (
    Adults,
    CallId,
    CaseId,
    CheckIn,
    Children,
    Currency,
    Email,
    GuestLanguage,
    Key,
    Market,
    Name,
    Nationality,
    Nights,
    Phone,
    Promo,
    RatePlan,
    Requests,
    Rooms,
    RoomType,
)
from domain.errors import InvalidInput
from domain.money import Money
from domain.reservation import ReservationState
from integration.usecases.booking_request import BookRequest
from integration.usecases.change_wish import ChangeWish
from integration.usecases.lead_wish import LeadWish
from integration.usecases.stay_wish import StayWish
from integration.usecases.write_guest import GuestCard


@dataclass(frozen=True, slots=True)
class QuoteFields:
    """Options of a quote."""

    check_in: Annotated[str, Option("--check-in", help="Day of arrival, YYYY-MM-DD.", show_default=False)]
    nights: Annotated[int, Option("--nights", help="Number of nights.", show_default=False)]
    adults: Annotated[int, Option("--adults", help="Number of adults.", show_default=False)]
    child: Children = None
    rooms: Rooms = 1
    room_type: RoomType = None
    rate_plan: RatePlan = None
    board: Annotated[str | None, Option("--board", help="Board (UAI, HB, BB, ...).", show_default=False)] = None
    currency: Currency = None
    market: Market = None
    purpose: Annotated[str | None, Option("--purpose", help="Purpose of the stay, a code.", show_default=False)] = None
    promo: Promo = None
    call: CallId = None
    case: CaseId = None
    guest_lang: GuestLanguage = None


def stay_wish(typed: QuoteFields, hotel_id: str | None, spoken: str) -> StayWish:
    """The wish of a quote; `spoken`: the language of whoever sits at the screen."""
    wish = _wish(typed, hotel_id, typed.check_in, typed.nights, typed.adults)
    return replace(wish, board=typed.board, purpose=typed.purpose, case_id=typed.case, spoken=spoken)


def _wish(
    typed: "QuoteFields | BookingFields", hotel_id: str | None, check_in: str, nights: int, adults: int
) -> StayWish:
    """What a quote and a booking by dates ask for alike."""
    return StayWish(
        check_in=a_day(check_in, "check_in"),
        nights=nights,
        adults=adults,
        child_ages=tuple(typed.child or ()),
        rooms=typed.rooms,
        hotel_id=hotel_id,
        room_type=typed.room_type,
        rate_plan=typed.rate_plan,
        currency=typed.currency,
        market=typed.market,
        promo=typed.promo,
        call_id=typed.call,
        language=typed.guest_lang,
    )


@dataclass(frozen=True, slots=True)
class GuestFields:
    """Options that say who a guest is."""

    name: Name = None
    phone: Phone = None
    email: Email = None
    guest_lang: GuestLanguage = None
    nationality: Nationality = None


def guest_card(typed: "GuestFields | BookingFields") -> GuestCard:
    """What was typed about a guest."""
    return GuestCard(typed.name, typed.phone, typed.email, typed.guest_lang, typed.nationality)


@dataclass(frozen=True, slots=True)
class LeadWishFields:
    """Options that say what a lead wants, as far as it is known."""

    check_in: CheckIn = None
    nights: Nights = None
    adults: Adults = None
    child: Children = None
    source: Annotated[
        str | None, Option("--source", help="Where it was found: a fair, a campaign, an agency.", show_default=False)
    ] = None


def lead_wish(typed: LeadWishFields) -> LeadWish:
    """What was typed about a lead."""
    return LeadWish(
        check_in=a_day_or_none(typed.check_in, "check_in"),
        nights=typed.nights,
        adults=typed.adults,
        child_ages=tuple(typed.child or ()),
        source=(typed.source or "").strip(),
    )


@dataclass(frozen=True, slots=True)
class BookingFields:
    """Options of a new hold, option or confirmed reservation."""

    offer: Annotated[str | None, Option("--offer", help="Offer to book from.", show_default=False)] = None
    pick: Annotated[int | None, Option("--pick", help="Number of its choice.", show_default=False)] = None
    guest: Annotated[str | None, Option("--guest", help="Guest id; or say --phone and --name.", show_default=False)] = (
        None
    )
    name: Name = None
    phone: Phone = None
    email: Email = None
    guest_lang: GuestLanguage = None
    nationality: Nationality = None
    check_in: CheckIn = None
    nights: Nights = None
    adults: Adults = None
    child: Children = None
    rooms: Rooms = 1
    room_type: RoomType = None
    rate_plan: RatePlan = None
    currency: Currency = None
    market: Market = None
    promo: Promo = None
    request: Requests = None
    note: Annotated[
        str | None, Option("--note", help="Note for the hotel, kept on the PMS record.", show_default=False)
    ] = None
    call: CallId = None
    key: Key = None

    @property
    def is_new(self) -> bool:
        """Whether anything says what to book."""
        return self.offer is not None or self.check_in is not None


def book_request(
    typed: BookingFields,
    to: ReservationState,
    key: str,
    hotel_id: str | None,
    *,
    guarantee: str | None = None,
    option_for: str | None = None,
) -> BookRequest:
    """The request of a new reservation."""
    has_card = any((typed.name, typed.phone, typed.email))
    return BookRequest(
        to=to,
        request_key=key,
        offer_id=typed.offer,
        pick=typed.pick,
        wish=_booking_wish(typed, hotel_id),
        guest_id=typed.guest,
        card=guest_card(typed) if has_card else None,
        guarantee=a_guarantee(guarantee),
        requests=codes(typed.request),
        note=typed.note,
        call_id=typed.call,
        option_for=a_length(option_for, "for") if option_for is not None else None,
    )


def _booking_wish(typed: BookingFields, hotel_id: str | None) -> StayWish | None:
    if typed.check_in is None:
        return None
    if typed.offer is not None:
        raise InvalidInput("Book from an offer or by dates, not both.", field="check_in")
    if typed.nights is None or typed.adults is None:
        raise InvalidInput("Booking by dates needs --nights and --adults.", field="nights")
    return _wish(typed, hotel_id, typed.check_in, typed.nights, typed.adults)


@dataclass(frozen=True, slots=True)
class ChangeFields:
    """Options of a change; what is not said stays."""

    check_in: CheckIn = None
    nights: Nights = None
    adults: Adults = None
    child: Children = None
    no_children: Annotated[bool, Option("--no-children", help="No child comes along any more.")] = False
    room_type: RoomType = None
    rate_plan: RatePlan = None
    expect_total: Annotated[
        str | None, Option("--expect-total", help="Refuse if the new total is another.", show_default=False)
    ] = None
    key: Key = None


def change_wish(typed: ChangeFields, currency: str) -> ChangeWish:
    """What to change. `currency`: the reservation's, for the expected total."""
    expected: Money | None = None
    if typed.expect_total is not None:
        expected = an_amount(typed.expect_total, currency)
    if typed.no_children and typed.child:
        raise InvalidInput("Say --child or --no-children, not both.", field="child")
    ages = tuple(typed.child) if typed.child else None
    return ChangeWish(
        check_in=a_day_or_none(typed.check_in, "check_in"),
        nights=typed.nights,
        adults=typed.adults,
        child_ages=() if typed.no_children else ages,
        room_type=typed.room_type,
        rate_plan=typed.rate_plan,
        expected_total=expected,
    )
