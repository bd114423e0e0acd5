"""A line of a KPI report on an Excel sheet: which cells it has, what is in them and how they look.

A text is always written as text and quoted like in CSV files, for a workbook is often saved as one. A cell's format
follows the KPI's unit, its fill the line's standing.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from cli.screens.kpi import DIMENSIONS, STANDINGS, length, part_name
from cli.screens.reader import Reader
from domain.kpi_list import Unit
from domain.kpi_plan import difference, is_outside
from domain.kpi_row import Dimension, KpiRow, Standing
from integration.adapters.sheets_out import safe_text
from integration.usecases.kpi_tables import exact
from integration.usecases.marks import N_

FILLS: Mapping[Standing, tuple[str, str]] = {
    Standing.MET: ("#C6EFCE", "#006100"),
    Standing.NEAR: ("#FFEB9C", "#7F6000"),
    Standing.MISSED: ("#FFC7CE", "#9C0006"),
}
FIELDS: Mapping[Unit, tuple[str, ...]] = {
    Unit.COUNT: ("dimension", "part", "value"),
    Unit.SHARE: ("dimension", "part", "value", "low", "high", "n", "target_low", "target", "status"),
    Unit.SECONDS: (
        "dimension", "part", "value", "p50", "p75", "p90", "p95", "wall_p75", "n", "open_n", "target", "in_target",
        "status",
    ),
    Unit.MONEY: ("dimension", "part", "currency", "value", "n"),
}  # fmt: skip
BESIDE = ("plan", "plan_low", "plan_high", "difference", "outside")
NUMBER_FORMATS: Mapping[Unit, str] = {
    Unit.COUNT: "#,##0",
    Unit.SHARE: "0.0%",
    Unit.SECONDS: "[h]:mm:ss",
    Unit.MONEY: "#,##0.00",
}
DAY_FORMAT = "yyyy-mm-dd"
_A_DAY_S = 86_400
_LONGEST_TEXT = 32_000
_MEASURED = frozenset(
    {"value", "low", "high", "p50", "p75", "p90", "p95", "wall_p75", "target", "target_low", *BESIDE[:-1]}
)
_COLOURED = frozenset({"value", "p75", "status"})
_LOOKS: Mapping[str, Mapping[str, object]] = {
    "title": {"bold": True, "font_size": 14},
    "heading": {"bold": True, "bg_color": "#DDEBF7", "bottom": 1, "text_wrap": True, "valign": "top"},
    "link": {"font_color": "#0563C1", "underline": 1},
    "text": {},
}


def blocks_of(rows: Iterable[KpiRow]) -> list[list[KpiRow]]:
    """Lines of a KPI in blocks that can be drawn: of one dimension and currency, in their order; the whole first."""
    blocks: dict[tuple[str, str], list[KpiRow]] = {}
    for row in rows:
        blocks.setdefault((next(iter(row.by), ""), row.currency or ""), []).append(row)
    return [block for key, block in sorted(blocks.items(), key=lambda one: _order(one[0]))]


def _order(key: tuple[str, str]) -> tuple[int, str]:
    names = ["", *(one.value for one in Dimension)]
    return names.index(key[0]), key[1]


def cell_of(row: KpiRow, field: str, t: Reader) -> tuple[str, object]:
    """Name of the field and its value; None is an empty cell."""
    dimension, part = next(iter(row.by.items()), ("", ""))
    found: object
    match field:
        case "dimension":
            found = t(DIMENSIONS[dimension]) if dimension else ""
        case "part":
            found = _part(dimension, part, t)
        case "value":
            found = exact(row.value)
        case "status":
            said = STANDINGS[row.status.value][0]
            found = t(said) if said else ""
        case "wall_p75":
            found = row.wall.get(75)
        case "plan" | "plan_low" | "plan_high" | "difference" | "outside":
            found = _beside(row, field, t)
        case "p50" | "p75" | "p90" | "p95":
            found = row.percentiles.get(int(field[1:]))
        case _:
            found = getattr(row, field)
    return field, found


def _beside(row: KpiRow, field: str, t: Reader) -> object:
    """What was planned for a line. Excel shows no duration below zero, so a shorter one is told in words."""
    if field == "outside":
        return t(N_("outside")) if is_outside(row) else ""
    if field == "difference":
        found = difference(row)
        is_told = found is not None and found < 0 and row.unit is Unit.SECONDS
        return f"-{length(-found)}" if found is not None and is_told else exact(found)
    plan = row.plan
    return exact({"plan": plan.value, "plan_low": plan.low, "plan_high": plan.high}[field]) if plan else None


def _part(dimension: str, part: str, t: Reader) -> object:
    if dimension == Dimension.DAY:
        return date.fromisoformat(part)
    return part_name(dimension, part, t) if dimension else ""


class Paper:
    """A workbook under way and its formats. `t`: the reader."""

    def __init__(self, book: Any, t: Reader) -> None:  # noqa: ANN401 - an xlsxwriter workbook
        """Make formats as they are asked for."""
        self.book, self.t = book, t
        self._formats: dict[tuple[str, str], Any] = {}

    def plain(self, look: str) -> Any:  # noqa: ANN401 - a format
        """Title, heading, link or text."""
        return self._format(look, "", _LOOKS[look])

    def write(self, sheet: Any, place: tuple[int, int], cell: tuple[str, object], row: KpiRow) -> None:  # noqa: ANN401
        """A cell in the format of its field, its KPI's unit and its line's standing."""
        field, value = cell
        look = self._look(field, value, row)
        if value is None or value == "":
            sheet.write_blank(*place, None, look)
        elif isinstance(value, str):
            sheet.write_string(*place, safe_text(value[:_LONGEST_TEXT]), look)
        elif isinstance(value, date):
            sheet.write_datetime(*place, value, look)
        elif isinstance(value, int | float | Decimal):
            sheet.write_number(*place, float(value) / _scale(field, row.unit), look)

    def _look(self, field: str, value: object, row: KpiRow) -> Any:  # noqa: ANN401 - a format
        number = DAY_FORMAT if isinstance(value, date) else ""
        if field in _MEASURED:
            number = NUMBER_FORMATS[row.unit]
        elif field == "in_target":
            number = NUMBER_FORMATS[Unit.SHARE]
        fill = FILLS.get(row.status) if field in _COLOURED else None
        extra: dict[str, object] = {"num_format": number} if number else {}
        if fill is not None:
            extra |= {"bg_color": fill[0], "font_color": fill[1]}
        return self._format(number, row.status.value if fill else "", extra)

    def _format(self, name: str, status: str, look: Mapping[str, object]) -> Any:  # noqa: ANN401 - a format
        found = self._formats.get((name, status))
        if found is None:
            found = self._formats[name, status] = self.book.add_format(dict(look))
        return found


def _scale(field: str, unit: Unit) -> int:
    """A duration is a part of a day in Excel."""
    return _A_DAY_S if unit is Unit.SECONDS and field in _MEASURED else 1
