"""The words the schema is written in: kinds of column, table and index that mean the same on both databases.

Codes and ids compare byte by byte (collation `C` on PostgreSQL, as SQLite does anyway), whole numbers are 64 bits wide,
SQLite tables are STRICT. `tables.py` and `work_tables.py` describe the tables with them.
"""

import sqlalchemy as sa

METADATA = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)
KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FLAG = sa.Boolean().with_variant(sa.Integer(), "sqlite")


def one_of(column: sa.Column[str], values: tuple[str, ...]) -> sa.ColumnElement[bool]:
    """`column IN ('a', 'b')` with the values in the text, so that a planner can match a partial index with it."""
    return column.in_([sa.literal_column(f"'{value}'", sa.Text()) for value in values])


def key(name: str, *, null: bool = False, pk: bool = False, to: str = "") -> sa.Column[str]:
    """A code or id, compared byte by byte. `to`: the column it refers to."""
    links = (sa.ForeignKey(to),) if to else ()
    return sa.Column(name, KEY, *links, nullable=null, primary_key=pk)


def text_column(name: str, *, null: bool = False) -> sa.Column[str]:
    """Text for reading."""
    return sa.Column(name, sa.Text(), nullable=null)


def whole_column(name: str, *, null: bool = False, pk: bool = False) -> sa.Column[int]:
    """A whole number: a count, minor units, or an instant in milliseconds."""
    return sa.Column(name, WHOLE, nullable=null, primary_key=pk, autoincrement=False)


def bytes_column(name: str) -> sa.Column[bytes]:
    """Bytes."""
    return sa.Column(name, sa.LargeBinary(), nullable=False)


def table(name: str, *columns: sa.Column[str] | sa.Column[int] | sa.Column[bool] | sa.Column[bytes]) -> sa.Table:
    """A table of the schema."""
    return sa.Table(name, METADATA, *columns, sqlite_strict=True)


def lean(name: str, *columns: sa.Column[str] | sa.Column[int]) -> sa.Table:
    """A table of short rows that lives in its primary key (SQLite: WITHOUT ROWID)."""
    return sa.Table(name, METADATA, *columns, sqlite_strict=True, sqlite_with_rowid=False)


def is_(column: sa.Column[str], value: str) -> sa.ColumnElement[bool]:
    """`column = 'value'` with the value in the text, as `one_of`."""
    return column == sa.literal_column(f"'{value}'", sa.Text())


def index(
    name: str,
    *columns: sa.Column[str] | sa.Column[int],
    where: sa.ColumnElement[bool] | None = None,
    unique: bool = False,
) -> None:
    """An index, over the rows that `where` names alone when it is given."""
    sa.Index(name, *columns, unique=unique, sqlite_where=where, postgresql_where=where)
