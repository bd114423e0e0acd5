"""Where a request's time went, told to the caller in a `Server-Timing` header.

A context variable follows the request through every task it starts; the hook on the PMS client and the wrapper around
the store add their durations to it. Calls that run side by side are added up, so `pms` may be longer than `total`. A
load test reads from this how much of a latency is the PMS, the store, and the service itself. Real time, not the event
loop's: that one is told in milliseconds, and only once a turn.
"""

from collections.abc import Callable
from contextvars import ContextVar
from time import perf_counter
from typing import TypeVar

from integration.ports.store import ReadTx, Store, Tx

T = TypeVar("T")


class Timing:
    """Seconds spent on others, of one request."""

    __slots__ = ("pms", "store")

    def __init__(self) -> None:
        self.pms = 0.0
        self.store = 0.0

    def header(self, total: float) -> bytes:
        """E.g. `pms;dur=41.2, store;dur=0.9, total;dur=44.0`, in milliseconds."""
        return b"pms;dur=%.1f, store;dur=%.1f, total;dur=%.1f" % (self.pms * 1000, self.store * 1000, total * 1000)


TIMING: ContextVar[Timing | None] = ContextVar("timing", default=None)


def add_pms_time(seconds: float) -> None:
    """Add a PMS call to the request under way, if there is one."""
    timing = TIMING.get()
    if timing is not None:
        timing.pms += seconds


class TimedStore:
    """A store that adds its durations, waiting for the writer included, to the request under way."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def transact(self, work: Callable[[Tx], T]) -> T:
        """As the store does."""
        began = perf_counter()
        try:
            return await self._store.transact(work)
        finally:
            _add(perf_counter() - began)

    async def read(self, work: Callable[[ReadTx], T]) -> T:
        """As the store does."""
        began = perf_counter()
        try:
            return await self._store.read(work)
        finally:
            _add(perf_counter() - began)

    async def close(self) -> None:
        """As the store does."""
        await self._store.close()


def _add(seconds: float) -> None:
    timing = TIMING.get()
    if timing is not None:
        timing.store += seconds
