"""Opening and closing sales: restrictions and sell limits, by the vendor's operations and by the hotel's own hand."""

import sqlite3
from dataclasses import dataclass
from typing import Any

from pms_mock.engine.call import Call, known, same_hotel
from pms_mock.engine.days import checked_span, plus
from pms_mock.engine.hotel import Restriction
from pms_mock.engine.restrictions import OPENERS, WITH_UNIT
from pms_mock.engine.stock import limited
from pms_mock.engine.world import bump
from pms_mock.protocol.answer import NO_MATCH, Answer
from pms_mock.protocol.problem import bad_request, refused, unknown_code

Json = dict[str, Any]
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ALL_WEEK = 127
_LONGEST = 7
_MAX_UNIT = 999
_PERCENT = 100
_FLAT, _SHARE = frozenset({"flat", "f"}), frozenset({"percentage", "percent", "p"})


@dataclass(frozen=True, slots=True)
class Scope:
    """What a restriction concerns; None = all."""

    room_class: str | None = None
    room_type: str | None = None
    rate_plan: str | None = None


def add_restriction(  # noqa: PLR0913 - the columns of a row
    connection: sqlite3.Connection,
    hotel: str,
    code: str,
    scope: Scope,
    start: str,
    end: str,
    *,
    weekdays: int = _ALL_WEEK,
    unit: int | None = None,
    los: int = 0,
) -> None:
    """Write one restriction, or for an opening code take the matching ones away."""
    if code in OPENERS:
        lift(connection, hotel, OPENERS[code], scope, start, end)
    else:
        connection.execute(
            "INSERT INTO restriction (hotel, code, unit, los, room_class, room_type, rate_plan, start, until, weekdays)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (hotel, code, unit, los, scope.room_class, scope.room_type, scope.rate_plan, start, end, weekdays),
        )
    bump(connection)


def lift(connection: sqlite3.Connection, hotel: str, code: str, scope: Scope, start: str, end: str) -> int:
    """Take restrictions of exactly this scope off the days from start to end; answers how many rows were touched."""
    rows = connection.execute(
        "SELECT id, unit, los, start, until, weekdays FROM restriction WHERE hotel = ? AND code = ? AND room_class IS ?"
        " AND room_type IS ? AND rate_plan IS ? AND start <= ? AND until >= ?",
        (hotel, code, scope.room_class, scope.room_type, scope.rate_plan, end, start),
    ).fetchall()
    for number, unit, los, first, last, weekdays in rows:
        connection.execute("DELETE FROM restriction WHERE id = ?", (number,))
        for piece_start, piece_end in ((first, plus(start, -1)), (plus(end, 1), last)):
            if piece_start <= piece_end:
                add_restriction(
                    connection, hotel, code, scope, piece_start, piece_end, weekdays=weekdays, unit=unit, los=los
                )
    bump(connection)
    return len(rows)


def post_restriction(call: Call) -> Answer:
    """POST restrictions: one row for every combination of the codes sent."""
    sent: Json = call.body.get("restriction") or {}
    same_hotel(call, sent.get("hotelId"), "restriction.hotelId")
    status = sent.get("restrictionStatus") or {}
    code, unit = status.get("code"), status.get("unit")
    if not code:
        raise bad_request("The restriction has no code", "restriction.restrictionStatus.code", code="GEN00004")
    if code in WITH_UNIT and not 0 <= (-1 if unit is None else unit) <= _MAX_UNIT:
        raise bad_request("The restriction needs a unit", "restriction.restrictionStatus.unit", code="GEN00004")
    los = sum(1 << n for n in range(1, _LONGEST + 1) if status.get(f"lOS{n}"))
    if code == "LOSNotAvailable" and not los:
        raise bad_request(
            "The restriction names no length of stay", "restriction.restrictionStatus.lOS1", code="GEN00004"
        )
    start, end = checked_range(sent)
    for scope in _scopes(call, sent):
        add_restriction(
            call.connection, call.hotel.id, code, scope, start, end, weekdays=_weekdays(sent), unit=unit, los=los
        )
    return Answer.json(201, {}, call.location(f"/par/v1/hotels/{call.hotel.id}/restrictions"))


def checked_range(sent: Json) -> tuple[str, str]:
    """Start and end of a restriction: both there and in order (a season may be longer than the query limit)."""
    start, end = sent.get("start"), sent.get("end")
    if not start or not end or end < start:
        raise bad_request("The restriction needs start and end, in order", "restriction.start", code="GEN00004")
    return start, end


def get_restrictions(call: Call) -> Answer:
    """GET restrictions: the rows that touch the range, or 204."""
    call.offers(
        "restrictionSearchCriteriaStartDate", "end", "roomType", "roomClass", "ratePlanCode", "houseLevelRestriction",
        "limit", "restrictionInfo",
    )  # fmt: skip
    first = call.query.get("restrictionSearchCriteriaStartDate", call.today)
    start, end = checked_span(first, call.query.get("end", plus(first, 89)), "restrictionSearchCriteriaStartDate")
    limit, _ = call.page()
    if "limit" not in call.query:
        limit = 200
    rows = [row for row in call.hotel.restrictions if row.start <= end and row.end >= start and _asked_for(call, row)]
    if not rows:
        return NO_MATCH
    listed = [_restriction_json(row) for row in rows[:limit]]
    sets = {"hotelId": call.hotel.id, "hotelName": call.hotel.name[:80], "restrictionSets": listed}
    counts = {"hasMore": len(rows) > limit, "totalResults": len(rows), "count": len(listed)}
    return Answer.json(200, {"restrictionsByDateRange": {"restrictionsByDateRange": {**sets, **counts}}})


def put_sell_limits(call: Call) -> Answer:
    """PUT sellLimits: how many rooms may be sold on a day, by house, room type or room class."""
    sent: Json = call.body.get("sellLimitsByDate") or {}
    same_hotel(call, sent.get("hotelId"), "sellLimitsByDate.hotelId")
    rows = []
    for key, scope, name in (
        ("houseSellLimits", "house", ""),
        ("roomTypeSellLimits", "type", "roomType"),
        ("roomClassSellLimits", "class", "roomClass"),
    ):
        for index, item in enumerate(sent.get(key) or []):
            rows.append(_limit(call, scope, item, name, f"sellLimitsByDate.{key}[{index}]"))
    if not rows:
        raise bad_request("There is no sell limit", "sellLimitsByDate", code="GEN00004")
    call.connection.executemany("INSERT OR REPLACE INTO sell_limit VALUES (?, ?, ?, ?, ?)", rows)
    return Answer.json(200, {})


def _limit(call: Call, scope: str, item: Json, name: str, path: str) -> tuple[str, str, str, str, int]:
    code = item.get(name, "") if name else ""
    rooms = limited(call.hotel, scope, code)
    if not rooms:
        raise unknown_code(f"room {scope}", code, f"{path}.{name}")
    amount, how = item.get("amount", -1), item.get("flatOrPercentage", "Flat").lower()
    if "date" not in item or not 0 <= amount <= 10**6 or how not in _FLAT | _SHARE:
        raise bad_request("The sell limit needs a date, an amount and Flat or Percentage", path, code="GEN00004")
    if how in _SHARE:
        amount = sum(room.rooms for room in rooms) * min(amount, _PERCENT) / _PERCENT
    return call.hotel.id, item["date"], scope, code, int(amount)


def _scopes(call: Call, sent: Json) -> list[Scope]:
    for key in ("rateClasses", "bookingChannels", "ratePlanCategories", "seasonCode", "blockId"):
        if sent.get(key):
            raise unknown_code(key, sent[key], f"restriction.{key}")
    hotel = call.hotel
    lists: dict[str, list[str | None]] = {}
    for key, kind, configured in (
        ("roomClasses", "room class", hotel.room_classes),
        ("roomTypes", "room type", hotel.room_types),
        ("ratePlanCodes", "rate plan", hotel.rate_plans),
    ):
        known(kind, sent.get(key) or (), configured, f"restriction.{key}")
        lists[key] = sent.get(key) or [None]
    scopes = [Scope(c, t, p) for c in lists["roomClasses"] for t in lists["roomTypes"] for p in lists["ratePlanCodes"]]
    if len(scopes) > 1000:  # noqa: PLR2004 - more is a mistake
        raise refused("PAR00001", "The restriction concerns too many combinations", "restriction")
    return scopes


def _weekdays(sent: Json) -> int:
    mask = sum(1 << index for index, day in enumerate(_DAYS) if sent.get(day))
    return mask or _ALL_WEEK


def _asked_for(call: Call, row: Restriction) -> bool:
    query = call.query
    if query.get("houseLevelRestriction") and not row.is_house:
        return False
    wanted = (("roomType", row.room_type), ("roomClass", row.room_class), ("ratePlanCode", row.rate_plan))
    return all(name not in query or query[name] == value for name, value in wanted)


def _restriction_json(row: Restriction) -> Json:
    control: Json = {"house": row.is_house}
    for name, value in (("roomClass", row.room_class), ("roomType", row.room_type), ("ratePlanCode", row.rate_plan)):
        if value is not None:
            control[name] = value
    status: Json = {"code": row.code}
    if row.code in WITH_UNIT:
        status["unit"] = row.unit
    status |= {f"lOS{n}": True for n in range(1, _LONGEST + 1) if row.los >> n & 1}
    days = {day: bool(row.weekdays >> index & 1) for index, day in enumerate(_DAYS)}
    return {"restrictionControl": control, "restrictionStatus": status, "start": row.start, "end": row.end, **days}
