"""A day of deliveries, shuffled and repeated, gives the same cases as the day in its order."""

import asyncio
from random import Random

import pytest

from integration.usecases.take_delivery import Stored, take_delivery
from integration.usecases.take_in import take_pending
from tests.intake.day import Sent, a_day
from tests.intake.reception import MIDNIGHT, Reception, a_reception, digest


def after(day: list[Sent], at_once: int) -> Reception:
    """The cases after a day; taken in whenever `at_once` deliveries are waiting."""
    desk = a_reception()
    last = max(one.delivery.received_at for one in day)
    desk.office.clock.set(max(last, MIDNIGHT))

    async def play() -> None:
        for place, sent in enumerate(day, 1):
            found = await take_delivery(desk.desk, desk.desk.hooks[sent.hook], sent.delivery)
            assert isinstance(found, Stored)
            if place % at_once == 0:
                await take_pending(desk.desk, at_once * 2)
        for _ in range(3):
            await take_pending(desk.desk, len(day))

    asyncio.run(play())
    return desk


def digest_after(day: list[Sent], at_once: int) -> str:
    desk = after(day, at_once)
    cases = desk.cases()
    assert desk.read(lambda tx: tx.pending_deliveries(10)) == []
    found: str = desk.read(lambda tx: digest(tx, cases))
    return found


def prove(seed: int, count: int) -> None:
    day = a_day(seed, count)
    draw = Random(seed)
    mixed = day + draw.sample(day, count // 10)
    draw.shuffle(mixed)
    assert digest_after(day, 1) == digest_after(mixed, 17)


@pytest.mark.parametrize("seed", range(6))
def test_a_shuffled_and_repeated_day_gives_the_same_cases(seed: int):
    prove(seed, 150)


@pytest.mark.torture
def test_a_shuffled_and_repeated_day_of_20_000_deliveries_gives_the_same_cases():
    prove(2027, 20_000)
