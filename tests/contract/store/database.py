"""A store in PostgreSQL as a test handles it, and somebody who owns the database and does not have the key."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from integration.adapters.store import open_database
from integration.adapters.store.audit_keeper import Seal
from integration.adapters.store.postgres_care import DatabaseCare
from integration.adapters.store.postgres_link import Link
from integration.adapters.store.postgres_place import place_of
from integration.ports.records import AuditReport
from integration.ports.store import Store
from tests.contract.store.playing import Played
from tests.contract.store.tampering import add, walked

GUARDED = ("audit", "audit_head")


@dataclass(frozen=True)
class Database:
    """One database and the home that belongs to it."""

    url: str
    home: Path

    @property
    def seal(self) -> Seal:
        return Seal(self.home / "audit.key", self.home / "audit.checkpoints")

    @property
    def care(self) -> DatabaseCare:
        return DatabaseCare(place_of(self.url), self.seal, self.home)

    def link(self) -> Link:
        return Link(place_of(self.url))

    def open(self, *, inline: bool = True, create: bool = False, seal: Seal | None = None) -> Store:
        return open_database(self.url, seal or self.seal, inline=inline, create=create)

    def played(self, *, inline: bool = True, create: bool = False) -> Played:
        return Played(url=self.url, home=self.home, inline=inline, create=create)

    def written(self, rows: int) -> None:
        """Add audit rows and close: the checkpoint is of the last."""
        with self.played() as store:
            store.write(lambda tx: add(tx, rows))

    def verified(self, seal: Seal | None = None) -> AuditReport:
        async def scenario() -> AuditReport:
            store = self.open(seal=seal)
            report = await walked(store, 7)
            await store.close()
            return report

        return asyncio.run(scenario())

    def do(self, *statements: str) -> list[Any]:
        """Run statements as the database's owner, each by itself; the rows of the last."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            for statement in statements:
                cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def tampered(self, *statements: str) -> None:
        """With the triggers off meanwhile, as somebody would who does not want to be noticed."""
        off = [f"ALTER TABLE {table} DISABLE TRIGGER ALL" for table in GUARDED]
        on = [f"ALTER TABLE {table} ENABLE TRIGGER ALL" for table in GUARDED]
        self.do(*off, *statements, *on)

    @contextmanager
    def session(self) -> Iterator["psycopg.Connection[tuple[Any, ...]]"]:
        """Somebody else's connection."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            yield connection
