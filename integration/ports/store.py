"""Our own memory. A transaction is a plain function: `await store.transact(work)` with `work(tx) -> T`.

No `await` fits inside, so no transaction is ever open across a PMS call. `transact` writes (serialised in one process;
serialisable in effect), `read` only reads and may run beside a writer. Both raise StoreUnavailable when the store
fails; a domain error raised by `work` rolls back and passes through. There is no second count of rooms in here: stock
is the PMS's.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Protocol, TypeVar

from domain.case import Call, CallId, Case, CaseId
from domain.guest import ChannelIdentity, GuestId, GuestProfile
from domain.offer import Offer, OfferId
from domain.reservation import HistoryLine, Reservation, ReservationId, ReservationState
from domain.stay import StayDates
from integration.ports.batches import BatchReads, BatchWrites
from integration.ports.codes import CodeReads, CodeWrites
from integration.ports.comparisons import ComparisonReads, ComparisonWrites
from integration.ports.kpi import KpiReads, KpiWrites
from integration.ports.queue import QueueReads, QueueWrites
from integration.ports.records import (
    AuditEntry,
    AuditReport,
    Intent,
    IntentId,
    IntentState,
    Note,
    OtherSellerRate,
    StoredAnswer,
    Task,
    User,
)
from integration.ports.rollbacks import RollbackReads, RollbackWrites

T = TypeVar("T")


class AuditCheck(Protocol):
    """A verification of the audit under way."""

    is_done: bool

    def report(self) -> AuditReport:
        """What was found so far."""
        ...


class ReadTx(BatchReads, RollbackReads, ComparisonReads, QueueReads, CodeReads, KpiReads, Protocol):
    """What can be read. A `get_*` of something unknown returns None."""

    def get_offer(self, offer_id: OfferId) -> Offer | None: ...
    def list_offers(self, hotel_id: str | None, call_id: CallId | None, limit: int) -> list[Offer]:
        """Newest first."""
        ...

    def list_notes(self, subject: str) -> list[Note]:
        """Notes on an offer, reservation or guest id, oldest first."""
        ...

    def get_reservation(self, reservation_id: ReservationId) -> Reservation | None: ...
    def find_reservation(
        self, *, external_ref: str | None = None, pms_ref: str | None = None, hotel_id: str | None = None
    ) -> Reservation | None:
        """By our reference, or by the PMS's number, which means nothing without its hotel; None for neither."""
        ...

    def list_reservations(  # noqa: PLR0913 - one filter each
        self,
        *,
        hotel_id: str | None = None,
        states: Iterable[ReservationState] = (),
        guest_id: GuestId | None = None,
        call_id: CallId | None = None,
        case_id: CaseId | None = None,
        arrival_from: date | None = None,
        arrival_to: date | None = None,
        after: ReservationId | None = None,
        limit: int = 50,
    ) -> list[Reservation]:
        """By id, newest first; `after` continues a listing."""
        ...

    def due_reservations(self, now: datetime, limit: int) -> list[Reservation]:
        """Holds and options at or past their deadline, oldest deadline first."""
        ...

    def live_timed(self, hotel_id: str, room_type: str, stay: StayDates, now: datetime) -> list[Reservation]:
        """Live holds and options of ours on a room type that overlap a stay (for saying HELD or OPTIONED, never as
        stock)."""
        ...

    def count_live_holds(
        self, hotel_id: str, actor: str, now: datetime, *, sent_since: datetime | None = None, besides: str = ""
    ) -> int:
        """Live holds of an actor; with those on their way to the PMS `sent_since`, but not the one of key `besides`."""
        ...

    def history(self, reservation_id: ReservationId) -> list[HistoryLine]: ...
    def get_guest(self, guest_id: GuestId) -> GuestProfile | None: ...
    def find_guest(self, identity: ChannelIdentity) -> GuestProfile | None: ...
    def find_guests_by_name(self, keys: Iterable[str], limit: int) -> list[GuestProfile]: ...
    def get_call(self, call_id: CallId) -> Call | None: ...
    def open_call(self, actor: str, hotel_id: str | None) -> Call | None:
        """The actor's open call, newest first."""
        ...

    def list_calls(self, *, hotel_id: str | None, actor: str | None, open_only: bool, limit: int) -> list[Call]: ...
    def get_case(self, case_id: CaseId) -> Case | None: ...
    def get_intent(self, intent_id: IntentId) -> Intent | None: ...
    def intent_of_key(self, hotel_id: str, actor: str, request_key: str) -> Intent | None: ...
    def unsettled_intents(
        self, *, reservation_id: ReservationId | None = None, limit: int = 100, is_sent: bool = False
    ) -> list[Intent]:
        """Intents in `open`, `sent` or `unknown` that ask something of the PMS (not LOCAL), oldest first; `is_sent`:
        without those that never left (`open`)."""
        ...

    def get_answer(self, hotel_id: str, actor: str, request_key: str) -> StoredAnswer | None: ...
    def subject_key(self, subject: str) -> bytes | None:
        """The digest key of a guest; None when there is none or it was destroyed."""
        ...

    def list_users(self) -> list[User]: ...
    def user_of_token(self, token_hash: str) -> User | None:
        """The user of an active token; None for unknown and revoked ones."""
        ...

    def other_seller_rates(
        self, hotel_id: str, stay: StayDates, room_types: Iterable[str]
    ) -> list[OtherSellerRate]: ...
    def list_tasks(self, *, hotel_id: str | None, open_only: bool, limit: int) -> list[Task]: ...
    def tail_audit(self, limit: int) -> list[str]:
        """The newest audit rows as the exact canonical JSON that was stored, oldest of them first."""
        ...

    def check_audit(self, so_far: AuditCheck | None, limit: int) -> AuditCheck:
        """Verify the next `limit` rows of the audit's chain; None starts. In several reads, so that none is long."""
        ...

    def export_audit_head(self) -> tuple[int, str]:
        """The number of the last audit row, and the first line of an export: the head with its proof."""
        ...

    def export_audit(self, after: int, until: int, limit: int) -> list[str]:
        """Audit rows `after < number <= until` as lines of an export."""
        ...

    def counts(self) -> dict[str, int]:
        """Gauges: live holds, options, open calls, unsettled intents, open tasks."""
        ...


class Tx(BatchWrites, RollbackWrites, ComparisonWrites, QueueWrites, CodeWrites, KpiWrites, ReadTx, Protocol):
    """What can be written, all or nothing."""

    def add_offer(self, offer: Offer) -> None: ...
    def add_note(self, subject: str, note: Note) -> None: ...
    def set_offer_requests(self, offer_id: OfferId, requests: tuple[str, ...]) -> None: ...
    def add_reservation(self, reservation: Reservation) -> None: ...
    def update_reservation(self, reservation: Reservation, *, expected_version: int) -> bool:
        """Write it if the stored version is still `expected_version`; False when somebody else was faster."""
        ...

    def add_history(self, reservation_id: ReservationId, line: HistoryLine) -> None: ...
    def put_guest(self, guest: GuestProfile, name_keys: frozenset[str]) -> None:
        """Insert or replace a guest with identities and name keys; an identity another guest has moves over to this
        one."""
        ...

    def add_subject_key(self, subject: str, key: bytes) -> None: ...
    def add_case(self, case: Case) -> None: ...
    def update_case(self, case: Case) -> None: ...
    def add_call(self, call: Call) -> None: ...
    def update_call(self, call: Call) -> None: ...
    def add_intent(self, intent: Intent) -> bool:
        """Insert; False when (hotel, actor, request key) is taken."""
        ...

    def update_intent(self, intent: Intent, *, expected: Iterable[IntentState]) -> bool:
        """Write it if the stored state is one of `expected`; False otherwise."""
        ...

    def put_answer(self, answer: StoredAnswer) -> None: ...
    def forget_answers(self, before: datetime) -> int:
        """Drop the bodies of answers whose time is over; the keys stay taken."""
        ...

    def add_audit(self, entry: AuditEntry) -> None: ...
    def add_user(self, user: User) -> bool:
        """False when the name is taken."""
        ...

    def add_token(self, user: str, token_hash: str, created_at: datetime) -> None: ...
    def revoke_user(self, user: str, at: datetime) -> bool: ...
    def put_other_seller_rates(self, rates: Iterable[OtherSellerRate]) -> int: ...
    def add_task(self, task: Task) -> None: ...
    def finish_task(
        self, task_id: str, at: datetime, *, by: str | None = None, decision: str | None = None, note: str | None = None
    ) -> bool:
        """End a task; False when it has ended already or there is none."""
        ...

    def take_lease(self, name: str, holder: str, now: datetime, until: datetime) -> bool:
        """Take or renew a lease; False while somebody else holds it."""
        ...

    def release_lease(self, name: str, holder: str) -> None: ...


class Store(Protocol):
    """The port."""

    async def transact(self, work: Callable[[Tx], T]) -> T:
        """Run `work` in one write transaction and commit durably before returning."""
        ...

    async def read(self, work: Callable[[ReadTx], T]) -> T:
        """Run `work` on a consistent snapshot."""
        ...

    async def close(self) -> None:
        """Finish what is under way and let go."""
        ...
