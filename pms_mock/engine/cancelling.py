"""Cancelling, its dry run, its history, and taking a cancellation back.

The vendor says of `externalCancellationId`: "to be stored as cancellation number of the reservation". So a client
that sends one finds it again as `cancellation.cancellationNo` and can tell its own cancellation from somebody else's.
"""

from typing import Any

from pms_mock.engine.booking import free_stock, hold_stock, judge
from pms_mock.engine.call import Call, known, same_hotel
from pms_mock.engine.locks import check_lock
from pms_mock.engine.policies import policies_of
from pms_mock.engine.reading import deposits_minor, ids_of, references_of
from pms_mock.engine.records import Record, fetch, required, update
from pms_mock.engine.world import next_id
from pms_mock.protocol.answer import NO_MATCH, Answer
from pms_mock.protocol.problem import bad_request, refused

Json = dict[str, Any]


def post_cancellation(call: Call) -> Answer:
    """POST cancellations: 201 with number and terms. With `verificationOnly` nothing changes and no number is given."""
    record = required(call)
    reason = call.body.get("reason") or {}
    if not reason.get("code"):
        raise bad_request("The cancellation needs a reason code", "reason.code", code="GEN00004")
    known("cancellation reason", [reason["code"]], call.hotel.cancel_reasons, "reason.code")
    item = _own_item(call, record)
    if record.status == "Cancelled":
        raise refused(
            "RSV00040", "The reservation is already cancelled", "reservationId", detail=record.cancel_number or ""
        )
    if record.status != "Reserved":
        raise refused("RSV00041", f"A reservation that is {record.status} cannot be cancelled", "reservationId")
    check_lock(call, record.id, item.get("reservationLockHandle"), "reservations[0].reservationLockHandle")
    policies = policies_of(call, record, deposits_minor(call, record.id))
    if call.body.get("verificationOnly"):
        shown = _cancelled_json(call, record, "The reservation can be cancelled")
        return Answer.json(201, {"reservations": [shown], "reservationPolicies": policies})
    number = _cancel(call, record, reason, item.get("externalCancellationId"))
    cancelled = fetch(call.connection, call.hotel.id, str(record.id)) or record
    log = {
        "reason": {"code": reason["code"], "description": cancelled.cancel_text or ""},
        "cxlDate": call.today,
        "userName": call.user,
        "cancellationIdList": [{"id": number, "type": "Cancellation"}],
    }
    shown = _cancelled_json(call, cancelled, "Cancelled")
    body = {"cxlActivityLog": [log], "reservations": [shown], "reservationPolicies": policies}
    return Answer.json(201, body, call.location(f"/rsv/v1/hotels/{call.hotel.id}/reservations/{record.id}"))


def put_reinstate(call: Call) -> Answer:
    """PUT cancellations: back to Reserved if the hotel can still sell it; `overrideInventory` skips the count."""
    record = required(call)
    same_hotel(call, call.body.get("hotelId"), "hotelId")
    _same_ids(record, call.body.get("reservationIdList"), "reservationIdList")
    if record.status != "Cancelled":
        raise refused("RSV00042", f"A reservation that is {record.status} cannot be reinstated", "reservationId")
    if record.arrival < call.today:
        raise refused("RSV00021", "The arrival is in the past", "reservationId")
    if any(call.body.get(key) for key in ("reservation", "effectiveRates", "additionalReservationIdList")):
        raise bad_request("A reinstatement takes no other reservation here", "reservation", code="GEN00501")
    check_lock(call, record.id, call.body.get("reservationLockHandle"), "reservationLockHandle")
    force = bool(call.body.get("overrideInventory"))
    judge(call, record.draft, restricted=not force)
    hold_stock(call, record.draft, force=force)
    deducts = call.hotel.guarantees[record.guarantee].deducts
    columns = {"status": "Reserved", "reinstated_on": call.today, "deducts": deducts}
    update(call.connection, record.id, **columns, modified_ms=call.world.now_ms, modifier=call.user)
    return Answer.json(200, {}, call.location(f"/rsv/v1/hotels/{call.hotel.id}/reservations/{record.id}"))


def get_cancellation_history(call: Call) -> Answer:
    """GET cancellationHistory: every cancellation the reservation has had, oldest first."""
    call.offers()
    rows = call.connection.execute(
        "SELECT c.shown, c.code, c.text, c.day, c.user FROM cancellation c JOIN reservation r ON r.id = c.reservation"
        " WHERE r.hotel = ? AND CAST(c.reservation AS TEXT) = ? ORDER BY c.number",
        (call.hotel.id, call.segments["reservationId"]),
    ).fetchall()
    if not rows:
        return NO_MATCH
    log = [
        {
            "reason": {"code": code, "description": text},
            "cxlDate": day,
            "userName": user,
            "cancellationIdList": [{"id": shown, "type": "Cancellation"}],
        }
        for shown, code, text, day, user in rows
    ]
    return Answer.json(200, {"cxlActivityLog": log})


def _cancel(call: Call, record: Record, reason: Json, external: str | None) -> str:
    number = next_id(call.connection, "cancellation")
    shown = external or str(number)
    text = reason.get("description") or call.hotel.cancel_reasons[reason["code"]]
    row = (number, record.id, shown, reason["code"], text, call.today, call.user)
    call.connection.execute("INSERT INTO cancellation VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    free_stock(call, record.draft, deducts=bool(record.deducts))
    update(
        call.connection,
        record.id,
        status="Cancelled",
        cancel_number=shown,
        cancel_code=reason["code"],
        cancel_text=text,
        cancelled_on=call.today,
        modified_ms=call.world.now_ms,
        modifier=call.user,
    )
    return shown


def _own_item(call: Call, record: Record) -> Json:
    listed = call.body.get("reservations") or []
    if len(listed) != 1:
        raise bad_request("A cancellation concerns one reservation", "reservations")
    item: Json = listed[0]
    same_hotel(call, item.get("hotelId"), "reservations[0].hotelId")
    _same_ids(record, item.get("reservationIdList"), "reservations[0].reservationIdList")
    return item


def _same_ids(record: Record, ids: list[Json] | None, path: str) -> None:
    own = {"Reservation": str(record.id), "Confirmation": record.confirmation}
    for item in ids or []:
        kind = item.get("type", "Reservation")
        if kind in own and item.get("id") != own[kind]:
            raise bad_request("The body names another reservation than the path", path)


def _cancelled_json(call: Call, record: Record, text: str) -> Json:
    shown: Json = {
        "reservationIdList": ids_of(record),
        "hotelId": record.hotel,
        "reservationStatus": record.status,
        "cxlInstr": {"description": text},
    }
    references = references_of(call, record.id)
    if references:
        shown["externalReferences"] = references
    return shown
