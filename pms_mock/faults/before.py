"""What happens in the hotel, or to the request, just before the work begins.

The front desk confirms, locks or closes; the price list changes; the interface loses a guarantee code on the way. Each
function is given the write transaction and changes the hotel in it, so the request then meets a hotel that really is
so. What does not fit the request (no such reservation, no dates) happens to nobody.
"""

import sqlite3
from collections.abc import Callable
from typing import Any

from pms_mock.access import expire
from pms_mock.engine import audit
from pms_mock.engine.closing import Scope, add_restriction
from pms_mock.engine.days import before, span
from pms_mock.engine.hotel import Hotel
from pms_mock.engine.records import Record, fetch
from pms_mock.engine.restrictions import WITH_UNIT
from pms_mock.engine.world import load_hotel, next_id
from pms_mock.faults.after import leave
from pms_mock.faults.rules import Fault
from pms_mock.incoming import Request
from pms_mock.protocol.problem import Problem

Json = dict[str, Any]
_Act = Callable[[sqlite3.Connection, Request, Fault], None]


def prepare(connection: sqlite3.Connection, request: Request, fault: Fault) -> None:
    """Let the fault happen, if it is one that happens before the work."""
    act = _ACTS.get(fault.kind)
    if act:
        act(connection, request, fault)


def _expire(connection: sqlite3.Connection, request: Request, _fault: Fault) -> None:
    expire(connection, request.headers)


def _confirm(connection: sqlite3.Connection, request: Request, fault: Fault) -> None:
    hotel, record = _place(connection, request)
    code = str(fault.params["guarantee"])
    if hotel is None or record is None or record.guarantee == code:
        return
    connection.execute("SAVEPOINT desk")
    try:
        audit.set_guarantee(connection, hotel, request.world, record, code)
    except Problem:
        connection.execute("ROLLBACK TO desk")
    connection.execute("RELEASE desk")


def _lock(connection: sqlite3.Connection, request: Request, fault: Fault) -> None:
    _, record = _place(connection, request)
    now = request.world.now_ms
    if record is None:
        return
    held = connection.execute(
        "SELECT 1 FROM lock WHERE reservation = ? AND expires_ms > ?", (record.id, now)
    ).fetchone()
    if held is None:
        until = now + int(fault.number("seconds") * 1000)
        row = (next_id(connection, "lock"), record.id, fault.params["user"], now, until)
        connection.execute("INSERT OR REPLACE INTO lock VALUES (?, ?, ?, ?, ?)", row)


def _change_price(connection: sqlite3.Connection, request: Request, fault: Fault) -> None:
    stay, rate = _stay(request), _rate(request)
    connection.execute(
        "UPDATE price SET minor = CAST(round(minor * ?) AS INTEGER)"
        " WHERE hotel = ? AND rate_plan = ? AND room_type = ? AND day >= ? AND day < ?",
        (
            1 + fault.number("percent") / 100, request.hotel, rate.get("ratePlanCode"), rate.get("roomType"),
            stay.get("arrivalDate"), stay.get("departureDate"),
        ),
    )  # fmt: skip
    for one in stay.get("roomRates") or []:
        for name in ("rates", "total", "fixedRate"):
            one.pop(name, None)


def _restrict(connection: sqlite3.Connection, request: Request, fault: Fault) -> None:
    rate = _rate(request)
    scope = Scope(None, rate.get("roomType"), rate.get("ratePlanCode"))
    if scope.room_type and scope.rate_plan:
        _close(connection, request, fault, scope, str(fault.params["code"]))


def _close_house(connection: sqlite3.Connection, request: Request, fault: Fault) -> None:
    _close(connection, request, fault, Scope(), "Closed")


def _close(connection: sqlite3.Connection, request: Request, fault: Fault, scope: Scope, code: str) -> None:
    arrival, departure = _dates(request)
    if not arrival or arrival >= departure or load_hotel(connection, request.hotel) is None:
        return
    unit = (int(fault.params.get("unit", 0)) or span(arrival, departure) + 1) if code in WITH_UNIT else None
    until = departure if code == "ClosedForDeparture" else before(departure)
    same = "hotel = ? AND code = ? AND room_type IS ? AND rate_plan IS ? AND start <= ? AND until >= ?"
    values = (request.hotel, code, scope.room_type, scope.rate_plan, arrival, until)
    if connection.execute(f"SELECT 1 FROM restriction WHERE {same}", values).fetchone():  # noqa: S608 - constant text
        return
    add_restriction(connection, request.hotel, code, scope, arrival, until, unit=unit)
    number = connection.execute("SELECT last_insert_rowid()").fetchone()[0]
    if seconds := fault.number("seconds"):
        leave(connection, "restriction", str(number), request.world.now_ms + int(seconds * 1000))


def _replace_guarantee(connection: sqlite3.Connection, request: Request, fault: Fault) -> None:
    hotel = load_hotel(connection, request.hotel)
    held = request.body.get("criteria") if "criteria" in request.body else _stay(request).get("guarantee")
    if hotel is None or not isinstance(held, dict) or "guaranteeCode" not in held:
        return
    others = (code for code in hotel.guarantees if code != held["guaranteeCode"])
    held["guaranteeCode"] = fault.params["guarantee"] or next(others, held["guaranteeCode"])


def _drop_guarantee(_connection: sqlite3.Connection, request: Request, _fault: Fault) -> None:
    (request.body.get("criteria") or {}).pop("guaranteeCode", None)


def _place(connection: sqlite3.Connection, request: Request) -> tuple[Hotel | None, Record | None]:
    number = str(request.segments.get("reservationId", "")).removesuffix(".0")
    return load_hotel(connection, request.hotel), fetch(connection, request.hotel, number)


def _stay(request: Request) -> Json:
    sent = request.body.get("reservations") or {}
    listed = sent.get("reservation") or [{}] if isinstance(sent, dict) else sent
    stay: Json = listed[0].get("roomStay") or {}
    return stay


def _rate(request: Request) -> Json:
    return next(iter(_stay(request).get("roomRates") or []), {})


def _dates(request: Request) -> tuple[str, str]:
    stay, query = _stay(request), request.query
    for start, end in (
        ("roomStayStartDate", "roomStayEndDate"),
        ("startDate", "endDate"),
        ("dateRangeStart", "dateRangeEnd"),
    ):
        if start in query:
            return str(query[start]), str(query.get(end, ""))
    return str(stay.get("arrivalDate", "")), str(stay.get("departureDate", ""))


_ACTS: dict[str, _Act] = {
    "token_expired": _expire,
    "confirmed_by_front_desk": _confirm,
    "locked": _lock,
    "price_changed": _change_price,
    "restriction_appears": _restrict,
    "house_closed": _close_house,
    "guarantee_replaced": _replace_guarantee,
    "deposit_without_guarantee": _drop_guarantee,
}
