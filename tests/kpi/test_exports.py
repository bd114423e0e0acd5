"""Exports of KPIs: the numbers of the report, the same bytes for the same facts, whole files whatever happens."""

import fcntl
import io
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from cli.reports.kpi_tables import HEADINGS, in_words
from domain.errors import InvalidInput, Refused
from domain.kpi_facts import By
from domain.kpi_row import Dimension, Period
from integration.adapters.day_folder import LOCK, MANIFEST, DayFile, DayFolder
from integration.adapters.store.kpi_views_v1 import views
from integration.adapters.table_files import csv_bytes, parquet_bytes
from integration.usecases.export_kpis import PARTS, days_of, period_to_export
from integration.usecases.kpi_tables import (
    CALLS,
    CASES,
    LINES,
    OFFERS,
    PLAN,
    STAYS,
    Table,
    calls_table,
    lines_table,
    stays_table,
)
from tests.kpi.exports import ENGLISH, HOSTILE, TURKISH, Exporting, a_call_fact, a_stay_fact, csv_rows
from tests.kpi.week import WEEK, the_week

ALL_WEEK = ("--from", "2027-05-03", "--to", "2027-05-09")
SCOPE = {"hotel": "", "headings": "names", "language": "en"}


@pytest.fixture
def week(tmp_path: Path) -> Exporting:
    return Exporting.of_the_week(tmp_path)


def test_the_lines_of_each_day_are_the_reports(week: Exporting) -> None:
    week.export(*ALL_WEEK)
    floor = the_week()
    for day in days_of(WEEK):
        period = Period(day, day)
        shown = csv_rows(csv_bytes(lines_table(floor.report(period, *PARTS).rows, period)))
        assert week.rows(f"kpi-{day}.csv") == shown, day


def test_the_facts_of_the_days_are_the_rows_behind_the_weeks_figures(week: Exporting) -> None:
    week.export(*ALL_WEEK)
    rows = {
        kind: [row for day in days_of(WEEK) for row in week.rows(f"{kind}-{day}.csv")]
        for kind in ("calls", "cases", "offers", "sales", "arrivals")
    }
    assert {kind: len(found) for kind, found in rows.items()} == {
        "calls": 6, "cases": 8, "offers": 3, "sales": 2, "arrivals": 3,
    }  # fmt: skip
    assert sorted(row["total"] for row in rows["sales"]) == ["1400.00", "35000.00"]
    assert sum(row["is_frt_open"] == "true" for row in rows["cases"]) == 0
    assert {row["frt_s"] for row in rows["cases"] if row["channel"] == "phone"} == {"15.0", "30.0", "25.0", ""}


def test_an_export_that_finds_nothing_new_writes_nothing(week: Exporting) -> None:
    first = week.export(*ALL_WEEK, "--format", "csv,xlsx,parquet")
    before = {one: one.stat().st_mtime_ns for one in week.folder.iterdir()}
    again = week.export(*ALL_WEEK, "--format", "csv,xlsx,parquet")
    assert (first["written"], first["unchanged"]) == (7 * 13, 0)
    assert (again["written"], again["unchanged"]) == (0, 7 * 13)
    assert {one: one.stat().st_mtime_ns for one in week.folder.iterdir()} == before


def test_another_folder_gets_the_very_same_bytes(week: Exporting, tmp_path: Path) -> None:
    week.export(*ALL_WEEK, "--format", "csv,xlsx,parquet")
    other = replace(week, folder=tmp_path / "other")
    other.export(*ALL_WEEK, "--format", "parquet,xlsx,csv")
    assert other.files() == week.files()


def test_only_days_that_time_or_a_record_changed_are_written_again(week: Exporting) -> None:
    week.export(*ALL_WEEK)
    marked = {day: found["csv"]["final"] for day, found in week.manifest()["days"].items()}
    assert [day for day, is_final in marked.items() if not is_final] == ["2027-05-04", "2027-05-06"]
    assert week.manifest()["days"]["2027-05-06"]["csv"]["open"] == 2
    week.clock.set(week.clock.now() + timedelta(hours=1))
    assert week.export(*ALL_WEEK)["written"] == 0
    week.clock.set(week.clock.now() + timedelta(days=1))
    later = week.export(*ALL_WEEK)
    assert {row["day"] for row in later["days"] if row["written"]} == {"2027-05-04", "2027-05-06"}
    week.change(lambda tx: tx.put_kpi_stay(a_stay_fact(day=date(2027, 5, 8))))
    changed = week.export(*ALL_WEEK)
    assert {"kpi-2027-05-08.csv", "sales-2027-05-08.csv"} == {
        name for row in changed["days"] if row["day"] == "2027-05-08" for name in row["written"]
    }


def test_the_manifest_names_every_file_with_its_digest_and_says_nothing_of_when(week: Exporting) -> None:
    week.export(*ALL_WEEK, "--format", "csv,parquet")
    files = week.files()
    del files[MANIFEST]
    named = {
        name: told
        for day in week.manifest()["days"].values()
        for form in day.values()
        for name, told in form["files"].items()
    }
    assert {name: told["sha256"] for name, told in named.items()} == {
        name: sha256(content).hexdigest() for name, content in files.items()
    }
    assert named["calls-2027-05-05.csv"]["rows"] == 2


def test_without_a_period_a_folder_is_looked_at_again_from_its_first_day(week: Exporting) -> None:
    week.export("--from", "2027-02-01", "--to", "2027-02-02")
    period = week.export()["period"]
    assert period == {"from": "2027-02-01", "to": "2027-05-10"}
    fresh = period_to_export(week.desk, None, None, None, None)
    assert fresh == Period(date(2027, 4, 6), date(2027, 5, 10))
    assert period_to_export(week.desk, None, None, None, date(2020, 1, 1)).first == date(2024, 5, 6)


def test_days_to_come_are_not_exported(week: Exporting) -> None:
    assert week.export("--from", "2027-05-10", "--to", "2028-01-01")["period"]["to"] == "2027-05-10"
    ended = week.run("kpi", "export", "--out", str(week.folder), "--from", "2027-05-11")
    assert (ended.code, "no day to export" in ended.err) == (2, True)


def test_a_day_without_anything_has_files_all_the_same(week: Exporting) -> None:
    week.export("--from", "2027-01-01", "--to", "2027-01-01", "--format", "csv,xlsx,parquet")
    assert week.rows("calls-2027-01-01.csv") == []
    (calls,) = (row for row in week.rows("kpi-2027-01-01.csv") if row["kpi"] == "call_volume_in")
    assert (calls["value"], calls["n"]) == ("0", "0")
    found = pq.read_table(week.folder / "sales-2027-01-01.parquet")
    assert (found.num_rows, str(found.schema.field("total").type)) == (0, "decimal128(24, 6)")


def test_a_text_that_a_spreadsheet_would_run_is_quoted_in_csv_and_whole_in_parquet() -> None:
    names = [HOSTILE, "+1", "-1", "@SUM(A1)", "\tx", "'quoted", 'Gül\nŞahin; "x"', "Иван", "x\x00y", "x\ud800"]
    *sound, _ = names
    table, whole = (
        calls_table(a_call_fact(number, by=By("BELEK1", agent=name)) for number, name in enumerate(found))
        for found in (names, sound)
    )
    read = [row["agent"] for row in csv_rows(csv_bytes(table))]
    assert read[:6] == [f"'{HOSTILE}", "'+1", "'-1", "'@SUM(A1)", "'\tx", "''quoted"]
    assert read[6:] == [names[6], "Иван", "xy", "x\\ud800"]
    kept = pq.read_table(io.BytesIO(parquet_bytes(whole))).column("agent").to_pylist()
    assert kept == sound


def test_a_hostile_agent_goes_through_the_whole_export(week: Exporting) -> None:
    week.change(lambda tx: tx.put_kpi_call(a_call_fact(by=By("BELEK1", "phone", agent=HOSTILE, tags=("=1+1", "vip")))))
    week.export(*ALL_WEEK, "--format", "csv,xlsx,parquet")
    cells = {
        cell
        for name in week.files()
        if name.endswith("2027-05-03.csv")
        for row in week.rows(name)
        for cell in row.values()
    }
    assert f"'{HOSTILE}" in cells
    assert "'=1+1" in cells
    assert {cell for cell in cells if cell.startswith(("=", "+", "-", "@"))} == set()


def test_parquet_reads_back_what_was_written() -> None:
    stays = [
        a_stay_fact(1, total=Decimal("0.10"), by=By("BELEK1", agent="Gül", tags=("vip", "şikâyet"))),
        a_stay_fact(2, total=Decimal("99999999999.99"), currency="TRY", differs=("total",)),
        a_stay_fact(3, day=None, total=Decimal(150_000), currency="JPY"),
    ]
    table = stays_table(stays)
    found = pq.read_table(io.BytesIO(parquet_bytes(table)))
    rows = [
        tuple(tuple(cell) if isinstance(cell, list) else cell for cell in row.values()) for row in found.to_pylist()
    ]
    assert rows == list(table.rows)
    assert found.schema.names == [name for name, _ in STAYS]
    instants = calls_table([a_call_fact()])
    assert pq.read_table(io.BytesIO(parquet_bytes(instants))).column("started_at").to_pylist() == [
        a_call_fact().started_at
    ]


def test_amounts_are_exact_to_the_last_digit() -> None:
    table = stays_table([a_stay_fact(total=Decimal("99999999999.99")), a_stay_fact(2, total=Decimal("0.30"))])
    assert [row["total"] for row in csv_rows(csv_bytes(table))] == ["99999999999.99", "0.30"]


def test_files_have_every_column_of_the_views_that_sql_tools_read() -> None:
    columns = {"calls": CALLS, "cases": CASES, "offers": OFFERS, "stays": STAYS}
    texts = views("postgresql")
    for name, found in columns.items():
        selected = texts[f"kpi_v1_{name}"].removeprefix("SELECT ").split(" FROM ")[0]
        wanted = {part.split(" AS ")[-1].strip() for part in selected.replace("END AS", "AS").split(",")}
        told = {one for one in wanted if one.isidentifier()} - {"pms_seen_at"}
        assert told == {column for column, _ in found} - {"tags"}, name


def test_headings_are_the_readers_when_words_are_asked_for(week: Exporting) -> None:
    week.export("--from", "2027-05-05", "--to", "2027-05-05", "--headings", "words", "--lang", "tr")
    (row,) = (one for one in week.rows("kpi-2027-05-05.csv") if one["KPI"] == TURKISH("Calls in") and not one["Bölüm"])
    assert (row["Değer"], row["Para birimi"]) == ("2", "")
    assert week.rows("calls-2027-05-05.csv")[0]["call_id"]
    rows = the_week().report(WEEK, Dimension.CHANNEL).rows
    plain = lines_table(rows, WEEK)
    english, turkish = in_words(plain, ENGLISH), in_words(plain, TURKISH)
    assert set(HEADINGS) == {name for name, _ in (*LINES, *PLAN)}
    assert len(set(turkish.headings or ())) == len(LINES) == len(set(english.headings or ()))
    assert [row[7:20] for row in turkish.rows] == [row[7:20] for row in plain.rows]


def test_a_folder_of_something_else_is_left_alone(week: Exporting) -> None:
    week.export("--from", "2027-05-05", "--to", "2027-05-05")
    before = week.files()
    for other in (("--headings", "words"), ("--lang", "tr"), ("--hotel", "BELEK1")):
        ended = week.run("kpi", "export", "--out", str(week.folder), *other)
        assert ended.code == 3
        assert ("başka bir" if "tr" in other else "holds another export") in ended.err
    (week.folder / MANIFEST).write_text('{"version": 1, "days"')
    ended = week.run("kpi", "export", "--out", str(week.folder))
    assert (ended.code, "no manifest" in ended.err) == (2, True)
    assert {**week.files(), MANIFEST: b""} == {**before, MANIFEST: b""}


def test_two_exports_at_once_do_not_meet(week: Exporting) -> None:
    week.export(*ALL_WEEK)
    with (week.folder / LOCK).open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        ended = week.run("kpi", "export", "--out", str(week.folder))
        assert (ended.code, "Another run is writing" in ended.err) == (3, True)
    assert week.export(*ALL_WEEK)["written"] == 0


KILLED = """
import resource, signal, sys
from datetime import date
from pathlib import Path
from integration.adapters.day_folder import DayFile, DayFolder
signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, 5_000))
with DayFolder(Path(sys.argv[1]), {"hotel": "", "headings": "names", "language": "en"}) as folder:
    folder.put(date(2027, 5, 3), "csv", [DayFile("a.csv", b"new a", 1), DayFile("b.csv", b"b" * 9_000, 1)], final=True)
"""


def test_a_run_that_is_killed_while_it_writes_leaves_whole_files_and_the_next_one_heals(tmp_path: Path) -> None:
    day, target = date(2027, 5, 3), tmp_path / "out"
    with DayFolder(target, SCOPE) as folder:
        folder.put(day, "csv", [DayFile("a.csv", b"old a", 1), DayFile("b.csv", b"old b", 1)], final=True)
    before = (target / MANIFEST).read_bytes()
    done = subprocess.run([sys.executable, "-c", KILLED, str(target)], check=False, capture_output=True, cwd=Path.cwd())
    assert done.returncode == -signal.SIGXFSZ, done.stderr
    assert (target / "a.csv").read_bytes() == b"new a"
    assert (target / "b.csv").read_bytes() == b"old b"
    assert (target / MANIFEST).read_bytes() == before
    assert [one.name for one in target.glob(".santral-export-*")] != []
    with DayFolder(target, SCOPE) as folder:
        files = [DayFile("a.csv", b"new a", 1), DayFile("b.csv", b"b" * 9_000, 1)]
        assert folder.put(day, "csv", files, final=True) == ["b.csv"]
    assert list(target.glob(".santral-export-*")) == []
    assert (target / "b.csv").stat().st_size == 9_000


def test_files_may_be_read_by_whoever_may_read_the_folder(tmp_path: Path) -> None:
    for mode, expected in ((0o700, 0o600), (0o750, 0o640), (0o777, 0o644)):
        place = tmp_path / oct(mode)
        place.mkdir()
        place.chmod(mode)
        with DayFolder(place, SCOPE) as folder:
            folder.put(date(2027, 5, 3), "csv", [DayFile("a.csv", b"a", 1)], final=True)
        assert (place / "a.csv").stat().st_mode & 0o777 == expected
    with DayFolder(tmp_path / "new", SCOPE):
        assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700


def test_what_cannot_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InvalidInput, match="cannot be written"), DayFolder(tmp_path / "file", SCOPE):
        pass
    with pytest.raises(InvalidInput), DayFolder(tmp_path / "file" / "below", SCOPE):
        pass
    (tmp_path / "out").mkdir()
    with DayFolder(tmp_path / "out", SCOPE), pytest.raises(Refused), DayFolder(tmp_path / "out", SCOPE):
        pass


def test_parquet_without_its_library_is_told_in_a_sentence_before_anything_is_written(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['pyarrow'] = None\n"
        "from cli.context import Session; from cli.main import main\n"
        "sys.exit(main(sys.argv[1:], Session(environ={})))"
    )
    words = ["kpi", "export", "--out", str(tmp_path / "out"), "--format", "csv,parquet"]
    done = subprocess.run([sys.executable, "-c", code, *words], check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2, done.stderr
    assert "Parquet needs pyarrow" in done.stderr
    assert 'pip install "santral[parquet]"' in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_table_without_rows_has_its_headings() -> None:
    empty = Table(LINES, [])
    assert csv_bytes(empty).decode("utf-8-sig").strip() == ",".join(name for name, _ in LINES)
    assert pq.read_table(io.BytesIO(parquet_bytes(empty))).num_rows == 0
