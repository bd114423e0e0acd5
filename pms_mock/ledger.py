"""The ledger: what the hotel was asked, in order. A test reads it to prove that nothing was sent twice.

A write's row is part of the write's own transaction: if the effect is there, so is the row. A read's row is written
when the file happens to be free, else it waits in the process for the next chance. The last 100,000 rows are kept.
"""

import sqlite3
from dataclasses import dataclass

KEEP = 100_000
_PRUNE_EVERY = 1000
_COLUMNS = "at_ms, method, path, hotel, operation, request_id, status, duration_us, external_reference, fault"


@dataclass(frozen=True, slots=True)
class Entry:
    """One request. `path` is the template, never the path itself; `duration_us` ends at the commit."""

    at_ms: int
    method: str
    path: str
    hotel: str
    operation: str
    request_id: str
    status: int
    duration_us: int
    external_reference: str = ""
    fault: str = ""


def write(connection: sqlite3.Connection, entries: list[Entry]) -> None:
    """Append entries inside the caller's transaction, pruning now and then."""
    for entry in entries:
        done = connection.execute(
            f"INSERT INTO ledger ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - our names
            (
                entry.at_ms, entry.method, entry.path, entry.hotel, entry.operation, entry.request_id, entry.status,
                entry.duration_us, entry.external_reference, entry.fault,
            ),
        )  # fmt: skip
        number = done.lastrowid or 0
        if number % _PRUNE_EVERY == 0:
            connection.execute("DELETE FROM ledger WHERE id <= ?", (number - KEEP,))


def read(connection: sqlite3.Connection, since: int = 0) -> list[tuple[int, Entry]]:
    """Entries with an id above `since`, oldest first."""
    rows = connection.execute(f"SELECT id, {_COLUMNS} FROM ledger WHERE id > ? ORDER BY id", (since,))  # noqa: S608 - our names
    return [(row[0], Entry(*row[1:])) for row in rows]
