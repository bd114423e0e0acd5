"""Formulas in their strictest reading: handoffs of ripe cases, sales only the PMS knows, calls that go on."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from domain.case import CallId, CallOutcome
from domain.kpi_entries import case_entries
from domain.reservation import ReservationState
from integration.ports.kpi import FactKind, PmsCopy
from integration.usecases.kpi_refresh import recount, refresh
from tests.builders import eur
from tests.intake.reception import Writer
from tests.kpi.drawn import FIRST, a_case
from tests.kpi.floor import BOSS, Counted, rows_of
from tests.kpi.week import WEEK, WHO, at

DAY = timedelta(hours=24)


def counted(floor: Counted, kpi: str) -> tuple[object, int]:
    row = rows_of(floor.report(WEEK, kpis=(kpi,)))[kpi, ""]
    return row.value, row.n


@pytest.mark.parametrize(
    ("is_open", "age", "is_counted"),
    [(False, timedelta(0), True), (True, DAY - timedelta(milliseconds=1), False), (True, DAY, True)],
)
def test_a_case_counts_for_the_handoff_rate_when_it_has_ended_or_is_a_day_old(
    is_open: bool, age: timedelta, is_counted: bool
) -> None:
    fact = replace(a_case(Random(1), 1, FIRST, is_open=is_open), is_message=True)
    entered = [slug for slug, _ in case_entries(replace(fact, as_of=fact.opened_at + age))]
    assert ("handoff_rate" in entered) is is_counted


def test_a_chat_of_today_joins_the_handoff_rate_when_it_is_a_day_old_or_solved() -> None:
    floor = Counted()
    floor.writes(Writer(WHO["A"], name="Anna"), at(3, 9))
    floor.writes(Writer(WHO["B"], name="Bora"), at(3, 10))
    assert counted(floor, "handoff_rate") == (None, 0)
    floor.closes(WHO["A"], at(3, 11), "price")
    assert counted(floor, "handoff_rate") == (0.0, 1)
    floor.be(at(4, 10))
    assert counted(floor, "handoff_rate") == (0.0, 2)


def test_a_fact_of_an_open_chat_is_made_anew_when_it_is_a_day_old_so_that_sql_tools_see_it() -> None:
    floor = Counted()
    floor.writes(Writer(WHO["A"], name="Anna"), at(3, 9))
    floor.replies(WHO["A"], at(3, 9, 1))
    case, desk = floor.case_of(WHO["A"]), floor.reception.desk
    asyncio.run(refresh(desk))
    floor.be(at(4, 9))
    asyncio.run(refresh(desk))
    (fact,) = floor.reception.read(lambda tx: tx.kpi_facts_of(FactKind.CASE, case.case_id))
    assert (fact.as_of - fact.opened_at >= DAY, fact.recheck_at) == (True, None)
    asyncio.run(recount(desk, BOSS))
    assert floor.reception.read(lambda tx: tx.kpi_facts_of(FactKind.CASE, case.case_id)) == [fact]


def test_a_sale_that_only_the_pms_knows_is_a_sale_of_its_offer_and_its_call_too() -> None:
    floor = Counted()
    call = floor.rings(WHO["D"], at(5, 7), 15)
    offer = floor.offers(call, at(5, 7, 2))
    floor.sells(call, at(5, 7, 4), eur("200.00"), offer)
    other = floor.rings(WHO["E"], at(5, 8), 15)
    second = floor.offers(other, at(5, 8, 2))
    held = floor.reception.read(lambda tx: tx.get_call(CallId(other)))
    hold = floor.stays(
        None, state=ReservationState.HOLD, call_id=other, case_id=held.case_id, offer_id=second,
        created_at=at(5, 8, 3), expires_at=at(9, 8),
    )  # fmt: skip
    floor.ends(call, at(5, 7, 5), CallOutcome.SOLD)
    assert counted(floor, "offer_to_sale_rate") == (0.5, 2)
    copy = PmsCopy(
        hold.reservation_id, "BELEK1", "confirmed", str(hold.pms_ref), hold.stay.check_in, hold.stay.check_out, 1,
        "EUR", hold.total.amount, None, at(6, 8),
    )  # fmt: skip
    floor.be(at(6, 8))
    floor.change(lambda tx: tx.put_pms_copy(copy))
    assert counted(floor, "offer_to_sale_rate") == (1.0, 2)
    assert counted(floor, "call_to_reservation_rate") == (1.0, 2)
    assert rows_of(floor.report(WEEK))["basket_total", "EUR"].n == 2


def test_reservations_of_a_call_are_judged_when_it_has_ended() -> None:
    floor = Counted()
    call = floor.rings(WHO["D"], at(5, 7), 15)
    floor.sells(call, at(5, 7, 4), eur("200.00"))
    assert counted(floor, "in_pms_before_call_end_rate") == (None, 0)
    floor.ends(call, at(5, 7, 5), CallOutcome.SOLD)
    assert counted(floor, "in_pms_before_call_end_rate") == (1.0, 1)
