"""Charts of a KPI sheet: days and weeks as a line with the target beside it, other parts as bars in their standing's
colour.

A chart has one currency, since money of two is never on one axis.
"""

from collections.abc import Sequence
from typing import Any

from cli.reports.kpi_sheet import DAY_FORMAT, FIELDS, FILLS, NUMBER_FORMATS, Paper
from cli.screens.kpi import DIMENSIONS, KPI_NAMES
from domain.kpi_list import Unit
from domain.kpi_row import Dimension, KpiRow
from integration.usecases.marks import N_

MOST_BARS = 30
_IN_TIME = frozenset({Dimension.DAY.value, Dimension.WEEK.value})
_LINE, _TARGET, _BAR = "#1F77B4", "#D62728", "#7F9FBF"
_HEIGHT_ROWS = 16
_SIZE = {"width": 640, "height": 300}
_FEWEST_DAYS = 2


def charted(unit: Unit) -> str:
    """The field that is drawn: what the target is held against."""
    return "p75" if unit is Unit.SECONDS else "value"


def draw(paper: Paper, sheet: Any, name: str, block: Sequence[KpiRow], at: int, number: int) -> int:  # noqa: ANN401
    """Draw a block of lines that begins on sheet row `at`, as chart `number` of the sheet; how many were drawn."""
    dimension = next(iter(block[0].by))
    is_line = dimension in _IN_TIME
    if is_line and len(block) < _FEWEST_DAYS:
        return 0
    unit, fields = block[0].unit, FIELDS[block[0].unit]
    shown = block if is_line else block[:MOST_BARS]
    chart = paper.book.add_chart({"type": "line" if is_line else "bar"})
    end = at + len(shown) - 1

    def span(field: str) -> list[object]:
        column = fields.index(field)
        return [name, at, column, end, column]

    series: dict[str, object] = {
        "name": paper.t(N_("75 % within") if unit is Unit.SECONDS else N_("Value")),
        "categories": span("part"), "values": span(charted(unit)),
    }  # fmt: skip
    chart.add_series(series | (_as_line(shown) if is_line else _as_bars(shown)))
    if is_line and "target" in fields and any(row.target is not None for row in shown):
        line = {"color": _TARGET, "width": 1.25, "dash_type": "dash"}
        target = {"name": paper.t(N_("Target")), "categories": span("part"), "values": span("target"), "line": line}
        chart.add_series(target)
    _dress(paper, chart, block[0], dimension)
    sheet.insert_chart(3 + number * _HEIGHT_ROWS, len(fields) + 1, chart)
    return 1


def _as_line(rows: Sequence[KpiRow]) -> dict[str, object]:
    fills = [{"fill": {"color": FILLS[row.status][1]}} if row.status in FILLS else None for row in rows]
    points = {"points": fills} if any(fills) else {}
    return {"line": {"color": _LINE, "width": 2}, "marker": {"type": "circle", "size": 5}, **points}


def _as_bars(rows: Sequence[KpiRow]) -> dict[str, object]:
    fills = [{"fill": {"color": FILLS[row.status][1] if row.status in FILLS else _BAR}} for row in rows]
    return {"fill": {"color": _BAR}, "points": fills, "gap": 60}


def _dress(paper: Paper, chart: Any, row: KpiRow, dimension: str) -> None:  # noqa: ANN401 - a chart
    words = " ".join(filter(None, (paper.t(KPI_NAMES[row.kpi]), row.currency)))
    chart.set_title({"name": f"{words} / {paper.t(DIMENSIONS[dimension])}", "name_font": {"size": 12}})
    chart.set_size(_SIZE)
    number = {"num_format": NUMBER_FORMATS[row.unit], "major_gridlines": {"visible": True}, "min": 0}
    if row.unit is Unit.SHARE:
        number["max"] = 1
    if dimension in _IN_TIME:
        is_day = dimension == Dimension.DAY
        chart.set_x_axis({"date_axis": True, "num_format": DAY_FORMAT} if is_day else {})
        chart.set_y_axis(number)
        chart.set_legend({"position": "bottom"})
        return
    chart.set_x_axis(number)
    chart.set_y_axis({"reverse": True, "crossing": "max"})
    chart.set_legend({"none": True})
