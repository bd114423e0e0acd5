"""The commands that look after a home: audit verify and export, store backup, restore, check and upgrade, doctor."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.santral import Body, a_home, run


@pytest.fixture
def home(tmp_path: Path) -> Path:
    place = a_home(tmp_path)
    for number in range(3):
        assert run("call", "start", "--phone", f"0242312345{number}", "--json", home=place).code == 0
    return place


def tamper(home: Path, *statements: str) -> None:
    with closing(sqlite3.connect(home / "santral.sqlite", isolation_level=None)) as store:
        triggers = store.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            store.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            store.execute(statement)
        for _, sql in triggers:
            store.execute(sql)


def statuses(body: Body) -> dict[str, str]:
    return {one["name"]: one["status"] for one in body["checks"]}


def test_every_command_that_writes_leaves_a_checkpoint_and_the_audit_verifies(home: Path) -> None:
    ended = run("audit", "verify", "--json", home=home)
    assert (ended.code, ended.body["status"], ended.body["rows"]) == (0, "whole", 3)
    assert ended.body["checkpoints"] == {"count": 4, "last": 3, "behind": 0}


def test_a_cut_tail_ends_with_seven_and_names_the_row(home: Path) -> None:
    tamper(home, "DELETE FROM audit WHERE seq = 3")
    ended = run("audit", "verify", "--json", home=home)
    assert (ended.code, ended.body["first_bad"]) == (7, 3)
    assert ended.body["findings"] == [{"seq": 3, "fault": "cut"}]
    assert "3" in run("audit", "verify", home=home).out
    assert run("call", "start", "--phone", "02423123459", "--json", home=home).code == 5


def test_an_export_is_verified_without_the_store(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    assert run("audit", "export", str(file), "--json", home=home).body == {"file": str(file), "rows": 3}
    assert run("audit", "export", str(file), home=home).code == 3
    key = (home / "audit.key").read_text()
    nowhere = tmp_path / "nowhere"
    ended = run("audit", "verify", "--file", str(file), "--json", home=nowhere, SANTRAL_AUDIT_KEY=key)
    assert (ended.code, ended.body["status"]) == (0, "whole")
    file.write_text(file.read_text().replace("call_started", "call_startet", 1))
    ended = run("audit", "verify", "--file", str(file), "--json", home=nowhere, SANTRAL_AUDIT_KEY=key)
    assert (ended.code, ended.body["first_bad"]) == (7, 1)


def test_backup_and_restore_bring_back_what_was_and_say_what_is_lost(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "backup.sqlite"
    ended = run("store", "backup", str(file), "--with-mock", "--json", home=home)
    assert (ended.code, ended.body["status"], ended.body["rows"]) == (0, "ok", 3)
    assert {one.name for one in tmp_path.glob("backup*")} == {"backup.sqlite", "backup.sqlite.pms"}
    run("call", "start", "--phone", "02423123459", home=home)
    assert run("store", "restore", str(file), "--json", home=home).code == 3
    assert run("store", "restore", str(file), "--force", "--json", home=home).code == 2
    assert run("store", "restore", str(file), "--force", home=home, typed="n\n").code == 3
    ended = run("store", "restore", str(file), "--force", "--yes", "--json", home=home)
    assert (ended.code, ended.body["rows"], ended.body["lost"]) == (0, 3, 1)
    verified = run("audit", "verify", "--json", home=home)
    assert (verified.code, [one["lost"] for one in verified.body["restores"]]) == (0, [1])


def test_a_truncated_backup_is_refused(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "backup.sqlite"
    run("store", "backup", str(file), home=home)
    file.write_bytes(file.read_bytes()[:20_000])
    for content in (file.read_bytes()[:20_000], b"a letter to a friend " * 500):
        file.write_bytes(content)
        ended = run("store", "restore", str(file), "--force", "--yes", home=home)
        assert (ended.code, f"The backup {file} does not prove itself" in ended.err) == (3, True), ended.err
    assert run("audit", "verify", "--json", home=home).body["rows"] == 3


@pytest.mark.parametrize(
    "words",
    [("store", "backup"), ("audit", "export"), ("reservation", "export", "--out")],
)
@pytest.mark.parametrize("place", ["{tmp}/none/x.csv", "/proc/x.csv", "{tmp}/" + "x" * 251 + ".csv", "{tmp}/a.csv"])
def test_a_file_that_cannot_be_written_as_named_is_bad_input(
    home: Path, tmp_path: Path, words: tuple[str, ...], place: str
) -> None:
    (tmp_path / "a.csv").mkdir()
    ended = run(*words, place.format(tmp=tmp_path), "--force", "--json", home=home)
    assert (ended.code, ended.body["error"]["code"]) == (2, "invalid_input")
    assert "cannot be written" in ended.body["error"]["message"]
    assert list((tmp_path / "a.csv").iterdir()) == []


def test_tail_shows_no_row_that_was_slipped_in_before_the_first_and_verify_tells(home: Path) -> None:
    before = run("audit", "tail", "--json", home=home).body
    copy = "INSERT INTO audit SELECT {}, at, 'mallory', action, body || ' ', mac FROM audit WHERE seq = 1"
    tamper(home, copy.format(0), copy.format(-1))
    assert run("audit", "tail", "--json", home=home).body == before
    ended = run("audit", "verify", "--json", home=home)
    assert (ended.code, ended.body["findings"]) == (7, [{"seq": -1, "fault": "extra"}, {"seq": 0, "fault": "extra"}])
    assert statuses(run("store", "check", "--json", home=home).body)["audit"] == "failed"


def test_check_and_doctor_find_nothing_in_a_home_in_order(home: Path) -> None:
    checked = run("store", "check", "--json", home=home)
    assert (checked.code, set(statuses(checked.body).values())) == (0, {"ok"})
    looked = run("doctor", "--json", home=home)
    assert (looked.code, set(statuses(looked.body).values())) == (0, {"ok"})
    assert {"home", "store", "audit_key", "hotel_files", "pms:BELEK1", "mapping:BELEK1"} <= set(statuses(looked.body))


def test_check_ends_with_seven_when_something_is_wrong(home: Path) -> None:
    tamper(home, "UPDATE audit SET body = body || ' ' WHERE seq = 2")
    ended = run("store", "check", "--json", home=home)
    assert (ended.code, statuses(ended.body)["audit"]) == (7, "failed")


def test_check_sees_that_the_guards_of_the_audit_were_dropped(home: Path) -> None:
    with closing(sqlite3.connect(home / "santral.sqlite", isolation_level=None)) as store:
        store.execute("DROP TRIGGER audit_no_delete")
    ended = run("store", "check", "--json", home=home)
    assert (ended.code, statuses(ended.body)["guards"]) == (7, "failed")


def open_key(home: Path) -> None:
    (home / "audit.key").chmod(0o644)


def lost_key(home: Path) -> None:
    (home / "audit.key").unlink()


def no_checkpoints(home: Path) -> None:
    (home / "audit.checkpoints").unlink()


def broken_hotel(home: Path) -> None:
    (next((home / "hotels").iterdir())).write_text("hotel = 1")


def no_hotel(home: Path) -> None:
    (next((home / "hotels").iterdir())).unlink()


def no_store(home: Path) -> None:
    (home / "santral.sqlite").unlink()


@pytest.mark.parametrize(
    ("harm", "name"),
    [
        (open_key, "audit_key"), (lost_key, "audit_key"), (no_checkpoints, "audit"), (no_hotel, "hotel_files"),
        (broken_hotel, "hotel_files"), (no_store, "store"),
    ],
)  # fmt: skip
def test_the_doctor_names_what_is_wrong_with_a_hint(home: Path, harm, name: str) -> None:
    harm(home)
    ended = run("doctor", "--json", home=home)
    assert ended.code == 7
    hints = {one["name"]: one["hint"] for one in ended.body["checks"] if one["status"] == "failed"}
    assert hints[name]


@pytest.mark.parametrize(("harm", "name"), [(no_store, "store"), (lost_key, "audit_key"), (open_key, "audit_key")])
def test_the_doctor_blames_the_hotel_files_for_nothing_but_themselves(home: Path, harm, name: str) -> None:
    harm(home)
    found = statuses(run("doctor", "--json", home=home).body)
    assert [one for one, status in found.items() if status != "ok"] == [name]
    assert ("pms:BELEK1" in found) == (harm is open_key), "the PMS is asked where nothing that it needs is missing"


def test_the_doctor_says_when_there_is_no_home_and_when_the_pms_is_away(home: Path, tmp_path: Path) -> None:
    ended = run("doctor", "--json", home=tmp_path / "none")
    assert (ended.code, statuses(ended.body)["home"]) == (7, "failed")
    ended = run("doctor", "--json", home=home, SANTRAL_PMS_URL="http://127.0.0.1:9")
    assert (ended.code, statuses(ended.body)["pms:BELEK1"]) == (7, "failed")


def test_an_upgrade_of_a_store_of_today_does_nothing(home: Path) -> None:
    ended = run("store", "upgrade", "--json", home=home)
    assert (ended.code, ended.body["kept"]) == (0, None)
    assert run("store", "upgrade", home=home.parent / "none").code == 4


@pytest.mark.parametrize("key", ["", "abc"])
def test_a_key_in_the_environment_wins_and_must_be_one(home: Path, key: str) -> None:
    ended = run("audit", "verify", home=home, SANTRAL_AUDIT_KEY=key)
    assert ended.code == (2 if key else 0)


def test_checkpoints_may_be_kept_elsewhere(tmp_path: Path) -> None:
    place = tmp_path / "far" / "marks"
    home = tmp_path / ".santral"
    made = run("init", "--small", home=home, SANTRAL_AUDIT_CHECKPOINTS=str(place))
    assert made.code == 0, made.err
    assert not (home / "audit.checkpoints").exists()
    run("call", "start", "--phone", "05321234567", home=home, SANTRAL_AUDIT_CHECKPOINTS=str(place))
    assert place.read_text().count("\n") == 2
    assert run("audit", "verify", home=home, SANTRAL_AUDIT_CHECKPOINTS=str(place)).code == 0
