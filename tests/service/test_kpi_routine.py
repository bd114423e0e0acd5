"""The week, the pilot and proposed targets over HTTP: bodies as the commands give them, rights, each write once."""

import asyncio
from datetime import date
from typing import Any

import pytest

from domain.access import Role
from integration.usecases.keep_users import add_user, make_token
from integration.usecases.kpi_weekly import WeekWish, weekly
from tests.builders import an_actor
from tests.kpi.weeks import put_days
from tests.service.client import Client
from tests.service.house import House, play

PLACE, PILOT = "/v1/kpis/calibrations", "/v1/kpis/pilot"
LAST_WEEK = "2027-W16"


async def a_month(house: House) -> None:
    """Thirty days of facts up to yesterday, 30 April."""
    await house.office.desk.store.transact(lambda tx: put_days(tx, date(2027, 4, 1), 30, date(2027, 4, 19), 6))


async def another(house: House, name: str = "ayse", role: Role = Role.SUPERVISOR) -> Client:
    """One more person with a token."""
    boss = an_actor(Role.ADMIN, "boss")
    await add_user(house.office.desk, boss, name, role)
    return Client(house.app, await make_token(house.office.desk, boss, name))


async def proposed(house: House, client: Client | None = None, **more: Any) -> dict[str, Any]:
    await a_month(house)
    reply = await (client or house.chief).post(PLACE, more)
    assert reply.status == 201, reply.json
    assert reply.headers["location"] == f"{PLACE}/{reply.json['proposal_id']}"
    body: dict[str, Any] = reply.json
    return body


def test_the_week_is_the_commands_own_body():
    async def story(house: House) -> None:
        await a_month(house)
        reply = await house.chief.get("/v1/kpis/weekly", week=LAST_WEEK, baseline="2027-W14", pms="false")
        assert reply.status == 200, reply.json
        wish = WeekWish(date(2027, 4, 19), date(2027, 4, 5), ask_pms=False)
        assert reply.json == await weekly(house.office.desk, an_actor(Role.SUPERVISOR, "chief"), wish)
        assert (reply.json["week"], reply.json["baseline"]["week"]) == (LAST_WEEK, "2027-W14")
        assert len(reply.json["cards"]) == 5
        assert reply.json["actions"]

    play(story)


def test_an_operator_sees_his_own_card_of_the_week_and_nobody_none():
    async def story(house: House) -> None:
        await a_month(house)
        burak = await another(house, "burak", Role.OPERATOR)
        body = (await burak.get("/v1/kpis/weekly", week=LAST_WEEK, pms="false")).json
        assert [card["agent"] for card in body["cards"]] == ["burak"]
        assert (await house.nobody.get("/v1/kpis/weekly")).status == 401

    play(story)


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ({"week": "2027-W60"}, 422, "not a week such as"),
        ({"week": "0001-01-01"}, 422, "too far from today"),
        ({"week": "2028-W01"}, 422, "has not begun"),
        ({"week": LAST_WEEK, "baseline": LAST_WEEK}, 422, "its own baseline"),
        ({"weak": LAST_WEEK}, 422, "weak"),
        ({"hotel": "NOWHERE"}, 404, "no hotel"),
    ],
)
def test_a_week_that_is_none_is_a_problem(query: dict[str, str], status: int, said: str):
    async def story(house: House) -> None:
        reply = await house.chief.get("/v1/kpis/weekly", **query)
        assert (reply.status, said in str(reply.json)) == (status, True), reply.json

    play(story)


def test_a_pilot_is_started_by_a_supervisor_once_and_seen_by_all():
    async def story(house: House) -> None:
        assert (await house.chief.get(PILOT)).status == 404
        assert (await house.agent.post(PILOT, {})).status == 403
        first = await house.chief.post(PILOT, {"from": "2027-05-01"}, key="p-1")
        assert (first.status, first.json["day"], first.json["last"]) == (201, 1, "2027-05-30")
        again = await house.chief.post(PILOT, {"from": "2027-05-01"}, key="p-1")
        assert (again.status, again.json, again.headers["idempotency-replayed"]) == (201, first.json, "true")
        assert (await house.chief.post(PILOT, {"from": "2027-05-02"}, key="p-1")).status == 422
        other = await house.chief.post(PILOT)
        assert (other.status, other.json["code"]) == (409, "refused")
        assert (await house.agent.get(PILOT)).json == first.json

    play(story)


def test_a_pilot_begins_near_today():
    async def story(house: House) -> None:
        for day in ("2026-01-01", "9999-12-31", "0001-01-01", "May"):
            assert (await house.chief.post(PILOT, {"from": day})).status == 422

    play(story)


def test_targets_are_proposed_by_one_and_approved_by_another():
    async def story(house: House) -> None:
        body = await proposed(house, without=["2027-04-12"])
        the_id, own = body["proposal_id"], f"{PLACE}/{body['proposal_id']}"
        assert (body["from"], body["to"], body["without"]) == ("2027-04-01", "2027-04-30", ["2027-04-12"])
        assert any(row["verdict"] == "proposed" for row in body["rows"])
        assert (await house.agent.get(own)).json == body
        assert (await house.agent.post(f"{own}/approve", {})).status == 403
        mine = await house.chief.post(f"{own}/approve", {})
        assert (mine.status, "somebody else" in mine.json["detail"]) == (403, True)
        ayse = await another(house)
        done = await ayse.post(f"{own}/approve", {"channels": ["whatsapp"]}, key="a-1")
        assert (done.status, done.json["state"], done.json["approved_by"]) == (200, "approved", "ayse")
        assert done.json["channels"] == ["whatsapp"]
        again = await ayse.post(f"{own}/approve", {"channels": ["whatsapp"]}, key="a-1")
        assert (again.json, again.headers["idempotency-replayed"]) == (done.json, "true")
        versions = (await house.chief.get("/v1/channels/whatsapp")).json["versions"]
        assert [(one["set_by"], one["effective_from"]) for one in versions] == [("ayse", done.json["effective_from"])]
        (line,) = (await house.agent.get(PLACE)).json["rows"]
        assert (line["proposal_id"], line["state"], line["changes"] > 0) == (the_id, "approved", True)
        assert (await ayse.post(f"{own}/decline", {})).status == 409

    play(story)


def test_a_proposal_can_be_declined_and_changes_nothing():
    async def story(house: House) -> None:
        own = f"{PLACE}/{(await proposed(house))['proposal_id']}"
        assert (await house.agent.post(f"{own}/decline")).status == 403
        body = (await house.chief.post(f"{own}/decline")).json
        assert (body["state"], body["declined_by"], body["approved_by"]) == ("declined", "chief", None)
        assert (await house.chief.get("/v1/channels/whatsapp")).json["versions"] == []

    play(story)


def test_the_same_key_proposes_once():
    async def story(house: House) -> None:
        await a_month(house)
        bodies = [(await house.chief.post(PLACE, {"to": "2027-04-30"}, key="t-1")).json for _ in range(2)]
        assert bodies[0] == bodies[1]
        assert len((await house.chief.get(PLACE)).json["rows"]) == 1

    play(story)


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("", {"to": "2027-05-01"}, 422),
        ("", {"to": "0001-01-01"}, 422),
        ("", {"to": "yesterday"}, 422),
        ("/tgt_none/approve", {}, 404),
        ("/tgt_none/decline", {}, 404),
        ("/{id}/approve", {"from": "2027-04-01T08:00:00Z"}, 422),
        ("/{id}/approve", {"channels": ["fax"]}, 422),
    ],
)
def test_what_cannot_be_meant_is_refused(path: str, body: dict[str, Any], status: int):
    async def story(house: House) -> None:
        the_id = (await proposed(house))["proposal_id"]
        ayse = await another(house)
        reply = await ayse.post(f"{PLACE}{path.format(id=the_id)}", body)
        assert (reply.status, reply.headers["content-type"]) == (status, "application/problem+json"), reply.json
        assert (await house.chief.get(f"{PLACE}/{the_id}")).json["state"] == "proposed"

    play(story)


def test_an_operator_proposes_nothing_and_costs_no_key():
    async def story(house: House) -> None:
        assert (await house.agent.post(PLACE, {}, key="o-1")).status == 403
        found = await house.office.desk.store.read(lambda tx: tx.intent_of_key("BELEK1", "agent7", "o-1"))
        assert found is None

    play(story)


def test_of_two_who_approve_at_once_one_is_refused():
    async def story(house: House) -> None:
        own = f"{PLACE}/{(await proposed(house))['proposal_id']}"
        both = [await another(house, name) for name in ("ayse", "burak")]
        replies = await asyncio.gather(*(one.post(f"{own}/approve", {}) for one in both))
        assert sorted(one.status for one in replies) == [200, 409]

    play(story)
