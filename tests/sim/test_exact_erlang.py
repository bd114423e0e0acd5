"""Erlang A and C: two methods that share no code, the figures of the trade, and limits."""

from collections.abc import Iterator
from math import inf

import numpy as np
import pytest
from scipy.special import gammaln

from domain.service_level import LevelFormula
from sim.exact.erlang import erlang_a, erlang_c
from sim.exact.required import required_agents
from tests.sim.quadrature import Integrals

HOUR = 3600.0


def some_queues() -> Iterator[tuple[float, float, float, int]]:
    chance = np.random.default_rng(20270615)
    for _ in range(24):
        agents = int(chance.integers(1, 60))
        aht, patience = chance.uniform(60, 400), chance.uniform(20, 600)
        yield agents * chance.uniform(0.5, 1.4) / aht, aht, patience, agents


@pytest.mark.parametrize("queue", list(some_queues()))
def test_birth_and_death_agree_with_the_integrals_of_mandelbaum_and_zeltyn(queue) -> None:
    exact, again = erlang_a(*queue), Integrals(*queue)
    assert exact.waits == pytest.approx(again.waits(), abs=1e-10)
    assert exact.abandons == pytest.approx(again.abandons(), abs=1e-10)
    assert exact.mean_wait_s == pytest.approx(again.mean_wait(), rel=1e-8)
    for within in (5.0, 20.0, 60.0):
        assert exact.answered_within(within) == pytest.approx(again.answered_within(within), abs=1e-10)
        assert exact.ended_within(within) == pytest.approx(again.ended_within(within), abs=1e-10)


@pytest.mark.parametrize(("agents", "load"), [(1, 0.5), (5, 4.0), (24, 20.0), (120, 112.0)])
def test_erlang_c_is_its_closed_formula(agents: int, load: float) -> None:
    aht = 180.0
    exact = erlang_c(load / aht, aht, agents)
    terms = np.exp(np.arange(agents) * np.log(load) - gammaln(np.arange(agents) + 1))
    last = np.exp(agents * np.log(load) - gammaln(agents + 1)) * agents / (agents - load)
    waits = last / (terms.sum() + last)
    assert exact.waits == pytest.approx(waits, abs=1e-12)
    assert exact.mean_wait_s == pytest.approx(waits * aht / (agents - load), rel=1e-10)
    within = 1 - waits * np.exp(-(agents - load) * 20 / aht)
    assert exact.service_level(20) == pytest.approx(within, abs=1e-12)
    assert exact.occupancy == pytest.approx(load / agents, abs=1e-12)


def test_very_patient_guests_of_erlang_a_are_those_of_erlang_c() -> None:
    patient, endless = erlang_a(0.1, 180, 1e9, 23), erlang_c(0.1, 180, 23)
    assert patient.waits == pytest.approx(endless.waits, abs=1e-6)
    assert patient.service_level(20) == pytest.approx(endless.service_level(20), abs=1e-6)


def test_fourteen_flexible_agents_for_two_queues_of_fourteen_fail_as_the_double_count_hides() -> None:
    rate = 400 / HOUR
    counted_twice = erlang_a(rate, 180, 300, 14)
    assert counted_twice.service_level(20) == pytest.approx(0.058, abs=5e-4)
    assert counted_twice.abandons == pytest.approx(0.303, abs=5e-4)
    assert counted_twice.occupancy == pytest.approx(0.996, abs=5e-4)
    assert required_agents(rate, 180, 300, 0.8, 20) == 23
    assert required_agents(rate, 180, inf, 0.8, 20) == 24
    assert required_agents(200 / HOUR, 180, inf, 0.8, 20) == 14


def test_the_formula_of_the_service_level_moves_the_headcount() -> None:
    needs = [required_agents(600 / HOUR, 240, 120, 0.8, 20, formula) for formula in LevelFormula]
    assert needs == [41, 41, 40]
    assert required_agents(600 / HOUR, 240, inf, 0.8, 20) == 46


@pytest.mark.parametrize("target", [0.5, 0.8, 0.95])
@pytest.mark.parametrize("load", [0.05, 0.9, 7.3, 118.0])
@pytest.mark.parametrize("patience", [45.0, 300.0, inf])
def test_the_smallest_team_meets_the_target_and_one_fewer_does_not(load: float, target: float, patience: float) -> None:
    rate, agents = load / 200, required_agents(load / 200, 200, patience, target, 20)
    assert erlang_a(rate, 200, patience, agents).service_level(20) >= target
    fewer = agents - 1
    assert fewer <= load * (patience == inf) or erlang_a(rate, 200, patience, fewer).service_level(20) < target


def test_nobody_is_needed_where_nobody_comes_and_nobody_is_answered_where_nobody_is() -> None:
    assert required_agents(0.0, 180, 100, 0.8, 20) == 0
    assert erlang_a(0.0, 180, 100, 3).service_level(20) == 1.0
    empty = erlang_a(0.1, 180, 100, 0)
    assert (empty.service_level(20), empty.abandons, empty.mean_wait_s) == (0.0, 1.0, 100)


def test_when_everybody_balks_the_queue_is_erlang_b() -> None:
    load, agents = 8.0, 10
    terms = [1.0]
    for k in range(1, agents + 1):
        terms.append(terms[-1] * load / k)
    lost = erlang_a(load / 200, 200, 120, agents, balk=1.0)
    assert lost.balks == pytest.approx(terms[-1] / sum(terms), abs=1e-14)
    assert (lost.waits, lost.abandons) == (0.0, 0.0)
    assert lost.service_level(20) == pytest.approx(1 - lost.balks)
    assert lost.service_level(20, LevelFormula.OR_GONE_IN_TIME) == pytest.approx(1.0)


@pytest.mark.parametrize("patience", [120.0, inf])
def test_who_comes_is_answered_or_balks_or_gives_up(patience: float) -> None:
    queue = erlang_a(12 / 200, 200, patience, 13, balk=0.3)
    assert queue.answered_within(1e6) + queue.abandons + queue.balks == pytest.approx(1.0, abs=1e-10)
    assert queue.occupancy * 13 == pytest.approx(12 * (1 - queue.abandons - queue.balks), rel=1e-10)


@pytest.mark.parametrize("told", [(-1, 1, 1, 1), (1, 0, 1, 1), (1, 1, 0, 1), (1, 1, 1, -1), (1, 1, inf, 1)])
def test_what_cannot_be_is_refused(told) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        erlang_a(*told)
