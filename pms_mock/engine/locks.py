"""Locks: who is working on a reservation. A handle, an owner, a time to live (300 s when nothing is said `[unv]`).

A write on a locked reservation is let through for the owner, or with the right handle; a wrong handle is always
refused.
"""

from datetime import UTC, datetime
from typing import Any

from pms_mock.engine.call import Call, same_hotel
from pms_mock.engine.records import required
from pms_mock.engine.world import next_id
from pms_mock.protocol.answer import Answer
from pms_mock.protocol.problem import bad_request, not_found, refused

Json = dict[str, Any]
_TTL_S = 300
_MAX_EXTENSION_S = 3600


def put_lock(call: Call) -> Answer:
    """PUT reservations/{id}/locks: the lock acquired, or the one that somebody holds."""
    record = required(call)
    same_hotel(call, call.body.get("hotelId"), "hotelId")
    if (call.body.get("reservationId") or {}).get("id", str(record.id)) != str(record.id):
        raise bad_request("The body names another reservation than the path", "reservationId.id")
    existing = _live(call, record.id)
    if existing and not (existing[2] == call.user and call.body.get("overrideIfLockedByRequestingUser")):
        return Answer.json(200, {"existingReservationLock": _lock_json(existing)})
    call.connection.execute("DELETE FROM lock WHERE reservation = ?", (record.id,))
    now = call.world.now_ms
    row = (next_id(call.connection, "lock"), record.id, call.user, now, now + _TTL_S * 1000)
    call.connection.execute("INSERT INTO lock VALUES (?, ?, ?, ?, ?)", row)
    return Answer.json(200, {"acquiredReservationLock": _lock_json(row)})


def extend_lock(call: Call) -> Answer:
    """PUT locks/{handle}: more time for one's own live lock."""
    handle, _, _, _, expires = _own(call)
    same_hotel(call, call.body.get("hotelId"), "hotelId")
    if call.body.get("lockHandle", handle) != handle:
        raise bad_request("The body names another lock than the path", "lockHandle")
    more = call.body.get("additionalTimeToLive", _TTL_S)
    if not 0 < more <= _MAX_EXTENSION_S:
        raise bad_request(f"The time is not between 1 and {_MAX_EXTENSION_S} seconds", "additionalTimeToLive")
    call.connection.execute("UPDATE lock SET expires_ms = ? WHERE handle = ?", (expires + int(more * 1000), handle))
    return Answer.json(200, {})


def delete_lock(call: Call) -> Answer:
    """DELETE locks/{handle}: let go of one's own lock."""
    call.connection.execute("DELETE FROM lock WHERE handle = ?", (_own(call)[0],))
    return Answer.json(200, {})


def check_lock(call: Call, reservation: int, handle: float | None, path: str) -> None:
    """Refuse a write that meets somebody else's lock, or brings a handle that is not the live one."""
    existing = _live(call, reservation)
    if handle is not None and (existing is None or existing[0] != handle):
        raise refused("RSV00030", "The lock handle is not valid", path)
    if existing and existing[2] != call.user and handle is None:
        raise refused("RSV00031", "The reservation is locked by another user", path, detail=existing[2])


_Row = tuple[int, int, str, int, int]


def _live(call: Call, reservation: int) -> _Row | None:
    row: _Row | None = call.connection.execute(
        "SELECT * FROM lock WHERE reservation = ? AND expires_ms > ?", (reservation, call.world.now_ms)
    ).fetchone()
    return row


def _own(call: Call) -> _Row:
    text = str(call.segments["lockHandle"])
    row: _Row | None = None
    if text.isascii() and text.isdecimal() and len(text) < 16:  # noqa: PLR2004 - digits of a handle
        row = call.connection.execute(
            "SELECT lock.* FROM lock JOIN reservation ON reservation.id = lock.reservation"
            " WHERE handle = ? AND expires_ms > ? AND hotel = ?",
            (int(text), call.world.now_ms, call.hotel.id),
        ).fetchone()
    if row is None:
        raise not_found("The lock does not exist or has expired", "lockHandle")
    if row[2] != call.user:
        raise refused("RSV00031", "The lock belongs to another user", "lockHandle")
    return row


def _lock_json(row: _Row) -> Json:
    handle, reservation, user, created, expires = row
    return {
        "lockHandle": handle,
        "recordType": "Reservation",
        "recordId": str(reservation),
        "createdBy": user,
        "createdOn": _utc_day(created),
        "timeToLive": (expires - created) // 1000,
        "expiresOn": _utc_day(expires),
        "internal": False,
    }


def _utc_day(instant_ms: int) -> str:
    return datetime.fromtimestamp(instant_ms / 1000, UTC).date().isoformat()
