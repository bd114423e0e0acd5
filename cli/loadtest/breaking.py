"""Breaks machines on time, and mends them: the service is killed as a crash would, the PMS and the database restart.

Each is written down when it begins and once more when the machine answers again. A break that cannot be played here
(there is no database of the run's own) is kept as such: a plan that was not played proves nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cli.loadtest.timetable import NS, Break, add_marks
from integration.ports.surroundings import Clock
from loadtests.checks import Check, Section
from loadtests.run_plan import Mark
from loadtests.words import CheckStatus

Step = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Machine:
    """How a machine is broken, how it is mended, and what it is called."""

    name: str
    fail: Step
    mend: Step


@dataclass
class Breaking:
    """Plays breaks. `machines`: by kind of break; `away`: names of those that are away on purpose at the moment."""

    machines: Mapping[str, Machine]
    folder: Path
    clock: Clock
    away: set[str] = field(default_factory=set)
    played: list[Break] = field(default_factory=list)

    async def play(self, breaks: Sequence[Break], t0_ns: int) -> None:
        """All of them, one after the other. StoreUnavailable when a machine does not come up again."""
        for one in breaks:
            machine = self.machines.get(one.kind)
            if machine is not None:
                await asyncio.sleep(max((t0_ns + one.at_s * NS - self.now_ns()) / NS, 0))
                await self._play(one, machine)

    async def _play(self, one: Break, machine: Machine) -> None:
        began = self.now_ns()
        add_marks(self.folder, [Mark(kind=one.kind, began_ns=began, ended_ns=0, about=machine.name)])
        self.away.add(machine.name)
        await machine.fail()
        await asyncio.sleep(one.away_s)
        await machine.mend()
        self.away.discard(machine.name)
        self.played.append(one)
        add_marks(self.folder, [Mark(kind=one.kind, began_ns=began, ended_ns=self.now_ns(), about=machine.name)])

    def now_ns(self) -> int:
        """The machine's clock."""
        return unix_ns(self.clock)

    def check(self, breaks: Sequence[Break], missing: Mapping[str, str]) -> list[Check]:
        """Whether what was planned was played; nothing when nothing was. `missing`: why a kind cannot be."""
        if not breaks:
            return []
        skipped = sorted({one.kind for one in breaks if one.kind not in self.machines})
        if skipped:
            status, why = CheckStatus.SKIPPED, "; ".join(f"{kind}: {missing.get(kind, 'not ours')}" for kind in skipped)
        else:
            status, why = (CheckStatus.PASS if len(self.played) == len(breaks) else CheckStatus.INVALID), "marks.jsonl"
        kinds = ", ".join(one.kind for one in breaks)
        return [Check(Section.LOAD, "breakdowns_played", kinds, f"{len(self.played)} of {len(breaks)}", status, why)]


def unix_ns(clock: Clock) -> int:
    """A clock in Unix nanoseconds."""
    return int(clock.now().timestamp() * NS)
