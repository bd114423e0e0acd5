"""Virtual time: waiting takes none, nothing is missed, and one seed is one sequence."""

import asyncio
import random
from datetime import UTC, datetime, timedelta
from time import perf_counter

import pytest

from integration.adapters.ids import SystemIds
from integration.adapters.virtual_time import NothingLeftToWaitFor, VirtualClock, VirtualLoop, run_virtual
from integration.ports.surroundings import Clock
from pms_mock import control
from pms_mock.store import MockStore

START = datetime(2027, 12, 31, 20, 0, tzinfo=UTC)


def _it_satisfies_the_port(loop: VirtualLoop) -> Clock:
    return VirtualClock(loop, START)


def test_a_month_of_seconds_passes_in_its_order_without_waiting() -> None:
    seen: list[tuple[str, datetime]] = []

    async def walker(clock: VirtualClock, name: str, step_s: float, steps: int) -> None:
        for _ in range(steps):
            await clock.sleep(step_s)
            seen.append((name, clock.now()))

    async def story(clock: VirtualClock) -> datetime:
        await asyncio.gather(walker(clock, "hour", 3600, 720), walker(clock, "day", 86_400, 30))
        return clock.now()

    began = perf_counter()
    assert run_virtual(story, start=START, seed=1) == START + timedelta(days=30)
    assert perf_counter() - began < 20
    assert [at for _, at in seen] == sorted(at for _, at in seen)
    assert len(seen) == 750


def test_a_timer_never_fires_before_its_time_however_late_in_the_year() -> None:
    async def story(clock: VirtualClock) -> list[float]:
        loop = asyncio.get_running_loop()
        await clock.sleep(40_000_000.123456)
        early = []
        for pause in (0.001, 0.1, 0.333333, 7.7, 89.999999):
            begin = loop.time()
            await clock.sleep(pause)
            early.append(pause - (loop.time() - begin))
        return early

    assert max(run_virtual(story, start=START, seed=1)) < 2e-6


def test_the_clock_is_aware_utc_and_whole_milliseconds() -> None:
    async def story(clock: VirtualClock) -> None:
        await clock.sleep(1.2349)
        assert clock.now() == START + timedelta(milliseconds=1234)
        assert clock.now().tzinfo is UTC
        assert clock.now_ms() == int(START.timestamp() * 1000) + 1234

    run_virtual(story, start=START, seed=1)


def test_a_loop_in_which_nothing_can_happen_says_so() -> None:
    async def story(_clock: VirtualClock) -> None:
        await asyncio.get_running_loop().create_future()

    with pytest.raises(NothingLeftToWaitFor):
        run_virtual(story, start=START, seed=1)


def test_the_luck_of_libraries_comes_from_the_seed_and_is_given_back() -> None:
    async def story(_clock: VirtualClock) -> float:
        return random.random()

    before = random.getstate()
    first, again, other = (run_virtual(story, start=START, seed=seed) for seed in (1, 1, 2))
    assert (first == again, first == other, random.getstate() == before) == (True, False, True)


def test_ids_of_one_seed_are_the_same_ids() -> None:
    async def story(clock: VirtualClock) -> list[str]:
        ids = SystemIds(clock, random.Random("ids").randbytes)
        made = [ids.new("res") for _ in range(3)]
        await clock.sleep(5)
        return [*made, ids.new("res"), ids.secret().hex()]

    first, again = (run_virtual(story, start=START, seed=1) for _ in range(2))
    assert first == again
    assert len(set(first)) == len(first)


def test_the_mock_hotel_lives_in_the_time_it_is_given() -> None:
    async def story(clock: VirtualClock) -> None:
        store = MockStore(None, wall=clock.now_ms)
        await clock.sleep(3 * 3600)
        assert control.now(store) == START + timedelta(hours=3)
        assert control.clock(store, advance=timedelta(days=1)) == START + timedelta(days=1, hours=3)
        assert control.clock(store, set=START) == START
        store.close()

    run_virtual(story, start=START, seed=1)
