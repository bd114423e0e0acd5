"""Everything is one verdict: a lost record, a missed target of the season, a line that is not ready, no headroom."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from cli.golive.check import GoliveWish, _given, judged
from cli.golive.season import season_checks
from cli.loadtest.runs import Outcome
from cli.loadtest.target import Waiver
from cli.loadtest.wishes import LoadWish
from domain.errors import InvalidInput
from loadtests.checks import Check, Section
from loadtests.result import extended, read_result
from loadtests.words import CheckStatus, Verdict
from scenarios.scenario_loader import load_scenario
from sim.runner import run as simulate
from sim.sensitivity import job_of
from tests.loadtests.runs import judged as a_judged_run
from tests.loadtests.runs import samples

READY = Check(Section.READINESS, "tags", "ready", "ready", CheckStatus.PASS)
SEASON = Check(Section.SEASON, "service_level", ">= 80.0 %", "84.0 %", CheckStatus.PASS)
HEADROOM = Check(Section.HEADROOM, "headroom", ">= 10 x", "12.0 x", CheckStatus.PASS)
LOST = Check(Section.INTEGRITY, "acknowledged_once", "each one once", "1 of 500 reservations", CheckStatus.FAIL)


def wish(folder: Path, *waivers: Waiver, search: Path | None = None) -> GoliveWish:
    return GoliveWish(LoadWish("smoke", folder), 1, waivers, search)


def outcome(folder: Path, *checks: Check) -> Outcome:
    return Outcome(
        extended(a_judged_run(folder, samples()), checks),
        folder,
        folder / "report.html",
        is_interrupted=False,
        trouble="",
    )


def verdict(folder: Path, *more: Check, load: tuple[Check, ...] = (), waivers: tuple[Waiver, ...] = ()) -> Verdict:
    return judged(outcome(folder, *load), more, wish(folder, *waivers), "en").result.verdict


def test_all_good_is_a_pass_and_is_written_with_every_section(tmp_path: Path) -> None:
    assert verdict(tmp_path, READY, SEASON, HEADROOM) is Verdict.PASS
    written = {one.section for one in read_result(tmp_path).checks}
    assert {Section.READINESS, Section.SEASON, Section.HEADROOM} <= written
    page, xml = ((tmp_path / name).read_text(encoding="utf-8") for name in ("report.html", "junit.xml"))
    for word in ("Readiness", "The season, simulated", "Tags: Reservation, Support, VIP, OTA"):
        assert word in page
    assert 'name="readiness"' in xml
    assert 'name="season"' in xml


@pytest.mark.parametrize("broken", [READY, SEASON, HEADROOM])
def test_one_line_that_fails_fails_the_whole(tmp_path: Path, broken: Check) -> None:
    others = [one for one in (READY, SEASON, HEADROOM) if one is not broken]
    assert verdict(tmp_path, *others, replace(broken, status=CheckStatus.FAIL)) is Verdict.FAIL


def test_one_lost_record_fails_it_whatever_else_is_ready(tmp_path: Path) -> None:
    assert verdict(tmp_path, READY, SEASON, HEADROOM, load=(LOST,)) is Verdict.FAIL


def test_a_headroom_that_nobody_measured_is_never_a_pass_unless_waived(tmp_path: Path) -> None:
    assert verdict(tmp_path, READY, SEASON) is Verdict.INVALID
    waiver = Waiver("headroom", "measured in spring", "Ayse")
    assert verdict(tmp_path, READY, SEASON, waivers=(waiver,)) is Verdict.PASS


def test_a_headroom_that_failed_cannot_be_waived(tmp_path: Path) -> None:
    waiver = Waiver("headroom", "measured in spring", "Ayse")
    failed = replace(HEADROOM, status=CheckStatus.FAIL)
    assert verdict(tmp_path, READY, SEASON, failed, waivers=(waiver,)) is Verdict.FAIL


def test_readiness_that_nobody_looked_at_is_never_a_pass(tmp_path: Path) -> None:
    skipped = Check(Section.READINESS, "readiness", "ready", "-", CheckStatus.SKIPPED)
    assert verdict(tmp_path, skipped, SEASON, HEADROOM) is Verdict.INVALID


def test_a_season_is_held_to_every_target_of_its_scenario() -> None:
    found = season_checks(simulate(job_of(load_scenario("smoke")), 2))
    names = [one.name for one in found]
    assert {"service_level", "abandonment_rate", "handoff_rate", "resolution_s"} <= set(names)
    assert sum(name.startswith("frt_in_target.") for name in names) >= 4
    assert {one.section for one in found} == {Section.SEASON}
    assert all("(" in one.measured for one in found)
    assert next(one for one in found if one.name == "handoff_rate").target == "15.0 % - 20.0 %"


def test_a_season_that_misses_its_target_by_its_whole_interval_fails() -> None:
    loaded = load_scenario("smoke", ["targets.phone.abandonment=0", "demand.factor=80"])
    found = {one.name: one.status for one in season_checks(simulate(job_of(loaded), 2))}
    assert found["abandonment_rate"] in {CheckStatus.FAIL, CheckStatus.AT_RISK}
    alone = {one.name: one.status for one in season_checks(simulate(job_of(loaded), 1))}
    assert alone["abandonment_rate"] is CheckStatus.FAIL


def searched(folder: Path, scenario: str = "smoke") -> Path:
    row = {"section": "headroom", "name": "headroom", "target": ">= 1 x", "measured": "4.0 x", "status": "pass",
           "evidence": "steps=3"}  # fmt: skip
    path = folder / "search.json"
    path.write_text(json.dumps({"scenario": scenario, "check": row}), encoding="utf-8")
    return path


def test_a_search_made_before_gives_the_headroom(tmp_path: Path) -> None:
    (found,) = _given(wish(tmp_path, search=searched(tmp_path)), load_scenario("smoke"))
    assert (found.section, found.status, found.measured) == (Section.HEADROOM, CheckStatus.PASS, "4.0 x")


@pytest.mark.parametrize(("content", "said"), [("{}", "not the result of a search"), ("[", "not the result of a")])
def test_what_is_no_search_is_said(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "search.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InvalidInput, match=said):
        _given(wish(tmp_path, search=path), load_scenario("smoke"))


def test_a_search_of_another_scenario_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="is a search of bad-monday, not of smoke"):
        _given(wish(tmp_path, search=searched(tmp_path, "bad-monday")), load_scenario("smoke"))
