"""`santral sim`: the answers planners script against, and one clear sentence for what cannot be meant."""

import csv
import re
from datetime import time
from pathlib import Path

import numpy as np
import pytest
from openpyxl import load_workbook

from cli.rosters import roster_rows, write_roster
from scenarios.schema.season_team import Shift
from sim.staffing.cover import Hire
from sim.staffing.shifts import WEEK_SLOTS, Week
from tests.e2e.santral import run

WEEK = """
schema = 1
extends = "smoke"
name = "week"

[season]
first = 2027-08-02
last = 2027-08-08

[demand]
factor = 1
"""
SMALL = ("smoke", "-n", "2", "--workers", "1")


def test_a_season_is_told_with_intervals_and_targets(tmp_path: Path) -> None:
    body = run("--json", "sim", "run", *SMALL, home=tmp_path).body
    assert {"metric", "value", "low", "high", "n"} <= set(body["rows"][0])
    rows = {row["metric"]: row for row in body["rows"]}
    assert rows["service_level"]["low"] <= rows["service_level"]["value"] <= rows["service_level"]["high"]
    assert rows["handoff_rate"]["target_high"] == 0.2
    assert {"lost_for_people", "lost_for_rooms", "revenue"} <= set(rows)
    assert len(body["half_hours"]) == 48


def test_a_season_is_told_in_turkish_too(tmp_path: Path) -> None:
    assert "Telefon hizmet seviyesi" in run("--lang", "tr", "sim", "run", *SMALL, home=tmp_path).out


def test_every_word_of_a_turkish_answer_is_turkish(tmp_path: Path) -> None:
    said = run("--lang", "tr", "sim", "run", "smoke", "-n", "1", "--workers", "1", home=tmp_path).out
    assert {"Gösterge", "Durum", "hedefte", "Web sohbeti"} <= set(re.split(r"\s{2,}|: |\n", said))
    assert "web_chat" not in said


def test_one_replication_cannot_tell_what_is_real_and_says_so(tmp_path: Path) -> None:
    words = ("sim", "compare", "smoke", "-n", "1", "--workers", "1", "--set", "work.ota.sales.wrap_s=9")
    said = run(*words, home=tmp_path).out
    assert "not known" in said
    assert " no\n" not in said
    assert re.search(r"Revenue +[\d,]+ EUR +[\d,]+ EUR", said)
    body = run("--json", *words, home=tmp_path).body
    assert body["changed"] == [["work.ota.sales.wrap_s", None, 9]]


def test_the_scenario_of_a_roster_gives_the_figures_of_its_proof(tmp_path: Path) -> None:
    week = tmp_path / "week.toml"
    week.write_text(WEEK, encoding="utf-8")
    ended = run("--json", "sim", "staff", str(week), "-n", "1", "--workers", "1", "--out", str(tmp_path), home=tmp_path)
    body = ended.body
    assert ended.code == (0 if body["verdict"] == "pass" else 7)
    assert [Path(one).suffix for one in body["files"]] == [".csv", ".xlsx", ".toml"]
    again = run("--json", "sim", "run", body["files"][2], "-n", "1", "--workers", "1", home=tmp_path).body
    proved = {row["metric"]: row["value"] for row in body["rows"] if row["day"] == "mean"}
    assert proved == {row["metric"]: row["value"] for row in again["rows"] if row["metric"] in proved}
    refused = run("sim", "staff", str(week), "-n", "1", "--out", str(tmp_path), home=tmp_path)
    assert (refused.code, "is there already" in refused.err) == (3, True)


def test_the_same_scenario_compared_with_itself_has_no_real_difference(tmp_path: Path) -> None:
    same = run("--json", "sim", "compare", *SMALL, home=tmp_path).body
    assert not any(row["real"] for row in same["rows"])
    other = run("--json", "sim", "compare", *SMALL, "--set", "team.phone.tr+=3", home=tmp_path).body
    assert [change[0] for change in other["changed"]] == ["team.phone.tr"]
    hours = next(row for row in other["rows"] if row["metric"] == "agent_hours")
    assert hours["value"] > 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("run", "nowhere"), "there is no such scenario"),
        (("run", "smoke", "-n", "0"), "Replications are 1 to"),
        (("run", "smoke", "--until-precision", "soon"), "A precision is a share"),
        (("run", "smoke", "--set", "team.phone.rru+=1"), "did you mean team.phone.ru"),
        (("run", "smoke", "--executor", "cloud://x"), "An executor is"),
        (("tornado", "smoke", "--metric", "luck"), "There is no metric luck"),
        (("staff", "smoke"), "The season holds no whole week"),
        (("staff", "--week", "2027-08-03"), "A week begins on a Monday"),
        (("staff", "pms-outage", "--week", "2027-08-03"), "A week begins on a Monday"),
        (("staff", "--week", "2027-09-27"), "The week must lie within the season"),
        (("run", "smoke", "--executor", "dask://"), "An executor is"),
        (("run", "smoke", "--executor", "dask://here:now"), "An executor is"),
        (("staff", "--set", "targets.phone.service_level=1"), "No team is sure to answer everybody in time"),
        (("run", "smoke", "--seed", "-1"), "A seed is a whole number"),
        (("verify", "--quick", "--seed", "-1"), "A seed is a whole number"),
        (("staff", "--out", "nowhere"), "is not a folder"),
    ],
)
def test_what_cannot_be_meant_is_told_in_a_sentence(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    ended = run("sim", *words, home=tmp_path)
    assert ended.code == 2
    assert said in ended.err
    assert ended.out == ""


def test_a_roster_is_the_same_table_in_csv_and_xlsx(tmp_path: Path) -> None:
    week = Week(
        "early", Shift(start=time(8), end=time(16)), (True,) * 5 + (False,) * 2, np.zeros(WEEK_SLOTS), 40.0, 0.0
    )
    rows = roster_rows([Hire("phone", "ru", week, 2)])
    files = [tmp_path / "r.csv", tmp_path / "r.xlsx"]
    write_roster(files, rows)
    with files[0].open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.reader(file))
    assert table[1] == ["phone-ru-1", "phone", "ru", "early", "08:00", "16:00", "x", "x", "x", "x", "x", "", ""]
    assert len(table) == 3
    sheet = load_workbook(files[1]).active
    assert sheet is not None
    assert [[cell or "" for cell in line] for line in sheet.iter_rows(values_only=True)] == table
    assert sorted(path.name for path in tmp_path.iterdir()) == ["r.csv", "r.xlsx"]
