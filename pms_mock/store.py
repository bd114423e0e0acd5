"""All state of the hotel, in one SQLite file that many processes open at once (or in memory, for one process).

A read is one snapshot (`BEGIN`); a write holds the file's only write lock from its first statement (`BEGIN
IMMEDIATE`), so what it checks cannot change before it writes. The journal is a write-ahead log: readers never wait
for a writer, and a process killed in the middle of a transaction leaves nothing of it. `synchronous=NORMAL`: a killed
process loses nothing, a power cut may lose the last answers; it is a mock.

Waiting for the write lock happens in two ways. `writing()` waits in the thread (command line, seeding). `try_begin()`
does not wait at all: the application asks again from its event loop, so one slow process never stops another's
requests.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pms_mock.clock import pause
from pms_mock.tables import APPLICATION_ID, SCHEMA_VERSION, TABLES, UPGRADE

_WAIT_S = 20.0
_OPEN_TRIES = 400


class StoreError(Exception):
    """The file is not a mock's store, or is one of another version."""


class MockStore:
    """One handle on the hotel's file. Thread-safe: each thread has its own connection (in memory: one, with a lock)."""

    def __init__(self, path: str | None, *, guard: bool = True) -> None:
        """Open or create the store. `guard=False` (tests only) takes stock by check-then-write, to show the race."""
        self.path, self.guard = path, guard
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
        """A write transaction, waiting for the lock in this thread; commits on leaving, undone by an exception."""
        if self._memory is not None:
            self._memory_lock.acquire()
        try:
            connection = self.connection()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")
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
            connection = sqlite3.connect(
                self.path or ":memory:", timeout=_WAIT_S, isolation_level=None, check_same_thread=False
            )
        except sqlite3.OperationalError as error:
            raise StoreError(f"{self.path}: {error}") from error
        self._opened.append(connection)
        try:
            connection.execute(f"PRAGMA ignore_check_constraints={0 if self.guard else 1}")
            connection.execute("PRAGMA synchronous=NORMAL")
            connection.execute("PRAGMA cache_size=-16000")
            if self.path is not None:
                _write_ahead(connection)
        except sqlite3.DatabaseError as error:
            self.close()
            raise StoreError(f"{self.path} is not a store of this mock: {error}") from error
        return connection

    def _create(self) -> None:
        connection = self.connection()
        if _is_ours(connection):
            return
        with self.writing() as writer:
            if _is_ours(writer):
                return
            is_old = _is_ours(writer, version=1)
            if not is_old and writer.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                raise StoreError(f"{self.path} is not a store of this mock, or of another version")
            for statement in (UPGRADE if is_old else TABLES).split(";\n"):
                if statement.strip():
                    writer.execute(statement)
            writer.execute(f"PRAGMA application_id={APPLICATION_ID}")
            writer.execute(f"PRAGMA user_version={SCHEMA_VERSION}")


def _is_ours(connection: sqlite3.Connection, version: int = SCHEMA_VERSION) -> bool:
    found = connection.execute("PRAGMA user_version").fetchone()[0]
    return bool(found == version and connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID)


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Switch to the write-ahead log; several processes may open a new file in the same instant."""
    for _ in range(_OPEN_TRIES):
        try:
            if connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
                return
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            pause(0.01)
    raise StoreError("the store's file stays locked")
