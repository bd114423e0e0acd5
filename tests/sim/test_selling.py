"""Selling against rooms that run out: what is sold never exceeds what there is, and every loss has its cause."""

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.demand import SalesDraw
from scenarios.demand_plan import DAY_S
from scenarios.streams import Streams
from sim.selling import FOR_PEOPLE, FOR_ROOMS, SOLD, SaleResult, Sales, SalesDesk
from sim.selling_plan import SellingPlan
from sim.stock import Refusal, Stock, StockPlan, open_stock
from sim.wishes import Asked

NIGHTS = 40


def a_stock_plan(rooms: tuple[int, ...] = (2, 1), hotels: int = 2, others: float = 0.0, **changed: object) -> StockPlan:
    shape = (len(rooms) * hotels, NIGHTS)
    all_rooms = np.array(rooms * hotels, dtype=np.int32)
    plan = StockPlan(
        hotels=tuple(f"H{n}" for n in range(hotels)),
        first_of=tuple(n * len(rooms) for n in range(hotels + 1)),
        rooms=all_rooms,
        type_limits=(tuple((np.cumsum(rooms) / sum(rooms)).tolist()),) * hotels,
        others=np.repeat(all_rooms[:, None] * others, NIGHTS, axis=1),
        others_spread=0.0,
        booked=np.linspace(1.0, 0.0, NIGHTS),
        closed=np.zeros(shape, np.bool_),
        no_arrival=np.zeros(shape, np.bool_),
        no_departure=np.zeros(shape, np.bool_),
        min_stay=np.ones(shape, np.int32),
        sisters=tuple(tuple(other for other in range(hotels) if other != one) for one in range(hotels)),
    )
    return replace(plan, **changed)  # type: ignore[arg-type]


def a_plan(stock: StockPlan, **changed: object) -> SellingPlan:
    plan = SellingPlan(
        stock=stock,
        conversion=(0.5, 0.2),
        half_life_s=(1_200.0, float("inf")),
        cancel_share=(0.0, 0.0),
        no_show=0.0,
        confirmed_at_once=1.0,
        option=0.0,
        option_confirmed=0.0,
        confirm_delay_s=3_600.0,
        option_life_s=DAY_S,
        other_dates=0.0,
        other_days=3,
        sister_hotel=0.0,
        follow_up_share=0.0,
        follow_up_most=1,
        follow_up_work_s=180.0,
        price_mean=100.0,
        price_sigma=0.0,
        price_of_night=np.ones(NIGHTS),
        currency="EUR",
    )
    return replace(plan, **changed)  # type: ignore[arg-type]


def asked(count: int, day: int = 0, *, answered: bool = True, waited: float = 0.0, **draws: Any) -> Asked:
    columns: dict[str, Any] = {one.name: np.zeros(count) for one in fields(SalesDraw)}
    columns |= {"price_factor": np.ones(count), "nights": np.ones(count, np.int64)}
    columns |= {"lead_days": np.zeros(count, np.int64), "follow_up_days": np.ones(count, np.int64)}
    columns |= {"alternative_u": np.zeros((count, 3)), "follow_up_u": np.zeros((count, 2))}
    columns |= {name: np.broadcast_to(value, np.shape(columns[name])).copy() for name, value in draws.items()}
    zeros = np.zeros(count, np.int64)
    return Asked(
        contact=np.arange(count),
        at=day * DAY_S + 1.0 + np.arange(count, dtype=np.float64),
        waited=np.full(count, waited),
        is_answered=np.full(count, answered),
        channel=zeros,
        language=zeros,
        hotel=zeros,
        tries=zeros,
        booked_on=np.full(count, day),
        draws=SalesDraw(**columns),
    )


def a_desk(plan: SellingPlan) -> SalesDesk:
    return SalesDesk(plan, open_stock(plan.stock, Streams(1, 0)))


def results(sales: Sales) -> list[SaleResult]:
    return [SaleResult(one) for one in sales.result.tolist()]


def test_the_third_guest_for_two_rooms_gets_the_better_room_and_the_fourth_none() -> None:
    desk = a_desk(a_plan(a_stock_plan(rooms=(2, 1), hotels=1)))
    sold = desk.sell(asked(4))
    assert results(sold) == [SaleResult.CONFIRMED] * 3 + [SaleResult.NO_ROOMS]
    assert sold.amount.tolist() == [100.0] * 4, "what was lost for want of a room is told with its price"
    assert desk.stock.left[:, 0].tolist() == [0, 0]


def test_a_sister_hotel_and_other_dates_are_taken_only_by_those_who_would() -> None:
    plan = a_plan(a_stock_plan(rooms=(1,), hotels=2), other_dates=0.5, sister_hotel=0.5)
    draws = asked(4, lead_days=5, alternative_u=[[0.9, 0.0, 0.9], [0.9, 0.0, 0.1], [0.1, 0.9, 0.9], [0.9, 0.0, 0.9]])
    sold = a_desk(plan).sell(draws)
    assert results(sold) == [SaleResult.CONFIRMED] * 3 + [SaleResult.NO_ROOMS]
    assert sold.hotel.tolist()[:3] == [0, 1, 0]
    assert sold.arrival.tolist()[:3] == [5, 5, 6]


def test_a_guest_who_waited_a_half_life_buys_half_as_often_and_that_is_for_want_of_people() -> None:
    desk = a_desk(a_plan(a_stock_plan()))
    sold = desk.sell(asked(3, waited=1_200.0, convert_u=[0.24, 0.26, 0.51]))
    assert results(sold) == [SaleResult.CONFIRMED, SaleResult.TOO_LATE, SaleResult.NOT_BOUGHT]
    assert sold.amount.tolist() == [100.0, 100.0, 0.0]


def test_a_guest_nobody_answered_is_lost_for_rooms_when_there_was_none_and_for_people_when_there_was() -> None:
    full = a_stock_plan(rooms=(1,), hotels=1)
    desk = a_desk(a_plan(full))
    first = desk.sell(asked(1, answered=False))
    desk.sell(asked(1))
    then = desk.sell(asked(1, answered=False))
    assert (results(first), results(then)) == ([SaleResult.NOT_REACHED], [SaleResult.NO_ROOMS])


def test_nothing_is_lost_with_a_guest_who_would_have_said_no_or_let_it_lapse() -> None:
    plan = a_plan(a_stock_plan(), confirmed_at_once=0.5, option=0.3, option_confirmed=0.5)
    draws: dict[str, Any] = {"convert_u": [0.4, 0.6, 0.4, 0.4, 0.4], "stage_u": [0.4, 0.4, 0.7, 0.7, 0.9],
                             "lapse_u": [0, 0, 0.4, 0.6, 0.0]}  # fmt: skip
    gone = a_desk(plan).sell(asked(5, answered=False, **draws))
    late = a_desk(plan).sell(asked(5, waited=1e6, **draws))
    none, lost = SaleResult.UNANSWERED, SaleResult.NOT_REACHED
    assert results(gone) == [lost, none, lost, none, none]
    none, lost = SaleResult.NOT_BOUGHT, SaleResult.TOO_LATE
    assert results(late) == [lost, none, lost, none, none]
    assert gone.amount.tolist() == late.amount.tolist() == [100.0, 0.0, 100.0, 0.0, 0.0]
    sold_out = a_desk(replace(plan, stock=a_stock_plan(closed=np.ones((4, NIGHTS), np.bool_))))
    full = sold_out.sell(asked(5, **draws))
    assert full.amount.tolist() == gone.amount.tolist(), "who would let it lapse is not lost for want of rooms either"


CHANCE = st.floats(0, 1)


@settings(max_examples=60)
@given(
    seed=st.integers(0, 2**32), stages=st.tuples(CHANCE, CHANCE), confirms=CHANCE, reached=CHANCE,
    waited=st.floats(0, 1e5), alternatives=CHANCE,
)  # fmt: skip
def test_with_rooms_for_all_sold_and_lost_for_people_are_what_people_without_end_would_sell(
    seed: int, stages: tuple[float, float], confirms: float, reached: float, waited: float, alternatives: float
) -> None:
    at_once, rest = stages
    plan = a_plan(
        a_stock_plan((400, 400)), confirmed_at_once=at_once, option=(1 - at_once) * rest, option_confirmed=confirms,
        other_dates=alternatives, sister_hotel=alternatives,
    )  # fmt: skip
    chance, count = np.random.default_rng(seed), 200
    draws: dict[str, Any] = {name: chance.random(count) for name in ("convert_u", "stage_u", "lapse_u")}
    draws |= {"price_factor": chance.random(count), "nights": chance.integers(1, 6, count)}
    short = asked(count, waited=waited, lead_days=chance.integers(0, 20, count), **draws)
    short = replace(short, is_answered=chance.random(count) < reached)
    endless = replace(short, waited=np.zeros(count), is_answered=np.ones(count, np.bool_))
    has, would = a_desk(plan).sell(short), a_desk(plan).sell(endless)
    lost, sold, all_sold = (
        np.isin(*one) for one in ((has.result, FOR_PEOPLE), (has.result, SOLD), (would.result, SOLD))
    )
    assert not np.isin(would.result, (*FOR_PEOPLE, *FOR_ROOMS)).any()
    assert (lost | sold).tolist() == all_sold.tolist()
    assert has.amount[lost | sold].tolist() == would.amount[all_sold].tolist()


def test_restrictions_lose_the_sale_under_their_own_name() -> None:
    closed = a_stock_plan(rooms=(1,), hotels=1)
    closed.closed[0, 3] = True
    closed.min_stay[0, 5] = 4
    closed.no_departure[0, 9] = True
    desk = a_desk(a_plan(closed))
    nights = [2, 3, 1, 4]
    sold = desk.sell(asked(4, lead_days=[2, 5, 8, 5], nights=nights))
    assert results(sold) == [
        SaleResult.STOP_SALE, SaleResult.MIN_STAY, SaleResult.STOP_SALE, SaleResult.STOP_SALE,
    ]  # fmt: skip
    assert desk.stock.find(0, 0, 4, 2) == 0


def test_an_option_that_lapses_keeps_its_room_until_its_life_is_over() -> None:
    plan = a_plan(a_stock_plan(rooms=(1,), hotels=1), confirmed_at_once=0.0, option=1.0, option_confirmed=0.0)
    desk = a_desk(plan)
    assert results(desk.sell(asked(2, lead_days=9))) == [SaleResult.OPTION_LAPSED, SaleResult.NOT_BOUGHT]
    desk.open_day(1)
    assert results(desk.sell(asked(1, day=1, lead_days=8))) == [SaleResult.NOT_BOUGHT]
    desk.open_day(2)
    assert results(desk.sell(asked(1, day=2, lead_days=7))) == [SaleResult.OPTION_LAPSED]


def test_a_hold_that_lapses_keeps_no_room() -> None:
    desk = a_desk(a_plan(a_stock_plan(rooms=(1,), hotels=1), confirmed_at_once=0.0))
    assert results(desk.sell(asked(2))) == [SaleResult.HOLD_LAPSED] * 2
    assert desk.stock.left.min() == 1


def test_a_cancelled_stay_and_the_nights_of_a_no_show_come_back() -> None:
    stock = a_stock_plan(rooms=(1,), hotels=1)
    desk = a_desk(a_plan(stock, cancel_share=(1.0, 1.0)))
    sold = desk.sell(asked(1, lead_days=10, nights=2, cancel_elapsed=0.5))
    assert sold.is_cancelled.all()
    back = next(iter(desk.returns))
    assert 0 < back <= 10
    desk.open_day(back)
    assert desk.stock.left.min() == 1
    desk = a_desk(a_plan(stock, no_show=1.0))
    desk.sell(asked(1, lead_days=3, nights=4))
    desk.open_day(4)
    assert desk.stock.left[0, 3:7].tolist() == [0, 1, 1, 1], "the first night is gone, the rest can be sold again"


def test_while_the_pms_is_down_nothing_is_sold_and_everybody_is_called_another_day() -> None:
    desk = a_desk(a_plan(a_stock_plan(), outages_s=((0.0, 2.5),)))
    sold = desk.sell(asked(3))
    assert results(sold) == [SaleResult.PMS_DOWN, SaleResult.PMS_DOWN, SaleResult.CONFIRMED]
    assert sold.is_called_again.tolist() == [True, True, False]
    assert (sold.call_on[:2] > 0).all()


def test_an_undecided_guest_is_called_again_once() -> None:
    plan = a_plan(a_stock_plan(), follow_up_share=0.5)
    first = asked(2, convert_u=0.99, follow_up_u=[[0.4, 0.0], [0.6, 0.0]], follow_up_days=2)
    sold = a_desk(plan).sell(first)
    assert sold.is_called_again.tolist() == [True, False]
    assert sold.call_on[0] == 2
    again = replace(first, tries=np.ones(2, np.int64), channel=np.ones(2, np.int64))
    sold = a_desk(plan).sell(again)
    assert results(sold) == [SaleResult.CONFIRMED] * 2, "the call's own chance decides, not the first one's"
    assert not sold.is_called_again.any()


def test_who_bought_waited_too_long_or_found_no_room_is_not_called_again() -> None:
    plan = a_plan(a_stock_plan(rooms=(1,), hotels=1), follow_up_share=1.0)
    sold = a_desk(plan).sell(replace(asked(3), waited=np.array([0.0, 0.0, 1e6]), channel=np.zeros(3, np.int64)))
    assert results(sold) == [SaleResult.CONFIRMED, SaleResult.NO_ROOMS, SaleResult.NO_ROOMS]
    late = a_desk(plan).sell(asked(1, waited=1e6, convert_u=0.4))
    assert results(late) == [SaleResult.TOO_LATE]
    assert not sold.is_called_again.any()
    assert not late.is_called_again.any()


def test_others_fill_the_house_as_the_night_comes_nearer_and_take_no_room_of_ours() -> None:
    plan = a_stock_plan(rooms=(4,), hotels=1, others=1.0)
    stock = open_stock(plan, Streams(3, 0))
    early = int(stock.theirs[0, 20])
    stock.take(0, 20, 1)
    for day in range(1, 21):
        stock.pick_up(day)
    assert early < stock.theirs[0, 20] == 3
    assert stock.left.min() >= 0


@settings(max_examples=60)
@given(
    rooms=st.lists(st.integers(1, 3), min_size=1, max_size=3),
    others=st.floats(0, 1.5),
    seed=st.integers(0, 2**32),
    days=st.integers(1, 12),
    shares=st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 0.5)),
)
def test_nights_sold_never_exceed_the_stock_whatever_happens(
    rooms: list[int], others: float, seed: int, days: int, shares: tuple[float, float, float, float]
) -> None:
    at_once, cancels, confirms, no_show = shares
    plan = a_plan(
        a_stock_plan(tuple(rooms), 2, others), confirmed_at_once=at_once, option=(1 - at_once) / 2,
        option_confirmed=confirms, cancel_share=(cancels, cancels), no_show=no_show, other_dates=0.7, sister_hotel=0.7,
    )  # fmt: skip
    desk, chance = a_desk(plan), np.random.default_rng(seed)
    for day in range(days):
        desk.open_day(day)
        count = int(chance.integers(0, 25))
        draws: dict[str, Any] = {
            name: chance.random((count, width)) if width > 1 else chance.random(count)
            for name, width in (("stage_u", 1), ("lapse_u", 1), ("cancel_u", 1), ("cancel_elapsed", 1),
                                ("no_show_u", 1), ("alternative_u", 3))
        }  # fmt: skip
        desk.sell(
            asked(count, day, lead_days=chance.integers(0, 15, count), nights=chance.integers(1, 6, count), **draws)
        )
        _whole(desk.stock)
    for day in range(days, NIGHTS):
        desk.open_day(day)
        _whole(desk.stock)


def _whole(stock: Stock) -> None:
    assert stock.left.min() >= 0
    assert stock.ours.min() >= 0
    assert (stock.ours + stock.theirs + stock.left == stock.plan.rooms[:, None]).all()


@pytest.mark.parametrize("arrival", [NIGHTS - 1, NIGHTS - 2])
def test_a_stay_past_the_last_night_kept_is_closed_not_an_error(arrival: int) -> None:
    stock = open_stock(a_stock_plan(), Streams(1, 0))
    assert stock.find(0, 0, arrival, 2) is Refusal.STOP_SALE


def test_an_option_brings_its_money_on_the_day_it_is_confirmed_and_within_its_life() -> None:
    plan = a_plan(a_stock_plan(), confirmed_at_once=0.0, option=1.0, option_confirmed=1.0, confirm_delay_s=10_000.0)
    at_once = a_desk(a_plan(a_stock_plan())).sell(asked(1))
    sold = a_desk(plan).sell(asked(2, confirm_delay_e=[2.0, 1_000.0]))
    assert results(sold) == [SaleResult.CONFIRMED_LATER] * 2
    assert sold.confirmed_at.tolist() == [20_001.0, DAY_S + 2.0]
    assert at_once.confirmed_at.tolist() == [1.0]
