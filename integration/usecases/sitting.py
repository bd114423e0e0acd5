"""One transaction of the intake: arrivals become contacts, then cases are put in order once.

Each arrival is first put down in the inbox; one that stands there has had its effect. A message or a step of a call
becomes a contact of whoever it is from; a new handle of somebody known changes who he is; an edit or a deletion changes
the message it is about; a receipt the message of ours it is about. Kinds we do not know do nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from domain.case import CaseId
from domain.contact import MOST_SKEW, Channel, MessageId, Sender
from integration.ports.channels import Arrival, ArrivalKind
from integration.ports.hooks import Hook
from integration.ports.queue_records import InboxRow, StoredDelivery, StoredMessage
from integration.ports.store import Tx
from integration.usecases.check_payment import payment_told
from integration.usecases.contacts import ContactEvent
from integration.usecases.desk import Desk
from integration.usecases.join_case import NOWHERE, Places, near, settle
from integration.usecases.notices import answer_by_itself
from integration.usecases.people import cases_of_person, standing_case
from integration.usecases.receipts import take_receipt
from integration.usecases.ring_agents import ring_agents
from integration.usecases.who_is_it import INTAKE, Changes, Recognition

OLDEST = timedelta(days=30)
_EVENTS: Mapping[ArrivalKind, ContactEvent] = {
    ArrivalKind.MESSAGE: ContactEvent.MESSAGE,
    ArrivalKind.LEAD: ContactEvent.LEAD,
    ArrivalKind.CALL_RINGING: ContactEvent.CALL_QUEUED,
    ArrivalKind.CALL_ANSWERED: ContactEvent.CALL_ANSWERED,
    ArrivalKind.CALL_ENDED: ContactEvent.CALL_ENDED,
}


def written_at(claimed: datetime | None, received_at: datetime) -> datetime:
    """When something was written: as the provider says, unless that lies ahead or a month back. Providers repeat for
    days what we did not take, so hours between the two are no reason for doubt."""
    if claimed is not None and received_at - OLDEST <= claimed <= received_at + MOST_SKEW:
        return claimed
    return received_at


class TakenElsewhere(Exception):
    """Another process has just given an arrival its effect; this transaction must not stand."""


class Sitting:
    """The work of one transaction. `waits`: something is about a message that has not come yet."""

    def __init__(self, desk: Desk, tx: Tx, hook: Hook, delivery: StoredDelivery, *, may_wait: bool) -> None:
        self.effects = 0
        self.waits = False
        self._desk, self._tx, self._hook, self._delivery = desk, tx, hook, delivery
        self._may_wait = may_wait
        self._changes = Changes()
        self._fresh: dict[str, list[StoredMessage]] = {}
        self._claimed: dict[MessageId, datetime | None] = {}
        self._about: dict[ArrivalKind, Callable[[StoredMessage, Arrival], StoredMessage]] = {
            ArrivalKind.MESSAGE_EDITED: _edited,
            ArrivalKind.MESSAGE_DELETED: _deleted,
            ArrivalKind.REACTION: _reacted,
        }

    def take(self, arrival: Arrival) -> None:
        """Give an arrival its effect, unless it has had it."""
        key = (arrival.channel, arrival.account, arrival.provider_id)
        known = self._tx.get_inbox(*key)
        if known is not None:
            self._heard_before(known)
            return
        about = self._message_about(arrival) if arrival.kind in self._about else None
        if arrival.kind in self._about and about is None and self._may_wait:
            self.waits = True
            return
        message_id = self._effect(arrival, about)
        row = InboxRow(*key, self._delivery.delivery_id, arrival.kind, self._at(arrival), None, message_id)
        if not self._tx.add_inbox(row):
            raise TakenElsewhere(arrival.provider_id)
        self.effects += 1

    def settle(self) -> None:
        """Put every case that is concerned in order."""
        for hotel_id in self._desk.hotels:
            fresh = self._fresh.get(hotel_id, [])
            cases = {case.case_id: case for row in fresh for case in near(self._desk, self._tx, row, hotel_id)}
            for root in self._changes.joined:
                cases |= {case.case_id: case for case in cases_of_person(self._tx, root, hotel_id)}
            for case_id in (*self._changes.disturbed, *(row.case_id for row in fresh if row.case_id != NOWHERE)):
                case = standing_case(self._tx, case_id)
                if case is not None and case.hotel_id == hotel_id:
                    cases[case.case_id] = case
            if cases or fresh:
                places = settle(self._desk, self._tx, INTAKE, hotel_id, cases.values(), fresh)
                self._after(hotel_id, fresh, places)

    def _after(self, hotel_id: str, fresh: list[StoredMessage], places: Places) -> None:
        for row in fresh:
            placed = self._tx.get_message(row.message_id) or replace(row, case_id=places[row.message_id])
            if row.channel is Channel.PHONE and row.guest_id is None:
                self._tx.add_inbox(_mark_of_call(placed, self._delivery.delivery_id))
            ring_agents(self._desk, self._tx, self._hook, hotel_id, placed)
            answer_by_itself(self._desk, self._tx, hotel_id, placed, self._claimed.get(row.message_id))

    def _effect(self, arrival: Arrival, about: StoredMessage | None) -> MessageId | None:
        if about is not None:
            self._tx.update_message(self._about[arrival.kind](about, arrival))
            return about.message_id
        if arrival.kind is ArrivalKind.RECEIPT:
            take_receipt(self._desk, self._tx, arrival)
        if arrival.kind is ArrivalKind.PAYMENT:
            payment_told(self._desk, self._tx, arrival)
        if arrival.kind is ArrivalKind.HANDLE_CHANGED:
            self._recognition(arrival).known()
        if arrival.kind in _EVENTS and not self._is_ours(arrival):
            return self._contact(arrival)
        return None

    def _is_ours(self, arrival: Arrival) -> bool:
        """Whether it shows us a message that we sent ourselves and know."""
        return arrival.sender is not Sender.GUEST and self._message_of(arrival, arrival.provider_id) is not None

    def _recognition(self, arrival: Arrival) -> Recognition:
        return Recognition(self._desk, self._tx, arrival, self._at(arrival), self._hook.never_link, self._changes)

    def _contact(self, arrival: Arrival) -> MessageId:
        hotel_id = self._hotel(arrival)
        known = self._recognition(arrival).known()
        case_id = NOWHERE if known is not None or not arrival.thread else self._case_of_call(arrival)
        row = StoredMessage(
            message_id=MessageId(self._desk.ids.new("msg")),
            case_id=case_id,
            home_case=case_id,
            channel=arrival.channel,
            account=arrival.account,
            sender=arrival.sender,
            at=self._at(arrival),
            received_at=self._delivery.received_at,
            text=arrival.text,
            provider_id=arrival.provider_id,
            guest_id=known.guest_id if known else None,
            handle_kind=known.handle.kind if known else None,
            handle_scope=known.handle.scope if known else None,
            handle_value=known.handle.value if known else None,
            thread=arrival.thread or None,
            reply_to=arrival.about or None,
            document=self._document(arrival, hotel_id),
        )
        self._fresh.setdefault(hotel_id, []).append(row)
        self._claimed[row.message_id] = arrival.at
        return row.message_id

    def _hotel(self, arrival: Arrival) -> str:
        """The hotel the sender names, if it is one of ours, else the account's."""
        named = arrival.facts.get("hotel", "").upper()
        return named if named in self._desk.hotels else self._desk.hotel(self._hook.hotel_of(arrival.account)).hotel_id

    def _document(self, arrival: Arrival, hotel_id: str) -> Mapping[str, object]:
        document: dict[str, object] = {**arrival.facts, "event": _EVENTS[arrival.kind].value}
        if arrival.subject:
            document["subject"] = arrival.subject
        if arrival.is_automatic:
            document["is_automatic"] = True
        if arrival.attachments:
            document["attachments"] = [
                {"kind": one.kind, "mime_type": one.mime_type, "ref": one.ref, "name": one.name}
                for one in arrival.attachments
            ]
        if arrival.sender is Sender.GUEST and not arrival.is_automatic:
            document |= self._words(arrival, hotel_id)
        return document

    def _words(self, arrival: Arrival, hotel_id: str) -> Mapping[str, object]:
        reading = self._desk.serving.rules(hotel_id).words.read(f"{arrival.subject}\n{arrival.text}")
        found: dict[str, object] = {}
        if reading.marks:
            found["marks"] = sorted(mark.value for mark in reading.marks)
            found["reasons"] = [[one.gives.value, one.rule, one.words] for one in reading.reasons]
        language = reading.language or arrival.language
        if language:
            found["language"] = language
        return found

    def _at(self, arrival: Arrival) -> datetime:
        return written_at(arrival.at, self._delivery.received_at)

    def _case_of_call(self, arrival: Arrival) -> CaseId:
        """Where the other steps of a call from nobody we know are."""
        mark = self._tx.get_inbox(arrival.channel, arrival.account, f"call:{arrival.thread}")
        return mark.case_id if mark is not None and mark.case_id is not None else NOWHERE

    def _message_about(self, arrival: Arrival) -> StoredMessage | None:
        return self._message_of(arrival, arrival.about)

    def _message_of(self, arrival: Arrival, provider_id: str) -> StoredMessage | None:
        waiting = (row for rows in self._fresh.values() for row in rows if row.provider_id == provider_id)
        if next(waiting, None) is not None:
            self.settle()
            self._fresh.clear()
            self._changes.joined.clear()
            self._changes.disturbed.clear()
        return self._tx.find_message(arrival.channel, provider_id) if provider_id else None

    def _heard_before(self, known: InboxRow) -> None:
        """A repeated arrival does nothing, except that of two times of receipt the earlier one is the true one."""
        row = self._tx.get_message(known.message_id) if known.message_id else None
        if row is not None and known.kind in _EVENTS and self._delivery.received_at < row.received_at:
            self._tx.update_message(replace(row, received_at=self._delivery.received_at))
            self._changes.disturbed.add(row.case_id)


def _mark_of_call(row: StoredMessage, delivery_id: str) -> InboxRow:
    """By which the next step of a call from nobody we know finds the case of this one."""
    mark = f"call:{row.thread or row.message_id}"
    return InboxRow(row.channel, row.account, mark, delivery_id, ArrivalKind.OTHER, row.at, row.case_id)


def _edited(row: StoredMessage, arrival: Arrival) -> StoredMessage:
    """The newest edit counts, whenever it is heard of; nothing edits what was deleted."""
    at = arrival.at.isoformat() if arrival.at else ""
    if row.document.get("is_deleted") or at < str(row.document.get("edited_at", "")):
        return row
    return replace(row, text=arrival.text, document={**row.document, "edited_at": at})


def _deleted(row: StoredMessage, _arrival: Arrival) -> StoredMessage:
    """Its text is gone for good; that there was a message stays."""
    kept = {name: value for name, value in row.document.items() if name not in {"attachments", "reasons", "subject"}}
    return replace(row, text="", document={**kept, "is_deleted": True})


def _reacted(row: StoredMessage, arrival: Arrival) -> StoredMessage:
    """The last reaction of each side."""
    known = row.document.get("reactions")
    before = dict(known) if isinstance(known, dict) else {}
    at = arrival.at.isoformat() if arrival.at else ""
    if at < str(before.get(f"{arrival.sender.value}_at", "")):
        return row
    reactions = {**before, arrival.sender.value: arrival.text, f"{arrival.sender.value}_at": at}
    return replace(row, document={**row.document, "reactions": reactions})
