"""`santral pms fault`: armed from a profile and by hand, met by the next command, listed, cleared; its errors."""

from pathlib import Path

import pytest

from pms_mock.faults.rules import ALWAYS
from tests.e2e.santral import a_home, run

SEARCH = ("reservation", "quote", "--check-in", "2027-07-10", "--nights", "3", "--adults", "2", "--json")


def test_a_fault_is_armed_met_listed_and_cleared(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    added = run("pms", "fault", "add", "status", "--on", "reads", "--set", "status=503", "--json", home=home)
    assert added.code == 0, added.err
    assert run(*SEARCH, home=home).code == 5
    rule = run("pms", "fault", "list", "--json", home=home).body["faults"][0]
    assert (rule["kind"], rule["times_left"], rule["hits"] > 0, ALWAYS) == ("status", None, True, -1)
    assert run("pms", "fault", "clear", "--json", home=home).body == {"cleared": 1}
    assert run(*SEARCH, home=home).code == 0


def test_a_profile_is_loaded_whole_and_a_rule_may_be_for_one_hotel(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    loaded = run("pms", "fault", "load", "outage", "--json", home=home).body["faults"]
    assert loaded[0]["from"].startswith("2027-05-01T09:1")
    assert [(one["kind"], one["from"] is not None) for one in loaded] == [
        ("down", True),
        ("status", True),
        ("status", True),
    ]
    run("pms", "fault", "add", "down", "--hotel", "BELEK1", "--times", "2", home=home)
    listed = run("pms", "fault", "list", home=home)
    assert (listed.code, listed.out.count("\n"), "BELEK1" in listed.out) == (0, 6, True)


@pytest.mark.parametrize(
    "words",
    [
        ("add", "odd"),
        ("add", "down", "--set", "x"),
        ("add", "down", "--from", "soon"),
        ("add", "late_execution", "--on", "reads"),
        ("load", "nope.toml"),
    ],
)
def test_what_cannot_be_meant_is_bad_input(tmp_path: Path, words: tuple[str, ...]) -> None:
    ended = run("pms", "fault", *words, "--json", home=a_home(tmp_path))
    assert (ended.code, bool(ended.body["error"]["message"])) == (2, True), ended.err
    assert ended.body["error"]["code"] in {"invalid_input", "fault_profile"}
