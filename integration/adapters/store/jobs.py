"""Works on their way from event loops to a store's threads, and their outcomes on the way back.

A caller puts a `Job` into a queue and awaits its future. A thread takes one job (reading) or all that are queued
(writing: they share a commit), runs them and delivers: each event loop is woken once and settles its own futures. A
caller that is cancelled while it waits changes nothing: its work is still committed whole or not at all.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from time import perf_counter
from typing import Any, TypeVar

from integration.adapters.store.transaction import Reading
from integration.errors import StoreUnavailable
from integration.ports.store import ReadTx, Tx
from integration.ports.timing import move_store_wait

T = TypeVar("T")
GROUP = 64


class Job:
    """One work, where it is wanted back, and how it went."""

    __slots__ = ("began", "error", "future", "loop", "result", "tx", "work")

    def __init__(self, work: Callable[[Any], Any], tx: Reading, loop: asyncio.AbstractEventLoop) -> None:
        """Note who waits."""
        self.work = work
        self.tx = tx
        self.loop = loop
        self.future: asyncio.Future[Any] = loop.create_future()
        self.result: Any = None
        self.error: BaseException | None = None
        self.began = 0.0

    def run(self) -> Any:  # noqa: ANN401 - whatever the work gives
        """Do the work, noting when it began; `perf_counter` reads the same in all threads."""
        self.began = perf_counter()
        return self.work(self.tx)

    def settle(self) -> None:
        """Tell the caller, in its own loop; one that was cancelled is not told."""
        if self.future.done():
            return
        if self.error is None:
            self.future.set_result(self.result)
        elif isinstance(self.error, StopIteration):
            self.future.set_exception(RuntimeError("a work raised StopIteration"))
        else:
            self.future.set_exception(self.error)


Queue = SimpleQueue[Job | None]


def _settle(jobs: list[Job]) -> None:
    for job in jobs:
        job.settle()


def deliver(jobs: list[Job]) -> None:
    """Wake each event loop once. A loop that is closed has nobody left to tell."""
    by_loop = defaultdict[asyncio.AbstractEventLoop, list[Job]](list)
    for job in jobs:
        by_loop[job.loop].append(job)
    for loop, done in by_loop.items():
        try:
            loop.call_soon_threadsafe(_settle, done)
        except RuntimeError:
            continue


def next_group(queue: Queue, patience_s: float | None) -> tuple[list[Job], bool]:
    """Wait for a job and take all that is queued behind it; whether the end was met. None came in time: no jobs."""
    jobs: list[Job] = []
    try:
        waiting = queue.get(timeout=patience_s)
    except Empty:
        return jobs, False
    while waiting is not None:
        jobs.append(waiting)
        if len(jobs) == GROUP:
            return jobs, False
        try:
            waiting = queue.get_nowait()
        except Empty:
            return jobs, False
    return jobs, True


class ThreadedStore:
    """What the stores of a service have in common: one thread that writes, a few that read, and who waits for them.

    A database adds its connections: it fills `_threads`, the writer first.
    """

    def __init__(self, place: str, reading: Reading, writing: Reading, *, reads_apart: bool = True) -> None:
        """`reads_apart` False: the writer reads too (a database in memory)."""
        self._place = place
        self._reading = reading
        self._writing = writing
        self._to_write: Queue = SimpleQueue()
        self._to_read: Queue = SimpleQueue() if reads_apart else self._to_write
        self._threads: list[Thread] = []
        self._is_open = True

    def _start(self, name: str, body: Callable[..., None], *parts: object) -> None:
        thread = Thread(target=body, args=parts, name=f"store-{name}", daemon=True)
        thread.start()
        self._threads.append(thread)

    async def transact(self, work: Callable[[Tx], T]) -> T:
        """Run `work` in a write transaction of its own or of a group; committed and synced when this returns."""
        return await self._submit(self._to_write, work, self._writing)

    async def read(self, work: Callable[[ReadTx], T]) -> T:
        """Run `work` on a consistent snapshot that holds every commit already told of."""
        return await self._submit(self._to_read, work, self._reading)

    async def close(self) -> None:
        """Finish what is queued, write the last checkpoint of the audit, then let go of the database."""
        if not self._is_open:
            return
        self._is_open = False
        self._to_write.put(None)
        if self._to_read is not self._to_write:
            for _ in self._threads[1:]:
                self._to_read.put(None)
        for thread in self._threads:
            await asyncio.to_thread(thread.join)

    async def _submit(self, queue: Queue, work: Callable[..., T], tx: Reading) -> T:
        if not self._is_open:
            raise StoreUnavailable("The store {place} is closed.", place=self._place)
        job = Job(work, tx, asyncio.get_running_loop())
        asked = perf_counter()
        queue.put(job)
        try:
            result: T = await job.future
        finally:
            if job.began:
                move_store_wait(job.began - asked)
        return result
