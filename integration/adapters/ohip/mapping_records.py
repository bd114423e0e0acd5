"""From the PMS's records to ours: reservations, deposits, guests.

Only references of our own system are taken. A party or a stay that our rules would refuse (a booking with twelve children, a
day-use room without a night) is brought into bounds or left out: such records were not made by us, and one of them must not
hide the others. `reservationStatus` is handed on as it is; the hotel file says what it means.
"""

from collections.abc import Iterable

from domain.guest import Preference, Stay
from domain.hotel import HotelTerms
from domain.money import Money
from domain.reservation import PmsRef
from domain.stay import ADULT_AGE, MAX_ADULTS, MAX_CHILDREN, Party, StayDates
from integration.adapters.ohip import wire
from integration.adapters.ohip import wire_records as records
from integration.adapters.ohip.mapping import currency_of, price_of
from integration.ports.pms import Deposit, PmsBooking, PmsProfile

_NOT_SPOKEN = frozenset({"FAX", "EMAIL", "WEB"})
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
        comments=_texts(one.comments),
        created_on=one.create_business_date,
    )


def booking_info(hotel: HotelTerms, one: records.BookingInfo) -> PmsBooking | None:
    """A reservation found by a search; without comments."""
    stay, number = one.room_stay, id_of(one.reservation_id_list, "Reservation")
    if stay is None or not number or stay.arrival_date is None or stay.departure_date is None:
        return None
    if stay.departure_date <= stay.arrival_date:
        return None
    total = _money(hotel, stay.rate_plan_code, stay.total_amount)
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
    )


def deposits(hotel: HotelTerms, answer: records.MaturedDeposits | None) -> tuple[Deposit, ...]:
    """Money put on a reservation; a line without an amount is none."""
    return tuple(
        Deposit(one.reference, Money(one.guest_credit_amount.amount, one.guest_credit_amount.currency_code or hotel.currency))
        for one in (answer.matured_deposits if answer is not None else ())
        if one.guest_credit_amount is not None and one.guest_credit_amount.amount is not None
    )


def profile(hotel: HotelTerms, one: records.ProfileAnswer, asked_for: str) -> PmsProfile | None:
    """A guest; None when the record has no surname (a company, a record stripped of its data)."""
    details = one.profile_details or records.ProfileDetails()
    customer = details.customer or records.Customer()
    names = customer.person_name
    name = next((each for each in names if each.name_type.casefold() == "primary"), names[0] if names else None)
    if name is None or not name.surname:
        return None
    return PmsProfile(
        profile_id=id_of(one.profile_id_list, "Profile") or asked_for,
        given_name=name.given_name,
        surname=name.surname,
        language=customer.language.lower()[:2],
        nationality=customer.nationality.upper(),
        phones=_phones(details.telephones),
        emails=_emails(details.emails),
        references=own_references(hotel, one.external_references),
        is_vip=bool(customer.vip_status),
        segment=_segment(details),
        preferences=_preferences(details.preference_collection),
        notes=_texts(details.comments.comment_info if details.comments is not None else ()),
        stays=_stays(hotel, details.stay_reservation_info_list),
    )


def entries_to_replace(one: records.ProfileAnswer, phone: str | None, email: str | None) -> dict[str, str]:
    """Ids of the phone and the e-mail that a change is to replace: the same one, else the primary, else none."""
    details = one.profile_details or records.ProfileDetails()
    known: dict[str, str] = {}
    numbers = [each for each in (details.telephones or records.Telephones()).telephone_info if each.telephone and each.id]
    addresses = [each for each in (details.emails or records.Emails()).email_info if each.email and each.id]
    if phone:
        same = [each.id for each in numbers if each.telephone and _digits(each.telephone.phone_number) == _digits(phone)]
        known |= _first("phone", same or [each.id for each in numbers if each.telephone and each.telephone.primary_ind])
    if email:
        same = [one.id for one in addresses if one.email and one.email.email_address.casefold() == email.casefold()]
        known |= _first("email", same or [each.id for each in addresses if each.email and each.email.primary_ind])
    return known


def _first(key: str, ids: list[str]) -> dict[str, str]:
    return {key: ids[0]} if ids else {}


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text)).removeprefix("00")


def _party(adults: int, children: int, ages: list[records.ChildAge]) -> Party:
    known = [min(max(one.age, 0), ADULT_AGE - 1) for one in ages]
    filled = known + [0] * (children - len(known))
    return Party(min(max(adults, 1), MAX_ADULTS), tuple(filled[:MAX_CHILDREN]))


def _money(hotel: HotelTerms, rate_code: str, amount: wire.Amount | None) -> Money | None:
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


def _deposit_paid(hotel: HotelTerms, one: records.Booking, rate_code: str) -> Money | None:
    balances = one.cashiering.revenues_and_balances if one.cashiering is not None else None
    return _money(hotel, rate_code, balances.total_deposit_paid) if balances is not None else None


def _cancel_references(one: records.Booking) -> tuple[str, ...]:
    found = [i.id for i in one.reservation_id_list if i.type in _CANCELLATION_TYPES]
    if one.cancellation is not None and one.cancellation.cancellation_no is not None:
        found.append(one.cancellation.cancellation_no.id)
    return tuple(dict.fromkeys(filter(None, found)))


def _texts(comments: Iterable[records.CommentInfo]) -> tuple[str, ...]:
    return tuple(
        one.comment.text.value
        for one in comments
        if one.comment is not None and one.comment.text is not None and one.comment.text.value
    )


def _phones(telephones: records.Telephones | None) -> tuple[str, ...]:
    """Numbers of telephones (no fax, no address of another kind), the primary first."""
    listed = [one.telephone for one in (telephones.telephone_info if telephones is not None else ()) if one.telephone]
    usable = [one for one in listed if one.phone_number and one.phone_tech_type.upper() not in _NOT_SPOKEN]
    return tuple(one.phone_number for one in sorted(usable, key=lambda one: not one.primary_ind))


def _emails(emails: records.Emails | None) -> tuple[str, ...]:
    listed = [one.email for one in (emails.email_info if emails is not None else ()) if one.email]
    usable = [one for one in listed if one.email_address]
    return tuple(one.email_address for one in sorted(usable, key=lambda one: not one.primary_ind))


def _segment(details: records.ProfileDetails) -> str | None:
    """The business segment [spec], else a keyword of type SEGMENT [inf]."""
    if details.business_segments:
        return details.business_segments[0]
    listed = details.keywords.keyword if details.keywords is not None else []
    return next((one.keyword for one in listed if one.type.upper() == "SEGMENT" and one.keyword), None)


def _preferences(collection: records.Preferences | None) -> tuple[Preference, ...]:
    return tuple(
        Preference(group.preference_type, one.preference_value, one.description or one.preference_value)
        for group in (collection.preference_type if collection is not None else ())
        for one in group.preference
        if one.preference_value
    )


def _stays(hotel: HotelTerms, lists: records.StayLists | None) -> tuple[Stay, ...]:
    """Past and coming stays, latest arrival first."""
    if lists is None:
        return ()
    listed = [record for part in (lists.history_list, lists.future_list) if part for record in part.reservation_info]
    stays = [stay for record in listed if (stay := _stay(hotel, record)) is not None]
    return tuple(sorted(stays, key=lambda stay: (stay.check_in, stay.pms_ref), reverse=True))


def _stay(hotel: HotelTerms, record: records.StayRecord) -> Stay | None:
    info = record.room_stay
    if info is None or info.arrival_date is None or info.departure_date is None:
        return None
    return Stay(
        pms_ref=id_of(record.reservation_id_list, "Reservation"),
        hotel_id=record.hotel_id,
        check_in=info.arrival_date,
        check_out=info.departure_date,
        status=record.reservation_status,
        room_type=info.room_type,
        rate_code=info.rate_plan_code,
        total=_money(hotel, info.rate_plan_code, info.total_amount),
    )
