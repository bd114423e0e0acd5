"""What follows when a provider has taken a message: it becomes a contact of its case.

That is the instant that counts for the clock of the first response, so it is the provider's word and not ours: a
message we could not get rid of answers nobody. The contact carries its sender (a person of ours, or a machine) and the
provider's number, by which echoes and receipts are known again. A notice that went along is put down with its version.
A payment link that was made is sent on its way to the guest in the same transaction; one that a person found at the
provider, so that we do not know its address, is not.
"""

from dataclasses import replace
from datetime import datetime

from domain.case import CaseId
from domain.contact import MessageId, Sender
from domain.outbound import Purpose
from integration.ports.queue_records import Notice, Outgoing, StoredMessage
from integration.ports.store import Tx
from integration.usecases.contacts import ContactEvent
from integration.usecases.desk import Desk
from integration.usecases.join_case import settle
from integration.usecases.payment_links import link_made
from integration.usecases.people import standing_case
from integration.usecases.queue_message import OUTBOX
from integration.usecases.tracing import audit


def taken(desk: Desk, tx: Tx, one: Outgoing, at: datetime, account: str = "") -> Outgoing:
    """Give an accepted message its effects, once; the row as it stands after. `at`: when the provider took it."""
    ids = {"hotel_id": one.hotel_id, "case_id": one.case_id, "outbox_id": one.outbox_id}
    if one.purpose == Purpose.PAYMENT_REQUEST:
        if one.document.get("url") and not one.document.get("link_sent"):
            one = replace(one, document={**one.document, "link_sent": True})
            link_made(desk, tx, one)
        return one
    if one.message_id is not None or one.case_id is None:
        return one
    message_id = MessageId(desk.ids.new("msg"))
    _put_into_case(desk, tx, _contact(desk, one, message_id, at, account))
    if one.document.get("notice"):
        language = str(one.document.get("language", ""))
        tx.put_notice(Notice(one.case_id, one.channel, str(one.document["notice"]), language, at, message_id))
    audit(tx, OUTBOX, desk.clock.now(), "message_accepted", {**ids, "message_id": message_id})
    return replace(one, message_id=message_id)


def sent_at(one: Outgoing) -> datetime:
    """When it was last handed to its provider."""
    told = one.document.get("sent_at")
    return datetime.fromisoformat(str(told)) if told else one.changed_at


def _contact(desk: Desk, one: Outgoing, message_id: MessageId, at: datetime, account: str) -> StoredMessage:
    document: dict[str, object] = {"event": ContactEvent.MESSAGE.value, "purpose": one.purpose}
    document |= {name: one.document[name] for name in ("subject", "reservation_id") if one.document.get(name)}
    case_id = one.case_id or CaseId("")
    return StoredMessage(
        message_id=message_id,
        case_id=case_id,
        home_case=case_id,
        channel=one.channel,
        account=account or str(one.document.get("account", "")),
        sender=Sender(str(one.document.get("sender", Sender.AGENT))),
        at=at,
        received_at=desk.clock.now(),
        text=str(one.document.get("text", "")),
        provider_id=one.provider_id,
        actor=str(one.document.get("asked_by") or one.actor),
        guest_id=one.guest_id,
        handle_kind=one.handle_kind,
        handle_scope=one.handle_scope,
        handle_value=one.handle_value,
        thread=_text_or_none(one, "thread"),
        reply_to=_text_or_none(one, "reply_to"),
        document=document,
    )


def _text_or_none(one: Outgoing, name: str) -> str | None:
    return str(one.document[name]) if one.document.get(name) else None


def _put_into_case(desk: Desk, tx: Tx, row: StoredMessage) -> None:
    """A case without contacts is from before the one queue: it gets the message and is not computed anew."""
    case = standing_case(tx, row.case_id)
    if case is None or not tx.messages_of(case.case_id):
        tx.add_message(row)
        return
    placed = replace(row, case_id=case.case_id, home_case=row.home_case)
    settle(desk, tx, OUTBOX, case.hotel_id, [case], [placed])
