"""Finding reservations: by id, by external reference, and by the vendor's long list of criteria.

A search by external reference looks only at the systems in `externalSystemCodes`, whose default is `External`, as the
vendor says. Reservations held in a session (`onHold`) are seen by nobody but `GET
reservations/{id}?includeInSession=true`. A criterion that this mock does not play is refused rather than silently
ignored.
"""

from collections.abc import Callable, Container
from dataclasses import dataclass, field
from typing import Any

from pms_mock.engine.call import Call, known, paging, unseen
from pms_mock.engine.days import checked_span
from pms_mock.engine.names import email_key, name_key, phone_key, prefix_range
from pms_mock.engine.reading import reservation_json, summary_json
from pms_mock.engine.records import DEFAULT_SYSTEM, Record, fetch
from pms_mock.protocol.answer import NO_MATCH, Answer

Json = dict[str, Any]
_SELECTIVE = frozenset(
    {
        "reservationIdList",
        "confirmationNumberList",
        "cancellationNumberList",
        "externalReferenceIds",
        "profileId",
        "phone",
        "email",
        "communication",
        "surname",
    }
)
_BASE = frozenset({"Reservation"})
_FLAGS = (
    "fetchInstructions",
    "allowedReservationActions",
    "resvExternalReferencesToFetch",
    "profileExternalReferencesToFetch",
    "limit",
    "offset",
    "orderBy",
    "sortOrder",
    "recentlyAccessed",
)
_STATUSES = {
    "Cancelled": "r.status = 'Cancelled'",
    "CheckedOut": "r.status = 'CheckedOut'",
    "CheckedIn": "r.status = 'InHouse'",
    "InHouse": "r.status = 'InHouse'",
    "NoShow": "r.status = 'NoShow'",
    "DueIn": "r.status = 'Reserved' AND r.arrival = :today",
    "DueOut": "r.status = 'InHouse' AND r.departure <= :today",
}
_SEARCH_TYPES = {
    "Any": "1",
    "Arrival": "r.status = 'Reserved'",
    "Arrived": "r.status = 'InHouse' AND r.arrival = :today",
    "Departure": "r.status = 'InHouse' AND r.departure <= :today",
    "Cancellation": "r.status = 'Cancelled'",
    "CheckedOut": "r.status = 'CheckedOut'",
    "NoShow": "r.status = 'NoShow'",
    "InHouse": "r.status = 'InHouse'",
}
_ORDERS = {
    "Nights": "julianday(r.departure) - julianday(r.arrival)",
    "ArrivalDate": "r.arrival",
    "DepartureDate": "r.departure",
    "GuestSurname": "p.surname",
    "RateAmount": "r.total_minor",
    "RateCode": "r.rate_plan",
    "RoomType": "r.room_type",
}


@dataclass(slots=True)
class _Query:
    """The WHERE of a search as it grows."""

    call: Call
    parts: list[str] = field(default_factory=lambda: ["r.hotel = :hotel", "r.on_hold = 0"])
    values: Json = field(default_factory=dict)

    def add(self, condition: str, /, **values: object) -> None:
        self.parts.append(f"({condition})")
        self.values.update(values)

    def add_any(self, template: str, name: str, items: list[Any]) -> None:
        """`template` once for every item, any of which may hold; `{}` is the item's placeholder."""
        names = {f"{name}{index}": item for index, item in enumerate(items)}
        self.add(" OR ".join(template.format(f":{key}") for key in names) or "0", **names)


def get_reservation(call: Call) -> Answer:
    """GET reservation by id: 204 when there is none."""
    record = fetch(call.connection, call.hotel.id, call.segments["reservationId"])
    if record is None or (record.on_hold and not call.query.get("includeInSession")):
        return NO_MATCH
    shown = reservation_json(call, record, _wanted(call))
    return Answer.json(200, {"reservations": {"reservation": [shown]}})


def get_reservation_by_reference(call: Call) -> Answer:
    """GET by external system and reference: every reservation that carries it, newest first; 204 when none does."""
    system, ref = call.segments["externalSystemCode"], call.segments["reservationExternalId"]
    known("external system", [system], call.hotel.external_systems, "externalSystemCode")
    call.notes["external_reference"] = ref
    lag = unseen("r.id", "reservation") if call.world.faults else "1"
    rows = call.connection.execute(
        "SELECT r.* FROM reservation r JOIN reservation_ref x ON x.reservation = r.id"  # noqa: S608 - constant texts
        f" WHERE x.ref = :ref AND x.system = :system AND r.hotel = :hotel AND r.on_hold = 0 AND {lag}"
        " ORDER BY r.id DESC LIMIT 200",
        {"ref": ref, "system": system, "hotel": call.hotel.id, "lag_now": call.world.now_ms},
    ).fetchall()
    if not rows:
        return NO_MATCH
    wanted = _wanted(call)
    return Answer.json(
        200, {"reservations": {"reservation": [reservation_json(call, Record(*row), wanted) for row in rows]}}
    )


def search_reservations(call: Call) -> Answer:
    """GET reservations: a page of summaries, or 204."""
    call.offers(*_FLAGS, *_CRITERIA, *_RANGES, *_RANGE_ENDS, "externalSystemCodes")
    limit, offset = call.page()
    query = _Query(call, values={"hotel": call.hotel.id, "today": call.today})
    if not _SELECTIVE.isdisjoint(call.query):
        query.parts[0] = "+r.hotel = :hotel"  # the plus keeps SQLite from walking the whole hotel
    for name, criterion in _CRITERIA.items():
        if name in call.query:
            criterion(query, call.query[name])
    if call.world.faults:
        query.add(unseen("r.id", "reservation"), lag_now=call.world.now_ms)
    for name, (end, column) in _RANGES.items():
        _add_range(query, name, end, column)
    where = f"FROM reservation r JOIN profile p ON p.id = r.profile WHERE {' AND '.join(query.parts)}"
    total = call.connection.execute(f"SELECT count(*) {where}", query.values).fetchone()[0]
    rows = call.connection.execute(
        f"SELECT r.* {where} ORDER BY {_order(call)} LIMIT {limit} OFFSET {min(offset, 10**9)}",
        query.values,
    ).fetchall()
    if not rows:
        return NO_MATCH
    wanted = frozenset(call.query.get("fetchInstructions", ()))
    listed = [summary_json(call, Record(*row), wanted) for row in rows]
    return Answer.json(200, {"reservations": {"reservationInfo": listed, **paging(limit, offset, len(listed), total)}})


def _wanted(call: Call) -> frozenset[str]:
    return frozenset(call.query.get("fetchInstructions", ())) | _BASE


def _order(call: Call) -> str:
    names = call.query.get("orderBy", [])
    known("order", names, _ORDERS, "orderBy")
    way = "DESC" if call.query.get("sortOrder") == ["Desc"] else "ASC"
    return ", ".join([*(f"{_ORDERS[name]} {way}" for name in names), f"r.id {way}"])


def _add_range(query: _Query, start: str, end: str, column: str) -> None:
    sent = query.call.query
    if start not in sent and end not in sent:
        return
    first, last = checked_span(sent.get(start, sent.get(end)), sent.get(end, sent.get(start)), start)
    query.add(f"{column} BETWEEN :{start} AND :{end}", **{start: first, end: last})


def _references(query: _Query, refs: list[str]) -> None:
    systems = query.call.query.get("externalSystemCodes", [DEFAULT_SYSTEM])
    known("external system", systems, query.call.hotel.external_systems, "externalSystemCodes")
    query.call.notes["external_reference"] = refs[0]
    names = {f"sys{i}": s for i, s in enumerate(systems)}
    listed = ", ".join(f":{name}" for name in names)
    query.values.update(names)
    inner = f"SELECT x.reservation FROM reservation_ref x WHERE x.ref = {{}} AND x.system IN ({listed})"  # noqa: S608
    query.add_any(f"r.id IN ({inner})", "ref", refs)


def _contact(kind: str, key: Callable[[str], str]) -> Callable[[_Query, str], None]:
    def criterion(query: _Query, text: str) -> None:
        inner = f"SELECT profile FROM profile_contact WHERE kind = '{kind}' AND value = :{kind}"  # noqa: S608
        query.add(f"r.profile IN ({inner})", **{kind: key(text) or "-"})

    return criterion


def _name(column: str) -> Callable[[_Query, str], None]:
    def criterion(query: _Query, text: str) -> None:
        low, high = prefix_range(name_key(text))
        query.add(
            f"p.{column} >= :{column}_low AND p.{column} < :{column}_high",
            **{f"{column}_low": low, f"{column}_high": high},
        )

    return criterion


def _codes(column: str, kind: str, configured: Callable[[Call], Container[Any]]) -> Callable[[_Query, Any], None]:
    def criterion(query: _Query, codes: Any) -> None:  # noqa: ANN401 - one code or several
        listed = codes if isinstance(codes, list) else [codes]
        known(kind, listed, configured(query.call), column)
        query.add_any(f"r.{column} = {{}}", column, listed)

    return criterion


def _equal(column: str) -> Callable[[_Query, Any], None]:
    def criterion(query: _Query, items: Any) -> None:  # noqa: ANN401 - one text or several
        query.add_any(f"r.{column} = {{}}", f"{column}_eq", items if isinstance(items, list) else [items])

    return criterion


def _statuses(table: dict[str, str]) -> Callable[[_Query, Any], None]:
    def criterion(query: _Query, names: Any) -> None:  # noqa: ANN401 - one word or several
        listed = names if isinstance(names, list) else [names]
        query.add(" OR ".join(f"({table[name]})" for name in listed if name in table) or "0")

    return criterion


def _exclude(query: _Query, ids: list[str]) -> None:
    query.add_any("CAST(r.id AS TEXT) <> {}", "not", ids[:1])
    for index, number in enumerate(ids[1:]):
        query.add(f"CAST(r.id AS TEXT) <> :nots{index}", **{f"nots{index}": number})


def _text(query: _Query, text: str) -> None:
    low, high = prefix_range(name_key(text))
    refs = "SELECT reservation FROM reservation_ref WHERE ref = :text"
    names = "(p.surname >= :text_low AND p.surname < :text_high) OR (p.given >= :text_low AND p.given < :text_high)"
    query.add(
        f"r.confirmation = :text OR CAST(r.id AS TEXT) = :text OR r.id IN ({refs}) OR {names}",
        text=text,
        text_low=low,
        text_high=high,
    )


def _communication(query: _Query, text: str) -> None:
    inner = "SELECT profile FROM profile_contact WHERE value IN (:comm_phone, :comm_mail)"
    query.add(f"r.profile IN ({inner})", comm_phone=phone_key(text) or "-", comm_mail=email_key(text) or "-")


def _stay_date(query: _Query, day: str) -> None:
    query.add("r.arrival <= :stay_day AND r.departure > :stay_day", stay_day=day)


_CRITERIA: dict[str, Callable[[_Query, Any], None]] = {
    "reservationIdList": _equal("id"),
    "confirmationNumberList": _equal("confirmation"),
    "cancellationNumberList": _equal("cancel_number"),
    "externalReferenceIds": _references,
    "profileId": _equal("profile"),
    "createdOnStartDate": _equal("created_on"),
    "cancelledOn": _equal("cancelled_on"),
    "createdBy": _equal("creator"),
    "surname": _name("surname"),
    "givenName": _name("given"),
    "phone": _contact("phone", phone_key),
    "email": _contact("email", email_key),
    "communication": _communication,
    "text": _text,
    "guaranteeCode": _codes("guarantee", "guarantee", lambda call: call.hotel.guarantees),
    "guaranteeCodes": _codes("guarantee", "guarantee", lambda call: call.hotel.guarantees),
    "ratePlanCodes": _codes("rate_plan", "rate plan", lambda call: call.hotel.rate_plans),
    "roomType": _codes("room_type", "room type", lambda call: call.hotel.room_types),
    "marketCodes": _codes("market", "market code", lambda call: call.hotel.markets),
    "sourceCodes": _codes("source", "source code", lambda call: call.hotel.sources),
    "reservationStatuses": _statuses(_STATUSES),
    "searchType": _statuses(_SEARCH_TYPES),
    "searchTypes": _statuses(_SEARCH_TYPES),
    "excludeReservationIds": _exclude,
    "stayDate": _stay_date,
    "stayOnStartDate": _stay_date,
}
_RANGES = {
    "arrivalStartDate": ("arrivalEndDate", "r.arrival"),
    "departureStartDate": ("departureEndDate", "r.departure"),
    "depositDueStartDate": ("depositDueEndDate", "r.deposit_due"),
}
_RANGE_ENDS = tuple(end for end, _ in _RANGES.values())
