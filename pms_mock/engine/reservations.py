"""Creating and changing a reservation; dropping one that is only held in a session.

External references are not unique: a second create with the same reference makes a second reservation, as the vendor
promises nothing else. A change moves the stock in one transaction: what was held goes back, what is wanted is taken, or
nothing happens. Nights that stay as they were keep their price.
"""

from typing import Any

import msgspec

from pms_mock.engine.booking import free_stock, hold_stock, judge, price, taken_by
from pms_mock.engine.call import Call, links, same_hotel
from pms_mock.engine.draft import Draft, read_draft
from pms_mock.engine.guests import add_profile, document_of
from pms_mock.engine.locks import check_lock
from pms_mock.engine.nights import pack, unpack
from pms_mock.engine.pricing import Night
from pms_mock.engine.reading import reservation_json
from pms_mock.engine.records import (
    Record,
    add_comments,
    add_references,
    check_documents,
    fetch,
    insert,
    leftovers,
    merged,
    required,
    update,
)
from pms_mock.engine.stock import is_free, sold_out
from pms_mock.engine.world import next_id
from pms_mock.protocol.answer import Answer
from pms_mock.protocol.problem import bad_request, refused

Json = dict[str, Any]
_encode = msgspec.json.Encoder().encode
_CREATE, _CHANGE = "reservations.reservation[0]", "reservations[0]"
_CONFIRMATION_OFFSET = 70_000_000


def post_reservation(call: Call) -> Answer:
    """POST reservations: 201 and `Location`; the reservation is in the body only when `fetchInstructions` asks."""
    listed = (call.body.get("reservations") or {}).get("reservation") or []
    if len(listed) != 1:
        raise bad_request("The mock creates one reservation a request", "reservations.reservation", code="GEN00501")
    sent: Json = listed[0]
    same_hotel(call, sent.get("hotelId"), f"{_CREATE}.hotelId")
    if sent.get("reservationStatus", "Reserved") != "Reserved":
        raise refused("RSV00020", "A reservation is created as Reserved", f"{_CREATE}.reservationStatus")
    draft = read_draft(call, sent, _CREATE)
    if draft.arrival < call.today:
        raise refused("RSV00021", "The arrival is in the past", f"{_CREATE}.roomStay.arrivalDate")
    number = _create(call, sent, draft)
    path = f"/rsv/v1/hotels/{call.hotel.id}/reservations/{number}"
    body: Json = {"links": links(call, path, "getReservation")}
    record = fetch(call.connection, call.hotel.id, str(number))
    if record and "fetchInstructions" in call.body:
        body["reservations"] = {"reservation": [reservation_json(call, record, call.body["fetchInstructions"])]}
    return Answer.json(201, body, call.location(path))


def put_reservation(call: Call) -> Answer:
    """PUT reservation: what is not sent stays; comments are appended, user defined fields merged by name."""
    record = required(call)
    listed = call.body.get("reservations") or []
    if len(listed) != 1:
        raise bad_request("A change concerns one reservation", "reservations")
    sent: Json = listed[0]
    _check_change(call, record, sent)
    draft = read_draft(call, sent, _CHANGE, record.draft)
    nights = _moved(call, record, draft, sent)
    due = check_documents(call, sent, _CHANGE)
    profile = _guest(call, sent, _CHANGE, record.profile)
    document = merged(record.document, leftovers(_without_primary(sent)))
    update(call.connection, record.id, **_columns(call, draft, nights), profile=profile, doc=_encode(document).decode())
    if due:
        update(call.connection, record.id, deposit_due=due)
    add_references(call, record.id, sent.get("externalReferences") or [], f"{_CHANGE}.externalReferences")
    add_comments(call, record.id, sent.get("comments") or [], f"{_CHANGE}.comments")
    path = f"/rsv/v1/hotels/{call.hotel.id}/reservations/{record.id}"
    changed = fetch(call.connection, call.hotel.id, str(record.id))
    shown = [reservation_json(call, changed, {"Reservation"})] if changed else []
    body = {"reservations": {"reservation": shown}, "links": links(call, path, "getReservation")}
    return Answer.json(200, body, call.location(path))


def delete_reservation(call: Call) -> Answer:
    """DELETE reservation: only one that is held in a session; it leaves nothing behind."""
    record = required(call)
    if not record.on_hold or record.status != "Reserved":
        raise refused("RSV00022", "The reservation is not on hold", "reservationId")
    free_stock(call, record.draft, deducts=bool(record.deducts))
    for table in ("reservation_ref", "reservation_comment", "lock"):
        call.connection.execute(f"DELETE FROM {table} WHERE reservation = ?", (record.id,))  # noqa: S608 - our names
    call.connection.execute("DELETE FROM reservation WHERE id = ?", (record.id,))
    return Answer.json(200, {})


def _create(call: Call, sent: Json, draft: Draft) -> int:
    judge(call, draft)
    nights = price(call, draft)
    due = check_documents(call, sent, _CREATE)
    profile = _guest(call, sent, _CREATE, "")
    hold_stock(call, draft, force=bool(sent.get("overrideInventoryCheck")))
    number = next_id(call.connection, "reservation")
    columns = _columns(call, draft, nights)
    now, user = call.world.now_ms, call.user
    insert(
        call.connection,
        (
            number, call.hotel.id, _confirmation(call, number), "Reserved", profile, *_stay_values(columns), due,
            now, call.today, user, now, user, None, None, None, None, None,
            _encode(leftovers(_without_primary(sent))).decode(),
        ),
    )  # fmt: skip
    add_references(call, number, sent.get("externalReferences") or [], f"{_CREATE}.externalReferences")
    add_comments(call, number, sent.get("comments") or [], f"{_CREATE}.comments")
    return number


def _check_change(call: Call, record: Record, sent: Json) -> None:
    same_hotel(call, sent.get("hotelId"), f"{_CHANGE}.hotelId")
    ids = {
        item.get("id")
        for item in sent.get("reservationIdList") or []
        if item.get("type", "Reservation") == "Reservation"
    }
    if ids - {str(record.id)}:
        raise bad_request("The body names another reservation than the path", f"{_CHANGE}.reservationIdList")
    if record.status not in {"Reserved", "InHouse"}:
        raise refused("RSV00023", f"A reservation that is {record.status} cannot be changed", "reservationId")
    if sent.get("reservationStatus", record.status) not in {record.status, "DueIn", "DueOut"}:
        raise refused("RSV00024", "A change does not move the status", f"{_CHANGE}.reservationStatus")
    check_lock(call, record.id, sent.get("lockHandle"), f"{_CHANGE}.lockHandle")


def _moved(call: Call, record: Record, draft: Draft, sent: Json) -> list[Night]:
    """Judge, price and move the stock of a change; answers the nights with their prices."""
    before, kept = record.draft, {night.day: night for night in unpack(record.nights)}
    same_place = (draft.room_type, draft.rate_plan, draft.units) == (before.room_type, before.rate_plan, before.units)
    same_dates = (draft.arrival, draft.departure) == (before.arrival, before.departure)
    same_party = (draft.adults, draft.child_ages) == (before.adults, before.child_ages)
    if draft.arrival != before.arrival and (draft.arrival < call.today or record.status == "InHouse"):
        raise refused("RSV00021", "The arrival cannot be moved there", f"{_CHANGE}.roomStay.arrivalDate")
    if not (same_place and same_dates and same_party):
        judge(call, draft, restricted=not (same_place and same_dates))
    deducts = call.hotel.guarantees[draft.guarantee].deducts
    if not (same_place and same_dates and deducts == bool(record.deducts)):
        free_stock(call, before, deducts=bool(record.deducts))
        hold_stock(call, draft, force=bool(sent.get("overrideInventoryCheck")))
    extras_same = (draft.promotion, draft.packages) == (before.promotion, before.packages)
    if same_dates and same_place and same_party and extras_same and not draft.sent:
        return list(kept.values())
    keeps = same_party and extras_same and (draft.room_type, draft.rate_plan) == (before.room_type, before.rate_plan)
    return price(call, draft, kept if keeps else None)


def _columns(call: Call, draft: Draft, nights: list[Night]) -> Json:
    guarantee = call.hotel.guarantees[draft.guarantee]
    return {
        "room_type": draft.room_type,
        "rate_plan": draft.rate_plan,
        "arrival": draft.arrival,
        "departure": draft.departure,
        "units": draft.units,
        "adults": draft.adults,
        "child_ages": _encode(draft.child_ages).decode(),
        "guarantee": draft.guarantee,
        "deducts": guarantee.deducts,
        "on_hold": draft.on_hold,
        "market": draft.market,
        "source": draft.source,
        "promotion": draft.promotion,
        "packages": _encode(draft.packages).decode(),
        "currency": call.hotel.rate_plans[draft.rate_plan].currency,
        "fixed": draft.fixed,
        "nights": pack(nights),
        "total_minor": sum(night.gross + night.extras for night in nights) * draft.units,
        "modified_ms": call.world.now_ms,
        "modifier": call.user,
    }


def _stay_values(columns: Json) -> list[object]:
    return [value for name, value in columns.items() if name not in {"modified_ms", "modifier"}]


def _guest(call: Call, sent: Json, at: str, stored: str) -> str:
    guests = sent.get("reservationGuests") or []
    for index, guest in enumerate(guests):
        _check_guest(call, guest, f"{at}.reservationGuests[{index}]")
    primary = _primary(guests)
    if primary is None:
        if stored:
            return stored
        raise refused("RSV00025", "The reservation needs a guest", f"{at}.reservationGuests")
    found = _profile_id(primary)
    if found:
        return found
    details = (primary.get("profileInfo") or {}).get("profile")
    if not details:
        raise refused(
            "RSV00025", "The guest has neither a profile id nor a profile", f"{at}.reservationGuests[0].profileInfo"
        )
    return add_profile(call, details, [], f"{at}.reservationGuests[0].profileInfo.profile")


def _check_guest(call: Call, guest: Json, at: str) -> None:
    profile = _profile_id(guest)
    if profile and document_of(call.connection, profile) is None:
        raise refused(
            "RSV00026", "The guest's profile does not exist", f"{at}.profileInfo.profileIdList", detail=profile[:80]
        )


def _profile_id(guest: Json) -> str:
    ids = (guest.get("profileInfo") or {}).get("profileIdList") or []
    return str(next((item.get("id", "") for item in ids if item.get("type", "Profile") == "Profile"), ""))


def _primary(guests: list[Json]) -> Json | None:
    return next((guest for guest in guests if guest.get("primary")), guests[0] if guests else None)


def _without_primary(sent: Json) -> Json:
    guests = sent.get("reservationGuests")
    if not guests:
        return sent
    primary = _primary(guests)
    return {**sent, "reservationGuests": [guest for guest in guests if guest is not primary]}


def _confirmation(call: Call, number: int) -> str:
    candidate = str(number + _CONFIRMATION_OFFSET)
    while call.connection.execute("SELECT 1 FROM reservation WHERE confirmation = ?", (candidate,)).fetchone():
        candidate += "0"
    return candidate


def careless_look(call: Call) -> None:
    """What a system without a conditional update does: look first. Used only with the store's guard off."""
    listed = (call.body.get("reservations") or {}).get("reservation") or [{}]
    if not is_free(call.connection, call.hotel, taken_by(read_draft(call, listed[0], _CREATE))):
        raise sold_out("room type", "reservations.roomStay")
