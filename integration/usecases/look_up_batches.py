"""Look batches up, and say them as bodies: counts, and rows of which those that went wrong come first to mind."""

from domain.access import Actor, Permission
from domain.errors import NotFound
from integration.ports.batches import Batch, BatchRow, RowStatus
from integration.ports.store import ReadTx
from integration.usecases.answers import Body
from integration.usecases.desk import Desk
from integration.usecases.run_batch import BatchRun
from integration.usecases.views import instant

MOST = 1000


async def list_batches(desk: Desk, actor: Actor, limit: int) -> list[Batch]:
    """Newest first; for supervisors."""
    actor.require(Permission.AUDIT)
    return await desk.store.read(lambda tx: tx.list_batches(limit))


async def show_batch(
    desk: Desk, actor: Actor, batch_id: str, *, after: int = 0, limit: int = MOST, troubled: bool = False
) -> Body:
    """A batch with its rows behind line `after`; `troubled`: failed and unknown ones only. NotFound."""
    actor.require(Permission.AUDIT)

    def work(tx: ReadTx) -> Body:
        batch = tx.get_batch(batch_id)
        if batch is None:
            raise NotFound("There is no batch {batch_id}.", batch_id=batch_id, field="batch_id")
        rows = tx.list_batch_rows(batch_id, after=after, limit=limit, troubled=troubled)
        unknown = tx.count_batch_rows(batch_id).get(RowStatus.UNKNOWN, 0)
        return {**batch_body(batch), "unknown": unknown, "rows": [row_body(row) for row in rows]}

    return await desk.store.read(work)


def batch_body(batch: Batch) -> Body:
    """A batch in the words of the contract. `failed` counts what is not known too."""
    return {
        "batch_id": batch.batch_id,
        "kind": batch.kind.value,
        "hotel_id": batch.hotel_id or None,
        "actor": batch.actor,
        "file": batch.file_name,
        "created_at": instant(batch.created_at),
        "finished_at": instant(batch.finished_at),
        "ok": batch.ok,
        "failed": batch.failed,
        "skipped": batch.skipped,
    }


def row_body(row: BatchRow) -> Body:
    """A row's outcome. `made`: id of the reservation or call that is there."""
    return {
        "line": row.line,
        "status": row.status.value,
        "code": row.code,
        "reason": row.reason,
        "made": row.made,
        "request_key": row.request_key,
    }


def run_body(run: BatchRun) -> Body:
    """What a run over a file did: counts, and the rows that did not go well (`rows_left_out` more were not shown)."""
    tally = run.tally
    finished = run.batch.finished_at if run.batch is not None else None
    return {
        "batch_id": run.batch_id,
        "dry_run": run.batch is None,
        "resumed": run.is_resumed,
        "finished_at": instant(finished),
        "ok": tally.counts[RowStatus.OK],
        "failed": tally.failed,
        "skipped": tally.counts[RowStatus.SKIPPED],
        "unknown": tally.counts[RowStatus.UNKNOWN],
        "rows": [row_body(row) for row in tally.troubled],
        "rows_left_out": tally.left_out,
    }
