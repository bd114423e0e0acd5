"""What the store keeps for the KPIs: notes of what changed, facts, day books, copies of what the PMS says.

Facts go in and come out as `domain.kpi_facts`; a day book is a document only its maker reads. A fact that is put in, or
taken away, drops the books of the days it touches, so a book that is there is always right. Books leave out live facts
(`CaseFact.is_live`), which change with time alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from domain.case import Call, CaseId
from domain.kpi_facts import CallFact, CaseFact, OfferFact, StayFact
from domain.offer import Offer, OfferId
from domain.reservation import Reservation
from integration.ports.kpi_plans import KpiPlan, PlanKind


class FactKind(StrEnum):
    """Of what a fact is made."""

    CALL = "call"
    CASE = "case"
    OFFER = "offer"
    STAY = "stay"


@dataclass(frozen=True, slots=True)
class Dirty:
    """A record that changed since its fact was made. `stamp` rises with every further change."""

    kind: FactKind
    the_id: str
    stamp: int


@dataclass(frozen=True, slots=True)
class PmsCopy:
    """What the PMS last said of a reservation. `total`, `room_revenue`: None where it did not say."""

    reservation_id: str
    hotel_id: str
    state: str
    pms_ref: str
    check_in: date
    check_out: date
    rooms: int
    currency: str | None
    total: Decimal | None
    room_revenue: Decimal | None
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class AskedStays:
    """Stays with a number in the PMS: how many, of how many its word counts, the oldest word, how many differ."""

    stays: int
    vouched: int
    seen_at: datetime | None
    differing: int


class KpiReads(Protocol):
    """What can be read."""

    def kpi_dirty(self, limit: int) -> list[Dirty]:
        """What must be made anew: calls, cases, offers, then stays."""
        ...

    def count_kpi_dirty(self) -> int: ...
    def kpi_due(self, now: datetime, limit: int) -> list[str]:
        """Cases whose fact must be made anew by now though nothing happened (`recheck_at`)."""
        ...

    def kpi_calls_on(self, hotel_id: str, day: date) -> list[CallFact]: ...
    def kpi_cases_on(self, hotel_id: str, day: date) -> list[CaseFact]: ...
    def kpi_offers_on(self, hotel_id: str, day: date) -> list[OfferFact]: ...
    def kpi_sales_on(self, hotel_id: str, day: date) -> list[StayFact]:
        """Stays first confirmed on this day."""
        ...

    def kpi_arrivals_on(self, hotel_id: str, day: date) -> list[StayFact]:
        """Stays that arrive on this day."""
        ...

    def kpi_live_cases(self, hotel_id: str, first: date, last: date) -> list[CaseFact]:
        """Live facts of cases that began on these days."""
        ...

    def kpi_calls_of(self, case_id: CaseId) -> list[CallFact]:
        """Facts that are kept of the calls of a case."""
        ...

    def calls_of_case(self, case_id: CaseId) -> list[Call]:
        """Calls that name this very case, by id."""
        ...

    def offers_of_case(self, case_id: CaseId) -> list[Offer]:
        """Offers that name this very case, by id."""
        ...

    def reservations_of_offer(self, offer_id: OfferId) -> list[Reservation]:
        """Reservations that were made from an offer, by id."""
        ...

    def kpi_facts_of(
        self, kind: FactKind, the_id: str
    ) -> list[CallFact] | list[CaseFact] | list[OfferFact] | list[StayFact]:
        """The facts of one record; of a case one a run."""
        ...

    def kpi_books(self, hotel_id: str, first: date, last: date, *, parts: bool = False) -> list[tuple[date, bytes]]:
        """Those that are there, by day: what is kept of the whole, or of the parts."""
        ...

    def kpi_bound(self, hotel_id: str, first: date, last: date) -> list[date]:
        """Days that have a book."""
        ...

    def kpi_has_month(self, hotel_id: str, month: str) -> bool: ...
    def kpi_month(self, hotel_id: str, month: str, *, parts: bool = False) -> bytes | None:
        """The book of a whole month, `2027-07`; it goes when a fact of one of its days changes."""
        ...

    def kpi_days(self, hotel_id: str, first: date, last: date) -> list[date]:
        """Days on which a hotel has any fact."""
        ...

    def pms_copies(self, reservation_ids: Iterable[str]) -> dict[str, PmsCopy]: ...
    def stays_to_ask(self, hotel_id: str, first: date, last: date, seen_before: datetime, limit: int) -> list[str]:
        """Reservations first confirmed or arriving on these days that the PMS was never asked about, or before that."""
        ...

    def stays_differing(self, hotel_id: str, first: date, last: date, limit: int) -> list[StayFact]:
        """Of those days, where the PMS says something else, by arrival."""
        ...

    def kpi_plan(self, plan_id: str) -> KpiPlan | None: ...
    def kpi_plans(self, hotel_id: str, kind: PlanKind) -> list[KpiPlan]:
        """All of a kind, newest first."""
        ...

    def stays_asked(self, hotel_id: str, first: date, last: date) -> AskedStays:
        """Of those days, how far the PMS vouches for them."""
        ...


class KpiWrites(Protocol):
    """What can be changed."""

    def put_kpi_call(self, fact: CallFact) -> None: ...
    def drop_kpi_call(self, call_id: str) -> None:
        """A call that was known by its steps alone and has turned out to be another one."""
        ...

    def put_kpi_runs(self, case_id: str, runs: Iterable[CaseFact]) -> None:
        """All runs of a case, in place of those that were there; none: the case has become a part of another."""
        ...

    def put_kpi_offer(self, fact: OfferFact) -> None: ...
    def drop_kpi_offer(self, offer_id: str) -> None:
        """A quote that turned out to be one of another offer."""
        ...

    def put_kpi_stay(self, fact: StayFact) -> None: ...
    def settle_kpi_dirty(self, done: Iterable[Dirty]) -> None:
        """Take notes away, each only if nothing has happened since it was read."""
        ...

    def note_all_for_kpi(self) -> None:
        """Note every record, to count all anew."""
        ...

    def put_kpi_book(self, hotel_id: str, day: date, document: bytes, parts: bytes = b"") -> None:
        """The whole and the parts, kept apart because most reports need only the former of every day."""
        ...

    def put_kpi_month(self, hotel_id: str, month: str, document: bytes, parts: bytes = b"") -> None: ...
    def drop_kpi_books(self) -> None: ...
    def put_pms_copy(self, copy: PmsCopy) -> None: ...
    def put_kpi_plan(self, plan: KpiPlan) -> None:
        """A new one, or what has become of one that is there."""
        ...
