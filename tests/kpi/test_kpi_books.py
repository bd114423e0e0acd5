"""A book is the sum of its facts, however they are put together; a report over kept books is the facts themselves."""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidInput, NotFound
from domain.kpi import Count, Share, Takings
from domain.kpi_book import DayBook, book_of
from domain.kpi_entries import arrival_entries, call_entries, case_entries, offer_entries, sale_entries
from domain.kpi_facts import CallFact, CaseFact, OfferFact, StayFact
from domain.kpi_lines import COUNTED, lines, part_lines
from domain.kpi_list import KPIS
from domain.kpi_row import Dimension, Period, Standing
from domain.kpi_targets import KpiTarget, stands
from integration.adapters.store.upgrade import sqlite_url, upgrade
from integration.usecases.kpi_books import bind, months_of, under
from integration.usecases.kpi_documents import FORMAT
from integration.usecases.kpi_piles import Pile, as_it_is
from integration.usecases.kpi_report import Rates
from tests.kpi.drawn import FIRST, a_case, facts, one_by_one, put
from tests.kpi.floor import Counted, rows_of

PERIOD = Period(FIRST, FIRST + timedelta(days=10))


def together(found: list[CallFact | CaseFact | OfferFact | StayFact]) -> DayBook:
    stays = [one for one in found if isinstance(one, StayFact)]
    return book_of(
        calls=[one for one in found if isinstance(one, CallFact)],
        cases=[one for one in found if isinstance(one, CaseFact)],
        offers=[one for one in found if isinstance(one, OfferFact)],
        sales=[one for one in stays if one.day is not None],
        arrivals=stays,
    )


def piled(found: list[CallFact | CaseFact | OfferFact | StayFact]) -> Pile:
    pile = Pile()
    stays = [one for one in found if isinstance(one, StayFact)]
    pile.add_facts([one for one in found if isinstance(one, CallFact)], call_entries)
    pile.add_facts([one for one in found if isinstance(one, CaseFact)], case_entries)
    pile.add_facts([one for one in found if isinstance(one, OfferFact)], offer_entries)
    pile.add_facts([one for one in stays if one.day is not None], sale_entries)
    pile.add_facts(stays, arrival_entries)
    return pile


@given(st.integers(0, 10_000), st.integers(0, 60))
def test_facts_on_a_pile_are_facts_entered_one_by_one(seed: int, count: int) -> None:
    found = facts(Random(seed), count)
    assert piled(found).book().kept == together(found).kept == one_by_one(found).kept


@given(st.integers(0, 10_000), st.integers(0, 40), st.permutations(range(4)))
def test_books_add_up_in_any_order(seed: int, count: int, order: list[int]) -> None:
    found = facts(Random(seed), count)
    books = [one_by_one(found[start::4]) for start in range(4)]
    whole = DayBook()
    for place in order:
        whole.absorb(books[place])
    assert whole.kept == one_by_one(found).kept


@given(st.integers(0, 10_000), st.integers(0, 40))
def test_a_kept_book_is_the_book(seed: int, count: int) -> None:
    found, again = facts(Random(seed), count), Pile()
    for document in piled(found).packed():
        again.pour(document)
    assert again.book().kept == one_by_one(found).kept
    assert again.packed() == piled(found).packed()


@given(st.integers(0, 10_000), st.integers(0, 40), st.integers(1, 30))
def test_piles_laid_together_are_the_facts_entered_one_by_one(seed: int, count: int, loose: int) -> None:
    found, whole = facts(Random(seed), count), Pile(most_loose=loose)
    for start in range(3):
        for document in piled(found[start::3]).packed():
            whole.pour(document, as_it_is)
    assert whole.book().kept == one_by_one(found).kept


@given(st.integers(0, 10_000), st.integers(0, 40))
def test_a_book_is_read_by_dimension_and_kpi(seed: int, count: int) -> None:
    found, again = facts(Random(seed), count), Pile()
    for document in piled(found).packed():
        again.pour(document, under(("", "tag")), frozenset({"frt_s", "revenue", "lost_reasons"}))
    wanted = {
        place: kept
        for place, kept in one_by_one(found).kept.items()
        if place[0] in {"frt_s", "revenue", "lost_reasons"} and place[1] in {"", "tag"}
    }
    assert again.book().kept == wanted


@given(st.integers(0, 10_000), st.integers(1, 60))
def test_parts_sum_to_the_whole(seed: int, count: int) -> None:
    book = one_by_one(facts(Random(seed), count))
    for (slug, dimension, _), kept in list(book.kept.items()):
        if dimension:
            continue
        for part in ("channel", "source", "language", "agent", "hotel", "segment"):
            parts = [book.get(slug, part, key) for key in book.keys(slug, part)]
            total = type(kept)()
            for one in parts:
                total = total.merge(one)  # type: ignore[arg-type]
            assert total == kept, (slug, part)


def test_an_empty_period_has_a_line_for_every_kpi_and_says_nothing() -> None:
    found = Counted().report(PERIOD, *Dimension)
    assert [row.kpi for row in found.rows] == list(COUNTED)
    assert all(row.n == 0 and row.by == {} for row in found.rows)
    assert {row.value for row in found.rows if row.unit != "count"} == {None}
    assert set(COUNTED) <= set(KPIS)


def test_one_record_is_the_whole_report() -> None:
    floor = Counted()
    fact = replace(a_case(Random(1), 1, FIRST), is_first_run=True, lead_status="won", frt_s=61.0, lost_reason=None)
    floor.change(lambda tx: put(tx, [fact]))
    rows = rows_of(floor.report(PERIOD, Dimension.CHANNEL))
    assert rows["contact_volume", ""].value == 1
    assert (rows["lead_to_reservation_rate", ""].value, rows["lead_to_reservation_rate", ""].n) == (1.0, 1)
    assert set(rows["frt_s", ""].percentiles.values()) == {61}


@pytest.mark.parametrize("seed", range(3))
def test_a_report_over_kept_books_is_the_facts_entered_one_by_one(seed: int) -> None:
    found, floor = facts(Random(seed), 200, days=9), Counted()
    floor.be(datetime(2027, 6, 1, 9, tzinfo=UTC))
    floor.change(lambda tx: put(tx, found))
    kept = list({_id(one): one for one in found}.values())
    shown = floor.report(PERIOD, Dimension.CHANNEL, Dimension.TAG, Dimension.LOST_REASON)
    inside = [one for one in kept if not isinstance(one, StayFact)] + [
        one for one in kept if isinstance(one, StayFact) and PERIOD.first <= one.arrival <= PERIOD.last
    ]
    book = one_by_one(inside)
    parts = [row for name in ("channel", "tag", "lost_reason") for row in part_lines(book, COUNTED, name)]
    assert shown.rows == [*lines(book, COUNTED), *parts]
    assert floor.report(PERIOD).rows == list(lines(book, COUNTED)), "again, from books that are there"


def _id(one: object) -> tuple[str, ...]:
    return tuple(str(getattr(one, name, "")) for name in ("call_id", "case_id", "run", "offer_id", "reservation_id"))


def test_a_month_that_is_over_has_a_book_of_its_own_and_a_late_change_takes_it_away() -> None:
    floor, april = Counted(), Period(date(2027, 4, 1), date(2027, 4, 30))
    found = [replace(a_case(Random(3), 3, date(2027, 4, 7)), is_first_run=True)]
    floor.change(lambda tx: put(tx, found))
    first = floor.report(april)
    assert floor.reception.read(lambda tx: tx.kpi_has_month("BELEK1", "2027-04"))
    assert floor.report(april).rows == first.rows
    floor.change(lambda tx: put(tx, [replace(found[0], case_id="cas_9999")]))
    assert not floor.reception.read(lambda tx: tx.kpi_has_month("BELEK1", "2027-04"))
    assert rows_of(floor.report(april))["contact_volume", ""].value == 2


def test_a_book_that_goes_after_it_was_bound_is_made_on_the_spot() -> None:
    floor = Counted()
    floor.change(lambda tx: put(tx, facts(Random(5), 40)))
    before = floor.report(PERIOD).rows
    asyncio.run(bind(floor.reception.desk, "BELEK1", PERIOD))
    floor.change(lambda tx: tx.drop_kpi_books())
    assert floor.report(PERIOD).rows == before


@pytest.mark.parametrize("old", [b"", b"\x80", b"\x82\xa0\x90", bytes([0x94, FORMAT + 1, 0x90, 0x80, 0x80])])
def test_a_book_of_another_format_is_made_anew_from_the_facts(old: bytes) -> None:
    floor, april = Counted(), Period(date(2027, 4, 1), date(2027, 4, 30))
    floor.change(lambda tx: put(tx, [replace(one, day=april.first) for one in calls(40)]))
    before = floor.report(april, Dimension.CHANNEL, Dimension.WEEK).rows
    floor.change(lambda tx: tx.put_kpi_month("BELEK1", "2027-04", old, old))
    assert floor.report(april, Dimension.CHANNEL, Dimension.WEEK).rows == before
    floor.change(lambda tx: tx.put_kpi_book("BELEK1", april.first, old, old))
    assert floor.report(april, Dimension.CHANNEL, Dimension.WEEK).rows == before


def test_an_upgrade_drops_the_books_of_before_notes_every_record_and_makes_the_view_of_daily_figures_anew(
    tmp_path: Path,
) -> None:
    path = tmp_path / "santral.db"
    upgrade(sqlite_url(path), "0006")
    with closing(sqlite3.connect(path, isolation_level=None)) as store:
        store.execute("INSERT INTO kpi_books VALUES ('BELEK1', '2027-04', x'80')")
        row = [1 if kind == "INTEGER" else name for _, name, kind, *_ in store.execute("PRAGMA table_info(offers)")]
        store.execute(f"INSERT INTO offers VALUES ({','.join('?' * len(row))})", row)
        store.execute("DELETE FROM kpi_dirty")
        store.execute("DROP VIEW kpi_v1_daily")
        store.execute("CREATE VIEW kpi_v1_daily AS SELECT 1 AS n")
    upgrade(sqlite_url(path))
    with closing(sqlite3.connect(path)) as store:
        assert store.execute("SELECT * FROM kpi_books").fetchall() == []
        assert store.execute("SELECT kind, the_id FROM kpi_dirty").fetchall() == [("offer", "offer_id")]
        assert store.execute("SELECT hotel_id, kpi, n FROM kpi_v1_daily").fetchall() == []


def calls(count: int) -> list[CallFact]:
    return [one for one in facts(Random(8), count) if isinstance(one, CallFact)]


@pytest.mark.parametrize("dimension", [Dimension.DAY, Dimension.WEEK])
def test_days_and_weeks_of_a_months_book_are_those_of_its_days(dimension: Dimension) -> None:
    floor, april = Counted(), Period(date(2027, 4, 1), date(2027, 4, 30))
    moved = [replace(one, day=april.first + timedelta(days=n % 30)) for n, one in enumerate(calls(200))]
    floor.change(lambda tx: put(tx, moved))
    shown = floor.report(april, dimension).rows
    assert floor.reception.read(lambda tx: tx.kpi_has_month("BELEK1", "2027-04"))
    halves = (Period(april.first, date(2027, 4, 11)), Period(date(2027, 4, 12), april.last))
    apart = [row for half in halves for row in floor.report(half, dimension).rows]
    assert {(row.kpi, *row.by.values()): row for row in shown if row.by} == {
        (row.kpi, *row.by.values()): row for row in apart if row.by
    }
    assert floor.report(april, dimension, dimension).rows[: len(shown)] == shown, "asked for twice, counted once"
    assert len({row.by[dimension.value] for row in shown if row.by}) >= 5


def test_months_cut_a_period_at_their_ends() -> None:
    cut = months_of(Period(date(2027, 1, 30), date(2027, 3, 2)))
    assert [first for first, _ in cut] == [date(2027, 1, 30), date(2027, 2, 1), date(2027, 3, 1)]
    assert [last for _, last in cut] == [date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 2)]


def test_two_currencies_are_never_added_without_a_rate_and_its_day() -> None:
    floor = Counted()
    stays = [
        replace(one, currency=currency, total=Decimal(amount), state="confirmed", day=FIRST)
        for one, currency, amount in zip(_stays(2), ("EUR", "TRY"), ("100.00", "5000.00"), strict=True)
    ]
    floor.change(lambda tx: put(tx, list(stays)))
    apart = rows_of(floor.report(PERIOD))
    assert (apart["revenue", "EUR"].value, apart["revenue", "TRY"].value) == (Decimal("100.00"), Decimal("5000.00"))
    assert ("revenue", "") not in apart
    rates = Rates("EUR", date(2027, 5, 2), {"TRY": Decimal("0.02")})
    found = floor.report(PERIOD, rates=rates)
    assert rows_of(found)["revenue", "EUR"].value == Decimal("200.0000")
    assert found.rates == rates
    with pytest.raises(InvalidInput, match="no rate for TRY"):
        floor.report(PERIOD, rates=Rates("EUR", date(2027, 5, 2), {}))


def _stays(count: int) -> list[StayFact]:
    found = [one for one in facts(Random(11), 60) if isinstance(one, StayFact)]
    return found[:count]


def test_a_share_stands_by_its_interval() -> None:
    band = KpiTarget(0.15, 0.20)
    assert stands(Share(0, 0), band) is Standing.NO_DATA
    assert stands(Share(1, 4), band) is Standing.NEAR
    assert stands(Share(900, 1000), band) is Standing.MISSED
    assert stands(Share(17_500, 100_000), band) is Standing.MET
    assert stands(Share(7, 7), KpiTarget(low=1.0)) is Standing.MET
    assert stands(Share(6, 7), KpiTarget(low=1.0)) is Standing.MISSED


def test_what_cannot_be_reported_is_said() -> None:
    floor = Counted()
    with pytest.raises(NotFound, match="no KPI happiness"):
        floor.report(PERIOD, kpis=("happiness",))
    with pytest.raises(InvalidInput, match="is after the last"):
        floor.report(Period(PERIOD.last, PERIOD.first))
    assert (Count(), Takings()) == (Count(0), Takings({}))
