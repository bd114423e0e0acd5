"""Notes: on an offer (ours alone) and on a reservation (ours, and a comment on the PMS record).

A comment is written at most once; a loss is recorded, and the comment's text carries a short key by which a person can
see whether it got there.
"""

from dataclasses import dataclass

from domain.access import Actor, Permission
from domain.errors import NotFound
from domain.offer import Offer, OfferId
from domain.reservation import Reservation
from integration.errors import PmsError
from integration.ports.pms import BookingChange
from integration.ports.records import Note
from integration.ports.store import ReadTx, Tx
from integration.usecases.desk import Desk
from integration.usecases.steps import load
from integration.usecases.tracing import audit
from integration.usecases.write_guest import clean_note


@dataclass(frozen=True, slots=True)
class Noted:
    """A note, and whether it is in the PMS too (None: it does not belong there)."""

    note: Note
    subject: str
    is_in_pms: bool | None = None


def load_offer(tx: ReadTx, offer_id: str) -> Offer:
    """The offer, or NotFound."""
    found = tx.get_offer(OfferId(offer_id))
    if found is None:
        raise NotFound("There is no offer {offer_id}.", offer_id=offer_id, field="offer_id")
    return found


async def note_offer(desk: Desk, actor: Actor, offer_id: str, text: str | None, requests: tuple[str, ...]) -> Offer:
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
        return load_offer(tx, offer_id)

    return await desk.store.transact(work)


async def note_reservation(desk: Desk, actor: Actor, reservation_id: str, text: str) -> Noted:
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
        return one

    one = await desk.store.transact(work)
    return Noted(note, reservation_id, await _to_pms(desk, actor, one, f"{cleaned} [{short_key}]"))


async def _to_pms(desk: Desk, actor: Actor, one: Reservation, comment: str) -> bool:
    if one.pms_ref is None:
        return False
    try:
        await desk.pms.change_booking(desk.hotel(one.hotel_id), one.pms_ref, BookingChange(comments=(comment,)))
    except PmsError as error:
        ids = {"reservation_id": one.reservation_id, "error": error.code}
        await desk.store.transact(lambda tx: audit(tx, actor, desk.clock.now(), "comment_lost", ids))
        return False
    return True
