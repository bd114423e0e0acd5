"""The PostgreSQL store of a service: a small pool of threads, each with a connection of its own.

One thread writes and a few read. A write takes the store's one lock first, in this process and in all others, so a
second writing thread would only wait for the first; instead the writer takes whatever works are queued, runs each
under a savepoint inside ONE transaction and commits once, as on SQLite. Readers work on snapshots and wait for nobody.

Several processes, on several machines too, may use one database. A thread whose connection was lost connects again
with its next work; a service outlives a restart of the server.
"""

from typing import TypeVar

from integration.adapters.store.audit_keeper import Keeper
from integration.adapters.store.jobs import Job, Queue, ThreadedStore, deliver, next_group
from integration.adapters.store.postgres_inline import write_mark
from integration.adapters.store.postgres_link import Link
from integration.adapters.store.postgres_place import conflicts, own
from integration.adapters.store.texts import texts_of
from integration.adapters.store.transaction import Reading
from integration.adapters.store.writing import Writing
from integration.errors import StoreUnavailable

T = TypeVar("T")
READERS = 3
IDLE_S = 1.0


def _attempt(link: Link, job: Job) -> None:
    """Run one work of a group after its savepoint. Raises only when the whole transaction is lost."""
    job.result, job.error = None, None
    try:
        job.result = job.run()
    except BaseException as error:
        if link.is_lost or conflicts(error):
            raise
        link.execute("ROLLBACK TO work")
        job.error = own(error, link.place)


def run_group(link: Link, jobs: list[Job]) -> None:
    """Run works in one transaction and commit once; on return every job knows its result or error."""

    def body() -> None:
        if len(jobs) == 1:
            jobs[0].result = jobs[0].run()
            return
        link.say("SAVEPOINT work")
        for job in jobs[:-1]:
            _attempt(link, job)
            link.say("RELEASE work; SAVEPOINT work")
        _attempt(link, jobs[-1])

    try:
        link.write(body)
    except BaseException as error:  # noqa: BLE001 - this thread must live on; each caller gets the error
        for job in jobs:
            job.error = _anew(error)


def _anew(error: BaseException) -> BaseException:
    """An error of its own for each caller of a group."""
    if not isinstance(error, StoreUnavailable):
        return error
    copy = StoreUnavailable(error.template, hint=error.hint, **error.params)
    copy.__cause__ = error
    return copy


def run_read(link: Link, job: Job) -> None:
    """Run one work on a snapshot."""
    try:
        job.result = link.read(job.run)
    except BaseException as error:  # noqa: BLE001 - the error is the caller's and is handed over
        job.error = error


def _write_all(link: Link, queue: Queue, keeper: Keeper) -> None:
    """Write until the end; callers first, the audit's checkpoint when one is due, nobody is waiting, or all is over."""
    reading = Reading(link, texts_of("postgresql"), keeper)
    ended = False
    while not ended:
        jobs, ended = next_group(queue, IDLE_S if keeper.unmarked else None)
        if jobs:
            run_group(link, jobs)
            deliver(jobs)
        if not jobs or keeper.is_due or ended:
            write_mark(keeper, link, reading)
    link.close()


def _read_all(link: Link, queue: Queue, keeper: Keeper) -> None:
    reading = Reading(link, texts_of("postgresql"), keeper)
    while (job := queue.get()) is not None:
        job.tx = reading
        run_read(link, job)
        deliver([job])
    link.close()


class PostgresStore(ThreadedStore):
    """Satisfies `integration.ports.store.Store`."""

    def __init__(self, link: Link, keeper: Keeper, readers: int = READERS) -> None:
        """Take over a link to a database whose schema is in order, and start the threads."""
        texts = texts_of("postgresql")
        self._link = link
        super().__init__(str(link.place), Reading(link, texts, keeper), Writing(link, texts, keeper))
        self._start("write", _write_all, link, self._to_write, keeper)
        for _ in range(readers):
            self._start("read", _read_all, Link(link.place), self._to_read, keeper)
