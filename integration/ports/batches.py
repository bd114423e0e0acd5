"""Batches and their rows: the records, and what the store can do with them.

A **batch** is one run over a file. It is unfinished until every row has an outcome; the same file goes on in it. What
makes a row safe to repeat is its request key, not its line here: lines are written in groups, so a kill may lose some,
and the next run finds their outcome by the key.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class BatchKind(StrEnum):
    """What is brought in."""

    RESERVATIONS = "reservations"
    CALLS = "calls"
    LEADS = "leads"


class RowStatus(StrEnum):
    """What became of a row: made now, refused, made before (or nothing to make), or not known yet."""

    OK = "ok"
    FAILED = "failed"
    SKIPPED = "skipped"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Batch:
    """One run over a file. `digest`: SHA-256 of the file in hex; `failed` counts the rows not known yet too."""

    batch_id: str
    kind: BatchKind
    hotel_id: str
    actor: str
    file_name: str
    digest: str
    created_at: datetime
    finished_at: datetime | None = None
    ok: int = 0
    failed: int = 0
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class BatchRow:
    """The outcome of one row. `line`: in the file; `reason`: a sentence without personal data; `made`: id of what is
    there now."""

    line: int
    status: RowStatus
    code: str = ""
    reason: str = ""
    made: str | None = None
    request_key: str = ""


class BatchReads(Protocol):
    """What can be read."""

    def get_batch(self, batch_id: str) -> Batch | None: ...
    def list_batches(self, limit: int) -> list[Batch]:
        """Newest first."""
        ...

    def batches_of(self, kind: BatchKind, hotel_id: str, digest: str) -> list[Batch]:
        """Runs over the very same file for a hotel, newest first, at most 20."""
        ...

    def get_batch_row(self, batch_id: str, line: int) -> BatchRow | None: ...
    def list_batch_rows(self, batch_id: str, *, after: int, limit: int, troubled: bool = False) -> list[BatchRow]:
        """By line; `troubled`: only failed and unknown ones."""
        ...

    def count_batch_rows(self, batch_id: str) -> dict[RowStatus, int]: ...


class BatchWrites(Protocol):
    """What can be written."""

    def add_batch(self, batch: Batch) -> None: ...
    def update_batch(self, batch: Batch) -> None: ...
    def put_batch_rows(self, batch_id: str, rows: Iterable[BatchRow]) -> None:
        """Insert, or overwrite the line that is there."""
        ...
