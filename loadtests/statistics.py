"""Percentiles that can be trusted: exact, with an interval, and honest about requests that failed.

A percentile is a nearest rank of what was recorded, never interpolated and never rounded to buckets. Its 95 % interval
is made of two more of the recorded latencies, chosen by the binomial distribution, so nothing is assumed about how
latencies are spread (David and Nagaraja, Order Statistics, 2003, section 7.1). A request that failed counts as slower
than every answered one: a service that refuses at once must not look fast. `None` is such an unanswered value, and
also an upper end for which there are too few requests.

Requests of one moment fare alike: a pause hits all of them. Where the slow ones come in clumps beyond chance, an
interval is widened as if there were that many times fewer requests (batch means; the factor is `design`).
"""

from functools import lru_cache
from math import ceil, floor, inf, isfinite, log, sqrt
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from domain.kpi import wilson
from loadtests.samples import Samples

LEVEL = 0.95
BATCHES, LEAST_HITS = 20, 20
BY_CHANCE = 30.14 / 19  # the 95th percentile of chi-squared with 19 degrees of freedom, by degree
F8 = NDArray[np.float64]
I8 = NDArray[np.int64]


class Percentile(msgspec.Struct, frozen=True, kw_only=True):
    """The `q`-th percentile of `n` latencies in milliseconds, and its 95 % interval; None: no answer, or (`high`) too
    few requests to say. `design`: 1, or how many times fewer requests there are in truth, because they fared alike."""

    q: float
    n: int
    ms: float | None = None
    low: float | None = None
    high: float | None = None
    design: float = 1.0

    @property
    def ends(self) -> tuple[float, float]:
        """The interval as numbers; what is None is infinite."""
        return (inf if self.low is None else self.low, inf if self.high is None else self.high)


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """`hits` of `n` and Wilson's interval of the share; None when n is 0."""

    hits: int
    n: int
    value: float | None = None
    low: float | None = None
    high: float | None = None


def failed(samples: Samples) -> NDArray[np.bool_]:
    """Which requests had no answer, or not the one they should have had."""
    found: NDArray[np.bool_] = samples.problem != ""
    return found


def judged_ms(samples: Samples) -> F8:
    """Latencies from the instant each request was due; failed ones are infinite."""
    found: F8 = np.where(failed(samples), inf, samples.latency_ms)
    return found


def rank(n: int, q: float) -> int:
    """The nearest rank of a percentile, 1 to n: the smallest that has a share q at or below it."""
    return min(max(ceil(round(q * n, 9)), 1), n)


@lru_cache(maxsize=4096)
def interval_ranks(n: int, q: float, level: float = LEVEL) -> tuple[int, int]:
    """Ranks whose values enclose the true percentile in at least `level` of all samples. 0: no lower end, n + 1: no
    upper end, because even all n values say too little."""
    below = _binomial_cdf(n, q)
    rest = (1 - level) / 2
    lower = int(np.searchsorted(below, rest, side="right"))
    upper = int(np.searchsorted(below, 1 - rest, side="left")) + 1
    return lower, upper


def least_n(q: float, level: float = LEVEL) -> int:
    """The fewest requests for which a percentile's interval has an upper end: 72 for p95, 368 for p99."""
    return ceil(log((1 - level) / 2) / log(q))


def percentile(values: Any, q: float, level: float = LEVEL) -> Percentile:  # noqa: ANN401 - whatever makes an array
    """Of latencies in the order in which they were due."""
    found = np.asarray(values, dtype=np.float64)
    n = len(found)
    if not n:
        return Percentile(q=q, n=0)
    ordered = np.sort(found)
    middle = ordered[rank(n, q) - 1]
    design = clumping(found > middle)
    lower, upper = _widened(*interval_ranks(n, q, level), n, q, design)
    low = _finite(ordered[lower - 1]) if lower else 0.0
    high = _finite(ordered[upper - 1]) if upper <= n else None
    return Percentile(q=q, n=n, ms=_finite(middle), low=low, high=high, design=design)


def clumping(hits: NDArray[np.bool_]) -> float:
    """How many times the share of hits varies more from batch to batch than chance would have it, in order of time; 1
    when that may be chance (19 of 20 times it is), or when there are too few hits to tell."""
    n, part = len(hits), float(hits.mean()) if len(hits) else 0.0
    if n * min(part, 1 - part) < LEAST_HITS:
        return 1.0
    size = n // BATCHES
    means = hits[: size * BATCHES].reshape(BATCHES, size).mean(axis=1)
    found = float(means.var(ddof=1)) * size / (part * (1 - part))
    return found if found > BY_CHANCE else 1.0


def share(hits: int, n: int, design: float = 1.0) -> Share:
    """Of hits among n; `design`: the interval is that of so many times fewer."""
    if not n:
        return Share(hits=0, n=0)
    fewer = max(round(n / design), 1)
    low, high = wilson(min(round(hits / design), fewer), fewer)
    return Share(hits=hits, n=n, value=hits / n, low=min(low, hits / n), high=max(high, hits / n))


def error_share(samples: Samples) -> Share:
    """Of failed requests."""
    bad = failed(samples)
    return share(int(bad.sum()), len(samples), clumping(bad))


def by_second(instants_ns: I8, start_ns: int, seconds: int) -> I8:
    """How many fall into each second from `start_ns` on; what lies outside is left out."""
    places = (instants_ns - start_ns) // 1_000_000_000
    kept = places[(places >= 0) & (places < seconds)]
    return np.bincount(kept, minlength=seconds)


def _widened(lower: int, upper: int, n: int, q: float, design: float) -> tuple[int, int]:
    if design == 1.0:
        return lower, upper
    wider, middle = sqrt(design), q * n
    return max(floor(middle - (middle - lower) * wider), 0), min(ceil(middle + (upper - middle) * wider), n + 1)


def _finite(value: float) -> float | None:
    return float(value) if isfinite(value) else None


def _binomial_cdf(n: int, p: float) -> F8:
    """P(X <= k) for k = 0..n; by logarithms, so that a million trials neither over- nor underflow."""
    k = np.arange(n + 1)
    log_factorial = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, n + 1)))])
    logs = log_factorial[n] - log_factorial - log_factorial[::-1] + k * np.log(p) + (n - k) * np.log1p(-p)
    found: F8 = np.minimum(np.cumsum(np.exp(logs)), 1.0)
    return found
