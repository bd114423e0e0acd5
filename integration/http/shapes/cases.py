"""Shapes of cases, leads and handoffs."""

from integration.http.shapes.kinds import Day, Instant, Shape
from integration.http.shapes.messages import Sending
from integration.http.shapes.people import Guest


class Case(Shape):
    """A case without its guest's name; `lead` null for a support case. `clock`: how its worst running clock stands;
    `due`: the day it comes back; `waiting_since`: since when the guest has waited for an answer.
    """

    case_id: str
    hotel_id: str
    kind: str
    status: str
    lead: str | None
    lost_reason: str | None
    channel: str
    priority: str
    assignee: str | None
    tags: list[str]
    language: str | None
    guest_id: str | None
    opened_at: Instant
    opened_by: str
    last_at: Instant | None
    clock: str
    due_at: Instant | None
    warn_at: Instant | None
    waiting_since: Instant | None
    due: Day | None
    resolved_at: Instant | None


class CaseLine(Case):
    """A case of a list; `assignee_presence`: whether whose it is is at the desk, null when it is nobody's."""

    assignee_presence: str | None


class Cases(Shape):
    """Cases; `next`: what to go on behind."""

    cases: list[CaseLine]
    next: str | None


class LeadClosed(Case):
    """A case whose lead is won (by `reservation_id`) or lost; `in_pms`: whether the PMS has the note."""

    reservation_id: str | None
    in_pms: bool


class CaseClock(Shape):
    """One clock: instants, the target in seconds of open time, and how long it has run by the wall clock."""

    state: str
    started_at: Instant
    target_s: float
    due_at: Instant | None
    warn_at: Instant | None
    escalate_at: Instant | None
    stopped_at: Instant | None
    wall_s: float


class CaseClocks(Shape):
    """The three clocks, null where one never ran; `waits`: answers after the first, `late_waits` of them late."""

    first_response: CaseClock | None
    next_response: CaseClock | None
    resolution: CaseClock | None
    waits: int
    late_waits: int
    reopens: int
    call_back_until: Instant | None


class CaseReason(Shape):
    """Why a tag or signal was given: the rule, and the words that met it."""

    gives: str
    rule: str
    words: str
    at: Instant


class LeadWish(Shape):
    """What a lead wants, as far as it is known, and where it was found."""

    check_in: Day | None
    nights: int | None
    adults: int | None
    child_ages: list[int]
    source: str | None


class Contact(Shape):
    """One contact of a case; `wants`: of a lead that said something of it."""

    message_id: str
    at: Instant
    channel: str
    what: str
    sender: str
    actor: str | None
    text: str
    wants: LeadWish | None


class CaseEvent(Shape):
    """Something that was done to a case."""

    at: Instant
    kind: str
    actor: str
    detail: dict[str, str]


class CaseReservation(Shape):
    """A reservation of the case."""

    reservation_id: str
    status: str
    expires_at: Instant | None


class HandoffPacket(Shape):
    """What the next person must know; `promised`: reservations that stand, and a call-back."""

    guest: Guest | None
    asked: str
    language: str | None
    offers: list[str]
    promised: list[str]
    turns: int
    signals: list[str]


class HandoffStep(Shape):
    """One step of a handoff's life."""

    at: Instant
    state: str
    actor: str
    reason: str | None


class Handoff(Shape):
    """A handoff; `due_at`: of the call-back, while it is one."""

    handoff_id: str
    case_id: str
    hotel_id: str
    trigger: str
    state: str
    from_channel: str
    to_channel: str
    from_actor: str | None
    to_actor: str | None
    triggered_at: Instant
    changed_at: Instant
    due_at: Instant | None
    packet: HandoffPacket
    history: list[HandoffStep]


class Handoffs(Shape):
    """Handoffs, newest first."""

    handoffs: list[Handoff]


class WholeCase(Case):
    """A case with everything that happened in it."""

    subject: str | None
    guest: Guest | None
    clocks: CaseClocks
    why: list[CaseReason]
    contacts: list[Contact]
    outgoing: list[Sending]
    events: list[CaseEvent]
    reservations: list[CaseReservation]
    handoffs: list[Handoff]


class ClockRow(Shape):
    """Open cases of a hotel and channel; `oldest_wait_s`: seconds of the guest who has waited longest."""

    hotel_id: str
    channel: str
    open: int
    waiting: int
    warning: int
    breaching: int
    escalated: int
    oldest_wait_s: float | None


class ClockView(Shape):
    """All running clocks at once."""

    as_of: Instant
    rows: list[ClockRow]
