"""PostgreSQL is killed (as `pg_ctl restart -m immediate` does) in the middle of writes and started again.

Whoever was told that his sale is made has it; whoever was told that the store is away repeats with his key and gets
it once. The server syncs here, as one in production does, and recovers from its log each time.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from integration.adapters.store.carers import care_of
from integration.errors import StoreUnavailable
from tests.concurrency.selling.office import Office, play
from tests.postgres import Server, a_server
from tests.torture.books import differences, read_books, unsettled
from tests.torture.house import Body, House, a_house, a_pms, a_sale, a_service, agent_of, insist, until

PATH = "/v1/reservations"
VERBS: tuple[tuple[str, Body], ...] = (("change", {"nights": 3}), ("cancel", {"reason": "illness"}), ("", {}))


def _sale(number: int) -> Body:
    """Spread over rooms and weeks, so that nobody is refused."""
    return a_sale(number, room=("STD", "STDSV", "FAM")[number % 3], after_days=7 * (number % 4))


async def _life(house: House, url: str, number: int, told: "Counter[str]") -> None:
    """Sell, and then change, cancel or leave alone: each write insisted on until its answer is final."""
    async with agent_of(house, url, number) as agent:
        made = await insist(agent, PATH, _sale(number), f"sale-{number}", 200)
        assert made.status == 201, made.body
        told["made"] += 1
        verb, body = VERBS[number % len(VERBS)]
        if verb:
            done = await insist(agent, f"{PATH}/{made['reservation_id']}/{verb}", body, f"{verb}-{number}", 200)
            assert done.status == 200, done.body
            told[verb] += 1


async def _restarts(server: Server, told: "Counter[str]", callers: int, every: int) -> int:
    """Kill and start the server after every few answers, until every sale is told; how often."""
    killed, at = 0, 1
    while told["made"] < callers:
        await asyncio.sleep(0.005)
        if told.total() < at:
            continue
        at = told.total() + every
        await asyncio.to_thread(server.kill)
        server.spawn()
        await asyncio.to_thread(server.wait)
        killed += 1
    return killed


def _sell_through_restarts(tmp_path: Path, callers: int, workers: int, every: int) -> int:
    told = Counter[str]()
    with a_server() as server:
        house = a_house(tmp_path, server=server)
        with a_pms(house) as (_, pms_url), a_service(house, pms_url, workers=workers) as (_, url):

            async def story() -> int:
                restarts = asyncio.create_task(_restarts(server, told, callers, every))
                await asyncio.gather(*(_life(house, url, number, told) for number in range(callers)))
                return await restarts

            async def is_at_rest() -> bool:
                return unsettled(house) == []

            killed = asyncio.run(story())
            asyncio.run(until(is_at_rest, "the end of every write", 200))
        assert (told["made"], len(read_books(house).ours)) == (callers, callers)
        assert differences(house) == []
        assert care_of(house.settings()).look_over().failed == ""
    return killed


def _at(office: Office, point: str, happens: Callable[[], None]) -> None:
    """Let something happen, once, when the agent's next write passes a point."""
    waiting = [happens]

    def passed(name: str) -> None:
        if name == point and waiting:
            waiting.pop()()

    office.agent = replace(office.agent, point=passed)


def _prove_one(house: House) -> None:
    assert (len(read_books(house).ours), len(read_books(house).live)) == (1, 1)
    assert (differences(house), unsettled(house)) == ([], [])
    assert house.asked("postReservation") == 1


def test_a_store_that_is_restarted_at_any_point_of_a_sale_is_not_noticed(tmp_path: Path) -> None:
    with a_server() as server:

        def restart() -> None:
            server.kill()
            server.start()

        for point in ("intent_stored", "pms_answered", "verified", "outcome_stored"):

            async def story(office: Office, point: str = point) -> None:
                _at(office, point, restart)
                await office.hold()

            _prove_one(play(tmp_path / point, story, server))


def test_a_store_that_is_away_once_the_hotel_has_written_finds_it_by_the_key(tmp_path: Path) -> None:
    with a_server() as server:

        async def story(office: Office) -> None:
            _at(office, "pms_answered", server.kill)
            with pytest.raises(StoreUnavailable, match="cannot be reached"):
                await office.hold()
            server.start()
            office.clock.advance(minutes=4)
            await office.hold()
            await office.resolve()

        _prove_one(play(tmp_path, story, server))


@pytest.mark.torture
@pytest.mark.parametrize("workers", [1, 4])
def test_a_store_that_is_restarted_again_and_again_loses_and_doubles_nothing(tmp_path: Path, workers: int) -> None:
    assert _sell_through_restarts(tmp_path, callers=36, workers=workers, every=6) > 2
