"""Many at once: a slow PMS stops nobody else, and a caller who hangs up cuts nothing in two."""

import asyncio

from tests.service.house import CARD, QUOTE, House, play


class Gate:
    """Holds back chosen PMS calls until it is opened."""

    def __init__(self, house: House, operation: str, times: int = 1) -> None:
        self.reached = asyncio.Event()
        self.open = asyncio.Event()
        self._operation = operation
        self._times = times
        house.office.pms.before = self

    async def __call__(self, operation: str) -> None:
        if operation == self._operation and self._times > 0:
            self._times -= 1
            self.reached.set()
            await self.open.wait()


def test_a_slow_pms_answer_stops_no_other_agent():
    async def story(house: House) -> None:
        place = (await house.book()).headers["location"]
        gate, order = Gate(house, "read_rates"), list[str]()

        async def asks(name: str, client, method: str, path: str, body=None) -> None:
            reply = await client.ask(method, path, body)
            assert reply.status == 200, reply.json
            order.append(name)

        slow = asyncio.create_task(asks("slow quote", house.agent, "POST", "/v1/quotes", QUOTE))
        await gate.reached.wait()
        await asks("health", house.nobody, "GET", "/healthz")
        await asks("list", house.chief, "GET", "/v1/reservations")
        await asks("quote", house.chief, "POST", "/v1/quotes", QUOTE)
        await asks("confirm", house.agent, "POST", f"{place}/confirm", {"guarantee": "card"})
        gate.open.set()
        await slow
        assert order == ["health", "list", "quote", "confirm", "slow quote"]

    play(story)


def test_a_caller_who_hangs_up_in_the_middle_of_a_sale_leaves_a_whole_one():
    async def story(house: House) -> None:
        sale = {**CARD, "offer_id": await house.offer()}
        gate = Gate(house, "create_booking")
        caller = asyncio.create_task(house.agent.post("/v1/reservations", sale, key="k-1"))
        await gate.reached.wait()
        caller.cancel()
        await asyncio.gather(caller, return_exceptions=True)
        assert caller.cancelled()
        gate.open.set()
        assert await house.app.state.service.writes.drain(10) == 0
        kept = (await house.agent.get("/v1/reservations")).json["reservations"]
        assert [one["status"] for one in kept] == ["confirmed"]
        again = await house.agent.post("/v1/reservations", sale, key="k-1")
        assert ({**again.json, "overdue": False}, again.headers["idempotency-replayed"]) == (kept[0], "true")
        assert house.office.pms.count("create_booking") == 1

    play(story)


def test_a_write_whose_caller_has_gone_and_that_fails_disturbs_nobody():
    async def story(house: House) -> None:
        sale = {**CARD, "offer_id": await house.offer()}
        gate = Gate(house, "create_booking")
        house.office.pms.fail_next("create_booking", RuntimeError("gone wrong"))
        caller = asyncio.create_task(house.agent.post("/v1/reservations", sale, key="k-1"))
        await gate.reached.wait()
        caller.cancel()
        await asyncio.gather(caller, return_exceptions=True)
        gate.open.set()
        assert await house.app.state.service.writes.drain(10) == 0
        assert (await house.agent.get("/healthz")).status == 200

    play(story)
