"""Bodies of what the office keeps: notes, reservation files, tasks on the board, rounds of the sweep.

Beside `views` because these are bodies of what use cases return, and use cases work with `views`.
"""

from integration.ports.pms import PmsBooking
from integration.ports.records import Note, Task
from integration.usecases.answers import Body
from integration.usecases.lapse_reservations import Swept
from integration.usecases.look_up import ReservationFile
from integration.usecases.note_things import Noted
from integration.usecases.views import history_body, instant, money, party_body, reservation_body, stay_body


def note_body(note: Note) -> Body:
    """A note."""
    return {"at": instant(note.at), "actor": note.actor, "text": note.text}


def noted_body(noted: Noted) -> Body:
    """A note just taken."""
    return {"subject": noted.subject, "note": note_body(noted.note), "in_pms": noted.is_in_pms}


def file_body(found: ReservationFile) -> Body:
    """A reservation with notes and history; `in_pms` when the PMS was asked and has it."""
    body = {
        **reservation_body(found.reservation),
        "notes": [note_body(one) for one in found.notes],
        "history": [history_body(line) for line in found.history],
    }
    return {**body, "in_pms": booking_body(found.in_pms)} if found.in_pms is not None else body


def booking_body(booking: PmsBooking) -> Body:
    """A reservation as it stands in the PMS, in the PMS's own codes; comments stay there."""
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
    }
