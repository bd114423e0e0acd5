"""Our own memory, on SQLite or PostgreSQL: `open_home_store` gives what satisfies `integration.ports.store.Store`.

Read in this order: `tables.py` (the schema), `statements.py` and `queries.py` (the SQL, in Core), `compile.py` (Core
to text, once, shipped), `rows.py` and `documents.py` (our values to columns and back), `transaction.py` and
`writing.py` (the port's methods), `sqlite_file.py`, `sqlite_inline.py` and `sqlite.py` (files, one caller, many
callers), `postgres_link.py`, `postgres_inline.py` and `postgres.py` (the same on PostgreSQL), `chain.py` (how the
audit shows tampering; `audit_*.py` and `checkpoints.py` beside it), `care.py` and `postgres_care.py` (backup, restore,
upgrade). `upgrade.py` and `migrations/` bring an older store forward. The running store imports neither SQLAlchemy nor
Alembic, and psycopg only when a database is named.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from integration.adapters.store.audit_keeper import Keeper, Seal, memory_keeper, seal_beside, seal_of
from integration.adapters.store.sqlite_file import open_file, open_memory
from integration.adapters.store.sqlite_inline import InlineSqliteStore
from integration.errors import ConfigurationError
from integration.ports.store import Store
from integration.settings import Settings

MEMORY = "in memory"


def open_home_store(settings: Settings, *, inline: bool, create: bool) -> Store:
    """Open the store that the settings name: a database, else the file in the home. Raises as the two below do."""
    if settings.database_url:
        return open_database(settings.database_url, seal_of(settings), inline=inline, create=create)
    return open_store(settings.store_path, inline=inline, create=create, seal=seal_of(settings))


def open_database(url: str, seal: Seal, *, inline: bool, create: bool) -> Store:
    """Open a store in PostgreSQL. `seal`: where the audit's key and checkpoints are. `create` fills an empty database.

    NotFound for an empty database, ConfigurationError for another schema, a lacking key or a lacking driver,
    StoreUnavailable for a server that cannot be used.
    """
    with needing_driver():
        from integration.adapters.store.postgres_open import open_postgres  # noqa: PLC0415 - the driver is an extra
    return open_postgres(url, seal, inline=inline, create=create)


@contextmanager
def needing_driver() -> Iterator[None]:
    """Say what to install when the driver of PostgreSQL is not there."""
    try:
        yield
    except ImportError as error:
        raise ConfigurationError(
            "A store in PostgreSQL needs the library psycopg.",
            hint="Install Santral with its extra `postgres`.",
        ) from error


def open_store(path: Path | None, *, inline: bool, create: bool, seal: Seal | None = None) -> Store:
    """Open a store. `path` None: a new one in memory. `inline`: for one caller (commands, virtual time).

    `seal`: where the audit's key and checkpoints are; default: beside the file. A missing file is made when `create`,
    and its key; otherwise NotFound. ConfigurationError for a file of another schema or without its key,
    StoreUnavailable for one that cannot be used.
    """
    connection = open_memory() if path is None else open_file(path, create=create, alone=inline)
    try:
        keeper = memory_keeper() if path is None else _keeper(connection, seal or seal_beside(path))
    except BaseException:
        connection.close()
        raise
    place = MEMORY if path is None else str(path)
    if inline:
        return InlineSqliteStore(connection, place, keeper)
    from integration.adapters.store.sqlite import SqliteStore  # noqa: PLC0415 - asyncio and threads: the service only

    return SqliteStore(connection, place, path, keeper)


def _keeper(connection: sqlite3.Connection, seal: Seal) -> Keeper:
    """An audit that is still empty may be given a key and a file of checkpoints; any other needs its own."""
    (rows,) = connection.execute("SELECT count(*) FROM (SELECT 1 FROM audit LIMIT 1)").fetchone()
    if not rows:
        seal.make()
    keeper = seal.keeper()
    if not rows and keeper.checkpoints is not None:
        keeper.checkpoints.start()
    return keeper
