"""What goes out, is held or did not arrive, from the command line and over HTTP."""

from pathlib import Path

from domain.access import Role
from integration.http.app import create_app
from integration.usecases.keep_users import add_user, make_token
from tests.builders import an_actor
from tests.e2e.santral import a_home, run
from tests.e2e.test_outbound import CHANNELS, write_in
from tests.outbound.mailroom import NUMBER, Mailroom, play
from tests.outbound.test_corrections import a_wrong_option
from tests.outbound.test_held import a_held_answer
from tests.service.client import Client


def test_a_message_is_listed_and_shown_and_stands_in_its_case(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    (home / "channels.toml").write_text(CHANNELS, encoding="utf-8")
    guest = write_in(home)
    case = run("call", "start", "--direction", "out", "--guest", guest, "--json", home=home).body["case_id"]
    sent = run("case", "reply", case, "--text", "Yes, we have one.", "--json", home=home).body
    (row,) = run("outbox", "list", "--state", "accepted", "--case", case, "--json", home=home).body["outgoing"]
    assert (row["outbox_id"], row["status"]) == (sent["outbox_id"], "accepted")
    assert run("outbox", "list", "--state", "held", "--json", home=home).body["outgoing"] == []
    shown = run("outbox", "show", sent["outbox_id"], "--json", home=home)
    assert shown.body["text"].startswith("Yes, we have one.")
    whole = run("case", "show", case, "--json", home=home).body
    assert [one["outbox_id"] for one in whole["outgoing"]] == [sent["outbox_id"]]
    for words in (("outbox", "list"), ("outbox", "show", sent["outbox_id"]), ("case", "show", case)):
        seen = run(*words, "--lang", "tr", home=home)
        assert (seen.code, sent["outbox_id"] in seen.out) == (0, True)
    assert run("outbox", "show", "out_none", home=home).code == 4
    assert run("outbox", "list", "--state", "lost", home=home).code == 2
    assert run("outbox", "list", "--via", "pigeon", home=home).code == 2
    assert run("task", "send", "tsk_none", home=home).code == 4


async def a_client(room: Mailroom, role: Role = Role.OPERATOR) -> Client:
    boss = an_actor(Role.ADMIN, "boss")
    await add_user(room.desk, boss, f"{role.value}1", role)
    return Client(create_app(room.desk), await make_token(room.desk, boss, f"{role.value}1"))


def test_held_messages_are_found_over_http_with_numbers_masked() -> None:
    async def story(room: Mailroom) -> None:
        row, client = await a_held_answer(room), await a_client(room)
        found = await client.get("/v1/outbox", state="held")
        assert [one["outbox_id"] for one in found.json["outgoing"]] == [row.outbox_id]
        assert NUMBER[1:] not in found.raw.decode()
        shown = await client.get(f"/v1/outbox/{row.outbox_id}")
        assert (shown.json["status"], shown.json["problem"]) == ("held", "window_closed")
        assert (await client.get("/v1/outbox/out_none")).status == 404
        assert (await client.get("/v1/outbox", state="lost")).status == 422
        whole = await client.get(f"/v1/cases/{row.case_id}")
        assert [one["status"] for one in whole.json["outgoing"]] == ["held"]
        task = (await client.get("/v1/tasks")).json["tasks"][0]
        assert (task["kind"], task["ids"]["outbox_id"]) == ("message_held", row.outbox_id)

    play(story)


def test_a_supervisor_sends_a_correction_over_http_once_for_its_key() -> None:
    async def story(room: Mailroom) -> None:
        _, task = await a_wrong_option(room)
        path = f"/v1/tasks/{task.task_id}/send"
        assert (await (await a_client(room)).post(path, {})).status == 403
        client = await a_client(room, Role.SUPERVISOR)
        first = await client.post(path, {"via": "whatsapp"}, key="k1")
        again = await client.post(path, {"via": "whatsapp"}, key="k1")
        assert (first.status, first.json["purpose"], again.json["outbox_id"]) == (
            200, "correction", first.json["outbox_id"],
        )  # fmt: skip
        assert (await client.post(path, {}, key="k2")).status == 409
        assert len(room.sent("whatsapp")) == 1

    play(story)
