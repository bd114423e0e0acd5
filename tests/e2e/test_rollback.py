"""`santral rollback`: a wrong entry is planned, undone and undone again, on a real home and the real mock."""

from pathlib import Path

from tests.e2e.santral import a_home, run

SALE = (
    "--check-in", "2027-07-10", "--nights", "3", "--adults", "2", "--room-type", "STD", "--rate-plan", "UAI-FLEX",
    "--name", "Anna Schmidt", "--phone", "+49 151 23456789",
)  # fmt: skip


def test_a_wrong_change_and_then_the_whole_reservation_are_undone_and_one_undoing_is_undone(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    made = run("reservation", "confirm", *SALE, "--guarantee", "card", "--json", home=home).body
    one = made["reservation_id"]
    assert run("reservation", "change", one, "--nights", "5", "--yes", "--json", home=home).code == 0
    plan = run("rollback", "plan", "--reservation", one, "--last", "--reason", "3 nights", "--json", home=home)
    assert (plan.code, plan.body["state"]) == (0, "planned")
    assert [step["action"] for step in plan.body["steps"]] == ["change_back", "correction_message"]
    done = run("rollback", "apply", plan.body["rollback_id"], "--yes", "--json", home=home)
    assert (done.code, done.body["state"], done.body["replayed"]) == (0, "applied", False)
    shown = run("reservation", "show", one, "--live", "--json", home=home).body
    assert (shown["nights"], shown["total"], shown["in_pms"]["total"]) == (3, made["total"], made["total"])
    again = run("rollback", "apply", plan.body["rollback_id"], "--yes", "--json", home=home)
    assert (again.code, again.body["replayed"]) == (0, True)

    whole = run("rollback", "plan", "--reservation", one, "--reason", "wrong guest", "--json", home=home).body
    assert run("rollback", "apply", whole["rollback_id"], "--yes", home=home).code == 0
    gone = run("reservation", "show", one, "--live", "--json", home=home).body
    assert (gone["status"], gone["in_pms"]["status"]) == ("rolled_back", "Cancelled")
    back = run("rollback", "plan", "--rollback", whole["rollback_id"], "--reason", "right", "--json", home=home).body
    assert run("rollback", "apply", back["rollback_id"], "--yes", home=home).code == 0
    stands = run("reservation", "show", one, "--live", "--json", home=home).body
    assert (stands["status"], stands["in_pms"]["status"], stands["total"]) == ("confirmed", "Reserved", made["total"])
    listed = run("rollback", "list", "--json", home=home).body["rollbacks"]
    assert [row["state"] for row in listed] == ["applied"] * 3


def test_it_asks_first_shows_in_both_languages_and_takes_an_actors_span(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    made = run("reservation", "confirm", *SALE, "--guarantee", "card", "--json", home=home, SANTRAL_ACTOR="deniz").body
    span = ("--actor", "deniz", "--from", "2027-05-01T00:00", "--to", "2027-05-02T00:00")
    plan = run("rollback", "plan", *span, "--reason", "trainee", "--json", home=home)
    assert (plan.code, plan.body["actors"], plan.body["planned_by"]) == (0, ["deniz"], "ayse")
    rollback_id = plan.body["rollback_id"]
    assert run("rollback", "apply", rollback_id, home=home).code == 2
    assert run("rollback", "apply", rollback_id, home=home, typed="n\n").code == 3
    assert run("rollback", "apply", rollback_id, "--dry-run", "--json", home=home).body["state"] == "planned"
    assert "Yanlış rezervasyonu iptal et" in run("rollback", "show", rollback_id, "--lang", "tr", home=home).out
    done = run("rollback", "apply", rollback_id, home=home, typed="y\n")
    assert done.code == 0, done.err
    assert made["reservation_id"] in done.out


def test_what_could_not_be_undone_ends_with_7_and_what_is_missing_with_4_or_2(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    made = run("reservation", "confirm", *SALE, "--guarantee", "card", "--json", home=home).body
    plan = run("rollback", "plan", "--reservation", made["reservation_id"], "--reason", "x", "--json", home=home).body
    run("reservation", "change", made["reservation_id"], "--nights", "4", "--yes", home=home)
    failed = run("rollback", "apply", plan["rollback_id"], "--yes", "--json", home=home)
    assert (failed.code, failed.body["state"], failed.body["steps"][0]["reason"]) == (7, "incomplete", "since_plan")
    assert run("rollback", "plan", "--batch", "nothing", "--reason", "x", home=home).code == 4
    assert run("rollback", "plan", "--reason", "x", home=home).code == 2
    assert run("rollback", "apply", "rbk_nothing", "--yes", home=home).code == 4


def test_the_lesson_works_in_an_empty_folder_and_leaves_nothing_behind(tmp_path: Path) -> None:
    ended = run("demo", "--lesson", "rollback", "--json", home=tmp_path / "none")
    assert (ended.code, ended.body["verdict"], ended.body["lesson"]) == (0, "PASS", "rollback"), ended.err
    assert all(one["text"] for one in ended.body["steps"])
    assert list(tmp_path.iterdir()) == []
    assert run("demo", "--lesson", "cooking", home=tmp_path / "none").code == 2
