"""Rows a second of an import: read, checked, sold through the whole selling path, their outcomes kept.

A home of the default hotel whose PMS answers in this process and whose rate share does not hold it back: so it is our
own work that is measured, the mock's included. With the share of a real hotel (15 calls a second) a new guest's row
costs six calls, and the PMS's limit decides: some 2.5 rows a second. Calls from a telephone system ask no PMS.
"""

import asyncio
import csv
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from benchmarks.registry import Row, benchmark
from cli.seeding import Wish, make_home
from cli.wiring import open_desk
from domain.access import Actor, Role
from integration.adapters.clock import SystemClock
from integration.adapters.sheets import open_sheet
from integration.settings import Settings, settings_from
from integration.usecases.desk import Desk
from integration.usecases.import_calls import import_calls
from integration.usecases.import_reservations import import_reservations
from integration.usecases.run_batch import BatchRun, ImportWish

SALES, CALLS = 200, 5_000
ADMIN = Actor("bench", Role.ADMIN, "cli")
HEADER = ("status", "check_in", "nights", "adults", "room_type", "rate_plan", "guarantee", "name", "phone")
CDR = ("uniqueid", "src", "dst", "start", "end", "disposition")


def _home(folder: Path) -> Settings:
    now = SystemClock().now()
    settings = settings_from({"SANTRAL_HOME": str(folder / "home"), "SANTRAL_ACTOR": "bench"}, now, folder)
    make_home(settings, Wish(profiles=200), now, lambda _text: None)
    return settings


def _write(file: Path, header: tuple[str, ...], rows: Iterator[tuple[object, ...]]) -> Path:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(header)
        writer.writerows(rows)
    return file


def _sales() -> Iterator[tuple[object, ...]]:
    first = SystemClock().now().date() + timedelta(days=60)
    for number in range(SALES):
        name = f"Anna Schmidt{chr(97 + number % 26)}{chr(97 + number // 26 % 26)}{chr(97 + number // 676)}"
        stay = ("confirmed", (first + timedelta(days=number % 90)).isoformat(), 3, 2, "STD", "UAI-FLEX", "card")
        yield *stay, name, f"+49151{number:08d}"


def _calls() -> Iterator[tuple[object, ...]]:
    day = date(2026, 7, 1)
    for number in range(CALLS):
        begun = f"{day + timedelta(days=number % 90)} 10:{number % 60:02}:00"
        yield f"u-{number}", f"0532{number:07d}", "1003", begun, begun, "ANSWERED" if number % 5 else "NO ANSWER"


def _unhindered(desk: Desk) -> Desk:
    """Hotels whose rate share is never used up."""
    return replace(
        desk,
        hotels={
            name: replace(one, pms=replace(one.pms, share_per_second=1e6, burst=10**6))
            for name, one in desk.hotels.items()
        },
    )


async def _timed(settings: Settings, file: Path, *, calls: bool) -> tuple[float, BatchRun]:
    with ExitStack() as end:
        desk = _unhindered(open_desk(settings, at_end=end.callback))
        work = import_calls if calls else import_reservations
        with open_sheet(file) as sheet:
            began = time.perf_counter()
            run = await work(desk, ADMIN, sheet, ImportWish())
            taken = time.perf_counter() - began
        await desk.pms.close()
        await desk.store.close()
    return taken, run


@benchmark("import")
def rows_a_second() -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="santral-bench-") as folder:
        settings = _home(Path(folder))
        for what, file, count, calls in (
            ("import of reservations", _write(Path(folder) / "sales.csv", HEADER, _sales()), SALES, False),
            ("import of calls", _write(Path(folder) / "cdr.csv", CDR, _calls()), CALLS, True),
        ):
            taken, run = asyncio.run(_timed(settings, file, calls=calls))
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            note = f"{count} rows, {run.tally.failed} failed, in {taken:.1f} s; process at most {memory:.0f} MB"
            yield Row(what, count / taken, note=note, unit=" rows/s")
