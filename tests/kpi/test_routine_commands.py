"""The KPI routine as it is typed: a week written, a pilot, a proposal, its approval, the demand as a scenario."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from cli.exit_codes import ExitCode
from scenarios.scenario_loader import load_scenario
from tests.kpi.exports import Exporting
from tests.kpi.weeks import put_days


@pytest.fixture
def house(tmp_path: Path) -> Exporting:
    """The hand-made week and a month of facts before it."""
    found = Exporting.of_the_week(tmp_path)
    found.change(lambda tx: put_days(tx, date(2027, 4, 10), 23, size=12))
    return found


def test_a_week_is_written_as_two_files_and_written_again_over_them(house: Exporting) -> None:
    words = ("kpi", "weekly", "--week", "2027-W18", "--out", str(house.folder), "--no-pms", "--cards")
    body = house.run(*words, "--json").body
    assert body["week"] == "2027-W18"
    assert len(body["actions"]) == 3
    files = house.files()
    assert sorted(files) == ["2027-W18.html", "2027-W18.pdf"]
    ended = house.run(*words, "--lang", "tr")
    assert ended.code == ExitCode.DONE, ended.err
    assert "Yapılacak üç şey" in ended.out
    assert "Yapılacak üç şey" in house.files()["2027-W18.html"].decode()
    assert house.run(*words).code == ExitCode.DONE
    assert house.files() == files


def test_a_week_that_is_none_is_bad_input_and_writes_nothing(house: Exporting) -> None:
    ended = house.run("kpi", "weekly", "--week", "2027-W60", "--out", str(house.folder))
    assert ended.code == ExitCode.USAGE
    assert "not a week such as 2027-W31" in ended.err
    assert not house.folder.exists()


def test_a_pilot_is_started_once_and_looked_at(house: Exporting) -> None:
    assert house.run("kpi", "pilot", "status").code == ExitCode.NOT_FOUND
    body = house.run("kpi", "pilot", "start", "--from", "2027-05-03", "--json").body
    assert (body["day"], body["last"]) == (8, "2027-06-01")
    assert house.run("kpi", "pilot", "start").code == ExitCode.REFUSED
    ended = house.run("kpi", "pilot", "status")
    assert "Day 8 of 30" in ended.out
    assert "Worst bottleneck: First response, Telephone" in ended.out


def test_targets_are_proposed_by_one_and_approved_by_another(house: Exporting) -> None:
    body = house.run("kpi", "calibrate", "--actor", "boss", "--json").body
    assert any(row["verdict"] == "proposed" for row in body["rows"])
    the_id = body["proposal_id"]
    assert house.run("kpi", "calibrate", "--approve", the_id, "--actor", "boss").code == ExitCode.REFUSED
    told = house.run("kpi", "calibrate", "--approve", the_id, "--actor", "ayse", "--json").body
    assert (told["state"], told["approved_by"]) == ("approved", "ayse")
    listed = house.run("kpi", "calibrate", "--list", "--json").body
    assert [(one["proposal_id"], one["state"]) for one in listed["rows"]] == [(the_id, "approved")]
    versions = house.run("channel", "show", "phone", "--json").body["versions"]
    assert [one["effective_from"] for one in versions] == [told["effective_from"]]
    assert house.run("kpi", "calibrate", "--list", "--approve", the_id).code == ExitCode.USAGE


def test_the_demand_of_the_span_becomes_a_scenario_that_can_be_loaded(house: Exporting, tmp_path: Path) -> None:
    out = tmp_path / "our-season.toml"
    body = house.run("kpi", "calibrate", "--scenario", str(out), "--rooms", "266", "--json").body
    assert body["scenario_file"] == str(out)
    loaded = load_scenario(out)
    mix = loaded.scenario.demand.channel_mix
    share = mix["phone"]
    fitted = {row["path"]: row for row in body["fitted"]}
    assert fitted["demand.contacts_per_1000_rooms_day"]["status"] == "fitted"
    assert Decimal(str(share)) < 1
    again = house.run("kpi", "calibrate", "--scenario", str(out))
    assert again.code == ExitCode.REFUSED
