"""Our own memory on SQLite: `open_store` gives what satisfies `integration.ports.store.Store`.

Read in this order: `tables.py` (the schema), `statements.py` and `queries.py` (the SQL, in Core), `compile.py` (Core
to text, once, shipped), `rows.py` and `documents.py` (our values to columns and back), `transaction.py` and
`writing.py` (the port's methods), `sqlite_file.py`, `sqlite_inline.py` and `sqlite.py` (files, one caller, many
callers), `chain.py` (how the audit shows tampering; `audit_*.py` and `checkpoints.py` beside it), `care.py` (backup,
restore, check). `upgrade.py` and `migrations/` bring an older file forward. The running store imports neither
SQLAlchemy nor Alembic.
"""

import sqlite3
from pathlib import Path

from integration.adapters.store.audit_keeper import Keeper, Seal, memory_keeper, seal_beside
from integration.adapters.store.sqlite_file import open_file, open_memory
from integration.adapters.store.sqlite_inline import InlineSqliteStore
from integration.ports.store import Store

MEMORY = "in memory"


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
