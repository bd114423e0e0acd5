"""Seasons as they were planned, for the service: simulated in a process beside it, one at a time, and kept.

Whoever asks first waits a moment and is then told to ask again (`NotReady`); the simulation goes on. A name is that of
a shipped scenario or of a file in the home's folder `scenarios`; a path is never taken from a request. A plan is kept
until its scenario changes or newer ones take its place.
"""

import asyncio
import json
import re
import sys
from collections import OrderedDict
from pathlib import Path

from domain.errors import NotFound
from domain.kpi_plan import Planned
from domain.kpi_row import Period
from integration.errors import ConfigurationError, NotReady
from integration.usecases.marks import N_
from scenarios.file_faults import FileError
from scenarios.scenario_files import shipped_scenarios

REPLICATIONS = 10
PATIENCE_S = 10.0
KEPT, MOST_WAITING = 16, 4
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")
Key = tuple[str, Period]


class ServicePlans:
    """The plans of one process of the service. `folder`: of the home's own scenarios."""

    def __init__(self, folder: Path, patience_s: float = PATIENCE_S) -> None:
        """Nothing is simulated yet."""
        self._folder, self._patience_s = folder, patience_s
        self._found: OrderedDict[Key, Planned] = OrderedDict()
        self._under_way: dict[Key, asyncio.Task[Planned]] = {}
        self._turn = asyncio.Lock()

    async def planned(self, name: str, period: Period) -> Planned:
        """A period of a plan. NotFound, InvalidInput, NotReady; ConfigurationError for a file that cannot be used."""
        path = self._path_of(name)
        key = await asyncio.to_thread(_digest, name, path, period), period
        if key in self._found:
            self._found.move_to_end(key)
            return self._found[key]
        task = self._task_of(key, name, path)
        done, _ = await asyncio.wait([task], timeout=self._patience_s)
        if not done:
            raise _not_ready()
        return task.result()

    async def close(self) -> None:
        """Stop what is under way."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _path_of(self, name: str) -> str:
        own = self._folder / f"{name}.toml"
        if _NAME.fullmatch(name) and own.is_file():
            return str(own)
        if name in shipped_scenarios():
            return name
        mine = sorted(one.stem for one in self._folder.glob("*.toml"))
        known = ", ".join([*mine, *shipped_scenarios()])
        raise NotFound("There is no plan {plan}.", plan=name[:60], hint=known, field="plan")

    def _task_of(self, key: Key, name: str, path: str) -> "asyncio.Task[Planned]":
        task = self._under_way.get(key)
        if task is None:
            if len(self._under_way) >= MOST_WAITING:
                raise _not_ready()
            task = self._under_way[key] = asyncio.create_task(self._simulated(key, name, path))
            task.add_done_callback(lambda ended: self._ended(key, ended))
        return task

    def _ended(self, key: Key, task: "asyncio.Task[Planned]") -> None:
        del self._under_way[key]
        if not task.cancelled():
            task.exception()

    async def _simulated(self, key: Key, name: str, path: str) -> Planned:
        async with self._turn:
            said = await _process(path, key[1])
        if said is None:
            raise ConfigurationError("The plan {plan} could not be simulated.", plan=name)
        from cli.kpi_planned import planned_from

        found = self._found[key] = planned_from(json.loads(said))
        while len(self._found) > KEPT:
            self._found.popitem(last=False)
        return found


def _digest(name: str, path: str, period: Period) -> str:
    """The same for the same scenario; errors of `planned`. What it takes is imported with the first plan."""
    from cli.kpi_planned import days_of
    from scenarios.scenario_loader import load_scenario
    from sim.sensitivity import job_of

    try:
        loaded = load_scenario(path)
    except FileError as error:
        hint = N_("`santral scenario validate FILE` says what is wrong.")
        raise ConfigurationError("The plan {plan} cannot be used.", plan=name, hint=hint) from error
    days_of(loaded, period)
    return job_of(loaded).digest


async def _process(path: str, period: Period) -> bytes | None:
    """What the process says; None when it failed. It is ended when nobody waits any more."""
    words = ("-P", "-m", "cli.plan_days", path, period.first.isoformat(), period.last.isoformat(), str(REPLICATIONS))
    process = await asyncio.create_subprocess_exec(sys.executable, *words, stdout=asyncio.subprocess.PIPE)
    try:
        said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return said if process.returncode == 0 else None


def _not_ready() -> NotReady:
    return NotReady("The season is being simulated; ask again in a moment.")
