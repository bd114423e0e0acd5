"""The workbook of a KPI report, opened with another library: numbers, formats, colours, charts, words."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.chart import BarChart, LineChart

from cli.reports.kpi_sheet import FILLS
from cli.reports.kpi_workbook import SUMMARY, TITLE_ROWS, workbook_bytes
from cli.screens.reader import Reader
from domain.kpi_lines import COUNTED
from domain.kpi_list import Unit
from domain.kpi_row import Dimension, KpiRow, Period, Standing
from integration.usecases.kpi_report import Report
from tests.kpi.exports import ENGLISH, HOSTILE, TURKISH, Exporting
from tests.kpi.week import WEEK, the_week

BY = (Dimension.DAY, Dimension.CHANNEL, Dimension.AGENT, Dimension.LOST_REASON)


@cache
def the_report() -> Report:
    return the_week().report(WEEK, *BY)


def a_book(rows: list[KpiRow] | None = None, reader: Reader = ENGLISH) -> Workbook:
    found = the_report().rows if rows is None else rows
    return load_workbook(io.BytesIO(workbook_bytes(found, WEEK, ["BELEK1"], reader)))


def rows_of(sheet: Any) -> list[dict[str, Any]]:
    """Cells of each row by heading."""
    headings, *rows = sheet.iter_rows(min_row=TITLE_ROWS)
    return [dict(zip((one.value for one in headings), row, strict=True)) for row in rows]


def charts_of(sheet: Any) -> list[Any]:
    return list(sheet._charts)


def fill_of(cell: Any) -> str:
    return f"#{cell.fill.start_color.rgb[2:]}"


def test_there_is_a_summary_and_a_sheet_for_every_kpi_that_stand_still_under_their_headings() -> None:
    book = a_book()
    assert book.sheetnames[0] == "Summary"
    assert len(book.sheetnames) == 1 + len(COUNTED) == len(set(book.sheetnames))
    assert {sheet.freeze_panes for sheet in book} == {"B5"}
    assert book["First response"]["A1"].value == "First response (frt_s)"
    assert book["Summary"]["A2"].value == "Hotels: BELEK1"


def test_the_summary_has_the_numbers_of_the_report() -> None:
    rows = {(row["KPI"].value, row["Currency"].value): row for row in rows_of(a_book()["Summary"])}
    assert len(rows) == len([row for row in the_report().rows if not row.by])
    assert rows["Calls in", None]["Value"].value == 5
    assert rows["Revenue", "EUR"]["Value"].value == 1400
    assert rows["Revenue", "TRY"]["Value"].value == 35000
    assert rows["Leads that were won", None]["Value"].value == 0.25
    assert rows["First response", None]["75 % within"].value == timedelta(seconds=90)
    assert rows["First response", None]["75 % within, by the wall"].value == timedelta(seconds=90)
    assert rows["Average speed of answer", None]["Target"].value == timedelta(seconds=20)
    assert rows["Resolution", None]["Open"].value == 3
    link = rows["First response", None]["KPI"].hyperlink
    assert link.location == "'First response'!A1"


def test_cells_have_the_format_of_their_unit() -> None:
    book = a_book()
    formats = {row["KPI"].value: row["Value"].number_format for row in rows_of(book["Summary"])}
    assert {formats[name] for name in ("Calls in", "Leads that were won", "Revenue", "First response")} == {
        "#,##0", "0.0%", "#,##0.00", "[h]:mm:ss",
    }  # fmt: skip
    day = rows_of(book["First response"])[1]["Part"]
    assert (day.value, day.number_format) == (datetime(2027, 5, 3), "yyyy-mm-dd")  # noqa: DTZ001 - Excel has no zones


def test_standings_have_their_colours() -> None:
    rows = [
        KpiRow("service_level", Unit.SHARE, 0.9, 10, by={"channel": name}, target=0.8, status=standing)
        for name, standing in zip(("phone", "whatsapp", "email", "ota"), Standing, strict=False)
    ]
    sheet = a_book(rows)["Telephone service level"]
    told = {row["Status"].value: row for row in rows_of(sheet)}
    for word, standing in (("on target", "met"), ("near the target", "near"), ("off target", "missed")):
        assert fill_of(told[word]["Value"]) == fill_of(told[word]["Status"]) == FILLS[Standing(standing)][0]
    assert told["no data"]["Value"].fill.fill_type is None
    (chart,) = charts_of(sheet)
    assert [one.graphicalProperties.solidFill.srgbClr for one in chart.series[0].dPt][:3] == [
        FILLS[one][1].removeprefix("#") for one in (Standing.MET, Standing.NEAR, Standing.MISSED)
    ]


def test_days_are_a_line_beside_its_target_and_parts_are_bars_over_the_very_rows() -> None:
    sheet = a_book()["First response"]
    rows = rows_of(sheet)
    by_day, *others = charts_of(sheet)
    assert isinstance(by_day, LineChart)
    assert [isinstance(one, BarChart) for one in others] == [True, True]
    days = [number for number, row in enumerate(rows, TITLE_ROWS + 1) if row["Broken down by"].value == "Day"]
    assert len(days) == 5
    assert by_day.series[0].val.numRef.f == f"'First response'!$E${days[0]}:$E${days[-1]}"
    assert by_day.series[1].val.numRef.f == f"'First response'!$K${days[0]}:$K${days[-1]}"
    channels = [number for number, row in enumerate(rows, TITLE_ROWS + 1) if row["Broken down by"].value == "Channel"]
    assert others[0].series[0].cat.strRef.f == f"'First response'!$B${channels[0]}:$B${channels[-1]}"


def test_money_of_two_currencies_is_never_in_one_chart() -> None:
    sheet = a_book()["Revenue"]
    rows = rows_of(sheet)
    for chart in charts_of(sheet):
        first, *_, last = 2 * [int(one) for one in re.findall(r"\$[A-Z]+\$(\d+)", chart.series[0].val.numRef.f)]
        assert len({rows[number - TITLE_ROWS - 1]["Currency"].value for number in range(first, last + 1)}) == 1


def test_the_same_lines_give_the_same_bytes() -> None:
    first = workbook_bytes(the_report().rows, WEEK, ["BELEK1"], ENGLISH)
    assert workbook_bytes(the_report().rows, WEEK, ["BELEK1"], ENGLISH) == first
    with zipfile.ZipFile(io.BytesIO(first)) as parts:
        assert {one.date_time[0] for one in parts.infolist()} == {1980}
        assert b"2027-05-09T00:00:00Z" in parts.read("docProps/core.xml")


def test_a_turkish_reader_gets_turkish_words_and_the_same_numbers() -> None:
    english, turkish = a_book(), a_book(reader=TURKISH)
    assert turkish.sheetnames[0] == "Özet"
    assert TURKISH("First response") in turkish.sheetnames
    for one, other in zip(english, turkish, strict=True):
        numbers = [
            [[cell.value for cell in row if isinstance(cell.value, int | float | timedelta)] for row in sheet]
            for sheet in (one, other)
        ]
        assert numbers[0] == numbers[1]
        headings = {cell.value for cell in other[TITLE_ROWS]}
        assert not headings & {"Part", "Broken down by", "Value", "Open", "75 % within"}
    assert len({cell.value for cell in turkish["Özet"][TITLE_ROWS]}) == len(SUMMARY)


def test_a_text_that_would_be_a_formula_stays_a_text() -> None:
    names = [HOSTILE, "@SUM(A1)", "{=1+1}", "http://example.com", "007", "Gül\x00 Şahin", "x" * 40_000]
    rows = [KpiRow("call_volume_in", Unit.COUNT, 1.0, 1, by={"agent": name}) for name in names]
    cells = [row["Part"] for row in rows_of(a_book(rows)["Calls in"])]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.value for cell in cells[:6]] == [
        f"'{HOSTILE}", "'@SUM(A1)", "{=1+1}", "http://example.com", "007", "Gül Şahin",
    ]  # fmt: skip
    assert len(cells[6].value) == 32_000
    assert not any(cell.hyperlink for cell in cells)


def test_an_empty_period_makes_a_workbook_without_charts_that_says_no_data() -> None:
    empty = Period(date(2026, 1, 1), date(2026, 1, 7))
    found = the_week().report(empty, *BY)
    book = load_workbook(io.BytesIO(workbook_bytes(found.rows, empty, ["BELEK1"], ENGLISH)))
    assert sum(len(charts_of(sheet)) for sheet in book) == 0
    told = {row["KPI"].value: row["Status"].value for row in rows_of(book["Summary"])}
    assert (told["First response"], told["Calls in"]) == ("no data", None)


def test_an_average_that_has_no_end_is_rounded_to_cents() -> None:
    rows = [KpiRow("basket_adr", Unit.MONEY, Decimal(1000) / Decimal(7), 7, currency="EUR")]
    (row,) = rows_of(a_book(rows)["Revenue of a room night"])
    assert row["Value"].value == 142.86


def test_a_report_goes_to_a_file_by_its_ending_and_never_over_one_that_is_there(tmp_path: Path) -> None:
    week = Exporting.of_the_week(tmp_path)
    period = ("--from", "2027-05-03", "--to", "2027-05-09", "--no-pms")
    for name in ("week.xlsx", "week.csv", "week.parquet"):
        ended = week.run("kpi", "report", *period, "--by", "channel", "--out", str(tmp_path / name))
        assert (ended.code, ended.err) == (0, "")
    book = load_workbook(tmp_path / "week.xlsx")
    assert isinstance(charts_of(book["First response"])[0], LineChart)
    again = week.run("kpi", "report", *period, "--out", str(tmp_path / "week.csv"))
    assert (again.code, "is there already" in again.err) == (3, True)
    before = (tmp_path / "week.csv").read_bytes()
    other = ("--out", str(tmp_path / "week.csv"), "--force", "--format", "csv", "--headings", "words")
    assert week.run("kpi", "report", *period, *other).code == 0
    assert (tmp_path / "week.csv").read_bytes() != before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--format", "xlsx"), "needs a name"),
        (("--format", "doc"), "no form of file"),
        (("--out", "week"), "no form of file"),
        (("--out", "week.xlsx", "--explain", "frt_s"), "not written to a file"),
        (("--out", "none/week.xlsx", "--no-pms"), "cannot be written"),
        (("--out", "week.csv", "--headings", "x"), "no headings"),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused_in_a_sentence(
    words: tuple[str, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = Exporting.of_the_week(tmp_path).run("kpi", "report", *words)
    assert (ended.code, said in ended.err) == (2, True), ended.err


def test_lines_of_two_reports_do_not_share_their_formats() -> None:
    (row, *_) = the_report().rows
    met = replace(row, status=Standing.MET)
    assert fill_of(rows_of(a_book([met])["Calls in"])[0]["Value"]) == FILLS[Standing.MET][0]
