"""A request repeated with its key after our store was restored: its record is in the PMS and not in our store.

The external reference is a function of hotel, actor and key, so the record can be found without anything of ours. Two
ways: a reconciliation has made our record of it already, or nobody has yet; then, for a month after a restore, a key
that is new here is looked for in the PMS before anything is sent. At any other time this costs one read of our store.
"""

from datetime import timedelta

from domain.access import Actor
from domain.hotel import HotelTerms
from domain.offer import OfferId
from domain.reservation import Reservation
from integration.ports.pms import BookingSearch
from integration.ports.store import ReadTx
from integration.usecases.answers import Answer
from integration.usecases.booking_request import BookRequest
from integration.usecases.desk import Desk
from integration.usecases.one_write import external_reference
from integration.usecases.reconcile_compare import is_live_there
from integration.usecases.reconcile_look import by_number
from integration.usecases.reconcile_repair import take_in
from integration.usecases.views import reservation_body

LOOKED_FOR = timedelta(days=30)


async def found_again(desk: Desk, actor: Actor, request: BookRequest) -> Answer | None:
    """The reservation that this key has made in an earlier life of our store; None when there is none."""
    known, hotels = await desk.store.read(lambda tx: _known(desk, tx, actor, request))
    if known is not None:
        return Answer(reservation_body(known), replayed=True)
    for hotel in hotels:
        made = await _in_pms(desk, actor, hotel, request.request_key)
        if made is not None:
            return Answer(reservation_body(made), replayed=True)
    return None


def _known(desk: Desk, tx: ReadTx, actor: Actor, request: BookRequest) -> tuple[Reservation | None, list[HotelTerms]]:
    """Our record when it is here without an intent, and the hotels whose PMS is to be asked."""
    asked: list[HotelTerms] = []
    for hotel in _hotels(desk, tx, request):
        who = (hotel.hotel_id, actor.name, request.request_key)
        if tx.intent_of_key(*who) is not None:
            return None, []
        found = tx.find_reservation(external_ref=external_reference(*who))
        if found is not None:
            return found, []
        if was_restored(desk, tx, hotel.hotel_id):
            asked.append(hotel)
    return None, asked


def was_restored(desk: Desk, tx: ReadTx, hotel_id: str) -> bool:
    """Whether the store was restored lately, so that it may lack what the PMS has."""
    at = tx.last_restore(hotel_id)
    return at is not None and desk.clock.now() - at < LOOKED_FOR


def _hotels(desk: Desk, tx: ReadTx, request: BookRequest) -> list[HotelTerms]:
    """The hotel of the request; all of them when its offer is lost."""
    if request.wish is not None:
        return [desk.hotel(request.wish.hotel_id)]
    offer = tx.get_offer(OfferId(request.offer_id)) if request.offer_id else None
    if offer is not None:
        return [desk.hotel(offer.hotel_id)]
    return list(desk.hotels.values()) if request.offer_id else []


async def _in_pms(desk: Desk, actor: Actor, hotel: HotelTerms, key: str) -> Reservation | None:
    """Our record made of the PMS's; of several the live one with the lowest number."""
    reference = external_reference(hotel.hotel_id, actor.name, key)
    found = await desk.pms.find_bookings(hotel, BookingSearch(reference=reference))
    if not found:
        return None
    best = min(found, key=lambda one: (not is_live_there(hotel, one), by_number(one.pms_ref)))
    return await take_in(desk, actor, hotel, best, reference, key)
