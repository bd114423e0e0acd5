"""Book a stay: place a hold, take an option or confirm at once, from an offer's choice or from dates and codes.

The reservation is written to the PMS exactly once for its key (see `writing`). From an offer the quoted price is sent
explicitly and honoured while the offer is valid; if the PMS will not have it, the answer is a refusal with the new
price, never a silent change. Dates and codes are quoted first, under an offer id made from the key, so that a retry
finds the same price. At most four PMS calls, one after the other: find the guest, create him, create the reservation,
read it back.
"""

import hashlib

from domain.access import Actor, Permission
from domain.errors import InvalidInput, NotFound, NotGuaranteed
from domain.guest import GuestId, GuestProfile
from domain.hotel import HotelTerms
from domain.offer import Offer, OfferId
from domain.reservation import Guarantee, ReservationState
from integration.ports.records import IntentKind
from integration.ports.store import ReadTx, Tx
from integration.usecases.answers import Answer, Body
from integration.usecases.booking_request import BookRequest
from integration.usecases.booking_steps import BookSteps
from integration.usecases.caller_file import tie_guest
from integration.usecases.desk import Desk
from integration.usecases.found_again import found_again
from integration.usecases.offer_place import place_of_sale
from integration.usecases.one_write import Write
from integration.usecases.quote_stay import StayWish
from integration.usecases.recognise_guest import is_same_name, load_guest
from integration.usecases.views import day
from integration.usecases.write_guest import profile_of, take_guest
from integration.usecases.writing import carry_out

__all__ = ["BookRequest", "book_stay"]


async def book_stay(desk: Desk, actor: Actor, request: BookRequest) -> Answer:
    """Place a hold, option or confirmed reservation. The answer's body is `reservation_body`."""
    actor.require(Permission.SELL)
    check_guaranteed(request)
    earlier = await found_again(desk, actor, request)
    if earlier is not None:
        return earlier
    hotel, offer = await _hotel_of(desk, actor, request)
    hotel.check_requests(request.requests)
    guest_id = await _guest_of(desk, actor, hotel, request, offer)
    steps = BookSteps(desk, hotel, actor, request, guest_id, offer)
    command = {
        "to": request.to.value,
        "offer_id": request.offer_id,
        "pick": request.pick,
        "guest_id": guest_id,
        "wish": _wish_command(request.wish),
        "guarantee": request.guarantee.value if request.guarantee else None,
        "requests": sorted(request.requests),
        "note": hashlib.sha256((request.note or "").encode()).hexdigest()[:16],
        "option_s": int(request.option_for.total_seconds()) if request.option_for else None,
    }
    write = Write(IntentKind.CREATE_BOOKING, hotel, actor, request.request_key, command, steps, guest_id=guest_id)
    return await carry_out(desk, write)


def check_guaranteed(request: BookRequest) -> None:
    """NotGuaranteed for a confirmation with nothing behind it."""
    if request.to is ReservationState.CONFIRMED and request.guarantee in {None, Guarantee.DEPOSIT}:
        raise NotGuaranteed(
            "A confirmation needs a guarantee: card, agency or company; or hold it and take the deposit.",
            field="guarantee",
        )


def _wish_command(wish: StayWish | None) -> Body | None:
    if wish is None:
        return None
    return {
        "check_in": day(wish.check_in),
        "nights": wish.nights,
        "adults": wish.adults,
        "child_ages": list(wish.child_ages),
        "rooms": wish.rooms,
        "hotel_id": wish.hotel_id,
        "room_type": wish.room_type,
        "rate_plan": wish.rate_plan,
        "currency": wish.currency,
        "market": wish.market,
        "promo": wish.promo,
    }


async def _hotel_of(desk: Desk, actor: Actor, request: BookRequest) -> tuple[HotelTerms, Offer | None]:
    """The hotel and the offer booked from; InvalidInput when the request says neither or half.

    An offer that is over is refused before a guest is stored for it, unless the key was used: a replay needs no price.
    """
    if request.wish is not None:
        hotel = desk.hotel(request.wish.hotel_id)
        if not request.wish.room_type or not request.wish.rate_plan:
            raise InvalidInput("Booking by dates needs a room type and a rate plan.", field="room_type")
        hotel.room_type(request.wish.room_type)
        hotel.rate_plan(request.wish.rate_plan)
        return hotel, None
    if request.offer_id is None or request.pick is None:
        raise InvalidInput("Say which offer and choice to book, or dates, room type and rate plan.", field="offer_id")
    offer_id = OfferId(request.offer_id)

    def work(tx: ReadTx) -> tuple[Offer | None, bool]:
        found = tx.get_offer(offer_id)
        used = found is not None and tx.intent_of_key(found.hotel_id, actor.name, request.request_key) is not None
        return found, used

    offer, is_repeat = await desk.store.read(work)
    if offer is None:
        raise NotFound("There is no offer {offer_id}.", offer_id=request.offer_id, field="offer_id")
    if all(choice.number != request.pick for choice in offer.choices):
        raise InvalidInput(
            "Offer {offer_id} has no choice {number}.", offer_id=offer.offer_id, number=request.pick, field="pick"
        )
    if not is_repeat:
        offer.pick(request.pick, desk.clock.now(), desk.hotel(offer.hotel_id).zone)
    return desk.hotel(offer.hotel_id), offer


async def _guest_of(desk: Desk, actor: Actor, hotel: HotelTerms, request: BookRequest, offer: Offer | None) -> GuestId:
    """Explicit guest, else the card (stored at once, so that the intent holds no name), else the call's or case's."""
    fresh = None
    if request.guest_id is None and request.card is not None:
        fresh = profile_of(desk, request.card)

    def work(tx: Tx) -> GuestId:
        named_before = _named_before(desk, tx, actor, hotel, request, fresh) if fresh is not None else None
        if named_before is not None:
            return named_before
        place = place_of_sale(tx, actor, hotel.hotel_id, request.call_id, offer)
        if request.guest_id is not None:
            return tie_guest(desk, tx, actor, place.call, load_guest(tx, request.guest_id).guest_id)
        if fresh is not None:
            return tie_guest(desk, tx, actor, place.call, take_guest(desk, tx, actor, fresh).guest_id)
        if place.guest_id is None or load_guest(tx, place.guest_id).is_only_a_number:
            raise InvalidInput("Say who the guest is: a guest id, or telephone and name.", field="guest_id")
        return place.guest_id

    return await desk.store.transact(work)


def _named_before(
    desk: Desk, tx: ReadTx, actor: Actor, hotel: HotelTerms, request: BookRequest, fresh: GuestProfile
) -> GuestId | None:
    """The guest an earlier try of this key was for, when the card is of the same person.

    A telephone that is somebody else's tells nothing about a new guest, so the same card would make another one.
    """
    intent = tx.intent_of_key(hotel.hotel_id, actor.name, request.request_key)
    if intent is None or intent.guest_id is None:
        return None
    guest = load_guest(tx, intent.guest_id)
    is_same = is_same_name(desk, fresh, guest.given_name, guest.surname)
    owners = [tx.find_guest(one) for one in fresh.identities]
    is_elsewhere = all(owner is not None for owner in owners)
    return guest.guest_id if is_same and is_elsewhere else None
