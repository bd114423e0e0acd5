"""Our own memory on SQLite: `open_store` gives what satisfies `integration.ports.store.Store`.

Read in this order: `tables.py` (the schema), `statements.py` and `queries.py` (the SQL, in Core), `compile.py` (Core
to text, once, shipped), `rows.py` and `documents.py` (our values to columns and back), `transaction.py` and
`writing.py` (the port's methods), `sqlite_file.py`, `sqlite_inline.py` and `sqlite.py` (files, one caller, many
callers). `upgrade.py` and `migrations/` bring an older file forward. The running store imports neither SQLAlchemy nor
Alembic.
"""

from pathlib import Path

from integration.adapters.store.sqlite_file import open_file, open_memory
from integration.adapters.store.sqlite_inline import InlineSqliteStore
from integration.ports.store import Store

MEMORY = "in memory"


def open_store(path: Path | None, *, inline: bool, create: bool) -> Store:
    """Open a store. `path` None: a new one in memory. `inline`: for one caller (commands, virtual time).

    A missing file is made when `create`; otherwise NotFound. ConfigurationError for a file of another schema,
    StoreUnavailable for one that cannot be used.
    """
    connection = open_memory() if path is None else open_file(path, create=create)
    place = MEMORY if path is None else str(path)
    if inline:
        return InlineSqliteStore(connection, place)
    from integration.adapters.store.sqlite import SqliteStore  # noqa: PLC0415 - asyncio and threads: the service only

    return SqliteStore(connection, place, path)
