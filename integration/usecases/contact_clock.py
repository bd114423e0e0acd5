"""What the clocks of a case are read from: its contacts and what was done to it, as `domain.case_events` has them.

A call is several contacts of one thread, its steps, of which any may be missing: a record of the end may tell of the
steps before it. A clock may count a contact from the provider's time if we heard of it soon, else from when we did.
"""

from collections.abc import Sequence
from datetime import datetime

from domain import case_events as clock
from domain.contact import Sender, credible_time
from integration.ports.queue_records import CaseEvent, StoredMessage
from integration.usecases.contacts import CALL_STEPS, ContactEvent, event_of, fact_of, in_order

_CLOCK_KINDS = {
    "paused": clock.EventKind.PAUSED,
    "resumed": clock.EventKind.RESUMED,
    "resolved": clock.EventKind.RESOLVED,
    "reopened": clock.EventKind.REOPENED,
}


def clock_events(rows: Sequence[StoredMessage], done: Sequence[CaseEvent]) -> list[clock.CaseEvent]:
    """What the clocks of a case are read from."""
    known = [(event.at.timestamp(), _CLOCK_KINDS.get(event.kind)) for event in done]
    events = [clock.CaseEvent(at_s, kind) for at_s, kind in known if kind is not None]
    calls: dict[str, list[StoredMessage]] = {}
    for row in rows:
        if event_of(row) in CALL_STEPS:
            calls.setdefault(row.thread or row.message_id, []).append(row)
        elif row.sender is Sender.GUEST:
            if not row.document.get("is_automatic"):
                events.append(clock.CaseEvent(heard_at(row), clock.EventKind.GUEST_MESSAGE, row.channel.value))
        else:
            kind = clock.EventKind.HUMAN_REPLY if row.sender is Sender.AGENT else clock.EventKind.AUTO_REPLY
            events.append(clock.CaseEvent(heard_at(row), kind))
    for steps in calls.values():
        events += _call_events(in_order(steps))
    return events


def _call_events(steps: list[StoredMessage]) -> list[clock.CaseEvent]:
    """Of one call, whichever of its steps have been heard of; a record of the end may tell of the steps before it."""
    at = {event_of(step): heard_at(step) for step in reversed(steps)}
    ended = at.get(ContactEvent.CALL_ENDED)
    answered = at.get(ContactEvent.CALL_ANSWERED, _told(steps, "answered_at"))
    if answered is None and any(fact_of(step, "missed") == "no" for step in steps):
        answered = ended
    began = min(heard_at(steps[0]), _told(steps, "started_at") or heard_at(steps[0]))
    if any(fact_of(step, "direction") == "out" for step in steps):
        return [] if answered is None else [clock.CaseEvent(answered, clock.EventKind.HUMAN_REPLY)]
    events = [clock.CaseEvent(began, clock.EventKind.CALL_QUEUED)]
    if answered is not None:
        events.append(clock.CaseEvent(max(answered, began), clock.EventKind.CALL_ANSWERED))
    elif ended is not None:
        events.append(clock.CaseEvent(ended, clock.EventKind.CALL_ABANDONED))
    return events


def _told(steps: Sequence[StoredMessage], name: str) -> float | None:
    """An instant that a step tells of; None when none does."""
    for step in steps:
        try:
            told = datetime.fromisoformat(fact_of(step, name))
        except ValueError:
            continue
        return told.timestamp() if told.tzinfo else None
    return None


def heard_at(row: StoredMessage) -> float:
    """When a clock may count a contact: as the provider says if we heard of it soon, else when we did."""
    return credible_time(row.at, row.received_at).timestamp()
