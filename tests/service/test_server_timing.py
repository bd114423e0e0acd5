"""Each part of a request's time is told apart: waiting, the store, the PMS, and what the mock PMS waited on purpose."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from threading import Event

import pytest

from integration.adapters.ohip.socket import SocketTransport
from integration.adapters.ohip.transport import injected_in
from integration.adapters.rate_share import RateShare
from integration.adapters.store import open_store
from integration.http.timing import TimedStore
from integration.ports.store import Tx
from integration.ports.timing import TIMING, Timing, add_pms_time
from pms_mock import control
from tests.contract.ohip.house import in_process
from tests.unit.ohip.hostile import OK, a_hostile_server


def account(story: Callable[[], Awaitable[object]]) -> Timing:
    """What a story's time went into."""
    timing = Timing()

    async def run() -> None:
        mark = TIMING.set(timing)
        await story()
        TIMING.reset(mark)

    asyncio.run(run())
    return timing


def test_the_header_holds_every_part_in_milliseconds_and_none_below_nothing() -> None:
    timing = Timing()
    timing.pms, timing.store, timing.queue, timing.injected = 0.0412, -0.001, 0.0003, 0.04
    told = timing.header(0.044)
    assert told == b"pms;dur=41.2, store;dur=0.0, queue;dur=0.3, injected;dur=40.0, total;dur=44.0"


def test_without_an_account_nothing_is_kept_and_nothing_fails() -> None:
    add_pms_time(1.0)
    assert TIMING.get() is None


def test_waiting_for_our_share_of_the_rate_limit_is_waiting() -> None:
    share = RateShare(100, 1)

    async def story() -> None:
        await share.take(is_write=True)
        await share.take(is_write=True)

    timing = account(story)
    assert timing.queue >= 0.005
    assert timing.pms == 0.0


def test_a_write_that_waits_for_another_is_told_the_wait_apart_from_its_own_work(tmp_path: Path) -> None:
    begun, gate = Event(), Event()
    busy, waiting = Timing(), Timing()

    def slow(_tx: Tx) -> None:
        begun.set()
        assert gate.wait(10)

    async def one(store: TimedStore, timing: Timing, work: Callable[[Tx], None]) -> None:
        TIMING.set(timing)
        await store.transact(work)

    async def story() -> None:
        store = TimedStore(open_store(tmp_path / "s.sqlite", inline=False, create=True))
        first = asyncio.ensure_future(one(store, busy, slow))
        while not begun.is_set():
            await asyncio.sleep(0.001)
        second = asyncio.ensure_future(one(store, waiting, lambda _tx: None))
        asyncio.get_running_loop().call_later(0.05, gate.set)
        await asyncio.gather(first, second)
        await store.close()

    asyncio.run(story())
    assert busy.store >= 0.04
    assert waiting.queue >= 0.04


def test_waiting_for_a_free_connection_to_the_pms_is_not_the_time_of_the_pms() -> None:
    async def story() -> None:
        async with a_hostile_server(OK, OK) as server:
            transport = SocketTransport(server.url, connections=1)
            asked = [transport.send("GET", "/x", (), None, 5.0) for _ in range(2)]
            await asyncio.gather(*asked)
            await transport.close()

    timing = account(story)
    assert timing.queue > 0
    assert timing.pms == pytest.approx(-timing.queue)


def test_what_the_mock_waits_on_purpose_comes_back_as_injected() -> None:
    async def story() -> None:
        async with in_process() as house:
            control.add_fault(house.store, "slow", "reads", param=0.03)
            await house.pms.read_script(house.hotel, "tr")

    timing = account(story)
    assert 0.03 <= timing.injected <= timing.pms


def test_a_pms_that_is_not_slowed_says_nothing_and_nothing_is_injected() -> None:
    async def story() -> None:
        async with in_process() as house:
            await house.pms.read_script(house.hotel, "tr")

    timing = account(story)
    assert (timing.injected, timing.pms > 0) == (0.0, True)


@pytest.mark.parametrize(
    ("told", "seconds"),
    [("injected;dur=301.2", 0.3012), ("db;dur=5, injected;dur=40", 0.04), ("injected", 0.0), ("injected;dur=-5", 0.0),
     ("injected;dur=nan", 0.0), ("notinjected;dur=5", 0.0), ("", 0.0)],
)  # fmt: skip
def test_only_what_reads_as_a_time_counts(told: str, seconds: float) -> None:
    assert injected_in({"server-timing": told}) == pytest.approx(seconds)
