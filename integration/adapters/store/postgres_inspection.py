"""Look a PostgreSQL store over: can it be read, do references and guards hold, is the schema today's, the audit whole?

All is asked in one transaction that the caller began, so a backup can be looked over on the very snapshot it is made
of, and a restore before it counts. That a disk keeps what it was given, PostgreSQL watches itself (page checksums,
`pg_amcheck`); here every table is read once.
"""

import re
from collections.abc import Iterable

import psycopg
from psycopg import sql

from integration.adapters.store.audit_keeper import Keeper
from integration.adapters.store.chain import Chain, Head
from integration.adapters.store.checkpoints import Marks
from integration.adapters.store.inspection import (
    CHAINED_SINCE,
    MOST_SAID,
    Check,
    Inspection,
    check_of_audit,
    check_of_guards,
    check_of_schema,
    damaged,
    failed,
    walked,
)
from integration.adapters.store.postgres_link import Connection
from integration.adapters.store.postgres_place import Place
from integration.adapters.store.postgres_schema import revision_of
from integration.adapters.store.texts import texts_of
from integration.adapters.store.transaction import Reading
from integration.usecases.marks import N_

_FOREIGN_KEYS = (
    "SELECT conrelid::regclass::text, confrelid::regclass::text, "
    "ARRAY(SELECT attname::text FROM unnest(conkey) WITH ORDINALITY AS k (number, place) "
    "JOIN pg_attribute ON attrelid = conrelid AND attnum = number ORDER BY place), "
    "ARRAY(SELECT attname::text FROM unnest(confkey) WITH ORDINALITY AS k (number, place) "
    "JOIN pg_attribute ON attrelid = confrelid AND attnum = number ORDER BY place) "
    "FROM pg_constraint WHERE contype = 'f' "
    "AND connamespace = (SELECT relnamespace FROM pg_class WHERE oid = to_regclass('audit'))"
)
_GUARDS = (
    "SELECT tgname::text FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A') "
    "AND tgrelid IN (SELECT oid FROM pg_class WHERE relnamespace = "
    "(SELECT relnamespace FROM pg_class WHERE oid = to_regclass('audit')))"
)


def made_by(ddl: Iterable[str], what: str) -> list[str]:
    """The names of what DDL creates (`TABLE`, `FUNCTION`, `TRIGGER`), in its order."""
    return [found[1] for text in ddl if (found := re.match(rf"CREATE {what} (\w+)", text))]


def inspect(connection: Connection, place: Place, chain: Chain, marks: Marks | None) -> Inspection:
    """Look a database over inside the transaction under way. `marks`: checkpoints to hold it against."""
    try:
        return _inspected(connection, place, chain, marks)
    except psycopg.Error as error:
        return Inspection((damaged(str(error).strip()),), "")


def _inspected(connection: Connection, place: Place, chain: Chain, marks: Marks | None) -> Inspection:
    revision = revision_of(connection, place) or ""
    schema = check_of_schema(revision)
    if revision < CHAINED_SINCE:
        return Inspection((schema,), revision)
    if schema.is_ok:
        _read_all(connection)
    checks = [Check("integrity", is_ok=True), _foreign_keys(connection), _guards(connection), schema]
    reading = Reading(connection, texts_of("postgresql"), Keeper(chain, None))
    head, _ = reading.audit_head()
    report = walked(reading, reading.audit_walk(marks))
    return Inspection((*checks, check_of_audit(report)), revision, report, head or Head(), reading.audit_mark()[2])


def _read_all(connection: Connection) -> None:
    """Read every table from end to end; a page whose checksum does not hold, or a table that is gone, raises."""
    for table in made_by(texts_of("postgresql").ddl, "TABLE"):
        connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()


def _foreign_keys(connection: Connection) -> Check:
    """PostgreSQL keeps them, unless somebody switched its triggers off."""
    broken = [
        table
        for table, *rest in connection.execute(_FOREIGN_KEYS).fetchall()
        if _points_nowhere(connection, table, *rest)
    ]
    if not broken:
        return Check("foreign_keys", is_ok=True)
    tables = ", ".join(sorted(set(broken))[:MOST_SAID])
    return failed("foreign_keys", N_("Rows of {tables} point at what is not there; restore a backup."), tables=tables)


def _points_nowhere(connection: Connection, table: str, target: str, columns: list[str], keys: list[str]) -> bool:
    pairs = list(zip(columns, keys, strict=True))
    same = sql.SQL(" AND ").join(
        sql.SQL("there.{} = here.{}").format(sql.Identifier(key), sql.Identifier(column)) for column, key in pairs
    )
    given = sql.SQL(" AND ").join(sql.SQL("here.{} IS NOT NULL").format(sql.Identifier(column)) for column in columns)
    question = sql.SQL("SELECT EXISTS (SELECT FROM {} here WHERE {} AND NOT EXISTS (SELECT FROM {} there WHERE {}))")
    names = (sql.SQL(table), given, sql.SQL(target), same)  # names as the server quotes them (regclass)
    return connection.execute(question.format(*names)).fetchone() == (True,)


def _guards(connection: Connection) -> Check:
    """The triggers that refuse to change the audit, and those that note changes, are there and on."""
    there = {name for (name,) in connection.execute(_GUARDS).fetchall()}
    return check_of_guards([name for name in made_by(texts_of("postgresql").ddl, "TRIGGER") if name not in there])
