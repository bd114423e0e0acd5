"""A write that has begun is finished, whoever hangs up.

A caller who goes away, or a server that is told to stop, must not cut a write between the PMS and our store. So the
use case runs in a task of its own and the request only waits for it; when the service stops, `drain` waits for what is
still under way.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class Writes:
    """The writes under way in this process."""

    def __init__(self) -> None:
        self._under_way: set[asyncio.Task[Any]] = set()

    async def finish(self, work: Coroutine[Any, Any, T]) -> T:
        """Run it to its end; a cancelled caller stops waiting and nothing else."""
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._ended)
        return await asyncio.shield(task)

    def _ended(self, task: "asyncio.Task[Any]") -> None:
        """Let go; take note of an error whose caller has gone, or the loop would complain about it."""
        self._under_way.discard(task)
        if not task.cancelled():
            task.exception()

    async def drain(self, seconds: float) -> int:
        """Wait for what is under way, `seconds` at most; the number of writes left behind (their intents are in the
        store).
        """
        if not self._under_way:
            return 0
        _, left = await asyncio.wait(self._under_way, timeout=seconds)
        return len(left)
