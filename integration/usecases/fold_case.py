"""A case, computed anew from its contacts and from what was done to it by hand.

Nothing of a case is counted up as it goes along: after every change its contacts and events are read again, sorted by
when they happened, and say when it began, on which channel, what it is about, how urgent it is, whether it is a sale,
who has it, how its clocks stand and whether somebody is to be called back. So the same contacts give the same case in
whatever order they came (docs/algorithms/intake.md).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import msgspec

from domain import case_events as clock
from domain.case import Case, CaseId, CaseKind, CaseStatus, LeadStatus
from domain.clocks import CaseClocks, read_clocks
from domain.contact import Channel
from domain.guest import GuestId, IdentityKind
from domain.hotel import HotelTerms
from domain.hours import deadline
from domain.signals import Mark, Signal, Tag, bits_of
from domain.sla import Clock, ServicePolicy
from integration.ports.queue_records import CaseEvent, StoredMessage
from integration.ports.store import ReadTx
from integration.usecases.channel_roles_live import policy_of
from integration.usecases.contact_clock import clock_events
from integration.usecases.contacts import SETTLED, ContactEvent, event_of, fact_of, in_order, is_from_guest, marks_of
from integration.usecases.desk import Desk

_TAGS = frozenset(tag.value for tag in Tag)
_OF_AN_OTA = frozenset({IdentityKind.OTA_RESERVATION, IdentityKind.OTA_RELAY})
_FURTHER = timedelta(days=60)


def fold(desk: Desk, tx: ReadTx, case: Case, rows: Sequence[StoredMessage], events: Sequence[CaseEvent]) -> Case:
    """The case as its contacts (at least one) and events make it; id, hotel, opener and version stay."""
    hotel = desk.hotel(case.hotel_id)
    ordered = in_order(rows)
    done = sorted(events, key=lambda one: (one.at, one.case_id, one.line))
    view = _View(desk, tx, hotel, ordered, done)
    tags = view.tags()
    lead = _lead(done)
    kind = _kind(tags, ordered, lead)
    clocks, callback = view.clocks(tags)
    due = _earliest(_instant(clocks.due_s if clocks else None), callback)
    status, resolved_at = _status(ordered, done)
    is_done = status is CaseStatus.RESOLVED
    return replace(
        case,
        kind=kind,
        status=status,
        channel=ordered[0].channel.value,
        opened_at=min(row.at for row in ordered),
        guest_id=next((row.guest_id for row in ordered if row.guest_id is not None), None),
        lead_status=lead[0] if kind is CaseKind.SALES else None,
        lost_reason=lead[1] if kind is CaseKind.SALES else None,
        due_on=_due_on(done, None if is_done else callback, hotel),
        priority=int(view.level(tags)),
        assignee=_last(done, "assigned", "to"),
        tags=tags,
        language=_first(ordered, "language"),
        subject=_last(done, "subject", "text") or _first(ordered, "subject"),
        last_at=max(row.at for row in ordered),
        due_at=None if is_done else due,
        warn_at=None if is_done else _earliest(_instant(clocks.warn_s if clocks else None), callback),
        resolved_at=resolved_at,
        clocks=_clocks_text(clocks, callback),
        escalate_at=None if is_done else _earliest(_escalate_at(clocks), callback),
        waiting_since=None if is_done else _waiting_since(clocks),
        joined_into=None,
    )


@dataclass(frozen=True, slots=True)
class _View:
    desk: Desk
    tx: ReadTx
    hotel: HotelTerms
    rows: Sequence[StoredMessage]
    done: Sequence[CaseEvent]

    def tags(self) -> tuple[str, ...]:
        """By the words of the guest, by how it came and who it is from; then what people set and took away."""
        found = {mark.value for mark in self._marks() if isinstance(mark, Tag)}
        for event in self.done:
            tag = event.document.get("tag", "")
            if event.kind == "tagged" and tag:
                found.add(tag)
            elif event.kind == "untagged":
                found.discard(tag)
        return tuple(sorted(found))

    def level(self, tags: tuple[str, ...]) -> int:
        """How urgent it is."""
        signals: set[Mark] = {mark for mark in self._marks() if isinstance(mark, Signal)}
        signals |= {Tag(tag) for tag in tags if tag in _TAGS}
        return self.desk.serving.rules(self.hotel.hotel_id).priority.level(bits_of(signals))

    def clocks(self, tags: tuple[str, ...]) -> tuple[CaseClocks | None, datetime | None]:
        """The clocks of the latest run, and until when to call back after a call that nobody took."""
        since = min(self.rows[0].at, self.rows[0].received_at)
        until = max(self.rows[-1].at, self.rows[-1].received_at) + _FURTHER
        policy = policy_of(self.desk, self.tx, self.hotel.hotel_id, since, until)
        runs = read_clocks(clock_events(self.rows, self.done), self.rows[0].channel.value, tags, policy)
        return (runs[-1] if runs else None), self._callback(policy)

    def _marks(self) -> set[Mark]:
        found = {mark for row in self.rows if is_from_guest(row) for mark in marks_of(row)}
        kinds = {row.handle_kind for row in self.rows}
        if kinds & _OF_AN_OTA or any(row.channel is Channel.OTA for row in self.rows):
            found.add(Tag.OTA)
        if any(event_of(row) is ContactEvent.LEAD for row in self.rows):
            found.add(Tag.RESERVATION)
        for guest_id in {row.guest_id for row in self.rows if row.guest_id is not None}:
            found |= self._of_guest(guest_id)
        return found

    def _of_guest(self, guest_id: GuestId) -> set[Mark]:
        guest = self.tx.get_guest(guest_id)
        if guest is None:
            return set()
        found: set[Mark] = {Tag.VIP} if guest.is_vip else set()
        if guest.value_of(IdentityKind.PMS_PROFILE, self.hotel.hotel_id) is not None:
            found.add(Signal.REPEAT_GUEST)
        return found

    def _callback(self, policy: ServicePolicy) -> datetime | None:
        """After the latest missed call, unless somebody has spoken to the guest since."""
        events = clock.in_order(clock_events(self.rows, self.done))
        missed = None
        for event in events:
            if event.kind is clock.EventKind.CALL_ABANDONED:
                missed = event.at_s
            elif event.kind in {clock.EventKind.CALL_ANSWERED, clock.EventKind.HUMAN_REPLY, clock.EventKind.RESOLVED}:
                missed = None
        if missed is None:
            return None
        within = self.desk.serving.rules(self.hotel.hotel_id).handoffs.callback_within_s
        return _instant(deadline(missed, within, policy.spans(Channel.PHONE.value)))


def _lead(done: Sequence[CaseEvent]) -> tuple[LeadStatus, str | None]:
    """As it was last set; a new one is open."""
    last = next((event for event in reversed(done) if event.kind == "lead"), None)
    if last is None:
        return LeadStatus.OPEN, None
    status = LeadStatus(last.document["status"])
    return status, (last.document.get("reason") or None) if status is LeadStatus.LOST else None


def _kind(tags: tuple[str, ...], rows: Sequence[StoredMessage], lead: tuple[LeadStatus, str | None]) -> CaseKind:
    """Support when that is all that was asked for; sales whenever somebody wants to book or works on a lead."""
    wants_to_buy = Tag.RESERVATION in tags or lead[0] is not LeadStatus.OPEN
    is_service = any(fact_of(row, "outcome") == "service" for row in rows)
    is_support = Tag.SUPPORT in tags or is_service or all(fact_of(row, SETTLED) for row in rows)
    return CaseKind.SUPPORT if is_support and not wants_to_buy else CaseKind.SALES


def _status(rows: Sequence[StoredMessage], done: Sequence[CaseEvent]) -> tuple[CaseStatus, datetime | None]:
    """Resolved until the guest comes back; waiting until he answers."""
    status, since = CaseStatus.OPEN, None
    for event in clock.in_order(clock_events(rows, done)):
        if event.kind is clock.EventKind.RESOLVED:
            status, since = CaseStatus.RESOLVED, event.at_s
        elif event.kind is clock.EventKind.PAUSED and status is CaseStatus.OPEN:
            status = CaseStatus.WAITING
        elif event.kind in _RETURNS or (event.kind is clock.EventKind.RESUMED and status is CaseStatus.WAITING):
            status, since = CaseStatus.OPEN, None
    return status, _instant(since)


_RETURNS = frozenset({clock.EventKind.GUEST_MESSAGE, clock.EventKind.CALL_QUEUED, clock.EventKind.REOPENED})


def _last(done: Sequence[CaseEvent], kind: str, name: str) -> str | None:
    return next((event.document.get(name) or None for event in reversed(done) if event.kind == kind), None)


def _first(rows: Sequence[StoredMessage], name: str) -> str:
    return next((found for row in rows if is_from_guest(row) and (found := fact_of(row, name))), "")


def _due_on(done: Sequence[CaseEvent], callback: datetime | None, hotel: HotelTerms) -> date | None:
    """The day a person set, else the day of the call-back."""
    day = _last(done, "due", "on")
    if day is not None:
        return date.fromisoformat(day)
    return callback.astimezone(hotel.zone).date() if callback else None


def _earliest(*instants: datetime | None) -> datetime | None:
    return min((one for one in instants if one is not None), default=None)


def _escalate_at(clocks: CaseClocks | None) -> datetime | None:
    running = () if clocks is None else clocks.running
    return _earliest(*(_instant(one.escalate_s) for one in running))


def _waiting_since(clocks: CaseClocks | None) -> datetime | None:
    """Since when the guest waits for an answer; None while he does not."""
    waits = () if clocks is None else (clocks.first_response, clocks.next_response)
    return _earliest(*(_instant(one.started_s) for one in waits if one.is_running))


def _instant(seconds: float | None) -> datetime | None:
    if seconds is None or seconds == float("inf"):
        return None
    return datetime.fromtimestamp(round(seconds, 3), UTC)


def _clocks_text(clocks: CaseClocks | None, callback: datetime | None) -> str:
    """For showing: instants in milliseconds, targets in seconds."""
    shown: dict[str, object] = {}
    if clocks is not None:
        shown = {
            "first_response": _shown(clocks.first_response),
            "next_response": _shown(clocks.next_response),
            "resolution": _shown(clocks.resolution),
            "next_waits": clocks.next_waits,
            "next_late": clocks.next_late,
            "reopens": clocks.reopens,
        }
    if callback is not None:
        shown["call_back_until"] = _ms(callback.timestamp())
    return msgspec.json.encode(shown, order="sorted").decode() if shown else ""


def _shown(one: Clock) -> Mapping[str, object] | None:
    if not one.ran:
        return None
    return {
        "started": _ms(one.started_s),
        "target_s": one.target_s,
        "due": _ms(one.due_s),
        "warn": _ms(one.warn_s),
        "escalate": _ms(one.escalate_s),
        "stopped": _ms(one.stopped_s),
        "is_answered": one.is_answered,
        "ran": [[_ms(start), _ms(end)] for start, end in one.ran],
    }


def _ms(seconds: float | None) -> int | None:
    return None if seconds is None or seconds == float("inf") else round(seconds * 1000)


def events_of(tx: ReadTx, case_ids: set[CaseId]) -> list[CaseEvent]:
    """What was done by hand to a case and to those that were joined into it."""
    return [event for case_id in sorted(case_ids) for event in tx.case_events(case_id)]
