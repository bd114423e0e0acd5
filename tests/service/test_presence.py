"""Presence and the settings of a channel through the service. Every answer is held to the API document."""

from tests.service.house import House, play

PLACE = "/v1/presence"


def test_an_agent_says_that_he_is_there_and_everybody_sees_it_until_it_ends():
    async def story(house: House) -> None:
        said = await house.agent.ask("PUT", PLACE, {"state": "available", "for_s": 600, "languages": ["tr", "EN"]})
        assert (said.status, said.json["state"], said.json["languages"]) == (200, "available", ["tr", "en"])
        listed = {one["name"]: one["state"] for one in (await house.agent.get(PLACE)).json["agents"]}
        assert listed == {"agent7": "available", "boss": "offline", "chief": "offline"}
        house.office.clock.advance(seconds=600)
        after = {one["name"]: one["state"] for one in (await house.agent.get(PLACE)).json["agents"]}
        assert after["agent7"] == "offline"

    play(story)


def test_only_a_supervisor_says_it_for_others_and_what_cannot_be_meant_is_told_apart():
    async def story(house: House) -> None:
        other = {"state": "away", "name": "agent7"}
        assert (await house.chief.ask("PUT", PLACE, other)).json["state"] == "away"
        assert (await house.agent.ask("PUT", PLACE, {**other, "name": "chief"})).status == 403
        assert (await house.chief.ask("PUT", PLACE, {**other, "name": "nobody"})).status == 404
        for wrong in (
            {},
            {"state": "gone"},
            {"state": "away", "for_s": 5},
            {"state": "away", "languages": ["turkish"]},
        ):
            assert (await house.agent.ask("PUT", PLACE, wrong)).status == 422, wrong
        assert (await house.agent.ask("PUT", PLACE, {"state": "away", "why": "lunch"})).status == 422

    play(story)


def test_hours_languages_and_notice_of_a_channel_are_set_by_an_administrator():
    async def story(house: House) -> None:
        wish = {"hours": ["mon-fri 09:00-18:00"], "languages": ["en"], "notice_url": "https://hotel.example/kvkk"}
        assert (await house.agent.patch("/v1/channels/whatsapp", wish)).status == 403
        shown = await house.boss.patch("/v1/channels/whatsapp", wish)
        assert (shown.status, shown.json["hours"], shown.json["languages"]) == (200, wish["hours"], ["en"])
        assert (await house.boss.get("/v1/channels/whatsapp")).json["notice_url"] == wish["notice_url"]
        assert (await house.boss.patch("/v1/channels/whatsapp", {"hours": ["nine to five"]})).status == 422

    play(story)
