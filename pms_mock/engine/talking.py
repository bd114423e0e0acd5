"""What an agent says and what became of the call: scripts, sell messages, the call log, turnaways, policies."""

import base64
from datetime import UTC, datetime
from typing import Any

import msgspec

from pms_mock.engine.call import Call, known, links, same_hotel
from pms_mock.engine.days import checked_span, span
from pms_mock.engine.policies import policies_of
from pms_mock.engine.reading import deposits_minor, money
from pms_mock.engine.records import fetch
from pms_mock.engine.world import next_id
from pms_mock.protocol.answer import NO_MATCH, Answer
from pms_mock.protocol.problem import bad_request, refused

Json = dict[str, Any]
_encode = msgspec.json.Encoder().encode
_MAX_STATISTICS_DAYS = 30
_TEXT = 2000


def get_script(call: Call) -> Answer:
    """GET script: the text for a language and type, in base64 (`format: byte`); 204 when there is none."""
    language, kind = call.query.get("languageCode"), call.query.get("scriptType")
    texts = [
        script["text"]
        for script in call.hotel.scripts
        if (language is None or script.get("language", "").casefold() == language.casefold())
        and (kind is None or script.get("type", "").casefold() == kind.casefold())
    ]
    if not texts:
        return NO_MATCH
    return Answer.json(200, {"script": base64.b64encode("\n".join(texts).encode()).decode()})


def get_sell_messages(call: Call) -> Answer:
    """GET sellMessages: what to mention for these days, rate plan and room type."""
    call.offers(
        "hotelId",
        "limit",
        "ratePlanCode",
        "roomType",
        "startDate",
        "endDate",
        "fetchInstructions",
        "usedInModule",
        "duration",
    )
    query, hotel = call.query, call.hotel
    same_hotel(call, query.get("hotelId"), "hotelId")
    known("rate plan", filter(None, [query.get("ratePlanCode")]), hotel.rate_plans, "ratePlanCode")
    known("room type", filter(None, [query.get("roomType")]), hotel.room_types, "roomType")
    limit, _ = call.page()
    found = [
        _message_json(call, index, message)
        for index, message in enumerate(hotel.sell_messages, start=1)
        if message.get("rate_plan") in (None, query.get("ratePlanCode", message.get("rate_plan")))
        and message.get("room_type") in (None, query.get("roomType", message.get("room_type")))
        and message.get("start", "0") <= query.get("endDate", "9")
        and message.get("end", "9") >= query.get("startDate", "0")
    ]
    if not found:
        return NO_MATCH
    shown = found[:limit]
    body = {"sellMessage": shown, "hasMore": len(found) > limit, "totalResults": len(found), "count": len(shown)}
    return Answer.json(200, {"sellMessages": body})


def post_call(call: Call) -> Answer:
    """POST calls: logs one call; answers it with its id."""
    sent: Json = call.body.get("call") or {}
    times = sent.get("dateTimeSpan") or {}
    if not times.get("startDateTime") or not times.get("endDateTime"):
        raise bad_request("The call needs startDateTime and endDateTime", "call.dateTimeSpan", code="GEN00004")
    start, end = (_instant(call, times[key]) for key in ("startDateTime", "endDateTime"))
    if end < start:
        raise bad_request("The call ends before it starts", "call.dateTimeSpan.endDateTime")
    known("turnaway code", filter(None, [sent.get("turnawayCode")]), call.hotel.turnaway_codes, "call.turnawayCode")
    reservation = _called_about(call, sent.get("reservation") or {})
    number = next_id(call.connection, "call")
    shown = {**sent, "id": str(number), "type": "Call"}
    day = start.astimezone(call.hotel.zone).date().isoformat()
    row = (
        number,
        call.hotel.id,
        call.user,
        day,
        int((end - start).total_seconds()),
        reservation,
        _encode(shown).decode(),
    )
    call.connection.execute("INSERT INTO call VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    return Answer.json(201, {"call": shown}, call.location(f"/rsv/v1/calls/{number}"))


def get_call_statistics(call: Call) -> Answer:
    """GET calls/statistics: calls by user; at most 30 days; seconds; a sale is a call with a reservation."""
    call.offers("start", "end", "appUserName")
    start = call.query.get("start", call.today)
    start, end = checked_span(start, call.query.get("end", start), "start")
    if span(start, end) > _MAX_STATISTICS_DAYS:
        raise bad_request(f"The range of days is longer than {_MAX_STATISTICS_DAYS}", "end", code="GEN00006")
    users = call.query.get("appUserName")
    rows = call.connection.execute(
        "SELECT c.user, sum(c.seconds), count(*), count(r.id), coalesce(sum(r.total_minor), 0) FROM call c"
        " LEFT JOIN reservation r ON r.id = c.reservation WHERE c.hotel = ? AND c.day BETWEEN ? AND ?"
        " GROUP BY c.user ORDER BY c.user",
        (call.hotel.id, start, end),
    )
    listed = [
        {
            "appUserName": user[:20],
            "totalCallTime": seconds,
            "totalCalls": calls,
            "averageCallTime": seconds // calls,
            "totalSales": sales,
            "totalRevenue": money(revenue, call.hotel.currency),
        }
        for user, seconds, calls, sales, revenue in rows
        if users is None or user in users
    ]
    return Answer.json(200, {"callStatisticsList": listed}) if listed else NO_MATCH


def post_turnaway(call: Call) -> Answer:
    """POST turnaways: why a guest was not sold a room."""
    sent: Json = call.body.get("turnaway") or {}
    details: Json = sent.get("details") or {}
    same_hotel(call, details.get("hotelId"), "turnaway.details.hotelId")
    if not sent.get("reasonCode"):
        raise bad_request("The turnaway needs a reasonCode", "turnaway.reasonCode", code="GEN00004")
    known("turnaway code", [sent["reasonCode"]], call.hotel.turnaway_codes, "turnaway.reasonCode")
    for key, kind, configured in (
        ("roomType", "room type", call.hotel.room_types),
        ("ratePlanCode", "rate plan", call.hotel.rate_plans),
        ("marketCode", "market code", call.hotel.markets),
    ):
        known(kind, filter(None, [details.get(key)]), configured, f"turnaway.details.{key}")
    times = details.get("timeSpan") or {}
    if times.get("startDate", "") > times.get("endDate", "9"):
        raise bad_request("The range of days is reversed", "turnaway.details.timeSpan")
    spoken = (sent.get("callId") or {}).get("id")
    if spoken and not call.connection.execute("SELECT 1 FROM call WHERE CAST(id AS TEXT) = ?", (spoken,)).fetchone():
        raise refused("RSV00050", "The call does not exist", "turnaway.callId.id")
    number = next_id(call.connection, "turnaway")
    row = (number, call.hotel.id, call.user, sent["reasonCode"], call.today, _encode(sent).decode())
    call.connection.execute("INSERT INTO turnaway VALUES (?, ?, ?, ?, ?, ?)", row)
    path = f"/rsv/v1/hotels/{call.hotel.id}/turnaways/{number}"
    return Answer.json(201, {"links": links(call, path, "postTurnawayReservation")}, call.location(path))


def get_policies(call: Call) -> Answer:
    """GET policies: what cancelling costs today, and the deposit asked for."""
    record = fetch(call.connection, call.hotel.id, call.segments["reservationId"])
    if record is None:
        return NO_MATCH
    policies = policies_of(call, record, deposits_minor(call, record.id))
    for flag, key in (
        ("fetchDepositPolicies", "depositPolicies"),
        ("fetchCancellationPolicies", "cancellationPolicies"),
    ):
        if call.query.get(flag) is False:
            policies.pop(key, None)
    return Answer.json(200, policies) if policies else NO_MATCH


def _called_about(call: Call, sent: Json) -> int | None:
    ids = [item.get("id", "") for item in sent.get("reservationIdList") or []]
    if not ids:
        return None
    hotel = sent.get("hotelId", call.hotel.id)
    same_hotel(call, hotel, "call.reservation.hotelId")
    record = fetch(call.connection, hotel, ids[0])
    if record is None:
        raise refused("RSV00051", "The call's reservation does not exist", "call.reservation.reservationIdList")
    return record.id


def _instant(call: Call, text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    instant = instant if instant.tzinfo else instant.replace(tzinfo=call.hotel.zone)
    return instant.astimezone(UTC)


def _message_json(call: Call, index: int, message: Json) -> Json:
    shown: Json = {"message": message["text"][:_TEXT], "hotelId": call.hotel.id, "usedInModule": "Reservations"}
    for key, source in (
        ("roomType", "room_type"),
        ("ratePlanCode", "rate_plan"),
        ("languageCode", "language"),
        ("beginDate", "start"),
    ):
        if message.get(source):
            shown[key] = message[source]
    return {**shown, "id": message.get("code", str(index)), "type": "SellMessage"}
