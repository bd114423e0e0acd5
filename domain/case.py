"""The work item: a Case holds every contact of one request, whatever the channel; a Call is one of its contacts.

A **sales** case has exactly one **Lead** (open, in_progress, won, lost); a **support** case has none and ends
resolved. For now a call creates the case; other channels join later. A call always ends with an outcome: sold, not
sold (and why), to be followed up (and when), service, or abandoned.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from domain.errors import CallClosed, OutcomeMissing, Refused

CaseId = NewType("CaseId", str)
CallId = NewType("CallId", str)


class CaseKind(StrEnum):
    """Sales has a lead, support has none."""

    SALES = "sales"
    SUPPORT = "support"


class CaseStatus(StrEnum):
    """Open until the work is done; waiting while the guest must answer."""

    OPEN = "open"
    WAITING = "waiting"
    RESOLVED = "resolved"


class LeadStatus(StrEnum):
    """Exactly four."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    WON = "won"
    LOST = "lost"


LEAD_MOVES: dict[LeadStatus, frozenset[LeadStatus]] = {
    LeadStatus.OPEN: frozenset({LeadStatus.IN_PROGRESS, LeadStatus.WON, LeadStatus.LOST}),
    LeadStatus.IN_PROGRESS: frozenset({LeadStatus.WON, LeadStatus.LOST}),
    LeadStatus.WON: frozenset({LeadStatus.IN_PROGRESS}),
    LeadStatus.LOST: frozenset({LeadStatus.IN_PROGRESS, LeadStatus.WON}),
}


@dataclass(frozen=True, slots=True)
class Case:
    """One request of one guest, across channels. `lead_status` is None exactly for support cases; `lost_reason` only
    when lost.

    `channel`: where it began; `last_at`: its latest contact; `due_at`: when the first of its running clocks breaches,
    `warn_at`: when to warn of it, `escalate_at`: when the first of them is to be escalated; `waiting_since`: since when
    the guest waits for an answer; `clocks`: the state of the clocks as JSON text, for showing;
    `joined_into`: the case that this one turned out to be a part of, which stands in its place.
    """

    case_id: CaseId
    hotel_id: str
    kind: CaseKind
    status: CaseStatus
    channel: str
    opened_at: datetime
    opened_by: str
    guest_id: str | None = None
    lead_status: LeadStatus | None = None
    lost_reason: str | None = None
    due_on: date | None = None
    priority: int = 0
    assignee: str | None = None
    tags: tuple[str, ...] = ()
    language: str = ""
    subject: str = ""
    last_at: datetime | None = None
    due_at: datetime | None = None
    warn_at: datetime | None = None
    resolved_at: datetime | None = None
    clocks: str = ""
    version: int = 1
    joined_into: CaseId | None = None
    escalate_at: datetime | None = None
    waiting_since: datetime | None = None

    def __post_init__(self) -> None:
        """Hold the invariant: a sales case has a lead, a support case has none; lost has a reason."""
        if (self.kind is CaseKind.SALES) != (self.lead_status is not None):
            raise Refused("A sales case has exactly one lead, a support case none.")
        if (self.lead_status is LeadStatus.LOST) != (self.lost_reason is not None):
            raise OutcomeMissing("A lost lead needs a reason.", field="lost_reason")


class Direction(StrEnum):
    """Who rang."""

    IN = "in"
    OUT = "out"


class CallOutcome(StrEnum):
    """How a call ended."""

    SOLD = "sold"
    NOT_SOLD = "not_sold"
    FOLLOW_UP = "follow_up"
    SERVICE = "service"
    ABANDONED = "abandoned"


@dataclass(frozen=True, slots=True)
class Call:
    """One telephone contact. `phone` is E.164 or None when withheld."""

    call_id: CallId
    case_id: CaseId
    hotel_id: str
    direction: Direction
    actor: str
    started_at: datetime
    phone: str | None = None
    guest_id: str | None = None
    ended_at: datetime | None = None
    outcome: CallOutcome | None = None
    lost_reason: str | None = None
    due_on: date | None = None

    @property
    def is_open(self) -> bool:
        """Whether the guest is still on the line."""
        return self.ended_at is None


@dataclass(frozen=True, slots=True)
class CallEnd:
    """What an agent must say to end a call."""

    outcome: CallOutcome
    lost_reason: str | None = None
    due_on: date | None = None

    def __post_init__(self) -> None:
        """Refuse a lost call without a reason and a follow-up without a day."""
        if self.outcome is CallOutcome.NOT_SOLD and not self.lost_reason:
            raise OutcomeMissing("A call that did not sell needs a lost reason.", field="lost_reason")
        if self.outcome is not CallOutcome.NOT_SOLD and self.lost_reason:
            raise OutcomeMissing("Only a call that did not sell has a lost reason.", field="lost_reason")
        if self.outcome is CallOutcome.FOLLOW_UP and self.due_on is None:
            raise OutcomeMissing("A call to be followed up needs a day.", field="due")


def check_call_open(call: Call) -> None:
    """Refuse to end a call twice."""
    if not call.is_open:
        raise CallClosed("Call {call_id} has ended; its result stands.", call_id=call.call_id)


_LEAD_AFTER = {
    CallOutcome.SOLD: LeadStatus.WON,
    CallOutcome.NOT_SOLD: LeadStatus.LOST,
    CallOutcome.FOLLOW_UP: LeadStatus.IN_PROGRESS,
}


def lead_after(end: CallEnd, before: LeadStatus | None, *, has_reservation: bool) -> LeadStatus | None:
    """The lead's status once a call ends; OutcomeMissing when `sold` has no reservation to show.

    A move the table of leads does not have is not made: a call that sold nothing does not lose a lead that is won.
    """
    if end.outcome is CallOutcome.SOLD and not has_reservation:
        raise OutcomeMissing("A call can end as sold only with a reservation.", field="outcome")
    if before is None:
        return None
    after = _LEAD_AFTER.get(end.outcome, before)
    return after if after in LEAD_MOVES[before] else before
