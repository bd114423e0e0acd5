"""Homes: made whole or not at all, never overwritten by accident, the same for the same seed."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.santral import START, a_home, in_pms, process, run


def test_the_same_seed_and_start_give_the_same_dump(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    dumped = run("pms", "seed", "--dump", home=home).out
    assert dumped == "".join(in_pms(home))
    assert dumped == run("pms", "seed", "--dump", "--seed", "7", home=home).out
    assert dumped != run("pms", "seed", "--dump", "--seed", "8", home=home).out


def test_seeding_again_gives_what_init_gave(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    before = in_pms(home)
    assert run("pms", "reset", "--yes", home=home).code == 0
    assert len(in_pms(home)) < len(before) / 10
    assert run("pms", "seed", "--yes", home=home).code == 0
    assert in_pms(home) == before


def test_a_home_is_not_overwritten_without_force(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    before = (home / "home.json").read_bytes()
    ended = run("init", "--small", "--json", home=home)
    assert (ended.code, ended.body["error"]["code"]) == (3, "refused")
    assert run("init", "--small", "--force", home=home).code == 2
    assert (home / "home.json").read_bytes() == before
    assert run("init", "--small", "--seed", "9", "--start", START, "--force", "--yes", home=home).code == 0
    assert json.loads((home / "home.json").read_text())["seed"] == 9
    assert [path.name for path in tmp_path.iterdir()] == [".santral"]


def test_a_folder_that_is_no_home_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("mine")
    ended = run("init", "--small", "--force", "--yes", home=tmp_path)
    assert ended.code == 3
    assert [path.name for path in tmp_path.iterdir()] == ["letters.txt"]


def test_a_home_that_fails_half_way_leaves_nothing(tmp_path: Path) -> None:
    ended = run("init", "--small", "--start", "1900-01-01", home=tmp_path / "home")
    assert (ended.code, ended.out) == (2, "")
    assert list(tmp_path.iterdir()) == []


def test_a_group_of_hotels_needs_the_hotel_to_be_named(tmp_path: Path) -> None:
    home = tmp_path / "group"
    made = run("init", "--small", "--hotels", "3", "--start", START, "--json", home=home).body
    assert [one["hotel_id"] for one in made["hotels"]] == ["BELEK1", "SIDE1", "KEMER1"]
    words = ("reservation", "quote", "--check-in", "2027-07-10", "--nights", "3", "--adults", "2", "--json")
    unnamed = run(*words, home=home)
    assert (unnamed.code, unnamed.body["error"]["message"]) == (2, "Name the hotel.")
    assert run("--hotel", "SIDE1", *words, home=home).body["hotel_id"] == "SIDE1"
    assert run(*words, home=home, SANTRAL_HOTEL="kemer1").body["hotel_id"] == "KEMER1"


@pytest.mark.parametrize("count", ["0", "4"])
def test_more_hotels_than_are_shipped_are_refused(tmp_path: Path, count: str) -> None:
    assert run("init", "--hotels", count, home=tmp_path / "home").code == 2


def test_a_lost_file_of_the_pms_is_made_again_by_seeding(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    before = in_pms(home)
    (home / "pms.sqlite").unlink()
    ended = run("pms", "clock", home=home)
    assert (ended.code, "lost its file" in ended.err, "`santral pms seed --yes`" in ended.err) == (2, True, True)
    assert run("pms", "seed", "--yes", home=home).code == 0
    assert in_pms(home) == before


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda path: path.write_text("a letter"), "is not a store of the mock PMS"),
        (lambda path: _set_version(path, 99), "another version"),
    ],
    ids=["no store", "another version"],
)
def test_what_is_wrong_with_the_pms_file_is_said(
    tmp_path: Path, spoil: Callable[[Path], object], sentence: str
) -> None:
    home = a_home(tmp_path)
    spoil(home / "pms.sqlite")
    ended = run("reservation", "list", home=home)
    assert (ended.code, sentence in ended.err, "--force" in ended.err) == (2, True, False)


def _set_version(path: Path, number: int) -> None:
    with closing(sqlite3.connect(path)) as file:
        file.execute(f"PRAGMA user_version={number}")


def test_reading_commands_read_without_room_for_shared_memory(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    for words in (("reservation", "list"), ("pms", "clock")):
        ended = process(*words, cwd=tmp_path, most_bytes=4096, SANTRAL_HOME=str(home))
        assert ended.code == 0, ended.err
    ended = process("pms", "clock", "--advance", "1h", cwd=tmp_path, most_bytes=4096, SANTRAL_HOME=str(home))
    assert (ended.code, "--force" in ended.err) == (5, False), ended.err


def test_a_demo_without_a_place_for_its_report_does_not_start(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    ended = run("demo", "--report-dir", str(tmp_path / "taken" / "report"), home=tmp_path / "none")
    assert (ended.code, "cannot be written" in ended.err, ended.out) == (2, True, "")


def test_the_pms_clock_is_shifted_with_ours(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    assert run("pms", "clock", "--json", home=home).body["now"].startswith("2027-05-01T09:00")
    assert run("pms", "clock", "--set", "2027-06-01T10:00Z", "--json", home=home).body["now"] == "2027-06-01T10:00:00Z"
    assert run("pms", "clock", "--json", home=home).body["now"].startswith("2027-06-01")


def test_the_night_audit_closes_the_days_before_the_shifted_today(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    later = run("pms", "night-audit", "--json", home=home, SANTRAL_AS_OF="2027-09-01T09:00:00Z").body
    assert len(later["no_show"]) > 0


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("Akcay", "Akçay"), ("UÇAR", "Uçar"), ("yilmaz", "Yılmaz"), ("Juettner", "Jüttner"), ("Егорова", "Egorova")],
)
def test_a_surname_is_found_in_the_alphabet_of_the_keyboard(tmp_path: Path, typed: str, stored: str) -> None:
    home = a_home(tmp_path)
    empty = (home / "santral.sqlite").read_bytes()
    created = run("guest", "create", "--name", f"Deniz {stored}", "--phone", "+905321119988", "--json", home=home)
    assert created.code == 0, created.err
    for path in home.glob("santral.sqlite*"):
        path.unlink()
    (home / "santral.sqlite").write_bytes(empty)
    found = run("guest", "find", "--name", typed, home=home)
    assert f"Deniz {stored}" in found.out, found.err
