"""Who may come in, what a role may do, and what it sees."""

import pytest

from domain.access import Role
from integration.http.routes import all_routes
from integration.usecases.keep_users import revoke_user
from tests.builders import an_actor
from tests.service.client import closed_document
from tests.service.house import ANNA, House, play

PUBLIC = {"/healthz", "/readyz", "/metrics", "/openapi.json"}
# A provider proves itself by its signature or secret path, a visitor by the token of his own chat.
PROVEN_OTHERWISE = {"/hooks/{name}", "/hooks/{name}/{token}", "/chat/{name}/messages"}


def test_every_path_but_the_public_ones_wants_a_token():
    async def story(house: House) -> None:
        seen = set()
        for route in all_routes():
            path, method = route.path, next(iter(route.methods))  # type: ignore[attr-defined]
            reply = await house.nobody.ask(method, path.replace("{", "").replace("}", ""))
            if reply.status == 401:
                assert reply.headers["www-authenticate"].startswith("Bearer")
                assert closed_document()["paths"][path][method.lower()].get("security") is None
            else:
                seen.add(path)
        assert seen == PUBLIC | PROVEN_OTHERWISE

    play(story)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic snt_abc",
        "Bearer abc",
        "Bearer snt_wrong",
        "Bearer snt_" + "x" * 5000,
        "snt_wrong",
    ],
)
def test_a_token_that_is_none_is_nobodys(header):
    async def story(house: House) -> None:
        reply = await house.nobody.ask("GET", "/v1/me", headers={"authorization": header})
        assert (reply.status, reply.json["code"]) == (401, "unauthenticated")
        assert reply.headers["www-authenticate"].startswith('Bearer realm="santral"')

    play(story)


def test_a_revoked_token_is_dead_within_two_seconds():
    async def story(house: House) -> None:
        assert (await house.agent.get("/v1/me")).status == 200
        await revoke_user(house.office.desk, an_actor(Role.ADMIN), "agent7")
        house.office.clock.advance(seconds=2)
        assert (await house.agent.get("/v1/me")).status == 401

    play(story)


def test_a_token_lately_seen_costs_no_read():
    async def story(house: House) -> None:
        await house.agent.get("/v1/me")
        reply = await house.agent.get("/v1/me")
        assert "store;dur=0.0" in reply.headers["server-timing"]

    play(story)


def test_me_says_who_and_what_i_may():
    async def story(house: House) -> None:
        assert (await house.agent.get("/v1/me")).json == {
            "name": "agent7",
            "role": "operator",
            "permissions": ["read", "reveal", "sell"],
        }

    play(story)


def test_an_operator_sees_masks_until_a_reasoned_reveal_that_leaves_a_trace():
    async def story(house: House) -> None:
        made = await house.agent.post("/v1/guests", ANNA)
        place = made.headers["location"]
        assert (made.status, made.json["name"], made.json["masked"]) == (201, "A*** S***", True)
        assert b"23456789" not in made.raw
        assert (await house.chief.get(place)).json["name"] == "Anna Schmidt"
        assert (await house.agent.post(f"{place}/reveal", {"reason": " "})).status == 422
        shown = await house.agent.post(f"{place}/reveal", {"reason": "call back"})
        assert (shown.json["name"], shown.json["masked"]) == ("Anna Schmidt", False)
        rows = (await house.chief.get("/v1/audit/tail", limit=1)).json["rows"]
        assert rows[0]["action"] == "guest_revealed"
        assert "Schmidt" not in str(rows)

    play(story)


def test_the_audit_is_for_supervisors():
    async def story(house: House) -> None:
        assert (await house.agent.get("/v1/audit/tail")).status == 403
        assert (await house.boss.get("/v1/audit/tail")).status == 200

    play(story)


def test_a_guest_is_found_by_any_spelling_corrected_and_noted():
    async def story(house: House) -> None:
        made = (await house.chief.post("/v1/guests", {"name": "Ayşe Yılmaz", "phone": "0532 111 22 33"})).json
        for asked in ({"phone": "+90 (532) 111 22 33"}, {"phone": "00905321112233"}, {"name": "AYSE YILMAZ"}):
            found = await house.chief.get("/v1/guests", **asked)
            assert [one["guest_id"] for one in found.json["guests"]] == [made["guest_id"]]
        assert (await house.chief.get("/v1/guests", phone="0533 111 22 33")).json["guests"] == []
        assert (await house.chief.get("/v1/guests")).status == 422
        place = f"/v1/guests/{made['guest_id']}"
        corrected = await house.chief.patch(place, {"email": "ayse@example.com", "language": "tr"})
        assert [one["value"] for one in corrected.json["identities"] if one["kind"] == "email"] == ["ayse@example.com"]
        noted = await house.agent.post(f"{place}/note", {"text": "Feather allergy asked about."})
        assert (noted.status, noted.json["in_pms"]) == (200, True)

    play(story)


def test_another_agents_call_is_not_mine_to_end():
    async def story(house: House) -> None:
        call = (await house.chief.post("/v1/calls", {})).json
        reply = await house.agent.post(f"/v1/calls/{call['call_id']}/end", {"outcome": "service"})
        assert (reply.status, reply.json["code"]) == (403, "forbidden")
        assert (await house.agent.get("/v1/calls")).json["calls"] == []

    play(story)


def test_a_key_belongs_to_its_actor():
    async def story(house: House) -> None:
        mine = await house.book(key="same")
        theirs = await house.book(key="same", client=house.chief)
        assert mine.json["reservation_id"] != theirs.json["reservation_id"]

    play(story)
