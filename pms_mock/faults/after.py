"""What happens to an answer, and what a fault leaves behind for a while.

A trace is a row with an instant at which it ends: a record that searches do not show yet, a restriction that goes
again, an answer that a shop cache keeps, a request that is worked on late. It outlives the rule that made it.
"""

import hashlib
import sqlite3

import msgspec

from pms_mock.engine.world import bump
from pms_mock.faults.rules import Fault, touch
from pms_mock.incoming import Request
from pms_mock.protocol.answer import Answer

_HIDDEN = {
    "postReservation": "reservation",
    "postProfile": "profile",
    "postGuestProfile": "profile",
    "postDepositPayment": "deposit",
}
_GARBAGE = b"<html><head><title>Service</title></head><body><h1>It works!</h1>"
_SUCCESS = range(200, 300)


def leave(connection: sqlite3.Connection, kind: str, ref: str, due_ms: int, document: bytes = b"") -> int:
    """Write a trace that ends at `due_ms`; answers its id."""
    row = connection.execute(
        "INSERT INTO fault_trace (kind, ref, due_ms, doc) VALUES (?, ?, ?, ?) RETURNING id",
        (kind, ref, due_ms, document),
    ).fetchone()
    touch(connection)
    return int(row[0])


def sweep(connection: sqlite3.Connection, now_ms: int) -> None:
    """End the traces that are over, late requests aside. Needs the write lock."""
    over = "kind <> 'late' AND due_ms <= ?"
    lifted = connection.execute(
        "DELETE FROM restriction WHERE id IN"  # noqa: S608 - constant text
        f" (SELECT CAST(ref AS INTEGER) FROM fault_trace WHERE kind = 'restriction' AND {over})",
        (now_ms,),
    )
    if lifted.rowcount:
        bump(connection)
    connection.execute(f"DELETE FROM fault_trace WHERE {over}", (now_ms,))  # noqa: S608 - constant text
    touch(connection)


def keep(connection: sqlite3.Connection, request: Request, fault: Fault, answer: Answer) -> None:
    """Hide a new record from searches, or keep an answer in the shop cache, in the transaction of the work."""
    due = request.world.now_ms + int(fault.number("seconds") * 1000)
    if fault.kind == "stale_availability":
        leave(connection, "shop", _key(request), due, msgspec.json.encode((answer.status, answer.body)))
    elif answer.status in _SUCCESS and request.operation:
        kind = _HIDDEN[request.operation.id]
        location = dict(answer.headers).get("location", "")
        ref = location.rsplit("/", 1)[-1] if kind != "deposit" else _last_deposit(connection)
        leave(connection, kind, ref, due)


def kept(connection: sqlite3.Connection, request: Request) -> Answer | None:
    """The answer that the shop cache still holds for this question."""
    row = connection.execute(
        "SELECT doc FROM fault_trace WHERE kind = 'shop' AND ref = ? AND due_ms > ? ORDER BY id LIMIT 1",
        (_key(request), request.world.now_ms),
    ).fetchone()
    return Answer(*msgspec.json.decode(row[0], type=tuple[int, bytes])) if row else None


def marred(fault: Fault, answer: Answer) -> Answer:
    """The answer as it goes out."""
    if answer.status not in _SUCCESS:
        return answer
    match fault.kind:
        case "5xx_after_commit":
            return Answer(int(fault.number("status")))
        case "201_without_location":
            return Answer(answer.status, answer.body, tuple(h for h in answer.headers if h[0] != "location"))
        case "garbage":
            return Answer(answer.status if answer.body else 200, _GARBAGE, answer.headers)
        case "warnings" if answer.body:
            told = {
                **msgspec.json.decode(answer.body),
                "warnings": [{"code": "W0001", "shortText": fault.params["text"]}],
            }
            return Answer(answer.status, msgspec.json.encode(told), answer.headers)
    return answer


def _last_deposit(connection: sqlite3.Connection) -> str:
    return str(connection.execute("SELECT max(id) FROM deposit").fetchone()[0])


def _key(request: Request) -> str:
    asked = (request.hotel, request.raw_path, request.query)
    return hashlib.sha256(msgspec.json.encode(asked, order="deterministic")).hexdigest()
