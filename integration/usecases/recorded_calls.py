"""Calls of a telephone system's record in the one queue: a contact each, in the case of whoever rang.

A record is read hours or days after the call, so it is believed about when things happened and not about what is to be
done. A call that is **settled** (somebody talked, we rang and nobody answered, or it is older than what we still call
back) opens nothing: a case that it begins, or takes up again, ends with it. A **missed** call that is not settled is
called back, within the hotel's time from when we heard of it; a word with the guest since then settles it
(`contact_clock`). What the exchange has told live is in the queue already and gets no second contact.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from domain.access import Actor
from domain.case import Call, CallId, Case, CaseId, CaseStatus, Direction
from domain.contact import Channel, MessageId, Sender
from domain.guest import GuestId, IdentityKind
from integration.ports.queue_records import CaseEvent, StoredMessage
from integration.ports.store import ReadTx, Tx
from integration.usecases.call_case import contact_of_call
from integration.usecases.call_rows import CallRow
from integration.usecases.contacts import SETTLED, ContactEvent, fact_of
from integration.usecases.desk import Desk
from integration.usecases.join_case import NOWHERE, near, refold, settle
from integration.usecases.people import standing_case
from integration.usecases.views import instant

MOST_LOOKED_AT = 200
_YES, _NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Recorded:
    """A call as its record tells of it, and whether anything is left to do about it."""

    call_id: CallId
    row: CallRow
    direction: Direction
    phone: str | None
    guest_id: GuestId | None
    is_settled: bool


def told_live(desk: Desk, tx: ReadTx, unique_id: str, guest_id: GuestId | None) -> StoredMessage | None:
    """A step of this call that the exchange told of while it went on."""
    thread = unique_id.replace("%", "%25").replace(":", "%3A")
    record = tx.find_message(Channel.PHONE, f"cdr:{thread}")
    if record is not None:
        return record
    if guest_id is not None:
        rows = tx.messages_of_guest(guest_id, MOST_LOOKED_AT)
    else:
        rows = [row for case_id in _marked(desk, tx, thread) for row in tx.messages_of(case_id)]
    return next((row for row in rows if row.channel is Channel.PHONE and row.thread == thread and row.account), None)


def _marked(desk: Desk, tx: ReadTx, thread: str) -> list[CaseId]:
    """Where the steps of a call from a withheld number are, by exchange."""
    accounts = {str(getattr(hook.wire, "account", "")) for hook in desk.hooks.values()}
    marks = (tx.get_inbox(Channel.PHONE, account, f"call:{thread}") for account in sorted(accounts))
    return [mark.case_id for mark in marks if mark is not None and mark.case_id is not None]


def put_recorded(desk: Desk, tx: Tx, actor: Actor, hotel_id: str, call: Recorded) -> Case:
    """The call's contact in its case; the case as it stands then."""
    row = _contact(desk, hotel_id, call)
    cases = near(desk, tx, row, hotel_id)
    was_over = {case.case_id for case in cases if case.status is CaseStatus.RESOLVED}
    place = settle(desk, tx, actor, hotel_id, cases, [row])[row.message_id]
    case = load_standing(tx, place)
    was_ours = place in was_over or place not in {one.case_id for one in cases}
    if not call.is_settled or not was_ours or case.status is CaseStatus.RESOLVED:
        return case
    return _closed(desk, tx, actor, place, max(call.row.ended_at, case.last_at or call.row.ended_at))


def answer_recorded(desk: Desk, tx: Tx, actor: Actor, known: Call, found: CallRow) -> bool:
    """Another leg of a missed call was answered: it is not to be called back. False for a call without a contact."""
    case = standing_case(tx, known.case_id)
    row = contact_of_call(tx, known, case.case_id) if case is not None else None
    if case is None or row is None:
        return False
    document = {**row.document, **_facts(found), "missed": _NO, SETTLED: _YES}
    tx.update_message(replace(row, document=document))
    if case.status is not CaseStatus.RESOLVED and all(_is_settled(one) for one in tx.messages_of(case.case_id)):
        _closed(desk, tx, actor, case.case_id, max(found.ended_at, known.ended_at or found.ended_at))
    else:
        refold(desk, tx, actor, case.case_id)
    return True


def _is_settled(row: StoredMessage) -> bool:
    return fact_of(row, SETTLED) == _YES


def _closed(desk: Desk, tx: Tx, actor: Actor, case_id: CaseId, at: datetime) -> Case:
    tx.add_case_event(CaseEvent(case_id, 0, at, "resolved", actor.name))
    return refold(desk, tx, actor, case_id)


def load_standing(tx: ReadTx, case_id: CaseId) -> Case:
    """The case, or the one it has become part of; LookupError for none."""
    found = standing_case(tx, case_id)
    if found is None:
        raise LookupError(case_id)
    return found


def _contact(desk: Desk, hotel_id: str, call: Recorded) -> StoredMessage:
    found = call.row
    document: dict[str, object] = {
        "event": ContactEvent.CALL_ENDED.value,
        "direction": call.direction.value,
        "agent": found.agent,
        "hotel": hotel_id,
        "missed": _NO if found.is_answered else _YES,
        **_facts(found),
        **({SETTLED: _YES} if call.is_settled else {}),
    }
    return StoredMessage(
        message_id=MessageId(desk.ids.new("msg")),
        case_id=NOWHERE,
        home_case=NOWHERE,
        channel=Channel.PHONE,
        account="",
        sender=Sender.GUEST,
        at=found.started_at,
        received_at=desk.clock.now(),
        text="",
        provider_id=call.call_id,
        guest_id=call.guest_id,
        handle_kind=IdentityKind.PHONE if call.phone else None,
        handle_scope="" if call.phone else None,
        handle_value=call.phone,
        thread=found.unique_id.replace("%", "%25").replace(":", "%3A")[:255],
        document=document,
    )


def _facts(found: CallRow) -> dict[str, object]:
    """When it happened, by the exchange's own clock."""
    answered = {"answered_at": instant(found.answered_at or found.started_at)} if found.is_answered else {}
    return {"started_at": instant(found.started_at), "ended_at": instant(found.ended_at), **answered}
