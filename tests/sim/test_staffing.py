"""Sizing a team: nobody is counted twice, every shift is lawful, and the roster is what was sized."""

from collections.abc import Sequence
from datetime import date, time
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scenarios.scenario_loader import load_scenario
from scenarios.schema.season import Scenario
from scenarios.schema.season_team import Break, Shift
from sim.exact.erlang import erlang_a
from sim.exact.required import required_agents
from sim.season import SeasonModel, build
from sim.staffing.cover import Hire, heads_of, solve, tightest
from sim.staffing.need import DeskNeed, busiest_monday, needs
from sim.staffing.prove import roster, with_team
from sim.staffing.shifts import WEEK_SLOTS, days_allowed, weeks_of
from sim.staffing.wages import season_wages
from sim.staffing.written import roster_scenario

MINE = """
schema = 1
extends = "antalya-high-season"
name = "mine"

[[hotels]]
file = "ours.toml"

[team.phone.roster]
de.late = [1, 1, 1, 1, 1, 0, 0]
"""


@pytest.fixture(scope="module")
def model() -> SeasonModel:
    return build(load_scenario("antalya-high-season", ["season.first=2027-08-02", "season.last=2027-08-08"]))


def test_two_queues_of_fourteen_need_twenty_three_who_speak_both_not_fourteen() -> None:
    rate = 200 / 3600
    alone = required_agents(rate, 180.0, 300.0, 0.8, 20.0)
    together = required_agents(2 * rate, 180.0, 300.0, 0.8, 20.0)
    assert (alone, together) == (13, 23)
    assert erlang_a(2 * rate, 180.0, 300.0, 14).service_level(20.0) < 0.06
    heads: dict[tuple[str, ...], Any] = {("tr",): np.full(WEEK_SLOTS, alone), ("en",): np.full(WEEK_SLOTS, alone)}
    heads[("tr", "en")] = np.full(WEEK_SLOTS, together)
    need = DeskNeed("phone", {key: one.astype(np.int32) for key, one in heads.items()}, np.zeros(336), np.zeros(7))
    kept = tightest(need)
    assert kept[("tr", "en")].min() == together, "the need of both together is asked for beside that of each"


def _are_enough(scenario: Scenario, wanted: Sequence[DeskNeed], hires: Sequence[Hire]) -> None:
    present = (1 - scenario.staff.absence) * (1 - scenario.staff.shrinkage)
    heads = heads_of(hires)
    for need in wanted:
        speaks = scenario.team[need.desk].speaks
        for subset, asked in need.heads.items():
            able = (at for (desk, language), at in heads.items()
                    if desk == need.desk and set(speaks[language]) & set(subset))  # fmt: skip
            there = sum(able, np.zeros(WEEK_SLOTS))
            assert (there * present >= asked - 1e-6).all(), (need.desk, subset)


def test_no_mix_of_languages_is_short_at_any_half_hour(model: SeasonModel) -> None:
    scenario = model.loaded.scenario
    wanted = needs(model, busiest_monday(model.demand))
    hires = solve(scenario, wanted, weeks_of(scenario, 8 * 60, 26 * 60), seconds=4.0)
    _are_enough(scenario, wanted, hires)


def test_a_search_without_time_still_finds_people_who_are_enough(model: SeasonModel) -> None:
    scenario = model.loaded.scenario
    wanted = needs(model, busiest_monday(model.demand))
    weeks = weeks_of(scenario, 8 * 60, 26 * 60)
    hires = solve(scenario, wanted, weeks, seconds=0.0)
    _are_enough(scenario, wanted, hires)


def test_the_simulated_week_has_the_people_that_were_hired(model: SeasonModel) -> None:
    scenario = model.loaded.scenario
    wanted = needs(model, date(2027, 8, 2))
    hires = solve(scenario, wanted, weeks_of(scenario, 8 * 60, 26 * 60), seconds=2.0)
    week = with_team(model.loaded, hires, date(2027, 8, 2))
    assert week.days == 7
    for name, desk in week.scenario.team.items():
        planned = roster(name, hires)
        assert {language: dict(shifts) for language, shifts in desk.roster.items()} == {
            language: {code: tuple(heads) for code, heads in shifts.items()} for language, shifts in planned.items()
        }
        assert not any((desk.tr, desk.en, desk.de, desk.ru))


def test_wages_are_those_of_everybody_planned_in_the_currency_of_prices() -> None:
    only = ["team.phone.tr=1", "team.phone.en=0", "team.phone.de=0", "team.phone.ru=0"]
    none = [f"team.digital.{language}=0" for language in ("tr", "en", "de", "ru")]
    week = ["season.first=2027-08-02", "season.last=2027-08-08"]
    scenario = load_scenario("antalya-high-season", [*only, *none, *week]).scenario
    assert season_wages(scenario) == pytest.approx(6 * 7.5 * 240 * 1.22 / 55), "an early shift has no night"
    late = load_scenario("antalya-high-season", [*only, *none, *week, "team.phone.shifts={ late = 1 }"]).scenario
    share = 7.5 / 8 * 4 * 0.10 / 7.5
    assert season_wages(late) == pytest.approx(6 * 7.5 * 240 * 1.22 / 55 * (1 + share)), "20 to 24 o'clock is night"
    in_pounds = load_scenario("antalya-high-season", ["selling.price.currency=GBP"]).scenario
    assert season_wages(in_pounds) is None, "nobody said what a pound is worth"


def test_the_roster_as_a_scenario_file_is_the_team_that_was_proved(tmp_path: Path) -> None:
    hotel = files("scenarios").joinpath("hotels", "demo-resort.toml").read_text(encoding="utf-8")
    (tmp_path / "ours.toml").write_text(hotel, encoding="utf-8")
    mine = tmp_path / "mine.toml"
    mine.write_text(MINE, encoding="utf-8")
    monday, out = date(2027, 8, 2), tmp_path / "plans"
    out.mkdir()
    loaded = load_scenario(mine, ["demand.factor=9", "hotels[1].copies=2"])
    week = weeks_of(loaded.scenario, 8 * 60, 24 * 60)[-1]
    text = roster_scenario(loaded, str(mine), [Hire("phone", "ru", week, 3)], monday, 5, out)
    (out / "roster.toml").write_text(text, encoding="utf-8")
    wanted, found = with_team(loaded, [Hire("phone", "ru", week, 3)], monday), load_scenario(out / "roster.toml")
    for part in ("season", "demand", "team", "shifts", "rules", "targets", "selling"):
        assert getattr(found.scenario, part) == getattr(wanted.scenario, part), part
    assert [(one.hotel_id, one.rooms) for one in found.hotels] == [(one.hotel_id, one.rooms) for one in loaded.hotels]
    assert (found.name, found.scenario.seed) == ("roster-mine", 5)
    assert sum(map(sum, found.scenario.team["phone"].roster["de"].values())) == 0, "whom the base had is gone"
    assert {one.source for one in found.assumptions if one.path.startswith("team.phone.roster")} == {"derived"}


@pytest.mark.parametrize(
    ("start", "end", "pause", "days"),
    [
        (time(8), time(16), 30, 6),
        (time(8), time(18), 60, 5),
        (time(8), time(20, 30), 60, 0),
        (time(22), time(6, 30), 30, 0),
        (time(20), time(4), 30, 6),
        (time(8), time(16), 0, 0),
    ],
)
def test_a_shift_is_worked_on_as_many_days_as_the_law_allows(
    model: SeasonModel, start: time, end: time, pause: int, days: int
) -> None:
    middle = time(12) if start == time(8) else time(0)
    breaks = (Break(minutes=pause, earliest=middle, latest=middle),) if pause else ()
    assert days_allowed(Shift(start=start, end=end, breaks=breaks), model.loaded.scenario.labour) == days


def test_no_week_breaks_the_labour_rules(model: SeasonModel) -> None:
    labour = model.loaded.scenario.labour
    weeks = weeks_of(model.loaded.scenario, 8 * 60, 26 * 60)
    assert weeks
    for week in weeks:
        assert week.hours <= labour.week_hours
        assert sum(week.days) <= labour.days_per_week
        assert week.cover.sum() == pytest.approx(2 * week.hours)
