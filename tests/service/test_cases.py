"""The one queue through the service: leads, cases, handoffs, channels, clocks on the gauges.

Every answer is held to the API document by the client."""

from datetime import timedelta
from typing import Any

from tests.service.house import House, play

LEAD = {"name": "Anna Schmidt", "phone": "+49 151 23456789", "channel": "partner", "text": "A room in July"}


async def a_lead(house: House, **more: Any) -> str:
    reply = await house.agent.post("/v1/leads", {**LEAD, **more})
    assert reply.status == 201, reply.json
    return str(reply.json["case_id"])


def test_a_lead_is_added_once_worked_on_and_lost_with_a_reason():
    async def story(house: House) -> None:
        first = await house.agent.post("/v1/leads", LEAD, key="l")
        again = await house.agent.post("/v1/leads", LEAD, key="l")
        assert (first.status, again.headers["idempotency-replayed"], again.json) == (201, "true", first.json)
        place = first.headers["location"]
        assert (await house.agent.post(f"{place}/start")).json["assignee"] == "agent7"
        refused = await house.agent.post(f"{place}/lose", {})
        assert (refused.status, refused.json["code"]) == (409, "outcome_missing")
        assert (await house.agent.post(f"{place}/win", {})).status == 409
        lost = await house.agent.post(f"{place}/lose", {"reason": "price"}, key="x")
        assert (lost.json["lead"], lost.json["status"], lost.json["lost_reason"]) == ("lost", "resolved", "price")
        replayed = await house.agent.post(f"{place}/lose", {"reason": "price"}, key="x")
        assert replayed.json == lost.json
        listed = await house.agent.get("/v1/leads", status="lost")
        assert [one["case_id"] for one in listed.json["cases"]] == [first.json["case_id"]]

    play(story)


def test_a_booked_lead_is_won_by_its_reservation():
    async def story(house: House) -> None:
        call = (await house.agent.post("/v1/calls", {"phone": "+49 151 23456789"})).json
        offer = (await house.agent.post(
            "/v1/quotes", {"check_in": "2027-07-10", "nights": 7, "adults": 2, "call_id": call["call_id"]}
        )).json  # fmt: skip
        sale = {"to": "hold", "pick": 1, "offer_id": offer["offer_id"], "call_id": call["call_id"],
                "guest": {"name": "Anna Schmidt", "phone": "+49 151 23456789"}}  # fmt: skip
        one = (await house.agent.post("/v1/reservations", sale, key="k")).json
        won = await house.agent.post(f"/v1/leads/{call['case_id']}/win", {})
        assert (won.status, won.json["lead"], won.json["reservation_id"]) == (200, "won", one["reservation_id"])
        assert won.json["in_pms"] is True
        booking = await house.agent.get(f"/v1/reservations/{one['reservation_id']}", live="true")
        assert any(f"Lead of case {call['case_id']}: won." in text for text in booking.json["in_pms"]["comments"])

    play(story)


def test_an_offer_quoted_in_a_case_is_sold_from_and_sent_in_it():
    async def story(house: House) -> None:
        case = await a_lead(house, email="anna@example.com")
        wish = {"check_in": "2027-07-10", "nights": 7, "adults": 2, "case_id": case}
        offer = (await house.agent.post("/v1/quotes", wish)).json
        assert (offer["case_id"], offer["call_id"]) == (case, None)
        sent = await house.agent.post(f"/v1/offers/{offer['offer_id']}/send", {"via": "whatsapp"})
        assert (sent.status, sent.json["code"]) == (409, "channel_not_verified"), "the guest is known, his number typed"
        sale = {"to": "confirmed", "guarantee": "card", "pick": 1, "offer_id": offer["offer_id"]}
        one = (await house.agent.post("/v1/reservations", sale, key="k")).json
        assert one["case_id"] == case
        won = await house.agent.post(f"/v1/leads/{case}/win", {})
        assert (won.json["lead"], won.json["reservation_id"]) == ("won", one["reservation_id"])
        both = await house.agent.post("/v1/quotes", {**wish, "call_id": "cal_any"})
        assert (both.status, both.json["field"]) == (422, "case_id")

    play(story)


def test_a_case_is_tagged_given_away_and_resolved_and_shown_whole():
    async def story(house: House) -> None:
        place = f"/v1/cases/{await a_lead(house)}"
        tagged = await house.agent.post(f"{place}/tags", {"add": ["vip", "support"], "remove": ["reservation"]})
        assert (tagged.json["tags"], tagged.json["kind"]) == (["support", "vip"], "support")
        assert (await house.agent.post(f"{place}/assign", {"to": "chief"})).json["assignee"] == "chief"
        assert (await house.agent.post(f"{place}/assign", {"to": "stranger"})).status == 404
        assert (await house.agent.post(f"{place}/wait")).json["status"] == "waiting"
        assert (await house.agent.post(f"{place}/resolve")).json["status"] == "resolved"
        assert (await house.agent.post(f"{place}/resolve")).json["code"] == "move_not_allowed"
        assert (await house.agent.post(f"{place}/reopen")).json["status"] == "open"
        masked, clear = (await house.agent.get(place)).json, (await house.chief.get(place)).json
        assert (masked["guest"]["masked"], clear["guest"]["name"]) == (True, "Anna Schmidt")
        assert [one["kind"] for one in clear["events"]].count("tagged") == 2
        assert (await house.agent.get("/v1/cases/cas_nothing")).status == 404

    play(story)


def test_a_guest_is_handed_over_and_the_handoff_moved():
    async def story(house: House) -> None:
        place = f"/v1/cases/{await a_lead(house)}"
        made = await house.agent.post(f"{place}/handoff", {"to": "chief"})
        assert (made.status, made.json["state"], made.json["to_actor"]) == (201, "offered", "chief")
        step = f"{made.headers['location']}/step"
        assert (await house.chief.post(step, {"state": "declined"})).status == 409
        accepted = await house.chief.post(step, {"state": "accepted"})
        assert (accepted.json["state"], (await house.agent.get(place)).json["assignee"]) == ("accepted", "chief")
        back = await house.chief.post(step, {"state": "callback", "due_at": "2027-05-01T12:00:00Z"})
        assert back.json["due_at"] == "2027-05-01T12:00:00Z"
        listed = await house.agent.get("/v1/handoffs", state="callback")
        assert [one["handoff_id"] for one in listed.json["handoffs"]] == [made.json["handoff_id"]]
        assert (await house.agent.get(made.headers["location"])).json["packet"]["guest"]["masked"] is True

    play(story)


def test_late_cases_are_listed_and_on_the_gauges():
    async def story(house: House) -> None:
        case_id = await a_lead(house)
        assert (await house.agent.get("/v1/cases", breaching="true")).json["cases"] == []
        house.office.clock.set(house.office.clock.now() + timedelta(seconds=125))
        late = await house.agent.get("/v1/cases", breaching="true")
        assert [(one["case_id"], one["clock"]) for one in late.json["cases"]] == [(case_id, "breached")]
        (row,) = (await house.agent.get("/v1/clocks")).json["rows"]
        assert (row["channel"], row["breaching"], row["oldest_wait_s"]) == ("partner", 1, 125.0)
        page = (await house.nobody.get("/metrics")).raw.decode()
        assert 'santral_cases{channel="partner",hotel="BELEK1",state="breaching"} 1.0' in page
        assert 'santral_oldest_wait_seconds{channel="partner",hotel="BELEK1"} 125.0' in page
        await house.agent.post(f"/v1/leads/{case_id}/lose", {"reason": "price"})
        assert "santral_cases{" not in (await house.nobody.get("/metrics")).raw.decode()

    play(story)


def test_channels_are_shown_drawn_and_set_by_administrators_only():
    async def story(house: House) -> None:
        rows = (await house.agent.get("/v1/channels")).json["rows"]
        assert {row["channel"] for row in rows} >= {"whatsapp", "phone", "ota"}
        wish = {"first_response_s": 300, "turns": 3}
        assert (await house.chief.patch("/v1/channels/whatsapp", wish)).status == 403
        done = await house.boss.patch("/v1/channels/whatsapp", wish)
        assert (done.json["first_response_s"], done.json["versions"][0]["set_by"]) == (300.0, "boss")
        assert (await house.agent.get("/v1/channels/whatsapp")).json == done.json
        drawn = (await house.agent.get("/v1/channel-diagram", lang="tr")).json
        assert drawn["svg"].startswith("<svg")
        assert "3 veya daha" in drawn["flow"]
        assert (await house.agent.get("/v1/channels/pigeon")).status == 422

    play(story)


def test_a_typed_lead_is_by_telephone_and_says_what_is_wanted():
    async def story(house: House) -> None:
        wanted = {"check_in": "2027-07-10", "nights": 7, "adults": 2, "child_ages": [7], "source": "ITB 2027"}
        who = {"name": "Anna Schmidt", "phone": "+49 151 23456789"}
        reply = await house.agent.post("/v1/leads", {**who, **wanted})
        assert (reply.status, reply.json["channel"], reply.json["waiting_since"]) == (201, "phone", None)
        shown = await house.agent.get(f"/v1/leads/{reply.json['case_id']}")
        assert shown.json["contacts"][0]["wants"] == wanted
        for wrong in ({"nights": 0}, {"adults": 0}, {"child_ages": [18]}, {"channel": "payment"}, {"source": "x" * 81}):
            assert (await house.agent.post("/v1/leads", {**who, **wrong})).status == 422

    play(story)
