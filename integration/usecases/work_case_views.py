"""Cases in the words of the contract: the same bodies from the command line and from the service.

Clocks are stored as instants; how they stand is said for the instant of asking. A line of a list holds no guest, only
his number; the whole case shows him as whoever asks may see him, and every tag with the rule and the words it is from.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import msgspec

from domain.access import Actor
from domain.case import Case, CaseStatus
from domain.priority import PriorityLevel
from domain.sla import ClockState
from integration.ports.queue_records import CaseEvent, StoredMessage
from integration.ports.store import ReadTx
from integration.usecases.answers import Body
from integration.usecases.contacts import ContactEvent, event_of, in_order
from integration.usecases.fold_case import events_of
from integration.usecases.lead_wish import LeadWish, wish_in
from integration.usecases.sending_view import outgoing_body
from integration.usecases.views import day, guest_body, instant


class KeptClock(msgspec.Struct):
    """One clock as a case keeps it: instants in milliseconds, the target in seconds."""

    started: int
    target_s: float
    due: int | None
    warn: int | None
    escalate: int | None
    stopped: int | None
    is_answered: bool
    ran: list[tuple[int, int | None]]

    def state(self, now_ms: int) -> ClockState:
        """As `domain.sla.Clock.state`; a test holds them equal."""
        if self.stopped is not None:
            if self.due is not None and self.due <= self.stopped:
                return ClockState.MISSED
            return ClockState.MET if self.is_answered else ClockState.DROPPED
        if self.due is not None and self.due <= now_ms:
            is_told = self.escalate is not None and self.escalate <= now_ms
            return ClockState.ESCALATED if is_told else ClockState.BREACHED
        if self.ran[-1][1] is not None:
            return ClockState.PAUSED
        return ClockState.WARNING if self.warn is not None and self.warn <= now_ms else ClockState.RUNNING


class KeptClocks(msgspec.Struct):
    """The clocks of a case as it keeps them."""

    first_response: KeptClock | None = None
    next_response: KeptClock | None = None
    resolution: KeptClock | None = None
    next_waits: int = 0
    next_late: int = 0
    reopens: int = 0
    call_back_until: int | None = None

    def named(self) -> Iterator[tuple[str, KeptClock]]:
        """Those that have ever run."""
        for name in NAMES:
            one: KeptClock | None = getattr(self, name)
            if one is not None:
                yield name, one


NAMES = ("first_response", "next_response", "resolution")
_decode = msgspec.json.Decoder(KeptClocks).decode
_NONE = KeptClocks()
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def kept_clocks(text: str) -> KeptClocks:
    """The clocks of a case from its text; none from an empty one."""
    return _decode(text) if text else _NONE


def in_ms(at: datetime) -> int:
    """Milliseconds since 1970."""
    return round((at - _EPOCH).total_seconds() * 1000)


def _at(ms: int | None) -> str | None:
    return None if ms is None else instant(datetime.fromtimestamp(ms / 1000, UTC))


def case_body(case: Case, now: datetime) -> Body:
    """A case without anybody's name. `clock`: how its worst running clock stands; `due`: the day it comes back."""
    return {
        "case_id": case.case_id,
        "hotel_id": case.hotel_id,
        "kind": case.kind.value,
        "status": case.status.value,
        "lead": case.lead_status.value if case.lead_status else None,
        "lost_reason": case.lost_reason,
        "channel": case.channel,
        "priority": PriorityLevel(case.priority).name.lower(),
        "assignee": case.assignee,
        "tags": list(case.tags),
        "language": case.language or None,
        "guest_id": case.guest_id,
        "opened_at": instant(case.opened_at),
        "opened_by": case.opened_by,
        "last_at": instant(case.last_at),
        "clock": clock_of(case, now).value,
        "due_at": instant(case.due_at),
        "warn_at": instant(case.warn_at),
        "waiting_since": instant(case.waiting_since),
        "due": day(case.due_on),
        "resolved_at": instant(case.resolved_at),
    }


def clock_of(case: Case, now: datetime) -> ClockState:
    """How a case stands: its worst running clock, a call-back that is due counting as late."""
    if case.status is CaseStatus.RESOLVED:
        return ClockState.IDLE
    for at, state in (
        (case.escalate_at, ClockState.ESCALATED),
        (case.due_at, ClockState.BREACHED),
        (case.warn_at, ClockState.WARNING),
    ):
        if at is not None and at <= now:
            return state
    if case.due_at is not None:
        return ClockState.RUNNING
    return ClockState.PAUSED if case.status is CaseStatus.WAITING else ClockState.IDLE


def clocks_body(case: Case, now: datetime) -> Body:
    """Each clock with its instants and how it stands now; None for one that never ran."""
    kept, now_ms = kept_clocks(case.clocks), in_ms(now)
    shown: Body = dict.fromkeys(NAMES)
    for name, one in kept.named():
        shown[name] = {
            "state": one.state(now_ms).value,
            "started_at": _at(one.started),
            "target_s": one.target_s,
            "due_at": _at(one.due),
            "warn_at": _at(one.warn),
            "escalate_at": _at(one.escalate),
            "stopped_at": _at(one.stopped),
            "wall_s": sum((now_ms if end is None else end) - start for start, end in one.ran) / 1000,
        }
    return {
        **shown,
        "waits": kept.next_waits,
        "late_waits": kept.next_late,
        "reopens": kept.reopens,
        "call_back_until": _at(kept.call_back_until),
    }


def whole_case_body(tx: ReadTx, actor: Actor, case: Case, now: datetime) -> Body:
    """A case with everything that happened in it."""
    rows = in_order(tx.messages_of(case.case_id))
    cases = {case.case_id, *(row.home_case for row in rows)}
    events = sorted(events_of(tx, cases), key=lambda one: (one.at, one.case_id, one.line))
    reservations = [one for one_id in sorted(cases) for one in tx.list_reservations(case_id=one_id, limit=50)]
    return {
        **case_body(case, now),
        "subject": case.subject or None,
        "guest": guest_body(tx.get_guest(case.guest_id), actor) if case.guest_id else None,  # type: ignore[arg-type]
        "clocks": clocks_body(case, now),
        "why": _reasons(rows),
        "contacts": [contact_body(row) for row in rows],
        "outgoing": [outgoing_body(one, actor) for one_id in sorted(cases) for one in tx.outgoing_of_case(one_id)],
        "events": [_event(one) for one in events],
        "reservations": [
            {"reservation_id": one.reservation_id, "status": one.state.value, "expires_at": instant(one.expires_at)}
            for one in reservations
        ],
    }


def contact_body(row: StoredMessage) -> Body:
    """One contact as the desk shows it."""
    return {
        "message_id": row.message_id,
        "at": instant(row.at),
        "channel": row.channel.value,
        "what": event_of(row).value,
        "sender": row.sender.value,
        "actor": row.actor,
        "text": row.text,
        "wants": _wants(row),
    }


def _wants(row: StoredMessage) -> Body | None:
    """Days and party of a lead, and where it was found; None for what is no lead or says nothing of it."""
    wish = wish_in(row.document)
    if event_of(row) is not ContactEvent.LEAD or wish == LeadWish():
        return None
    return {
        "check_in": day(wish.check_in),
        "nights": wish.nights,
        "adults": wish.adults,
        "child_ages": list(wish.child_ages),
        "source": wish.source or None,
    }


def _reasons(rows: Sequence[StoredMessage]) -> list[Body]:
    found: dict[tuple[str, str], Body] = {}
    for row in rows:
        told = row.document.get("reasons")
        for gives, rule, words in told if isinstance(told, list | tuple) else ():
            found.setdefault((gives, rule), {"gives": gives, "rule": rule, "words": words, "at": instant(row.at)})
    return list(found.values())


def _event(one: CaseEvent) -> Body:
    return {"at": instant(one.at), "kind": one.kind, "actor": one.actor, "detail": dict(one.document)}
