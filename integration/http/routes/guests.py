"""Guests: found by any spelling, created, corrected, noted; masked for operators until a reasoned reveal."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from integration.http.describe import KeyUse, operation
from integration.http.people_bodies import GuestNoteBody, GuestWriteBody, RevealBody
from integration.http.queries import GuestQuery, HotelQuery
from integration.http.shapes.people import Guest, GuestNoted, Guests, WholeGuest
from integration.http.visit import enter, reply
from integration.usecases.keyed_writes import create_guest_once, note_guest_once, update_guest_once
from integration.usecases.recognise_guest import find_guests, show_guest
from integration.usecases.reveal_guest import reveal_guest
from integration.usecases.views import guest_body, guests_body, whole_guest_body

router = APIRouter()
PLACE = "/v1/guests"


@router.post(
    PLACE,
    **operation("createGuest", "Create a guest", WholeGuest, body=GuestWriteBody, status=201, key=KeyUse.OPTIONAL),
)
async def create(request: Request) -> Response:
    """Here and in the hotel's PMS; a guest who is known by number and name already is found, not doubled."""
    visit = await enter(request)
    body = await visit.body(GuestWriteBody)
    hotel = visit.desk.hotel(body.hotel)
    work = create_guest_once(visit.desk, visit.actor, hotel, body.card(), visit.key())
    return await visit.write(work, status=201, place=PLACE, name="guest_id")


@router.get(PLACE, **operation("findGuests", "Find guests", Guests))
async def find(request: Request, query: Annotated[GuestQuery, Query()]) -> Response:
    """By telephone, e-mail or name, here and in the hotel's PMS, best first."""
    visit = await enter(request)
    hotel = visit.desk.hotel(query.hotel)
    found = await find_guests(visit.desk, visit.actor, hotel, query.question())
    return reply(guests_body(found, visit.actor, visit.desk.line.down_since(hotel.hotel_id)))


@router.get(f"{PLACE}/{{guest_id}}", **operation("showGuest", "Show a guest", WholeGuest))
async def show(request: Request, guest_id: str, query: Annotated[HotelQuery, Query()]) -> Response:
    """One guest and what the hotel knows of him: stays, preferences, notes."""
    visit = await enter(request)
    card = await show_guest(visit.desk, visit.actor, guest_id, visit.desk.hotel(query.hotel))
    return reply(whole_guest_body(card, visit.actor))


@router.patch(
    f"{PLACE}/{{guest_id}}",
    **operation("updateGuest", "Correct a guest", WholeGuest, body=GuestWriteBody, key=KeyUse.OPTIONAL),
)
async def update(request: Request, guest_id: str) -> Response:
    """Change what is given, here and in the hotel's PMS."""
    visit = await enter(request)
    body = await visit.body(GuestWriteBody)
    hotel = visit.desk.hotel(body.hotel)
    return await visit.write(update_guest_once(visit.desk, visit.actor, hotel, guest_id, body.card(), visit.key()))


@router.post(
    f"{PLACE}/{{guest_id}}/note",
    **operation("noteGuest", "Note on a guest", GuestNoted, body=GuestNoteBody, key=KeyUse.OPTIONAL),
)
async def note(request: Request, guest_id: str) -> Response:
    """Kept here, and on the hotel's profile once."""
    visit = await enter(request)
    body = await visit.body(GuestNoteBody)
    hotel = visit.desk.hotel(body.hotel)
    return await visit.write(note_guest_once(visit.desk, visit.actor, hotel, guest_id, body.text, visit.key()))


@router.post(f"{PLACE}/{{guest_id}}/reveal", **operation("revealGuest", "See a guest in clear", Guest, body=RevealBody))
async def reveal(request: Request, guest_id: str) -> Response:
    """For a stated reason, which is kept in the audit with who asked."""
    visit = await enter(request)
    body = await visit.body(RevealBody)
    guest = await reveal_guest(visit.desk, visit.actor, guest_id, body.reason)
    visit.log({"guest_id": guest.guest_id})
    return reply(guest_body(guest, visit.actor, revealed=True))
