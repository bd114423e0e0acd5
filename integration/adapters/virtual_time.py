"""Virtual time: an event loop whose clock jumps to the next timer, and the ports that go with it.

Nothing waits: when every task sleeps, the loop's clock moves to the first of them. A month of holds, sweeps and time
limits then takes as long as its work takes. Clock, ids and the luck of pauses are drawn from one seed, so the same
seed plays the same history, byte for byte. What a thread or another process does is not in that time: use the inline
store and the in-process transport.

    moment = run_virtual(story, start=start, seed=7)      # async def story(clock): await clock.sleep(86_400)

The loop counts whole microseconds, so that a timer is never missed by the rounding of large floats. When no task can
go on and no timer is set, a real loop would wait for ever; this one says so.
"""

import asyncio
import random
import selectors
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import TypeVar

T = TypeVar("T")
MICROSECONDS = 1_000_000
_ROUNDING = 1e-3


class NothingLeftToWaitFor(RuntimeError):
    """Every task waits for another one and no timer is set."""


class _JumpingSelector(selectors.DefaultSelector):
    """Instead of waiting it moves the clock."""

    def __init__(self) -> None:
        super().__init__()
        self.now_us = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            found = super().select(0)
            if not found:
                raise NothingLeftToWaitFor("every task waits and no timer is set")
            return found
        if timeout > 0:
            self.now_us += max(1, ceil(timeout * MICROSECONDS - _ROUNDING))
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    """Time is the sum of what was waited for, in seconds from zero."""

    def __init__(self) -> None:
        """Start at zero."""
        self._jumping = _JumpingSelector()
        super().__init__(self._jumping)
        self._clock_resolution = 1 / MICROSECONDS  # a nanosecond is lost in the rounding of half a year of seconds

    def time(self) -> float:
        """Seconds since the start."""
        return self._jumping.now_us / MICROSECONDS

    @property
    def now_us(self) -> int:
        """Whole microseconds since the start."""
        return self._jumping.now_us


class VirtualClock:
    """Satisfies `integration.ports.surroundings.Clock` on a virtual loop."""

    def __init__(self, loop: VirtualLoop, start: datetime) -> None:
        """`start`: aware; what the clock shows when the loop is at zero."""
        self._loop, self._start = loop, start.astimezone(UTC)

    def now(self) -> datetime:
        """Aware, UTC, whole milliseconds."""
        return self._start + timedelta(milliseconds=self._loop.now_us // 1000)

    def now_ms(self) -> int:
        """The same as integer milliseconds since 1970."""
        return round(self._start.timestamp() * 1000) + self._loop.now_us // 1000

    async def sleep(self, seconds: float) -> None:
        """Wait on the running loop."""
        await asyncio.sleep(seconds)


def run_virtual(story: Callable[[VirtualClock], Awaitable[T]], *, start: datetime, seed: int) -> T:
    """`asyncio.run` in virtual time from `start`.

    Libraries that draw their pauses from the process's own chance draw from `seed` meanwhile.
    """
    before = random.getstate()
    random.seed(f"virtual/{seed}")  # noqa: TID251 - a library's jitter cannot be handed a generator
    try:
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            return runner.run(_on_its_clock(story, start))
    finally:
        random.setstate(before)


async def _on_its_clock(story: Callable[[VirtualClock], Awaitable[T]], start: datetime) -> T:
    loop = asyncio.get_running_loop()
    if not isinstance(loop, VirtualLoop):
        raise TypeError("virtual time needs a virtual loop")
    return await story(VirtualClock(loop, start))
