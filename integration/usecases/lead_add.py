"""Put a lead into the queue by hand: somebody who rang a colleague, a card on the desk, a fair's list.

It is a contact like one that came in: it joins the open case of its guest or opens one, its words are read for tags and
language, its clocks run. Whoever types a lead has usually just spoken to the guest, so its channel is the telephone
unless another is said; the clock of the first response is met then, that of the solution runs. The guest is the one
we know by the number and a name that agrees, else a new file of ours; the PMS gets a profile only with a reservation.
"""

from dataclasses import dataclass, field
from datetime import date

from domain.access import Actor, Permission
from domain.case import Case, LeadStatus
from domain.contact import Channel, MessageId, Sender
from domain.errors import InvalidInput
from domain.guest import GuestId, GuestProfile
from domain.hotel import HotelTerms
from integration.ports.queue_records import StoredMessage
from integration.ports.store import Tx
from integration.usecases.answers import Answer, Body
from integration.usecases.contacts import ContactEvent
from integration.usecases.desk import Desk
from integration.usecases.join_case import NOWHERE, near, settle
from integration.usecases.lead_wish import LeadWish
from integration.usecases.once import Claim, Kept, once, sealed
from integration.usecases.recognise_guest import load_guest
from integration.usecases.tracing import audit
from integration.usecases.views import day
from integration.usecases.work_case import Change, find_case, record
from integration.usecases.work_case_views import case_body
from integration.usecases.write_guest import GuestCard, clean_note, profile_of, take_guest

CHANNELS = tuple(one for one in Channel if one is not Channel.PAYMENT)


@dataclass(frozen=True, slots=True)
class LeadCard:
    """A lead as it is typed. `channel`: where it came from; `text`: what was asked for; `guest_id`, or who it is;
    `due`: the day to come back to it; `wish`: days and party, and where it was found."""

    guest: GuestCard = field(default_factory=GuestCard)
    guest_id: str | None = None
    channel: Channel = Channel.PHONE
    text: str | None = None
    due: date | None = None
    hotel_id: str | None = None
    wish: LeadWish = field(default_factory=LeadWish)


async def add_lead(desk: Desk, actor: Actor, card: LeadCard, key: str) -> Answer:
    """The case that holds the lead. InvalidInput for a guest nobody could reach, or what nobody can want."""
    actor.require(Permission.SELL)
    hotel = desk.hotel(card.hotel_id)
    fresh = checked_lead(desk, hotel, card)

    async def run(claim: Claim) -> Body:
        return await desk.store.transact(lambda tx: _added(desk, tx, actor, hotel, card, fresh, claim))

    async def rebuild(kept: Kept) -> Body:
        return await desk.store.read(lambda tx: case_body(find_case(tx, kept.subject), desk.clock.now()))

    who, source = card.guest, card.wish.source
    command = {
        "channel": card.channel.value,
        "guest_id": card.guest_id,
        "due": day(card.due),
        "wish": {**card.wish.facts(), "source": ""},
        "typed": sealed(key, who.name, who.phone, who.email, who.language, who.nationality, card.text, source),
    }
    return await once(desk, actor, hotel.hotel_id, key, verb="add_lead", command=command, run=run, rebuild=rebuild)


def checked_lead(desk: Desk, hotel: HotelTerms, card: LeadCard) -> GuestProfile | None:
    """The guest as typed, None when he is named by his number. InvalidInput before anything is written."""
    if card.channel not in CHANNELS:
        raise InvalidInput("No lead comes by {channel}.", channel=card.channel.value, field="channel")
    card.wish.checked()
    if card.due is not None and card.due < hotel.today(desk.clock.now()):
        raise InvalidInput("The follow-up day {due} is in the past.", due=card.due.isoformat(), field="due")
    if card.text is not None:
        clean_note(card.text)
    return None if card.guest_id else profile_of(desk, card.guest)


def _added(
    desk: Desk, tx: Tx, actor: Actor, hotel: HotelTerms, card: LeadCard, fresh: GuestProfile | None, claim: Claim
) -> Body:
    now = desk.clock.now()
    guest = load_guest(tx, card.guest_id or "") if fresh is None else take_guest(desk, tx, actor, fresh)
    row = _row(desk, actor, hotel, card, guest)
    place = settle(desk, tx, actor, hotel.hotel_id, near(desk, tx, row, hotel.hotel_id), [row])[row.message_id]
    case = find_case(tx, place)
    changes = _changes(case, card)
    if changes:
        case = record(desk, tx, actor, case, changes)
    ids = {"hotel_id": hotel.hotel_id, "case_id": case.case_id, "guest_id": guest.guest_id}
    audit(tx, actor, now, "lead_added", ids, fields=("guest", "text") if card.text else ("guest",))
    claim.settle(tx, case.case_id, now)
    return case_body(case, now)


def _changes(case: Case, card: LeadCard) -> list[Change]:
    """A case has one lead: one that was lost is taken up again."""
    changes: list[Change] = []
    if case.lead_status is LeadStatus.LOST:
        changes.append(("lead", {"status": LeadStatus.IN_PROGRESS.value}))
    if card.due is not None:
        changes.append(("due", {"on": card.due.isoformat()}))
    return changes


def _row(desk: Desk, actor: Actor, hotel: HotelTerms, card: LeadCard, guest: GuestProfile) -> StoredMessage:
    now, text = desk.clock.now(), (card.text or "").strip()
    reading = desk.serving.rules(hotel.hotel_id).words.read(text)
    message_id = MessageId(desk.ids.new("msg"))
    document: dict[str, object] = {"event": ContactEvent.LEAD.value, "language": reading.language or guest.language}
    document |= card.wish.facts()
    if card.channel is Channel.PHONE:
        document["answered_at"] = now.isoformat()
    if reading.marks:
        document["marks"] = sorted(mark.value for mark in reading.marks)
        document["reasons"] = [[one.gives.value, one.rule, one.words] for one in reading.reasons]
    return StoredMessage(
        message_id=message_id,
        case_id=NOWHERE,
        home_case=NOWHERE,
        channel=card.channel,
        account="",
        sender=Sender.GUEST,
        at=now,
        received_at=now,
        text=text,
        actor=actor.name,
        guest_id=GuestId(guest.guest_id),
        document=document,
    )
