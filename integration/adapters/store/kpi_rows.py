"""The KPIs' facts, books and notes, as they are stored; the statements are in `kpi_sql.py`.

A book that covers a fact which is put in or taken away is dropped with it.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from domain.case import Call, CaseId
from domain.kpi_facts import CallFact, CaseFact, OfferFact, StayFact
from domain.offer import Offer, OfferId
from domain.reservation import Reservation
from integration.adapters.store.access import Access, padded
from integration.adapters.store.contact_rows import call_of as record_call_of
from integration.adapters.store.kpi_mapping import (
    call_columns,
    call_of,
    case_columns,
    case_of,
    copy_columns,
    copy_of,
    offer_columns,
    offer_of,
    plan_columns,
    plan_of,
    stay_columns,
    stay_of,
)
from integration.adapters.store.rows import Columns, Row, reservation_of
from integration.adapters.store.rows import offer_of as record_offer_of
from integration.adapters.store.scalars import from_ms_or_none, to_ms
from integration.adapters.store.widths import NAME_WIDTH
from integration.ports.kpi import AskedStays, Dirty, FactKind, PmsCopy
from integration.ports.kpi_plans import KpiPlan, PlanKind

PARTS = "+"
_READERS: dict[FactKind, Callable[[Row], Any]] = {
    FactKind.CALL: call_of,
    FactKind.CASE: case_of,
    FactKind.OFFER: offer_of,
    FactKind.STAY: stay_of,
}


class KpiReading(Access):
    """What can be read of them; see `integration.ports.kpi.KpiReads`."""

    __slots__ = ()

    def kpi_dirty(self, limit: int) -> list[Dirty]:
        return [
            Dirty(FactKind(kind), the_id, stamp) for kind, the_id, stamp in self._all("kpi_dirty", {"limit": limit})
        ]

    def count_kpi_dirty(self) -> int:
        row = self._one("count_kpi_dirty", {})
        return 0 if row is None else int(row[0])

    def kpi_due(self, now: datetime, limit: int) -> list[str]:
        return [row[0] for row in self._all("kpi_due", {"now": to_ms(now), "limit": limit})]

    def kpi_calls_on(self, hotel_id: str, day: date) -> list[CallFact]:
        return [call_of(row) for row in self._all("kpi_calls_on", _on(hotel_id, day))]

    def kpi_cases_on(self, hotel_id: str, day: date) -> list[CaseFact]:
        return [case_of(row) for row in self._all("kpi_cases_on", _on(hotel_id, day))]

    def kpi_offers_on(self, hotel_id: str, day: date) -> list[OfferFact]:
        return [offer_of(row) for row in self._all("kpi_offers_on", _on(hotel_id, day))]

    def kpi_sales_on(self, hotel_id: str, day: date) -> list[StayFact]:
        return [stay_of(row) for row in self._all("kpi_sales_on", _on(hotel_id, day))]

    def kpi_arrivals_on(self, hotel_id: str, day: date) -> list[StayFact]:
        return [stay_of(row) for row in self._all("kpi_arrivals_on", _on(hotel_id, day))]

    def kpi_live_cases(self, hotel_id: str, first: date, last: date) -> list[CaseFact]:
        return [case_of(row) for row in self._all("kpi_live_cases", _span(hotel_id, first, last))]

    def kpi_calls_of(self, case_id: CaseId) -> list[CallFact]:
        return [call_of(row) for row in self._all("kpi_calls_of", {"case_id": case_id})]

    def calls_of_case(self, case_id: CaseId) -> list[Call]:
        return [record_call_of(row) for row in self._all("calls_of_case", {"case_id": case_id})]

    def offers_of_case(self, case_id: CaseId) -> list[Offer]:
        return [record_offer_of(row) for row in self._all("offers_of_case", {"case_id": case_id})]

    def reservations_of_offer(self, offer_id: OfferId) -> list[Reservation]:
        return [reservation_of(row) for row in self._all("reservations_of_offer", {"offer_id": offer_id})]

    def kpi_facts_of(self, kind: FactKind, the_id: str) -> list[Any]:
        return [_READERS[kind](row) for row in self._all(f"kpi_{kind.value}", {"the_id": the_id})]

    def kpi_books(self, hotel_id: str, first: date, last: date, *, parts: bool = False) -> list[tuple[date, bytes]]:
        end = f"{last.isoformat()}{PARTS if parts else ''}"
        span = {**_span(hotel_id, first, last), "last": end, "length": len(end)}
        return [(date.fromisoformat(day[:10]), bytes(document)) for day, document in self._all("kpi_books", span)]

    def kpi_bound(self, hotel_id: str, first: date, last: date) -> list[date]:
        return [date.fromisoformat(row[0]) for row in self._all("kpi_bound", _span(hotel_id, first, last))]

    def kpi_has_month(self, hotel_id: str, month: str) -> bool:
        return self._one("kpi_has_month", {"hotel_id": hotel_id, "day": month}) is not None

    def kpi_month(self, hotel_id: str, month: str, *, parts: bool = False) -> bytes | None:
        row = self._one("kpi_month", {"hotel_id": hotel_id, "day": f"{month}{PARTS if parts else ''}"})
        return None if row is None else bytes(row[0])

    def kpi_days(self, hotel_id: str, first: date, last: date) -> list[date]:
        return sorted(date.fromisoformat(row[0]) for row in self._all("kpi_days", _span(hotel_id, first, last)))

    def kpi_plan(self, plan_id: str) -> KpiPlan | None:
        row = self._one("kpi_plan", {"the_id": plan_id})
        return None if row is None else plan_of(row)

    def kpi_plans(self, hotel_id: str, kind: PlanKind) -> list[KpiPlan]:
        return [plan_of(row) for row in self._all("kpi_plans", {"hotel_id": hotel_id, "kind": kind.value})]

    def pms_copies(self, reservation_ids: Iterable[str]) -> dict[str, PmsCopy]:
        wanted, found = sorted(set(reservation_ids)), dict[str, PmsCopy]()
        for start in range(0, len(wanted), NAME_WIDTH):
            some = padded("ref", wanted[start : start + NAME_WIDTH], NAME_WIDTH)
            found |= {row[0]: copy_of(row) for row in self._all("pms_copies", some)}
        return found

    def stays_to_ask(self, hotel_id: str, first: date, last: date, seen_before: datetime, limit: int) -> list[str]:
        more = {"before": to_ms(seen_before), "limit": limit}
        return [row[0] for row in self._all("stays_to_ask", {**_span(hotel_id, first, last), **more})]

    def stays_differing(self, hotel_id: str, first: date, last: date, limit: int) -> list[StayFact]:
        return [stay_of(row) for row in self._all("stays_differing", {**_span(hotel_id, first, last), "limit": limit})]

    def stays_asked(self, hotel_id: str, first: date, last: date) -> AskedStays:
        count, vouched, seen, differing = self._one("stays_asked", _span(hotel_id, first, last)) or (0, 0, None, 0)
        return AskedStays(count, vouched, from_ms_or_none(seen), differing)


def _on(hotel_id: str, day: date) -> Columns:
    return {"hotel_id": hotel_id, "day": day.isoformat()}


def _span(hotel_id: str, first: date, last: date) -> Columns:
    return {"hotel_id": hotel_id, "first": first.isoformat(), "last": last.isoformat()}


class KpiWriting(KpiReading):
    """What can be changed of them; see `integration.ports.kpi.KpiWrites`."""

    __slots__ = ()

    def put_kpi_call(self, fact: CallFact) -> None:
        self._replace(FactKind.CALL, fact.call_id, [fact], call_columns)

    def drop_kpi_call(self, call_id: str) -> None:
        before = self.kpi_facts_of(FactKind.CALL, call_id)
        if before:
            self._change("drop_kpi_call", {"the_id": call_id})
            self._drop_books(before)

    def put_kpi_runs(self, case_id: str, runs: Iterable[CaseFact]) -> None:
        found = list(runs)
        before = self.kpi_facts_of(FactKind.CASE, case_id)
        if len(found) < len(before):
            self._change("drop_kpi_case", {"the_id": case_id})
            self._drop_books(before)
        self._replace(FactKind.CASE, case_id, found, case_columns)

    def put_kpi_offer(self, fact: OfferFact) -> None:
        self._replace(FactKind.OFFER, fact.offer_id, [fact], offer_columns)

    def drop_kpi_offer(self, offer_id: str) -> None:
        before = self.kpi_facts_of(FactKind.OFFER, offer_id)
        if before:
            self._change("drop_kpi_offer", {"the_id": offer_id})
            self._drop_books(before)

    def put_kpi_stay(self, fact: StayFact) -> None:
        self._replace(FactKind.STAY, fact.reservation_id, [fact], stay_columns)

    def settle_kpi_dirty(self, done: Iterable[Dirty]) -> None:
        for one in done:
            self._change("settle_kpi_dirty", {"kind": one.kind.value, "the_id": one.the_id, "stamp": one.stamp})

    def note_all_for_kpi(self) -> None:
        for kind in FactKind:
            self._change(f"note_all_{kind.value}", {})

    def put_kpi_book(self, hotel_id: str, day: date, document: bytes, parts: bytes = b"") -> None:
        self.put_kpi_month(hotel_id, day.isoformat(), document, parts)

    def put_kpi_month(self, hotel_id: str, month: str, document: bytes, parts: bytes = b"") -> None:
        self._change("put_kpi_book", {"hotel_id": hotel_id, "day": month, "document": document})
        self._change("put_kpi_book", {"hotel_id": hotel_id, "day": f"{month}{PARTS}", "document": parts})

    def drop_kpi_books(self) -> None:
        self._change("drop_kpi_books", {})

    def put_pms_copy(self, copy: PmsCopy) -> None:
        self._change("put_pms_copy", copy_columns(copy))

    def put_kpi_plan(self, plan: KpiPlan) -> None:
        self._change("put_kpi_plan", plan_columns(plan))

    def _replace(self, kind: FactKind, the_id: str, facts: list[Any], columns: Callable[[Any], Columns]) -> None:
        """Put facts where these are not there already, and drop the books that knew others."""
        before = self.kpi_facts_of(kind, the_id)
        changed = [fact for fact in facts if fact not in before]
        for fact in changed:
            self._change(f"put_kpi_{kind.value}", columns(fact))
        if changed:
            self._drop_books([*changed, *(fact for fact in before if fact not in facts)])

    def _drop_books(self, facts: Iterable[Any]) -> None:
        touched = {(fact.by.hotel, day) for fact in facts for day in _days_of(fact)}
        for hotel_id, day in sorted(touched):
            name = day.isoformat()
            named = {"day": name, "day_parts": f"{name}{PARTS}", "month": name[:7], "month_parts": f"{name[:7]}{PARTS}"}
            self._change("drop_kpi_book", {"hotel_id": hotel_id, **named})


def _days_of(fact: CallFact | CaseFact | OfferFact | StayFact) -> set[date]:
    days = {fact.day, fact.arrival} if isinstance(fact, StayFact) else {fact.day}
    return {day for day in days if day is not None}
