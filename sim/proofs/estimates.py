"""A simulated figure and how far chance may have moved it: batch means.

Contacts of one long run hang together (who waits long makes the next one wait), so a standard error over contacts would
be far too small. The run is cut into `BATCHES` stretches of equal time, each long against the memory of the queue; the
first 5 % are dropped because the house starts empty. A figure is a ratio of sums (all waits over all guests); its
standard error comes from how the batches differ from it (the delta method). Where days start empty, a day is a batch.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BATCHES = 60
WARM_UP = 3
_F8 = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A simulated figure and its standard error (0: it is exact)."""

    value: float
    se: float = 0.0


def ratio(tops: _F8, bottoms: _F8) -> Estimate:
    """Sum over sum, from one top and one bottom a batch."""
    value = float(tops.sum() / bottoms.sum())
    rest = tops - value * bottoms
    count = len(tops)
    return Estimate(value, float(np.sqrt((rest**2).sum() / (count * (count - 1))) / bottoms.mean()))


@dataclass(frozen=True, slots=True)
class Batches:
    """Cuts a run of `until_s` seconds into batches and leaves the warm-up out."""

    until_s: float

    @property
    def length_s(self) -> float:
        """Seconds of a batch."""
        return self.until_s / BATCHES

    def sums(self, at: _F8, values: _F8 | NDArray[np.bool_]) -> _F8:
        """Sum of the values of what happened in each batch."""
        number = np.floor(at / self.length_s).astype(np.int64)
        kept = number < BATCHES
        found = np.bincount(number[kept], weights=values[kept].astype(np.float64), minlength=BATCHES)
        return np.asarray(found[WARM_UP:], dtype=np.float64)

    def mean(self, at: _F8, values: _F8 | NDArray[np.bool_], of: NDArray[np.bool_] | None = None) -> Estimate:
        """Mean of the values, or of those marked by `of`."""
        counted = np.ones(len(at), dtype=np.bool_) if of is None else of
        return ratio(self.sums(at, np.where(counted, values, 0)), self.sums(at, counted))
