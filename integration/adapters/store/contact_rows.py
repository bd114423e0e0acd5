"""Rows of people and contacts: history, notes, guests, cases, calls."""

from collections.abc import Iterable

import msgspec

from domain.case import Call, CallOutcome, Case, CaseKind, CaseStatus, Direction, LeadStatus
from domain.guest import ChannelIdentity, GuestProfile, IdentityKind
from domain.presence import Presence, PresenceState
from domain.reservation import HistoryLine, ReservationState
from integration.adapters.store.rows import Columns, Row
from integration.adapters.store.scalars import (
    code,
    from_day,
    from_ms,
    from_ms_or_none,
    json_text,
    texts,
    texts_text,
    to_day,
    to_ms,
    to_ms_or_none,
)
from integration.ports.records import Note

_pairs = msgspec.json.Decoder(tuple[tuple[str, str], ...]).decode


def _state(value: str | None) -> ReservationState | None:
    return None if value is None else ReservationState(value)


def history_columns(line: HistoryLine) -> Columns:
    """A line of a reservation's history."""
    return {
        "at": to_ms(line.at),
        "actor": line.actor,
        "action": line.action,
        "from_state": code(line.from_state),
        "to_state": code(line.to_state),
        "detail": json_text(line.detail) if line.detail else "[]",
    }


def history_of(row: Row) -> HistoryLine:
    """The history line of a row."""
    at, actor, action, from_state, to_state, detail = row
    return HistoryLine(from_ms(at), actor, action, _state(from_state), _state(to_state), _pairs(detail))


def note_of(row: Row) -> Note:
    """The note of a row."""
    at, actor, text = row
    return Note(from_ms(at), actor, text)


def guest_columns(guest: GuestProfile) -> Columns:
    """A guest without identities and name keys."""
    return {
        "guest_id": guest.guest_id,
        "given_name": guest.given_name,
        "surname": guest.surname,
        "language": guest.language,
        "nationality": guest.nationality,
        "is_vip": guest.is_vip,
        "created_at": to_ms(guest.created_at),
    }


def guest_of(row: Row, identities: Iterable[Row]) -> GuestProfile:
    """The guest of a row and of the rows of their identities (kind, value, scope)."""
    guest_id, given_name, surname, language, nationality, is_vip, created_at = row
    known = tuple(ChannelIdentity(IdentityKind(kind), value, scope) for kind, value, scope in identities)
    return GuestProfile(guest_id, given_name, surname, language, nationality, known, from_ms(created_at), bool(is_vip))


def case_columns(case: Case) -> Columns:
    """A case as it is stored."""
    return {
        "case_id": case.case_id,
        "hotel_id": case.hotel_id,
        "kind": case.kind.value,
        "status": case.status.value,
        "channel": case.channel,
        "opened_at": to_ms(case.opened_at),
        "opened_by": case.opened_by,
        "guest_id": case.guest_id,
        "lead_status": code(case.lead_status),
        "lost_reason": case.lost_reason,
        "due_on": to_day(case.due_on),
        "priority": case.priority,
        "assignee": case.assignee,
        "tags": texts_text(case.tags),
        "language": case.language,
        "subject": case.subject,
        "last_at": to_ms_or_none(case.last_at),
        "due_at": to_ms_or_none(case.due_at),
        "warn_at": to_ms_or_none(case.warn_at),
        "resolved_at": to_ms_or_none(case.resolved_at),
        "clocks": case.clocks,
        "version": case.version,
        "joined_into": case.joined_into,
        "escalate_at": to_ms_or_none(case.escalate_at),
        "waiting_since": to_ms_or_none(case.waiting_since),
    }


def case_of(row: Row) -> Case:
    """The case of a row; what a row from before the one queue lacks is empty."""
    case_id, hotel_id, kind, status, channel, opened_at, opened_by, guest_id, lead, lost_reason, due_on, *rest = row
    priority, assignee, tags, language, subject, last_at, due_at, warn_at, resolved_at, clocks, version, *last = rest
    joined, escalate_at, waiting_since = last
    return Case(
        case_id=case_id,
        hotel_id=hotel_id,
        kind=CaseKind(kind),
        status=CaseStatus(status),
        channel=channel,
        opened_at=from_ms(opened_at),
        opened_by=opened_by,
        guest_id=guest_id,
        lead_status=None if lead is None else LeadStatus(lead),
        lost_reason=lost_reason,
        due_on=from_day(due_on),
        priority=priority or 0,
        assignee=assignee,
        tags=texts(tags) if tags else (),
        language=language or "",
        subject=subject or "",
        last_at=from_ms_or_none(last_at),
        due_at=from_ms_or_none(due_at),
        warn_at=from_ms_or_none(warn_at),
        resolved_at=from_ms_or_none(resolved_at),
        clocks=clocks or "",
        version=version or 1,
        joined_into=joined,
        escalate_at=from_ms_or_none(escalate_at),
        waiting_since=from_ms_or_none(waiting_since),
    )


def call_columns(call: Call) -> Columns:
    """A call as it is stored."""
    return {
        "call_id": call.call_id,
        "case_id": call.case_id,
        "hotel_id": call.hotel_id,
        "direction": call.direction.value,
        "actor": call.actor,
        "started_at": to_ms(call.started_at),
        "phone": call.phone,
        "guest_id": call.guest_id,
        "ended_at": to_ms_or_none(call.ended_at),
        "outcome": code(call.outcome),
        "lost_reason": call.lost_reason,
        "due_on": to_day(call.due_on),
    }


def call_of(row: Row) -> Call:
    """The call of a row."""
    call_id, case_id, hotel_id, direction, actor, started_at, phone, guest_id, ended_at, outcome, lost, due_on = row
    return Call(
        call_id=call_id,
        case_id=case_id,
        hotel_id=hotel_id,
        direction=Direction(direction),
        actor=actor,
        started_at=from_ms(started_at),
        phone=phone,
        guest_id=guest_id,
        ended_at=from_ms_or_none(ended_at),
        outcome=None if outcome is None else CallOutcome(outcome),
        lost_reason=lost,
        due_on=from_day(due_on),
    )


def presence_columns(presence: Presence) -> Columns:
    """Who is at the desk, as it is stored."""
    return {
        "user_name": presence.name,
        "state": presence.state.value,
        "since": to_ms(presence.since),
        "until": to_ms(presence.until),
        "languages": texts_text(presence.languages),
    }


def presence_of(row: Row) -> Presence:
    """The presence of a row."""
    name, state, since, until, languages = row
    return Presence(name, PresenceState(state), from_ms(since), from_ms(until), texts(languages))
