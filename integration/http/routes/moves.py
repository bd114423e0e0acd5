"""What is done to an existing reservation: up its ladder, changed, paid, cancelled, brought back, noted."""

from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from integration.http import bodies
from integration.http.describe import KeyUse, operation
from integration.http.fields import NoteBody, NothingBody
from integration.http.shapes import sales as shapes
from integration.http.visit import enter, reply
from integration.usecases.cancel_reservation import cancel_reservation, preview_cancel, reinstate_reservation
from integration.usecases.change_reservation import change_reservation, preview_change
from integration.usecases.keyed_writes import note_reservation_once
from integration.usecases.mark_no_show import mark_no_show
from integration.usecases.move_reservation import confirm_reservation, extend_reservation, take_option
from integration.usecases.pay_reservation import pay_reservation

router = APIRouter()
_ONE = "/v1/reservations/{reservation_id}"


def _move(
    name: str,
    summary: str,
    body: type[BaseModel],
    answer: type[BaseModel] = shapes.Reservation,
    key: KeyUse = KeyUse.OPTIONAL,
) -> dict[str, Any]:
    return operation(name, summary, answer, body=body, key=key)


@router.post(f"{_ONE}/option", **_move("optionReservation", "Turn a hold into an option", bodies.OptionBody))
async def option(request: Request, reservation_id: str) -> Response:
    """An option lasts hours or days, and never past the hotel's cut-off on the day of arrival."""
    visit = await enter(request)
    body = await visit.body(bodies.OptionBody)
    work = take_option(visit.desk, visit.actor, reservation_id, visit.key(), length=body.length())
    return await visit.write(work)


@router.post(f"{_ONE}/confirm", **_move("confirmReservation", "Confirm", bodies.ConfirmBody))
async def confirm(request: Request, reservation_id: str) -> Response:
    """Confirmed means guaranteed or paid: a guarantee is named, or the deposit has been paid."""
    visit = await enter(request)
    body = await visit.body(bodies.ConfirmBody)
    work = confirm_reservation(visit.desk, visit.actor, reservation_id, visit.key(), body.guarantee)
    return await visit.write(work)


@router.post(f"{_ONE}/change", **_move("changeReservation", "Change", bodies.ChangeBody, shapes.Changed))
async def change(request: Request, reservation_id: str) -> Response:
    """Dates, party, room or rate, re-priced live. `dry_run` shows the difference; `expected_total` guards against a
    price that moved since it was shown.
    """
    visit = await enter(request)
    body = await visit.body(bodies.ChangeBody)
    if body.dry_run:
        return reply(await preview_change(visit.desk, visit.actor, reservation_id, body.wish()))
    return await visit.write(change_reservation(visit.desk, visit.actor, reservation_id, visit.key(), body.wish()))


@router.post(f"{_ONE}/extend", **_move("extendReservation", "Give more time", bodies.ExtendBody))
async def extend(request: Request, reservation_id: str) -> Response:
    """A later deadline for a hold or an option; for supervisors."""
    visit = await enter(request)
    body = await visit.body(bodies.ExtendBody)
    return await visit.write(extend_reservation(visit.desk, visit.actor, reservation_id, visit.key(), body.until))


@router.post(
    f"{_ONE}/pay", **_move("payReservation", "Note a payment", bodies.PayBody, shapes.Paid, key=KeyUse.REQUIRED)
)
async def pay(request: Request, reservation_id: str) -> Response:
    """Confirms when the deposit is met."""
    visit = await enter(request)
    body = await visit.body(bodies.PayBody)
    key = visit.key(required=True)
    work = pay_reservation(visit.desk, visit.actor, reservation_id, key, body.amount.money(), body.method)
    return await visit.write(work)


@router.post(f"{_ONE}/cancel", **_move("cancelReservation", "Cancel", bodies.CancelBody, shapes.Cancelled))
async def cancel(request: Request, reservation_id: str) -> Response:
    """Gives the room back. `dry_run` shows penalty and refund first."""
    visit = await enter(request)
    body = await visit.body(bodies.CancelBody)
    if body.dry_run:
        return reply(await preview_cancel(visit.desk, visit.actor, reservation_id))
    return await visit.write(cancel_reservation(visit.desk, visit.actor, reservation_id, visit.key(), body.reason))


@router.post(f"{_ONE}/no-show", **_move("noShowReservation", "No-show", bodies.NoShowBody, shapes.NoShow))
async def no_show(request: Request, reservation_id: str) -> Response:
    """The guest never came; `undo` when he came after all."""
    visit = await enter(request)
    body = await visit.body(bodies.NoShowBody)
    return await visit.write(mark_no_show(visit.desk, visit.actor, reservation_id, visit.key(), undo=body.undo))


@router.post(f"{_ONE}/reinstate", **_move("reinstateReservation", "Bring back", NothingBody))
async def reinstate(request: Request, reservation_id: str) -> Response:
    """A cancelled or expired reservation, if the hotel still has the room."""
    visit = await enter(request)
    await visit.body(NothingBody)
    return await visit.write(reinstate_reservation(visit.desk, visit.actor, reservation_id, visit.key()))


@router.post(f"{_ONE}/note", **_move("noteReservation", "Note on a reservation", NoteBody, shapes.NoteTaken))
async def note(request: Request, reservation_id: str) -> Response:
    """Kept here, and written to the PMS as a comment, once."""
    visit = await enter(request)
    body = await visit.body(NoteBody)
    work = note_reservation_once(visit.desk, visit.actor, reservation_id, body.text, visit.key())
    return await visit.write(work)
