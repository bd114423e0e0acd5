"""What the clocks of a case are read from: its contacts and what was done to it, as `domain.case_events` has them.

A call is several contacts of one thread, its steps, of which any may be missing: a record of the end may tell of the
steps before it. A clock may count a contact from the provider's time if we heard of it soon, else from when we did;
never from later than that, so a reply of ours stands behind whatever we had read when we sent it. An answer that names
the message it answers stands behind that one in any case.
"""

from collections.abc import Sequence
from datetime import datetime

from domain import case_events as clock
from domain.contact import Channel, Sender, credible_time
from integration.ports.queue_records import CaseEvent, StoredMessage
from integration.usecases.contacts import CALL_STEPS, SETTLED, ContactEvent, event_of, fact_of, heard_of, in_order

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
    said = {row.provider_id: _place(row) for row in rows if row.sender is Sender.GUEST and row.provider_id}
    for row in rows:
        if event_of(row) in CALL_STEPS or row.channel is Channel.PHONE:
            calls.setdefault(row.thread or row.message_id, []).append(row)
        elif row.sender is Sender.GUEST:
            if not row.document.get("is_automatic"):
                at_s, heard_s = _place(row)
                events.append(clock.CaseEvent(at_s, clock.EventKind.GUEST_MESSAGE, row.channel.value, heard_s=heard_s))
        else:
            kind = clock.EventKind.HUMAN_REPLY if row.sender is Sender.AGENT else clock.EventKind.AUTO_REPLY
            (at_s, heard_s), (asked_s, known_s) = _place(row), said.get(row.reply_to or "", _NEVER)
            events.append(clock.CaseEvent(max(at_s, asked_s), kind, heard_s=max(heard_s, known_s)))
    later = [steps for steps in calls.values() if _is_read_later(steps)]
    for steps in calls.values():
        events += [] if steps in later else _call_events(in_order(steps))
    return events + [event for steps in later for event in _read_later(steps[0], events)]


def calls_in(rows: Sequence[StoredMessage]) -> list[list[StoredMessage]]:
    """The steps of each call among the contacts of a case, in order."""
    calls: dict[str, list[StoredMessage]] = {}
    for row in rows:
        if event_of(row) in CALL_STEPS:
            calls.setdefault(row.thread or row.message_id, []).append(row)
    return [in_order(steps) for steps in calls.values()]


def steps_of_call(steps: list[StoredMessage]) -> list[clock.CaseEvent]:
    """What the steps of one call, in order, say of it by themselves: queued, then answered or abandoned if it was; of
    a call of ours only that it was answered."""
    return _call_events(steps)


def is_missed_of_old(row: StoredMessage) -> bool:
    """Whether it is a telephone system's record of a call that nobody took, with which nothing is to be done."""
    return bool(fact_of(row, SETTLED)) and _is_read_later([row])


def missed_of_old(row: StoredMessage) -> list[clock.CaseEvent]:
    """How it went: queued and given up; of a call of ours, that it was."""
    if fact_of(row, "direction") == "out":
        return [clock.CaseEvent(_told([row], "started_at") or heard_at(row), clock.EventKind.RESUMED)]
    return _call_events([row])


_NEVER = (float("-inf"), float("-inf"))


def _place(row: StoredMessage) -> tuple[float, float]:
    """When it happened and when we heard of it, as far as clocks are concerned."""
    return heard_at(row), heard_of(row).timestamp()


def _call_events(steps: list[StoredMessage]) -> list[clock.CaseEvent]:
    """Of one call, whichever of its steps have been heard of; a record of the end may tell of the steps before it."""
    at = {event_of(step): heard_at(step) for step in reversed(steps)}
    ended = _told(steps, "ended_at") or at.get(ContactEvent.CALL_ENDED)
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


def _is_read_later(steps: Sequence[StoredMessage]) -> bool:
    """Whether all we know of a missed call is a telephone system's record."""
    return all(fact_of(step, "ended_at") and fact_of(step, "missed") == "yes" for step in steps)


def _read_later(step: StoredMessage, others: Sequence[clock.CaseEvent]) -> list[clock.CaseEvent]:
    """Of a missed call that a telephone system's record tells of: nothing when it is settled. It waits since we heard
    of it; if somebody has spoken to the guest since he rang, it stands where it was and that has answered it."""
    began, ended = _told([step], "started_at"), _told([step], "ended_at")
    if fact_of(step, SETTLED) or fact_of(step, "direction") == "out" or began is None or ended is None:
        return []
    if not any(one.at_s >= ended and one.kind in _ANSWERS for one in others):
        began = ended = step.received_at.timestamp()
    return [
        clock.CaseEvent(began, clock.EventKind.CALL_QUEUED),
        clock.CaseEvent(ended, clock.EventKind.CALL_ABANDONED),
    ]


_ANSWERS = frozenset({clock.EventKind.CALL_ANSWERED, clock.EventKind.HUMAN_REPLY, clock.EventKind.RESOLVED})


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
    """When a clock may count a contact: as the provider says if we heard of it soon, else when we did, and no later."""
    return min(credible_time(row.at, row.received_at), row.received_at).timestamp()
