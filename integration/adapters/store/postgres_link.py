"""One thread's connection to PostgreSQL: made when it is needed, and made again after the server was restarted.

A `Link` runs whole transactions. What makes them safe to repeat is that a work is a plain function over `tx` alone:
a connection that is lost before COMMIT was sent has changed nothing, and so have a deadlock and a serialization
conflict, so the work is run again, at most `TRIES` times in all. **A connection that is lost at COMMIT is another
matter: whether the change was kept is not known.** That becomes StoreUnavailable and is never repeated here. The
caller repeats with its request key, and finds what was kept: an intent under that key that is gone on with, or the
stored answer. Nothing is done twice (docs/algorithms/exactly-once.md, 2, 6 and 8).

A write takes the store's one lock before anything else (`BEGIN_WRITE`), as SQLite's BEGIN IMMEDIATE does: see
docs/adr/019-postgresql.md. Limits of time bound every wait: for the server, for the lock, for a statement; a process
that is stopped within a transaction loses it, and with it the lock, after ten seconds.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

import psycopg
from psycopg.pq import TransactionStatus

from integration.adapters.store.postgres_place import BUSY_S, Place, conflicts, own
from integration.errors import StoreUnavailable
from integration.usecases.marks import N_

T = TypeVar("T")
TRIES = 3

STATEMENT_S = 30
IDLE_S = 10
# Advisory locks of a database: who writes, and who has the store open (shared) or replaces it (alone).
WRITERS, USERS = 0x53414E01, 0x53414E02
BEGIN_WRITE = f"BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_advisory_xact_lock({WRITERS})"
BEGIN_READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
LIMITS = (
    f"SET lock_timeout = '{BUSY_S}s'; SET statement_timeout = '{STATEMENT_S}s'; "
    f"SET idle_in_transaction_session_timeout = '{IDLE_S}s'; "
    "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
)
SHARE = f"SELECT pg_try_advisory_lock_shared({USERS})"
_ENDING = "57P"  # the class of errors with which a server ends a connection
_NOT_KNOWN = N_("The store {place} was lost while it kept a change; whether the change was kept is not known yet.")
_REPEAT = N_("Repeat the same request with the same key: nothing is done twice.")
Connection = psycopg.Connection[tuple[Any, ...]]
Cursor = psycopg.Cursor[tuple[Any, ...]]


def connect(place: Place) -> Connection:
    """A connection with our limits that begins no transaction by itself. StoreUnavailable when none can be had."""
    try:
        connection = psycopg.connect(**place.parameters, autocommit=True)
    except psycopg.OperationalError as error:
        raise StoreUnavailable(
            "The store {place} cannot be reached: {why}.", place=str(place), why=place.reason(error)
        ) from error
    try:
        connection.execute(LIMITS, prepare=False)
    except BaseException:
        connection.close()
        raise
    return connection


def connect_user(place: Place) -> Connection:
    """A connection that says that the store is in use. StoreUnavailable while it is being replaced."""
    connection = connect(place)
    try:
        row = connection.execute(SHARE, prepare=False).fetchone()
    except BaseException:
        connection.close()
        raise
    if row == (True,):
        return connection
    connection.close()
    raise StoreUnavailable("The store {place} is being upgraded or restored; wait for its end.", place=str(place))


class Link:
    """Satisfies `integration.adapters.store.transaction.Connection`. `make` gives a connection that is ready."""

    def __init__(self, place: Place, make: Callable[[Place], Connection] = connect_user) -> None:
        """Nothing is opened yet."""
        self.place = place
        self._make = make
        self._connection: Connection | None = None
        self._cursor: Cursor | None = None

    @property
    def connection(self) -> Connection:
        """The connection, made anew if it was lost."""
        if self._connection is None or self._connection.closed:
            self._connection = self._make(self.place)
            self._cursor = self._connection.cursor()
        return self._connection

    @property
    def is_lost(self) -> bool:
        """Whether there is no connection (any more)."""
        return self._connection is None or self._connection.closed

    def execute(self, sql: str, parameters: Any = None, /) -> Cursor:  # noqa: ANN401 - as drivers say it
        """Run one statement; its result stands until the next. Raises what psycopg raises."""
        cursor = self._cursor if self._cursor is not None else self.connection.cursor()
        return cursor.execute(sql, parameters)

    def say(self, sql: str) -> str:
        """Run text without parameters as it stands, several statements too; the command that was carried out."""
        cursor = self.connection.execute(sql, prepare=False)
        return cursor.statusmessage or ""

    def write(self, body: Callable[[], T]) -> T:
        """Run `body` in one write transaction, committed when this returns. StoreUnavailable, or what `body` raises."""
        return self._repeated(lambda: self._write_once(body))

    def read(self, body: Callable[[], T]) -> T:
        """Run `body` on one snapshot of what is committed."""
        return self._repeated(lambda: self._read_once(body))

    def _repeated(self, once: Callable[[], T]) -> T:
        for left in reversed(range(TRIES)):
            try:
                return once()
            except Exception as error:
                may_repeat = left and (self.is_lost or conflicts(error))
                self.roll_back()
                if may_repeat and not isinstance(error, StoreUnavailable):
                    continue
                told = own(error, self.place)
                if told is error:
                    raise
                raise told from error
            except BaseException:
                self.roll_back()
                raise
        raise AssertionError("the last try returns or raises")

    def _write_once(self, body: Callable[[], T]) -> T:
        self.say(BEGIN_WRITE)
        result = body()
        self._commit()
        return result

    def _read_once(self, body: Callable[[], T]) -> T:
        self.say(BEGIN_READ)
        result = body()
        self.roll_back()
        return result

    def _commit(self) -> None:
        """Make it last. PostgreSQL answers ROLLBACK to the COMMIT of a transaction in which a statement failed."""
        if self._cursor is None:
            raise psycopg.InterfaceError("there is no connection")
        try:
            done = self._cursor.execute("COMMIT", prepare=False).statusmessage
        except psycopg.Error as error:
            if self.is_lost or (error.sqlstate or "").startswith(_ENDING):
                raise StoreUnavailable(_NOT_KNOWN, place=str(self.place), hint=_REPEAT) from error
            raise
        if done != "COMMIT":
            raise RuntimeError("a work went on after a statement of its own had failed")

    def roll_back(self) -> None:
        """Undo what is open, if anything is; a connection that cannot even do that is let go."""
        connection = self._connection
        if connection is None or connection.closed:
            return
        status = connection.info.transaction_status
        if status == TransactionStatus.IDLE:
            return
        try:
            if status == TransactionStatus.ACTIVE:
                raise psycopg.InterfaceError("interrupted within a statement")
            connection.execute("ROLLBACK", prepare=False)
        except psycopg.Error:
            self.close()

    def close(self) -> None:
        """Let go; another use connects again."""
        connection, self._connection, self._cursor = self._connection, None, None
        if connection is not None:
            with suppress(psycopg.Error):
                connection.close()
