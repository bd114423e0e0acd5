"""Opening the files people hand over: CSV in whatever encoding and with whatever separator, and XLSX.

The bytes are read once beforehand, in pieces: for the digest that tells the same file again, and to find out whether
it is UTF-8 as a whole. Rows then come one by one; neither pass holds the file in memory.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from domain.errors import InvalidInput
from integration.adapters.sheets_csv import csv_rows
from integration.adapters.sheets_xlsx import xlsx_rows
from integration.ports.sheets import Sheet, SheetRow

MOST_BYTES = 200_000_000
MOST_ROWS = 1_000_000
_PIECE = 1 << 20
_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_EXCEL = frozenset({".xlsx", ".xlsm"})


@contextmanager
def open_sheet(path: Path) -> Iterator[Sheet]:
    """A file as a sheet. InvalidInput for what cannot be read, is too large or no sheet."""
    digest, first = _looked_over(path)
    if first.startswith(_OLD_EXCEL):
        raise InvalidInput(
            "{file} is an old Excel file.", file=path.name, hint="Save it as .xlsx or .csv.", field="file"
        )
    if path.suffix.lower() in _EXCEL and not first.startswith(_ZIP):
        raise InvalidInput(
            "{file} is not an Excel file, whatever its name.", file=path.name, hint="Save it as .xlsx or .csv.",
            field="file",
        )  # fmt: skip
    rows = xlsx_rows(path) if first.startswith(_ZIP) else csv_rows(path)
    try:
        yield Sheet(path.name.encode("utf-8", "backslashreplace").decode(), digest, _guarded(rows, path.name))
    finally:
        rows.close()


def _looked_over(path: Path) -> tuple[str, bytes]:
    """Digest and first bytes."""
    digest, first, size = hashlib.sha256(), b"", 0
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                first = first or piece[:8]
                size += len(piece)
                if size > MOST_BYTES:
                    raise InvalidInput("{file} is larger than 200 MB; split it.", file=path.name, field="file")
                digest.update(piece)
    except OSError as error:
        raise InvalidInput(
            "{file} cannot be read: {why}.", file=str(path), why=error.strerror or "", field="file"
        ) from error
    return digest.hexdigest(), first


def _guarded(rows: Iterator[SheetRow], name: str) -> Iterator[SheetRow]:
    """Rows that hold something, a million of them at most."""
    held = (row for row in rows if row.trouble or any(cell not in {None, ""} for cell in row.cells))
    yield from islice(held, MOST_ROWS + 1)
    if next(held, None) is not None:
        raise InvalidInput("{file} has more than a million rows; split it.", file=name, field="file")
