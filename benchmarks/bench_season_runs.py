"""What a planner waits for: twenty replications of the base season with their intervals on two processes; and how much
less noisy "one more agent" is because both seasons have the same guests.

Noise is the variance of the difference between a season and the same with one more Turkish-speaking agent on the
telephone: of independent runs (the variances of the two add up) over that of the paired runs (`sim.compare`). Told for
the season's service level, and day by day: for each of the first four weeks' days the variances over the replications,
then added up, as a planner asks who would have been missing on that Monday.
"""

import time
from collections.abc import Iterator
from concurrent.futures import Executor

import numpy as np
from numpy.typing import NDArray

from benchmarks.registry import Row, Sense, benchmark
from cli.executors import executor_of
from scenarios.scenario_loader import load_scenario
from sim.compare import compare
from sim.runner import Job, Run, run, simulate

SCENARIO, MORE = "antalya-high-season", "team.phone.tr+=1"
FOUR_WEEKS = "season.last=2027-06-28"
SEED, REPLICATIONS, PROCESSES = 20270601, 20, 2
LEVEL = "service_level"
F8 = NDArray[np.float64]


def job(*sets: str) -> Job:
    """A season of the base scenario with settings."""
    return Job(load_scenario(SCENARIO, sets), SEED)


def timed(of: Job, executor: Executor) -> tuple[Run, float]:
    """All replications with every interval, and the seconds that took."""
    began = time.perf_counter()
    done = run(of, REPLICATIONS, executor=executor, workers=PROCESSES)
    if not done.rows:
        raise RuntimeError("a run has no rows")
    return done, time.perf_counter() - began


def levels_by_day(of: Job, executor: Executor) -> F8:
    """Service level of the telephone, shape (replications, days)."""
    scores = list(executor.map(simulate, [of] * REPLICATIONS, range(REPLICATIONS)))
    return np.array([one.daily[2] / one.daily[1] for one in scores])


def noise_by_day(executor: Executor) -> float:
    """Independent over paired variance, both added up over the days."""
    one, other = (levels_by_day(job(FOUR_WEEKS, *more), executor) for more in ((), (MORE,)))
    independent = one.var(axis=0, ddof=1) + other.var(axis=0, ddof=1)
    return float(independent.sum() / (other - one).var(axis=0, ddof=1).sum())


def noise_by_season(a: Run, b: Run) -> float | None:
    """The same for the season's service level."""
    return next(one.noise_ratio for one in compare(a, b) if one.metric == LEVEL)


@benchmark("season-runs")
def replications_and_pairs() -> Iterator[Row]:
    with executor_of("", PROCESSES) as executor:
        if executor is None:
            raise RuntimeError("two processes are an executor")
        a, seconds = timed(job(), executor)
        note = f"{SCENARIO}, seconds on the clock, processes started along"
        yield Row(f"{REPLICATIONS} replications on {PROCESSES} processes", seconds, 100.0, note=note, unit=" s")
        b, _ = timed(job(MORE), executor)
        by_season, by_day = noise_by_season(a, b), noise_by_day(executor)
    what, note = "variance of one more agent, independent / same guests", f"{REPLICATIONS} pairs"
    yield Row(f"{what}, by season", by_season, 20.0, Sense.AT_LEAST, note)
    yield Row(f"{what}, by day", by_day, note=f"{note}, 28 days")
