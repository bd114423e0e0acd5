"""Faults on demand: what a real PMS does on a bad day.

A fault is a row: for one operation (or `*`), for one hotel (or `*`), of a kind, with a number and how many times.
Every request looks for the first one that fits and uses it up. Kinds that work now:

    slow         wait `param` seconds, then do the work
    lost_answer  do the work, commit, then break the connection
    status       answer status `param` without a body and do nothing
"""

import sqlite3
from dataclasses import dataclass

KINDS = frozenset({"slow", "lost_answer", "status"})
ALWAYS = -1


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault that a request has to suffer."""

    kind: str
    param: float


def arm(connection: sqlite3.Connection, kind: str, operation: str, hotel: str, param: float, times: int) -> int:
    """Add a fault; answers its id."""
    if kind not in KINDS:
        raise ValueError(f"fault kind {kind} is not one of {', '.join(sorted(KINDS))}")
    row = connection.execute(
        "INSERT INTO fault (operation, hotel, kind, param, times) VALUES (?, ?, ?, ?, ?) RETURNING id",
        (operation, hotel, kind, param, times),
    ).fetchone()
    connection.execute("UPDATE world SET faults = 1")
    return int(row[0])


def disarm(connection: sqlite3.Connection) -> None:
    """Take all faults away."""
    connection.execute("DELETE FROM fault")
    connection.execute("UPDATE world SET faults = 0")


def fault_for(connection: sqlite3.Connection, operation: str, hotel: str) -> Fault | None:
    """The fault this request meets, used up by one; needs the write lock."""
    row = connection.execute(
        "SELECT id, kind, param, times FROM fault WHERE operation IN (?, '*') AND hotel IN (?, '*') AND times <> 0"
        " ORDER BY id LIMIT 1",
        (operation, hotel),
    ).fetchone()
    if row is None:
        return None
    if row[3] > 0:
        connection.execute("UPDATE fault SET times = times - 1 WHERE id = ?", (row[0],))
    return Fault(row[1], row[2])
