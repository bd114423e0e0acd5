"""The season's own environment is still SimPy's: same clock, same heap, same order, and anybody's processes in it."""

from collections.abc import Generator
from heapq import heappop
from typing import Any

import numpy as np
import pytest
import simpy
from hypothesis import given
from hypothesis import strategies as st
from simpy.core import EmptySchedule

from sim.engine import SeasonEngine
from sim.environment import Kind, SeasonEnv, StockEnv, delay_to
from tests.sim.floors import a_plan, answered, came, played, rules, same


def test_simpy_still_has_the_private_names_we_stand_on() -> None:
    env = simpy.Environment(5.0)
    env.timeout(3.0)
    at, priority, number, event = heappop(env._queue)
    assert (at, priority, type(number), event.env) == (8.0, 1, int, env)
    assert env._now == 5.0
    assert next(env._eid) == 1


def test_at_one_instant_staff_then_simpy_then_ends_then_arrivals() -> None:
    env, seen = SeasonEnv(), []
    late = Kind(env, "late", 2, lambda tag, now: seen.append(f"late {tag}"))
    early = Kind(env, "early", -3, lambda tag, now: seen.append(f"early {tag}"))
    env.expect([5.0, float("inf")], lambda row, now: seen.append(f"arrival {row}"))
    for tag in (2, 1):
        env.put(5.0, late, tag)
    env.put(5.0, early, 7)
    env.timeout(5.0).callbacks.append(lambda event: seen.append("simpy"))
    for _ in range(5):
        env.step()
    assert seen == ["early 7", "simpy", "late 1", "late 2", "arrival 0"]
    with pytest.raises(EmptySchedule):
        env.step()


@given(st.floats(0, 1e8), st.floats(0, 1e8))
def test_a_delay_can_be_chosen_that_meets_an_instant_to_the_last_bit(one: float, two: float) -> None:
    now, at = min(one, two), max(one, two)
    assert now + delay_to(at, now) == at


@pytest.mark.parametrize("engine", ["flat", "steps", "stock"])
def test_a_planners_process_runs_along_and_changes_the_team(engine: Any) -> None:
    plan = a_plan(heads=(2,))
    running = SeasonEngine(plan, rules(plan), engine)
    seen = []

    def outage() -> Generator[Any, Any, Any]:
        yield running.env.timeout(100.0)
        running.change_heads(0, -2)
        yield running.env.timeout(200.0)
        seen.append(running.waiting(0))
        running.change_heads(0, 2)

    running.env.process(outage())
    legs = running.day(came([50.0, 150.0, 160.0], 10.0), plan.until_s)
    assert seen == [2]
    assert answered(legs) == {0: (0.0, 60.0), 1: (150.0, 310.0), 2: (140.0, 310.0)}


def test_a_failing_process_is_not_swallowed() -> None:
    plan = a_plan()
    engine = SeasonEngine(plan, rules(plan))

    def broken() -> Generator[Any, Any, Any]:
        yield engine.env.timeout(1.0)
        raise RuntimeError("campaign without a budget")

    engine.env.process(broken())
    with pytest.raises(RuntimeError, match="budget"):
        engine.day(came([], 1.0), plan.until_s)


def test_stock_simpy_comes_to_the_same_bytes() -> None:
    chance = np.random.default_rng(3)
    plan = a_plan(heads=(4,))
    drawn = came(np.sort(chance.uniform(0, 9e4, 2000)), chance.exponential(200.0, 2000), chance.exponential(90.0, 2000))
    flat, engine = played(plan, drawn)
    stock, other = played(plan, drawn, engine="stock")
    assert isinstance(other.env, StockEnv)
    assert same(flat, stock)
    assert engine.busy_s.tobytes() == other.busy_s.tobytes()
