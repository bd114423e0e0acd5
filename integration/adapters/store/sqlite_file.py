"""The SQLite file: finding, making and checking it, and the settings of every connection to it.

WAL lets readers work beside the writer; `synchronous=FULL` makes a commit survive a power cut (with NORMAL the trace
of a write to the PMS could be lost after the PMS wrote); a busy time limit bounds the wait for another process. A new
file gets its whole schema in one transaction, so a process that dies in between leaves an empty file, which counts as
none. Only the owner may read it: it holds guests.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from domain.errors import InvalidInput, NotFound
from integration.adapters.store.revisions import check_revision
from integration.adapters.store.texts import Texts, texts_of
from integration.errors import ConfigurationError, StoreUnavailable

BUSY_S = 5.0
STATEMENTS_KEPT = 256
_WAL_TRIES = 20
_LOW_BYTE = 0xFF
_NO_ROOM_TO_SHARE = sqlite3.SQLITE_IOERR_SHMSIZE
_BUSY = "The store {place} is busy: another process has been writing for more than {seconds} seconds."
_SAYINGS = {
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_FULL: "The disk that holds the store {place} is full.",
    sqlite3.SQLITE_READONLY: "The store {place} cannot be written.",
    sqlite3.SQLITE_PERM: "The store {place} cannot be written.",
    sqlite3.SQLITE_CANTOPEN: "The store {place} cannot be opened.",
    sqlite3.SQLITE_AUTH: "The store {place} cannot be opened.",
    sqlite3.SQLITE_CORRUPT: "The store {place} is damaged; restore it from a backup.",
    sqlite3.SQLITE_NOTADB: "The store {place} is damaged or is no database; restore it from a backup.",
    sqlite3.SQLITE_IOERR: "The disk failed while the store {place} was read or written.",
    sqlite3.SQLITE_NOMEM: "There is not enough memory to use the store {place}.",
}
FAILED = "The store {place} failed."


def said(error: Exception, place: str) -> StoreUnavailable | None:
    """The sentence for a failure of the world around the file; None for anything else (a bug of ours)."""
    code = getattr(error, "sqlite_errorcode", -1)
    template = _SAYINGS.get(sqlite3.SQLITE_FULL if code == _NO_ROOM_TO_SHARE else code & _LOW_BYTE)
    return None if template is None else StoreUnavailable(template, place=place, seconds=int(BUSY_S))


def own(error: BaseException, place: str) -> BaseException:
    """What a caller should be told of an error that came up in a transaction."""
    if isinstance(error, sqlite3.Error):
        return said(error, place) or error
    if isinstance(error, UnicodeEncodeError):
        return InvalidInput("A text holds characters that are no characters; type it again.")
    return error


@contextmanager
def telling(place: str) -> Iterator[None]:
    """Turn what SQLite raises into our own errors."""
    try:
        yield
    except (sqlite3.Error, UnicodeEncodeError) as error:
        told = own(error, place)
        if told is error:
            raise
        raise told from error


def connect(path: Path | None, *, reading: bool = False, locking: str = "NORMAL") -> sqlite3.Connection:
    """Open an existing file (None: a new database in memory) with our settings; transactions are begun by hand."""
    target = ":memory:" if path is None else f"{path.absolute().as_uri()}?mode=rw"
    connection = sqlite3.connect(
        target,
        timeout=BUSY_S,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=STATEMENTS_KEPT,
        uri=path is not None,
    )
    try:
        connection.execute(f"PRAGMA locking_mode = {locking}")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")
        if reading:
            connection.execute("PRAGMA query_only = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def roll_back(connection: sqlite3.Connection) -> None:
    """Undo what is open, if anything is (SQLite itself rolls back on some errors)."""
    if connection.in_transaction:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")


def _is_empty(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("SELECT count(*) = 0 FROM sqlite_master").fetchone()[0])


def install(connection: sqlite3.Connection, texts: Texts) -> None:
    """Make the schema unless another process has just done so."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        if _is_empty(connection):
            for statement in texts.ddl:
                connection.execute(statement)
        connection.execute("COMMIT")
    except sqlite3.Error:
        roll_back(connection)
        raise


def _use_wal(connection: sqlite3.Connection, place: str) -> None:
    """Switch to WAL. SQLite does not wait for others here, so a busy try waits on a write transaction instead."""
    if connection.execute("PRAGMA journal_mode").fetchone() == ("wal",):
        return
    for _ in range(_WAL_TRIES):
        try:
            mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & _LOW_BYTE != sqlite3.SQLITE_BUSY:
                raise
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("COMMIT")
            continue
        if mode == ("wal",):
            return
        break
    raise ConfigurationError("SQLite cannot keep a write-ahead log at {place}; use a local disk.", place=place)


def _check_revision(connection: sqlite3.Connection, texts: Texts, place: str) -> None:
    """Refuse a file of another schema, with the way out."""
    try:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.OperationalError as error:
        if said(error, place) is not None:
            raise
        row = None
    check_revision(None if row is None else row[0], texts, place)


def _no_home(path: Path) -> NotFound:
    return NotFound("There is no Santral home at {place}; run `santral init`.", place=str(path.parent))


def _fill(connection: sqlite3.Connection, texts: Texts, path: Path, *, create: bool) -> None:
    """Make the schema in an empty file; NotFound when it is not to be made."""
    if not create:
        raise _no_home(path)
    install(connection, texts)


def _found(path: Path, *, create: bool) -> None:
    """Make an empty file, or raise NotFound, when there is none."""
    if path.is_file():
        return
    if not create:
        raise _no_home(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
    except OSError as error:
        raise StoreUnavailable(
            "The store {place} cannot be made: {why}.", place=str(path), why=error.strerror or "no access"
        ) from error


def _first(path: Path, *, alone: bool) -> sqlite3.Connection:
    """The connection that touches the file first.

    On a full disk there is no room for the memory that processes share. Who works alone does without, and can read.
    """
    try:
        return connect(path)
    except sqlite3.OperationalError as error:
        if not alone or error.sqlite_errorcode != _NO_ROOM_TO_SHARE:
            raise
        return connect(path, locking="EXCLUSIVE")


def open_file(path: Path, *, create: bool, alone: bool = False) -> sqlite3.Connection:
    """A connection to a store that is there and has our schema; `create` makes a missing one. `alone`: it is the only
    one of its process.

    NotFound for no home, ConfigurationError for another schema, StoreUnavailable for what cannot be used.
    """
    _found(path, create=create)
    texts, place = texts_of("sqlite"), str(path)
    with telling(place):
        connection = _first(path, alone=alone)
        try:
            if _is_empty(connection):
                _fill(connection, texts, path, create=create)
            _check_revision(connection, texts, place)
            _use_wal(connection, place)
        except BaseException:
            connection.close()
            raise
    return connection


def open_memory() -> sqlite3.Connection:
    """A new store in memory."""
    connection = connect(None)
    install(connection, texts_of("sqlite"))
    return connection
