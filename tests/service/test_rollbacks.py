"""Rollbacks through the service: planned, shown, applied by whoever may, and gone on with after an outage."""

from typing import Any

from integration.errors import PmsOutcomeUnknown, PmsUnavailable
from tests.service.house import CARD, House, play

PLACE = "/v1/rollbacks"


def undo(one: Any, **more: Any) -> dict[str, Any]:
    return {"reservation_id": one["reservation_id"], "reason": "wrong week", **more}


def test_a_wrong_reservation_is_planned_and_undone():
    async def story(house: House) -> None:
        one = (await house.book(CARD)).json
        plan = await house.agent.post(PLACE, undo(one), key="p")
        assert (plan.status, plan.json["state"]) == (201, "planned")
        assert plan.headers["location"] == f"{PLACE}/{plan.json['rollback_id']}"
        assert [(step["action"], step["status"]) for step in plan.json["steps"]] == [
            ("cancel", "planned"), ("correction_message", "planned"),
        ]  # fmt: skip
        again = await house.agent.post(PLACE, undo(one), key="p")
        assert (again.headers["idempotency-replayed"], again.json) == ("true", plan.json)
        done = await house.agent.post(f"{plan.headers['location']}/apply", key="a")
        assert (done.status, done.json["state"]) == (200, "applied")
        shown = await house.agent.get(f"/v1/reservations/{one['reservation_id']}")
        assert shown.json["status"] == "rolled_back"
        listed = await house.agent.get(PLACE)
        assert [row["rollback_id"] for row in listed.json["rollbacks"]] == [plan.json["rollback_id"]]
        assert (await house.agent.get(plan.headers["location"])).json == done.json

    play(story)


def test_an_operator_is_told_that_a_supervisor_must_undo_what_another_entered():
    async def story(house: House) -> None:
        one = (await house.book(CARD, client=house.chief)).json
        plan = await house.agent.post(PLACE, undo(one))
        refused = await house.agent.post(f"{PLACE}/{plan.json['rollback_id']}/apply")
        assert (refused.status, refused.json["code"]) == (403, "forbidden")
        assert (await house.chief.post(f"{PLACE}/{plan.json['rollback_id']}/apply")).json["state"] == "applied"

    play(story)


def test_an_outage_is_503_an_unknown_outcome_504_and_applying_again_goes_on():
    async def story(house: House) -> None:
        one = (await house.book(CARD)).json
        place = f"{PLACE}/{(await house.agent.post(PLACE, undo(one))).json['rollback_id']}"
        house.office.pms.fail_next("cancel_booking", PmsUnavailable("down"))
        assert (await house.agent.post(f"{place}/apply", key="a")).status == 503
        house.office.pms.fail_next("cancel_booking", PmsOutcomeUnknown("lost"))
        assert (await house.agent.post(f"{place}/apply", key="a")).status == 504
        assert (await house.agent.get(place)).json["state"] == "applying"
        house.office.clock.advance(minutes=2)
        assert (await house.agent.post(f"{place}/apply", key="a")).json["state"] == "applied"

    play(story)


def test_what_cannot_be_meant_is_refused_in_one_sentence():
    async def story(house: House) -> None:
        one = (await house.book(CARD)).json
        for body in ({"reason": "x"}, undo(one, batch="b"), undo(one, reason="")):
            assert (await house.agent.post(PLACE, body)).status == 422
        span = {"actor": "agent7", "from": "2027-05-01T09:00:00Z", "to": "2027-05-01T10:00:00Z", "reason": "wrong"}
        assert (await house.agent.post(PLACE, span)).json["reservations"] == 1
        assert (await house.agent.get(f"{PLACE}/rbk_nothing")).status == 404

    play(story)
