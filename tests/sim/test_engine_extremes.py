"""Nobody there, nobody calling, endless patience, no talk: where an engine shows whether it can count."""

from math import inf
from typing import Any

import numpy as np
import pytest

from sim.engine import SeasonEngine
from sim.exact.kiefer_wolfowitz import waits_of
from sim.plan import Outcome
from tests.sim.floors import CALLS, CHATS, LETTERS, a_group, a_plan, answered, came, played, rules, same, told


def test_without_agents_all_give_up_when_their_patience_ends() -> None:
    legs, engine = played(a_plan(heads=(0,)), came([1.0, 2.0, 3.0], 10.0, [5.0, 1.0, inf]))
    assert told(legs)[:2] == [(1, "FIRST", "ABANDONED", 1.0, 3.0), (0, "FIRST", "ABANDONED", 5.0, 6.0)]
    assert Outcome(legs.outcome[2]) is Outcome.OPEN
    assert engine.busy_s.sum() == engine.staffed_s.sum() == 0.0


def test_a_queue_that_no_group_serves_is_waited_in() -> None:
    legs, _ = played(a_plan((CALLS, CALLS), (a_group(0),)), came([1.0], 10.0, 5.0, queue=1))
    assert told(legs) == [(0, "FIRST", "ABANDONED", 5.0, 6.0)]


def test_without_demand_agents_are_there_and_do_nothing() -> None:
    plan = a_plan(heads=(3,))
    legs, engine = played(plan, came([], 1.0))
    assert len(legs.at) == 0
    assert engine.busy_s.sum() == 0.0
    assert (engine.staffed_s == 3 * 1800.0).all()
    assert engine.oldest_open == 0


def test_with_endless_patience_everybody_is_served_and_no_second_is_lost() -> None:
    chance = np.random.default_rng(1)
    talk = chance.exponential(300.0, 500)
    legs, engine = played(a_plan(heads=(2,)), came(np.sort(chance.uniform(0, 40_000, 500)), talk))
    assert (legs.outcome == Outcome.SERVED).all()
    assert engine.busy_s.sum() == pytest.approx(talk.sum(), abs=1e-6)
    assert (engine.busy_s <= engine.staffed_s + 1e-6).all()


@pytest.mark.parametrize("queue", [CALLS, CHATS, LETTERS], ids=lambda one: one.name)
def test_without_talk_one_agent_serves_all_at_once(queue) -> None:
    legs, _ = played(a_plan((queue,)), came([1.0, 1.0, 1.0, 2.0], 0.0))
    assert told(legs) == [(one, "FIRST", "SERVED", 0.0, at) for one, at in enumerate([1.0, 1.0, 1.0, 2.0])]


def test_a_guest_is_gone_at_the_instant_his_patience_ends_not_after() -> None:
    legs, _ = played(a_plan(), came([0.0, 1.0, 2.0], 10.0, [inf, 9.0, 8.1]))
    assert answered(legs) == {0: (0.0, 10.0), 2: (8.0, 20.0)}


def test_a_stretch_says_what_it_does_not_take() -> None:
    plan = a_plan(intervals=2)
    engine = SeasonEngine(plan, rules(plan))
    for wrong in (came([2.0, 1.0], 1.0), came([3600.0], 1.0), came([-1.0], 1.0)):
        with pytest.raises(ValueError, match="sorted"):
            engine.day(wrong, 3600.0)
    with pytest.raises(ValueError, match="heads"):
        engine.day(came([], 1.0), 3601.0)


def calls_like_a_bank(count: int) -> tuple[Any, Any, Any]:
    """A load of 24 on 25 agents: lognormal talk, exponential patience."""
    chance = np.random.Generator(np.random.Philox(11))
    at = np.cumsum(chance.exponential(10.0, count))
    return at, chance.lognormal(np.log(240.0) - 0.32, 0.8, count), chance.exponential(120.0, count)


def assert_both_agree(count: int, days: int) -> None:
    at, talk, patience = calls_like_a_bank(count)
    per_day = int(np.ceil((at[-1] + 20_000) / 1800.0 / days))
    plan = a_plan(heads=(25,), intervals=per_day * days)
    engine = SeasonEngine(plan, rules(plan))
    waits, is_answered = waits_of(at, talk, patience, 25)
    served, seconds, first = 0, 0.0, 0
    for day in range(days):
        until = (day + 1) * per_day * 1800.0
        last = int(np.searchsorted(at, until))
        legs = engine.day(came(at[first:last], talk[first:last], patience[first:last]), until)
        assert ((legs.outcome == Outcome.SERVED) == is_answered[legs.contact]).all()
        assert (legs.wait == waits[legs.contact]).all()
        served, first = served + len(legs.at), last
        seconds += float(talk[legs.contact][legs.outcome == Outcome.SERVED].sum())
    assert served == count
    assert len(engine.finish().at) == 0
    assert engine.busy_s.sum() == pytest.approx(seconds, rel=1e-12)


def test_every_wait_is_that_of_a_recursion_without_events_to_the_last_bit() -> None:
    assert_both_agree(100_000, 7)


@pytest.mark.torture
def test_every_wait_of_a_million_calls_is_that_of_a_recursion() -> None:
    assert_both_agree(1_000_000, 50)


def test_the_same_contacts_come_to_the_same_bytes() -> None:
    at, talk, patience = calls_like_a_bank(5000)
    plan = a_plan(heads=(22,))
    assert same(played(plan, came(at, talk, patience))[0], played(plan, came(at, talk, patience))[0])
