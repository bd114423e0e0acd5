"""`santral reservation reconcile`, the board, and a restore that is held against the PMS: as a person runs them."""

import re
from contextlib import closing
from pathlib import Path

import pytest

from pms_mock import control
from tests.e2e.santral import Body, a_home, run

SALE = (
    "--check-in", "2027-07-10", "--nights", "3", "--adults", "2", "--room-type", "STD", "--rate-plan", "UAI-FLEX",
    "--phone", "05321112233", "--name", "Ayşe Yılmaz",
)  # fmt: skip


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return a_home(tmp_path)


def hold(home: Path, key: str) -> Body:
    ended = run("reservation", "hold", *SALE, "--key", key, "--json", home=home)
    assert ended.code == 0, ended.err + ended.out
    return ended.body


def in_mock(home: Path, sql: str, *values: object) -> None:
    """The front desk does something behind our back."""
    with closing(control.open_store(str(home / "pms.sqlite"))) as store, store.writing() as connection:
        connection.execute(sql, values)


def test_what_the_desk_cancelled_ends_with_seven_until_it_is_mended(home: Path) -> None:
    held = hold(home, "k1")
    same = run("reservation", "reconcile", "--json", home=home)
    assert (same.code, same.body["status"], same.body["counts"]["same"]) == (0, "same", 1)
    in_mock(home, "UPDATE reservation SET status = 'Cancelled' WHERE id = ?", int(held["pms_ref"]))
    ended = run("reservation", "reconcile", "--json", home=home)
    (row,) = ended.body["different"]
    assert (ended.code, row["reservation_id"], row["field"]) == (7, held["reservation_id"], "status")
    assert (row["here"], row["there"]) == ("hold", "cancelled")
    assert run("reservation", "reconcile", "--repair", "--json", home=home).code == 2
    assert run("reservation", "reconcile", "--repair", "--dry-run", home=home).code == 7
    shown = run("reservation", "reconcile", home=home)
    assert "santral reservation reconcile --repair" in shown.out
    mended = run("reservation", "reconcile", "--repair", "--yes", "--json", home=home)
    assert (mended.code, mended.body["status"], mended.body["different"][0]["repair"]) == (0, "repaired", "adopted")
    assert run("reservation", "reconcile", "--json", home=home).body["counts"]["found"] == 0


def test_a_cancellation_without_a_number_is_unreadable_and_hides_nothing(home: Path) -> None:
    first, second = hold(home, "k1"), hold(home, "k2")
    for one in (first, second):
        in_mock(home, "UPDATE reservation SET status = 'Cancelled' WHERE id = ?", int(one["pms_ref"]))
    in_mock(home, "UPDATE reservation SET cancelled_on = '2027-05-01' WHERE id = ?", int(first["pms_ref"]))
    ended = run("reservation", "reconcile", "--json", home=home)
    assert ended.code == 7, ended.err + ended.out
    (row,) = ended.body["unreadable"]
    assert (row["pms_ref"], row["there"], len(ended.body["different"])) == (first["pms_ref"], "unreadable", 1)
    assert "Not to be understood" in run("reservation", "reconcile", home=home).out


def test_a_restore_is_held_against_the_pms_and_the_sold_key_finds_its_record(home: Path, tmp_path: Path) -> None:
    backup = tmp_path / "backup.sqlite"
    assert run("store", "backup", str(backup), home=home).code == 0
    sold = hold(home, "k1")
    ended = run("store", "restore", str(backup), "--force", "--yes", "--json", home=home)
    check = ended.body["checks"][-1]
    assert (ended.code, ended.body["status"], check["name"], check["status"]) == (
        7, "failed", "reconcile BELEK1", "failed",
    )  # fmt: skip
    assert "santral reservation reconcile --hotel BELEK1 --repair" in check["hint"]
    again = hold(home, "k1")
    assert (again["pms_ref"], again["replayed"]) == (sold["pms_ref"], True)
    assert run("reservation", "reconcile", "--json", home=home).code == 0


def test_a_restore_whose_pms_is_down_stands_and_says_that_it_is_not_proven(home: Path, tmp_path: Path) -> None:
    backup = tmp_path / "backup.sqlite"
    run("store", "backup", str(backup), home=home)
    assert run("pms", "fault", "add", "down", home=home).code == 0
    ended = run("store", "restore", str(backup), "--force", "--yes", "--json", home=home)
    assert (ended.code, ended.body["status"]) == (5, "unproven")
    assert "santral reservation reconcile --hotel BELEK1" in ended.body["checks"][-1]["hint"]
    assert run("store", "check", home=home).code == 0


LATER = {"SANTRAL_AS_OF": "2027-05-01T09:05:00Z"}


def test_a_deposit_in_doubt_is_decided_on_the_board(home: Path) -> None:
    held = hold(home, "k1")
    one = held["reservation_id"]
    run("pms", "fault", "add", "late_execution", "--on", "postDepositPayment", "--set", "seconds=86400", home=home)
    money = ("--amount", "400", "--method", "cash", "--key", "p")
    assert run("reservation", "pay", one, *money, "--json", home=home).code == 6
    run("pms", "fault", "clear", home=home)
    assert "Nothing waits" in run("task", "list", home=home).out
    assert run("reservation", "reconcile", "--repair", "--yes", home=home, **LATER).code == 0
    (task,) = run("task", "list", "--json", home=home).body["tasks"]
    assert task["kind"] == "deposit_unknown"
    assert run("reservation", "cancel", one, "--yes", "--json", home=home, **LATER).code == 3
    assert run("task", "done", task["task_id"], "--json", home=home).code == 3
    decided = run("task", "decide", task["task_id"], "--happened", "no", "--json", home=home, **LATER)
    assert (decided.code, decided.body["decision"], decided.body["overruled"]) == (0, "not_happened", None)
    assert run("reservation", "pay", one, *money, "--json", home=home, **LATER).code == 3
    assert run("reservation", "cancel", one, "--yes", "--json", home=home, **LATER).code == 0


def test_a_task_is_shown_with_its_ways_and_done_with_a_note(home: Path) -> None:
    held = hold(home, "k1")
    in_mock(home, "DELETE FROM reservation_ref")
    in_mock(home, "UPDATE reservation SET hotel = 'GONE' WHERE id = ?", int(held["pms_ref"]))
    assert run("reservation", "reconcile", "--repair", "--yes", "--json", home=home).code == 0
    (task,) = run("task", "list", "--json", home=home).body["tasks"]
    shown = run("task", "show", task["task_id"], home=home).out
    assert re.search(rf"santral reservation cancel {held['reservation_id']}", shown)
    done = run("task", "done", task["task_id"], "--note", "called the guest", "--json", home=home)
    assert (done.code, done.body["decision"], done.body["done_by"]) == (0, "done", "ayse")
    assert run("task", "list", "--json", home=home).body == {"tasks": []}
    assert len(run("task", "list", "--all", "--json", home=home).body["tasks"]) == 1
