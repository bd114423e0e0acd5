"""Runs: the same bytes on any number of processes, intervals that mean what they say, sequential stopping, pairs."""

import json
import os
from collections.abc import Sequence

import pytest

from cli.executors import executor_of
from integration.errors import ServiceError
from scenarios.scenario_loader import load_scenario
from sim.compare import compare
from sim.figures import half_width, interval
from sim.plan import Outcome
from sim.runner import Precision, Run, run
from sim.sensitivity import job_of
from sim.targets import Status, Target


def a_run(count: int, sets: Sequence[str] = (), workers: int = 1) -> Run:
    job = job_of(load_scenario("smoke", sets), 11)
    with executor_of("", workers) as executor:
        return run(job, count, executor=executor, workers=workers)


def told(ran: Run) -> str:
    assert ran.scores is not None
    return json.dumps([ran.figures, ran.scores.week.tolist(), ran.scores.amounts.tolist()])


def test_one_two_and_four_processes_come_to_the_same_bytes() -> None:
    alone = told(a_run(4))
    assert alone == told(a_run(4, workers=2)) == told(a_run(4, workers=4))


def test_a_process_that_is_ended_from_outside_is_told_in_a_sentence() -> None:
    def lose_a_process() -> None:
        with executor_of("", 2) as executor:
            assert executor is not None
            executor.submit(os._exit, 1).result()

    with pytest.raises(ServiceError, match="ended from outside"):
        lose_a_process()


def test_more_replications_leave_the_first_ones_as_they_were() -> None:
    assert a_run(3).figures == a_run(2).figures + a_run(3).figures[2:]


def test_an_interval_is_students() -> None:
    assert half_width([1.0, 2.0, 3.0, 4.0]) == pytest.approx(2.0542, abs=1e-4)
    assert half_width([1.0]) is None
    assert interval("revenue", [None, None]).value is None
    row = interval("service_level", [1.0, 0.2])
    assert (row.low, row.high) == (0.0, 1.0), "a share is never above 1"
    assert interval("lost_for_rooms", [0.0, 9.0]).low == 0.0, "nothing that is counted is below 0"


def test_calls_while_the_house_is_closed_count_as_offered_or_stand_apart() -> None:
    strict, apart = a_run(1), a_run(1, ["rules.closed_calls=apart"])
    assert strict.scores is not None
    assert apart.scores is not None
    closed = int(strict.scores.outcomes[strict.scores.frame.call_queues, Outcome.CLOSED].sum())
    assert closed > 0
    assert strict.scores.level.offered - apart.scores.level.offered == closed
    assert strict.scores.level.in_time == apart.scores.level.in_time
    night = slice(0, 14)
    assert apart.scores.week[0].reshape(7, 48, -1)[:, night, apart.scores.frame.call_queues].sum() == 0
    same = {"contacts", "revenue", "lost_for_people", "occupancy", "frt_in_target.web_chat"}
    assert {one.metric for one in compare(strict, apart) if one.value == 0.0} >= same


def test_a_run_stops_when_its_gates_have_been_narrow_for_five_more_replications() -> None:
    ran = a_run(9)
    eager = Precision(0.9, gates=("contacts",), look_ahead=5)
    counts = [n for n in range(1, 10) if eager.is_met(_first(ran, n))]
    assert counts[0] == 8, "three at least, and five after them"
    assert not Precision(0.0001, gates=("revenue",)).is_met(ran)


def _first(ran: Run, count: int) -> Run:
    return Run(ran.job, count, ran.figures[:count])


def test_a_run_that_does_not_reach_its_precision_says_so() -> None:
    job = job_of(load_scenario("smoke"), 11)
    assert run(job, 2, precision=Precision(0.0001)).is_capped
    assert not run(job, 2).is_capped


def test_a_season_compared_with_itself_differs_in_nothing() -> None:
    ran = a_run(3)
    assert {one.value for one in compare(ran, ran) if one.value is not None} == {0.0}
    assert not any(one.is_real for one in compare(ran, ran))


def test_one_more_agent_meets_the_same_guests() -> None:
    base, more = a_run(3), a_run(3, ["team.phone.tr+=1"])
    found = {one.metric: one for one in compare(base, more)}
    assert found["contacts"].value == 0, "the same guests come"
    assert (found["agent_hours"].value or 0) > 0
    with pytest.raises(ValueError, match="same replications"):
        compare(base, a_run(2))


@pytest.mark.parametrize(
    ("low", "high", "status"),
    [(0.85, 0.95, Status.PASS), (0.6, 0.7, Status.FAIL), (0.75, 0.85, Status.AT_RISK)],
)
def test_a_target_is_met_missed_or_at_risk_by_the_whole_interval(low: float, high: float, status: Status) -> None:
    row = interval("service_level", [low, high])
    assert row.value is not None
    spread = Target("service_level", low=0.8)
    assert spread.judge(type(row)(row.metric, row.unit, row.value, low, high, 2)) is status
    assert spread.judge(interval("service_level", [None])) is Status.NO_DATA
