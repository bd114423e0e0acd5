"""Our share of the rate limit: never exceeded, writes first, and a full share says when to come back."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.adapters.rate_share import RateShare, RateShares
from integration.errors import PmsUnavailable
from tests.builders import pms_terms
from tests.unit.ohip.jumping import run_jumping


def test_the_burst_goes_out_at_once_and_the_next_one_waits_for_its_token() -> None:
    async def story() -> list[float]:
        loop, share, at = asyncio.get_running_loop(), RateShare(10, 3), []
        for _ in range(5):
            await share.take(is_write=False)
            at.append(loop.time())
        return at

    assert run_jumping(story) == pytest.approx([0, 0, 0, 0.1, 0.2], abs=1e-3)


def test_a_write_that_comes_later_goes_before_the_reads_in_line() -> None:
    async def story() -> list[str]:
        share, order = RateShare(10, 1), list[str]()

        async def one(name: str, *, is_write: bool) -> None:
            await share.take(is_write=is_write)
            order.append(name)

        await share.take(is_write=False)
        calls = [one("read 1", is_write=False), one("read 2", is_write=False), one("write", is_write=True)]
        await asyncio.gather(*calls)
        return order

    assert run_jumping(story) == ["write", "read 1", "read 2"]


def test_a_full_share_refuses_at_once_and_says_when() -> None:
    async def story() -> PmsUnavailable:
        share = RateShare(1, 1)
        await share.take(is_write=False)
        with pytest.raises(PmsUnavailable) as caught:
            await share.take(is_write=False)
        assert asyncio.get_running_loop().time() == 0
        return caught.value

    error = run_jumping(story)
    assert error.retry_after == pytest.approx(1)
    assert str(error) == "Our share of the PMS's rate limit is used up; try again in 2 s."


def test_a_read_that_is_overtaken_for_too_long_is_told_so() -> None:
    async def story() -> float:
        share = RateShare(4, 1)
        await share.take(is_write=True)
        read = asyncio.ensure_future(share.take(is_write=False))
        await asyncio.sleep(0)
        writes = [asyncio.ensure_future(share.take(is_write=True)) for _ in range(4)]
        with pytest.raises(PmsUnavailable):
            await read
        given_up_at = asyncio.get_running_loop().time()
        await asyncio.gather(*writes)
        return given_up_at

    assert run_jumping(story) == pytest.approx(0.5, abs=1e-3)


def test_a_caller_that_leaves_the_line_leaves_its_token_to_the_next() -> None:
    async def story() -> float:
        share = RateShare(10, 1)
        await share.take(is_write=False)
        first, second = (asyncio.ensure_future(share.take(is_write=False)) for _ in range(2))
        await asyncio.sleep(0)
        first.cancel()
        await second
        return asyncio.get_running_loop().time()

    assert run_jumping(story) == pytest.approx(0.1, abs=1e-3)


def test_nothing_is_given_while_the_pms_wants_a_pause() -> None:
    async def story() -> float:
        share = RateShare(10, 5)
        share.hold_off(30)
        with pytest.raises(PmsUnavailable) as caught:
            await share.take(is_write=True)
        assert caught.value.retry_after == pytest.approx(30.1)
        await asyncio.sleep(29)
        await share.take(is_write=True)
        return asyncio.get_running_loop().time()

    assert run_jumping(story) == pytest.approx(30.1, abs=1e-3)


def test_workers_divide_a_hotels_share_and_hotels_do_not_touch_each_other() -> None:
    async def story() -> None:
        shares = RateShares(workers=4)
        terms = pms_terms(share_per_second=4.0, burst=8)
        for _ in range(2):
            await shares.of(terms).take(is_write=False)
        with pytest.raises(PmsUnavailable):
            await shares.of(terms).take(is_write=False)
        await shares.of(pms_terms(pms_hotel_id="SIDE1")).take(is_write=False)

    run_jumping(story)


@given(
    st.lists(st.tuples(st.floats(0, 0.3), st.booleans()), min_size=1, max_size=60),
    st.floats(1, 50), st.integers(1, 10),
)  # fmt: skip
def test_no_window_of_time_sees_more_than_burst_plus_rate(
    arrivals: list[tuple[float, bool]], rate: float, burst: int
) -> None:
    async def story() -> list[float]:
        loop, share, taken = asyncio.get_running_loop(), RateShare(rate, burst), list[float]()

        async def one(is_write: bool) -> None:
            try:
                await share.take(is_write=is_write)
            except PmsUnavailable:
                return
            taken.append(loop.time())

        calls = []
        for pause, is_write in arrivals:
            await asyncio.sleep(pause)
            calls.append(asyncio.ensure_future(one(is_write)))
        await asyncio.gather(*calls)
        return sorted(taken)

    taken = run_jumping(story)
    for first, start in enumerate(taken):
        for last in range(first, len(taken)):
            assert last - first + 1 <= burst + (taken[last] - start) * rate + 0.01
