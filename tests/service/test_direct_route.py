"""The hot path goes around the framework's solving of arguments and answers like every other path all the same."""

from tests.service.house import QUOTE, House, play


def test_a_method_that_is_not_its_own_is_refused_with_the_one_that_is() -> None:
    async def story(house: House) -> None:
        reply = await house.agent.get("/v1/quotes")
        assert (reply.status, reply.headers["allow"]) == (405, "POST")

    play(story)


def test_its_errors_are_problems_and_its_traces_are_counted() -> None:
    async def story(house: House) -> None:
        refused = await house.agent.post("/v1/quotes", {**QUOTE, "adults": 0})
        assert (refused.status, refused.headers["content-type"]) == (422, "application/problem+json")
        assert (await house.nobody.post("/v1/quotes", QUOTE)).status == 401
        fine = await house.agent.post("/v1/quotes", QUOTE)
        assert fine.status == 200
        assert "server-timing" in fine.headers

    play(story)
