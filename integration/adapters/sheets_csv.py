"""Rows of a CSV file as Excel, a hotel's program or an editor wrote it.

The encoding is UTF-8 (with or without a mark), UTF-16 with its mark (Excel's "Unicode text"), else Windows-1254, the
one of Turkish Windows. The separator is the one of `,` `;` and tab that takes the first line apart best; a line
`sep=;` says it. Quotes are taken strictly: one that is not closed would swallow the rows behind it in silence.
"""

import codecs
import csv
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TextIO

from domain.errors import InvalidInput
from integration.ports.sheets import SheetRow
from integration.usecases.marks import N_

SEPARATORS = (",", ";", "\t")
MOST_CELL = 32_767
MOST_LINE = 1_000_000
_PIECE = 1 << 20
UNREADABLE = N_("The row cannot be taken apart: a quote is not closed, or a cell is longer than 32,767 characters.")


def encoding_of(path: Path) -> str:
    """The encoding of a text file; InvalidInput when it is none of ours."""
    with path.open("rb") as file:
        first = file.read(4)
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    for encoding in ("utf-8-sig", "cp1254"):
        if _is(path, encoding):
            return encoding
    raise InvalidInput("{file} is neither UTF-8 nor Windows-1254 text.", file=path.name, field="file")


def _is(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def separator_of(line: str) -> str:
    """The separator that gives the most cells."""
    return max(SEPARATORS, key=lambda one: (line.count(one), -SEPARATORS.index(one)))


def csv_rows(path: Path) -> Generator[SheetRow, None, None]:
    """Rows with the number of the line they begin on; one that cannot be taken apart carries its trouble."""
    encoding = encoding_of(path)
    csv.field_size_limit(MOST_CELL)
    try:
        with path.open(encoding=encoding, newline="") as file:
            yield from _rows(_lines(file, path.name))
    except UnicodeDecodeError as error:
        raise InvalidInput("{file} is not whole UTF-16 text.", file=path.name, field="file") from error


def _lines(file: TextIO, name: str) -> Iterator[str]:
    """Lines, none longer than memory should hold."""
    while line := file.readline(MOST_LINE):
        if len(line) == MOST_LINE:
            raise InvalidInput("{file} has a line longer than a million characters.", file=name, field="file")
        yield line


def _rows(lines: Iterator[str]) -> Iterator[SheetRow]:
    """Find the first line that holds something, and the separator in it or in a `sep=` above it."""
    said = ""
    for skipped, line in enumerate(lines):
        if line.lower().startswith("sep="):
            said = line[len("sep=") :].strip("\r\n")[:1]
        elif line.strip():
            yield from _parsed(_again(line, lines), said if said in SEPARATORS else separator_of(line), skipped)
            return


def _again(first: str, lines: Iterator[str]) -> Iterator[str]:
    yield first
    yield from lines


def _parsed(lines: Iterator[str], separator: str, skipped: int) -> Iterator[SheetRow]:
    reader = csv.reader(lines, delimiter=separator, strict=True)
    while True:
        line = skipped + reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error:
            yield SheetRow(line, (), UNREADABLE)
            continue
        if cells is None:
            return
        while cells and not cells[-1].strip():
            cells.pop()
        yield SheetRow(line, tuple(cells))
