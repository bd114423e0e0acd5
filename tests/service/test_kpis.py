"""KPIs over HTTP: the report, what is behind a number, the board; an operator sees no other agent's figures."""

from typing import Any

from tests.service.house import CARD, House, play

DAY = {"from": "2027-05-01", "to": "2027-05-01"}


def lines(body: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {(one["kpi"], ",".join(one["by"].values())): one for one in body["rows"]}


async def sell(house: House) -> None:
    """A call that sells."""
    call = await house.agent.post("/v1/calls", {"phone": "+49 151 23456789"})
    offer = await house.offer(call_id=call.json["call_id"])
    card = {**CARD, "offer_id": offer, "call_id": call.json["call_id"]}
    made = await house.agent.post("/v1/reservations", card, key="k-1")
    assert made.status == 201, made.json
    ended = await house.agent.post(f"/v1/calls/{call.json['call_id']}/end", {"outcome": "sold"})
    assert ended.status == 200, ended.json


def test_a_sale_on_the_telephone_is_in_every_figure_it_belongs_to():
    async def story(house: House) -> None:
        await sell(house)
        reply = await house.chief.get("/v1/kpis", **DAY, by=["agent", "channel"])
        assert reply.status == 200, reply.json
        found = lines(reply.json)
        assert found["call_volume_in", ""]["value"] == 1
        assert found["call_to_reservation_rate", ""]["value"] == 1.0
        assert (found["revenue", ""]["currency"], found["revenue", "agent7"]["n"]) == ("EUR", 1)
        assert found["in_pms_before_call_end_rate", ""]["status"] == "met"
        assert reply.json["pms"]["vouched"] == 1

    play(story)


def test_an_operator_sees_no_other_agents_line():
    async def story(house: House) -> None:
        await sell(house)
        for client, agents in ((house.chief, {"agent7"}), (house.agent, {"agent7"})):
            body = (await client.get("/v1/kpis", **DAY, by="agent", pms="false")).json
            assert {one["by"]["agent"] for one in body["rows"] if one["by"]} == agents
        assert (await house.nobody.get("/v1/kpis", **DAY)).status == 401

    play(story)


def test_what_is_behind_a_number_comes_page_by_page():
    async def story(house: House) -> None:
        await sell(house)
        reply = await house.chief.get("/v1/kpis/revenue/explain", **DAY, part="channel=phone")
        (row,) = reply.json["rows"]
        assert (reply.json["kind"], row["state"], row["agent"], reply.json["next"]) == (
            "stay",
            "confirmed",
            "agent7",
            None,
        )
        empty = await house.chief.get("/v1/kpis/revenue/explain", **DAY, part="channel=email")
        assert empty.json["rows"] == []
        assert (await house.chief.get("/v1/kpis/happiness/explain", **DAY)).status == 404

    play(story)


def test_the_board_shows_what_hangs_on_a_deadline():
    async def story(house: House) -> None:
        await house.offer()
        body = (await house.chief.get("/v1/kpis/board")).json
        (risk,) = body["at_risk"]["totals"]
        assert (risk["kind"], risk["n"]) == ("offer", 1)
        assert body["at_risk"]["by_deadline"][0]["totals"] == body["at_risk"]["totals"]
        assert (body["lost_reasons"], body["missed_leads"]["n"]) == ([], 0)

    play(story)


def test_what_cannot_be_asked_is_refused():
    async def story(house: House) -> None:
        asked = (({"from": "May"}, 422), ({"by": "mood"}, 422), ({"kpi": "happiness"}, 404), ({"x": 1}, 422))
        for query, status in asked:
            assert (await house.chief.get("/v1/kpis", **query)).status == status, query

    play(story)


def test_days_of_another_age_and_places_that_are_none_are_bad_input():
    async def story(house: House) -> None:
        report, behind = "/v1/kpis", "/v1/kpis/frt_s/explain"
        asked: tuple[tuple[str, dict[str, Any], str], ...] = (
            (report, {"to": "9999-12-31"}, "9999-12-31 is too far from today."),
            (report, {"to": "0001-01-01"}, "0001-01-01 is too far from today."),
            (report, {"from": "2027-05-02", "to": "2027-05-01"}, "is after the last"),
            (behind, {"to": "0001-01-01"}, "0001-01-01 is too far from today."),
            (behind, {**DAY, "after": "there"}, "there is no place of a row."),
            (behind, {**DAY, "after": "||"}, "|| is no place of a row."),
            (behind, {**DAY, "part": ["channel=phone", "channel=email"]}, "channel is said twice."),
        )
        for path, query, said in asked:
            reply = await house.chief.get(path, **query)
            assert (reply.status, said in reply.json["detail"]) == (422, True), (query, reply.json)

    play(story)
