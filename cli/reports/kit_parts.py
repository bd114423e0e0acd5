"""A document of the kit before it is a file: parts from top to bottom, the same for PDF and XLSX.

A **Sheet** has sections; a section has a heading and what stands under it: sentences, lists, tables, a picture. Cells
are texts or `cli.reports.pdf.Cell` with a tone; everything is in the reader's language already.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from cli.reports.pdf import Cell

Row = tuple[str | Cell, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence of its own, or a list of them."""

    texts: tuple[str, ...]
    is_list: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. `widths`: shares of the width by column."""

    headers: tuple[str, ...]
    rows: tuple[Row, ...]
    widths: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture as PNG; `alt`: what it shows."""

    png: bytes
    alt: str


Part = Words | Grid | Drawing


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one heading; a worksheet of its own in the XLSX."""

    heading: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One document. `slug` never changes and names its files; `more`: further files by name."""

    slug: str
    title: str
    intro: str
    sections: tuple[Section, ...]
    more: tuple[tuple[str, bytes], ...] = ()

    @property
    def grids(self) -> Iterator[Grid]:
        """All tables."""
        return (part for section in self.sections for part in section.parts if isinstance(part, Grid))


def text_of(cell: str | Cell) -> str:
    """The words of a cell."""
    return cell.text if isinstance(cell, Cell) else cell
