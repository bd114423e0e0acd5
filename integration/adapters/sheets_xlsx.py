"""Rows of the first sheet of an XLSX file, without trusting a byte of it.

An XLSX is a ZIP of XML: small on the disk, as large as its author likes when unpacked, and XML may define entities
that grow without end. So the list of its parts is judged before one is opened (number, size unpacked, how far each is
pressed together), a part that declares a document type is refused (no Excel writes one), and what the sheet says of
its own size is not believed. Formulas count for the values Excel last kept for them; of merged cells the first one
holds the value. Texts that Excel shares between cells are held in memory by the library.
"""

import warnings
import zipfile
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

from domain.errors import InvalidInput
from integration.ports.sheets import Cell, SheetRow
from integration.usecases.marks import N_

MOST_PARTS = 2000
MOST_UNPACKED = 1_000_000_000
MOST_SHARED = 200_000_000
MOST_PRESSED = 500
MOST_COLUMNS = 500
MOST_LINES = 1_048_576
MOST_CELL = 32_767
_SMALL = 1_000_000
_HEAD = 65_536
TOO_WIDE = N_("The row has more than 500 columns.")
TOO_LONG = N_("A cell of the row is longer than 32,767 characters.")


def xlsx_rows(path: Path) -> Generator[SheetRow, None, None]:
    """Rows with their numbers. InvalidInput for a file that is damaged, hostile or too large."""
    judge(path)
    book = _opened(path)
    sheet = book.worksheets[0]
    sheet.reset_dimensions()
    rows = sheet.iter_rows(values_only=True)
    try:
        for number, values in _numbered(rows, path):
            yield _row(number, values)
    finally:
        rows.close()
        book.close()


def _opened(path: Path) -> Any:  # noqa: ANN401 - the library's types leave the read-only sheet's methods out
    from openpyxl import load_workbook  # noqa: PLC0415 - costs 0.2 s, and most runs read no XLSX

    warnings.filterwarnings("ignore", module=r"openpyxl\.")  # what it does not know it passes over; so do we
    try:
        book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except Exception as error:
        raise _damaged(path) from error
    if not book.worksheets:
        raise InvalidInput("{file} has no sheet with cells.", file=path.name, field="file")
    return book


def _numbered(rows: Iterator[tuple[Cell, ...]], path: Path) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    number = 0
    while True:
        number += 1
        if number > MOST_LINES:
            raise _too_large(path)
        try:
            values = next(rows, None)
        except Exception as error:
            raise _damaged(path) from error
        if values is None:
            return
        yield number, values


def _row(number: int, values: tuple[Cell, ...]) -> SheetRow:
    end = len(values)
    while end and values[end - 1] in {None, ""}:
        end -= 1
    if end > MOST_COLUMNS:
        return SheetRow(number, (), TOO_WIDE)
    if any(isinstance(cell, str) and len(cell) > MOST_CELL for cell in values[:end]):
        return SheetRow(number, (), TOO_LONG)
    return SheetRow(number, values[:end])


def judge(path: Path) -> None:
    """InvalidInput unless the file is a ZIP of parts that can be unpacked without harm."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(one.file_size for one in parts) > MOST_UNPACKED:
                raise _too_large(path)
            for one in parts:
                _judge_part(archive, one, path)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise _damaged(path) from error


def _judge_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, path: Path) -> None:
    is_pressed = part.file_size > _SMALL and part.file_size > MOST_PRESSED * max(1, part.compress_size)
    if is_pressed or ("sharedstrings" in part.filename.lower() and part.file_size > MOST_SHARED):
        raise _too_large(path)
    if not part.filename.lower().endswith((".xml", ".rels", ".vml")):
        return
    with archive.open(part) as file:
        head = file.read(_HEAD)
    if b"\0" in head[:4] or b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise InvalidInput("{file} holds a document type, which no spreadsheet does.", file=path.name, field="file")


def _too_large(path: Path) -> InvalidInput:
    return InvalidInput(
        "{file} is too large once unpacked.", file=path.name, hint="Save it as .csv, or split it.", field="file"
    )


def _damaged(path: Path) -> InvalidInput:
    return InvalidInput("{file} is not an XLSX file that can be read.", file=path.name, field="file")
