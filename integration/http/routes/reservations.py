"""Reservations: make one, find them, look at one, and let lapse what is due."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from domain.access import Permission
from integration.http.bodies import ReservationBody
from integration.http.describe import KeyUse, operation
from integration.http.fields import NothingBody
from integration.http.queries import LiveQuery, ReservationQuery
from integration.http.shapes.sales import Expired, History, Reservation, ReservationFile, Reservations
from integration.http.visit import enter, reply
from integration.usecases.book_stay import book_stay
from integration.usecases.lapse_reservations import lapse_due
from integration.usecases.look_up import list_reservations, show_reservation
from integration.usecases.office_views import life_body, listing_body, reservation_file, swept_body

router = APIRouter()
PLACE = "/v1/reservations"


@router.post(
    PLACE,
    **operation(
        "createReservation", "Make a reservation", Reservation, body=ReservationBody, status=201, key=KeyUse.REQUIRED
    ),
)
async def create(request: Request) -> Response:
    """Hold, option or confirmed, from an offer's choice or from dates and codes; in the PMS exactly once for its
    key.
    """
    visit = await enter(request)
    body = await visit.body(ReservationBody)
    work = book_stay(visit.desk, visit.actor, body.request(visit.key(required=True)))
    return await visit.write(work, status=201, place=PLACE, name="reservation_id")


@router.get(PLACE, **operation("listReservations", "List reservations", Reservations))
async def listed(request: Request, query: Annotated[ReservationQuery, Query()]) -> Response:
    """Newest first, a page at a time: give `next` as `after`."""
    visit = await enter(request)
    found = await list_reservations(visit.desk, visit.actor, query.search())
    return reply(listing_body(found, query.limit, visit.desk.clock.now()))


@router.post(f"{PLACE}/expire", **operation("expireReservations", "Let lapse what is due", Expired, body=NothingBody))
async def expire(request: Request) -> Response:
    """One round of the sweep, now; for supervisors."""
    visit = await enter(request)
    visit.actor.require(Permission.RECONCILE)
    await visit.body(NothingBody)
    swept = await visit.finish(lapse_due(visit.desk, visit.actor))
    visit.log({}, expired=len(swept.expired), left=len(swept.left))
    return reply(swept_body(swept))


@router.get(f"{PLACE}/{{reservation_id}}", **operation("showReservation", "Show a reservation", ReservationFile))
async def show(request: Request, reservation_id: str, query: Annotated[LiveQuery, Query()]) -> Response:
    """One reservation with guest, notes and history; `live=true` also reads it in the PMS."""
    visit = await enter(request)
    return reply(await reservation_file(visit.desk, visit.actor, reservation_id, live=query.live))


@router.get(
    f"{PLACE}/{{reservation_id}}/history", **operation("reservationHistory", "A reservation's history", History)
)
async def history(request: Request, reservation_id: str) -> Response:
    """What happened to it, oldest first."""
    visit = await enter(request)
    return reply(life_body(await show_reservation(visit.desk, visit.actor, reservation_id)))
