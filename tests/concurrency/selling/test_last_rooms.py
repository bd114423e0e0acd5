"""The last five rooms: whoever comes in time gets one, everybody else is told, and nobody is sold what is not there.

The guard is the hotel's own stock. With it off, the same race oversells: tests/contract/mock/test_race.py.
"""

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from cli.demo_client import Reply
from tests.postgres import STORES, server_of
from tests.torture.books import differences, read_books, suites_left, unsettled
from tests.torture.house import SUITES, House, a_house, a_pms, a_sale, a_service, agent_of, insist


async def _rush(house: House, url: str, callers: int) -> list[Reply]:
    """All callers at once, each with a guest and a key of his own."""
    gate = asyncio.Event()

    async def caller(number: int) -> Reply:
        async with agent_of(house, url, number) as agent:
            await gate.wait()
            return await insist(agent, "/v1/reservations", a_sale(number), f"rush-{number}")

    calls = [asyncio.create_task(caller(number)) for number in range(callers)]
    gate.set()
    return await asyncio.gather(*calls)


def _prove(house: House, replies: list[Reply]) -> None:
    told = Counter((one.status, one.body.get("code", one.body.get("status"))) for one in replies)
    assert told == {(201, "confirmed"): SUITES, (409, "no_room_left"): len(replies) - SUITES}
    assert suites_left(house) == 0
    assert (len(read_books(house).live), len(read_books(house).ours)) == (SUITES, SUITES)
    assert (differences(house), unsettled(house)) == ([], [])


@pytest.mark.parametrize("store", STORES)
def test_of_sixteen_callers_for_the_last_five_rooms_five_get_one(tmp_path: Path, store: str) -> None:
    house = a_house(tmp_path, server=server_of(store))
    with a_pms(house) as (_, pms_url), a_service(house, pms_url) as (_, url):
        _prove(house, asyncio.run(_rush(house, url, 16)))


@pytest.mark.torture
@pytest.mark.parametrize("store", STORES)
@pytest.mark.parametrize("workers", [1, 4])
@pytest.mark.parametrize("round_", range(3))
def test_of_sixty_four_callers_for_the_last_five_rooms_five_get_one(
    tmp_path: Path, workers: int, round_: int, store: str
) -> None:
    house = a_house(tmp_path, server=server_of(store))
    with a_pms(house) as (_, pms_url), a_service(house, pms_url, workers=workers) as (_, url):
        _prove(house, asyncio.run(_rush(house, url, 64)))
