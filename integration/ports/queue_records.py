"""The one queue's records.

A **StoredDelivery** is a body as it came, waiting to be taken in; an **InboxRow** says that one arrival has had its
effect, and makes a second one impossible. A **GuestMerge** is an edge from one guest file to another that can be undone
without loss; a **Suggestion** is weak evidence for one. **Outgoing** is a message on its way out: `unknown` when the
provider may have taken it, which is never sent again blindly. The fields stand in the order of their table's columns.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from domain.case import CaseId, CaseStatus
from domain.contact import Channel, MessageId, Sender, Vouching
from domain.guest import GuestId, IdentityKind
from integration.ports.channels import ArrivalKind


class DeliveryState(StrEnum):
    """`pending` until taken in; `unreadable`: proven, but not to be read (IT looks at it)."""

    PENDING = "pending"
    DONE = "done"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class StoredDelivery:
    """`wire`: the configured endpoint it came to; `envelope`: headers, URL and method that reading needs."""

    delivery_id: str
    channel: Channel
    wire: str
    state: DeliveryState
    received_at: datetime
    envelope: Mapping[str, str]
    body: bytes
    tries: int = 0
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One arrival that has had its effect; unique by (channel, account, provider_id)."""

    channel: Channel
    account: str
    provider_id: str
    delivery_id: str
    kind: ArrivalKind
    at: datetime
    case_id: CaseId | None = None
    message_id: MessageId | None = None


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A message with its place: `home_case` is where it belonged before cases were joined, `guest_id` the guest file
    (not the root) its identity pointed to; `document`: attachments, subject and what else is only shown."""

    message_id: MessageId
    case_id: CaseId
    home_case: CaseId
    channel: Channel
    account: str
    sender: Sender
    at: datetime
    received_at: datetime
    text: str
    provider_id: str | None = None
    actor: str | None = None
    guest_id: GuestId | None = None
    handle_kind: IdentityKind | None = None
    handle_scope: str | None = None
    handle_value: str | None = None
    thread: str | None = None
    reply_to: str | None = None
    document: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """Something that happened to a case: a clock's event, a tag set by hand, an assignment, a handoff, a join."""

    case_id: CaseId
    line: int
    at: datetime
    kind: str
    actor: str
    document: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoredHandoff:
    """A handoff; `trigger` and `state` are the domain's words, `packet` what the next person must know; `history`:
    instant, state, actor and reason of each step."""

    handoff_id: str
    case_id: CaseId
    hotel_id: str
    trigger: str
    state: str
    from_channel: Channel
    to_channel: Channel
    from_actor: str | None
    to_actor: str | None
    triggered_at: datetime
    changed_at: datetime
    due_at: datetime | None
    packet: Mapping[str, object]
    history: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class IdentityFact:
    """Who vouches for an identity, and when it was seen."""

    kind: IdentityKind
    scope: str
    value: str
    vouching: Vouching
    first_seen: datetime
    last_seen: datetime


@dataclass(frozen=True, slots=True)
class GuestMerge:
    """`loser`'s file belongs to `winner`'s person, for this reason, until undone."""

    merge_id: str
    winner: GuestId
    loser: GuestId
    rule: str
    evidence: str
    actor: str
    at: datetime
    undone_at: datetime | None = None
    undone_by: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Weak evidence that two guest files are one person; `state`: open, accepted or dismissed. `one` < `other`."""

    one: GuestId
    other: GuestId
    rule: str
    evidence: str
    at: datetime
    state: str = "open"
    decided_by: str | None = None


class OutgoingState(StrEnum):
    """`queued`, `sending` (a call may be under way), `accepted` by the provider, then `delivered`, `read`; `failed` for
    good; `unknown`: it may have been taken; `held`: may not leave (no consent, a closed window, no way out);
    `undeliverable`: the provider took it, and says that it did not arrive."""

    QUEUED = "queued"
    SENDING = "sending"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    UNKNOWN = "unknown"
    HELD = "held"
    UNDELIVERABLE = "undeliverable"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message on its way out. `kind`: transactional or commercial; `purpose`: reply, offer, summary, payment_link,
    correction; the outbox id goes to the provider as correlation. `due_at`: when it is to be sent; of one that was
    taken, when its report is asked for; of a held one, when its reason is looked at again."""

    outbox_id: str
    hotel_id: str
    channel: Channel
    kind: str
    purpose: str
    state: OutgoingState
    case_id: CaseId | None
    message_id: MessageId | None
    guest_id: GuestId | None
    handle_kind: IdentityKind
    handle_scope: str
    handle_value: str
    actor: str
    request_key: str
    created_at: datetime
    due_at: datetime
    changed_at: datetime
    attempts: int = 0
    provider_id: str | None = None
    document: Mapping[str, object] = field(default_factory=dict)
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class OutgoingWish:
    """Which messages to list; None = any."""

    hotel_id: str | None = None
    state: OutgoingState | None = None
    case_id: str | None = None
    channel: Channel | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Consent:
    """What a person allowed or withdrew for a purpose on an identity; the newest row counts."""

    handle_kind: IdentityKind
    handle_scope: str
    handle_value: str
    purpose: str
    at: datetime
    state: str
    source: str
    actor: str
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """Which version of the notice was shown in a case on a channel."""

    case_id: CaseId
    channel: Channel
    version: str
    language: str
    shown_at: datetime
    message_id: MessageId | None = None


@dataclass(frozen=True, slots=True)
class ChannelSetting:
    """A hotel's settings of a channel, in versions; the newest whose `effective_from` has come counts."""

    hotel_id: str
    channel: Channel
    version: int
    effective_from: datetime
    set_by: str
    set_at: datetime
    document: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class CaseWish:
    """Which cases to list; None = any. `breaching_by`: open ones with a clock due by that instant; `warning_by`: those
    to be warned of by then; `due_by`: open ones that come back (a call-back, a follow-up) by that day; `is_open`: not
    resolved."""

    hotel_id: str | None = None
    status: CaseStatus | None = None
    kind: str | None = None
    lead_status: str | None = None
    channel: Channel | None = None
    assignee: str | None = None
    guest_id: GuestId | None = None
    tag: str | None = None
    breaching_by: datetime | None = None
    after: CaseId | None = None
    warning_by: datetime | None = None
    due_by: date | None = None
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class WarnedCase:
    """An open case that is to be warned of; `clocks`: as in the case."""

    case_id: CaseId
    hotel_id: str
    clocks: str


@dataclass(frozen=True, slots=True)
class OpenCases:
    """How many cases of a hotel and channel are not resolved, and of them wait for the guest, are soon late, late (the
    escalated among them), escalated; `waiting_since`: of the guest who has waited longest for an answer."""

    hotel_id: str
    channel: str
    open: int
    waiting: int
    warning: int
    breaching: int
    escalated: int
    waiting_since: datetime | None
