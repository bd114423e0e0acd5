"""Compile the store's statements and schema to text: `python -m integration.adapters.store.compile`.

One JSON file per dialect in `compiled/`: the DDL of a fresh store, the revisions known (last = head), the fixed
statements, and the listings in pieces. The running store reads these and imports no SQLAlchemy, which costs a third
of a second at every start of a command. A test fails when the files are not what this module would write.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.sql.elements import ClauseElement, CompilerElement

from integration.adapters.store import (
    batch_sql,
    code_sql,
    comparison_sql,
    kpi_sql,
    queries,
    queue_sql,
    rollback_sql,
    statements,
)
from integration.adapters.store.kpi_triggers import KPI_TRIGGERS
from integration.adapters.store.kpi_views_v1 import create_views
from integration.adapters.store.schema import METADATA
from integration.adapters.store.texts import FOLDER
from integration.adapters.store.triggers import FIRST_HEAD, TRIGGERS
from integration.adapters.store.upgrade import revisions

DIALECTS: Mapping[str, sa.Dialect] = {
    "sqlite": sqlite.dialect(paramstyle="named"),
    "postgresql": psycopg.dialect(),  # type: ignore[no-untyped-call]
}
PARTS = (batch_sql, rollback_sql, comparison_sql, queue_sql, code_sql, kpi_sql)
_NO_OFFSET = " OFFSET :param_1"


def to_text(element: ClauseElement, dialect: sa.Dialect) -> str:
    """One line of SQL. ValueError when a constant hides in it as a parameter: nobody would fill it."""
    compiled = element.compile(dialect=dialect)
    hidden = {name for name, value in compiled.params.items() if value is not None} - {"param_1"}
    line = " ".join(str(compiled).split()).replace(_NO_OFFSET, "")
    if hidden or "param_1" in line:
        raise ValueError(f"constants among the parameters ({hidden}) of: {line}")
    return line


def _ddl(name: str, dialect: sa.Dialect, head: str) -> list[str]:
    made: list[CompilerElement] = [CreateTable(table) for table in METADATA.sorted_tables]
    made += [
        CreateIndex(index)
        for table in METADATA.sorted_tables
        for index in sorted(table.indexes, key=lambda one: str(one.name))
    ]
    texts = [" ".join(str(element.compile(dialect=dialect)).split()) for element in made]
    version = (
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
        "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
    )
    stamp = f"INSERT INTO alembic_version (version_num) VALUES ('{head}')"  # noqa: S608 - a revision of ours
    return [*texts, *TRIGGERS[name], *KPI_TRIGGERS[name], *create_views(name), FIRST_HEAD[name], version, stamp]


def _listing(listing: queries.Listing, dialect: sa.Dialect) -> dict[str, Any]:
    select = to_text(listing.select, dialect)
    whole = to_text(listing.select.order_by(*listing.order).limit(statements.whole("limit")), dialect)
    return {
        "select": select,
        "joint": "AND" if listing.select.whereclause is not None else "WHERE",
        "conditions": {name: to_text(condition, dialect) for name, condition in listing.conditions.items()},
        "end": whole.removeprefix(select).strip(),
    }


def compiled(name: str) -> str:
    """The content of a dialect's file."""
    dialect, known = DIALECTS[name], revisions()
    listings = queries.listings() | queue_sql.listings()
    fixed = statements.changes(statements.INSERTS[name]) | queries.fixed()
    for part in PARTS:
        fixed |= part.changes(statements.INSERTS[name]) | part.fixed()
    content = {
        "revisions": known,
        "ddl": _ddl(name, dialect, known[-1]),
        "statements": {key: to_text(statement, dialect) for key, statement in sorted(fixed.items())},
        "listings": {key: _listing(listing, dialect) for key, listing in sorted(listings.items())},
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    """Write both files."""
    for name in DIALECTS:
        Path(FOLDER / f"{name}.json").write_text(compiled(name), encoding="utf-8")


if __name__ == "__main__":
    main()
