"""All state of the hotel, in one SQLite file that many processes open at once (or in memory, for one process).

A read is one snapshot (`BEGIN`); a write holds the file's only write lock from its first statement (`BEGIN
IMMEDIATE`), so what it checks cannot change before it writes. The journal is a write-ahead log: readers never wait
for a writer, and a process killed in the middle of a transaction leaves nothing of it. `synchronous=NORMAL`: a killed
process loses nothing, a power cut may lose the last answers; it is a mock.

Waiting for the write lock happens in two ways. `writing()` waits in the thread (command line, seeding). `try_begin()`
does not wait at all: the application asks again from its event loop, so one slow process never stops another's
requests.
"""

import os
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path

from pms_mock.clock import pause, wall_ms
from pms_mock.tables import APPLICATION_ID, SCHEMA_VERSION, TABLES, UPGRADE

_WAIT_S = 20.0
_LEAST_ROOM = 1 << 16
_OPEN_TRIES = 400
_NO_ROOM_TO_SHARE = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_SHMMAP})


class Trouble(StrEnum):
    """What keeps a store's file from being used."""

    FULL = "full"
    NOT_WRITABLE = "not writable"
    FAILED = "the disk failed"
    LOCKED = "locked"
    DAMAGED = "damaged"
    NOT_OURS = "not a store of this mock"
    OTHER_VERSION = "a store of another version of this mock"


class StoreError(Exception):
    """The file cannot be used; `trouble` says why."""

    def __init__(self, path: str | None, trouble: Trouble, why: object = "") -> None:
        """Say so in one sentence."""
        super().__init__(f"{path}: {trouble.value}{f' ({why})' if why else ''}")
        self.trouble = trouble


_TROUBLES = {
    sqlite3.SQLITE_FULL: Trouble.FULL,
    sqlite3.SQLITE_READONLY: Trouble.NOT_WRITABLE,
    sqlite3.SQLITE_PERM: Trouble.NOT_WRITABLE,
    sqlite3.SQLITE_CANTOPEN: Trouble.NOT_WRITABLE,
    sqlite3.SQLITE_BUSY: Trouble.LOCKED,
    sqlite3.SQLITE_LOCKED: Trouble.LOCKED,
    sqlite3.SQLITE_CORRUPT: Trouble.DAMAGED,
    sqlite3.SQLITE_NOTADB: Trouble.NOT_OURS,
}


def failure_of(path: str | None, error: sqlite3.Error) -> StoreError:
    """What SQLite met, as one of the troubles; a disk error where nothing can be written, or has room, is told so."""
    trouble = _TROUBLES.get(getattr(error, "sqlite_errorcode", 0) & 0xFF, Trouble.FAILED)
    if trouble is Trouble.FAILED and path is not None:
        folder = Path(path).absolute().parent
        if not os.access(folder, os.W_OK):
            trouble = Trouble.NOT_WRITABLE
        elif shutil.disk_usage(folder).free < _LEAST_ROOM:
            trouble = Trouble.FULL
    return StoreError(path, trouble, error)


class MockStore:
    """One handle on the hotel's file. Thread-safe: each thread has its own connection (in memory: one, with a lock)."""

    def __init__(
        self,
        path: str | None,
        *,
        guard: bool = True,
        clock_offset_s: float = 0.0,
        wall: Callable[[], int] = wall_ms,
    ) -> None:
        """Open or create the store. `guard=False` (tests only) takes stock by check-then-write, to show the race.

        `clock_offset_s` shifts the clock for whoever uses this handle, on top of the offset kept in the file; `wall`
        (UTC milliseconds) stands in for the machine's clock, so that a hotel can live in virtual time.
        """
        self.path, self.guard, self.offset_ms, self.wall = path, guard, int(clock_offset_s * 1000), wall
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._memory_lock = threading.RLock()
        self._memory = self._connect() if path is None else None
        self._create()

    def close(self) -> None:
        """Close every connection; the store cannot be used afterwards."""
        for connection in self._opened:
            connection.close()
        self._opened.clear()

    def connection(self) -> sqlite3.Connection:
        """This thread's connection, outside any transaction unless the caller began one."""
        if self._memory is not None:
            return self._memory
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._connect()
        return connection

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A snapshot: nothing that others write while it is open can be seen."""
        connection = self.connection()
        if self._memory is not None:
            self._memory_lock.acquire()
        try:
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                connection.execute("COMMIT")
        finally:
            if self._memory is not None:
                self._memory_lock.release()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A write transaction, waiting for the lock in this thread; commits on leaving, undone by an exception.

        Raises StoreError when the file cannot be written.
        """
        if self._memory is not None:
            self._memory_lock.acquire()
        try:
            connection = self.connection()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.OperationalError):  # a full disk has ended the transaction already
                    connection.execute("ROLLBACK")
                raise
        except sqlite3.OperationalError as error:
            raise failure_of(self.path, error) from error
        finally:
            if self._memory is not None:
                self._memory_lock.release()

    def try_begin(self) -> sqlite3.Connection | None:
        """Begin a write now or answer None. The caller ends it with `end`, without awaiting in between."""
        if self._memory is not None and not self._memory_lock.acquire(blocking=False):
            return None
        connection = self.connection()
        connection.execute("PRAGMA busy_timeout=0")
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            self._release()
            if "locked" in str(error) or "busy" in str(error):
                return None
            raise
        finally:
            connection.execute(f"PRAGMA busy_timeout={int(_WAIT_S * 1000)}")
        return connection

    def end(self, connection: sqlite3.Connection, *, commit: bool) -> None:
        """End what `try_begin` began."""
        try:
            connection.execute("COMMIT" if commit else "ROLLBACK")
        finally:
            self._release()

    def _release(self) -> None:
        if self._memory is not None:
            self._memory_lock.release()

    def _connect(self) -> sqlite3.Connection:
        if self.path is not None:
            Path(self.path).parent.mkdir(parents=True, exist_ok=True)
        try:
            try:
                return self._opened_as("NORMAL")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode not in _NO_ROOM_TO_SHARE:
                    raise
                return self._opened_as("EXCLUSIVE")
        except sqlite3.DatabaseError as error:
            raise failure_of(self.path, error) from error

    def _opened_as(self, locking: str) -> sqlite3.Connection:
        """A connection. EXCLUSIVE needs no shared memory: a file on a full disk that nobody uses can still be read."""
        connection = sqlite3.connect(
            self.path or ":memory:", timeout=_WAIT_S, isolation_level=None, check_same_thread=False
        )
        try:
            connection.execute(f"PRAGMA locking_mode={locking}")
            connection.execute(f"PRAGMA ignore_check_constraints={0 if self.guard else 1}")
            connection.execute("PRAGMA synchronous=NORMAL")
            connection.execute("PRAGMA cache_size=-16000")
            if self.path is not None:
                _write_ahead(connection, self.path)
        except BaseException:
            connection.close()
            raise
        self._opened.append(connection)
        return connection

    def _create(self) -> None:
        connection = self.connection()
        try:
            if _is_ours(connection):
                return
        except sqlite3.DatabaseError as error:
            raise failure_of(self.path, error) from error
        with self.writing() as writer:
            if _is_ours(writer):
                return
            is_old = _is_ours(writer, version=1)
            if not is_old and writer.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                is_other = writer.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
                raise StoreError(self.path, Trouble.OTHER_VERSION if is_other else Trouble.NOT_OURS)
            for statement in (UPGRADE if is_old else TABLES).split(";\n"):
                if statement.strip():
                    writer.execute(statement)
            writer.execute(f"PRAGMA application_id={APPLICATION_ID}")
            writer.execute(f"PRAGMA user_version={SCHEMA_VERSION}")


def _is_ours(connection: sqlite3.Connection, version: int = SCHEMA_VERSION) -> bool:
    found = connection.execute("PRAGMA user_version").fetchone()[0]
    return bool(found == version and connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID)


def _write_ahead(connection: sqlite3.Connection, path: str) -> None:
    """Switch to the write-ahead log; several processes may open a new file in the same instant."""
    for _ in range(_OPEN_TRIES):
        try:
            if connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
                return
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
                raise
            pause(0.01)
    raise StoreError(path, Trouble.LOCKED)
