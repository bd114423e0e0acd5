"""A KPI report as an Excel workbook: a summary, and a sheet for each KPI with its parts and charts.

What is charted is what is judged: the 75th percentile of a duration, the value of all else. A standing has a colour,
on the sheet and on the bars. Durations are Excel's own (`[h]:mm:ss`), days real dates, shares percentages, so people
can go on working with them. Nothing in the file says when it was made: equal lines give equal bytes.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from io import BytesIO
from typing import Any

from cli.reports.kpi_charts import draw
from cli.reports.kpi_sheet import BESIDE, FIELDS, Paper, blocks_of, cell_of
from cli.reports.kpi_tables import HEADINGS
from cli.screens.kpi import KPI_NAMES
from cli.screens.kpi_beside import plan_said
from cli.screens.reader import Reader
from domain.kpi_list import KPIS
from domain.kpi_plan import Planned
from domain.kpi_row import KpiRow, Period
from integration.usecases.marks import N_

SUMMARY = (
    "kpi", "currency", "value", "low", "high", "p50", "p75", "p90", "p95", "wall_p75", "n", "open_n", "target_low",
    "target", "in_target", "status",
)  # fmt: skip
TITLE_ROWS = 4
_LONGEST_NAME = 31
_NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def workbook_bytes(
    rows: Sequence[KpiRow], period: Period, hotel_ids: Iterable[str], t: Reader, plan: Planned | None = None
) -> bytes:
    """The workbook. `rows`: lines of a report, of the whole and of its parts; days are drawn as a line, other parts as
    bars. `plan`: what stands beside them, in columns of its own."""
    import xlsxwriter

    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    title = t(N_("KPIs, {first} to {last}"), first=_day(t, period.first), last=_day(t, period.last))
    book.set_properties({"title": title, "author": "Santral", "created": datetime.combine(period.last, time(), UTC)})
    paper = Paper(book, t)
    slugs = list(dict.fromkeys(row.kpi for row in rows))
    names = _sheet_names([t(N_("Summary")), *(t(KPI_NAMES[slug]) for slug in slugs)])
    hotels = t(N_("Hotels: {hotels}"), hotels=", ".join(hotel_ids))
    about = (title, f"{hotels}. {plan_said(plan.scenario, plan.replications, t)}" if plan is not None else hotels)
    more = BESIDE if plan is not None else ()
    places = dict(zip(slugs, names[1:], strict=True))
    _summary(paper, names[0], about, [row for row in rows if not row.by], places, (*SUMMARY, *more))
    for slug, name in zip(slugs, names[1:], strict=True):
        _kpi_sheet(paper, name, about, [row for row in rows if row.kpi == slug], more)
    book.close()
    return out.getvalue()


def _day(t: Reader, day: date) -> str:
    return t.day(day.isoformat())


def _sheet_names(wanted: Iterable[str]) -> list[str]:
    """Names that Excel takes, each once."""
    found: list[str] = []
    for name in wanted:
        clean = _short(" ".join(name.translate(_NOT_IN_NAMES).split()))
        lower, number = {one.lower() for one in found}, 2
        while clean.lower() in lower:
            clean = f"{clean[: _LONGEST_NAME - 3].strip()} {number}"
            number += 1
        found.append(clean)
    return found


def _short(name: str) -> str:
    """As many whole words as Excel takes."""
    if len(name) <= _LONGEST_NAME:
        return name
    return name[: _LONGEST_NAME + 1].rpartition(" ")[0].rstrip() or name[:_LONGEST_NAME].strip()


def _begin(paper: Paper, name: str, about: Sequence[str], fields: Sequence[str]) -> Any:  # noqa: ANN401 - a worksheet
    """A sheet with its title and headings; what is under them moves, they stay."""
    sheet = paper.book.add_worksheet(name)
    for number, text in enumerate(about):
        sheet.write_string(number, 0, text, paper.plain("title") if number == 0 else paper.plain("text"))
    for column, field in enumerate(fields):
        sheet.write_string(TITLE_ROWS - 1, column, paper.t(HEADINGS[field]), paper.plain("heading"))
    sheet.freeze_panes(TITLE_ROWS, 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(TITLE_ROWS - 1)
    return sheet


def _summary(
    paper: Paper, name: str, about: Sequence[str], rows: Sequence[KpiRow], places: Mapping[str, str],
    fields: Sequence[str],
) -> None:  # fmt: skip
    sheet = _begin(paper, name, about, fields)
    for number, row in enumerate(rows, TITLE_ROWS):
        for column, field in enumerate(fields):
            if field == "kpi":
                link = f"internal:'{places[row.kpi]}'!A1"
                sheet.write_url(number, column, link, paper.plain("link"), paper.t(KPI_NAMES[row.kpi]))
            else:
                paper.write(sheet, (number, column), cell_of(row, field, paper.t), row)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, len(fields) - 1, 13)
    sheet.autofilter(TITLE_ROWS - 1, 0, max(TITLE_ROWS, TITLE_ROWS + len(rows) - 1), len(fields) - 1)


def _kpi_sheet(paper: Paper, name: str, about: Sequence[str], rows: Sequence[KpiRow], more: Sequence[str]) -> None:
    slug = rows[0].kpi
    fields = (*FIELDS[KPIS[slug].unit], *more)
    sheet = _begin(paper, name, (f"{paper.t(KPI_NAMES[slug])} ({slug})", *about), fields)
    sheet.set_column(0, 1, 18)
    sheet.set_column(2, len(fields) - 1, 13)
    at, charts = TITLE_ROWS, 0
    for block in blocks_of(rows):
        for number, row in enumerate(block, at):
            for column, field in enumerate(fields):
                paper.write(sheet, (number, column), cell_of(row, field, paper.t), row)
        if block[0].by:
            charts += draw(paper, sheet, name, block, at, charts)
        at += len(block)
