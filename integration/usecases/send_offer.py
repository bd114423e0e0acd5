"""Send an offer, or the summary of a reservation, to the guest: by template, in the guest's language.

Both go only to an address that a network, a code or the guest's own message vouches for, and hold the least that is of
use. An offer whose price is over is not sent.
"""

from collections.abc import Mapping

from domain.access import Actor, Permission
from domain.case import CaseId
from domain.contact import Channel
from domain.deadlines import local_text
from domain.errors import InvalidInput, OfferExpired, Refused
from domain.guest import GuestId
from domain.offer import Offer
from domain.reservation import SELLING
from integration.ports.queue_records import StoredMessage
from integration.ports.store import ReadTx, Tx
from integration.usecases.answers import Answer
from integration.usecases.channel_roles_live import hotel_on
from integration.usecases.deliver import deliver_once
from integration.usecases.desk import Desk
from integration.usecases.note_things import load_offer
from integration.usecases.notices import threading
from integration.usecases.people import standing_case
from integration.usecases.queue_message import Draft, address_of, language_of
from integration.usecases.steps import load
from integration.usecases.templates import Writer, Written

SENDABLE = (Channel.WHATSAPP, Channel.SMS, Channel.EMAIL)


async def send_offer(desk: Desk, actor: Actor, offer_id: str, via: Channel, key: str) -> Answer:
    """Send an offer. NotFound, OfferExpired, InvalidInput (nobody to send to), ChannelNotVerified."""
    actor.require(Permission.SELL)
    hotel_id = (await desk.store.read(lambda tx: load_offer(tx, offer_id))).hotel_id

    def prepare(tx: Tx) -> Draft:
        offer = load_offer(tx, offer_id)
        _check_offer(desk, offer)
        guest_id, case_id = _whose(tx, offer)
        hotel = hotel_on(desk, tx, offer.hotel_id, via)
        language = language_of(tx, hotel, guest_id, offer.language)
        written = Writer(desk.phrases, hotel, language).offer(offer)
        ids = {"offer_id": offer.offer_id, "use_by": offer.valid_until.isoformat()}
        return to_guest(tx, hotel_id, via, guest_id, case_id, written, key, ids)

    command = {"offer_id": offer_id, "via": via.value}
    return await deliver_once(desk, actor, hotel_id, key, verb="send_offer", command=command, prepare=prepare)


async def send_summary(desk: Desk, actor: Actor, reservation_id: str, via: Channel, key: str) -> Answer:
    """Send what is booked. NotFound, Refused for one that does not stand, ChannelNotVerified."""
    actor.require(Permission.SELL)
    hotel_id = (await desk.store.read(lambda tx: load(tx, reservation_id))).hotel_id

    def prepare(tx: Tx) -> Draft:
        one = load(tx, reservation_id)
        if one.state not in SELLING or (one.is_due(desk.clock.now())):
            raise Refused("Reservation {reservation_id} does not stand.", reservation_id=one.reservation_id)
        hotel = hotel_on(desk, tx, one.hotel_id, via)
        written = Writer(desk.phrases, hotel, language_of(tx, hotel, one.guest_id)).summary(one)
        ids = {"reservation_id": one.reservation_id}
        return to_guest(tx, hotel_id, via, one.guest_id, one.case_id, written, key, ids)

    command = {"reservation_id": reservation_id, "via": via.value}
    return await deliver_once(desk, actor, hotel_id, key, verb="send_summary", command=command, prepare=prepare)


def to_guest(
    tx: ReadTx,
    hotel_id: str,
    via: Channel,
    guest_id: GuestId,
    case_id: CaseId | None,
    written: Written,
    key: str,
    ids: Mapping[str, str],
) -> Draft:
    """A template's message to a verified address of the guest, in the thread of the case where there is one."""
    if via not in SENDABLE:
        raise InvalidInput(
            "{channel} takes no document; choose one of these.",
            channel=via.value,
            hint=", ".join(SENDABLE),
            field="via",
        )
    case = standing_case(tx, case_id) if case_id is not None else None
    place = case.case_id if case is not None else case_id
    to = address_of(tx, guest_id, via, place)
    thread = _thread(tx.messages_of(place), via, to.value) if place is not None else {}
    document = {**written.document(), **thread, **ids}
    return Draft(hotel_id, via, to, written.purpose, document, place, guest_id, key=key)


def _thread(rows: list[StoredMessage], via: Channel, value: str) -> dict[str, object]:
    his = [row for row in rows if row.channel is via and row.handle_value == value]
    found = threading(his[-1]) if his else {}
    return {name: known for name, known in found.items() if name != "subject"}


def _check_offer(desk: Desk, offer: Offer) -> None:
    if not offer.is_valid(desk.clock.now()):
        raise OfferExpired(
            "Offer {offer_id} was valid until {until}; quote again.",
            offer_id=offer.offer_id,
            until=local_text(offer.valid_until, desk.hotel(offer.hotel_id).zone),
        )
    if not offer.choices:
        raise Refused("Offer {offer_id} has nothing to send.", offer_id=offer.offer_id)


def _whose(tx: ReadTx, offer: Offer) -> tuple[GuestId, CaseId | None]:
    """The guest of the offer's call, else of its case."""
    call = tx.get_call(offer.call_id) if offer.call_id is not None else None
    case_id = offer.case_id or (call.case_id if call is not None else None)
    case = standing_case(tx, case_id) if case_id is not None else None
    guest_id = (call.guest_id if call is not None else None) or (case.guest_id if case is not None else None)
    if guest_id is None:
        raise InvalidInput("Offer {offer_id} is of nobody we know.", offer_id=offer.offer_id, field="offer_id")
    return GuestId(guest_id), case.case_id if case is not None else case_id
