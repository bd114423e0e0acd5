"""Copies of a PostgreSQL store: the file a dump goes to, whether it can be unpacked, and reading it into a database."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
from psycopg import sql

from integration.adapters.store.inspection import Check, Inspection, failed
from integration.adapters.store.postgres_inspection import made_by
from integration.adapters.store.postgres_link import Connection
from integration.adapters.store.postgres_tools import ToolFailed, data, read_through, script
from integration.adapters.store.texts import texts_of
from integration.errors import StoreUnavailable
from integration.usecases.marks import N_

_CHUNK = 1 << 16
_CUT = "it ends within the rows of a table"
# Classes of SQLSTATE: what the server was given makes no sense to it (data, constraints, syntax and names).
_OF_THE_BACKUP = frozenset({"22", "23", "42"})


def fresh_file(path: Path) -> Path:
    """An empty file that only its owner may read."""
    with suppress(FileNotFoundError):
        path.unlink()
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise StoreUnavailable(
            "{place} cannot be written: {why}.", place=str(path), why=error.strerror or "no access"
        ) from error
    return path


def unpacks(part: Path) -> Check:
    """Whether a dump can be unpacked from end to end."""
    try:
        read_through(part)
    except ToolFailed as error:
        return failed("archive", N_("The copy cannot be unpacked: {why}"), why=str(error))
    return Check("archive", is_ok=True)


def with_check(inspection: Inspection, check: Check) -> Inspection:
    """An inspection with one check more."""
    checks = (*inspection.checks, check)
    return Inspection(checks, inspection.revision, inspection.report, inspection.head, inspection.last_at)


def take_out(connection: Connection) -> None:
    """Drop what is ours, and nothing else."""
    ddl = texts_of("postgresql").ddl
    for table in made_by(ddl, "TABLE"):
        connection.execute(sql.SQL("DROP TABLE IF EXISTS {} CASCADE").format(sql.Identifier(table)))
    for function in made_by(ddl, "FUNCTION"):
        connection.execute(sql.SQL("DROP FUNCTION IF EXISTS {} CASCADE").format(sql.Identifier(function)))


def read_in(connection: Connection, backup: Path, schema: str) -> None:
    """Tables, rows, and what guards them, in this transaction. ToolFailed when the backup is not whole or none."""
    try:
        _read_in(connection, backup, schema)
    except psycopg.Error as error:
        if (error.sqlstate or "")[:2] not in _OF_THE_BACKUP:
            raise
        raise ToolFailed(str(error).partition("\n")[0]) from error


def _read_in(connection: Connection, backup: Path, schema: str) -> None:
    connection.execute(script(backup, "pre-data", schema).encode(), prepare=False)
    with data(backup, schema) as lines:
        for line in lines:
            if line.startswith(b"COPY "):
                _copy(connection, line, lines)
    connection.execute(script(backup, "post-data", schema).encode(), prepare=False)
    connection.execute("RESET search_path; SET client_encoding = 'UTF8'", prepare=False)


def _copy(connection: Connection, command: bytes, lines: Iterator[bytes]) -> None:
    """Feed the rows of one table, up to the line that ends them. ToolFailed when there is no such line."""
    waiting = bytearray()
    with connection.cursor().copy(command.rstrip(b";\n")) as copy:
        for line in lines:
            if line == b"\\.\n":
                break
            waiting += line
            if len(waiting) > _CHUNK:
                copy.write(bytes(waiting))
                waiting.clear()
        else:
            raise ToolFailed(_CUT)
        copy.write(bytes(waiting))
