"""`santral scenario`: which there are, what one rests on, where two differ, what is wrong with one. No home needed."""

from pathlib import Path

import pytest

from tests.e2e.santral import run
from tests.unit.scenarios.scenario_texts import MINE


def test_scenarios_are_listed_shown_validated_and_compared_without_a_home(tmp_path: Path) -> None:
    home = tmp_path / "none"
    rows = run("scenario", "list", "--json", home=home).body["rows"]
    assert (rows[0]["name"], rows[0]["rooms"]) == ("antalya-high-season", 4000)
    assert "Senaryo" in run("scenario", "list", "--lang", "tr", home=home).out
    shown = run("scenario", "show", "--below", "selling.stages", "--source", "assumption", "--json", home=home).body
    assert shown["sources"]["assumption"] > len(shown["assumptions"]) == 4
    assert shown["assumptions"][0] == {
        "path": "selling.stages.confirmed_at_once",
        "value": 0.58,
        "source": "assumption",
        "note": "how holds end is not published",
        "file": "antalya-high-season.toml",
    }
    mine = tmp_path / "mine.toml"
    mine.write_text(MINE, encoding="utf-8")
    checked = run("scenario", "validate", str(mine), "--json", home=home).body
    assert (checked["valid"], checked["days"], checked["sources"]["unmarked"]) == (True, 7, 2)
    differing = run("scenario", "diff", "antalya-high-season", str(mine), "--json", home=home).body["rows"]
    assert [one["path"] for one in differing] == ["season.first", "season.last"]
    assert not home.exists()


def test_a_what_if_is_compared_with_its_own_scenario(tmp_path: Path) -> None:
    body = run("scenario", "diff", "smoke", "--set", "team.phone.ru+=1", "--json", home=tmp_path).body
    assert body["rows"] == [
        {"path": "team.phone.ru", "left": 2, "left_source": "assumption", "right": 3, "right_source": "what_if"}
    ]
    same = run("scenario", "diff", "smoke", "smoke", home=tmp_path)
    assert same.out == "smoke and smoke say the same.\n"


def test_the_side_that_was_set_is_named_so(tmp_path: Path) -> None:
    assert "smoke (--set)" in run("scenario", "diff", "smoke", "--set", "team.phone.ru+=1", home=tmp_path).out


def test_a_path_with_nothing_under_it_is_told_with_one_that_has(tmp_path: Path) -> None:
    ended = run("scenario", "show", "smoke", "--below", "team.fone", home=tmp_path)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == "The scenario smoke has nothing under team.fone; a path begins as team.phone does.\n"


def test_values_come_as_rows_of_csv(tmp_path: Path) -> None:
    lines = run("scenario", "show", "smoke", "--below", "targets.handoff", "--format", "csv", home=tmp_path).out
    assert lines.splitlines()[0] == "path,value,source,note,file"
    assert len(lines.splitlines()) == 3


def test_a_person_reads_the_sources_in_turkish(tmp_path: Path) -> None:
    said = run("scenario", "show", "smoke", "--below", "load", "--lang", "tr", home=tmp_path).out
    assert "Duman testi" in said
    assert "varsayım" in said


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("show", "atlantis"), "there is no such scenario; shipped ones are antalya-high-season"),
        (("show", "smoke", "--set", "team.fone.ru+=1"), "did you mean team.phone.ru?"),
        (("validate", "smoke", "--set", "staff.absence=2"), "staff.absence: the value must be less than"),
        (("diff", "smoke", "atlantis"), "there is no such scenario"),
    ],
)
def test_a_wrong_scenario_ends_with_exit_code_2_and_one_sentence(tmp_path: Path, words: tuple[str, ...], says: str):
    ended = run("scenario", *words, "--json", home=tmp_path)
    assert (ended.code, ended.body["error"]["code"]) == (2, "scenario_file")
    assert says in ended.body["error"]["message"]
