"""The market segment of calls, cases and offers: of what came of them, else of what was offered, else of their case."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from domain.case import CallId, CallOutcome
from domain.kpi_row import Dimension
from domain.offer import Choice, ChoiceKind, OfferId
from domain.reservation import ReservationState
from integration.ports.store import Tx
from integration.usecases.kpi_refresh import recount
from tests.builders import a_candidate, a_hotel, an_offer, eur, lira, pms_terms
from tests.fakes.desk import an_office
from tests.intake.reception import Reception, Writer, a_reception, hooks, serving
from tests.kpi.floor import BOSS, Counted, rows_of
from tests.kpi.week import WEEK, WHO, at

MARKETS = {"EUR-RATE": "INTL", "TRY-RATE": "HOME"}
KPIS = (
    "call_volume_in", "contact_volume", "offers", "offer_to_sale_rate", "call_to_reservation_rate",
    "lead_to_reservation_rate", "basket_total", "cancellation_rate",
)  # fmt: skip


def a_floor() -> Counted:
    """A hotel whose rates are of two markets."""
    hotel = a_hotel(pms=pms_terms(market_code="", market_codes=MARKETS))
    office = an_office(hotel)
    return Counted(Reception(office, replace(office.desk, serving=serving(), hooks=hooks())))


def offers(floor: Counted, call_id: str, moment: Any, *rates: str) -> str:
    """An offer of a call with a choice of each rate."""
    offer_id = OfferId(f"off_{floor.number():06}")
    choices = tuple(
        Choice(number, ChoiceKind.CHEAPEST, a_candidate(rate_code=rate)) for number, rate in enumerate(rates, 1)
    )

    def work(tx: Tx) -> None:
        call = tx.get_call(CallId(call_id))
        assert call is not None
        of = {"call_id": call.call_id, "case_id": call.case_id}
        tx.add_offer(an_offer(offer_id=offer_id, created_at=moment, choices=choices, **of))

    floor.be(moment)
    floor.change(work)
    return offer_id


def shown(floor: Counted, kpi: str) -> dict[str, int]:
    """n by segment; nothing for those of whom none is known."""
    found = floor.report(WEEK, Dimension.SEGMENT, kpis=(kpi,)).rows
    return {row.by["segment"]: row.n for row in found if row.by.get("segment")}


def test_what_came_of_it_is_the_segment_of_call_offer_and_lead_alike() -> None:
    floor = a_floor()
    call = floor.rings(WHO["D"], at(5, 7), 15)
    offer = offers(floor, call, at(5, 7, 2), "EUR-RATE", "TRY-RATE")
    floor.sells(call, at(5, 7, 4), lira("5000.00"), offer, rate_code="TRY-RATE")
    floor.ends(call, at(5, 7, 5), CallOutcome.SOLD)
    for kpi in KPIS[:-1]:
        assert shown(floor, kpi) == {"HOME": 1}, kpi


@pytest.mark.parametrize(("rates", "segment"), [(("EUR-RATE", "EUR-RATE"), "INTL"), (("EUR-RATE", "TRY-RATE"), "")])
def test_what_was_offered_says_it_where_all_of_it_is_of_one_market(rates: tuple[str, ...], segment: str) -> None:
    floor = a_floor()
    call = floor.rings(WHO["D"], at(5, 7), 15)
    offers(floor, call, at(5, 7, 2), *rates)
    floor.ends(call, at(5, 7, 5), CallOutcome.NOT_SOLD, reason="price")
    for kpi in ("offers", "call_to_reservation_rate", "lead_to_reservation_rate", "contact_volume"):
        assert shown(floor, kpi) == ({segment: 1} if segment else {}), kpi


def test_a_call_in_which_nothing_was_offered_has_the_segment_of_its_case() -> None:
    floor = a_floor()
    first = floor.rings(WHO["D"], at(5, 7), 15)
    floor.ends(first, at(5, 7, 5), CallOutcome.FOLLOW_UP)
    second = floor.rings(WHO["D"], at(5, 9), 15)
    floor.sells(second, at(5, 9, 4), eur("200.00"), rate_code="EUR-RATE")
    floor.ends(second, at(5, 9, 5), CallOutcome.SOLD)
    assert shown(floor, "call_to_reservation_rate") == {"INTL": 2}


def test_a_sale_says_it_before_what_was_taken_back() -> None:
    floor = a_floor()
    call = floor.rings(WHO["D"], at(5, 7), 15)
    floor.sells(call, at(5, 7, 2), eur("200.00"), rate_code="EUR-RATE", state=ReservationState.ROLLED_BACK)
    floor.sells(call, at(5, 7, 4), lira("5000.00"), rate_code="TRY-RATE")
    floor.ends(call, at(5, 7, 5), CallOutcome.SOLD)
    assert shown(floor, "lead_to_reservation_rate") == {"HOME": 1}
    assert shown(floor, "call_volume_in") == {"HOME": 1}


def test_segments_of_every_kpi_sum_to_the_whole_and_counting_anew_gives_the_same() -> None:
    floor = a_floor()
    floor.writes(Writer(WHO["A"], name="Anna"), at(3, 9))
    for number, (name, rate) in enumerate((("B", "EUR-RATE"), ("C", "TRY-RATE"), ("D", ""))):
        call = floor.rings(WHO[name], at(4 + number, 7), 10)
        if rate:
            offer = offers(floor, call, at(4 + number, 7, 2), rate)
            floor.sells(call, at(4 + number, 7, 4), eur("200.00"), offer, rate_code=rate)
        ended = CallOutcome.SOLD if rate else CallOutcome.NOT_SOLD
        floor.ends(call, at(4 + number, 7, 5), ended, reason="" if rate else "price")
    before = floor.report(WEEK, Dimension.SEGMENT).rows
    asyncio.run(recount(floor.reception.desk, BOSS))
    found = floor.report(WEEK, Dimension.SEGMENT)
    assert found.rows == before
    for kpi in KPIS:
        whole = rows_of(found).get((kpi, ""))
        parts = [row.n for row in found.rows if row.kpi == kpi and row.by]
        assert whole is None or not parts or sum(parts) == whole.n, kpi
    assert shown(floor, "contact_volume") == {"HOME": 1, "INTL": 1}
    assert rows_of(found)["contact_volume", "segment:"].n == 2


def test_the_usual_hotel_books_all_under_one_market() -> None:
    floor = Counted(a_reception())
    call = floor.rings(WHO["D"], at(5, 7), 15)
    floor.offers(call, at(5, 7, 2))
    assert shown(floor, "offers") == {"DIRECT": 1}
