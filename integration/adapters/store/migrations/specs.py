"""The short form in which migrations after the second write tables down.

A column is `name:kind`, then `!` when it is part of the primary key, `?` when it may be empty and `>table.column` when
it must exist there. Kinds: key (compared byte by byte), text, whole (64-bit integer), flag, bytes. What stands here
never changes its meaning: released migrations rest on it.
"""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from alembic import op

KINDS: dict[str, Any] = {
    "key": sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
    "text": sa.Text(),
    "whole": sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
    "flag": sa.Boolean().with_variant(sa.Integer(), "sqlite"),
    "bytes": sa.LargeBinary(),
}


def column(spec: str) -> sa.Column[Any]:
    """The column of a spec."""
    body, _, target = spec.partition(">")
    name, _, kind = body.rstrip("!?").partition(":")
    links = (sa.ForeignKey(target),) if target else ()
    return sa.Column(name, KINDS[kind], *links, primary_key="!" in body, nullable="?" in body, autoincrement=False)


def create_table(name: str, spec: str, *, lean: bool = False) -> None:
    """Make a table; `lean`: short rows that live in their primary key (SQLite: WITHOUT ROWID)."""
    extra = {"sqlite_with_rowid": False} if lean else {}
    op.create_table(name, *map(column, spec.split()), sqlite_strict=True, **extra)


def create_indexes(indexes: Iterable[tuple[str, str, str, str]]) -> None:
    """Make indexes: name (`uq_...` is unique), table, columns, and the condition of a partial one."""
    for name, table, columns, condition in indexes:
        where: dict[str, Any] = {f"{one}_where": sa.text(condition) for one in ("sqlite", "postgresql") if condition}
        op.create_index(name, table, columns.split(), unique=name.startswith("uq_"), **where)


def add_columns(table: str, spec: str) -> None:
    """Add columns at the end of a table."""
    for one in spec.split():
        op.add_column(table, column(one))
