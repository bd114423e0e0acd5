"""The PostgreSQL store for one caller at a time: works run directly where they are called, with no thread.

Commands use it. Other processes may use the same database at once; a write waits for them up to the lock's limit.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

import psycopg

from integration.adapters.store.audit_keeper import Keeper
from integration.adapters.store.postgres_link import Link
from integration.adapters.store.texts import texts_of
from integration.adapters.store.transaction import Reading
from integration.adapters.store.writing import Writing
from integration.errors import StoreUnavailable
from integration.ports.store import ReadTx, Tx

T = TypeVar("T")


def write_mark(keeper: Keeper, link: Link, reading: Reading) -> None:
    """Write a checkpoint of what is committed, if rows have come since the last; what fails is tried again later."""
    if keeper.unmarked:
        with suppress(psycopg.Error, StoreUnavailable):
            link.read(lambda: keeper.mark(reading))


class InlinePostgresStore:
    """Satisfies `integration.ports.store.Store` on one connection, which it owns."""

    def __init__(self, link: Link, keeper: Keeper) -> None:
        """Take over a link to a database whose schema is in order."""
        texts = texts_of("postgresql")
        self._link = link
        self._keeper = keeper
        self._reading = Reading(link, texts, keeper)
        self._writing = Writing(link, texts, keeper)
        self._is_open = True

    async def transact(self, work: Callable[[Tx], T]) -> T:
        """Run `work` in one write transaction; committed and synced when this returns."""
        self._must_be_open()
        result = self._link.write(lambda: work(self._writing))
        if self._keeper.is_due:
            write_mark(self._keeper, self._link, self._reading)
        return result

    async def read(self, work: Callable[[ReadTx], T]) -> T:
        """Run `work` on a consistent snapshot."""
        self._must_be_open()
        return self._link.read(lambda: work(self._reading))

    async def close(self) -> None:
        """Write the last checkpoint of the audit and let go of the connection."""
        if self._is_open:
            self._is_open = False
            write_mark(self._keeper, self._link, self._reading)
            self._link.close()

    def _must_be_open(self) -> None:
        if not self._is_open:
            raise StoreUnavailable("The store {place} is closed.", place=str(self._link.place))
