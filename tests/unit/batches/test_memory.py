"""Thousands of rows: what a run keeps in memory does not grow with the file, but for a mark per row."""

import asyncio
import tracemalloc
from collections.abc import Iterator

import pytest

from integration.ports.batches import BatchRow
from integration.ports.sheets import Cell
from integration.usecases.import_reservations import import_reservations
from integration.usecases.run_batch import MOST_SHOWN, ImportWish
from tests.fakes.desk import an_office
from tests.unit.batches.sheets import a_row, a_sheet
from tests.unit.usecases.selling import ADMIN

ROWS = 10_000


class Scale:
    """Weighs the process after a third of the file and at its end."""

    def __init__(self, rows: int) -> None:
        self.lines = rows // 3, rows
        self.weights: dict[int, int] = {}

    def __call__(self, row: BatchRow) -> None:
        if row.line in self.lines:
            self.weights[row.line] = tracemalloc.get_traced_memory()[0]

    @property
    def per_row(self) -> float:
        first, last = self.lines
        return (self.weights[last] - self.weights[first]) / (last - first)


def many(count: int, **over: Cell) -> Iterator[tuple[Cell, ...]]:
    return (a_row(number % 26, phone=f"+49151{number:08d}", **over) for number in range(count))


def weighed(count: int, *, dry_run: bool, **over: Cell) -> tuple[float, int, int]:
    async def story() -> tuple[float, int, int]:
        office, scale, rows = an_office(), Scale(count), many(count, **over)
        wish = ImportWish(dry_run=dry_run, report=scale)
        tracemalloc.start(1)
        try:
            run = await import_reservations(office.desk, ADMIN, a_sheet(rows, digest="many"), wish)
        finally:
            tracemalloc.stop()
        return scale.per_row, len(run.tally.troubled), run.tally.left_out

    return asyncio.run(story())


@pytest.mark.torture
def test_ten_thousand_rows_that_are_checked_and_priced_leave_a_mark_each_and_no_more() -> None:
    per_row, _, _ = weighed(ROWS, dry_run=True)
    assert per_row < 200


@pytest.mark.parametrize("rows", [3_000, pytest.param(ROWS, marks=pytest.mark.torture)])
def test_failed_rows_are_kept_in_the_store_and_not_in_memory(rows: int) -> None:
    per_row, shown, left_out = weighed(rows, dry_run=False, check_in="tomorrow")
    assert (shown, left_out) == (MOST_SHOWN, rows - MOST_SHOWN)
    assert per_row < 200
