"""What can be changed in a transaction; see `integration.ports.store.Tx`. Every method is one statement or a few."""

from collections.abc import Iterable
from datetime import datetime

from domain.case import Call, Case
from domain.guest import GuestProfile
from domain.offer import Offer, OfferId
from domain.reservation import HistoryLine, Reservation, ReservationId
from integration.adapters.store.access import padded
from integration.adapters.store.batch_rows import BatchWriting
from integration.adapters.store.chain import Head
from integration.adapters.store.code_rows import CodeWriting
from integration.adapters.store.comparison_rows import ComparisonWriting
from integration.adapters.store.contact_rows import call_columns, case_columns, guest_columns, history_columns
from integration.adapters.store.kpi_rows import KpiWriting
from integration.adapters.store.queue_writing import QueueWriting
from integration.adapters.store.record_rows import (
    answer_columns,
    audit_columns,
    head_columns,
    head_of,
    intent_columns,
    rate_columns,
    task_columns,
)
from integration.adapters.store.rollback_rows import RollbackWriting
from integration.adapters.store.rows import offer_columns, reservation_columns
from integration.adapters.store.scalars import texts_text, to_ms, to_ms_or_none
from integration.adapters.store.transaction import Reading
from integration.adapters.store.triggers import GAP
from integration.adapters.store.widths import STATE_WIDTH
from integration.errors import StoreUnavailable
from integration.ports.records import (
    AuditEntry,
    Intent,
    IntentState,
    Note,
    OtherSellerRate,
    StoredAnswer,
    Task,
    User,
)


def _tampered() -> StoreUnavailable:
    return StoreUnavailable(
        "The audit does not end as its head says, or the key is another one; nothing is written without a trace.",
        hint="`santral audit verify` says where.",
    )


class Writing(BatchWriting, RollbackWriting, ComparisonWriting, QueueWriting, CodeWriting, KpiWriting, Reading):
    """Reads and writes inside one write transaction."""

    __slots__ = ()

    def add_offer(self, offer: Offer) -> None:
        self._change("add_offer", offer_columns(offer))

    def add_note(self, subject: str, note: Note) -> None:
        self._change("add_note", {"parent": subject, "at": to_ms(note.at), "actor": note.actor, "text": note.text})

    def set_offer_requests(self, offer_id: OfferId, requests: tuple[str, ...]) -> None:
        """NotFound for an unknown offer."""
        self._must_change("set_offer_requests", offer_id, {"requests": texts_text(requests)})

    def add_reservation(self, reservation: Reservation) -> None:
        self._change("add_reservation", reservation_columns(reservation))

    def update_reservation(self, reservation: Reservation, *, expected_version: int) -> bool:
        """As the port says. ValueError when the version was not raised: the next writer could not see this change."""
        if reservation.version <= expected_version:
            raise ValueError(f"version {reservation.version} does not follow {expected_version}")
        columns = reservation_columns(reservation)
        columns["the_id"], columns["expected_version"] = reservation.reservation_id, expected_version
        return self._change("update_reservation", columns) == 1

    def add_history(self, reservation_id: ReservationId, line: HistoryLine) -> None:
        columns = history_columns(line)
        columns["parent"] = reservation_id
        self._change("add_history", columns)

    def put_guest(self, guest: GuestProfile, name_keys: frozenset[str]) -> None:
        guest_id = guest.guest_id
        self._change("put_guest", guest_columns(guest))
        self._change("drop_identities", {"guest_id": guest_id})
        for position, one in enumerate(guest.identities):
            row = {"kind": one.kind.value, "scope": one.scope, "value": one.value}
            self._change("put_identity", {**row, "guest_id": guest_id, "position": position})
        self._change("drop_name_keys", {"guest_id": guest_id})
        for key in sorted(name_keys):
            self._change("put_name_key", {"name_key": key, "guest_id": guest_id})

    def add_subject_key(self, subject: str, key: bytes) -> None:
        self._change("add_subject_key", {"subject": subject, "digest_key": key})

    def add_case(self, case: Case) -> None:
        self._change("add_case", case_columns(case))

    def update_case(self, case: Case) -> None:
        """NotFound for an unknown case."""
        self._must_change("update_case", case.case_id, case_columns(case))

    def add_call(self, call: Call) -> None:
        self._change("add_call", call_columns(call))

    def update_call(self, call: Call) -> None:
        """NotFound for an unknown call."""
        self._must_change("update_call", call.call_id, call_columns(call))

    def add_intent(self, intent: Intent) -> bool:
        return self._change("add_intent", intent_columns(intent)) == 1

    def update_intent(self, intent: Intent, *, expected: Iterable[IntentState]) -> bool:
        states = sorted({state.value for state in expected})
        if not states:
            return False
        columns = {**intent_columns(intent), **padded("expected", states, STATE_WIDTH), "the_id": intent.intent_id}
        return self._change("update_intent", columns) == 1

    def put_answer(self, answer: StoredAnswer) -> None:
        self._change("put_answer", answer_columns(answer))

    def forget_answers(self, before: datetime) -> int:
        return self._change("forget_answers", {"before": to_ms(before)})

    def add_audit(self, entry: AuditEntry) -> None:
        """Numbered one after the last and sealed to it, inside this transaction: no gap, no double, no branch.

        StoreUnavailable when the end of the audit is not what its head says: what comes after could prove nothing.
        """
        end, chain = self._audit_end(), self._keeper.chain
        columns = audit_columns(entry, end.seq + 1)
        mac = chain.link(end.mac, columns["body"].encode())
        columns["mac"] = mac
        try:
            self._change("add_audit", columns)
        except Exception as error:
            if GAP in str(error):
                raise _tampered() from error
            raise
        self._change("put_audit_head", head_columns(chain.head(end.seq + 1, mac, end.sealed)))
        self._keeper.unmarked += 1

    def _audit_end(self) -> Head:
        """The head, locked against other writers. That it is the end, the database sees at the insert (`GAP`)."""
        row = self._one("audit_end", {})
        if row is None:
            raise _tampered()
        end = head_of(row)
        if not self._keeper.chain.is_genuine(end):
            raise _tampered()
        return end

    def add_user(self, user: User) -> bool:
        columns = {
            "name": user.name,
            "role": user.role.value,
            "created_at": to_ms(user.created_at),
            "revoked_at": to_ms_or_none(user.revoked_at),
        }
        return self._change("add_user", columns) == 1

    def add_token(self, user: str, token_hash: str, created_at: datetime) -> None:
        columns = {"token_hash": token_hash, "user_name": user, "created_at": to_ms(created_at), "revoked_at": None}
        self._change("add_token", columns)

    def revoke_user(self, user: str, at: datetime) -> bool:
        """Revoke a user and all their tokens; False when there is no such user, or none that still may."""
        parameters = {"the_id": user, "revoked_at": to_ms(at)}
        self._change("revoke_tokens", parameters)
        return self._change("revoke_user", parameters) == 1

    def put_other_seller_rates(self, rates: Iterable[OtherSellerRate]) -> int:
        """How many rows were given; one of the same seller, night, room type and board is overwritten."""
        count = 0
        for rate in rates:
            self._change("put_other_rate", rate_columns(rate))
            count += 1
        return count

    def add_task(self, task: Task) -> None:
        self._change("add_task", task_columns(task))

    def finish_task(
        self, task_id: str, at: datetime, *, by: str | None = None, decision: str | None = None, note: str | None = None
    ) -> bool:
        how = {"done_at": to_ms(at), "done_by": by, "decision": decision, "note": note}
        return self._change("finish_task", {"the_id": task_id, **how}) == 1

    def take_lease(self, name: str, holder: str, now: datetime, until: datetime) -> bool:
        parameters = {"name": name, "holder": holder, "until": to_ms(until), "the_holder": holder, "now": to_ms(now)}
        return self._change("take_lease", parameters) == 1

    def release_lease(self, name: str, holder: str) -> None:
        self._change("release_lease", {"name": name, "holder": holder})
