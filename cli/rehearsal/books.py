"""The books at rest: our store, the hotel's records and the hotel's stock held against each other, both ways.

Both databases are read directly, so that no code under test can explain a difference away. Every reservation of ours
has exactly one record that stands, with the same number, stay, room, price and guarantee, or none when it is over;
every record that stands with our reference is a reservation of ours; no payment is there twice and the sums agree;
and the stock is exactly what the standing records take, never below zero.
"""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

Row = dict[str, Any]
TAKES = frozenset({"Reserved", "InHouse", "CheckedOut"})
CODES: Mapping[str, frozenset[str]] = {
    "hold": frozenset({"HOLD"}),
    "option": frozenset({"OPT"}),
    "confirmed": frozenset({"CARD", "PAID", "AGENCY", "COMPANY"}),
}
OVER = frozenset({"expired", "cancelled", "rolled_back"})
SETTLED = ("done", "refused")


def rows(connection: sqlite3.Connection, sql: str, *values: object) -> list[Row]:
    """All rows of a question, as mappings."""
    cursor = connection.execute(sql, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


@dataclass(frozen=True, slots=True)
class Books:
    """What both sides hold. `theirs`: records with a reference of `system`, `ref` beside them."""

    ours: list[Row]
    history: list[Row]
    intents: list[Row]
    tasks: list[Row]
    theirs: list[Row]
    all_theirs: list[Row]
    stock: list[Row]
    deposits: list[Row]

    def by_reference(self) -> dict[str, list[Row]]:
        """Records by our reference."""
        found: dict[str, list[Row]] = defaultdict(list)
        for one in self.theirs:
            found[one["ref"]].append(one)
        return found

    def undecided(self) -> set[str]:
        """Reservations with a deposit of unknown outcome, which blocks them until a person has decided."""
        return {one["reservation_id"] for one in self.intents if one["kind"] == "deposit"}


def read_books(ours: sqlite3.Connection, theirs: sqlite3.Connection, system: str = "SANTRAL") -> Books:
    """Both sides as they are now."""
    return Books(
        rows(ours, "SELECT * FROM reservations ORDER BY reservation_id"),
        rows(ours, "SELECT * FROM history ORDER BY reservation_id, line"),
        rows(ours, "SELECT * FROM intents WHERE state NOT IN (?, ?) ORDER BY intent_id", *SETTLED),
        rows(ours, "SELECT * FROM tasks ORDER BY task_id"),
        rows(
            theirs,
            "SELECT r.*, x.ref FROM reservation r JOIN reservation_ref x ON x.reservation = r.id"
            " WHERE x.system = ? ORDER BY r.id",
            system,
        ),
        rows(theirs, "SELECT * FROM reservation WHERE status <> 'Cancelled' ORDER BY id"),
        rows(theirs, "SELECT * FROM stock ORDER BY hotel, day, room_type"),
        rows(theirs, "SELECT * FROM deposit ORDER BY id"),
    )


def records_differ(books: Books) -> Iterator[str]:
    """Our reservations and their records, both ways."""
    theirs, undecided = books.by_reference(), books.undecided()
    for one in books.ours:
        standing = [record for record in theirs.pop(one["external_ref"], []) if record["status"] != "Cancelled"]
        if one["reservation_id"] not in undecided:
            yield from _reservation_differs(one, standing)
    for ref, records in theirs.items():
        for record in records:
            if record["status"] != "Cancelled":
                yield f"{ref}: record {record['id']} stands in the PMS, unknown here"


def _reservation_differs(one: Row, standing: list[Row]) -> Iterator[str]:
    name, state = one["reservation_id"], one["state"]
    wanted = 0 if state in OVER else 1
    if len(standing) != wanted:
        numbers = ", ".join(str(record["id"]) for record in standing) or "none"
        yield f"{name}: {state} here; standing in the PMS: {numbers}"
    elif wanted:
        yield from _record_differs(one, standing[0])


def _record_differs(one: Row, record: Row) -> Iterator[str]:
    name, state = one["reservation_id"], one["state"]
    if str(record["id"]) != one["pms_ref"]:
        yield f"{name}: number {one['pms_ref']} here, {record['id']} in the PMS"
    if state in CODES and record["guarantee"] not in CODES[state]:
        yield f"{name}: {state} here, guarantee {record['guarantee']} in the PMS"
    if state in CODES:
        here = (one["check_in"], one["check_out"], one["room_type"], one["rooms"], one["total"])
        there = (record["arrival"], record["departure"], record["room_type"], record["units"], record["total_minor"])
        if here != there:
            yield f"{name}: {_said(here)} here, {_said(there)} in the PMS"


def _said(facts: tuple[object, ...]) -> str:
    return " ".join(map(str, facts))


def payments_differ(books: Books) -> Iterator[str]:
    """Payments: none twice, and the sums agree unless the outcome of one is still a person's to find."""
    for reference, count in Counter(one["reference"] for one in books.deposits).items():
        if count > 1:
            yield f"payment {reference} is in the PMS {count} times"
    open_ones = books.undecided()
    sums: Counter[str] = Counter()
    for one in books.deposits:
        sums[str(one["reservation"])] += one["minor"]
    for one in books.ours:
        if sums[one["pms_ref"] or ""] != one["paid"] and one["reservation_id"] not in open_ones:
            yield f"{one['reservation_id']}: {one['paid']} paid here, {sums[one['pms_ref'] or '']} in the PMS"


def stock_differs(books: Books, since: date) -> Iterator[str]:
    """Nothing sold that is not there, and the count from `since` on is what the records take or have slept in."""
    taken: Counter[tuple[str, str, str]] = Counter()
    for one in books.all_theirs:
        if one["deducts"] and one["status"] in TAKES:
            day, end = max(since, date.fromisoformat(one["arrival"])), date.fromisoformat(one["departure"])
            while day < end:
                taken[one["hotel"], one["room_type"], day.isoformat()] += one["units"]
                day += timedelta(days=1)
    for one in books.stock:
        cell = one["hotel"], one["room_type"], one["day"]
        if not 0 <= one["sold"] <= one["capacity"]:
            yield f"{_said(cell)}: {one['sold']} of {one['capacity']} sold"
        if taken.pop(cell, 0) != one["sold"] and one["day"] >= since.isoformat():
            yield f"{_said(cell)}: {one['sold']} counted as sold, not what the records take"
    for cell in taken:
        yield f"{_said(cell)}: taken by records, not counted"
