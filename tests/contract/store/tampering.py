"""Somebody who owns the database file: he drops the triggers and does as he likes. He does not have the key."""

import asyncio
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from integration.adapters.store import open_store
from integration.adapters.store.audit_keeper import Seal
from integration.ports.records import AuditEntry, AuditReport
from integration.ports.store import AuditCheck, Store, Tx
from tests.fakes.surroundings import NOW

TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
Head = tuple[int, bytes, int, bytes]


def an_entry(action: str = "hold_placed") -> AuditEntry:
    """A row of the audit."""
    ids = {"hotel_id": "BELEK1", "reservation_id": "res_1"}
    return AuditEntry(NOW, "agent7", "operator", "http", action, ids, ("hold", "total"), {"gst_1": "d" * 32})


def written(path: Path, rows: int, *, seal: Seal | None = None) -> None:
    """Add audit rows, one transaction each ten, and close: the checkpoint is of the last."""

    async def scenario() -> None:
        store = open_store(path, inline=True, create=True, seal=seal)
        for start in range(0, rows, 10):
            await store.transact(lambda tx: add(tx, min(10, rows - start)))  # noqa: B023 - awaited in the loop
        await store.close()

    asyncio.run(scenario())


def add(tx: Tx, rows: int) -> None:
    for number in range(rows):
        tx.add_audit(an_entry(f"act_{number}"))


def tampered(path: Path, *statements: str, tidy: bool = True) -> None:
    """`tidy`: the triggers are put back, as somebody would who does not want to be noticed."""
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        triggers = file.execute(TRIGGERS).fetchall()
        for name, _ in triggers:
            file.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            file.execute(statement)
        for _, sql in triggers if tidy else ():
            file.execute(sql)


def head_of(path: Path) -> Head:
    """The head as somebody may have copied it earlier."""
    with closing(sqlite3.connect(path)) as file:
        head: Head = file.execute("SELECT seq, mac, sealed, proof FROM audit_head").fetchone()
        return head


def with_head(path: Path, head: Head) -> None:
    """Put back an earlier head with its own, valid proof."""
    seq, mac, sealed, proof = head
    tampered(
        path, f"UPDATE audit_head SET seq = {seq}, mac = x'{mac.hex()}', sealed = {sealed}, proof = x'{proof.hex()}'"
    )


def verified(path: Path, limit: int = 7, *, seal: Seal | None = None) -> AuditReport:
    """Walk the audit in small steps."""
    return asyncio.run(_verified(path, limit, seal))


async def _verified(path: Path, limit: int, seal: Seal | None) -> AuditReport:
    store = open_store(path, inline=True, create=False, seal=seal)
    report = await walked(store, limit)
    await store.close()
    return report


async def walked(store: Store, limit: int) -> AuditReport:
    check: AuditCheck | None = None
    while check is None or not check.is_done:
        check = await store.read(lambda tx: tx.check_audit(check, limit))  # noqa: B023 - awaited in the loop
    return check.report()


def faults(report: AuditReport) -> list[tuple[int, str]]:
    return [(one.seq, one.fault.value) for one in report.findings]


def lines_without(path: Path, dropped: Iterable[int]) -> None:
    """Remove lines (from 1) of a file."""
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(line for number, line in enumerate(lines, 1) if number not in set(dropped)))
