"""Filling the hotel's file from a seed document (the mock's own JSON, `"format": 1`).

Lists may be any iterable, so that twenty thousand guests can stream in. Everything happens in one transaction with
`executemany`: a document that is wrong leaves the store as it was. Stock is not in the document: it follows from the
reservations, and a document that sells a room twice is refused.
"""

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

import msgspec

from pms_mock.engine.days import each_day
from pms_mock.engine.hotel import Hotel
from pms_mock.engine.money import minor
from pms_mock.engine.restrictions import CODES
from pms_mock.engine.seed_hotel import hotel_document
from pms_mock.engine.seed_people import ProfileRows
from pms_mock.engine.seed_stays import StayRows
from pms_mock.engine.world import bump, load_hotel

Json = Mapping[str, Any]
_ALL_WEEK = 127
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_BATCH = 5000
_encode = msgspec.json.Encoder().encode


class SeedError(Exception):
    """The document cannot be used; the sentence says which entry and why."""


def seed(connection: sqlite3.Connection, document: Json) -> dict[str, int]:
    """Write the whole document inside the caller's transaction; answers how many rows of each kind."""
    if document.get("format") != 1:
        raise SeedError("seed document: format must be 1")
    counts = {"hotels": 0, "profiles": 0, "reservations": 0, "prices": 0}
    try:
        _clients(connection, document.get("clients", ()))
        systems = [(code,) for code in document.get("external_systems", ("External",))]
        connection.executemany("INSERT OR IGNORE INTO external_system VALUES (?)", systems)
        for item in document["hotels"]:
            _hotel(connection, item, counts)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SeedError(f"seed document: {type(error).__name__}: {error}") from error
    except sqlite3.IntegrityError as error:
        raise SeedError(f"seed document: {error}") from error
    bump(connection)
    return counts


def secret_hash(owner: str, secret: str) -> str:
    """How a client's secret is kept."""
    return hashlib.sha256(f"{owner}\0{secret}".encode()).hexdigest()


def weekdays_mask(days: Iterable[str | int] | None) -> int:
    """Bit 0 = Monday; None means the whole week; names may be cut to three letters."""
    if days is None:
        return _ALL_WEEK
    mask = 0
    for day in days:
        number = day if isinstance(day, int) else next(i for i, d in enumerate(_DAYS) if d.startswith(day.lower()[:3]))
        mask |= 1 << number
    return mask or _ALL_WEEK


def _clients(connection: sqlite3.Connection, clients: Iterable[Json]) -> None:
    rows = [
        (
            item["client_id"],
            secret_hash(item["client_id"], item["client_secret"]),
            item["app_key"],
            item["username"],
            secret_hash(item["username"], item["password"]),
            item.get("enterprise_id", ""),
            _encode(list(item["hotels"])).decode(),
        )
        for item in clients
    ]
    connection.executemany("INSERT OR REPLACE INTO client VALUES (?, ?, ?, ?, ?, ?, ?)", rows)


def _hotel(connection: sqlite3.Connection, item: Json, counts: dict[str, int]) -> None:
    name = item["hotel_id"]
    if connection.execute("SELECT 1 FROM hotel WHERE hotel = ?", (name,)).fetchone():
        raise SeedError(f"seed document: hotel {name} is there already")
    text = _encode(hotel_document(item)).decode()
    position = connection.execute("SELECT count(*) FROM hotel").fetchone()[0]
    connection.execute("INSERT INTO hotel VALUES (?, ?, ?)", (name, position, text))
    _restrictions(connection, name, item.get("restrictions", ()))
    hotel = load_hotel(connection, name)
    if hotel is None:
        raise SeedError(f"seed document: hotel {name} was not written")
    counts["hotels"] += 1
    counts["prices"] += _prices(connection, hotel, item["rate_plans"])
    counts["profiles"] += _profiles(connection, item.get("profiles", ()))
    counts["reservations"] += _reservations(connection, hotel, item.get("reservations", ()))


def _restrictions(connection: sqlite3.Connection, hotel: str, items: Iterable[Json]) -> None:
    rows = []
    for item in items:
        if item["code"] not in CODES:
            raise SeedError(f"seed document: restriction code {item['code']} is not one of {', '.join(CODES)}")
        los = sum(1 << int(n) for n in item.get("los", ()))
        scope = (item.get("room_class"), item.get("room_type"), item.get("rate_plan"))
        days = (item["start"], item["end"], weekdays_mask(item.get("weekdays")))
        rows.append((hotel, item["code"], item.get("unit"), los, *scope, *days))
    connection.executemany(
        "INSERT INTO restriction (hotel, code, unit, los, room_class, room_type, rate_plan, start, until, weekdays)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )


def _prices(connection: sqlite3.Connection, hotel: Hotel, plans: Iterable[Json]) -> int:
    rows: dict[tuple[str, str, str], int] = {}
    for plan in plans:
        for item in plan["prices"]:
            if item["room_type"] not in hotel.room_types:
                raise SeedError(f"seed document: {hotel.id}: price of an unknown room type {item['room_type']}")
            amount = minor(item["amount"])
            for day in each_day(item["start"], item["end"]):
                rows[day, plan["code"], item["room_type"]] = amount
    connection.executemany(
        "INSERT INTO price VALUES (?, ?, ?, ?, ?)", [(hotel.id, *key, rows[key]) for key in sorted(rows)]
    )
    return len(rows)


def _profiles(connection: sqlite3.Connection, items: Iterable[Json]) -> int:
    count, stream = 0, iter(items)
    while batch := list(islice(stream, _BATCH)):
        rows = ProfileRows()
        for item in batch:
            rows.add(item)
        rows.write(connection)
        count += len(batch)
    return count


def _reservations(connection: sqlite3.Connection, hotel: Hotel, items: Iterable[Json]) -> int:
    first = int(connection.execute("SELECT coalesce(max(id), 100000) FROM reservation WHERE id < 350000").fetchone()[0])
    rows = StayRows(hotel, first)
    stream = iter(items)
    while batch := list(islice(stream, _BATCH)):
        for item in batch:
            rows.add(item)
        rows.write(connection)
    problem = rows.write_stock(connection)
    if problem:
        raise SeedError(f"seed document: {hotel.id}: {problem}")
    return rows.count
