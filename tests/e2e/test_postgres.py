"""`santral` with its store in PostgreSQL: a home, its care, and several commands at once."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.santral import SCRIPT, START, Ended, run
from tests.postgres import a_database, drop

PHONE = "05321234567"


class Home:
    """A home whose store is a database."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url

    def run(self, *words: str) -> Ended:
        return run(*words, home=self.folder, SANTRAL_DATABASE_URL=self.url)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    url = a_database(empty=True)
    made = Home(tmp_path / ".santral", url)
    ended = made.run("init", "--small", "--seed", "7", "--start", START)
    assert ended.code == 0, ended.err
    yield made
    drop(url)


def statuses(ended: Ended) -> dict[str, str]:
    return {one["name"]: one["status"] for one in ended.body["checks"]}


def test_a_home_keeps_its_store_in_a_database_and_all_care_works_there(home: Home, tmp_path: Path) -> None:
    assert not (home.folder / "santral.sqlite").exists()
    assert home.run("call", "start", "--phone", PHONE).code == 0
    backup = tmp_path / "b.dump"
    assert set(statuses(home.run("store", "backup", str(backup), "--json")).values()) == {"ok"}
    assert home.run("call", "start", "--phone", PHONE).code == 0
    assert home.run("store", "restore", str(backup)).code == 3
    restored = home.run("store", "restore", str(backup), "--force", "--yes", "--json")
    assert (restored.code, restored.body["lost"]) == (0, 1)
    assert home.run("audit", "verify", "--json").body["status"] == "whole"
    assert set(statuses(home.run("store", "check", "--json")).values()) == {"ok"}
    assert home.run("store", "upgrade").code == 0
    export = tmp_path / "audit.jsonl"
    assert home.run("audit", "export", str(export)).code == 0
    assert home.run("audit", "verify", "--file", str(export)).code == 0
    wanting = [name for name, status in statuses(home.run("doctor", "--json")).items() if status != "ok"]
    assert wanting in ([], ["durability"]), "the tests' server does not sync, and doctor says so"


def test_a_new_home_never_takes_over_a_database_that_is_in_use(home: Home, tmp_path: Path) -> None:
    assert home.run("call", "start", "--phone", PHONE).code == 0
    other = Home(tmp_path / "other", home.url)
    ended = other.run("init", "--small", "--start", START)
    assert (ended.code, "There is a store at" in ended.err) == (3, True)
    assert not other.folder.exists()


def test_a_server_that_is_away_is_five_and_a_bad_address_is_two_and_neither_shows_the_password(home: Home) -> None:
    for url, code in (("postgresql://a:tres-secret@127.0.0.1:1/x", 5), ("mysql://a:tres-secret@h/x", 2)):
        ended = Home(home.folder, url).run("reservation", "list")
        assert (ended.code, "tres-secret" in ended.out + ended.err) == (code, False), ended.err
        assert len(ended.err.strip().splitlines()) <= 2


def test_the_doctor_says_once_that_the_database_is_away(home: Home) -> None:
    ended = Home(home.folder, "postgresql://a:tres-secret@127.0.0.1:1/x").run("doctor", "--json")
    assert (ended.code, [name for name, status in statuses(ended).items() if status != "ok"]) == (7, ["store"])


def test_two_inits_at_once_on_one_database_make_one_home(tmp_path: Path) -> None:
    url = a_database(empty=True)
    env = {"SANTRAL_DATABASE_URL": url, "LANG": "C.UTF-8", "USER": "ayse"}
    homes = [tmp_path / "one", tmp_path / "other"]
    words = [str(SCRIPT), "init", "--small", "--start", START]
    crowd = [subprocess.Popen(words, env={**env, "SANTRAL_HOME": str(one)}, stdout=-3, stderr=-3) for one in homes]
    assert sorted(one.wait(120) for one in crowd) == [0, 3]
    (made,) = tmp_path.iterdir()
    assert Home(made, url).run("call", "start", "--phone", PHONE).code == 0
    drop(url)


def test_several_commands_at_once_write_one_audit_without_gap(home: Home, tmp_path: Path) -> None:
    env = {"SANTRAL_HOME": str(home.folder), "SANTRAL_DATABASE_URL": home.url, "LANG": "C.UTF-8", "USER": "ayse"}
    words = [str(SCRIPT), "call", "start", "--phone", "02423123450"]  # a fixed line: no guest file of its own
    crowd = [subprocess.Popen([*words, "--actor", f"a{n}"], env=env, stdout=-3, stderr=-3) for n in range(4)]
    assert [one.wait(120) for one in crowd] == [0, 0, 0, 0]
    verified = home.run("audit", "verify", "--json").body
    assert (verified["status"], verified["rows"]) == ("whole", 4)
