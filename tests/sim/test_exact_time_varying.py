"""Rates and teams that change: limits, the figures of the literature, and what a half hour in balance hides."""

from collections.abc import Callable
from math import cos, sin, tau

import numpy as np
import pytest
from scipy.stats import poisson

from sim.exact.erlang import erlang_a
from sim.exact.required import required_agents
from sim.exact.time_varying import Changing, course

AHT, PATIENCE, HALF_HOUR = 240.0, 120.0, 1800.0


def test_a_day_that_does_not_change_comes_to_erlang_a() -> None:
    still = course(Changing(lambda _: 0.04, AHT, PATIENCE, [11] * 6, HALF_HOUR, 60))
    exact = erlang_a(0.04, AHT, PATIENCE, 11)
    assert still.waiting[-1] / still.arrivals[-1] == pytest.approx(exact.waits, abs=1e-6)
    assert still.given_up[-1] / still.arrivals[-1] == pytest.approx(exact.abandons, abs=1e-6)
    assert still.busy_s[-1] / HALF_HOUR / 11 == pytest.approx(exact.occupancy, abs=1e-6)


def test_a_house_where_nobody_waits_fills_by_the_law_of_the_infinite_pool() -> None:
    rate = 0.05
    filling = course(Changing(lambda _: rate, AHT, PATIENCE, [60], 900.0, 80))
    load = rate * AHT * (900 - AHT * (1 - np.exp(-900 / AHT)))
    assert filling.busy_s[0] == pytest.approx(load, rel=1e-6)


def a_day_up_and_down(*, first_finishers: bool = False) -> np.ndarray:
    """Calls a minute by half hour, each with the team that Erlang A gives it for 80/20; the chance to wait in each."""
    rates = [1, 2, 3.5, 5, 6, 5, 3, 2]
    heads = [required_agents(rate / 60, AHT, PATIENCE, 0.8, 20) for rate in rates]
    assert (heads[1], heads[3], heads[5], heads[7]) == (10, 22, 22, 10)
    told = Changing(lambda now: rates[min(int(now // HALF_HOUR), 7)] / 60, AHT, PATIENCE, heads, HALF_HOUR, 80)
    day = course(told)
    return day.waiting / day.arrivals


def test_the_same_rate_and_team_serve_worse_on_the_way_down() -> None:
    waits = a_day_up_and_down()
    assert waits[[1, 7]] == pytest.approx([0.205, 0.280], abs=2e-3)
    assert waits[[3, 5]] == pytest.approx([0.259, 0.326], abs=2e-3)


@pytest.mark.parametrize("first_finishers", [False, True])
def test_no_guest_is_lost_or_made_when_the_team_shrinks_and_grows(first_finishers: bool) -> None:
    heads = [9, 5, 5, 7, 2, 8]
    told = Changing(lambda _: 0.03, AHT, PATIENCE, heads, 300.0, 60, first_finishers=first_finishers)
    day = course(told)
    served = day.busy_s.sum() / AHT
    assert served + day.given_up.sum() < day.arrivals.sum()
    emptied = course(
        Changing(lambda now: 0.03 * (now < 1800), AHT, PATIENCE, [*heads, *[60] * 12],
                 300.0, 60, first_finishers=first_finishers)
    )  # fmt: skip
    assert emptied.busy_s.sum() / AHT + emptied.given_up.sum() == pytest.approx(0.03 * 1800, rel=1e-5)


def test_who_leaves_when_a_team_shrinks_moves_how_many_give_up() -> None:
    told = Changing(lambda _: 0.05, AHT, PATIENCE, [13, 13, 13, 6], HALF_HOUR, 90)
    named = course(told)
    anybody = course(Changing(told.rate, AHT, PATIENCE, told.heads, HALF_HOUR, 90, first_finishers=True))
    assert anybody.given_up[:3] == pytest.approx(named.given_up[:3])
    assert anybody.given_up[3] > 1.02 * named.given_up[3]


STEPS = 96


def waits_over_a_cycle(load: Callable[[float], float]) -> np.ndarray:
    """100 + 20 sin t calls, talk and patience of one time unit (the base case of Feldman, Mandelbaum, Massey and Whitt,
    2008), each moment with the team that Erlang A gives a load for a chance to wait of 0.2."""
    step = tau / STEPS
    loads = [load((number + 0.5) * step) for number in range(STEPS)]
    heads = [next(n for n in range(70, 160) if erlang_a(now, 1.0, 1.0, n).waits <= 0.2) for now in loads]
    told = Changing(lambda now: 100 + 20 * sin(now), 1.0, 1.0, heads, step, 190, first_finishers=True)
    day = course(told, start=poisson.pmf(np.arange(191), 90.0))
    return day.waiting / day.arrivals


def test_staffing_by_the_modified_offered_load_keeps_the_chance_to_wait_flat() -> None:
    waits = waits_over_a_cycle(lambda now: 100 + 10 * (sin(now) - cos(now)))
    assert np.abs(waits - waits.mean()).max() < 0.02
    assert waits.mean() == pytest.approx(0.2, abs=0.02)


def test_staffing_each_moment_as_if_in_balance_does_not() -> None:
    waits = waits_over_a_cycle(lambda now: 100 + 20 * sin(now))
    assert waits.max() - waits.min() > 0.3


def test_following_too_few_guests_is_refused() -> None:
    with pytest.raises(ValueError, match="more than 12 guests"):
        course(Changing(lambda _: 0.1, AHT, PATIENCE, [5], HALF_HOUR, 12))
