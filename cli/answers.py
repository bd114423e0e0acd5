"""Bodies that only the command line puts together, of bodies that every edge shares."""

from collections.abc import Awaitable
from typing import Any

from domain.access import Actor
from domain.guest import CallerCard, GuestProfile
from domain.hotel import HotelTerms
from integration.errors import PmsError
from integration.ports.pms import PmsBooking
from integration.ports.records import Note
from integration.usecases.answers import Answer
from integration.usecases.desk import Desk
from integration.usecases.look_up import ReservationFile
from integration.usecases.recognise_guest import load_guest, show_guest
from integration.usecases.views import card_body, guest_body, history_body, instant, money, reservation_body, stay_body

Body = dict[str, Any]


def written(answer: Answer, key: str) -> Body:
    """The answer to a write, with the key of this request: the one to repeat it with."""
    return {**answer.body, "request_key": key, "replayed": answer.replayed}


def notes_body(notes: tuple[Note, ...]) -> list[Body]:
    """Notes, oldest first."""
    return [{"at": instant(note.at), "actor": note.actor, "text": note.text} for note in notes]


def booking_body(booking: PmsBooking) -> Body:
    """A reservation as it stands in the PMS; `status` is the PMS's own word."""
    return {
        "pms_ref": booking.pms_ref,
        "status": booking.status,
        "guarantee_code": booking.guarantee_code,
        **stay_body(booking.stay),
        "rooms": booking.rooms,
        "room_type": booking.room_type,
        "rate_code": booking.rate_code,
        "total": money(booking.total),
        "deposit_paid": money(booking.deposit_paid),
        "comments": list(booking.comments),
    }


async def with_guest(desk: Desk, actor: Actor, looked_up: Awaitable[ReservationFile]) -> Body:
    """A reservation's file with its guest's name."""
    found = await looked_up
    one = found.reservation
    guest = await desk.store.read(lambda tx: load_guest(tx, one.guest_id))
    return {
        **reservation_body(one),
        "guest": guest_body(guest, actor),
        "notes": notes_body(found.notes),
        "history": [history_body(line) for line in found.history],
        **({"in_pms": booking_body(found.in_pms)} if found.in_pms is not None else {}),
    }


def whole_guest(card: CallerCard, actor: Actor) -> Body:
    """A guest and what the hotel knows of him, in one level."""
    body = card_body(card, actor)
    body.pop("candidates")
    return {**(body.pop("guest") or {}), **body}


async def with_card(desk: Desk, actor: Actor, hotel: HotelTerms, written_guest: Awaitable[GuestProfile]) -> Body:
    """A guest just written, with what the hotel knows of him if the PMS says so at once."""
    guest = await written_guest
    try:
        return whole_guest(await show_guest(desk, actor, guest.guest_id, hotel), actor)
    except PmsError:
        return whole_guest(CallerCard(guest), actor)
