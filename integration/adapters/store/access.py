"""How a transaction runs the compiled statements: one row, all rows, a listing, a change.

`Reading` and `Writing` (`transaction.py`, `writing.py`) and the parts they are put together from (`*_rows.py`) all rest
on this; none begins, commits nor rolls back. The SQL is compiled text with named parameters, so the same classes serve
sqlite3 and psycopg; only the text differs.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from domain.errors import NotFound
from integration.adapters.store.audit_keeper import Keeper
from integration.adapters.store.rows import Columns, Row
from integration.adapters.store.texts import Texts


class Cursor(Protocol):
    """What we use of a DB-API cursor."""

    @property
    def rowcount(self) -> int: ...
    def fetchone(self) -> Any: ...  # noqa: ANN401 - a tuple or None; drivers say Any
    def fetchall(self) -> list[Any]: ...


class Connection(Protocol):
    """What we use of a driver's connection."""

    def execute(self, sql: str, parameters: Any = ..., /) -> Cursor: ...  # noqa: ANN401 - as drivers say it


def padded(prefix: str, values: Sequence[str], width: int) -> Columns:
    """`values` (1 to `width` of them) as the parameters of a fixed-width list; the first fills what is left."""
    return {f"{prefix}{n}": values[n] if n < len(values) else values[0] for n in range(width)}


class Access:
    """A connection and the SQL of its dialect."""

    __slots__ = ("_connection", "_keeper", "_listings", "_sql")

    def __init__(self, connection: Connection, texts: Texts, keeper: Keeper) -> None:
        """Work through `connection` with the SQL of its dialect; `keeper` knows how the audit is sealed."""
        self._connection = connection
        self._keeper = keeper
        self._sql = texts.statements
        self._listings = texts.listings

    def _one(self, statement: str, parameters: Mapping[str, Any]) -> Row | None:
        row: Row | None = self._connection.execute(self._sql[statement], parameters).fetchone()
        return row

    def _all(self, statement: str, parameters: Mapping[str, Any]) -> list[Row]:
        return self._connection.execute(self._sql[statement], parameters).fetchall()

    def _listed(self, listing: str, limit: int, conditions: Mapping[str, Any], more: Mapping[str, Any]) -> list[Row]:
        """Rows of a listing under the conditions whose value is not None; `more` holds further parameters."""
        given = {name: value for name, value in conditions.items() if value is not None}
        sql = self._listings[listing].where(given)
        return self._connection.execute(sql, {**given, **more, "limit": max(limit, 0)}).fetchall()

    def _change(self, statement: str, parameters: Mapping[str, Any]) -> int:
        """Run it; the number of rows it touched."""
        return self._connection.execute(self._sql[statement], parameters).rowcount

    def _must_change(self, statement: str, the_id: str, parameters: Mapping[str, Any]) -> None:
        if self._change(statement, {**parameters, "the_id": the_id}) != 1:
            raise NotFound("There is no {the_id} here.", the_id=the_id)
