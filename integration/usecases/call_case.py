"""A telephone call in the one queue: its contact, its case, and what its end does to the case.

A call an agent starts is a contact like any other and joins the open case of whoever rings. How it ended is written as
events of the case, so that a case computed anew tomorrow says the same.
"""

from collections.abc import Mapping
from dataclasses import replace

from domain.access import Actor
from domain.case import Call, CallOutcome, Case, CaseId, CaseKind, CaseStatus, LeadStatus
from domain.contact import Channel, MessageId, Sender
from domain.guest import GuestId, GuestProfile, IdentityKind
from domain.signals import Tag
from integration.ports.queue_records import CaseEvent, StoredMessage
from integration.ports.store import ReadTx, Tx
from integration.usecases.contacts import ContactEvent, call_of
from integration.usecases.desk import Desk
from integration.usecases.join_case import NOWHERE, near, refold, settle
from integration.usecases.people import standing_case

_MOST_OPEN = 20


def ringing_call(tx: ReadTx, actor: Actor, hotel_id: str, phone: str | None) -> Call | None:
    """The agent's open call of this number that the telephone system opened; None otherwise. Another may ring at his
    desk meanwhile."""
    return next((one for one in open_calls(tx, actor.name, hotel_id, phone) if _is_of_exchange(tx, one)), None)


def open_calls(tx: ReadTx, agent: str, hotel_id: str, phone: str | None) -> list[Call]:
    """An agent's open calls of a number, newest first; none without a number."""
    found = tx.list_calls(hotel_id=hotel_id, actor=agent, open_only=True, limit=_MOST_OPEN) if phone else []
    return [one for one in found if one.phone == phone]


def call_in_hand(tx: ReadTx, agent: str, hotel_id: str, guest: GuestProfile) -> Call | None:
    """The call in which an agent names a guest: the one from a number of his, else the only one. Of several calls at
    one desk nobody can say which is meant."""
    found = tx.list_calls(hotel_id=hotel_id, actor=agent, open_only=True, limit=_MOST_OPEN)
    numbers = {one.value for one in guest.identities if one.kind is IdentityKind.PHONE}
    named = next((one for one in found if one.phone in numbers), None)
    return named or (found[0] if len(found) == 1 else None)


def _is_of_exchange(tx: ReadTx, call: Call) -> bool:
    is_ours = tx.find_message(Channel.PHONE, call.call_id) is not None
    case = standing_case(tx, call.case_id)
    return (
        not is_ours and case is not None and any(row.channel is Channel.PHONE for row in tx.messages_of(case.case_id))
    )


def put_into_case(desk: Desk, tx: Tx, actor: Actor, call: Call) -> CaseId:
    """Join the open case of the call's guest, or open one; gives the case."""
    row = StoredMessage(
        message_id=MessageId(desk.ids.new("msg")),
        case_id=NOWHERE,
        home_case=NOWHERE,
        channel=Channel.PHONE,
        account="",
        sender=Sender.GUEST,
        at=call.started_at,
        received_at=call.started_at,
        text="",
        provider_id=call.call_id,
        actor=call.actor,
        guest_id=GuestId(call.guest_id) if call.guest_id else None,
        handle_kind=IdentityKind.PHONE if call.phone else None,
        handle_scope="" if call.phone else None,
        handle_value=call.phone,
        thread=call.call_id,
        document={"event": ContactEvent.CALL_ANSWERED.value, "direction": call.direction.value, "agent": call.actor},
    )
    return settle(desk, tx, actor, call.hotel_id, near(desk, tx, row, call.hotel_id), [row])[row.message_id]


def close_case(desk: Desk, tx: Tx, actor: Actor, call: Call, before: Case, after: Case) -> Case:
    """Write what the end of a call changed. A case from before the one queue is written as it is."""
    if not tx.messages_of(before.case_id):
        tx.update_case(after)
        return after
    for kind, document in _changes(call, before, after):
        tx.add_case_event(CaseEvent(before.case_id, 0, desk.clock.now(), kind, actor.name, document))
    row = contact_of_call(tx, call, before.case_id)
    if row is not None and call.outcome is not None:
        tx.update_message(replace(row, document={**row.document, "outcome": call.outcome.value}))
    return refold(desk, tx, actor, before.case_id)


def contact_of_call(tx: ReadTx, call: Call, case_id: CaseId) -> StoredMessage | None:
    """The contact a call stands for: the one an agent's start made, else the step of the exchange that opened it."""
    own = tx.find_message(Channel.PHONE, call.call_id)
    if own is not None:
        return own
    return next((row for row in tx.messages_of(case_id) if call_of(row) == call.call_id), None)


def _changes(call: Call, before: Case, after: Case) -> list[tuple[str, Mapping[str, str]]]:
    wants_to_buy = Tag.RESERVATION in before.tags or before.lead_status not in {None, LeadStatus.OPEN}
    found: list[tuple[str, Mapping[str, str]]] = []
    if after.kind is CaseKind.SALES and after.lead_status not in {None, before.lead_status}:
        found.append(("lead", {"status": str(after.lead_status), "reason": after.lost_reason or ""}))
    if call.due_on is not None or before.due_on is not None:
        found.append(("due", {"on": call.due_on.isoformat() if call.due_on else ""}))
    is_only_service = call.outcome is CallOutcome.SERVICE and after.kind is CaseKind.SUPPORT
    if after.status is CaseStatus.RESOLVED and not (is_only_service and wants_to_buy):
        found.append(("resolved", {}))
    return found
