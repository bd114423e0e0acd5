"""A sheet: rows of cells from a CSV or XLSX file, one after the other, never all at once.

A row that cannot be taken apart (a quote that is not closed, a cell too long) is a row all the same: it carries a
`trouble`, a sentence template, instead of cells, so that one bad row costs one row.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

Cell = str | int | float | bool | date | datetime | time | None


@dataclass(frozen=True, slots=True)
class SheetRow:
    """`line`: number in the file, from 1; `cells`: without the empty ones at the end."""

    line: int
    cells: tuple[Cell, ...]
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """`name`: of the file, without its folder; `digest`: SHA-256 of its bytes in hex; `rows`: header first, no empty
    rows."""

    name: str
    digest: str
    rows: Iterator[SheetRow]
