"""Records that only the integration keeps: intents, stored answers, audit, users, rates of other sellers, tasks.

An **Intent** is written before the PMS is called and says what we are about to do, so that a process that dies in
between leaves a trace to follow. Its states: `sent` (a call is or may be under way), `done`, `refused` (final no),
`open` (the call never left; the same key may continue) and `unknown` (may have happened; only evidence may settle it).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from domain.access import Role
from domain.money import Money

IntentId = NewType("IntentId", str)


class IntentKind(StrEnum):
    """Kinds of write to the PMS, each with its own evidence; LOCAL is a write whose outcome is in our own store.

    A LOCAL intent names no reservation: it never makes one busy, and no sweep takes it up.
    """

    CREATE_BOOKING = "create_booking"
    CREATE_PROFILE = "create_profile"
    UPDATE_PROFILE = "update_profile"
    CHANGE_BOOKING = "change_booking"
    CONFIRM_BOOKING = "confirm_booking"
    EXTEND_BOOKING = "extend_booking"
    CANCEL_BOOKING = "cancel_booking"
    LAPSE_BOOKING = "lapse_booking"
    REINSTATE_BOOKING = "reinstate_booking"
    ROLLBACK = "rollback"
    DEPOSIT = "deposit"
    COMMENT = "comment"
    CALL_LOG = "call_log"
    TURNAWAY = "turnaway"
    LOCAL = "local"


class IntentState(StrEnum):
    """Where an intent stands."""

    OPEN = "open"
    SENT = "sent"
    DONE = "done"
    REFUSED = "refused"
    UNKNOWN = "unknown"


UNSETTLED = frozenset({IntentState.OPEN, IntentState.SENT, IntentState.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Intent:
    """What we are about to ask of the PMS. `command`: canonical JSON text; `deadline`: until when a caller waits, or,
    once it is settled, when the watch (`watch_until`) looks next.

    `batch_id`: the import or run it belongs to; `prepared`: JSON text of what was decided before it was sent (a priced
    choice), so that whoever takes it over decides the same.
    """

    intent_id: IntentId
    kind: IntentKind
    state: IntentState
    hotel_id: str
    actor: str
    request_key: str
    fingerprint: str
    external_ref: str
    command: str
    created_at: datetime
    deadline: datetime
    sent_at: datetime | None = None
    settled_at: datetime | None = None
    watch_until: datetime | None = None
    reservation_id: str | None = None
    guest_id: str | None = None
    pms_ref: str | None = None
    attempts: int = 0
    note: str = ""
    batch_id: str | None = None
    prepared: str | None = None


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """The final answer to a request key.

    `body`: JSON text; replayed for 24 h (`until`), the key stays taken for life.
    """

    hotel_id: str
    actor: str
    request_key: str
    fingerprint: str
    created_at: datetime
    until: datetime
    intent_id: IntentId | None
    error_code: str | None
    body: str | None


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what to which ids.

    `fields`: names of fields touched; `digests`: per-subject keyed digests; never clear data.
    """

    at: datetime
    actor: str
    role: str
    via: str
    action: str
    ids: Mapping[str, str]
    fields: tuple[str, ...] = ()
    digests: Mapping[str, str] | None = None
    reason: str = ""


class AuditFault(StrEnum):
    """What can be wrong with the audit. Of a row: altered, unsealed, moved (carries another row's number), missing,
    extra (added behind the head's back), cut (head or checkpoints know of more), checkpoint_differs (a checkpoint saw
    another row here). Of the whole: head, checkpoints."""

    ALTERED = "altered"
    UNSEALED = "unsealed"
    MOVED = "moved"
    MISSING = "missing"
    EXTRA = "extra"
    CUT = "cut"
    CHECKPOINT_DIFFERS = "checkpoint_differs"
    HEAD_MISSING = "head_missing"
    HEAD_FORGED = "head_forged"
    CHECKPOINT_FORGED = "checkpoint_forged"
    CHECKPOINTS_MISSING = "checkpoints_missing"


_OF_THE_WHOLE = frozenset(
    {
        AuditFault.HEAD_MISSING,
        AuditFault.HEAD_FORGED,
        AuditFault.CHECKPOINT_FORGED,
        AuditFault.CHECKPOINTS_MISSING,
    }
)


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """`seq`: number of the row; the file's line for a forged checkpoint; 0 for head and missing checkpoints."""

    seq: int
    fault: AuditFault


@dataclass(frozen=True, slots=True)
class AuditRestore:
    """A backup was restored: its last row was `seq`, of instant `at` (ms); `lost`: rows known to have been after it."""

    seq: int
    at: int
    lost: int


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What a verification found. `sealed`: rows from before the chain, sealed at the upgrade."""

    rows: int
    head: int
    sealed: int
    checkpoints: int
    last_checkpoint: int
    restores: tuple[AuditRestore, ...]
    findings: tuple[AuditFinding, ...]

    @property
    def first_bad(self) -> int | None:
        """The first bad row; None when no row is to blame."""
        return min((one.seq for one in self.findings if one.fault not in _OF_THE_WHOLE), default=None)


@dataclass(frozen=True, slots=True)
class User:
    """Somebody with a token for the service."""

    name: str
    role: Role
    created_at: datetime
    revoked_at: datetime | None = None
    token_count: int = 0


@dataclass(frozen=True, slots=True)
class OtherSellerRate:
    """A price somebody else asks for our room; house-only: it never reaches a guest."""

    hotel_id: str
    seller: str
    stay_on: date
    room_type: str
    board: str
    price: Money
    seen_on: date


class TaskKind(StrEnum):
    """Work that only a person can do."""

    REFUND = "refund"
    FRONT_DESK = "front_desk"
    CHECK_BOOKING = "check_booking"
    DEPOSIT_UNKNOWN = "deposit_unknown"
    WAITLIST = "waitlist"
    GROUP = "group"
    CORRECTION_MESSAGE = "correction_message"
    MESSAGE_UNKNOWN = "message_unknown"
    MESSAGE_FAILED = "message_failed"
    PAYMENT_CHECK = "payment_check"
    MESSAGE_UNDELIVERABLE = "message_undeliverable"
    MESSAGE_HELD = "message_held"


@dataclass(frozen=True, slots=True)
class Task:
    """A line on the board; `detail` is codes and amounts; `done_by`, `decision` and `note` say how it ended."""

    task_id: str
    kind: TaskKind
    hotel_id: str
    created_at: datetime
    ids: Mapping[str, str]
    detail: str
    done_at: datetime | None = None
    done_by: str | None = None
    decision: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A note on an offer, reservation or guest; `text` is what was typed."""

    at: datetime
    actor: str
    text: str
