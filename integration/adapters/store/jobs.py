"""Works on their way from event loops to a store's threads, and their outcomes on the way back.

A caller puts a `Job` into a queue and awaits its future. A thread takes one job (reading) or all that are queued
(writing: they share a commit), runs them and delivers: each event loop is woken once and settles its own futures. A
caller that is cancelled while it waits changes nothing: its work is still committed whole or not at all.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any

from integration.adapters.store.transaction import Reading

GROUP = 64


class Job:
    """One work, where it is wanted back, and how it went."""

    __slots__ = ("error", "future", "loop", "result", "tx", "work")

    def __init__(self, work: Callable[[Any], Any], tx: Reading, loop: asyncio.AbstractEventLoop) -> None:
        """Note who waits."""
        self.work = work
        self.tx = tx
        self.loop = loop
        self.future: asyncio.Future[Any] = loop.create_future()
        self.result: Any = None
        self.error: BaseException | None = None

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
