"""The scenario's faults and breakdowns as they come in real time."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cli.loadtest.breaking import Breaking, Machine
from cli.loadtest.timetable import LOOK_UPS, NS, Beat, Break, answer_times, breaks_of, fault_marks, faults_of
from loadtests.verdict import read_marks
from loadtests.words import CheckStatus
from pms_mock import control
from scenarios.scenario_loader import load_scenario
from tests.fakes.surroundings import FakeClock

START = datetime(2027, 8, 2, 7, 0, tzinfo=UTC)
SIX = Beat(START, 6.0)
BAD = load_scenario("bad-monday")


def test_season_time_shrinks_with_the_speed_and_an_instant_counts_from_the_hour() -> None:
    assert SIX.seconds(timedelta(minutes=3)) == 30
    assert SIX.seconds(START + timedelta(hours=1)) == 600
    assert Beat(START, 1.0).seconds(timedelta(minutes=3)) == 180


def test_breakdowns_come_in_order_and_only_within_the_load() -> None:
    window = BAD.scenario.load
    assert window is not None
    found = breaks_of(window, SIX, 1500 / 6)
    assert [one.kind for one in found] == ["service_killed", "pms_restarted", "database_restarted"]
    assert [one.at_s for one in found] == [150, 180, 210]
    assert [one.away_s for one in found] == [3, 5, 3]
    assert breaks_of(window, SIX, 160)[-1].kind == "service_killed"


def test_faults_strike_in_their_windows_on_the_mocks_clock() -> None:
    t0 = datetime(2027, 8, 2, 7, 0, 5, tzinfo=UTC)
    slow, busy, lost, down = faults_of(BAD.scenario, SIX, t0, str, 7)
    at = int(t0.timestamp() * 1000)
    assert (slow["start_ms"], slow["until_ms"]) == (at + 30_000, at + 50_000)
    assert (down["start_ms"], down["until_ms"]) == (at + 110_000, at + 130_000)
    assert (busy["status"], busy["rate"], lost["operation"]) == (429, 0.3, "writes")


def test_the_mock_takes_the_faults_and_the_answer_times_of_every_shipped_load() -> None:
    mock = control.open_store()
    for name in ("bad-monday", "pms-outage", "smoke", "antalya-high-season"):
        scenario = load_scenario(name).scenario
        assert scenario.load is not None
        rules = [*faults_of(scenario, SIX, START, str, 1), *answer_times(scenario.load, 1)]
        assert len(control.load_faults(mock, rules)) == len(rules)
    mock.close()


def test_look_ups_have_answer_times_of_their_own_before_the_rest() -> None:
    window = BAD.scenario.load
    assert window is not None
    rules = answer_times(window, 1)
    assert [one["operation"] for one in rules] == [*LOOK_UPS, "*"]
    assert (rules[0]["median"], rules[0]["p95"]) == (0.06, 0.12)
    assert (rules[-1]["median"], rules[-1]["p95"]) == (0.3, 0.6)
    assert len({one["seed"] for one in rules}) == len(rules)


def test_a_fault_is_marked_while_it_lasts_and_one_that_always_holds_is_no_disturbance() -> None:
    marks = fault_marks(BAD.scenario, SIX, 5 * NS, 250)
    assert next((one.kind, one.began_ns / NS, one.ended_ns / NS) for one in marks) == ("slow", 35, 55)
    assert len(marks) == 4
    assert [one.kind for one in fault_marks(BAD.scenario, SIX, 0, 40)] == ["slow"]
    always = BAD.scenario.faults[0].model_copy(update={"start": None, "end": None})
    assert not fault_marks(BAD.scenario.model_copy(update={"faults": (always,)}), SIX, 0, 250)


def test_machines_are_broken_and_mended_in_order_and_marked(tmp_path: Path) -> None:
    told: list[str] = []

    def step(what: str):
        async def done() -> None:
            told.append(what)

        return done

    machines = {"service_killed": Machine("service", step("killed"), step("up"))}
    breaking = Breaking(machines, tmp_path, FakeClock(START))
    plan = (Break("service_killed", 0.0, 0.0), Break("database_restarted", 0.0, 0.0))
    asyncio.run(breaking.play(plan, 0))
    assert told == ["killed", "up"]
    (mark,) = read_marks(tmp_path)
    assert mark.kind == "service_killed"
    assert mark.ended_ns >= mark.began_ns > 0
    assert not breaking.away


def test_a_break_that_cannot_be_played_is_skipped_with_its_reason(tmp_path: Path) -> None:
    breaking = Breaking({}, tmp_path, FakeClock(START))
    (check,) = breaking.check([Break("database_restarted", 1, 1)], {"database_restarted": "no PostgreSQL here"})
    assert check.status is CheckStatus.SKIPPED
    assert "no PostgreSQL here" in check.evidence
    assert breaking.check([], {}) == []
