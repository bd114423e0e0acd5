"""The KPIs' facts in both stores: they come back as they went in, and whatever changes is noted."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from domain.kpi_facts import By, CallFact, CaseFact, OfferFact, StayFact
from integration.adapters.store import kpi_mapping, kpi_tables
from integration.ports.kpi import Dirty, FactKind, PmsCopy
from integration.ports.store import Tx
from tests.builders import a_case, a_reservation
from tests.contract.store.playing import Played
from tests.fakes.surroundings import NOW
from tests.postgres import a_database

DAY = date(2027, 8, 2)
BY = By("DEMO1", "phone", "fair", "de", "ayse", "LEISURE", ("vip", "sales"))
CALL = CallFact("cal_1", "cas_1", DAY, BY, NOW, True, True, False, True, True, 12.5, 180.25, 20.0, 2, 1)
CASE = CaseFact(
    "cas_1", 1, DAY, BY, NOW, True, False, True, "lost", "price", True, 61.5, 3600.0, 120.0, False, None, None, 3600.0,
    True, NOW, True, NOW + timedelta(hours=1),
)  # fmt: skip
OFFER = OfferFact("off_1", DAY, BY, NOW, True, 3, "cas_1", "cal_1")
STAY = StayFact(
    "res_1", "cas_1", "cal_1", DAY, date(2027, 9, 1), BY, "confirmed", "option", "4711", Decimal("1400.50"),
    Decimal("1400.00"), Decimal("1200.10"), "EUR", 7, False, True, NOW, ("state", "total"),
)  # fmt: skip


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Iterator[Played]:
    with Played(url=a_database() if request.param == "postgresql" else "") as played:
        yield played


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        (kpi_tables.KPI_CALLS, kpi_mapping.call_columns(CALL)),
        (kpi_tables.KPI_CASES, kpi_mapping.case_columns(CASE)),
        (kpi_tables.KPI_OFFERS, kpi_mapping.offer_columns(OFFER)),
        (kpi_tables.KPI_STAYS, kpi_mapping.stay_columns(STAY)),
    ],
)
def test_a_fact_has_the_columns_of_its_table(table: object, columns: dict[str, object]) -> None:
    assert set(columns) == {column.name for column in table.c}  # type: ignore[attr-defined]


def test_facts_come_back_as_they_went_in(store: Played) -> None:
    def work(tx: Tx) -> None:
        tx.put_kpi_call(CALL)
        tx.put_kpi_runs("cas_1", [CASE])
        tx.put_kpi_offer(OFFER)
        tx.put_kpi_stay(STAY)

    store.write(work)
    assert store.read(lambda tx: tx.kpi_calls_on("DEMO1", DAY)) == [CALL]
    assert store.read(lambda tx: tx.kpi_cases_on("DEMO1", DAY)) == [CASE]
    assert store.read(lambda tx: tx.kpi_live_cases("DEMO1", DAY, DAY)) == [CASE]
    assert store.read(lambda tx: tx.kpi_offers_on("DEMO1", DAY)) == [OFFER]
    assert store.read(lambda tx: tx.kpi_sales_on("DEMO1", DAY)) == [STAY]
    assert store.read(lambda tx: tx.kpi_arrivals_on("DEMO1", STAY.arrival)) == [STAY]
    assert store.read(lambda tx: tx.kpi_days("DEMO1", DAY, STAY.arrival)) == [DAY, STAY.arrival]
    assert store.read(lambda tx: tx.kpi_due(NOW + timedelta(hours=1), 5)) == ["cas_1"]
    assert store.read(lambda tx: tx.kpi_calls_on("OTHER", DAY)) == []


def test_a_book_goes_when_a_fact_of_its_day_changes_and_stays_when_none_does(store: Played) -> None:
    def books(tx: Tx) -> None:
        tx.put_kpi_stay(STAY)
        for day in (DAY, STAY.arrival, DAY + timedelta(days=1)):
            tx.put_kpi_book("DEMO1", day, b"kept")

    def days() -> list[date]:
        return [day for day, _ in store.read(lambda tx: tx.kpi_books("DEMO1", DAY, STAY.arrival))]

    store.write(books)
    store.write(lambda tx: tx.put_kpi_stay(STAY))
    assert len(days()) == 3
    store.write(lambda tx: tx.put_kpi_stay(replace(STAY, day=DAY + timedelta(days=1))))
    assert days() == []


def test_a_run_that_is_no_more_is_taken_away(store: Played) -> None:
    second = replace(CASE, run=2, is_first_run=False)
    store.write(lambda tx: tx.put_kpi_runs("cas_1", [CASE, second]))
    store.write(lambda tx: tx.put_kpi_runs("cas_1", []))
    assert store.read(lambda tx: tx.kpi_facts_of(FactKind.CASE, "cas_1")) == []


def test_every_change_of_a_record_is_noted(store: Played) -> None:
    def work(tx: Tx) -> None:
        tx.add_case(a_case())
        tx.add_reservation(a_reservation())

    store.write(work)
    noted = store.read(lambda tx: tx.kpi_dirty(10))
    assert {(one.kind, one.the_id) for one in noted} == {
        (FactKind.CASE, a_case().case_id),
        (FactKind.STAY, a_reservation().reservation_id),
    }


def test_a_note_goes_only_when_nothing_has_happened_since_it_was_read(store: Played) -> None:
    store.write(lambda tx: tx.add_case(a_case()))
    (before,) = store.read(lambda tx: tx.kpi_dirty(10))
    store.write(lambda tx: tx.note_all_for_kpi())
    store.write(lambda tx: tx.settle_kpi_dirty([before]))
    (after,) = store.read(lambda tx: tx.kpi_dirty(10))
    assert after == Dirty(before.kind, before.the_id, before.stamp + 1)
    store.write(lambda tx: tx.settle_kpi_dirty([after]))
    assert store.read(lambda tx: tx.count_kpi_dirty()) == 0


def test_what_the_pms_said_is_kept_and_noted_and_asked_for_again_when_it_is_old(store: Played) -> None:
    copy = PmsCopy("res_1", "DEMO1", "confirmed", "4711", STAY.arrival, date(2027, 9, 8), 1, "EUR", Decimal("1400.50"),
                   None, NOW)  # fmt: skip
    store.write(lambda tx: tx.put_kpi_stay(STAY))

    def asked(before_s: int) -> list[str]:
        seen = NOW + timedelta(seconds=before_s)
        return store.read(lambda tx: tx.stays_to_ask("DEMO1", DAY, DAY, seen, 10))

    assert asked(0) == ["res_1"]
    store.write(lambda tx: tx.put_pms_copy(copy))
    assert store.read(lambda tx: tx.pms_copies(["res_1", "res_2"])) == {"res_1": copy}
    assert asked(0) == []
    assert asked(1) == ["res_1"]
    assert store.read(lambda tx: tx.kpi_dirty(10)) == [Dirty(FactKind.STAY, "res_1", 0)]
