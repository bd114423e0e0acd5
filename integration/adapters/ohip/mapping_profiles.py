"""From the PMS's guests to ours.

Only references of our own system are taken. A record without a surname (a company, a guest whose data was removed) is
no guest of ours to show. Lists keep the PMS's order, the primary entry first.
"""

import msgspec

from domain.guest import Preference, Stay
from domain.hotel import HotelTerms
from integration.adapters.names import GuestNames
from integration.adapters.ohip import wire_profiles as records
from integration.adapters.ohip.mapping_bookings import id_of, money_of, own_references, texts_of
from integration.ports.pms import PmsProfile

_NAMES = GuestNames()
_NOT_SPOKEN = frozenset({"FAX", "EMAIL", "WEB"})


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
        notes=texts_of(details.comments.comment_info if details.comments is not None else ()),
        stays=_stays(hotel, details.stay_reservation_info_list),
    )


def profile_hit(hit: records.ProfileInfo, surname: str) -> PmsProfile | None:
    """A guest from the row of a search by name; None unless the row holds the name that was searched for."""
    number, row = id_of(hit.profile_id_list, "Profile"), hit.profile
    name = row.former_name if row is not None else None
    if not number or row is None or name is None or not _begins_with(name.name, surname):
        return None
    return PmsProfile(
        profile_id=number,
        given_name=name.given_name,
        surname=name.name,
        language=name.language.lower()[:2],
        nationality=row.citizen_country.code.upper() if row.citizen_country is not None else "",
        phones=_phones(records.Telephones((row.telephone_info,)) if row.telephone_info is not None else None),
        emails=_emails(records.Emails((row.email_info,)) if row.email_info is not None else None),
        is_vip=bool(row.vip_status is not None and row.vip_status.code),
    )


def _begins_with(name: str, searched: str) -> bool:
    """Whether a name begins with what was searched for; marks and case aside, as a PMS may compare [unv]."""
    return name.casefold().startswith(searched.casefold()) or any(
        ours.startswith(theirs) for ours in _NAMES.keys(name) for theirs in _NAMES.keys(searched)
    )


def entries_to_replace(one: records.ProfileToChange, phone: str | None, email: str | None) -> dict[str, str]:
    """Ids of the phone and the e-mail that a change is to replace: the same one, else the primary, else none."""
    details = one.profile_details or records.DetailsToChange()
    known: dict[str, str] = {}
    telephones, emails = details.telephones or records.Telephones(), details.emails or records.Emails()
    numbers = [each for each in telephones.telephone_info if each.telephone and each.id]
    addresses = [each for each in emails.email_info if each.email and each.id]
    if phone:
        same = [
            each.id for each in numbers if each.telephone and _digits(each.telephone.phone_number) == _digits(phone)
        ]
        known |= _first("phone", same or [each.id for each in numbers if each.telephone and each.telephone.primary_ind])
    if email:
        wanted = email.casefold()
        same = [each.id for each in addresses if each.email and each.email.email_address.casefold() == wanted]
        known |= _first("email", same or [each.id for each in addresses if each.email and each.email.primary_ind])
    return known


def comments_as_sent(one: records.ProfileToChange) -> tuple[msgspec.Raw, ...]:
    """The comments of a profile, each as the PMS wrote it."""
    details = one.profile_details
    return details.comments.comment_info if details is not None and details.comments is not None else ()


def _first(key: str, ids: list[str]) -> dict[str, str]:
    return {key: ids[0]} if ids else {}


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text)).removeprefix("00")


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
    listed = details.keywords.keyword if details.keywords is not None else ()
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
        total=money_of(hotel, info.rate_plan_code, info.total_amount),
    )
