"""How drawn uniforms become values: thresholds for a choice of few, lookups for a distribution, by the inverse.

Every value is a non-decreasing function of its own uniform, so that a what-if that changes a share or a mean moves the
values of the same contacts a little instead of drawing others (common random numbers). A **lookup** holds a
distribution's quantiles at the middles of 16,384 equal steps: its values are those of the distribution to within one
part in 16,384, and a lookup costs a few nanoseconds.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

F8 = NDArray[np.float64]
I8 = NDArray[np.int64]
STEPS = 1 << 14
MIDDLES: F8 = (np.arange(STEPS) + 0.5) / STEPS


def thresholds(weights: ArrayLike) -> F8:
    """From weights (last axis: choices) to the uniforms at which the next choice begins, one column fewer.

    A row without any weight chooses the first. ValueError for a negative weight.
    """
    given = np.asarray(weights, dtype=np.float64)
    if (given < 0).any():
        raise ValueError("a weight is negative")
    sums = given.cumsum(axis=-1)
    total = sums[..., -1:]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(total > 0, sums[..., :-1] / total, 1.0)


def choose(u: F8, limits: F8, rows: I8) -> I8:
    """The choice of each uniform by the thresholds of its row (`limits[row]`)."""
    chosen = np.zeros(len(u), dtype=np.int64)
    for column in limits.T:
        chosen += u >= column.take(rows)
    return chosen


def lookup_of(values: Sequence[float] | F8, weights: Sequence[float] | F8) -> F8:
    """The lookup of a discrete distribution."""
    order = np.argsort(np.asarray(values, dtype=np.float64), kind="stable")
    limits = thresholds(np.asarray(weights, dtype=np.float64)[order])
    return np.asarray(values, dtype=np.float64)[order][np.searchsorted(limits, MIDDLES, side="right")]


def gamma_days(shape: float, scale_days: float, most_days: int) -> I8:
    """Lookup of a gamma distribution in whole days, rounded down, given that it is `most_days` at most."""
    from scipy.special import gammainc, gammaincinv  # noqa: PLC0415 - a tenth of a second, read when a plan is made

    below = gammainc(shape, (most_days + 1) / scale_days)
    days: I8 = np.floor(scale_days * gammaincinv(shape, MIDDLES * below)).astype(np.int64)
    return days


def beta_parts(at_once: float, a: float, b: float) -> F8:
    """Lookup of a part: 0 with chance `at_once`, else beta(a, b)."""
    from scipy.special import betaincinv  # noqa: PLC0415 - as above

    later = np.clip((MIDDLES - at_once) / max(1 - at_once, 1e-12), 0.0, 1.0)
    return np.where(at_once > MIDDLES, 0.0, betaincinv(a, b, later))


def lognormal(median: float, sigma: float) -> F8:
    """Lookup of a lognormal distribution."""
    from scipy.special import ndtri  # noqa: PLC0415 - as above

    return np.asarray(median * np.exp(sigma * ndtri(MIDDLES)), dtype=np.float64)


def geometric_turns(mean: float) -> I8:
    """Lookup of a geometric number, 1 at least, with this mean."""
    if mean <= 1:
        return np.ones(STEPS, dtype=np.int64)
    turns: I8 = np.floor(np.log1p(-MIDDLES) / np.log1p(-1 / mean)).astype(np.int64) + 1
    return turns
