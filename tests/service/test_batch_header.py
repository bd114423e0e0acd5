"""A write may say which run it belongs to, so that the run can be undone as a whole."""

import pytest

from tests.service.house import HOLD, House, play


def test_a_write_that_names_its_run_is_kept_under_it():
    async def story(house: House) -> None:
        sale = {**HOLD, "offer_id": await house.offer()}
        run = {"santral-batch": "load-2027.05_a"}
        assert (await house.agent.post("/v1/reservations", sale, key="k-1", headers=run)).status == 201
        await house.book(key="k-2")

        def batches(tx):
            return [tx.intent_of_key("BELEK1", "agent7", key).batch_id for key in ("k-1", "k-2")]

        assert await house.office.desk.store.read(batches) == ["load-2027.05_a", None]

    play(story)


@pytest.mark.parametrize("bad", ["", "a b", "é", "a/b", "x" * 65])
def test_a_run_that_is_none_is_refused_before_anything_is_done(bad: str):
    async def story(house: House) -> None:
        reply = await house.agent.post("/v1/calls", {}, headers={"santral-batch": bad})
        assert (reply.status, reply.json["code"], reply.json["field"]) == (400, "batch_malformed", "Santral-Batch")
        assert (await house.agent.get("/v1/calls")).json["calls"] == []

    play(story)


def test_a_read_does_not_care():
    async def story(house: House) -> None:
        assert (await house.agent.ask("GET", "/v1/calls", headers={"santral-batch": "a b"})).status == 200

    play(story)
