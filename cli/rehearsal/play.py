"""Play a rehearsal: callers, agents, workers and nemesis as tasks, then rest, then the checks."""

import asyncio
import gc
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from time import perf_counter, process_time
from typing import Any, TextIO

from cli.rehearsal.callers import draw_callers
from cli.rehearsal.history import History
from cli.rehearsal.house import House, Parts, open_house, zone_of
from cli.rehearsal.line import Acknowledged, Line
from cli.rehearsal.nemesis import Nemesis
from cli.rehearsal.plan import Plan
from cli.rehearsal.promises import Check, check_promises
from cli.rehearsal.stories import PAUSES_S, Errand, serve
from integration.adapters.virtual_time import VirtualClock, run_virtual
from integration.usecases.views import instant
from integration.workers.line_watch import LineWatch
from integration.workers.resolver import Resolver
from integration.workers.rounds import Rounds
from integration.workers.sweep import Sweep
from integration.workers.watch import Watch
from pms_mock import control
from scenarios.loader import load_hotel

Body = dict[str, Any]
WORK_EVERY_S = 60.0
LONGEST_REST = timedelta(hours=60)
LEAST_REST = timedelta(hours=25)
GLANCE = timedelta(minutes=10)
UNRULY = "SELECT count(*) FROM intents WHERE state IN ('sent', 'unknown') AND kind NOT IN ('local', 'deposit')"
TIMED = (
    "SELECT count(*) FROM reservations r WHERE state IN ('hold', 'option') AND NOT EXISTS (SELECT 1 FROM intents i"
    " WHERE i.reservation_id = r.reservation_id AND i.kind = 'deposit' AND i.state IN ('sent', 'unknown'))"
)


@dataclass(frozen=True, slots=True)
class Played:
    """How it ended."""

    body: Body
    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        """Whether every promise held."""
        return all(check.holds for check in self.checks)


def play(
    plan: Plan,
    *,
    parts: Parts | None = None,
    out: TextIO | None = None,
    tell: Callable[[int], None] | None = None,
) -> Played:
    """Play a plan to its end. `out` takes the history's rows, `tell` each day that is over.

    HotelFileError or FaultProfileError for files that cannot be used.
    """
    zone = zone_of(load_hotel(plan.hotel))
    began = perf_counter(), process_time()

    async def story(clock: VirtualClock) -> Played:
        house = open_house(plan, clock, parts or Parts())
        try:
            return await _Stage(house, out, tell or _silently).play(began)
        finally:
            await house.close()

    with _rare_collections():
        return run_virtual(story, start=plan.begins_at(zone), seed=plan.seed)


def _silently(_day: int) -> None:
    """Nobody watches."""


@contextmanager
def _rare_collections() -> Iterator[None]:
    """A long run makes many small values and few cycles: look for them a hundred times less often."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*before)


class _Stage:
    def __init__(self, house: House, out: TextIO | None, tell: Callable[[int], None]) -> None:
        self._house, self._tell = house, tell
        self._history, self._told = History(house.clock, out), Acknowledged()
        self._nemesis = Nemesis(house, self._history)
        self._queue: asyncio.Queue[Errand | None] = asyncio.Queue()
        self._pending = 0
        self._idle = asyncio.Event()
        self._end_s = house.plan.span.total_seconds()

    async def play(self, began: tuple[float, float]) -> Played:
        workers = self._workers()
        background = [asyncio.ensure_future(work()) for work in (self._nemesis.run, *(one.run for one in workers))]
        agents = [asyncio.ensure_future(self._agent(number)) for number in range(self._house.plan.agents)]
        try:
            await self._ring()
            await self._until_idle()
            self._nemesis.stop()
            await self._rest()
        finally:
            await _end([*background, *agents])
        checks = await check_promises(self._house, self._told, self._nemesis)
        return Played(self._body(checks, began), tuple(checks))

    def _workers(self) -> list[Rounds]:
        """The service's own, a round a minute: nothing depends on their being punctual."""
        house = self._house
        return [
            Sweep(house.sweep_desk, house.log, every_s=WORK_EVERY_S),
            Resolver(house.desk, house.log, every_s=WORK_EVERY_S),
            LineWatch(house.desk, house.log, every_s=WORK_EVERY_S),
            Watch(house.desk, house.log, every_s=WORK_EVERY_S),
        ]

    async def _ring(self) -> None:
        """Put callers into the queue at their time."""
        loop, day = asyncio.get_running_loop(), 0
        for caller in draw_callers(self._house):
            await asyncio.sleep(max(0.0, caller.at_s - loop.time()))
            while caller.at_s >= (day + 1) * 86_400:
                day += 1
                self._tell(day)
            self._put(Errand(caller, caller.steps, caller.chance(self._house)))
        await asyncio.sleep(max(0.0, self._end_s - loop.time()))
        self._tell(self._house.plan.days)

    def _put(self, errand: Errand) -> None:
        self._pending += 1
        self._queue.put_nowait(errand)

    async def _agent(self, number: int) -> None:
        line = Line(self._house, self._history, self._told, f"agent{number:02d}")
        while True:
            errand = await self._queue.get()
            if errand is None:
                return
            left = await serve(line, errand)
            if left is not None:
                self._later(*left)
            self._pending -= 1
            self._idle.set()

    def _later(self, pause: str, errand: Errand) -> None:
        """Come back after the pause, unless the rehearsal is over by then."""
        loop = asyncio.get_running_loop()
        wait = errand.chance.uniform(*PAUSES_S[pause])
        if loop.time() + wait < self._end_s:
            loop.call_later(wait, self._put, errand)

    async def _until_idle(self) -> None:
        while self._pending:
            self._idle.clear()
            await self._idle.wait()

    async def _rest(self) -> None:
        """Nobody asks any more: what runs by itself comes to its end."""
        begin = self._house.clock.now()
        while (rested := self._house.clock.now() - begin) < LONGEST_REST:
            if rested >= LEAST_REST and not self._is_unruly():
                return
            await self._house.clock.sleep(GLANCE.total_seconds())

    def _is_unruly(self) -> bool:
        return any(self._house.ours.execute(sql).fetchone()[0] for sql in (UNRULY, TIMED))

    def _body(self, checks: list[Check], began: tuple[float, float]) -> Body:
        house, plan = self._house, self._house.plan
        simulated = (house.clock.now() - plan.begins_at(zone_of(house.file))).total_seconds()
        return {
            "verdict": "PASS" if all(check.holds for check in checks) else "FAIL",
            "hotel_id": house.terms.hotel_id,
            "start": plan.start.isoformat(),
            "ended_at": instant(house.clock.now()),
            "days": plan.days,
            "seed": plan.seed,
            "agents": plan.agents,
            "faults": plan.faults,
            "asked": plan.bookings,
            "booked": len(self._told.created),
            "refused": len(self._told.refused),
            "gave_up": self._told.gave_up,
            "simulated_s": round(simulated),
            "real_s": round(perf_counter() - began[0], 1),
            "cpu_s": round(process_time() - began[1], 1),
            "checks": [check.body() for check in checks],
            "verbs": self._history.by_verb(),
            "codes": dict(sorted(self._history.codes.items())),
            "reservations": self._counted("reservations", "state"),
            "intents": self._counted("intents", "state"),
            "tasks": self._counted("tasks", "kind"),
            "events": dict(sorted(house.log.events.items())),
            "digests": {
                "rows": self._history.rows,
                "history": self._history.digest,
                "store": _digest_of(_store_lines(house)),
                "pms": _digest_of(control.dump(house.mock)),
            },
        }

    def _counted(self, table: str, column: str) -> dict[str, int]:
        sql = f"SELECT {column}, count(*) FROM {table} GROUP BY 1 ORDER BY 1"  # noqa: S608 - our own names
        return dict(self._house.ours.execute(sql).fetchall())


async def _end(tasks: list["asyncio.Future[None]"]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _store_lines(house: House) -> Iterator[str]:
    """Every row of our store, table by table."""
    names = [name for (name,) in house.ours.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")]
    for name in names:
        yield f"{name}\n"
        for row in house.ours.execute(f"SELECT * FROM {name}"):  # noqa: S608 - names from the schema
            yield f"{row!r}\n"


def _digest_of(lines: Iterator[str]) -> str:
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line.encode())
    return digest.hexdigest()
