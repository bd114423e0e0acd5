"""Sheets for tests: rows in memory, and the plain row that sells."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from integration.ports.batches import BatchRow
from integration.ports.sheets import Cell, Sheet, SheetRow
from integration.usecases.import_reservations import import_reservations
from integration.usecases.run_batch import BatchRun, ImportWish
from tests.fakes.desk import Office
from tests.unit.usecases.selling import ADMIN

HEADER = ("status", "check_in", "nights", "adults", "room_type", "rate_plan", "guarantee", "name", "phone")


def a_row(number: int = 0, **over: Cell) -> tuple[Cell, ...]:
    """A confirmed stay of a guest of his own."""
    row: dict[str, Cell] = {
        "status": "confirmed", "check_in": "2027-07-10", "nights": 3, "adults": 2, "room_type": "STD",
        "rate_plan": "UAI-FLEX", "guarantee": "card", "name": f"Anna Schmidt{chr(97 + number % 26)}",
        "phone": f"+49151230{number:05d}",
    }  # fmt: skip
    return tuple((row | over)[name] for name in HEADER)


def a_sheet(rows: Iterable[tuple[Cell, ...]], header: tuple[str, ...] = HEADER, digest: str = "") -> Sheet:
    """A sheet; its digest is that of its rows unless it is given (an endless one cannot be hashed)."""
    if not digest:
        rows = list(rows)
        digest = hashlib.sha256(repr((header, rows)).encode()).hexdigest()

    def numbered() -> Iterator[SheetRow]:
        yield SheetRow(1, header)
        for line, cells in enumerate(rows, 2):
            yield SheetRow(line, cells)

    return Sheet("rows.csv", digest, numbered())


async def brought_in(office: Office, rows: Iterable[tuple[Cell, ...]], **wish: Any) -> tuple[BatchRun, list[BatchRow]]:
    """Import rows; the run and what was reported."""
    told: list[BatchRow] = []
    sheet = a_sheet(rows, wish.pop("header", HEADER), wish.pop("digest", ""))
    actor = wish.pop("actor", ADMIN)
    run = await import_reservations(office.desk, actor, sheet, ImportWish(report=told.append, **wish))
    return run, told
