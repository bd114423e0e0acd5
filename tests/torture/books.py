"""The books at rest: our store, the hotel's records and the hotel's stock held against each other, both ways.

`differences` reads the databases directly, so that no code under test can explain a difference away. An empty
list means: every reservation of ours has exactly one live record with the same number, dates, room and guarantee, or
none when it is over; every live record with our reference is a reservation of ours; money agrees and no payment is
there twice; and the stock is exactly what the live records take.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import psycopg
from psycopg.rows import dict_row

from tests.torture.house import CHECK_IN, HOTEL, SUITE, SUITES, House

LIVE = ("Reserved", "InHouse")
CODES = {"hold": {"HOLD"}, "option": {"OPT"}, "confirmed": {"CARD", "PAID", "AGENCY", "COMPANY"}}
OVER = {"expired", "cancelled"}
Row = dict[str, Any]


def rows(path: object, sql: str, *values: object) -> list[Row]:
    """All rows of a question to an SQLite file."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(sql, values)]


def store_rows(house: House, sql: str) -> list[Row]:
    """All rows of a question to our store, whichever it is."""
    if not house.database_url:
        return rows(house.store_path, sql)
    with psycopg.connect(house.database_url, row_factory=dict_row) as connection:
        return connection.execute(sql).fetchall()


@dataclass(frozen=True)
class Books:
    """What both sides hold."""

    ours: list[Row]
    theirs: list[Row]
    stock: list[Row]
    deposits: list[Row]

    def live_of(self, reference: str) -> list[Row]:
        """Live records that carry one of our references."""
        return [one for one in self.theirs if one["ref"] == reference and one["status"] in LIVE]

    @property
    def live(self) -> list[Row]:
        return [one for one in self.theirs if one["status"] in LIVE]


def read_books(house: House) -> Books:
    """Both files as they are now."""
    return Books(
        store_rows(house, "SELECT * FROM reservations"),
        rows(
            house.pms_path,
            "SELECT r.*, x.ref FROM reservation r JOIN reservation_ref x ON x.reservation = r.id"
            " WHERE x.system = 'SANTRAL' ORDER BY r.id",
        ),
        rows(house.pms_path, "SELECT * FROM stock"),
        rows(house.pms_path, "SELECT * FROM deposit"),
    )


def unsettled(house: House) -> list[tuple[str, str]]:
    """Kind and state of writes whose end is not known."""
    found = store_rows(house, "SELECT kind, state FROM intents WHERE state NOT IN ('done', 'refused')")
    return sorted((one["kind"], one["state"]) for one in found)


def suites_left(house: House, day: date = CHECK_IN) -> int:
    """Junior suites the hotel can still sell."""
    found = rows(
        house.pms_path, "SELECT capacity - sold AS free FROM stock WHERE room_type = ? AND day = ? AND hotel = ?",
        SUITE, day.isoformat(), HOTEL,
    )  # fmt: skip
    return int(found[0]["free"]) if found else SUITES


def differences(house: House) -> list[str]:
    """Everything that does not agree."""
    books = read_books(house)
    return [*_records(books), *_money(books), *_stock(house, books), *_audit(house)]


def _records(books: Books) -> Iterator[str]:
    known = {one["external_ref"]: one for one in books.ours}
    for ref, count in Counter(one["ref"] for one in books.live).items():
        if count > 1:
            yield f"{ref}: {count} live records"
        if ref not in known:
            yield f"{ref}: live in the PMS, unknown here"
    for one in books.ours:
        yield from _record(one, books.live_of(one["external_ref"]))


def _record(one: Row, live: list[Row]) -> Iterator[str]:
    name, state = one["reservation_id"], one["state"]
    if state in OVER:
        if live:
            yield f"{name}: {state} here, live in the PMS"
        return
    if not live:
        yield f"{name}: {state} here, not live in the PMS"
        return
    record = live[0]
    if str(record["id"]) != one["pms_ref"]:
        yield f"{name}: number {one['pms_ref']} here, {record['id']} in the PMS"
    if record["guarantee"] not in CODES.get(state, set()):
        yield f"{name}: {state} here, guarantee {record['guarantee']} in the PMS"
    ours = (one["check_in"], one["check_out"], one["room_type"], one["rooms"], one["total"])
    theirs = (record["arrival"], record["departure"], record["room_type"], record["units"], record["total_minor"])
    if ours != theirs:
        yield f"{name}: {ours} here, {theirs} in the PMS"


def _money(books: Books) -> Iterator[str]:
    for reference, count in Counter(one["reference"] for one in books.deposits).items():
        if count > 1:
            yield f"payment {reference} is there {count} times"
    for one in books.ours:
        paid = sum(deposit["minor"] for deposit in books.deposits if str(deposit["reservation"]) == one["pms_ref"])
        if paid != one["paid"]:
            yield f"{one['reservation_id']}: {one['paid']} paid here, {paid} in the PMS"


def _stock(house: House, books: Books) -> Iterator[str]:
    taken: Counter[tuple[str, str]] = Counter()
    for one in rows(
        house.pms_path, "SELECT * FROM reservation WHERE deducts = 1 AND status IN ('Reserved', 'InHouse')"
    ):
        day, end = date.fromisoformat(one["arrival"]), date.fromisoformat(one["departure"])
        while day < end:
            taken[one["room_type"], day.isoformat()] += one["units"]
            day += timedelta(days=1)
    sold = {(one["room_type"], one["day"]): one["sold"] for one in books.stock}
    for cell in taken.keys() | {cell for cell, count in sold.items() if count}:
        if taken[cell] != sold.get(cell, 0):
            yield f"{cell}: {sold.get(cell, 0)} sold, {taken[cell]} taken by records"
    for one in books.stock:
        if not 0 <= one["sold"] <= one["capacity"]:
            yield f"{one['room_type']} {one['day']}: {one['sold']} of {one['capacity']} sold"


def _audit(house: House) -> Iterator[str]:
    numbers = [one["seq"] for one in store_rows(house, "SELECT seq FROM audit ORDER BY seq")]
    if numbers != list(range(1, len(numbers) + 1)):
        yield "the audit's numbers have a gap"
