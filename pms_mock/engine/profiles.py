"""Profile operations: search, read, create, change.

A search answers summaries (the vendor's `profileSummaryType`, whose name member is called `formerName`); stays of a
guest come with `fetchInstructions=HistoryReservation,FutureReservation` on a single profile, and as `lastStayInfo` in
a search.
"""

from collections.abc import Container
from typing import Any

import msgspec

from pms_mock.engine.call import Call, links, paging, unseen
from pms_mock.engine.guests import (
    add_profile,
    add_profile_references,
    check_preferences,
    document_of,
    emails_of,
    merged_profile,
    person_of,
    phones_of,
    save_profile,
)
from pms_mock.engine.nights import runs_of
from pms_mock.engine.profile_criteria import CRITERIA
from pms_mock.engine.reading import computed_status, money
from pms_mock.engine.records import Record
from pms_mock.protocol.answer import NO_MATCH, Answer
from pms_mock.protocol.problem import bad_request, not_found

Json = dict[str, Any]
_decode = msgspec.json.decode
_MAX_STAYS = 50
_SHOWN_BY = {
    "telephones": "Communication",
    "emails": "Communication",
    "uRLs": "Communication",
    "addresses": "Address",
    "comments": "Comment",
    "preferenceCollection": "Preference",
    "keywords": "Keyword",
    "profileMemberships": "Membership",
    "relationships": "Relationship",
}
_DEFAULT = frozenset({"Profile", "Communication", "Address"})
_FLAGS = (
    "limit", "offset", "fetchInstructions", "allowedAction", "summaryInfo", "hotelId", "externalSystemCodes",
    "includePurgeProfiles", "includeAnonymized", "searchType",
)  # fmt: skip


def post_profile(call: Call) -> Answer:
    """POST /profiles."""
    details = call.body.get("profileDetails")
    return _created(call, details, call.body.get("externalReferences") or [], "profileDetails")


def post_guest(call: Call) -> Answer:
    """POST /guests: the same, for a guest."""
    details = call.body.get("guestDetails")
    return _created(call, details, call.body.get("externalReferences") or [], "guestDetails")


def put_profile(call: Call) -> Answer:
    """PUT /profiles/{id}: what is sent is laid over what is there; answers the whole profile."""
    profile = call.segments["profileId"]
    stored = document_of(call.connection, profile)
    if stored is None:
        raise not_found("The profile does not exist", "profileId")
    ids = {i.get("id") for i in call.body.get("profileIdList") or [] if i.get("type", "Profile") == "Profile"}
    if ids - {profile}:
        raise bad_request("The body names another profile than the path", "profileIdList")
    sent: Json = call.body.get("profileDetails") or {}
    check_preferences(call, sent, "profileDetails")
    save_profile(call, profile, merged_profile(stored, sent), "profileDetails")
    add_profile_references(call, profile, call.body.get("externalReferences") or [], "profileDetails")
    shown = _profile_json(call, profile, document_of(call.connection, profile) or {}, None)
    return Answer.json(200, shown, call.location(f"/crm/v1/profiles/{profile}"))


def get_profile(call: Call) -> Answer:
    """GET /profiles/{id}: 204 when there is none."""
    call.offers("fetchInstructions", "markAsRecentlyAccessed", "logViewProfile", "systemCode")
    profile = call.segments["profileId"]
    document = document_of(call.connection, profile)
    if document is None:
        return NO_MATCH
    return Answer.json(
        200, _profile_json(call, profile, document, frozenset(call.query.get("fetchInstructions", _DEFAULT)))
    )


def search_profiles(call: Call) -> Answer:
    """GET /profiles: a page of summaries, or 204."""
    call.offers(*_FLAGS, *CRITERIA)
    limit, offset = call.page()
    parts, values = ["1"], dict[str, Any]()
    for name, criterion in CRITERIA.items():
        if name in call.query:
            text, more = criterion(call, call.query[name])
            parts.append(f"({text})")
            values.update(more)
    if call.world.faults:
        parts.append(unseen("p.id", "profile"))
        values["lag_now"] = call.world.now_ms
    where = f"FROM profile p WHERE {' AND '.join(parts)}"
    total = call.connection.execute(f"SELECT count(*) {where}", values).fetchone()[0]
    rows = call.connection.execute(
        f"SELECT p.id, p.doc {where} ORDER BY p.surname, p.given, p.id LIMIT {limit} OFFSET {min(offset, 10**9)}",
        values,
    ).fetchall()
    if not rows:
        return NO_MATCH
    wanted = frozenset(call.query.get("fetchInstructions", ()))
    listed = [_summary(call, profile, _decode(doc), wanted) for profile, doc in rows]
    return Answer.json(200, {"profileSummaries": {"profileInfo": listed, **paging(limit, offset, len(listed), total)}})


def _created(call: Call, details: Json | None, references: list[Json], at: str) -> Answer:
    if not details:
        raise bad_request("The profile has no details", at, code="GEN00004")
    profile = add_profile(call, details, references, at)
    path = f"/crm/v1/profiles/{profile}"
    return Answer.json(201, {"links": links(call, path, "getProfile")}, call.location(path))


def _profile_json(call: Call, profile: str, document: Json, wanted: Container[str] | None) -> Json:
    shown = {
        k: v
        for k, v in document.items()
        if wanted is None or _SHOWN_BY.get(k, "Profile") in wanted or k not in _SHOWN_BY
    }
    wanted = wanted or ()
    history = _stays(call, profile, "CheckedOut") if "HistoryReservation" in wanted else []
    future = _stays(call, profile, "Reserved", "InHouse") if "FutureReservation" in wanted else []
    stays: Json = {}
    if history:
        stays["historyList"] = {"reservationInfo": history, "totalResults": len(history), "count": len(history)}
    if future:
        stays["futureList"] = {"reservationInfo": future, "totalResults": len(future), "count": len(future)}
    if stays:
        shown["stayReservationInfoList"] = stays
    if "HistoryReservation" in wanted and (last := _last_stay(call, profile)):
        shown["lastStayInfo"] = last
    answer: Json = {"profileIdList": [{"id": profile, "type": "Profile"}], "profileDetails": shown}
    references = _references(call, profile)
    if references:
        answer["externalReferences"] = references
    return answer


def _summary(call: Call, profile: str, document: Json, wanted: Container[str]) -> Json:
    person, customer = person_of(document), document.get("customer") or {}
    surname, given = person.get("surname", ""), person.get("givenName", "")
    name = {
        "name": surname,
        "givenName": given,
        "fullName": ", ".join(filter(None, (surname, given))),
        "nameType": "Primary",
    }
    if customer.get("language"):
        name["language"] = customer["language"]
    shown: Json = {
        "formerName": name,
        "profileType": document.get("profileType", "Guest"),
        "statusCode": document.get("statusCode", "Active"),
    }
    if phones_of(document):
        shown["telephoneInfo"] = phones_of(document)[0]
    if emails_of(document):
        shown["emailInfo"] = emails_of(document)[0]
    if customer.get("vipStatus"):
        shown["vipStatus"] = {"code": customer["vipStatus"]}
    if customer.get("nationality"):
        shown["citizenCountry"] = {"code": customer["nationality"]}
    if "HistoryReservation" in wanted and (last := _last_stay(call, profile)):
        shown["lastStayInfo"] = last
    return {"profileIdList": [{"id": profile, "type": "Profile"}], "profile": shown}


def _stays(call: Call, profile: str, *statuses: str) -> list[Json]:
    marks = ", ".join("?" * len(statuses))
    rows = call.connection.execute(
        f"SELECT * FROM reservation WHERE profile = ? AND status IN ({marks}) AND on_hold = 0"  # noqa: S608 - only marks
        " ORDER BY arrival DESC, id DESC LIMIT ?",
        (profile, *statuses, _MAX_STAYS),
    )
    return [_stay_json(call, Record(*row)) for row in rows if row[1] in call.client_hotels]


def _stay_json(call: Call, record: Record) -> Json:
    ages = _decode(record.child_ages)
    return {
        "reservationIdList": [
            {"id": str(record.id), "type": "Reservation"},
            {"id": record.confirmation, "type": "Confirmation"},
        ],
        "roomStay": {
            "arrivalDate": record.arrival,
            "departureDate": record.departure,
            "adultCount": record.adults,
            "childCount": len(ages),
            "roomType": record.room_type,
            "numberOfRooms": record.units,
            "ratePlanCode": record.rate_plan,
            "rateAmount": money(runs_of(record.nights)[0][3], record.currency),
            "totalAmount": money(record.total_minor, record.currency),
            "guarantee": {"guaranteeCode": record.guarantee},
            "marketCode": record.market,
            "sourceCode": record.source,
        },
        "hotelId": record.hotel,
        "reservationStatus": record.status,
        "computedReservationStatus": computed_status(call, record),
    }


def _last_stay(call: Call, profile: str) -> Json | None:
    row = call.connection.execute(
        "SELECT max(departure), count(*) FROM reservation WHERE profile = ? AND status = 'CheckedOut'", (profile,)
    ).fetchone()
    return {"lastVisit": row[0], "totalStay": row[1]} if row[1] else None


def _references(call: Call, profile: str) -> list[Json]:
    rows = call.connection.execute(
        "SELECT ref, system FROM profile_ref WHERE profile = ? ORDER BY system, ref", (profile,)
    )
    return [{"id": ref, "idContext": system} for ref, system in rows]
