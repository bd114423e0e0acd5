"""The hotel's system is killed (-9) in the middle of a write and started again on its file.

Killed after it committed, the write is found and acknowledged. Killed before, it never happened: the caller hears
"unknown", repeats with the key, and after the settle time it is sent again. Either way there is one.
"""

import asyncio
import os
import random
import signal
import subprocess
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import pytest

from cli.demo_client import Reply
from tests.torture.books import differences, read_books, rows, unsettled
from tests.torture.house import (
    Body,
    House,
    a_house,
    a_pms,
    a_sale,
    a_service,
    agent_of,
    insist,
    until,
    workers_of,
)

PATH = "/v1/reservations"


async def _killed_meanwhile(house: House, url: str, port: int, pms: "subprocess.Popen[str]", stack: ExitStack) -> Reply:
    """A sale during which the PMS dies, once its last armed fault has struck, and comes back."""

    async def has_struck() -> bool:
        return all(one["hits"] for one in rows(house.pms_path, "SELECT hits FROM fault"))

    async with agent_of(house, url) as agent:
        sale = asyncio.create_task(insist(agent, PATH, a_sale(), "k"))
        await until(has_struck, "the fault")
        pms.kill()
        await asyncio.to_thread(stack.enter_context, a_pms(house, workers=1, port=port))
        return await sale


def _sell_while_it_is_killed(house: House, faults: tuple[tuple[str, str, float | None], ...]) -> None:
    with ExitStack() as stack:
        pms, pms_url = stack.enter_context(a_pms(house, workers=1))
        _, url = stack.enter_context(a_service(house, pms_url))
        for fault in faults:
            house.fault(*fault)
        port = int(pms_url.rpartition(":")[2])
        reply = asyncio.run(_killed_meanwhile(house, url, port, pms, stack))
    assert (reply.status, reply.body.get("status")) == (201, "confirmed"), reply.body
    assert (house.asked("postReservation"), len(read_books(house).theirs)) == (1, 1)
    assert (differences(house), unsettled(house)) == ([], [])


def test_a_pms_killed_after_it_committed_leaves_one_that_is_acknowledged(tmp_path: Path) -> None:
    lost = ("lost_answer", "postReservation", None)
    _sell_while_it_is_killed(a_house(tmp_path), (lost, ("slow", "getHotelReservations", 60.0)))


@pytest.mark.torture
def test_a_pms_killed_before_it_committed_leaves_one_that_is_sent_again(tmp_path: Path) -> None:
    _sell_while_it_is_killed(a_house(tmp_path), (("slow", "postReservation", 60.0),))


def _sale(number: int) -> Body:
    """Spread over rooms and weeks, so that nobody is refused."""
    room = ("STD", "STDSV", "FAM")[number % 3]
    return a_sale(number, room=room, after_days=7 * (number % 4))


async def _life(house: House, url: str, number: int, told: "Counter[str]") -> None:
    """Sell, and then change, cancel or leave alone: each write insisted on until its answer is final."""
    async with agent_of(house, url, number) as agent:
        made = await insist(agent, PATH, _sale(number), f"sale-{number}", 200)
        assert made.status == 201, made.body
        told["made"] += 1
        one = f"{PATH}/{made['reservation_id']}"
        verb, body = (("change", {"nights": 3}), ("cancel", {"reason": "illness"}), ("", {}))[number % 3]
        if verb:
            done = await insist(agent, f"{one}/{verb}", body, f"{verb}-{number}", 200)
            assert done.status == 200, done.body
            told[verb] += 1


async def _nemesis(victims: "list[subprocess.Popen[str]]", told: "Counter[str]", callers: int, seed: int) -> int:
    """Kill a worker, of the PMS or of the service, after every few answers, until every sale is told."""
    chance, killed, at = random.Random(seed), 0, 3
    while told["made"] < callers:
        await asyncio.sleep(0.005)
        if told.total() < at:
            continue
        at += 5
        workers = workers_of(chance.choice(victims))
        if workers:
            os.kill(chance.choice(workers), signal.SIGKILL)
            killed += 1
    return killed


@pytest.mark.torture
@pytest.mark.parametrize("victim", ["pms", "both"])
@pytest.mark.parametrize("seed", [1, 2])
def test_workers_killed_at_random_under_load_lose_and_double_nothing(tmp_path: Path, victim: str, seed: int) -> None:
    house, callers, told = a_house(tmp_path), 36, Counter[str]()
    with a_pms(house) as (pms, pms_url), a_service(house, pms_url, workers=3) as (service, url):

        async def story() -> int:
            victims = [pms] if victim == "pms" else [pms, service]
            nemesis = asyncio.create_task(_nemesis(victims, told, callers, seed))
            await asyncio.gather(*(_life(house, url, number, told) for number in range(callers)))
            return await nemesis

        assert asyncio.run(story()) > 2

        async def is_at_rest() -> bool:
            return unsettled(house) == []

        asyncio.run(until(is_at_rest, "the end of every write", 120))
    assert told == {"made": callers, "change": callers // 3, "cancel": callers // 3}
    assert len(read_books(house).ours) == callers
    assert differences(house) == []
