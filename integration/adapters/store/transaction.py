"""The port's transactions over a driver's connection: `Reading` looks, `Writing` also changes.

Neither begins, commits nor rolls back: the store that made the connection does. The SQL is compiled text with named
parameters, so the same two classes serve sqlite3 and psycopg; only the text differs. Batches, rollbacks and comparisons
have their methods in files of their own.
"""

from collections.abc import Iterable
from datetime import date, datetime

from domain.case import Call, CallId, Case, CaseId
from domain.guest import ChannelIdentity, GuestId, GuestProfile
from domain.offer import Offer, OfferId
from domain.reservation import HistoryLine, Reservation, ReservationId, ReservationState
from domain.stay import StayDates
from integration.adapters.store.access import Access, padded
from integration.adapters.store.audit_export import head_text, row_text
from integration.adapters.store.audit_walk import MOST_FINDINGS, AuditRow, Walk
from integration.adapters.store.batch_rows import BatchReading
from integration.adapters.store.chain import Head
from integration.adapters.store.checkpoints import Marks
from integration.adapters.store.code_rows import CodeReading
from integration.adapters.store.comparison_rows import ComparisonReading
from integration.adapters.store.contact_rows import call_of, case_of, guest_of, history_of, note_of
from integration.adapters.store.kpi_rows import KpiReading
from integration.adapters.store.queue_rows import QueueReading
from integration.adapters.store.record_rows import answer_of, head_of, intent_of, rate_of, task_of, user_of
from integration.adapters.store.rollback_rows import RollbackReading
from integration.adapters.store.rows import Row, offer_of, reservation_of
from integration.adapters.store.scalars import to_day, to_ms
from integration.adapters.store.widths import NAME_WIDTH, ROOM_WIDTH, STATE_WIDTH
from integration.ports.records import Intent, IntentId, Note, OtherSellerRate, StoredAnswer, Task, User
from integration.ports.store import AuditCheck


class Reading(BatchReading, RollbackReading, ComparisonReading, QueueReading, CodeReading, KpiReading, Access):
    """What can be read; see `integration.ports.store.ReadTx`."""

    __slots__ = ()

    def get_offer(self, offer_id: OfferId) -> Offer | None:
        row = self._one("get_offer", {"offer_id": offer_id})
        return None if row is None else offer_of(row)

    def list_offers(self, hotel_id: str | None, call_id: CallId | None, limit: int) -> list[Offer]:
        rows = self._listed("offers", limit, {"hotel_id": hotel_id, "call_id": call_id}, {})
        return [offer_of(row) for row in rows]

    def list_notes(self, subject: str) -> list[Note]:
        return [note_of(row) for row in self._all("notes", {"parent": subject})]

    def get_reservation(self, reservation_id: ReservationId) -> Reservation | None:
        row = self._one("get_reservation", {"reservation_id": reservation_id})
        return None if row is None else reservation_of(row)

    def find_reservation(
        self, *, external_ref: str | None = None, pms_ref: str | None = None, hotel_id: str | None = None
    ) -> Reservation | None:
        """As the port says. ValueError for a PMS number without its hotel: two hotels may have the same one."""
        if external_ref is None and pms_ref is None:
            return None
        if pms_ref is not None and hotel_id is None:
            raise ValueError("a PMS number needs its hotel")
        wanted = {"external_ref": external_ref, "pms_ref": pms_ref, "hotel_id": hotel_id}
        rows = self._listed("reservations", 1, wanted, {})
        return reservation_of(rows[0]) if rows else None

    def list_reservations(  # noqa: PLR0913 - the port's filters
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
        wanted = sorted({state.value for state in states})
        conditions = {
            "hotel_id": hotel_id,
            "states": True if wanted else None,
            "guest_id": guest_id,
            "call_id": call_id,
            "case_id": case_id,
            "arrival_from": to_day(arrival_from),
            "arrival_to": to_day(arrival_to),
            "after": after,
        }
        more = padded("state", wanted, STATE_WIDTH) if wanted else {}
        return [reservation_of(row) for row in self._listed("reservations", limit, conditions, more)]

    def due_reservations(self, now: datetime, limit: int) -> list[Reservation]:
        return [reservation_of(row) for row in self._all("due_reservations", {"now": to_ms(now), "limit": limit})]

    def live_timed(self, hotel_id: str, room_type: str, stay: StayDates, now: datetime) -> list[Reservation]:
        parameters = {
            "hotel_id": hotel_id,
            "room_type": room_type,
            "check_in": to_day(stay.check_in),
            "check_out": to_day(stay.check_out),
            "now": to_ms(now),
        }
        return [reservation_of(row) for row in self._all("live_timed", parameters)]

    def count_live_holds(
        self, hotel_id: str, actor: str, now: datetime, *, sent_since: datetime | None = None, besides: str = ""
    ) -> int:
        since = to_ms(now if sent_since is None else sent_since)
        parameters = {"hotel_id": hotel_id, "actor": actor, "now": to_ms(now), "since": since, "besides": besides}
        row = self._one("count_live_holds", parameters)
        return 0 if row is None else int(row[0])

    def history(self, reservation_id: ReservationId) -> list[HistoryLine]:
        return [history_of(row) for row in self._all("history", {"parent": reservation_id})]

    def get_guest(self, guest_id: GuestId) -> GuestProfile | None:
        row = self._one("get_guest", {"guest_id": guest_id})
        return None if row is None else guest_of(row, self._all("identities", {"guest_id": guest_id}))

    def find_guest(self, identity: ChannelIdentity) -> GuestProfile | None:
        wanted = {"kind": identity.kind.value, "scope": identity.scope, "value": identity.value}
        row = self._one("find_identity", wanted)
        return None if row is None else self.get_guest(row[3])

    def find_guests_by_name(self, keys: Iterable[str], limit: int) -> list[GuestProfile]:
        """Those who share most keys first; newest first among equals."""
        wanted, shared = sorted(set(keys)), dict[str, int]()
        for start in range(0, len(wanted), NAME_WIDTH):
            chunk = padded("key", wanted[start : start + NAME_WIDTH], NAME_WIDTH)
            for guest_id, count in self._all("guests_by_name", {**chunk, "limit": limit}):
                shared[guest_id] = shared.get(guest_id, 0) + count
        best = sorted(sorted(shared, reverse=True), key=lambda one: -shared[one])[:limit]
        return [guest for guest in (self.get_guest(GuestId(one)) for one in best) if guest is not None]

    def get_call(self, call_id: CallId) -> Call | None:
        row = self._one("get_call", {"call_id": call_id})
        return None if row is None else call_of(row)

    def open_call(self, actor: str, hotel_id: str | None) -> Call | None:
        found = self.list_calls(hotel_id=hotel_id, actor=actor, open_only=True, limit=1)
        return found[0] if found else None

    def list_calls(self, *, hotel_id: str | None, actor: str | None, open_only: bool, limit: int) -> list[Call]:
        conditions = {"hotel_id": hotel_id, "actor": actor, "open_only": open_only or None}
        return [call_of(row) for row in self._listed("calls", limit, conditions, {})]

    def get_case(self, case_id: CaseId) -> Case | None:
        row = self._one("get_case", {"case_id": case_id})
        return None if row is None else case_of(row)

    def get_intent(self, intent_id: IntentId) -> Intent | None:
        row = self._one("get_intent", {"intent_id": intent_id})
        return None if row is None else intent_of(row)

    def intent_of_key(self, hotel_id: str, actor: str, request_key: str) -> Intent | None:
        row = self._one("intent_of_key", {"hotel_id": hotel_id, "actor": actor, "request_key": request_key})
        return None if row is None else intent_of(row)

    def unsettled_intents(
        self, *, reservation_id: ReservationId | None = None, limit: int = 100, is_sent: bool = False
    ) -> list[Intent]:
        rows = self._listed("unsettled", limit, {"reservation_id": reservation_id, "is_sent": is_sent or None}, {})
        return [intent_of(row) for row in rows]

    def get_answer(self, hotel_id: str, actor: str, request_key: str) -> StoredAnswer | None:
        row = self._one("get_answer", {"hotel_id": hotel_id, "actor": actor, "request_key": request_key})
        return None if row is None else answer_of(row)

    def subject_key(self, subject: str) -> bytes | None:
        row = self._one("subject_key", {"subject": subject})
        return None if row is None or row[1] is None else bytes(row[1])

    def list_users(self) -> list[User]:
        return [user_of(row) for row in self._all("list_users", {})]

    def user_of_token(self, token_hash: str) -> User | None:
        row = self._one("user_of_token", {"token_hash": token_hash})
        return None if row is None else user_of(row)

    def other_seller_rates(self, hotel_id: str, stay: StayDates, room_types: Iterable[str]) -> list[OtherSellerRate]:
        """Prices of the nights of a stay, by night, room type and seller."""
        wanted, rows = sorted(set(room_types)), list[Row]()
        asked = {"hotel_id": hotel_id, "check_in": to_day(stay.check_in), "check_out": to_day(stay.check_out)}
        for start in range(0, len(wanted), ROOM_WIDTH):
            chunk = padded("room", wanted[start : start + ROOM_WIDTH], ROOM_WIDTH)
            rows += self._all("other_seller_rates", {**asked, **chunk})
        return [rate_of(row) for row in rows]

    def list_tasks(self, *, hotel_id: str | None, open_only: bool, limit: int) -> list[Task]:
        """Newest first."""
        rows = self._listed("tasks", limit, {"hotel_id": hotel_id, "open_only": open_only or None}, {})
        return [task_of(row) for row in rows]

    def tail_audit(self, limit: int) -> list[str]:
        return [row[0] for row in reversed(self._all("tail_audit", {"limit": limit}))]

    def audit_mark(self) -> tuple[int, bytes, int]:
        """Number, mac and instant (ms) of the last audit row, for a checkpoint; zeros when there is none."""
        row = self._one("audit_mark", {})
        return (0, b"", 0) if row is None else (row[0], bytes(row[1]), row[2])

    def audit_head(self) -> tuple[Head | None, int]:
        """The head, and the highest number there is."""
        row, last = self._one("audit_head", {}), self._one("last_audit", {})
        return None if row is None else head_of(row), 0 if last is None else int(last[0])

    def _audit_rows(self, after: int, until: int, limit: int) -> list[AuditRow]:
        return self._all("audit_rows", {"after": after, "until": until, "limit": limit})

    def check_audit(self, so_far: AuditCheck | None, limit: int) -> Walk:
        """As the port says."""
        walk = so_far if isinstance(so_far, Walk) else self._started_walk()
        rows = self._audit_rows(walk.at, walk.until, limit)
        walk.take(rows)
        if len(rows) < limit:
            walk.finish()
        return walk

    def _started_walk(self) -> Walk:
        """Checkpoints are read before the head: they are always of rows that were there already."""
        places = self._keeper.checkpoints
        return self.audit_walk(None if places is None else places.read())

    def audit_walk(self, marks: Marks | None) -> Walk:
        """A verification that has not begun; rows before the first, which it could never come to, are told to it."""
        strays = [int(row[0]) for row in self._all("stray_audit", {"limit": MOST_FINDINGS})]
        return Walk(self._keeper.chain, *self.audit_head(), marks, strays)

    def export_audit_head(self) -> tuple[int, str]:
        head, _ = self.audit_head()
        return (0, head_text(Head())) if head is None else (head.seq, head_text(head))

    def export_audit(self, after: int, until: int, limit: int) -> list[str]:
        return [row_text(row) for row in self._audit_rows(after, until, limit)]

    def counts(self) -> dict[str, int]:
        """Gauges; a hold past its deadline counts until the sweep has closed it."""
        names = ("live_holds", "options", "open_calls", "unsettled_intents", "open_tasks")
        return dict(zip(names, self._one("counts", {}) or (), strict=True))
