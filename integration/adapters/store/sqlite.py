"""The store of a service: one writer thread per process with group commit, and a few reading threads.

SQLite has one writer at a time, and a durable commit costs a wait for the disk. So the writer takes whatever works
are queued, runs each under a savepoint inside ONE transaction, commits once, and only then tells the callers: many
agents share one sync. A work that fails is rolled back to its savepoint and harms no other; a commit that fails,
fails them all.
"""

import sqlite3
from pathlib import Path
from typing import TypeVar

from integration.adapters.store.audit_keeper import Keeper
from integration.adapters.store.jobs import Job, Queue, ThreadedStore, deliver, next_group
from integration.adapters.store.sqlite_file import FAILED, connect, own, roll_back, said, telling
from integration.adapters.store.texts import texts_of
from integration.adapters.store.transaction import Reading
from integration.adapters.store.writing import Writing
from integration.errors import StoreUnavailable

T = TypeVar("T")
READERS = 3
IDLE_S = 1.0


def _attempt(connection: sqlite3.Connection, job: Job, place: str) -> None:
    """Run one work of a group under its savepoint. Raises only when the whole transaction is lost."""
    connection.execute("SAVEPOINT work")
    try:
        job.result = job.run()
    except BaseException as error:
        if not connection.in_transaction:
            raise
        connection.execute("ROLLBACK TO work")
        job.error = own(error, place)
    connection.execute("RELEASE work")


def _attempt_alone(connection: sqlite3.Connection, job: Job, place: str) -> None:
    """Run the only work of a transaction and commit it; a work that fails takes the transaction with it."""
    try:
        job.result = job.run()
    except BaseException as error:
        if not connection.in_transaction:
            raise
        connection.execute("ROLLBACK")
        job.error = own(error, place)
    else:
        connection.execute("COMMIT")


def run_group(connection: sqlite3.Connection, jobs: list[Job], place: str) -> None:
    """Run works in one transaction and commit once; on return every job knows its result or error."""
    try:
        connection.execute("BEGIN IMMEDIATE")
        if len(jobs) == 1:
            _attempt_alone(connection, jobs[0], place)
            return
        for job in jobs:
            _attempt(connection, job, place)
        connection.execute("COMMIT")
    except BaseException as error:  # noqa: BLE001 - this thread must live on; each caller gets the error
        for job in jobs:
            job.error = (said(error, place) if isinstance(error, sqlite3.Error) else None) or StoreUnavailable(
                FAILED, place=place
            )
            job.error.__cause__ = error
        roll_back(connection)


def run_read(connection: sqlite3.Connection, job: Job, place: str) -> None:
    """Run one work on a snapshot."""
    try:
        connection.execute("BEGIN")
        job.result = job.run()
    except BaseException as error:  # noqa: BLE001 - the error is the caller's and is handed over
        job.error = own(error, place)
    roll_back(connection)


def _write_all(connection: sqlite3.Connection, queue: Queue, place: str, keeper: Keeper) -> None:
    """Write until the end; callers first, the audit's checkpoint when one is due, nobody is waiting, or all is over."""
    reading = Reading(connection, texts_of("sqlite"), keeper)
    ended = False
    while not ended:
        jobs, ended = next_group(queue, IDLE_S if keeper.unmarked else None)
        if jobs:
            run_group(connection, jobs, place)
            deliver(jobs)
        if not jobs or keeper.is_due or ended:
            keeper.mark(reading)
    connection.close()


def _read_all(connection: sqlite3.Connection, queue: Queue, place: str, keeper: Keeper) -> None:
    reading = Reading(connection, texts_of("sqlite"), keeper)
    while (job := queue.get()) is not None:
        job.tx = reading
        run_read(connection, job, place)
        deliver([job])
    connection.close()


class SqliteStore(ThreadedStore):
    """Satisfies `integration.ports.store.Store`. `path` None: a database in memory, which the writer reads too."""

    def __init__(
        self, connection: sqlite3.Connection, place: str, path: Path | None, keeper: Keeper, readers: int = READERS
    ) -> None:
        """Take over a connection whose schema is in order, and start the threads."""
        texts = texts_of("sqlite")
        reading, writing = Reading(connection, texts, keeper), Writing(connection, texts, keeper)
        super().__init__(place, reading, writing, reads_apart=path is not None)
        self._start("write", _write_all, connection, self._to_write, place, keeper)
        if path is not None:
            for _ in range(readers):
                with telling(place):
                    self._start("read", _read_all, connect(path, reading=True), self._to_read, place, keeper)
