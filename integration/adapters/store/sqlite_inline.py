"""The store for one caller at a time: works run directly where they are called, with no thread and no event loop.

Commands use it, and virtual time does (a thread would not know that the clock has jumped). Other processes may use
the same file; a write waits for them up to the busy time limit.
"""

import sqlite3
from collections.abc import Callable
from typing import TypeVar

from integration.adapters.store.audit_keeper import Keeper
from integration.adapters.store.sqlite_file import roll_back, telling
from integration.adapters.store.texts import texts_of
from integration.adapters.store.transaction import Reading
from integration.adapters.store.writing import Writing
from integration.errors import StoreUnavailable
from integration.ports.store import ReadTx, Tx

T = TypeVar("T")


class InlineSqliteStore:
    """Satisfies `integration.ports.store.Store` on one connection, which it owns. `place` names it in errors."""

    def __init__(self, connection: sqlite3.Connection, place: str, keeper: Keeper) -> None:
        """Take over a connection whose schema is in order."""
        self._connection = connection
        self._place = place
        self._keeper = keeper
        texts = texts_of("sqlite")
        self._reading = Reading(connection, texts, keeper)
        self._writing = Writing(connection, texts, keeper)
        self._is_open = True

    async def transact(self, work: Callable[[Tx], T]) -> T:
        """Run `work` in one write transaction; committed and synced when this returns."""
        result = self._run("BEGIN IMMEDIATE", work, self._writing)
        if self._keeper.is_due:
            self._keeper.mark(self._reading)
        return result

    async def read(self, work: Callable[[ReadTx], T]) -> T:
        """Run `work` on a consistent snapshot."""
        return self._run("BEGIN", work, self._reading)

    async def close(self) -> None:
        """Write the last checkpoint of the audit and let go of the file."""
        if self._is_open:
            self._is_open = False
            self._keeper.mark(self._reading)
            self._connection.close()

    def _run(self, begin: str, work: Callable[..., T], tx: Reading) -> T:
        if not self._is_open:
            raise StoreUnavailable("The store {place} is closed.", place=self._place)
        connection = self._connection
        with telling(self._place):
            connection.execute(begin)
            try:
                result = work(tx)
                connection.execute("COMMIT")
            except BaseException:
                roll_back(connection)
                raise
        return result
