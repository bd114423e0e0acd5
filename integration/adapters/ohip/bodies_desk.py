"""What we send beside reservations: guests, the call log, regrets and denials. The rules are those of `bodies`.

Names are cut at 40 characters and comments of calls at 200, which is what the PMS takes [spec]: a sale is not lost
over a long name.
"""

from collections.abc import Mapping

import msgspec

from domain.hotel import HotelTerms
from integration.adapters.ohip.bodies import Json, amount, comments_of, encode, guests_of, ids_of, in_property_time
from integration.ports.pms import CallRecord, ProfileDraft, Turnaway

_NAME = 40


_COMMENT = 200


def new_profile_body(hotel: HotelTerms, draft: ProfileDraft) -> bytes:
    """`profile` to be created at this hotel."""
    body = _profile(hotel, draft, {})
    body["profileDetails"] |= {"statusCode": "Active", "requestForHotel": hotel.pms.pms_hotel_id}
    return encode(body)


def profile_body(
    hotel: HotelTerms,
    draft: ProfileDraft,
    note: str | None,
    known: Mapping[str, str],
    comments: tuple[msgspec.Raw, ...] = (),
) -> bytes:
    """`profile` to be changed. `known`: the PMS's ids of the entries that are replaced, by `phone` and `email`.

    `comments`: those it has, sent back as they came before the new one, which has no id: whether a change adds to
    the list or replaces it is [unv], and so none is lost either way.
    """
    body = _profile(hotel, draft, known)
    if note:
        body["profileDetails"]["comments"] = {"commentInfo": [*comments, *comments_of(hotel, (note,))]}
    return encode(body)


def _profile(hotel: HotelTerms, draft: ProfileDraft, known: Mapping[str, str]) -> Json:
    customer: Json = {
        "personName": [
            _given({"givenName": draft.given_name[:_NAME], "surname": draft.surname[:_NAME], "nameType": "Primary"})
        ],
        **_given({"language": draft.language.upper(), "nationality": draft.nationality}),
    }
    details: Json = {"profileType": "Guest", "customer": customer}
    if draft.phone:
        phone = {"phoneTechType": "PHONE", "phoneUseType": "MOBILE", "phoneNumber": draft.phone, "primaryInd": True}
        details["telephones"] = {"telephoneInfo": [{"telephone": phone, **_own_id(known, "phone")}]}
    if draft.email:
        email = {"emailAddress": draft.email, "type": "EMAIL", "primaryInd": True}
        details["emails"] = {"emailInfo": [{"email": email, **_own_id(known, "email")}]}
    body: Json = {"profileDetails": details}
    if draft.reference:
        body["externalReferences"] = [{"id": draft.reference, "idContext": hotel.pms.system_code}]
    return body


def call_body(hotel: HotelTerms, record: CallRecord) -> bytes:
    """`registerCall`; times are the property's, with their offset."""
    caller = _given({"givenName": record.given_name[:280], "surname": record.surname[:80], "phone": record.phone or ""})
    call: Json = {
        "dateTimeSpan": {
            "startDateTime": in_property_time(hotel, record.started_at).isoformat(timespec="seconds"),
            "endDateTime": in_property_time(hotel, record.ended_at).isoformat(timespec="seconds"),
        },
        **_given({"turnawayCode": record.turnaway_code or "", "comments": record.comments[:_COMMENT]}),
    }
    if caller:
        call["caller"] = caller
    if record.pms_ref is not None:
        call["reservation"] = {"hotelId": hotel.pms.pms_hotel_id, "reservationIdList": ids_of(record.pms_ref)}
    return encode({"call": call})


def turnaway_body(hotel: HotelTerms, turnaway: Turnaway) -> bytes:
    """`registerTurnaway`."""
    details: Json = {
        "hotelId": hotel.pms.pms_hotel_id,
        "timeSpan": {"startDate": turnaway.stay.check_in, "endDate": turnaway.stay.check_out},
        "numberOfRooms": turnaway.rooms,
        "guestCounts": guests_of(turnaway.party),
        **_given({"roomType": turnaway.room_type or "", "ratePlanCode": turnaway.rate_code or ""}),
    }
    if turnaway.rate is not None:
        details["rateAmount"] = amount(turnaway.rate)
    comments = _given({"comments": turnaway.comments[:_COMMENT]})
    return encode({"turnaway": {"details": details, "reasonCode": turnaway.reason_code, **comments}})


def _own_id(known: Mapping[str, str], key: str) -> Json:
    return {"id": known[key], "type": "Communication"} if key in known else {}


def _given(fields: Json) -> Json:
    return {name: value for name, value in fields.items() if value not in {"", None}}
