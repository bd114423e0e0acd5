"""A batch under way: begun or taken up again, its rows in order, a few at a time, each outcome kept.

The same file for the same hotel goes on in its unfinished batch; when that is finished, it begins a new one, in which
whatever was made before is skipped. Keys count per actor, so a file that somebody else has brought in is refused rather
than doubled (calls have ids of their own, whoever brings them). Outcomes are written in groups: one that a kill has
lost is found again by its row's request key.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from domain.access import Actor, Permission
from domain.errors import Refused
from integration.ports.batches import Batch, BatchKind, BatchRow, RowStatus
from integration.ports.sheets import Sheet, SheetRow
from integration.ports.store import ReadTx, Tx
from integration.usecases.desk import Desk
from integration.usecases.tracing import audit

GROUP = 50
MOST_SHOWN = 1000
IMPORT = "import"


def _silent(_row: BatchRow) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class ImportWish:
    """How to bring a sheet in. `jobs`: rows at a time; `language`: of reasons; `report`: told every row in order."""

    hotel_id: str | None = None
    dry_run: bool = False
    jobs: int = 4
    language: str = "en"
    report: Callable[[BatchRow], None] = _silent


@dataclass
class Tally:
    """How many rows ended how, and those that did not go well, MOST_SHOWN at most."""

    counts: dict[RowStatus, int] = field(default_factory=lambda: dict.fromkeys(RowStatus, 0))
    troubled: list[BatchRow] = field(default_factory=list)
    left_out: int = 0

    @property
    def failed(self) -> int:
        """Rows that failed or whose outcome is not known."""
        return self.counts[RowStatus.FAILED] + self.counts[RowStatus.UNKNOWN]

    def take(self, row: BatchRow) -> None:
        """Count a row."""
        self.counts[row.status] += 1
        if row.status not in {RowStatus.FAILED, RowStatus.UNKNOWN}:
            return
        if len(self.troubled) < MOST_SHOWN:
            self.troubled.append(row)
        else:
            self.left_out += 1


@dataclass
class BatchRun:
    """One run. `batch` is None for a dry run, which keeps nothing."""

    desk: Desk
    actor: Actor
    batch: Batch | None
    is_resumed: bool
    report: Callable[[BatchRow], None]
    tally: Tally = field(default_factory=Tally)
    _waiting: list[BatchRow] = field(default_factory=list)

    @property
    def batch_id(self) -> str | None:
        """The batch's id; None for a dry run."""
        return self.batch.batch_id if self.batch is not None else None

    async def kept(self, line: int) -> BatchRow | None:
        """The outcome of a row an earlier part of this batch has settled."""
        batch_id = self.batch_id
        if batch_id is None or not self.is_resumed:
            return None
        row = await self.desk.store.read(lambda tx: tx.get_batch_row(batch_id, line))
        return None if row is None or row.status is RowStatus.UNKNOWN else row

    def tell(self, row: BatchRow) -> None:
        """Count a row and report it."""
        self.tally.take(row)
        self.report(row)

    async def put(self, row: BatchRow) -> None:
        """Take a row's outcome."""
        self.tell(row)
        self._waiting.append(row)
        if len(self._waiting) >= GROUP:
            await self.keep()

    async def keep(self) -> None:
        """Write what is waiting to be written."""
        rows, self._waiting = self._waiting, []
        batch_id = self.batch_id
        if batch_id is not None and rows:
            await self.desk.store.transact(lambda tx: tx.put_batch_rows(batch_id, rows))

    async def end(self, *, is_whole: bool) -> None:
        """Write the counts; finished when every row has come and has an outcome."""
        await self.keep()
        batch = self.batch
        if batch is None:
            return
        now = self.desk.clock.now()

        def work(tx: Tx) -> Batch:
            counts = tx.count_batch_rows(batch.batch_id)
            unknown = counts.get(RowStatus.UNKNOWN, 0)
            after = replace(
                batch,
                finished_at=now if is_whole and not unknown else None,
                ok=counts.get(RowStatus.OK, 0),
                failed=counts.get(RowStatus.FAILED, 0) + unknown,
                skipped=counts.get(RowStatus.SKIPPED, 0),
            )
            tx.update_batch(after)
            if after.finished_at is not None:
                counted = {"ok": str(after.ok), "failed": str(after.failed), "skipped": str(after.skipped)}
                audit(tx, self.actor, now, "batch_finished", {"batch_id": batch.batch_id, **counted})
            return after

        self.batch = await self.desk.store.transact(work)


async def begin(desk: Desk, actor: Actor, kind: BatchKind, sheet: Sheet, wish: ImportWish) -> BatchRun:
    """Begin a batch for the sheet, or take up the unfinished one. Forbidden; Refused when it is somebody else's."""
    actor.require(Permission.ADMINISTER)
    hotel_id = desk.hotel(wish.hotel_id).hotel_id if wish.hotel_id or len(desk.hotels) == 1 else ""
    now = desk.clock.now()

    def _ours(tx: ReadTx) -> list[Batch]:
        runs = tx.batches_of(kind, hotel_id, sheet.digest)
        if kind is not BatchKind.CALLS:
            _check_ours(runs, actor)
        return [run for run in runs if run.actor == actor.name]

    def work(tx: Tx) -> tuple[Batch, bool]:
        unfinished = next((run for run in _ours(tx) if run.finished_at is None), None)
        if unfinished is not None:
            return unfinished, True
        batch = Batch(desk.ids.new("bat"), kind, hotel_id, actor.name, sheet.name[:200], sheet.digest, now)
        tx.add_batch(batch)
        audit(tx, actor, now, "batch_begun", {"batch_id": batch.batch_id, "hotel_id": hotel_id or None})
        return batch, False

    if wish.dry_run:
        await desk.store.read(_ours)
        return BatchRun(desk, replace(actor, via=IMPORT), None, is_resumed=False, report=wish.report)
    batch, is_resumed = await desk.store.transact(work)
    ours = replace(actor, via=IMPORT, batch=batch.batch_id)
    return BatchRun(desk, ours, batch, is_resumed, wish.report)


def _check_ours(runs: list[Batch], actor: Actor) -> None:
    other = next((run for run in runs if run.actor != actor.name), None)
    if other is not None:
        raise Refused(
            "This file was brought in by {actor} as {batch_id}.", actor=other.actor, batch_id=other.batch_id,
            hint="Go on as the same actor (--actor): keys count per actor, another one would double the rows.",
        )  # fmt: skip


async def run_in_order(
    rows: Iterator[SheetRow], start: Callable[[SheetRow], Coroutine[Any, Any, BatchRow]], run: BatchRun, jobs: int
) -> None:
    """Work on `jobs` rows at a time and put their outcomes in the order of the file.

    `start` is called for the rows in order. When one row stops the run, those under way are finished and kept first.
    """
    waiting: deque[asyncio.Task[BatchRow]] = deque()
    try:
        for row in rows:
            waiting.append(asyncio.create_task(start(row)))
            if len(waiting) >= jobs:
                await _take(waiting, run)
        while waiting:
            await _take(waiting, run)
    except BaseException:
        await _wind_up(waiting, run)
        raise
    await run.end(is_whole=True)


async def _take(waiting: "deque[asyncio.Task[BatchRow]]", run: BatchRun) -> None:
    """Wait for the oldest row; who stops waiting (Ctrl-C) does not stop the row."""
    await asyncio.wait({waiting[0]})
    await run.put(waiting.popleft().result())


async def _wind_up(waiting: "deque[asyncio.Task[BatchRow]]", run: BatchRun) -> None:
    """Let the rows under way end, and keep what became of them."""
    for ended in await asyncio.gather(*waiting, return_exceptions=True):
        if isinstance(ended, BatchRow):
            await run.put(ended)
    await run.end(is_whole=False)
