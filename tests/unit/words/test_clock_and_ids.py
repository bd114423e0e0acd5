"""Time with an offset; ids that sort and cannot be guessed."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, timedelta

from integration.adapters.clock import SystemClock
from integration.adapters.ids import SystemIds
from integration.ports.surroundings import Clock, Ids
from tests.fakes.surroundings import FakeClock


def _they_satisfy_the_ports() -> tuple[Clock, Ids]:
    return SystemClock(), SystemIds(SystemClock())


def test_the_clock_is_aware_utc_and_shifted_by_its_offset() -> None:
    now = SystemClock().now()
    assert now.tzinfo is UTC
    assert timedelta(days=60) <= SystemClock(timedelta(days=60)).now() - now < timedelta(days=60, minutes=1)


def test_waiting_for_nothing_lets_others_run() -> None:
    seen: list[str] = []

    async def other() -> None:
        seen.append("other")

    async def main() -> None:
        task = asyncio.ensure_future(other())
        await SystemClock().sleep(0)
        assert seen == ["other"]
        await task

    asyncio.run(main())


def test_an_id_is_its_prefix_and_26_letters_that_cannot_be_misread() -> None:
    prefix, _, rest = SystemIds(FakeClock()).new("res").partition("_")
    assert prefix == "res"
    assert len(rest) == 26
    assert not set(rest) & set("ILOUabcdefghijklmnopqrstuvwxyz")


def test_ids_grow_within_a_millisecond_and_when_the_clock_is_set_back() -> None:
    clock = FakeClock()
    ids = SystemIds(clock)
    made = [ids.new("x") for _ in range(200)]
    clock.advance(hours=-1)
    made += [ids.new("x") for _ in range(200)]
    clock.advance(hours=5)
    made.append(ids.new("x"))
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_a_later_id_of_another_process_sorts_later() -> None:
    early, late = FakeClock(), FakeClock()
    late.advance(seconds=1)
    assert SystemIds(early).new("x") < SystemIds(late).new("x")


def test_threads_never_make_the_same_id() -> None:
    ids = SystemIds(FakeClock())
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: ids.new("x"), range(4000)))
    assert len(set(made)) == 4000


def test_secrets_are_32_bytes_and_differ() -> None:
    ids = SystemIds(FakeClock())
    assert len(ids.secret()) == 32
    assert ids.secret() != ids.secret()
