"""Published simulations are reproduced by the engine, and a wrong rule or team would be seen."""

from math import sqrt

import numpy as np
import pytest

from sim.engine import SeasonEngine
from sim.plan import EnginePlan, GroupPlan, GuestRules, constant_heads
from sim.proofs.bilingual import bilingual
from sim.proofs.case import Case
from sim.proofs.feed import Chance, call_queue, contacts
from sim.proofs.hours_of_a_day import single_queue
from sim.proofs.other_rules import OneLineEngine
from sim.proofs.published import Days, Printed, busyness, even_days, merged, stratified
from sim.proofs.simple_msk import simple_msk
from sim.proofs.steady_days import GIVING_UP, Steady, steady, telethon
from sim.verify import SEED, judged

TWO_LINES = (call_queue("first"), call_queue("second"))


def _failing(case: Case, contacts_drawn: int) -> set[str]:
    chance = Chance(SEED, case.name, contacts_drawn)
    rows = judged(case.name, case.exact(chance), case.simulate(chance))
    return {row.metric for row in rows if row.status != "pass"}


@pytest.mark.parametrize("case", [single_queue(), telethon(), bilingual()], ids=lambda case: str(case.name))
def test_cases_that_a_quick_run_leaves_out_pass_on_few_calls_as_well(case: Case) -> None:
    assert not _failing(case, 50_000)


def test_another_rule_of_who_is_taken_next_is_seen() -> None:
    failing = _failing(simple_msk(SeasonEngine), 40_000)
    assert {"in_20_s 0/0", "in_20_s 1/0", "in_20_s 2/0"} <= failing


def test_one_agent_fewer_is_seen() -> None:
    assert _failing(steady("x", Steady(patience=1.0, agents=11), GIVING_UP), 40_000) >= {"abandoned", "occupancy"}


def test_who_has_waited_longest_is_taken_next_whatever_the_order_of_the_list() -> None:
    plan = EnginePlan(TWO_LINES, (GroupPlan("all", (0, 1), (0, 0), (1, 1)),), constant_heads((1,), 1), 1000.0)
    at, kind = np.array([0.0, 1.0, 2.0, 3.0]), np.array([0, 1, 0, 1], dtype=np.int32)
    drawn, rules = contacts(at, np.full(4, 10.0), np.full(4, np.inf), kind), GuestRules((0.0, 0.0))
    assert OneLineEngine(plan, rules).day(drawn, 1000.0).contact.tolist() == [0, 1, 2, 3]
    assert SeasonEngine(plan, rules).day(drawn, 1000.0).contact.tolist() == [0, 2, 1, 3]


def test_any_free_agent_is_equally_likely_and_none_that_is_busy() -> None:
    groups = (GroupPlan("few", (0,), (0,), (1,)), GroupPlan("many", (0, 1), (0, 0), (1, 1)))
    plan = EnginePlan(TWO_LINES, groups, constant_heads((1, 3), 1), 1e6)
    at = np.arange(0.0, 400_000.0, 100.0)
    drawn = contacts(at, np.full(4000, 10.0), np.full(4000, np.inf))
    legs = OneLineEngine(plan, GuestRules((0.0, 0.0)), Chance(1, "x", 1).stream("agents")).day(drawn, 1e6)
    assert (legs.group == 0).mean() == pytest.approx(0.25, abs=4 * sqrt(0.25 * 0.75 / 4000))
    assert (legs.wait == 0).all()
    full = contacts(np.arange(6.0), np.full(6, 1000.0), np.full(6, np.inf))
    served = OneLineEngine(plan, GuestRules((0.0, 0.0)), Chance(1, "x", 1).stream("agents")).day(full, 1e6)
    assert np.bincount(served.group[:4], minlength=2).tolist() == [1, 3]


def test_busy_days_are_one_from_each_slice_and_have_the_mean_and_spread_asked_for() -> None:
    factor = busyness(Chance(5, "x", 1), 2000, 10.0)
    assert (np.diff(factor) >= 0).all()
    assert factor.mean() == pytest.approx(1.0, abs=1e-3)
    assert factor.std() == pytest.approx(sqrt(0.1), rel=0.01)


def test_the_error_of_stratified_days_is_that_of_neighbours_not_of_all_days() -> None:
    days = np.repeat(np.arange(50.0), 2) + np.tile([0.1, -0.1], 50)
    found = stratified(days, np.ones(100))
    assert found.value == pytest.approx(24.5)
    assert found.se == pytest.approx(0.2 * sqrt(50) / 100)


def test_arrivals_come_sorted_by_day_and_period_as_many_as_asked_for() -> None:
    days = Days(even_days(10_000, 60.0), 3 * 3600.0)
    at = days.arrivals(Chance(5, "x", 1).stream("arrivals"), (10.0, 50.0), 3600.0)
    assert days.count == 166
    assert (np.diff(at) >= 0).all()
    hour = (at % days.length_s // 3600).astype(int)
    assert np.bincount(hour, minlength=3) / days.count == pytest.approx([10.0, 50.0, 0.0], rel=0.1)
    assert days.sums(at, np.ones(len(at))).sum() == len(at)
    both, came_from = merged([at, at[:5]])
    assert (np.diff(both) >= 0).all()
    assert np.bincount(came_from).tolist() == [len(at), 5]


def test_a_published_mean_has_the_error_of_its_runs_and_of_its_last_digit() -> None:
    assert Printed(0.854, 0.168, 10_000).se == pytest.approx(sqrt(0.00168**2 + 0.001**2 / 12))
    assert Printed(93.0, 0.0, 300, last=0.1).se == pytest.approx(0.1 / sqrt(12))
