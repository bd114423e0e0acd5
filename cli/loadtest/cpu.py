"""How busy a process and its children are, read from the system (`/proc`; nothing is measured where there is none)."""

import asyncio
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from loadtests.machines import Machines

EVERY_S = 1.0
PROC = Path("/proc")
_UTIME, _STIME = 11, 12
Pid = Callable[[], int | None]


class Meter:
    """Notes the share of a core of each process, every second, until it is cancelled."""

    def __init__(self, pids: Mapping[str, Pid], began_ns: int, proc: Path = PROC) -> None:
        """`pids`: the id of each process at the moment, None while it is away."""
        self._pids, self._began_ns, self._proc = pids, began_ns, proc
        self._ticks = os.sysconf("SC_CLK_TCK")
        self._shares: dict[str, list[float]] = {name: [] for name in pids}

    async def run(self) -> None:
        """Measure on and on."""
        loop = asyncio.get_running_loop()
        due, before = loop.time(), self._spent()
        while True:
            due += EVERY_S
            await asyncio.sleep(max(due - loop.time(), 0))
            now = self._spent()
            for name, (pid, ticks) in now.items():
                same = before[name][0] == pid and pid is not None
                self._shares[name].append((ticks - before[name][1]) / self._ticks / EVERY_S if same else 0.0)
            before = now

    def machines(self) -> Machines:
        """What was measured."""
        return Machines(began_ns=self._began_ns, cpu={name: tuple(found) for name, found in self._shares.items()})

    def _spent(self) -> dict[str, tuple[int | None, int]]:
        found = {name: pid() for name, pid in self._pids.items()}
        return {name: (pid, 0 if pid is None else self._ticks_of(pid)) for name, pid in found.items()}

    def _ticks_of(self, pid: int) -> int:
        """Ticks of a process and of those it has started; 0 when it is gone."""
        try:
            fields = (self._proc / str(pid) / "stat").read_text().rpartition(")")[2].split()
            children = (self._proc / str(pid) / "task" / str(pid) / "children").read_text().split()
        except OSError:
            return 0
        return int(fields[_UTIME]) + int(fields[_STIME]) + sum(self._ticks_of(int(one)) for one in children)
