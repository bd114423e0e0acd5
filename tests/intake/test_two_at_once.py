"""Two processes take the same deliveries in at the same time: every arrival has its effect once."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from integration.adapters.store import open_database, open_store
from integration.adapters.store.audit_keeper import Seal
from integration.ports.queue_records import CaseWish
from integration.ports.store import Store
from integration.usecases.take_delivery import take_delivery
from integration.usecases.take_in import take_pending
from tests import postgres
from tests.intake.day import a_day
from tests.intake.reception import a_reception, digest

DAY = a_day(11, 60)
Opener = Callable[[], Store]


@pytest.fixture(params=["sqlite", "postgres"])
def opener(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opener]:
    """Opens one more store on the same place."""
    if request.param == "sqlite":
        open_store(tmp_path / "queue.sqlite", inline=True, create=True)
        yield lambda: open_store(tmp_path / "queue.sqlite", inline=False, create=False)
        return
    url = postgres.a_database()
    seal = Seal(tmp_path / "audit.key", tmp_path / "audit.checkpoints")
    yield lambda: open_database(url, seal, inline=False, create=True)
    postgres.drop(url)


async def _digest(store: Store) -> str:
    return await store.read(lambda tx: digest(tx, tx.list_cases(CaseWish(hotel_id="BELEK1"), 10_000)))


async def _two_at_once(opener: Opener) -> tuple[str, int]:
    one, other = opener(), opener()
    desk = a_reception(one)
    desk.office.clock.set(DAY[-1].delivery.received_at)
    for sent in DAY:
        await take_delivery(desk.desk, desk.desk.hooks[sent.hook], sent.delivery)
    twin = replace(desk.desk, store=other)
    await asyncio.gather(*(take_pending(each, 1_000) for each in (desk.desk, twin, desk.desk)))
    for _ in range(4):
        await take_pending(desk.desk, 1_000)
    left = len(await one.read(lambda tx: tx.pending_deliveries(10)))
    found = await _digest(one)
    await one.close()
    await other.close()
    return found, left


def test_two_intakes_of_one_store_give_the_cases_of_one(opener: Opener):
    alone = a_reception()
    for sent in DAY:
        alone.deliver(sent.hook, sent.delivery)
    alone.take_in()
    cases = alone.cases()
    expected = alone.read(lambda tx: digest(tx, cases))
    assert asyncio.run(_two_at_once(opener)) == (expected, 0)
