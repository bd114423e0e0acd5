"""The store as the service uses it: what it takes goes to the account of the request (`integration.ports.timing`).

The account itself is opened by the outermost layer and told in a `Server-Timing` header; a load test reads from that
how much of a latency is the PMS, the store, waiting, and the service itself. Real time, not the event loop's: that one
is told in milliseconds, and only once a turn.
"""

from collections.abc import Callable
from time import perf_counter
from typing import TypeVar

from integration.ports.store import ReadTx, Store, Tx
from integration.ports.timing import add_store_time

T = TypeVar("T")


class TimedStore:
    """A store that adds its durations to the request under way."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def transact(self, work: Callable[[Tx], T]) -> T:
        """As the store does."""
        began = perf_counter()
        try:
            return await self._store.transact(work)
        finally:
            add_store_time(perf_counter() - began)

    async def read(self, work: Callable[[ReadTx], T]) -> T:
        """As the store does."""
        began = perf_counter()
        try:
            return await self._store.read(work)
        finally:
            add_store_time(perf_counter() - began)

    async def close(self) -> None:
        """As the store does."""
        await self._store.close()
