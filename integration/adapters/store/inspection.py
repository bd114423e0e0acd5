"""Look a store's file over: is the file sound, is it ours and of today's schema, does its audit verify?

Used on the store itself (`santral store check`) and on every copy before it counts as a backup or takes the store's
place. Nothing is changed; a store in use may be looked at.
"""

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from integration.adapters.store.audit_keeper import Keeper
from integration.adapters.store.audit_walk import Walk
from integration.adapters.store.chain import Chain, Head
from integration.adapters.store.checkpoints import Marks
from integration.adapters.store.sqlite_file import connect
from integration.adapters.store.texts import texts_of
from integration.adapters.store.transaction import Reading
from integration.ports.records import AuditReport
from integration.usecases.marks import N_

MOST_SAID = 3
_BATCH = 2000
CHAINED_SINCE = "0002"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `hint`: a template for the person, `params` fill it; empty when all is well."""

    name: str
    is_ok: bool
    hint: str = ""
    params: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class Inspection:
    """All that was looked at. `report`: None when the audit could not be walked; `head`: where it ends."""

    checks: tuple[Check, ...]
    revision: str
    report: AuditReport | None = None
    head: Head = field(default_factory=Head)
    last_at: int = 0

    @property
    def is_ok(self) -> bool:
        """Whether nothing was found."""
        return all(one.is_ok for one in self.checks)

    @property
    def failed(self) -> str:
        """The names of what was found wanting."""
        return ", ".join(one.name for one in self.checks if not one.is_ok)


def failed(name: str, hint: str, **params: object) -> Check:
    """A check that found something."""
    return Check(name, is_ok=False, hint=hint, params=tuple(params.items()))


def revision_of(path: Path) -> str:
    """The schema's revision, empty when it has none. Raises what SQLite raises."""
    with closing(connect(path, reading=True)) as connection:
        return _revision(connection)


def _revision(connection: sqlite3.Connection) -> str:
    try:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.OperationalError as error:
        if "no such table" not in str(error):
            raise
        row = None
    return "" if row is None else str(row[0])


def inspect(path: Path, chain: Chain, marks: Marks | None) -> Inspection:
    """Look a file over. `marks`: checkpoints to hold it against."""
    try:
        with closing(connect(path, reading=True)) as connection:
            return _inspected(connection, chain, marks)
    except sqlite3.Error as error:
        return Inspection((damaged(str(error)),), "")


def _inspected(connection: sqlite3.Connection, chain: Chain, marks: Marks | None) -> Inspection:
    found = [str(row[0]) for row in connection.execute(f"PRAGMA integrity_check({MOST_SAID})")]
    if found != ["ok"]:
        return Inspection((damaged("; ".join(found)),), "")
    revision = _revision(connection)
    sound, schema = [Check("integrity", is_ok=True), _foreign_keys(connection)], check_of_schema(revision)
    if revision < CHAINED_SINCE:
        return Inspection((*sound, schema), revision)
    checks = (*sound, _guards(connection), schema)
    reading = Reading(connection, texts_of("sqlite"), Keeper(chain, None))
    head, _ = reading.audit_head()
    report = walked(reading, reading.audit_walk(marks))
    return Inspection((*checks, check_of_audit(report)), revision, report, head or Head(), reading.audit_mark()[2])


def walked(reading: Reading, walk: Walk) -> AuditReport:
    """Walk the audit to its end."""
    while not walk.is_done:
        reading.check_audit(walk, _BATCH)
    return walk.report()


def damaged(why: str) -> Check:
    """The store cannot be read."""
    return failed("integrity", N_("The file is damaged ({why}); restore a backup."), why=why[:200])


def _foreign_keys(connection: sqlite3.Connection) -> Check:
    rows = connection.execute("PRAGMA foreign_key_check").fetchmany(MOST_SAID)
    if not rows:
        return Check("foreign_keys", is_ok=True)
    tables = ", ".join(sorted({str(row[0]) for row in rows}))
    return failed("foreign_keys", N_("Rows of {tables} point at what is not there; restore a backup."), tables=tables)


def _guards(connection: sqlite3.Connection) -> Check:
    """The triggers that refuse to change the audit, and those that note changes, are there, word for word."""
    there = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall())
    made = {text.split()[2]: text for text in texts_of("sqlite").ddl if text.startswith("CREATE TRIGGER ")}
    return check_of_guards([name for name, text in made.items() if there.get(name) != text])


def check_of_guards(gone: list[str]) -> Check:
    """Whether any of our triggers is wanting."""
    if not gone:
        return Check("guards", is_ok=True)
    hint = N_(
        "Triggers that guard the audit or note changes are gone or off ({names}); ask who has done that, then "
        "restore a backup."
    )
    return failed("guards", hint, names=", ".join(gone))


def check_of_schema(revision: str) -> Check:
    """Whether a revision is the one the program works with."""
    texts = texts_of("sqlite")
    if revision == texts.head:
        return Check("schema", is_ok=True)
    if revision in texts.revisions:
        return failed("schema", N_("The schema is {revision}; run `santral store upgrade`."), revision=revision)
    if not revision:
        return failed("schema", N_("This is not a store of Santral."))
    return failed("schema", N_("The schema is {revision}, of a newer Santral; upgrade the program."), revision=revision)


def check_of_audit(report: AuditReport) -> Check:
    """What a walk has found, as one check."""
    if not report.findings:
        return Check("audit", is_ok=True)
    first = report.findings[0]
    return failed(
        "audit", N_("The audit was tampered with ({fault}, row {seq}); `santral audit verify` says more."),
        fault=first.fault.value, seq=report.first_bad or 0,
    )  # fmt: skip


def is_of_before(inspection: Inspection) -> bool:
    """Whether nothing is wanting but an upgrade."""
    wanting = [one.name for one in inspection.checks if not one.is_ok]
    return wanting == ["schema"] and inspection.revision in texts_of("sqlite").revisions
