"""Control bands: between what a day of the season stays, if the season is as it was planned.

The season is simulated some times; for each day and measure the replications give a mean and a spread, and the band is
where one more such day falls 99 times in 100 (the prediction interval of Student's t). A day outside it is one in a
hundred while the plan holds, so a run of them, or several on one side, says that it does not.
"""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from sim.runner import Job, simulate
from sim.scores import DAILY

CONFIDENCE = 0.99
LEAST_REPLICATIONS = 5
F8 = NDArray[np.float64]
SHARES = {"service_level": ("in_time", "offered"), "abandonment_rate": ("gone", "offered")}
COUNTS = {"contact_volume": "contacts", "call_volume_in": "offered", "reservations": "sold", "revenue": "revenue"}


@dataclass(frozen=True, slots=True)
class Band:
    """One measure of each day of the season: mean, lower and upper end; nan where no replication says anything."""

    mean: F8
    low: F8
    high: F8


@dataclass(frozen=True, slots=True)
class Bands:
    """All measures, from the season's first day on."""

    first: date
    days: int
    replications: int
    of: Mapping[str, Band]

    def place(self, day: date) -> int | None:
        """Which day of the season that is; None for none."""
        found = (day - self.first).days
        return found if 0 <= found < self.days else None

    @property
    def last(self) -> date:
        """The season's last day."""
        return self.first + timedelta(days=self.days - 1)


def bands(
    job: Job, replications: int, executor: Executor | None = None, tell: Callable[[int, int], None] | None = None
) -> Bands:
    """Simulate and put the bands together. ValueError below five replications, which say nothing of a spread."""
    if replications < LEAST_REPLICATIONS:
        raise ValueError("control bands need at least five replications")
    found: list[F8] = []
    for daily in _each(job, replications, executor):
        found.append(daily)
        if tell:
            tell(len(found), replications)
    every = np.stack(found)
    of = {name: band_of(every[:, DAILY.index(column)], is_share=False) for name, column in COUNTS.items()}
    for name, (hits, n) in SHARES.items():
        counted = every[:, DAILY.index(n)]
        with np.errstate(invalid="ignore", divide="ignore"):
            of[name] = band_of(np.where(counted > 0, every[:, DAILY.index(hits)] / counted, np.nan), is_share=True)
    return Bands(job.loaded.first, every.shape[2], replications, of)


def _each(job: Job, replications: int, executor: Executor | None) -> Iterator[F8]:
    if executor is None:
        for replication in range(replications):
            yield simulate(job, replication).daily
        return
    for scores in executor.map(simulate, [job] * replications, range(replications)):
        yield scores.daily


def band_of(values: F8, *, is_share: bool) -> Band:
    """Of (replications, days), or of replications by anything else; nan for what a replication does not tell."""
    there = np.isfinite(values)
    n = there.sum(axis=0)
    safe = np.where(there, values, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(n > 0, safe.sum(axis=0) / n, np.nan)
        variance = np.where(there, (values - mean) ** 2, 0.0).sum(axis=0) / (n - 1)
        wide = stats.t.ppf((1 + CONFIDENCE) / 2, np.maximum(n - 1, 1)) * np.sqrt(variance * (1 + 1 / n))
    told = n >= LEAST_REPLICATIONS
    low = np.where(told, np.maximum(mean - wide, 0.0), np.nan)
    high = np.where(told, np.minimum(mean + wide, 1.0) if is_share else mean + wide, np.nan)
    return Band(mean, low, high)


def is_outside(value: float, low: float, high: float) -> bool:
    """Whether a day is outside its band; never where there is none."""
    return bool(np.isfinite(low) and np.isfinite(high) and not low <= value <= high)
