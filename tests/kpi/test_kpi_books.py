"""A book is the sum of its facts, however they are put together; a report over kept books is the facts themselves."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidInput, NotFound
from domain.kpi import Count, Share, Takings
from domain.kpi_book import DayBook, book_of
from domain.kpi_facts import CallFact, CaseFact, OfferFact, StayFact
from domain.kpi_lines import COUNTED, lines, part_lines
from domain.kpi_list import KPIS
from domain.kpi_row import Dimension, Period, Standing
from domain.kpi_targets import KpiTarget, stands
from integration.usecases.kpi_books import bind, months_of, packed, pour
from integration.usecases.kpi_report import Rates
from tests.kpi.drawn import FIRST, a_case, facts, one_by_one, put
from tests.kpi.floor import Counted, rows_of

PERIOD = Period(FIRST, FIRST + timedelta(days=10))
PARTS = tuple(one.value for one in Dimension)


def together(found: list[CallFact | CaseFact | OfferFact | StayFact]) -> DayBook:
    stays = [one for one in found if isinstance(one, StayFact)]
    return book_of(
        calls=[one for one in found if isinstance(one, CallFact)],
        cases=[one for one in found if isinstance(one, CaseFact)],
        offers=[one for one in found if isinstance(one, OfferFact)],
        sales=[one for one in stays if one.day is not None],
        arrivals=stays,
    )


@given(st.integers(0, 10_000), st.integers(0, 60))
def test_facts_gathered_are_facts_entered_one_by_one(seed: int, count: int) -> None:
    found = facts(Random(seed), count)
    assert together(found).kept == one_by_one(found).kept


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
    book, again = one_by_one(facts(Random(seed), count)), DayBook()
    for parts in (False, True):
        pour(packed(book, parts=parts), again, ["", *PARTS])
    assert again.kept == book.kept


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
