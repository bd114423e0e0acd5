"""Verify the audit's chain, and export it: in many short reads, so that nobody waits for either.

Rows are only ever added, and the end is fixed at the start, so a walk over several snapshots is as good as one.
"""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

from domain.access import Actor, Permission
from integration.ports.records import AuditReport
from integration.ports.store import AuditCheck, ReadTx
from integration.usecases.answers import Body
from integration.usecases.desk import Desk
from integration.usecases.views import instant

ROWS_A_READ = 2000
Step = Callable[[ReadTx], AuditCheck]
Lines = Callable[[ReadTx], list[str]]


async def verify_audit(desk: Desk, actor: Actor) -> AuditReport:
    """Walk the whole audit. Forbidden without the right to read it."""
    actor.require(Permission.AUDIT)
    check: AuditCheck | None = None
    while check is None or not check.is_done:
        check = await desk.store.read(_further(check))
    return check.report()


def _further(so_far: AuditCheck | None) -> Step:
    return lambda tx: tx.check_audit(so_far, ROWS_A_READ)


async def export_audit(desk: Desk, actor: Actor) -> AsyncIterator[list[str]]:
    """The lines of an export, some at a time; the first holds the head. Forbidden as above."""
    actor.require(Permission.AUDIT)
    until, first = await desk.store.read(lambda tx: tx.export_audit_head())
    yield [first]
    for after in range(0, until, ROWS_A_READ):
        yield await desk.store.read(_lines(after, until))


def _lines(after: int, until: int) -> Lines:
    return lambda tx: tx.export_audit(after, min(after + ROWS_A_READ, until), ROWS_A_READ)


def report_body(report: AuditReport) -> Body:
    """A report as it is shown: `status` is `whole` or `tampered`; `behind`: rows that no checkpoint covers yet."""
    return {
        "status": "tampered" if report.findings else "whole",
        "rows": report.rows,
        "head": report.head,
        "sealed_at_upgrade": report.sealed,
        "first_bad": report.first_bad,
        "findings": [{"seq": one.seq, "fault": one.fault.value} for one in report.findings],
        "checkpoints": {
            "count": report.checkpoints,
            "last": report.last_checkpoint,
            "behind": max(report.head - report.last_checkpoint, 0),
        },
        "restores": [
            {"seq": one.seq, "at": instant(datetime.fromtimestamp(one.at / 1000, UTC)), "lost": one.lost}
            for one in report.restores
        ],
    }
