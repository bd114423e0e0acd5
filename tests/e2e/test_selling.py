"""The selling path on the command line: call, quote, hold, option, pay, confirm, change, cancel, history."""

import csv
import io
import json
from pathlib import Path

from tests.e2e.santral import SCRIPT, a_home, process, run

STAY = ("--check-in", "2027-07-10", "--nights", "3", "--adults", "2")
DATES = (*STAY, "--room-type", "STD", "--rate-plan", "UAI-FLEX")
GUEST = ("--phone", "0532 111 22 33", "--name", "Ayşe Yılmaz")
QUOTE_KEYS = {"offer_id", "valid_until", "script", "choices", "closed", "alternatives", "house_only"}
CHOICE_KEYS = {
    "room_type", "rate_plan", "board", "package", "total", "nightly", "available_rooms", "availability", "alerts",
    "cancellation_policy", "upsells",
}  # fmt: skip
HOLD_KEYS = {
    "reservation_id", "status", "pms_ref", "expires_at", "total", "request_key", "call_id", "case_id", "replayed",
}  # fmt: skip


def a_hold(home: Path, *more: str) -> str:
    body = run("reservation", "hold", *DATES, *GUEST, *more, "--json", home=home).body
    return str(body["reservation_id"])


def test_a_stay_is_sold_in_real_processes_from_an_empty_folder(tmp_path: Path) -> None:
    assert SCRIPT.is_file()
    made = process("init", "--small", "--start", "2027-05-01", "--json", cwd=tmp_path).body
    assert made["home"] == str(tmp_path / ".santral")
    assert [(one["hotel_id"], one["rooms"]) for one in made["hotels"]] == [("BELEK1", 266)]
    call = process("call", "start", "--phone", "+90 532 111 22 33", "--json", cwd=tmp_path).body
    assert {"call_id", "case_id", "guest", "history", "outcome"} <= set(call)
    quote = process("reservation", "quote", *STAY, "--json", cwd=tmp_path).body
    assert set(quote) >= QUOTE_KEYS
    assert all(set(one) >= CHOICE_KEYS for one in quote["choices"])
    assert quote["call_id"] == call["call_id"]
    words = ("--offer", quote["offer_id"], "--pick", "1", *GUEST, "--json")
    held = process("reservation", "hold", *words, cwd=tmp_path)
    hold = held.body
    assert set(hold) >= HOLD_KEYS
    assert (hold["status"], hold["replayed"], hold["case_id"]) == ("hold", False, call["case_id"])
    assert held.err == f"request key: {hold['request_key']}\n"
    paid = process(
        "reservation", "pay", hold["reservation_id"], "--amount", hold["deposit_due"]["amount"], "--method", "cash",
        "--json", cwd=tmp_path,
    ).body  # fmt: skip
    assert (paid["status"], paid["payment"]["deposit_met"], paid["pms_ref"]) == ("confirmed", True, hold["pms_ref"])
    ended = process("call", "end", "--outcome", "sold", "--json", cwd=tmp_path).body
    assert (ended["outcome"], ended["lead"]) == ("sold", "won")


def test_the_same_key_twice_makes_one_reservation(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    words = ("reservation", "hold", *DATES, *GUEST, "--key", "one", "--json")
    first, second = run(*words, home=home).body, run(*words, home=home).body
    assert (first["reservation_id"], second["replayed"]) == (second["reservation_id"], True)
    other = run(*words, "--child", "5", home=home)
    assert (other.code, other.body["error"]["code"]) == (3, "key_reused")


def test_nothing_sellable_is_an_answer_with_exit_0(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    assert run("pms", "close", "--from", "2027-07-01", "--to", "2027-07-31", home=home).code == 0
    ended = run("reservation", "quote", *STAY, "--json", home=home)
    assert ended.code == 0
    assert ended.body["choices"] == []
    assert {alert["level"] for room in ended.body["closed"] for alert in room["alerts"]} == {"red"}
    assert ended.body["alternatives"][-1]["kind"] == "waitlist"
    assert run("pms", "open", "--from", "2027-07-01", "--to", "2027-07-31", home=home).code == 0
    assert run("reservation", "quote", *STAY, "--json", home=home).body["choices"]


def test_a_hold_becomes_an_option_then_is_confirmed_and_keeps_its_number(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    held = a_hold(home)
    option = run("reservation", "option", held, "--for", "2h", "--json", home=home).body
    assert (option["status"], option["expires_at"][:16]) == ("option", "2027-05-01T11:00")
    extended = run("reservation", "extend", held, "--until", "20:00", "--json", home=home).body
    assert extended["expires_at"] == "2027-05-01T17:00:00Z"
    confirmed = run("reservation", "confirm", held, "--guarantee", "card", "--json", home=home).body
    assert (confirmed["status"], confirmed["pms_ref"]) == ("confirmed", option["pms_ref"])
    shown = run("reservation", "show", held, "--live", "--json", home=home).body
    assert [line["to"] for line in shown["history"]] == ["hold", "option", "option", "confirmed"]
    assert (shown["in_pms"]["guarantee_code"], shown["guest"]["name"]) == ("CARD", "Ayşe Yılmaz")


def test_a_cancellation_asks_unless_yes_and_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    held = a_hold(home)
    refused = run("reservation", "cancel", held, home=home)
    assert (refused.code, refused.out) == (2, "")
    dry = run("reservation", "cancel", held, "--dry-run", "--json", home=home).body
    assert (dry["status"], dry["dry_run"], dry["penalty"]["amount"]) == ("hold", True, "0.00")
    done = run("reservation", "cancel", held, "--yes", "--json", home=home).body
    assert (done["status"], done["refund"]["amount"]) == ("cancelled", "0.00")
    back = run("reservation", "reinstate", held, "--json", home=home).body
    assert (back["status"], back["pms_ref"]) == ("hold", done["pms_ref"])


def test_a_person_sees_the_penalty_before_agreeing_and_no_is_no(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    held = a_hold(home)
    words = ("reservation", "cancel", held, "--key", "one")
    refused = run(*words, home=home, typed="n\n")
    assert (refused.code, refused.out) == (3, "")
    assert refused.err.index("Penalty") < refused.err.index("Cancel it? [y/N]") < refused.err.index("Nothing was done.")
    assert run("reservation", "show", held, "--json", home=home).body["status"] == "hold"
    assert run(*words, home=home, typed="y\n").code == 0
    again = run(*words, home=home, typed="")
    assert (again.code, "same key" in again.out) == (0, True)
    assert run("reservation", "cancel", held, home=home, typed="").code == 3


def test_a_change_shows_the_difference_and_a_price_that_moved_is_refused(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    held = a_hold(home)
    words = ("reservation", "change", held, "--nights", "4")
    shown = run(*words, "--dry-run", "--json", home=home).body
    assert shown["difference"]["amount"] != "0.00"
    moved = run(*words, "--yes", "--expect-total", "1.00", "--json", home=home)
    assert (moved.code, moved.body["error"]["code"]) == (3, "price_changed")
    changed = run(*words, "--yes", "--expect-total", shown["new_total"]["amount"], "--json", home=home).body
    assert (changed["nights"], changed["difference"]) == (4, shown["difference"])


def test_what_is_due_lapses_and_its_deadline_is_said(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    held = a_hold(home)
    later = "2027-05-01T09:15:01Z"
    dead = run("reservation", "confirm", held, "--guarantee", "card", "--json", home=home, SANTRAL_AS_OF=later)
    assert (dead.code, dead.body["error"]["code"]) == (3, "reservation_lapsed")
    assert "lapsed at 2027-05-01 12:15" in dead.body["error"]["message"]
    run("pms", "fault", "add", "down", home=home)
    down = run("reservation", "expire", "--json", home=home, SANTRAL_AS_OF=later)
    assert (down.code, down.body["left"]) == (5, [{"reservation_id": held, "code": "pms_unavailable"}])
    run("pms", "fault", "clear", home=home)
    run("pms", "fault", "add", "status", "--on", "postCancelReservation", "--set", "status=422", home=home)
    left = run("reservation", "expire", "--json", home=home, SANTRAL_AS_OF=later)
    assert (left.code, len(left.body["left"])) == (7, 1)
    run("pms", "fault", "clear", home=home)
    swept = run("reservation", "expire", "--json", home=home, SANTRAL_AS_OF=later).body
    assert [one["reservation_id"] for one in swept["expired"]] == [held]


def test_other_sellers_prices_are_for_the_house_only(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    file = tmp_path / "rates.csv"
    file.write_text(
        "seller,stay_on,room_type,board,amount,currency,seen_on\n"
        + "".join(
            f"cheaprooms,2027-07-{day},{room},UAI,199.00,EUR,2027-04-30\n"
            for day in (10, 11)
            for room in ("STD", "STDSV")
        ),
        encoding="utf-8",
    )
    assert run("offer", "import-rates", str(file), "--json", home=home).body["ok"] == 4
    quoted = run("reservation", "quote", *STAY, "--json", home=home).body
    assert {one["seller"] for one in quoted["house_only"]} == {"cheaprooms"}
    screen = run("reservation", "quote", *STAY, home=home).out
    assert screen.index("For the house only") < screen.index("cheaprooms")
    assert "cheaprooms" not in screen[: screen.index("For the house only")]
    for words in (("offer", "show", quoted["offer_id"]), ("offer", "list")):
        assert "cheaprooms" not in run(*words, home=home).out + run(*words, "--json", home=home).out


def test_notes_and_requests_reach_offer_and_reservation(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    offer = run("reservation", "quote", *STAY, "--json", home=home).body["offer_id"]
    noted = run("offer", "note", offer, "Quiet room, please", "--request", "high_floor", "--json", home=home)
    assert (noted.code, noted.body["notes"][0]["text"]) == (0, "Quiet room, please"), noted.out
    held = a_hold(home, "--note", "Arrives late")
    assert run("reservation", "note", held, "Cot in the room", "--json", home=home).body["in_pms"] is True
    live = run("reservation", "show", held, "--live", "--json", home=home).body
    assert [note["text"] for note in live["notes"]] == ["Cot in the room"]


def test_a_guest_is_found_by_every_spelling(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    made = run("guest", "create", *GUEST, "--json", home=home).body
    assert {"guest_id", "identities", "stays", "preferences", "repeat"} <= set(made)
    for spelling in ("0532 111 22 33", "+90 (532) 111 2233", "00905321112233"):
        found = run("guest", "find", "--phone", spelling, "--json", home=home).body["guests"]
        assert [one["guest_id"] for one in found] == [made["guest_id"]], spelling
    by_name = run("guest", "find", "--name", "AYSE YILMAZ", "--json", home=home).body["guests"]
    assert made["guest_id"] in {one["guest_id"] for one in by_name}
    assert run("guest", "update", made["guest_id"], "--guest-lang", "de", "--json", home=home).body["language"] == "de"
    assert run("guest", "note", made["guest_id"], "Likes tea", home=home).code == 0
    assert "Likes tea" in run("guest", "show", made["guest_id"], home=home).out


def test_users_and_audit(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    assert run("user", "add", "mehmet", "--role", "supervisor", "--json", home=home).body["role"] == "supervisor"
    assert run("user", "add", "mehmet", home=home).code == 3
    token = run("user", "token", "mehmet", "--json", home=home).body["token"]
    assert run("user", "list", "--json", home=home).body["users"][0]["tokens"] == 1
    assert run("user", "revoke", "mehmet", "--json", home=home).body == {"name": "mehmet", "revoked": True}
    rows = run("audit", "tail", "--json", home=home).body["rows"]
    assert [row["action"] for row in rows] == ["user_added", "token_made", "user_revoked"]
    assert token not in json.dumps(rows)


def test_a_list_is_written_as_table_csv_and_markdown(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    held = a_hold(home)
    assert held in run("reservation", "list", home=home).out
    rows = list(csv.DictReader(io.StringIO(run("--format", "csv", "reservation", "list", home=home).out)))
    assert [(row["reservation_id"], row["total_currency"]) for row in rows] == [(held, "EUR")]
    assert run("reservation", "list", "--format", "markdown", home=home).out.startswith("| Reservation")


def test_a_turkish_reader_gets_turkish_words_and_english_keys(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    held = a_hold(home)
    assert "Durum" in run("reservation", "show", held, "--lang", "tr", home=home).out
    assert run("reservation", "show", held, "--json", "--lang", "tr", home=home).body["status"] == "hold"
    told = run("reservation", "show", "res_none", "--json", home=home, LC_ALL="tr_TR.UTF-8").body["error"]
    assert told["code"] == "not_found"
    assert told["message"] != "There is no reservation res_none."
