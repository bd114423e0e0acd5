"""KPI reports over a season: 1,000,000 contacts and 100,000 reservations at 15 hotels, in SQLite and PostgreSQL.

Facts are loaded in bulk (`kpi_season`), then measured by a process of its own (`kpi_measure`): a full report (every
KPI, every dimension but days, some 5,900 lines) from books that are there, one day, one day at all hotels after a
change at each, and the most memory it took. The first report also binds every book, which is done as days are asked
for. `SANTRAL_BENCH_KPI=100000` makes it a smaller season.
"""

import asyncio
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from benchmarks.kpi_season import CONTACTS, RESERVATIONS, fill_postgresql, fill_sqlite
from benchmarks.registry import Row, benchmark
from integration.adapters.store import open_store
from integration.adapters.store.postgres_link import connect
from integration.adapters.store.postgres_place import place_of
from integration.adapters.store.postgres_schema import make_ready
from tests.postgres import a_server, why_not

FULL_S, DAY_MS, MOST_MB = 5.0, 300.0, 500.0


def _contacts() -> int:
    return int(os.environ.get("SANTRAL_BENCH_KPI", CONTACTS))


def _measured(place: str) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.kpi_measure", place], check=True, capture_output=True, text=True
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _rows(store: str, facts: int, found: dict[str, float]) -> Iterator[Row]:
    note = (
        f"{found['full_cpu']:.1f} s of the processor; {facts:,} facts; the first report, which binds all books, "
        f"{found['first']:.0f} s, {found['first_cpu']:.0f} s of the processor"
    )
    yield Row(f"full KPI report of a season, {store}", found["full"], FULL_S, note=note, unit=" s")
    yield Row(f"the whole alone, {store}", found["whole"], note="every KPI, no parts", unit=" s")
    yield Row(f"the season by channel, {store}", found["channel"], note="every KPI, six channels", unit=" s")
    yield Row(f"KPI report of one day by channel, {store}", found["day"] * 1000, DAY_MS, unit=" ms")
    yield Row(f"one day, changed at all 15 hotels, {store}", found["changed_day"] * 1000, unit=" ms")
    yield Row(f"memory of all that, {store}", found["peak_mb"], MOST_MB, unit=" MB")


@benchmark("kpi")
def kpi_reports() -> Iterator[Row]:
    contacts = _contacts()
    reservations = max(contacts * RESERVATIONS // CONTACTS, 1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "kpi.db"
        asyncio.run(open_store(path, inline=True, create=True).close())
        with sqlite3.connect(path, isolation_level=None) as connection:
            facts = fill_sqlite(connection, contacts, reservations)
        connection.close()
        yield from _rows("SQLite", facts, _measured(str(path)))
    reason = why_not()
    if reason:
        yield Row("full KPI report of a season, PostgreSQL", None, FULL_S, note=reason)
        return
    with ExitStack() as end:
        server = end.enter_context(a_server())
        url = server.database()
        place = place_of(url)
        with connect(place) as link:
            make_ready(link, place, create=True)
            facts = fill_postgresql(link, contacts, reservations)
        yield from _rows("PostgreSQL", facts, _measured(url))
