"""A payment link on its way: made by the payment provider, then sent to the guest, as two rows of the outbox.

The first row asks the provider for the link; the transaction that notes the link queues the second, the message with
its address. So a process that dies in between sends no second link and forgets none.
"""

from datetime import datetime
from decimal import Decimal

from domain.contact import Channel
from domain.guest import ChannelIdentity, IdentityKind
from domain.money import Money
from domain.outbound import Purpose
from integration.ports.queue_records import Outgoing
from integration.ports.store import Tx
from integration.usecases.desk import Desk
from integration.usecases.queue_message import OUTBOX, Draft, put
from integration.usecases.steps import load
from integration.usecases.templates import Writer
from integration.usecases.tracing import audit


def amount_of(one: Outgoing) -> Money:
    """What a link asks for."""
    return Money(Decimal(str(one.document["amount"])), str(one.document["currency"]))


def until_of(one: Outgoing) -> datetime:
    """When a link ends."""
    return datetime.fromisoformat(str(one.document["expires_at"]))


def link_key(one: Outgoing) -> str:
    """The key of the message that brings a link to the guest."""
    return f"link:{one.outbox_id}"


def link_made(desk: Desk, tx: Tx, one: Outgoing) -> None:
    """The provider has made the link: its message is queued, under a key of its own."""
    hotel, document = desk.hotel(one.hotel_id), one.document
    reservation = load(tx, str(document["reservation_id"]))
    language = str(document.get("language", "en"))
    number = reservation.pms_ref or reservation.reservation_id
    writer = Writer(desk.phrases, hotel, language)
    written = writer.payment_link(number, amount_of(one), str(document.get("url", "")), until_of(one))
    to = ChannelIdentity(IdentityKind(str(document["to_kind"])), str(document["to_value"]), str(document["to_scope"]))
    draft = Draft(
        hotel_id=one.hotel_id,
        channel=Channel(str(document["via"])),
        to=to,
        purpose=Purpose.PAYMENT_LINK,
        document=written.document(),
        case_id=one.case_id,
        guest_id=one.guest_id,
        key=link_key(one),
        more={"asked_by": one.actor, "use_by": until_of(one).isoformat()},
    )
    put(desk, tx, OUTBOX, draft)
    ids = {"reservation_id": reservation.reservation_id, "outbox_id": one.outbox_id, "case_id": one.case_id}
    audit(tx, OUTBOX, desk.clock.now(), "payment_link_made", ids)
