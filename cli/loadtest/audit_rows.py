"""Our store and the PMS's own file, read directly: no code under test stands between the records and the audit.

Each source gives the rows of a question one after the other on one snapshot, so a store of any size is walked in the
memory of what is kept of it. The questions are plain SQL that SQLite and PostgreSQL read alike.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from integration.adapters.store import needing_driver
from integration.adapters.store.sqlite_file import connect
from integration.errors import StoreUnavailable
from integration.settings import Settings
from pms_mock import control

Row = tuple[Any, ...]
Rows = Callable[[str], Iterator[Row]]
_CHUNK = 2000
_NO_LIMITS = "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0"


@contextmanager
def store_rows(settings: Settings) -> Iterator[Rows]:
    """Our store. StoreUnavailable or ConfigurationError when it cannot be read."""
    with _database_rows(settings) if settings.database_url else _file_rows(settings.store_path) as rows:
        yield rows


@contextmanager
def _file_rows(path: Path) -> Iterator[Rows]:
    if not path.is_file():
        raise StoreUnavailable("The store {place} is missing.", place=str(path))
    connection = connect(path, reading=True)
    try:
        connection.execute("BEGIN")
        yield connection.execute
    finally:
        connection.close()


@contextmanager
def _database_rows(settings: Settings) -> Iterator[Rows]:
    with needing_driver():
        from integration.adapters.store.postgres_link import BEGIN_READ
        from integration.adapters.store.postgres_link import connect as connect_to
        from integration.adapters.store.postgres_place import place_of
    connection = connect_to(place_of(settings.database_url))

    def rows(question: str) -> Iterator[Row]:
        with connection.cursor(name="audit") as cursor:
            cursor.itersize = _CHUNK
            yield from cursor.execute(question.encode())

    try:
        connection.execute(_NO_LIMITS, prepare=False)
        connection.execute(BEGIN_READ, prepare=False)
        yield rows
    finally:
        connection.close()


@contextmanager
def pms_rows(path: Path) -> Iterator[Rows]:
    """The mock PMS's records. `pms_mock.control.StoreError` when the file cannot be read."""
    store = control.open_store(str(path))
    try:
        with store.reading() as connection:
            yield connection.execute
    finally:
        store.close()
