"""Somebody who wrote on WhatsApp, rang, and was sold a stay."""

from typing import Any

from domain.case import Direction
from domain.guest import GuestId
from domain.offer import Offer
from domain.reservation import Reservation, ReservationState
from integration.usecases.book_stay import book_stay
from integration.usecases.booking_request import BookRequest
from integration.usecases.quote_stay import StayWish, quote_stay
from integration.usecases.take_calls import CallStart, start_call
from tests.builders import ARRIVAL
from tests.outbound.mailroom import AGENT, Mailroom

VERIMOR: dict[str, Any] = {
    "sms": {"kind": "verimor", "hotels": ["BELEK1"], "user": "u", "password": "p", "header": "SANTRAL"}
}


async def an_offer_made(room: Mailroom) -> Offer:
    """A guest writes, is rung up and quoted."""
    case = await room.writes()
    call, _ = await start_call(room.desk, AGENT, CallStart(direction=Direction.OUT, guest_id=case.guest_id))
    wish = StayWish(check_in=ARRIVAL, nights=7, adults=2, hotel_id="BELEK1", call_id=call.call_id)
    found: Offer = (await quote_stay(room.desk, AGENT, wish)).offer
    return found


async def a_booking(room: Mailroom, to: ReservationState = ReservationState.HOLD) -> Reservation:
    """A guest writes, is rung up, quoted and sold a stay: a hold."""
    offer = await an_offer_made(room)
    call = await room.desk.store.read(lambda tx: tx.get_call(offer.call_id))
    request = BookRequest(to=to, request_key="book-1", offer_id=offer.offer_id, pick=1, guest_id=GuestId(call.guest_id))
    answer = await book_stay(room.desk, AGENT, request)
    found: Reservation = await room.desk.store.read(lambda tx: tx.get_reservation(answer.body["reservation_id"]))
    return found
