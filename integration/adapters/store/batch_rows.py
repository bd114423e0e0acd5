"""Batches and their rows, as they are stored; the statements are in `batch_sql.py`."""

from collections.abc import Iterable

from integration.adapters.store.access import Access
from integration.adapters.store.rows import Columns, Row
from integration.adapters.store.scalars import from_ms, from_ms_or_none, to_ms, to_ms_or_none
from integration.ports.batches import Batch, BatchKind, BatchRow, RowStatus

_MOST_RUNS = 20


def batch_columns(batch: Batch) -> Columns:
    """A batch as it is stored."""
    return {
        "batch_id": batch.batch_id,
        "kind": batch.kind.value,
        "hotel_id": batch.hotel_id,
        "actor": batch.actor,
        "file_name": batch.file_name,
        "digest": batch.digest,
        "created_at": to_ms(batch.created_at),
        "finished_at": to_ms_or_none(batch.finished_at),
        "ok": batch.ok,
        "failed": batch.failed,
        "skipped": batch.skipped,
    }


def batch_of(row: Row) -> Batch:
    """The batch of a row."""
    batch_id, kind, hotel_id, actor, file_name, digest, created_at, finished_at, *counts = row
    own = (batch_id, BatchKind(kind), hotel_id, actor, file_name, digest)
    return Batch(*own, from_ms(created_at), from_ms_or_none(finished_at), *counts)


def _columns(batch_id: str, row: BatchRow) -> Columns:
    return {
        "batch_id": batch_id,
        "line": row.line,
        "status": row.status.value,
        "code": row.code,
        "reason": row.reason,
        "made": row.made,
        "request_key": row.request_key,
    }


def _row_of(row: Row) -> BatchRow:
    _, line, status, *rest = row
    return BatchRow(line, RowStatus(status), *rest)


class BatchReading(Access):
    """What can be read of them."""

    __slots__ = ()

    def get_batch(self, batch_id: str) -> Batch | None:
        row = self._one("get_batch", {"batch_id": batch_id})
        return None if row is None else batch_of(row)

    def list_batches(self, limit: int) -> list[Batch]:
        return [batch_of(row) for row in self._all("list_batches", {"limit": limit})]

    def batches_of(self, kind: BatchKind, hotel_id: str, digest: str) -> list[Batch]:
        wanted = {"kind": kind.value, "hotel_id": hotel_id, "digest": digest, "limit": _MOST_RUNS}
        return [batch_of(row) for row in self._all("batches_of", wanted)]

    def get_batch_row(self, batch_id: str, line: int) -> BatchRow | None:
        row = self._one("get_batch_row", {"batch_id": batch_id, "line": line})
        return None if row is None else _row_of(row)

    def list_batch_rows(self, batch_id: str, *, after: int, limit: int, troubled: bool = False) -> list[BatchRow]:
        wanted = {"batch_id": batch_id, "after": after, "limit": limit}
        return [_row_of(row) for row in self._all("batch_troubles" if troubled else "batch_rows", wanted)]

    def count_batch_rows(self, batch_id: str) -> dict[RowStatus, int]:
        return {RowStatus(status): count for status, count in self._all("count_batch_rows", {"batch_id": batch_id})}


class BatchWriting(Access):
    """What can be changed of them."""

    __slots__ = ()

    def add_batch(self, batch: Batch) -> None:
        self._change("add_batch", batch_columns(batch))

    def update_batch(self, batch: Batch) -> None:
        columns = batch_columns(batch)
        moving = {name: columns[name] for name in ("finished_at", "ok", "failed", "skipped")}
        self._must_change("update_batch", batch.batch_id, moving)

    def put_batch_rows(self, batch_id: str, rows: Iterable[BatchRow]) -> None:
        for row in rows:
            self._change("put_batch_row", _columns(batch_id, row))
