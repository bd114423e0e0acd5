"""Documents of the kit as XLSX: a worksheet a section, so that a hotel can filter, fill in and sign.

Every cell is written as text: what a hotel file holds never becomes a formula. The workbook carries the date it is
told, so the same document gives the same bytes.
"""

import io
import re
from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any

import xlsxwriter

from cli.reports.kit_parts import Drawing, Grid, Section, Sheet, Words, text_of
from cli.reports.kit_pdf import Print
from cli.reports.pdf import Cell

WIDE = 150
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_MOST_NAME = 31
_TONES = {"good": "#00618F", "bad": "#A63F00", "risk": "#7A5600", "soft": "#5C5C5C"}


def sheet_xlsx(sheet: Sheet, how: Print) -> bytes:
    """One document as a workbook."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties(
        {"title": sheet.title, "created": datetime.combine(how.made_on, time(), UTC).replace(tzinfo=None)}
    )
    looks = _looks(book)
    taken: set[str] = set()
    for place, section in enumerate(sheet.sections):
        page = book.add_worksheet(_name(section.heading or sheet.title, taken))
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.set_footer(f"&L{how.foot.replace('&', '&&')}&R&P / &N")
        _write(page, sheet, section, looks, is_first=place == 0)
    book.close()
    return made.getvalue()


def _looks(book: Any) -> Mapping[str, Any]:  # noqa: ANN401 - XlsxWriter has no types
    wrapped = {"text_wrap": True, "valign": "top"}
    looks = {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "heading": book.add_format({"bold": True, "font_size": 12}),
        "soft_line": book.add_format({"font_color": _TONES["soft"]}),
        "line": book.add_format({}),
        "head": book.add_format({**wrapped, "bold": True, "bg_color": "#F0F3F5", "bottom": 1}),
        "": book.add_format({**wrapped, "bottom": 4}),
    }
    return looks | {tone: book.add_format({**wrapped, "bottom": 4, "font_color": one}) for tone, one in _TONES.items()}


def _name(heading: str, taken: set[str]) -> str:
    """A worksheet's name: allowed letters, 31 at most, each once."""
    plain = " ".join(_NOT_IN_NAMES.sub(" ", heading).split())[:_MOST_NAME].strip()
    name, number = plain, 1
    while name.lower() in taken:
        number += 1
        name = f"{plain[: _MOST_NAME - 3]} {number}"
    taken.add(name.lower())
    return name


def _write(page: Any, sheet: Sheet, section: Section, looks: Mapping[str, Any], *, is_first: bool) -> None:  # noqa: ANN401
    row = 0
    if is_first:
        page.write_string(0, 0, sheet.title, looks["title"])
        page.write_string(1, 0, sheet.intro, looks["soft_line"])
        row = 3
    if section.heading:
        page.write_string(row, 0, section.heading, looks["heading"])
        row += 1
    for part in section.parts:
        row = _part(page, row, part, looks) + 1


def _part(page: Any, row: int, part: object, looks: Mapping[str, Any]) -> int:  # noqa: ANN401
    """Write a part from a row on; the row behind it."""
    match part:
        case Words(texts, is_list):
            for place, text in enumerate(texts):
                page.write_string(row + place, 0, f"{place + 1}. {text}" if is_list else text, looks["line"])
            return row + len(texts)
        case Grid():
            return _grid(page, row, part, looks)
        case Drawing(png, alt):
            page.insert_image(
                row,
                0,
                "flow.png",
                {"image_data": io.BytesIO(png), "description": alt, "x_scale": 0.55, "y_scale": 0.55},
            )
            return row + 30
        case _:
            return row


def _grid(page: Any, row: int, grid: Grid, looks: Mapping[str, Any]) -> int:  # noqa: ANN401
    share = WIDE / sum(grid.widths)
    for column, width in enumerate(grid.widths):
        page.set_column(column, column, max(8.0, width * share))
        page.write_string(row, column, grid.headers[column], looks["head"])
    for number, cells in enumerate(grid.rows, row + 1):
        for column, cell in enumerate(cells):
            tone = cell.tone if isinstance(cell, Cell) else ""
            page.write_string(number, column, text_of(cell), looks[tone])
    return row + 1 + len(grid.rows)
