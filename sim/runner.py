"""Run replications: as many as asked, or until an interval is narrow enough, here or on other processes.

Work goes through the interface of `concurrent.futures.Executor`, so a process pool and a Dask cluster run the very same
code. Replication k of a seed is the same season wherever and whenever it runs, and results are put together in the
order of replications: the same seed gives the same bytes on one process or many.

Sequential stopping follows Hoad, Robinson and Davies (2010): the run ends at the first n at which the interval of every
metric that matters is narrow enough and stays so for the next five replications, which are then part of it.
"""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from scenarios.scenario_loader import LoadedScenario
from sim.figures import Row, figures, half_width, rows
from sim.replication import Season, make_season, run_replication
from sim.scores import Scores
from sim.staffing.wages import season_wages
from sim.targets import formula_of

GATES = ("service_level", "revenue")
LOOK_AHEAD = 5
LEAST_REPLICATIONS = 3
_KEPT_SEASONS = 4
_seasons: OrderedDict[str, Season] = OrderedDict()

Heads = NDArray[np.int32]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Job:
    """A season to simulate: a scenario and a seed; `heads`: agents by interval and group instead of its team."""

    loaded: LoadedScenario
    seed: int
    heads: Heads | None = None

    @property
    def digest(self) -> str:
        """The same for the same scenario, whoever loaded it."""
        told = json.dumps(self.loaded.content, sort_keys=True, default=str)
        hotels = [one.hotel.model_dump_json() for one in self.loaded.hotels]
        return hashlib.sha256("\0".join([told, *hotels]).encode()).hexdigest()


@dataclass(slots=True)
class Run:
    """What came of it. `figures`: of each replication, in order; `scores`: all of them added up; `is_capped`: the
    precision asked for was not reached within the most replications allowed."""

    job: Job
    replications: int
    figures: list[dict[str, float | None]] = field(default_factory=list)
    scores: Scores | None = None
    is_capped: bool = False

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every metric with its interval."""
        return rows(self.figures)

    @property
    def season(self) -> Season:
        """The season it ran, ready-made."""
        return season_of(self.job)

    def add(self, scores: Scores) -> None:
        """One more replication. What the team costs is the same in each; heads given by the caller cost nothing."""
        found = figures(scores, formula_of(self.job.loaded))
        if self.job.heads is None:
            found["wage_cost"] = season_wages(self.job.loaded.scenario)
        self.figures.append(found)
        self.scores = scores if self.scores is None else self.scores.merge(scores)

    def values(self, metric: str) -> list[float]:
        """A metric of each replication that has it."""
        return [value for one in self.figures if (value := one[metric]) is not None]


@dataclass(frozen=True, slots=True)
class Precision:
    """How narrow: half the interval of each gate, as a part of its mean."""

    share: float
    gates: Sequence[str] = GATES
    look_ahead: int = LOOK_AHEAD

    def is_met(self, run: Run) -> bool:
        """Whether it has held for the last `look_ahead` replications and the one before them."""
        count = len(run.figures)
        first = count - self.look_ahead
        return first >= LEAST_REPLICATIONS and all(self._holds(run, n) for n in range(first, count + 1))

    def _holds(self, run: Run, n: int) -> bool:
        for gate in self.gates:
            values = run.values(gate)[:n]
            half = half_width(values)
            if half is None or half > self.share * abs(sum(values) / len(values)):
                return False
        return True


def season_of(job: Job) -> Season:
    """The job's season, made once in each process; the last few are kept."""
    digest = job.digest
    found = _seasons.get(digest)
    if found is None:
        found = _seasons[digest] = make_season(job.loaded)
        while len(_seasons) > _KEPT_SEASONS:
            _seasons.popitem(last=False)
    return found


def simulate(job: Job, replication: int) -> Scores:
    """One replication; what an executor's worker calls."""
    return run_replication(season_of(job), job.seed, replication, job.heads)


def run(
    job: Job,
    replications: int,
    *,
    executor: Executor | None = None,
    workers: int = 1,
    precision: Precision | None = None,
    progress: Progress | None = None,
) -> Run:
    """Simulate a season so many times; with a precision at most so many, and as few as that takes.

    `executor`: where to (None: here); `workers`: how many replications it is given ahead.
    """
    found = Run(job, replications)
    for scores in _in_order(job, replications, executor, workers):
        found.add(scores)
        if progress:
            progress(len(found.figures), replications)
        if precision and precision.is_met(found):
            return found
    found.is_capped = precision is not None
    return found


def _in_order(job: Job, replications: int, executor: Executor | None, workers: int) -> Iterator[Scores]:
    """Replications in order, a few under way at a time, those not wanted any more called off."""
    if executor is None:
        for replication in range(replications):
            yield simulate(job, replication)
        return
    waiting: OrderedDict[int, Future[Scores]] = OrderedDict()
    ahead = iter(range(replications))
    try:
        for replication in ahead:
            waiting[replication] = executor.submit(simulate, job, replication)
            if len(waiting) > workers:
                yield waiting.popitem(last=False)[1].result()
        while waiting:
            yield waiting.popitem(last=False)[1].result()
    finally:
        for future in waiting.values():
            future.cancel()
