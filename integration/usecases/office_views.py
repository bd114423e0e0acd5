"""Bodies of what the office keeps: notes, reservation files, listings, tasks, rounds of the sweep, audit rows.

Beside `views` because these are bodies of what use cases return, and use cases work with `views`. Both edges answer
with them as they are, so that a script reads the same keys from either.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime

from domain.access import Actor
from domain.reservation import Reservation
from integration.ports.pms import PmsBooking
from integration.ports.records import Note, Task
from integration.usecases.answers import Body
from integration.usecases.desk import Desk
from integration.usecases.lapse_reservations import Swept
from integration.usecases.look_up import ReservationFile, show_reservation
from integration.usecases.recognise_guest import load_guest
from integration.usecases.views import (
    down_body,
    guest_body,
    history_body,
    instant,
    money,
    party_body,
    seen_body,
    stay_body,
)


def noted_body(note: Note, *, in_pms: bool, **about: str) -> Body:
    """A note just taken; `about`: the id of what it is on."""
    return {**about, **note_body(note), "in_pms": in_pms}


def note_body(note: Note) -> Body:
    """A note."""
    return {"at": instant(note.at), "actor": note.actor, "text": note.text}


async def reservation_file(desk: Desk, actor: Actor, reservation_id: str, *, live: bool = False) -> Body:
    """A reservation with guest, notes and history; asked live, `in_pms` if it is there, `pms` while that is down."""
    found = await show_reservation(desk, actor, reservation_id, live=live)
    one = found.reservation
    guest = await desk.store.read(lambda tx: load_guest(tx, one.guest_id))
    body = {
        **seen_body(one, desk.clock.now()),
        "guest": guest_body(guest, actor),
        "notes": [note_body(note) for note in found.notes],
        "history": [history_body(line) for line in found.history],
    }
    if found.down_since is not None:
        return {**body, "pms": down_body(found.down_since)}
    return {**body, "in_pms": booking_body(found.in_pms)} if found.in_pms is not None else body


def life_body(found: ReservationFile) -> Body:
    """What happened to a reservation, oldest first."""
    one = found.reservation
    return {
        "reservation_id": one.reservation_id,
        "hotel_id": one.hotel_id,
        "status": one.state.value,
        "history": [history_body(line) for line in found.history],
    }


def listing_body(found: Sequence[Reservation], limit: int, now: datetime) -> Body:
    """A page of reservations; `next`: what to go on behind, None on the last page."""
    following = found[-1].reservation_id if len(found) == limit else None
    return {"reservations": [seen_body(one, now) for one in found], "next": following}


def audit_row_body(stored: str) -> Body:
    """An audit row, its instant as people and scripts read instants."""
    row: Body = json.loads(stored)
    return {**row, "at": instant(datetime.fromtimestamp(row["at"] / 1000, UTC))}


def booking_body(booking: PmsBooking) -> Body:
    """A reservation as it stands in the PMS, in the PMS's own codes and words."""
    return {
        "pms_ref": booking.pms_ref,
        "status": booking.status,
        **stay_body(booking.stay),
        **party_body(booking.party),
        "rooms": booking.rooms,
        "room_type": booking.room_type,
        "rate_code": booking.rate_code,
        "guarantee_code": booking.guarantee_code,
        "total": money(booking.total),
        "deposit_paid": money(booking.deposit_paid),
        "comments": list(booking.comments),
    }


def swept_body(swept: Swept) -> Body:
    """One round of the sweep."""
    return {
        "expired": list(swept.expired),
        "adopted": list(swept.adopted),
        "left": [{"reservation_id": one, "code": why} for one, why in swept.left],
        "elsewhere": swept.is_elsewhere,
    }


def task_body(task: Task) -> Body:
    """A line on the board."""
    return {
        "task_id": task.task_id,
        "kind": task.kind.value,
        "hotel_id": task.hotel_id,
        "created_at": instant(task.created_at),
        "done_at": instant(task.done_at),
        "ids": dict(task.ids),
        "detail": task.detail,
        "done_by": task.done_by,
        "decision": task.decision,
        "note": task.note,
    }
