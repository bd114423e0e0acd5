"""Simulations that others have published: their figures, and days drawn as theirs were.

A published mean has a standard error of its own (its standard deviation over its runs, and the digits it was rounded
to). Both errors go into the band: two simulations of one model differ by chance on either side.

Days start empty and end with quiet hours, so each is a run of its own. How busy a day is (a gamma factor of mean 1)
moves everything; it is drawn **stratified**, one day from each of as many equally likely slices. Means stay as they
are, errors become small; they are told from how neighbouring slices differ.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import hypot, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.stats import gamma

from sim.proofs.estimates import Estimate, ratio
from sim.proofs.feed import Chance

_F8 = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Printed:
    """A published mean and the standard deviation of one run, in steps of `last` (the last digit printed); how many
    runs."""

    mean: float
    sd: float
    runs: int = 1000
    last: float = 0.001

    @property
    def rounding(self) -> float:
        """Standard error of a number cut to its last digit."""
        return self.last / sqrt(12.0)

    @property
    def se(self) -> float:
        """How far chance and rounding may have moved the mean."""
        return hypot(self.sd / sqrt(self.runs), self.rounding)


def means(printed: Mapping[str, Printed]) -> dict[str, float]:
    """What stands in the column of exact figures."""
    return {name: one.mean for name, one in printed.items()}


def with_theirs(printed: Mapping[str, Printed], found: Mapping[str, Estimate]) -> dict[str, Estimate]:
    """The engine's figures, each with the standard error of its difference from the published one."""
    return {name: Estimate(found[name].value, hypot(found[name].se, one.se)) for name, one in printed.items()}


def stratified(tops: _F8, bottoms: _F8) -> Estimate:
    """Sum over sum, from one top and one bottom a day, days in the order of their slices, an even number of them."""
    value = ratio(tops, bottoms).value
    rest = (tops - value * bottoms).reshape(-1, 2)
    return Estimate(value, float(np.sqrt(((rest[:, 0] - rest[:, 1]) ** 2).sum()) / bottoms.sum()))


def busyness(chance: Chance, days: int, shape: float) -> _F8:
    """A gamma factor of mean 1 for each day, one from each slice, in rising order."""
    return np.asarray(gamma.ppf((np.arange(days) + chance.stream("busyness").random(days)) / days, shape) / shape)


@dataclass(frozen=True, slots=True)
class Days:
    """`count` days, each of `length_s` seconds, quiet hours included."""

    count: int
    length_s: float

    def sums(self, at: _F8, values: _F8 | NDArray[np.bool_]) -> _F8:
        """Sum of the values of what happened on each day."""
        number = np.floor(at / self.length_s).astype(np.int64)
        found = np.bincount(number, weights=values.astype(np.float64), minlength=self.count)
        return np.asarray(found[: self.count], dtype=np.float64)

    def each(self, at: _F8, values: _F8 | NDArray[np.bool_]) -> Estimate:
        """The same for a day on average, days being alike."""
        return ratio(self.sums(at, values), np.ones(self.count))

    def arrivals(
        self, stream: np.random.Generator, calls: Sequence[float] | _F8, period_s: float, factor: _F8 | None = None
    ) -> _F8:
        """Poisson arrivals in order. `calls`: expected in each period of an ordinary day; `factor`: by day."""
        counts = stream.poisson((np.ones(self.count) if factor is None else factor)[:, None] * np.asarray(calls))
        starts = np.arange(self.count)[:, None] * self.length_s + np.arange(len(calls)) * period_s
        at = np.repeat(starts.ravel(), counts.ravel())
        return np.sort(at + stream.random(len(at)) * period_s)


def merged(rows: list[_F8]) -> tuple[_F8, NDArray[np.int32]]:
    """Streams of arrivals in one, and which each came from."""
    at = np.concatenate(rows)
    order = np.argsort(at, kind="stable")
    return at[order], np.repeat(np.arange(len(rows), dtype=np.int32), [len(row) for row in rows])[order]


def even_days(contacts: int, expected: float) -> int:
    """How many days have about so many contacts; an even number."""
    return 2 * max(1, round(contacts / expected / 2))


def spread(by_day: _F8, printed: Printed) -> Estimate:
    """How far days lie apart (standard deviation), with the standard error of its difference from the published one;
    days in the order of their slices."""
    from_mean = (by_day - by_day.mean()) ** 2
    square = stratified(from_mean, np.ones(len(by_day)))
    sd = sqrt(square.value)
    theirs = float(from_mean.std()) / sqrt(printed.runs)
    return Estimate(sd, hypot(hypot(square.se, theirs) / (2 * sd), printed.rounding))
