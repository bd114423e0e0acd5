"""Homes: made whole or not at all, never overwritten by accident, the same for the same seed."""

import json
from pathlib import Path

import pytest

from tests.e2e.santral import START, a_home, in_pms, run


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
