"""Whether a KPI has moved or only chance has: an interval for each figure, and one for the difference of two.

A share has the interval of Wilson (1927), a count that of a Poisson number (Byar's approximation), a percentile of
seconds the interval between two other percentiles around it (order statistics, as Brookmeyer and Crowley 1982 do for
waits that are not over), a mean of seconds the normal one. The difference of two figures gets its interval from both of
theirs (Newcombe 1998; Zou and Donner 2008): for shares it is Newcombe's. A move is real when its interval does not hold
zero: once in twenty comparisons where nothing has changed. Money has no interval here, for a sum tells nothing of how
its parts differ; `domain.kpi_money` has one from the sums of each day.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor, sqrt

from domain.kpi import Z_95, Accumulator, Count, Share, Spread, Takings, wilson

P75 = 75
LEAST = 5


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval (None: nothing to say), what it rests on and how many are still open."""

    value: float | None
    low: float | None = None
    high: float | None = None
    n: int = 0
    open_n: int = 0


@dataclass(frozen=True, slots=True)
class Move:
    """From `before` to `now`: the change and its interval; None where one of them cannot be told."""

    now: Estimate
    before: Estimate
    change: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def is_real(self) -> bool | None:
        """Whether it is more than chance; None when that cannot be told."""
        if self.low is None or self.high is None:
            return None
        return self.low > 0 or self.high < 0


def estimate(kept: Accumulator, *, percent: int | None = P75, currency: str | None = None) -> Estimate:
    """The figure of an accumulator. `percent`: the percentile of seconds, None for their mean; `currency`: of money,
    whose figure is the average of one."""
    if isinstance(kept, Share):
        return _share(kept)
    if isinstance(kept, Count):
        return Estimate(float(kept.n), *poisson(kept.n), kept.n)
    if isinstance(kept, Spread):
        return _mean(kept) if percent is None else _percentile(kept, percent)
    if isinstance(kept, Takings):
        average = kept.average(currency or "")
        return Estimate(None if average is None else float(average), n=kept.counts.get(currency or "", 0))
    raise TypeError("there is no figure for this")


def total(kept: Takings, currency: str) -> Estimate:
    """All money of a currency."""
    amount: Decimal = kept.total(currency)
    return Estimate(float(amount), n=kept.counts.get(currency, 0))


def _share(kept: Share) -> Estimate:
    return Estimate(kept.hits / kept.n, *wilson(kept.hits, kept.n), kept.n) if kept.n else Estimate(None)


def poisson(n: int, z: float = Z_95) -> tuple[float, float]:
    """The interval of a count (Byar's approximation of the exact one). ValueError below zero."""
    if n < 0:
        raise ValueError("a count is not below zero")
    low = n * (1 - 1 / (9 * n) - z / (3 * sqrt(n))) ** 3 if n else 0.0
    more = n + 1
    return max(low, 0.0), more * (1 - 1 / (9 * more) + z / (3 * sqrt(more))) ** 3


def _mean(kept: Spread) -> Estimate:
    n, mean = kept.n, kept.mean()
    if mean is None or n < 2:  # noqa: PLR2004 - one has no spread
        return Estimate(mean, n=n, open_n=kept.open_n)
    squares = sum(times * (second - mean) ** 2 for second, times in kept.closed.items())
    half = Z_95 * sqrt(squares / (n - 1) / n)
    return Estimate(mean, max(mean - half, 0.0), mean + half, n, kept.open_n)


def _percentile(kept: Spread, percent: int) -> Estimate:
    """Open ones count as longer than they have waited. Too few, or too many open: no upper end, so no interval."""
    n = kept.n + kept.open_n
    if not n:
        return Estimate(None)
    half = 100 * Z_95 * sqrt(percent / 100 * (1 - percent / 100) / n)
    low, high = max(floor(percent - half), 1), ceil(percent + half)
    found: Mapping[int, int | None] = kept.percentiles({low, percent, min(high, 100)})
    value, end = found[percent], found[min(high, 100)]
    is_told = n >= LEAST and high < 100 and value is not None and end is not None  # noqa: PLR2004 - per cent
    return Estimate(
        None if value is None else float(value),
        float(found[low] or 0) if is_told else None,
        float(end) if is_told and end is not None else None,
        kept.n,
        kept.open_n,
    )


def move(now: Estimate, before: Estimate) -> Move:
    """The difference of two independent figures."""
    if now.value is None or before.value is None:
        return Move(now, before)
    change = now.value - before.value
    if now.low is None or now.high is None or before.low is None or before.high is None:
        return Move(now, before, change)
    down = sqrt((now.value - now.low) ** 2 + (before.high - before.value) ** 2)
    up = sqrt((now.high - now.value) ** 2 + (before.value - before.low) ** 2)
    return Move(now, before, change, change - down, change + up)
