"""Busy days: how much day totals vary beyond chance, and how alike mornings and afternoons are.

Poisson counts have a variance equal to their mean; what is left is the day's own factor. With mean m a day's count has
variance m + cv^2 m^2, so cv^2 = sum((count - m)^2 - count) / sum(m^2), and the covariance of a morning and an
afternoon, which share only the factor, gives its correlation. Factors that were fitted before have taken a few degrees
of freedom; they are given back. Errors come from leaving out one day after the other (jackknife).
"""

from collections.abc import Callable

import numpy as np

from sim.fit.fitted import Z95, Fitted, Of, number, too_few
from sim.fit.log import F8

LEAST_DAYS = 28
LEAST_CV = 0.02
_Statistic = Callable[[F8], float]


def fit_day_factor(counted: F8, mean: F8, taken: int) -> list[Fitted]:
    """`counted`, `mean`: by day, morning and afternoon; `taken`: factors fitted to the days."""
    names = ("demand.day_factor.cv", "demand.day_factor.half_day_correlation")
    days = len(counted)
    if days < max(LEAST_DAYS, 2 * taken):
        return [too_few(name, days, Of.DAYS, max(LEAST_DAYS, 2 * taken)) for name in names]
    free = days / (days - taken)
    whole, expected = counted.sum(axis=1), mean.sum(axis=1)
    beyond = free * (whole - expected) ** 2 - whole
    squares = np.stack([beyond, expected**2], axis=1)
    cv, error = jackknife(squares, lambda sums: float(np.sqrt(max(sums[0], 0.0) / sums[1])))
    rows = [number(names[0], cv, Z95 * error, days, Of.DAYS, 2.0)]
    return [*rows, _correlation(names[1], counted, mean, free) if cv > LEAST_CV else too_few(names[1], 0, Of.DAYS, 1)]


def _correlation(path: str, counted: F8, mean: F8, free: float) -> Fitted:
    days, away = len(counted), counted - mean
    own = free * away**2 - counted
    both, squares = free * away[:, 0] * away[:, 1], mean**2
    terms = np.stack([own[:, 0], own[:, 1], both, squares[:, 0], squares[:, 1], mean[:, 0] * mean[:, 1]], axis=1)

    def correlation(sums: F8) -> float:
        spread = (sums[0] + sums[1]) / (sums[3] + sums[4])
        return float(sums[2] / sums[5] / spread) if spread > 0 else 0.0

    value, error = jackknife(terms, correlation)
    return number(path, value, Z95 * error, days, Of.DAYS, 1.0)


def jackknife(terms: F8, statistic: _Statistic) -> tuple[float, float]:
    """A statistic of sums over days, and its standard error."""
    sums, days = terms.sum(axis=0), len(terms)
    without = np.array([statistic(sums - row) for row in terms])
    spread = (days - 1) / days * float(((without - without.mean()) ** 2).sum())
    return statistic(sums), float(np.sqrt(spread))
