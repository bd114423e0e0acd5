"""A script reads the same keys from the command line and from the service, of the same home."""

import asyncio
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cli.wiring import open_desk
from domain.access import Actor, Role
from integration.http.app import create_app
from integration.settings import settings_from
from integration.usecases.keep_users import add_user, make_token
from tests.e2e.santral import NOW, a_home, run
from tests.service.client import Client

DATES = (
    "--check-in", "2027-07-10", "--nights", "3", "--adults", "2", "--room-type", "STD", "--rate-plan", "UAI-FLEX",
)  # fmt: skip
GUEST = ("--phone", "0532 111 22 33", "--name", "Ayşe Yılmaz")
WRITE = {"request_key", "replayed"}


def over_http(home: Path, *asked: tuple[str, str, Any]) -> list[Any]:
    """Answers of the service to an admin: method, path, body."""
    env = {"SANTRAL_HOME": str(home), "SANTRAL_AS_OF": NOW}
    settings = settings_from(env, datetime.now(UTC), home)

    async def ask() -> list[Any]:
        with ExitStack() as end:
            desk, admin = open_desk(settings, at_end=end.callback), Actor("root", Role.ADMIN, "cli")
            await add_user(desk, admin, "ayse", Role.ADMIN)
            client = Client(create_app(desk), await make_token(desk, admin, "ayse"))
            found = []
            for method, place, body in asked:
                path, _, query = place.partition("?")
                params = dict(part.split("=") for part in query.split("&")) if query else {}
                reply = await client.ask(method, path, body, params=params)
                assert reply.status < 300, reply.json
                found.append(reply.json)
            await desk.pms.close()
            await desk.store.close()
            return found

    return asyncio.run(ask())


def test_what_is_looked_up_is_the_same_from_both(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    held = run("reservation", "hold", *DATES, *GUEST, "--json", home=home).body
    one, guest = held["reservation_id"], held["guest_id"]
    run("reservation", "note", one, "Quiet room.", home=home)
    typed = [
        run("reservation", "show", one, "--live", "--json", home=home).body,
        run("reservation", "history", one, "--json", home=home).body,
        run("reservation", "list", "--limit", "1", "--json", home=home).body,
        run("guest", "show", guest, "--json", home=home).body,
    ]
    assert typed[0]["guest"]["name"] == "Ayşe Yılmaz"
    assert typed[0]["in_pms"]["adults"] == 2
    assert "comments" in typed[0]["in_pms"]
    assert typed[2]["next"] == one
    assert typed == over_http(
        home,
        ("GET", f"/v1/reservations/{one}?live=true", None),
        ("GET", f"/v1/reservations/{one}/history", None),
        ("GET", "/v1/reservations?limit=1", None),
        ("GET", f"/v1/guests/{guest}", None),
    )


def test_what_is_written_has_the_same_keys_from_both(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    held = run("reservation", "hold", *DATES, *GUEST, "--json", home=home).body
    one, guest = held["reservation_id"], held["guest_id"]
    offer = run("reservation", "quote", *DATES[:6], "--json", home=home).body["offer_id"]
    typed = [
        run("reservation", "note", one, "Quiet.", "--json", home=home).body,
        run("guest", "note", guest, "Quiet.", "--json", home=home).body,
        run("offer", "note", offer, "Quiet.", "--json", home=home).body,
        run("guest", "create", *GUEST, "--json", home=home).body,
        run("guest", "update", guest, "--nationality", "TR", "--json", home=home).body,
        run("call", "start", "--phone", "0532 111 22 33", "--json", home=home).body,
        run("reservation", "expire", "--json", home=home).body,
        run("audit", "tail", "--limit", "1", "--json", home=home).body,
    ]
    told = over_http(
        home,
        ("POST", f"/v1/reservations/{one}/note", {"text": "Quiet."}),
        ("POST", f"/v1/guests/{guest}/note", {"text": "Quiet."}),
        ("POST", f"/v1/offers/{offer}/note", {"text": "Quiet."}),
        ("POST", "/v1/guests", {"name": "Ayşe Yılmaz", "phone": "0532 111 22 33"}),
        ("PATCH", f"/v1/guests/{guest}", {"nationality": "TR"}),
        ("POST", "/v1/calls", {"phone": "0532 111 22 33"}),
        ("POST", "/v1/reservations/expire", {}),
        ("GET", "/v1/audit/tail?limit=1", None),
    )
    for number, (ours, theirs) in enumerate(zip(typed, told, strict=True)):
        assert set(ours) - WRITE == set(theirs) - WRITE, number
    for body, about in zip((*typed[:3], *told[:3]), ("reservation_id", "guest_id", "offer_id") * 2, strict=True):
        assert {about, "text", "at", "actor", "in_pms"} <= set(body)
        assert body["text"] == "Quiet."
    for tail in (typed[-1], told[-1]):
        assert datetime.fromisoformat(tail["rows"][0]["at"]).tzinfo is not None


def test_a_key_makes_calls_notes_and_guests_once(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    guest = run("guest", "create", *GUEST, "--key", "g", "--json", home=home).body
    again = run("guest", "create", *GUEST, "--key", "g", "--json", home=home).body
    assert (again["guest_id"], guest["replayed"], again["replayed"]) == (guest["guest_id"], False, True)
    words = ("guest", "note", guest["guest_id"], "Quiet.", "--key", "n", "--json")
    assert [run(*words, home=home).body["replayed"] for _ in range(2)] == [False, True]
    words = ("call", "start", "--phone", "0532 111 22 33", "--key", "c", "--json")
    first, second = (run(*words, home=home).body for _ in range(2))
    assert (first["call_id"], second["replayed"]) == (second["call_id"], True)
    end = ("call", "end", "--outcome", "service", "--key", "e", "--json")
    assert run(*end, home=home).body["error"]["code"] == "invalid_input"
    assert [run(*end, first["call_id"], home=home).body["replayed"] for _ in range(2)] == [False, True]


def test_a_hold_past_its_deadline_is_said_to_be_lapsed(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    one = run("reservation", "hold", *DATES, *GUEST, "--json", home=home).body["reservation_id"]
    later = {"SANTRAL_AS_OF": "2027-05-01T10:00:00Z"}
    shown = run("reservation", "show", one, "--json", home=home, **later).body
    listed = run("reservation", "list", "--json", home=home, **later).body["reservations"][0]
    assert (shown["status"], shown["overdue"], listed["overdue"]) == ("hold", True, True)
    assert "On hold, lapsed" in run("reservation", "list", home=home, **later).out
    assert run("reservation", "show", one, "--json", home=home).body["overdue"] is False


def test_a_dump_as_json_is_one_document_of_its_rows(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    rows = run("pms", "seed", "--dump", "--json", home=home).body["rows"]
    assert len(rows) == len(run("pms", "seed", "--dump", home=home).out.splitlines())


def test_a_revoked_user_is_revoked_whatever_is_asked_of_him(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    run("user", "add", "mehmet", home=home)
    assert run("user", "revoke", "mehmet", home=home).code == 0
    for verb in ("add", "token", "revoke"):
        ended = run("user", verb, "mehmet", home=home)
        assert (ended.code, ended.err) == (3, "The user mehmet is revoked.\n")


def test_a_home_whose_store_is_lost_says_that_the_store_is_missing(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    (home / "santral.sqlite").unlink()
    ended = run("call", "list", home=home)
    assert ended.code == 5
    assert "santral.sqlite is missing" in ended.err


def test_a_bad_line_of_other_sellers_prices_is_named_with_its_file(tmp_path: Path) -> None:
    home, file = a_home(tmp_path), tmp_path / "rates.csv"
    columns = "seller,stay_on,room_type,board,amount,currency,seen_on"
    file.write_text(f"{columns}\nB,2027-07-01,XXX,UAI,10.00,EUR,2027-01-01\n")
    ended = run("offer", "import-rates", str(file), home=home)
    assert ended.err.splitlines()[0] == "rates.csv, line 2: room_type XXX cannot be used."


def test_only_where_there_is_a_dry_run_it_is_offered(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    assert "--dry-run" not in run("pms", "reset", home=home).err
    one = run("reservation", "hold", *DATES, *GUEST, "--json", home=home).body["reservation_id"]
    assert "--dry-run" in run("reservation", "cancel", one, home=home).err
