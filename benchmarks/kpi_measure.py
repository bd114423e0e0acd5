"""Measure KPI reports over a loaded season, in a process of its own so that its memory is its own.

`python -m benchmarks.kpi_measure FILE|URL` prints a line of JSON: seconds of the first report (which binds the books),
of a full one (all KPIs, every dimension), of the whole alone, by channel, of one day, of one day after a change; those
of the processor in the first and in a full one; peak megabytes.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from benchmarks.kpi_season import DAYS, FIRST, HOTELS, told
from domain.access import Actor, Role
from domain.kpi_row import Dimension, Period
from integration.adapters.store import open_database, open_store
from integration.adapters.store.audit_keeper import Seal
from integration.ports.serving import UsualServing
from integration.ports.store import Store, Tx
from integration.usecases.desk import Desk
from integration.usecases.kpi_report import ReportWish, report, report_body

NOW = datetime(2027, 11, 2, 9, tzinfo=UTC)
BOSS = Actor("boss", Role.ADMIN)
SEASON = Period(FIRST, FIRST + timedelta(days=DAYS - 1))
DAY = Period(date(2027, 7, 15), date(2027, 7, 15))
ALL = tuple(one for one in Dimension if one is not Dimension.DAY)
ROUNDS = 3


class _Now:
    def now(self) -> datetime:
        return NOW

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class _House:
    """A hotel whose day is UTC's; nothing else is asked of it here."""

    def __init__(self, hotel_id: str) -> None:
        self.hotel_id = hotel_id

    def today(self, now: datetime) -> date:
        return now.date()


def a_desk(store: Store) -> Desk:
    """A desk over the season's hotels."""
    nothing = cast("Any", None)
    hotels = cast("Any", {hotel: _House(hotel) for hotel in HOTELS})
    return Desk(nothing, store, cast("Any", _Now()), nothing, nothing, nothing, nothing, hotels, serving=UsualServing())


def _opened(place: str) -> Store:
    if "://" not in place:
        return open_store(Path(place), inline=True, create=True)
    folder = Path(tempfile.mkdtemp())
    return open_database(place, Seal(folder / "audit.key", folder / "audit.checkpoints"), inline=True, create=True)


def _timed(runner: asyncio.Runner, work: Callable[[], Coroutine[Any, Any, object]], rounds: int = 1) -> float:
    """The median of some runs, seconds."""
    taken = []
    for _ in range(rounds):
        begin = time.perf_counter()
        runner.run(work())
        taken.append(time.perf_counter() - begin)
    return sorted(taken)[len(taken) // 2]


def measure(place: str) -> dict[str, float]:
    """All figures of a store."""
    store = _opened(place)
    desk = a_desk(store)

    async def made(period: Period, by: tuple[Dimension, ...] = ()) -> None:
        report_body(await report(desk, BOSS, ReportWish(period, None, by, ask_pms=False)))

    async def after_a_change() -> None:
        def touch(tx: Tx) -> None:
            for hotel_id in HOTELS:
                fact = tx.kpi_calls_on(hotel_id, DAY.first)[0]
                tx.drop_kpi_call(fact.call_id)
                tx.put_kpi_call(fact)

        await store.transact(touch)

    async def a_changed_day() -> None:
        await made(DAY)

    with asyncio.Runner() as runner:
        began = time.process_time()
        found = {"first": _timed(runner, lambda: made(SEASON, ALL))}
        bound = time.process_time()
        found["full"] = _timed(runner, lambda: made(SEASON, ALL), ROUNDS)
        found |= {"first_cpu": bound - began, "full_cpu": (time.process_time() - bound) / ROUNDS}
        found["whole"] = _timed(runner, lambda: made(SEASON), ROUNDS)
        found["channel"] = _timed(runner, lambda: made(SEASON, (Dimension.CHANNEL,)), ROUNDS)
        found["day"] = _timed(runner, lambda: made(DAY, (Dimension.CHANNEL,)), ROUNDS)
        runner.run(after_a_change())
        found["changed_day"] = _timed(runner, a_changed_day)
        runner.run(store.close())
    found["peak_mb"] = _peak_mb()
    return found


def _peak_mb() -> float:
    """Of this process since it began; `ru_maxrss` would hold its parent's too."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


if __name__ == "__main__":
    print(told(measure(sys.argv[1])))
