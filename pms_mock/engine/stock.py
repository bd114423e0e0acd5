"""Rooms left, and taking them.

One row per hotel, night and room type counts what is sold. Taking is one conditional UPDATE over all nights inside a
write transaction: if any night has no room the statement changes fewer rows than there are nights, and the
transaction is undone. Tentative (non-deducting) reservations are counted apart and take nothing. Sell limits (house,
room type, room class) are checked after the update, in the same transaction.

An authorised override (`overrideInventoryCheck`, `overrideInventory`) raises `forced`, so that even then the
database's CHECK keeps the books honest.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

from pms_mock.engine.days import nights, plus
from pms_mock.engine.hotel import Hotel, RoomType
from pms_mock.protocol.problem import Problem, refused

Cell = tuple[str, str]
_WINDOW = "hotel = ? AND room_type = ? AND day >= ? AND day < ?"
at_race: list[Callable[[], None]] = []
"""Tests put a barrier here: called between check and write when the guard is off."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a stay takes: a room type, its nights, and how many rooms."""

    room_type: str
    arrival: str
    departure: str
    units: int


def sold_out(room_type: str, path: str) -> Problem:
    """400: the stock does not suffice."""
    return refused(
        "RSV00001", "Room type not available for the stay", path, detail=f"Inventory is insufficient: {room_type}"
    )


def rooms_left(connection: sqlite3.Connection, hotel: Hotel, start: str, until: str) -> dict[Cell, int]:
    """Rooms that can still be sold by (room type, day) for `start <= day < until`, sell limits applied."""
    sold = sold_rows(connection, hotel, start, until)
    days = nights(start, until)
    left = {(code, day): room.capacity for code, room in hotel.room_types.items() for day in days}
    for cell, (count, _) in sold.items():
        left[cell] -= count
    for day, scope, code, limit in connection.execute(
        "SELECT day, scope, code, rooms FROM sell_limit WHERE hotel = ? AND day >= ? AND day < ?",
        (hotel.id, start, until),
    ):
        rooms = limited(hotel, scope, code)
        free = limit - sum(sold.get((room.code, day), (0, 0))[0] for room in rooms)
        for room in rooms:
            left[room.code, day] = min(left[room.code, day], free)
    return {cell: max(0, count) for cell, count in left.items()}


def sold_rows(connection: sqlite3.Connection, hotel: Hotel, start: str, until: str) -> dict[Cell, tuple[int, int]]:
    """(sold, tentative) by (room type, day)."""
    rows = connection.execute(
        "SELECT room_type, day, sold, tentative FROM stock WHERE hotel = ? AND day >= ? AND day < ?",
        (hotel.id, start, until),
    )
    return {(room, day): (sold, tentative) for room, day, sold, tentative in rows}


def limited(hotel: Hotel, scope: str, code: str) -> list[RoomType]:
    """The room types that a sell limit concerns."""
    rooms = hotel.room_types.values()
    if scope == "house":
        return list(rooms)
    return [room for room in rooms if code == (room.code if scope == "type" else room.room_class)]


def take(connection: sqlite3.Connection, hotel: Hotel, taken: Taken, *, guard: bool, force: bool = False) -> None:
    """Take the rooms or raise the dialect's refusal; `force` overrides the count and is written down as forced."""
    _rows(connection, hotel, taken)
    where = (hotel.id, taken.room_type, taken.arrival, taken.departure)
    if force:
        connection.execute(
            f"UPDATE stock SET sold = sold + ?1, forced = max(forced, sold + ?1 - capacity) WHERE {_numbered()}",  # noqa: S608
            (taken.units, *where),
        )
        return
    if guard:
        done = connection.execute(
            f"UPDATE stock SET sold = sold + ? WHERE {_WINDOW} AND sold + ? <= capacity",  # noqa: S608 - constant text
            (taken.units, *where, taken.units),
        )
        if done.rowcount != len(nights(taken.arrival, taken.departure)):
            raise sold_out(taken.room_type, "reservations.roomStay")
    else:
        connection.execute(f"UPDATE stock SET sold = sold + ? WHERE {_WINDOW}", (taken.units, *where))  # noqa: S608
    _check_limits(connection, hotel, taken)


def give_back(connection: sqlite3.Connection, hotel: Hotel, taken: Taken, since: str = "") -> None:
    """Return the rooms of all nights, or of those from `since` on."""
    where = (hotel.id, taken.room_type, max(taken.arrival, since), taken.departure)
    connection.execute(
        f"UPDATE stock SET sold = sold - ?1, forced = min(forced, max(0, sold - ?1 - capacity)) WHERE {_numbered()}",  # noqa: S608
        (taken.units, *where),
    )


def tentative(connection: sqlite3.Connection, hotel: Hotel, taken: Taken, sign: int) -> None:
    """Count (`+1`) or forget (`-1`) a stay that takes nothing."""
    _rows(connection, hotel, taken)
    connection.execute(
        f"UPDATE stock SET tentative = tentative + ? WHERE {_WINDOW}",  # noqa: S608 - constant text
        (sign * taken.units, hotel.id, taken.room_type, taken.arrival, taken.departure),
    )


def is_free(connection: sqlite3.Connection, hotel: Hotel, taken: Taken) -> bool:
    """Whether the rooms are there now (a look, not a promise)."""
    left = rooms_left(connection, hotel, taken.arrival, taken.departure)
    return all(left[taken.room_type, day] >= taken.units for day in nights(taken.arrival, taken.departure))


def _rows(connection: sqlite3.Connection, hotel: Hotel, taken: Taken) -> None:
    capacity = hotel.room_types[taken.room_type].capacity
    connection.executemany(
        "INSERT OR IGNORE INTO stock (hotel, day, room_type, capacity) VALUES (?, ?, ?, ?)",
        [(hotel.id, day, taken.room_type, capacity) for day in nights(taken.arrival, taken.departure)],
    )


def _check_limits(connection: sqlite3.Connection, hotel: Hotel, taken: Taken) -> None:
    limits = connection.execute(
        "SELECT day, scope, code, rooms FROM sell_limit WHERE hotel = ? AND day >= ? AND day < ?",
        (hotel.id, taken.arrival, taken.departure),
    ).fetchall()
    for day, scope, code, rooms in limits:
        concerned = {room.code for room in limited(hotel, scope, code)}
        if taken.room_type in concerned:
            sold = sold_rows(connection, hotel, day, plus(day, 1))
            if sum(count for (room, _), (count, _) in sold.items() if room in concerned) > rooms:
                raise refused(
                    "RSV00002", "The sell limit is reached", "reservations.roomStay", detail=f"{scope} {code} {day}"
                )


def _numbered() -> str:
    return "hotel = ?2 AND room_type = ?3 AND day >= ?4 AND day < ?5"
