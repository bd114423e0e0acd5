"""Sellers and a nemesis on real processes: whatever was acknowledged under kills, pauses and faults holds at rest.

The service runs with two workers beside a hotel's system with two, both on sockets. Eight agents sell with keys and
repeat what got no answer, while the nemesis (tests/torture/nemesis.py) kills, stops, breaks, and confirms at the front
desk. Then the house heals, is put three minutes ahead, and comes to rest: what was given up is asked again, deposits in
doubt are decided by a person, the sweep, the resolver and the watch do their work. Then the history and both
databases are judged (tests/torture/judge.py, tests/torture/books.py). `history.jsonl` stays in the test's folder; the
rows that speak of a finding are printed with it.
"""

import asyncio
from collections import Counter
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from random import Random
from time import monotonic

import pytest

from cli.demo_client import Agent
from integration.adapters.store.carers import care_of
from tests.postgres import STORES, server_of
from tests.torture.books import differences, read_books, store_rows
from tests.torture.house import AGAIN, HOTEL, NOW, House, a_house, a_pms, agent_of
from tests.torture.judge import Facts, findings
from tests.torture.nemesis import Nemesis, Site
from tests.torture.sellers import Seller
from tests.torture.told import Told

pytestmark = pytest.mark.torture

SELLERS = 8
AHEAD = timedelta(minutes=3)
HOLD_S = 10
REST_S, LOOK_EVERY_S = 75.0, 0.5
DEEDS = ("kill_worker", "pause_worker", "pause_pms", "fault", "desk_confirm")
HARD = {("sell", "ok"), ("sell", "unknown"), ("pay", "ok"), ("confirm", "ok"), *((deed, "do") for deed in DEEDS)}


def facts_of(house: House) -> Facts:
    """Both sides as they are now."""
    books = read_books(house)
    return Facts(
        HOTEL,
        books.ours,
        Counter(one["ref"] for one in books.live),
        store_rows(house, "SELECT reservation_id, action FROM history"),
        store_rows(house, "SELECT intent_id, kind, state FROM intents"),
        store_rows(house, "SELECT ids FROM tasks"),
    )


def judged(house: House, told: Told) -> list[str]:
    """All that is wrong now, by the history and by the books."""
    return [*findings(told.rows, facts_of(house)), *differences(house)]


async def _decide(house: House, agent: Agent) -> None:
    """A person looks at each deposit in doubt and says that it did not happen; what the PMS shows wins over him."""
    wanted = "SELECT task_id FROM tasks WHERE kind = 'deposit_unknown' AND done_at IS NULL"
    for one in await asyncio.to_thread(store_rows, house, wanted):
        path = f"/v1/tasks/{one['task_id']}/decision"
        reply = await agent.post(path, {"happened": False, "note": "Not on the statement"})
        assert reply.status in {200, *AGAIN}, reply.body


async def _rest(house: House, site: Site, told: Told) -> list[str]:
    """Wait until nothing is wrong; what still is when time is up."""
    async with agent_of(house, site.url) as agent:
        end = monotonic() + REST_S
        while (wrong := await asyncio.to_thread(judged, house, told)) and monotonic() < end:
            await _decide(house, agent)
            await asyncio.sleep(LOOK_EVERY_S)
    return wrong


async def _disturbed(house: House, site: Site, nemesis: Nemesis, sellers: list[Seller]) -> list[str]:
    """Sell under the nemesis, heal, come to rest."""
    at_work = asyncio.create_task(nemesis.run())
    await asyncio.gather(*(seller.sell(lambda: not nemesis.is_over, site.clock) for seller in sellers))
    await at_work
    await nemesis.heal()
    site.cut_power()
    await asyncio.to_thread(site.restore_power, AHEAD)
    await asyncio.gather(*(seller.come_back(REST_S) for seller in sellers))
    return await _rest(house, site, nemesis.told)


def _prove(tmp_path: Path, store: str, seed: int, pause_s: float) -> None:
    house = a_house(tmp_path, HOLD_S, server_of(store))
    told = Told(tmp_path / "history.jsonl")
    with ExitStack() as end:
        end.callback(told.close)
        pms, pms_url = end.enter_context(a_pms(house))
        house.set_pms_clock(NOW)
        site = Site(house, pms_url, end)
        nemesis = Nemesis(house, site, pms, told, Random(f"nemesis {seed}"), pause_s)
        sellers = [
            Seller(house, site.url, number, told, Random(f"seller {seed} {number}")) for number in range(SELLERS)
        ]
        wrong = asyncio.run(_disturbed(house, site, nemesis, sellers))
        assert not wrong, "\n".join([*wrong[:20], f"seed {seed}, {told.file}", told.about(wrong)])
    assert care_of(house.settings()).look_over().failed == ""
    hard = {one for one in HARD if told.counts()[one]}
    assert hard == HARD


@pytest.mark.parametrize("store", STORES)
def test_sellers_under_a_nemesis_lose_and_double_nothing(tmp_path: Path, store: str) -> None:
    _prove(tmp_path, store, seed=1, pause_s=4)


def test_a_worker_that_is_stopped_for_longer_than_anybody_waits_loses_and_doubles_nothing(tmp_path: Path) -> None:
    _prove(tmp_path, "sqlite", seed=2, pause_s=65)
