"""What an export of KPIs costs, against the barest way to the same rows.

A season of facts of fifteen hotels lies in a store; a week of it is exported as `santral kpi export` does it:
each day's lines from its book, its facts as typed rows, the files written whole, synced and named in the manifest. Bare
writes the facts alone: on SQLite a SELECT from the view into `csv.writer`, on PostgreSQL `COPY (SELECT ...) TO STDOUT`
into a file. Ours counts its lines as rows too: they are 3,000 a day here. A second run finds every file as it is.
"""

import asyncio
import csv
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from benchmarks.kpi_measure import a_desk
from benchmarks.kpi_season import fill_postgresql, fill_sqlite
from benchmarks.registry import Row, Sense, benchmark
from domain.kpi_row import Period
from integration.adapters.day_folder import DayFile, DayFolder
from integration.adapters.store import open_database, open_store
from integration.adapters.store.audit_keeper import Seal
from integration.adapters.store.postgres_link import connect
from integration.adapters.store.postgres_place import place_of
from integration.adapters.store.postgres_schema import make_ready
from integration.adapters.table_files import WRITERS
from integration.ports.store import Store
from integration.usecases.export_kpis import days_of, read_day
from integration.usecases.kpi_books import bind
from integration.usecases.kpi_tables import lines_table
from tests.postgres import a_server, why_not

CONTACTS, RESERVATIONS = 200_000, 20_000
PERIOD = Period(date(2027, 7, 1), date(2027, 7, 7))
SCOPE = {"hotel": "", "headings": "names", "language": "en"}
ROUNDS = 2
VIEWS = (("calls", "day"), ("cases", "day"), ("offers", "day"), ("stays", "day"), ("stays", "arrival"))
Copy = Callable[[str, Path], int]


def _export(store: Store, runner: asyncio.Runner, folder: Path, form: str) -> tuple[int, float]:
    """Rows, lines among them, and seconds of one run over the week."""
    desk, rows = a_desk(store), 0
    before = time.perf_counter()
    with DayFolder(folder, SCOPE) as held:
        for day in days_of(PERIOD):
            found = runner.run(read_day(desk, None, day))
            tables = {**found.facts, "kpi": lines_table(found.rows, Period(day, day))}
            write = WRITERS[form]
            files = [DayFile(f"{name}-{day}.{form}", write(one), len(one.rows)) for name, one in tables.items()]
            held.put(day, form, files, final=found.is_final, open=found.open_n)
            rows += sum(file.rows for file in files)
    return rows, time.perf_counter() - before


def _bare(copy: Copy, folder: Path) -> tuple[int, float]:
    """The same facts, straight from the views."""
    folder.mkdir()
    rows, before = 0, time.perf_counter()
    for day in days_of(PERIOD):
        for number, (view, column) in enumerate(VIEWS):
            sql = f"SELECT * FROM kpi_v1_{view} WHERE {column} = '{day.isoformat()}'"
            rows += copy(sql, folder / f"{number}-{day}.csv")
    return rows, time.perf_counter() - before


def _measured(what: str, store: Store, copy: Copy, limit: float) -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="santral-bench-") as place, asyncio.Runner() as runner:
        desk, home = a_desk(store), Path(place)
        for hotel_id in desk.hotels:
            runner.run(bind(desk, hotel_id, PERIOD))
        ours = min(_export(store, runner, home / f"ours{turn}", "csv") for turn in range(ROUNDS))
        bare = min(_bare(copy, home / f"bare{turn}") for turn in range(ROUNDS))
        again = _export(store, runner, home / "ours0", "csv")
        typed = _export(store, runner, home / "typed", "parquet")
        runner.run(store.close())
    speeds = {name: rows / taken for name, (rows, taken) in
              {"ours": ours, "bare": bare, "again": again, "typed": typed}.items()}  # fmt: skip
    note = (
        f"{ours[0]} rows of 7 days: {speeds['ours']:.0f} rows/s, bare {speeds['bare']:.0f} ({bare[0]} rows), "
        f"a run that finds nothing new {speeds['again']:.0f}, Parquet {speeds['typed']:.0f}"
    )
    yield Row(f"export of KPIs as CSV, {what}", speeds["ours"] / speeds["bare"], limit, Sense.AT_LEAST, note)


def _on_sqlite(place: Path) -> Iterator[Row]:
    file = place / "season.sqlite"
    asyncio.run(open_store(file, inline=True, create=True).close())
    connection = sqlite3.connect(file, isolation_level=None)
    fill_sqlite(connection, CONTACTS, RESERVATIONS)

    def copy(sql: str, target: Path) -> int:
        rows = 0
        with target.open("w", newline="", encoding="utf-8") as out:
            writer = csv.writer(out)
            for row in connection.execute(sql):
                writer.writerow(row)
                rows += 1
        return rows

    yield from _measured(
        "against SELECT and csv.writer on SQLite", open_store(file, inline=True, create=False), copy, 0.2
    )
    connection.close()


def _on_postgresql(place: Path) -> Iterator[Row]:
    what = "against COPY on PostgreSQL"
    if why := why_not():
        yield Row(f"export of KPIs as CSV, {what}", None, note=why)
        return
    with a_server() as server:
        url = server.database()
        connection = connect(place_of(url))
        make_ready(connection, place_of(url), create=True)
        fill_postgresql(connection, CONTACTS, RESERVATIONS)

        def copy(sql: str, target: Path) -> int:
            with target.open("wb") as out, connection.cursor() as cursor:
                with cursor.copy(f"COPY ({sql}) TO STDOUT WITH (FORMAT csv)") as found:
                    for block in found:
                        out.write(block)
                return cursor.rowcount

        store = open_database(url, Seal(place / "audit.key", place / "audit.checkpoints"), inline=True, create=False)
        yield from _measured(what, store, copy, 0.2)
        connection.close()


@benchmark("kpi_export")
def against_bare() -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="santral-bench-") as folder:
        yield from _on_sqlite(Path(folder))
        yield from _on_postgresql(Path(folder))
