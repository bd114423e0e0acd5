"""Writing a sheet: CSV, XLSX or JSON by the file's ending, row by row, whole or not at all.

Rows go to a file beside it, readable by its owner alone (there are guests in it), which takes the name at the end. A
text that a spreadsheet would run as a formula is quoted with `'`, in XLSX too, since XLSX files are saved as CSV; an
import takes the quote off again. CSV carries a byte order mark: without one Excel reads Turkish letters wrongly.
"""

import csv
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol

from domain.errors import InvalidInput, Refused
from integration.adapters.new_files import begin, drop, is_there, unwritable
from integration.usecases.sheet_cells import guarded

ENDINGS = (".csv", ".xlsx", ".json")
_CONTROLS = dict.fromkeys([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F, 0xFFFE, 0xFFFF])
Row = Mapping[str, str]


class SheetWriter(Protocol):
    """Takes rows."""

    def write(self, row: Row) -> None: ...
    def end(self) -> None: ...


class _Csv:
    def __init__(self, file: IO[bytes], columns: Sequence[str]) -> None:
        self._file = open(file.fileno(), "w", encoding="utf-8-sig", newline="", closefd=False)  # noqa: SIM115
        self._writer = csv.writer(self._file)
        self._columns = columns
        self._writer.writerow(columns)

    def write(self, row: Row) -> None:
        self._writer.writerow([safe_text(row[name]) for name in self._columns])

    def end(self) -> None:
        self._file.close()


class _Json:
    def __init__(self, file: IO[bytes], columns: Sequence[str]) -> None:
        self._file, self._columns, self._between = file, columns, b"[\n"

    def write(self, row: Row) -> None:
        text = json.dumps({name: row[name] for name in self._columns}, ensure_ascii=False)
        self._file.write(self._between + text.encode("utf-8", "backslashreplace"))
        self._between = b",\n"

    def end(self) -> None:
        self._file.write(b"\n]\n" if self._between == b",\n" else b"[]\n")
        self._file.flush()


class _Xlsx:
    def __init__(self, file: IO[bytes], columns: Sequence[str]) -> None:
        from openpyxl import Workbook  # noqa: PLC0415 - costs 0.2 s, and few runs write XLSX
        from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415

        self._file, self._columns = file, columns
        self._book = Workbook(write_only=True)
        self._sheet = self._book.create_sheet("santral")
        self._cell = WriteOnlyCell
        self._sheet.append(list(columns))

    def write(self, row: Row) -> None:
        self._sheet.append([self._cell(self._sheet, safe_text(row[name])) for name in self._columns])

    def end(self) -> None:
        self._book.save(self._file)
        self._file.flush()


_WRITERS: Mapping[str, Callable[[IO[bytes], Sequence[str]], SheetWriter]] = {
    ".csv": _Csv,
    ".json": _Json,
    ".xlsx": _Xlsx,
}


def safe_text(text: str) -> str:
    """A text that can be in every cell and that no spreadsheet runs."""
    return guarded(text.translate(_CONTROLS).encode("utf-8", "backslashreplace").decode())


def check_target(path: Path, *, force: bool) -> None:
    """InvalidInput for an ending we do not write, Refused for a file that is there."""
    if path.suffix.lower() not in ENDINGS:
        raise InvalidInput("{file} must end in .csv, .xlsx or .json.", file=path.name, field="out")
    if is_there(path) and not force:
        raise Refused("{place} is there already.", place=str(path), hint="--force writes it anew.")


@contextmanager
def open_writer(path: Path, columns: Sequence[str], hint: str = "") -> Iterator[SheetWriter]:
    """A writer; the file is there, whole, once the block has ended well.

    InvalidInput, before the block begins, when it cannot be written as named (`hint`: what else may be
    typed); StoreUnavailable when the disk fails.
    """
    part = begin(path, hint)
    try:
        with part.open("wb") as file:
            writer = _WRITERS[path.suffix.lower()](file, columns)
            yield writer
            writer.end()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        drop(part)
