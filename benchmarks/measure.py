"""Fair measuring on a noisy machine: CPU seconds, interleaved runs, medians.

What is compared is run in turn, round after round, so that a slow minute of the machine hits all alike; the median
throws away the rounds that were disturbed. CPU time of a child process counts its own work only, not the time it
waited for a core.
"""

import os
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path


def interleaved(rounds: int, **measures: Callable[[], float]) -> dict[str, float]:
    """Call each measure once a round; give the median of each. The first round warms up and is not counted."""
    taken: dict[str, list[float]] = {name: [] for name in measures}
    for turn in range(rounds + 1):
        for name, measure in measures.items():
            value = measure()
            if turn:
                taken[name].append(value)
    return {name: statistics.median(values) for name, values in taken.items()}


def cpu_of_process(command: Sequence[str], cwd: Path | None = None, env: Mapping[str, str] | None = None) -> float:
    """Run a command to its end and give the CPU seconds, user and system, that it used. RuntimeError when it fails."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=cwd, env=env) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime


def cpu_of_call(call: Callable[[], object], times: int) -> float:
    """Call a function many times and give the CPU seconds of this process per call."""
    before = time.process_time()
    for _ in range(times):
        call()
    return (time.process_time() - before) / times


def cpu_of_running(pid: int) -> float:
    """CPU seconds that a running process, all its threads, has used so far, read from outside to the nanosecond.

    OSError where the system has no such clock (it is Linux's: the complement of the id, three bits up, and 2 for "run
    time").
    """
    return time.clock_gettime((~pid << 3) | 2)
