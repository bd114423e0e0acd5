"""Requests whose connection broke first and which are worked on later, as when a proxy gives up on a slow PMS.

The request was believed and read; what is needed to do it is a trace in the hotel's file (never the token). Whoever
deletes the trace does the work, in the same transaction: one process, once. The process that took the request sets a
timer; every other process that has a request sees the trace and sets one too, and what is overdue is done before the
next request is looked at. So a late write survives the process that was asked, and a clock that is moved on.
"""

import sqlite3

import msgspec

from pms_mock.access import Grant
from pms_mock.clock import stopwatch_us
from pms_mock.engine.world import World
from pms_mock.faults.after import leave
from pms_mock.faults.rules import Fault, touch
from pms_mock.incoming import Json, Request
from pms_mock.protocol.wire import wire


class _Kept(msgspec.Struct):
    """A request as it had been understood."""

    operation: str
    method: str
    raw_path: str
    scheme: str
    hotel: str
    user: str
    hotels: tuple[str, ...]
    headers: dict[str, str]
    segments: Json
    query: Json
    body: Json


def postpone(connection: sqlite3.Connection, request: Request, fault: Fault) -> int:
    """Keep the request for later; answers the trace's id."""
    grant, operation = request.grant, request.operation
    if grant is None or operation is None:
        raise ValueError("only an understood request can be kept")
    headers = {name: value for name, value in request.headers.items() if name not in {"authorization", "x-app-key"}}
    kept = _Kept(
        operation.id, request.method, request.raw_path, request.scope.get("scheme", "http"), request.hotel, grant.user,
        grant.hotels, headers, request.segments, request.query, request.body,
    )  # fmt: skip
    due = request.world.now_ms + int(fault.number("seconds") * 1000)
    return leave(connection, "late", request.headers.get("x-request-id", "")[:80], due, msgspec.json.encode(kept))


def claim(connection: sqlite3.Connection, number: int, world: World) -> Request | None:
    """The request, which from now on is the caller's to do; None when somebody else has it. Needs the write lock."""
    row = connection.execute(
        "DELETE FROM fault_trace WHERE id = ? AND kind = 'late' RETURNING doc", (number,)
    ).fetchone()
    if row is None:
        return None
    touch(connection)
    kept = msgspec.json.decode(row[0], type=_Kept)
    return Request(
        {"scheme": kept.scheme},
        _nothing_more,
        stopwatch_us(),
        world,
        kept.method,
        kept.raw_path,
        operation=wire().operations[kept.operation],
        headers=kept.headers,
        hotel=kept.hotel,
        grant=Grant(kept.user, "", kept.hotels),
        query=kept.query,
        segments=kept.segments,
        body=kept.body,
        fault=Fault("late_execution"),
    )


def waiting(connection: sqlite3.Connection) -> list[tuple[int, int]]:
    """(trace id, due at) of all requests that are kept, in the order they fall due."""
    return connection.execute("SELECT id, due_ms FROM fault_trace WHERE kind = 'late' ORDER BY due_ms, id").fetchall()


async def _nothing_more() -> Json:
    return {"type": "http.disconnect"}
