"""The night audit and the front desk: what moves a reservation without the wire.

The vendor's document has no operation that sets a no-show or checks anyone in, so these are the hotel's own hand. The
audit closes the days before today: who was to arrive and did not is a no-show and gives the rest of the stay back,
who was to leave has left. Running it twice changes nothing more.
"""

import sqlite3

from pms_mock.engine.booking import taken_by
from pms_mock.engine.hotel import Hotel
from pms_mock.engine.records import Record, update
from pms_mock.engine.stock import give_back, take, tentative
from pms_mock.engine.world import World, today
from pms_mock.protocol.problem import refused

_AUDITOR, _DESK = "night-audit", "front-desk"


def night_audit(connection: sqlite3.Connection, hotel: Hotel, world: World) -> dict[str, list[str]]:
    """Close the days before today; answers the ids that became no-shows and that were checked out."""
    day = today(hotel, world)
    late = _rows(connection, hotel, "status = 'Reserved' AND arrival < ?", day)
    for record in late:
        _free(connection, hotel, record)
        _set(connection, record, world, _AUDITOR, status="NoShow")
    left = _rows(connection, hotel, "status = 'InHouse' AND departure < ?", day)
    for record in left:
        _set(connection, record, world, _AUDITOR, status="CheckedOut")
    return {"no_show": [str(r.id) for r in late], "checked_out": [str(r.id) for r in left]}


def check_in(connection: sqlite3.Connection, hotel: Hotel, world: World, record: Record) -> None:
    """The guest stands at the desk; a no-show may still come, if there is a room."""
    if record.status not in {"Reserved", "NoShow"} or record.arrival > today(hotel, world):
        raise refused("RSV00060", f"A reservation that is {record.status} cannot be checked in now", "reservationId")
    if record.status == "NoShow":
        take(connection, hotel, taken_by(record.draft), guard=True)
    elif not record.deducts:
        tentative(connection, hotel, taken_by(record.draft), -1)
        take(connection, hotel, taken_by(record.draft), guard=True)
    _set(connection, record, world, _DESK, status="InHouse", deducts=1, on_hold=0)


def check_out(connection: sqlite3.Connection, hotel: Hotel, world: World, record: Record) -> None:
    """The guest leaves; nights that were booked and not slept are free again."""
    if record.status != "InHouse":
        raise refused("RSV00061", f"A reservation that is {record.status} cannot be checked out", "reservationId")
    give_back(connection, hotel, taken_by(record.draft), max(today(hotel, world), record.arrival))
    _set(connection, record, world, _DESK, status="CheckedOut")


def set_guarantee(connection: sqlite3.Connection, hotel: Hotel, world: World, record: Record, code: str) -> None:
    """The front desk confirms (or loosens) a reservation without telling anyone."""
    if record.status != "Reserved" or code not in hotel.guarantees:
        raise refused("RSV00062", "The guarantee cannot be set", "guaranteeCode", detail=code)
    deducts = hotel.guarantees[code].deducts
    if deducts != bool(record.deducts):
        _free(connection, hotel, record)
        if deducts:
            take(connection, hotel, taken_by(record.draft), guard=True)
        else:
            tentative(connection, hotel, taken_by(record.draft), 1)
    _set(connection, record, world, _DESK, guarantee=code, deducts=deducts)


def _free(connection: sqlite3.Connection, hotel: Hotel, record: Record) -> None:
    if record.deducts:
        give_back(connection, hotel, taken_by(record.draft))
    else:
        tentative(connection, hotel, taken_by(record.draft), -1)


def _set(connection: sqlite3.Connection, record: Record, world: World, user: str, **columns: object) -> None:
    update(connection, record.id, **columns, modified_ms=world.now_ms, modifier=user)


def _rows(connection: sqlite3.Connection, hotel: Hotel, where: str, day: str) -> list[Record]:
    rows = connection.execute(f"SELECT * FROM reservation WHERE hotel = ? AND {where} ORDER BY id", (hotel.id, day))  # noqa: S608
    return [Record(*row) for row in rows.fetchall()]
