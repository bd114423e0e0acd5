"""What a strict reader tries: parts against the whole, files again and again, hostile names and texts, full pages."""

import csv
import io
import os
import stat
from collections import Counter
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from pypdf import PdfReader

from cli.exit_codes import ExitCode
from cli.options import Format
from cli.render import Printer
from cli.reports.kpi_week import week_sheet
from domain.kpi_lines import COUNTED, lines, part_lines
from domain.kpi_row import Dimension, KpiRow
from tests.kpi.drawn import facts, one_by_one
from tests.kpi.exports import ENGLISH, TURKISH, Exporting, a_stay_fact
from tests.kpi.test_weekly import a_body, row_of
from tests.kpi.weeks import put_days

ALL_WEEK = ("--from", "2027-05-03", "--to", "2027-05-09")
ONE_KEY = ("channel", "source", "language", "agent", "hotel", "segment")
NEXT_DAY = timedelta(days=1)
CODES = (
    "price", "no_availability", "stop_sale", "min_stay", "competitor", "location", "board", "dates_changed",
    "payment_terms", "just_asking", "no_reply", "other",
)  # fmt: skip


@pytest.fixture
def house(tmp_path: Path) -> Exporting:
    return Exporting.of_the_week(tmp_path)


def sizes(rows: list[KpiRow]) -> Counter[tuple[str, str | None]]:
    summed: Counter[tuple[str, str | None]] = Counter()
    for row in rows:
        summed[row.kpi, row.currency] += row.n + row.open_n
    return +summed


@pytest.mark.parametrize("seed", range(5))
def test_parts_sum_to_the_whole_also_where_nothing_is_known_of_them(seed: int) -> None:
    book = one_by_one(facts(Random(seed), seed * 20 + 1))
    whole = sizes(list(lines(book, COUNTED)))
    for dimension in ONE_KEY:
        assert sizes(list(part_lines(book, COUNTED, dimension))) == whole, dimension


def test_lost_leads_of_no_agent_are_a_part_too(house: Exporting) -> None:
    words = ("kpi", "report", *ALL_WEEK, "--no-pms", "--kpi", "lost_reasons", "--json")
    for dimension in ("agent", "source", "segment", "lost_reason"):
        rows = house.run(*words, "--by", dimension).body["rows"]
        whole = next(row["n"] for row in rows if not row["by"])
        assert sum(row["n"] for row in rows if row["by"]) == whole > 0, dimension


def test_every_line_of_a_report_can_be_drilled_into(house: Exporting) -> None:
    by = [word for one in Dimension for word in ("--by", one.value)]
    told = house.run("kpi", "report", "--from", "2027-05-03", "--to", "2027-05-10", *by, "--no-pms", "--json").body
    days = ("--from", "2027-05-03", "--to", "2027-05-10")
    for row in told["rows"]:
        part = [word for name, key in row["by"].items() for word in ("--part", f"{name}={key}")]
        behind = house.run("kpi", "report", *days, "--explain", row["kpi"], *part, "--limit", "1000", "--json").body
        adds = [one["adds"] for one in behind["rows"]]
        n = sum(one["n"] for one in adds if one.get("currency") == row["currency"])
        assert n == row["n"] + row["open_n"], (row["kpi"], row["by"], row["currency"])


def test_an_export_of_the_same_day_is_the_same_at_every_hour_though_cases_wait(house: Exporting) -> None:
    house.export(*ALL_WEEK, "--format", "csv,parquet,xlsx")
    before = house.files()
    house.clock.set(house.clock.now() + timedelta(hours=7, seconds=13))
    assert house.export(*ALL_WEEK, "--format", "csv,parquet,xlsx")["written"] == 0
    assert house.files() == before
    waits = [row for row in house.rows("cases-2027-05-06.csv") if row["is_resolution_open"] == "true"]
    midnight = datetime(2027, 5, 9, 21, tzinfo=UTC)
    assert all(datetime.fromisoformat(row["as_of"]) >= midnight for row in waits)
    house.clock.set(house.clock.now() + NEXT_DAY)
    house.export(*ALL_WEEK)
    older = [row for row in house.rows("cases-2027-05-06.csv") if row["is_resolution_open"] == "true"]
    assert all(float(row["resolution_s"]) >= float(was["resolution_s"]) for row, was in zip(older, waits, strict=True))
    assert older != waits


def test_a_word_of_the_pms_that_says_the_same_again_writes_no_file(house: Exporting) -> None:
    sale = a_stay_fact(day=date(2027, 5, 8), pms_seen_at=datetime(2027, 5, 9, 9, tzinfo=UTC))
    house.change(lambda tx: tx.put_kpi_stay(sale))
    house.export(*ALL_WEEK)
    house.change(lambda tx: tx.put_kpi_stay(replace(sale, pms_seen_at=datetime(2027, 5, 10, 8, tzinfo=UTC))))
    assert house.export(*ALL_WEEK)["written"] == 0


def test_a_first_export_takes_nobodys_file_and_leaves_others_alone(house: Exporting) -> None:
    house.folder.mkdir()
    (house.folder / "notes.txt").write_text("mine", encoding="utf-8")
    foreign = house.folder / "kpi-2027-05-03.csv"
    foreign.write_text("somebody's", encoding="utf-8")
    ended = house.run("kpi", "export", "--out", str(house.folder), *ALL_WEEK, "--no-pms")
    assert (ended.code, "no export has written it" in ended.err) == (ExitCode.REFUSED, True), ended.err
    assert {one.name: one.read_text(encoding="utf-8") for one in house.folder.iterdir()} == {
        "notes.txt": "mine", "kpi-2027-05-03.csv": "somebody's",
    }  # fmt: skip
    foreign.unlink()
    house.export(*ALL_WEEK)
    assert house.files()["notes.txt"] == b"mine"


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_report_never_takes_the_place_of_a_device_or_a_pipe(house: Exporting, tmp_path: Path, form: str) -> None:
    pipe = tmp_path / f"pipe.{form}"
    os.mkfifo(pipe)
    ended = house.run("kpi", "report", *ALL_WEEK, "--no-pms", "--out", str(pipe), "--force")
    assert (ended.code, "it is no plain file" in ended.err) == (ExitCode.USAGE, True), ended.err
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_week_cannot_be_written_into_a_file(house: Exporting, tmp_path: Path) -> None:
    place = tmp_path / "a-file"
    place.write_text("mine", encoding="utf-8")
    ended = house.run("kpi", "weekly", "--week", "2027-W18", "--no-pms", "--out", str(place))
    assert (ended.code, "cannot be written" in ended.err) == (ExitCode.USAGE, True), ended.err
    assert place.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=1+1", "'=1+1"), ("@SUM(A1)", "'@SUM(A1)"), ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3+cmd|x", "'-2+3+cmd|x"), ("\t=1", "'\t=1"), ("+\n=A1", "'+\n=A1"),
        ("+90 532 *** ** 11", "+90 532 *** ** 11"), ("-12.50", "-12.50"), ("fair", "fair"),
    ],
)  # fmt: skip
def test_what_goes_to_a_spreadsheet_runs_nothing_and_a_number_stays_one(text: str, shown: str) -> None:
    out = io.StringIO()
    Printer(Format.CSV, out).answer({"rows": [{"source": text}]}, list, rows="rows")
    assert next(csv.DictReader(io.StringIO(out.getvalue(), newline="")))["source"] == shown


@pytest.mark.parametrize("words", [("kpi", "export"), ("kpi", "weekly"), ("golive", "kit")], ids=" ".join)
def test_a_folder_without_a_name_is_no_folder(
    house: Exporting, words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = {*tmp_path.iterdir()}
    ended = house.run(*words, "--out", "")
    assert (ended.code, "Name a folder" in ended.err) == (ExitCode.USAGE, True), ended.err
    assert {*tmp_path.iterdir()} == before


def test_a_small_week_has_three_things_to_do_too(house: Exporting) -> None:
    words = ("kpi", "weekly", "--week", "2027-W18", "--no-pms", "--out", str(house.folder), "--lang", "tr")
    body = house.run(*words, "--json").body
    assert len({one["rule"] for one in body["actions"]}) == 3
    shown = house.run(*words)
    html = house.files()["2027-W18.html"].decode()
    for text in (shown.out, html):
        assert "“Fiyat” nedeni" in text
        assert "“price”" not in text


def test_lost_reasons_are_read_in_the_readers_language(house: Exporting) -> None:
    words = ("kpi", "report", *ALL_WEEK, "--no-pms", "--kpi", "lost_reasons", "--by", "lost_reason")
    assert "Yer yok" in house.run(*words, "--lang", "tr").out
    assert {row["by"].get("lost_reason") for row in house.run(*words, "--json").body["rows"]} == {
        None, "price", "no_availability",
    }  # fmt: skip


def a_full_body() -> dict[str, Any]:
    """Every move real, five currencies, twelve lost reasons: the fullest week there can be."""
    body = deepcopy(a_body())
    money = [row_of(body, kpi, "EUR") for kpi in ("basket_total", "revenue")]
    for currency in ("GBP", "RUB", "TRY", "USD"):
        body["rows"] += [{**deepcopy(row), "currency": currency} for row in money]
    for row in body["rows"]:
        for against in ("last", "baseline"):
            if row[against]["change"] is not None:
                row[against].update(real=True, better=False)
    body["lost_reasons"] = [
        {"reason": code, "n": 100 - place, "share": 1 / 12, "together": (place + 1) / 12, "last_n": 3}
        for place, code in enumerate(CODES)
    ]
    return body


@pytest.mark.parametrize("reader", [ENGLISH, TURKISH], ids=["en", "tr"])
def test_the_fullest_week_is_one_page(reader: Any) -> None:
    pdf = week_sheet(a_full_body(), reader, with_cards=False).pdf
    (page,) = PdfReader(io.BytesIO(pdf)).pages
    assert "RUB" in page.extract_text()


def test_a_day_is_a_date_that_targets_can_begin_on(house: Exporting) -> None:
    house.change(lambda tx: put_days(tx, date(2027, 4, 10), 23, size=12))
    the_id = house.run("kpi", "calibrate", "--actor", "boss", "--json").body["proposal_id"]
    words = ("kpi", "calibrate", "--approve", the_id, "--actor", "ayse", "--json")
    assert house.run(*words, "--from", "2027-05-01").code == ExitCode.USAGE
    assert house.run(*words, "--from", "2027-05-32").code == ExitCode.USAGE
    assert house.run(*words, "--from", "2027-06-01").body["effective_from"] == "2027-05-31T21:00:00Z"


def test_every_dimension_is_tried() -> None:
    assert {*ONE_KEY, "day", "week", "tag", "lost_reason"} == {one.value for one in Dimension}
