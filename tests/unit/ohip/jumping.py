"""`asyncio.run` on a loop whose clock jumps to the next timer, so that waiting takes no time."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from integration.adapters.virtual_time import VirtualClock, run_virtual
from tests.fakes.surroundings import NOW

T = TypeVar("T")


def run_jumping(story: Callable[[], Awaitable[T]]) -> T:
    """`asyncio.run` in virtual time."""

    async def played(_clock: VirtualClock) -> T:
        return await story()

    return run_virtual(played, start=NOW, seed=1)
