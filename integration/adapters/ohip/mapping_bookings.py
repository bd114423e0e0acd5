"""From the PMS's reservations to ours, and deposits.

Only references of our own system are taken. A party or a stay that our rules would refuse (a booking with twelve
children, a day-use room without a night) is brought into bounds or left out: such records were not made by us, and one
of them must not hide the others. `reservationStatus` is handed on as it is; the hotel file says what it means.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import TypeVar

import msgspec

from domain.errors import DomainError
from domain.hotel import HotelTerms
from domain.money import Money
from domain.reservation import PmsRef
from domain.stay import ADULT_AGE, MAX_ADULTS, MAX_CHILDREN, Party, StayDates
from integration.adapters.ohip import wire
from integration.adapters.ohip import wire_bookings as records
from integration.adapters.ohip.bodies import DEADLINE_FIELD
from integration.adapters.ohip.mapping_rates import currency_of, nights_of, price_of
from integration.ports.pms import Deposit, PmsBooking, UnreadableBooking

T = TypeVar("T", bound=msgspec.Struct)
_CANCELLATION_TYPES = frozenset({"Cancellation", "CancellationNumber"})


def id_of(ids: Iterable[wire.UniqueId], kind: str) -> str:
    """The id of this type; one without a type counts when there is no better one; empty when there is none."""
    untyped = ""
    for one in ids:
        if one.type == kind:
            return one.id
        if not one.type and not untyped:
            untyped = one.id
    return untyped


def own_references(hotel: HotelTerms, references: Iterable[wire.ExternalReference]) -> tuple[str, ...]:
    """References of our system."""
    return tuple(one.id for one in references if one.id and one.id_context == hotel.pms.system_code)


def booking(hotel: HotelTerms, one: records.Booking) -> PmsBooking | None:
    """A reservation read by number; None when it is none of a kind that we sell."""
    stay, number = one.room_stay, id_of(one.reservation_id_list, "Reservation")
    if stay is None or not number or stay.arrival_date is None or stay.departure_date is None:
        return None
    if stay.departure_date <= stay.arrival_date or not stay.room_rates:
        return None
    rate = stay.room_rates[0]
    counts = stay.guest_counts or records.GuestCounts(adults=1)
    return PmsBooking(
        pms_ref=PmsRef(number),
        status=one.reservation_status,
        references=own_references(hotel, one.external_references),
        stay=StayDates(stay.arrival_date, stay.departure_date),
        party=_party(counts.adults, counts.children, counts.child_ages),
        rooms=max(1, rate.number_of_units),
        room_type=rate.room_type,
        rate_code=rate.rate_plan_code,
        guarantee_code=stay.guarantee.guarantee_code if stay.guarantee is not None else "",
        total=_total(hotel, one, rate.rate_plan_code),
        deposit_paid=_deposit_paid(hotel, one, rate.rate_plan_code),
        cancel_references=_cancel_references(one),
        comments=texts_of(one.comments),
        created_on=one.create_business_date or _created_on(hotel, one.create_date_time),
        profile_id=_profile_id(one),
        nightly=nights_of(hotel, rate, tuple(StayDates(stay.arrival_date, stay.departure_date).nights())),
        deadline=_deadline(one),
    )


def _profile_id(one: records.Booking) -> str:
    """The primary guest's number; the first guest's when none is called primary."""
    guests = sorted(one.reservation_guests, key=lambda guest: not guest.primary)
    found = (id_of(guest.profile_info.profile_id_list, "Profile") for guest in guests if guest.profile_info is not None)
    return next(found, "")


def _deadline(one: records.Booking) -> datetime | None:
    """An option's end as we mirrored it; None when there is none that can be read."""
    fields = one.user_defined_fields.character if one.user_defined_fields is not None else ()
    text = next((field.value for field in fields if field.name == DEADLINE_FIELD), "")
    try:
        stamp = datetime.fromisoformat(text)
    except ValueError:
        return None
    return stamp.astimezone(UTC) if stamp.tzinfo is not None else None


def booking_info(hotel: HotelTerms, one: records.BookingInfo) -> PmsBooking | None:
    """A reservation found by a search; without comments."""
    stay, number = one.room_stay, id_of(one.reservation_id_list, "Reservation")
    if stay is None or not number or stay.arrival_date is None or stay.departure_date is None:
        return None
    if stay.departure_date <= stay.arrival_date:
        return None
    total = money_of(hotel, stay.rate_plan_code, stay.total_amount)
    paid = one.deposit.amount_paid if one.deposit is not None else None
    currency = total.currency if total is not None else currency_of(hotel, stay.rate_plan_code, "")
    return PmsBooking(
        pms_ref=PmsRef(number),
        status=one.reservation_status,
        references=own_references(hotel, one.external_references),
        stay=StayDates(stay.arrival_date, stay.departure_date),
        party=_party(stay.adult_count, stay.child_count, stay.child_ages),
        rooms=max(1, stay.number_of_rooms),
        room_type=stay.room_type,
        rate_code=stay.rate_plan_code,
        guarantee_code=stay.guarantee.guarantee_code if stay.guarantee is not None else "",
        total=total,
        deposit_paid=None if paid is None else Money(paid, currency),
        cancel_references=tuple(i.id for i in one.reservation_id_list if i.type in _CANCELLATION_TYPES and i.id),
        created_on=_created_on(hotel, one.create_date_time),
    )


def row_of(hotel: HotelTerms, row: msgspec.Raw, position: int) -> PmsBooking | UnreadableBooking | None:
    """A row of a listing, or what is left of one that cannot be read; None for one that is none of ours."""
    try:
        return booking_info(hotel, records.ROW.decode(row))
    except (msgspec.MsgspecError, UnicodeError, DomainError, ArithmeticError, OverflowError):
        pass
    whose = _part(row, records.ROW_REFERENCES)
    references = own_references(hotel, whose.external_references) if whose is not None else ()
    if whose is not None and not references:
        return None
    named = _part(row, records.ROW_NUMBER)
    number = id_of(named.reservation_id_list, "Reservation") if named is not None else ""
    return UnreadableBooking(position, PmsRef(number) if number else None, references)


def _part(row: msgspec.Raw, decoder: "msgspec.json.Decoder[T]") -> T | None:
    try:
        return decoder.decode(row)
    except (msgspec.MsgspecError, UnicodeError):
        return None


def deposits(hotel: HotelTerms, answer: records.MaturedDeposits | None) -> tuple[Deposit, ...]:
    """Money put on a reservation; a line without an amount is none."""
    return tuple(
        Deposit(
            one.reference,
            Money(one.guest_credit_amount.amount, one.guest_credit_amount.currency_code or hotel.currency),
        )
        for one in (answer.matured_deposits if answer is not None else ())
        if one.guest_credit_amount is not None and one.guest_credit_amount.amount is not None
    )


def _party(adults: int, children: int, ages: Iterable[records.ChildAge]) -> Party:
    known = [min(max(one.age, 0), ADULT_AGE - 1) for one in ages]
    filled = known + [0] * (children - len(known))
    return Party(min(max(adults, 1), MAX_ADULTS), tuple(filled[:MAX_CHILDREN]))


def money_of(hotel: HotelTerms, rate_code: str, amount: wire.Amount | None) -> Money | None:
    """An amount with its currency, the rate code's own when none is named; None without an amount."""
    if amount is None or amount.amount is None:
        return None
    return Money(amount.amount, currency_of(hotel, rate_code, amount.currency_code))


def _total(hotel: HotelTerms, one: records.Booking, rate_code: str) -> Money | None:
    """The whole reservation's cost: of the stay's total, else of the rate summary."""
    total = one.room_stay.total if one.room_stay is not None else None
    price = price_of(total)
    if price is not None and total is not None:
        return Money(price, currency_of(hotel, rate_code, total.currency_code))
    if one.rate_summary is not None and one.rate_summary.total_cost_of_stay is not None:
        return Money(one.rate_summary.total_cost_of_stay, currency_of(hotel, rate_code, one.rate_summary.currency_code))
    return None


def _created_on(hotel: HotelTerms, text: str) -> date | None:
    """The property's day of a time stamp; one without an offset is the property's own."""
    try:
        stamp = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (stamp.astimezone(hotel.zone) if stamp.tzinfo else stamp).date()


def _deposit_paid(hotel: HotelTerms, one: records.Booking, rate_code: str) -> Money | None:
    balances = one.cashiering.revenues_and_balances if one.cashiering is not None else None
    return money_of(hotel, rate_code, balances.total_deposit_paid) if balances is not None else None


def _cancel_references(one: records.Booking) -> tuple[str, ...]:
    found = [i.id for i in one.reservation_id_list if i.type in _CANCELLATION_TYPES]
    if one.cancellation is not None and one.cancellation.cancellation_no is not None:
        found.append(one.cancellation.cancellation_no.id)
    return tuple(dict.fromkeys(filter(None, found)))


def texts_of(comments: Iterable[records.CommentInfo]) -> tuple[str, ...]:
    """The texts of comments, in their order."""
    return tuple(
        one.comment.text.value
        for one in comments
        if one.comment is not None and one.comment.text is not None and one.comment.text.value
    )
