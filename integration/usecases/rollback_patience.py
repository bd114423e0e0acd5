"""Patience with our own share of the PMS's rate limit: a rollback of many reservations asks many times in a row.

While the PMS advises when to come back, the very same question waits and is asked again, some minutes at most; an
outage (no advice, or a long one) ends the waiting at once and goes to the caller.
"""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from integration.errors import PmsUnavailable
from integration.usecases.desk import Desk

T = TypeVar("T")
TRIES = 60
LONGEST_WAIT_S = 10.0
SHORTEST_WAIT_S = 0.2


async def unhurried(desk: Desk, ask: Callable[[], Awaitable[T]]) -> T:
    """Ask, waiting as advised. PmsUnavailable when the PMS is down rather than busy."""
    for _ in range(TRIES - 1):
        try:
            return await ask()
        except PmsUnavailable as error:
            advised = error.retry_after
            if advised is None or advised > LONGEST_WAIT_S or error.down_since is not None:
                raise
        await desk.clock.sleep(max(advised, SHORTEST_WAIT_S))
    return await ask()
