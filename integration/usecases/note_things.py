"""Notes: on an offer (ours alone), on a reservation and on a guest (ours, and on the PMS's record).

What goes to the PMS is written there at most once: nothing there could prove that it arrived. A loss is recorded and
fails nothing, since the note is kept here. A reservation's comment carries a short key by which a person can see
whether it got there.
"""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass

from domain.access import Actor, Permission
from domain.errors import NotFound
from domain.guest import GuestProfile, IdentityKind
from domain.hotel import HotelTerms
from domain.offer import Offer, OfferId
from domain.reservation import Reservation
from integration.errors import PmsError
from integration.ports.pms import BookingChange
from integration.ports.records import Note
from integration.ports.store import ReadTx, Tx
from integration.usecases.desk import Desk
from integration.usecases.once import UNCLAIMED, Claim
from integration.usecases.recognise_guest import load_guest
from integration.usecases.steps import load
from integration.usecases.tracing import audit
from integration.usecases.write_guest import clean_note, draft_of


@dataclass(frozen=True, slots=True)
class Noted:
    """A note, and whether it is known to be in the PMS too."""

    note: Note
    subject: str
    is_in_pms: bool


def load_offer(tx: ReadTx, offer_id: str) -> Offer:
    """The offer, or NotFound."""
    found = tx.get_offer(OfferId(offer_id))
    if found is None:
        raise NotFound("There is no offer {offer_id}.", offer_id=offer_id, field="offer_id")
    return found


async def note_offer(
    desk: Desk,
    actor: Actor,
    offer_id: str,
    text: str | None,
    requests: tuple[str, ...],
    claim: Claim = UNCLAIMED,
) -> Offer:
    """Keep a note and coded special requests on an offer."""
    actor.require(Permission.SELL)
    cleaned = clean_note(text or "") if text is not None or not requests else None

    def work(tx: Tx) -> Offer:
        offer, now = load_offer(tx, offer_id), desk.clock.now()
        desk.hotel(offer.hotel_id).check_requests(requests)
        if cleaned is not None:
            tx.add_note(offer.offer_id, Note(now, actor.name, cleaned))
        if requests:
            tx.set_offer_requests(offer.offer_id, tuple(dict.fromkeys((*offer.requests, *requests))))
        audit(tx, actor, now, "offer_noted", {"offer_id": offer.offer_id}, fields=("note", "requests"))
        claim.settle(tx, offer.offer_id, now)
        return load_offer(tx, offer_id)

    return await desk.store.transact(work)


async def note_reservation(desk: Desk, actor: Actor, reservation_id: str, text: str, claim: Claim = UNCLAIMED) -> Noted:
    """Keep a note on a reservation and write it to the PMS as a comment, once."""
    actor.require(Permission.SELL)
    cleaned = clean_note(text)
    note = Note(desk.clock.now(), actor.name, cleaned)
    short_key = desk.ids.new("cmt")[-8:]

    def work(tx: Tx) -> Reservation:
        one = load(tx, reservation_id)
        tx.add_note(one.reservation_id, note)
        ids = {"reservation_id": one.reservation_id, "pms_ref": one.pms_ref, "comment": short_key}
        audit(tx, actor, note.at, "reservation_noted", ids, fields=("note",))
        claim.settle(tx, one.reservation_id, note.at)
        return one

    one = await desk.store.transact(work)
    if one.pms_ref is None:
        return Noted(note, reservation_id, is_in_pms=False)
    change = BookingChange(comments=(f"{cleaned} [{short_key}]",))
    sending = desk.pms.change_booking(desk.hotel(one.hotel_id), one.pms_ref, change)
    is_there = await _to_pms(desk, actor, {"reservation_id": one.reservation_id}, sending)
    if is_there:
        await claim.reached_pms(one.pms_ref)
    return Noted(note, reservation_id, is_there)


async def note_guest(
    desk: Desk, actor: Actor, hotel: HotelTerms, guest_id: str, text: str, claim: Claim = UNCLAIMED
) -> Noted:
    """Keep a note on a guest and write it to his PMS profile at this hotel, once; not there when he has none."""
    actor.require(Permission.SELL)
    note = Note(desk.clock.now(), actor.name, clean_note(text))

    def work(tx: Tx) -> GuestProfile:
        guest = load_guest(tx, guest_id)
        tx.add_note(guest.guest_id, note)
        audit(tx, actor, note.at, "guest_noted", {"guest_id": guest.guest_id}, fields=("note",))
        claim.settle(tx, guest.guest_id, note.at)
        return guest

    guest = await desk.store.transact(work)
    number = guest.value_of(IdentityKind.PMS_PROFILE, hotel.hotel_id)
    if number is None:
        return Noted(note, guest_id, is_in_pms=False)
    sending = desk.pms.update_profile(hotel, number, draft_of(guest), note.text)
    is_there = await _to_pms(desk, actor, {"guest_id": guest.guest_id}, sending)
    if is_there:
        await claim.reached_pms(number)
    return Noted(note, guest_id, is_there)


async def _to_pms(desk: Desk, actor: Actor, ids: Mapping[str, str | None], sending: Awaitable[None]) -> bool:
    """Whether the PMS said yes; anything else leaves a trace, and is not tried again."""
    try:
        await sending
    except PmsError as error:
        lost = {**ids, "error": error.code}
        await desk.store.transact(lambda tx: audit(tx, actor, desk.clock.now(), "comment_lost", lost))
        return False
    return True
