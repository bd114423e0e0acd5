"""Whether money has moved by more than chance, from its sums of each day.

A week's takings are the sum of its days, so how far these are apart says how far the sum may stray: its interval is
that of Student's t over the days. What one reservation brings is a ratio, all money over all reservations; its interval
is that of a ratio estimator (Cochran 1977, 6.4), by how far each day's money is from what its number of reservations
would have brought. Weekends differ from other days as a rule and not by chance, which makes both wider than they need
be: a move of money that is called real is.
"""

from collections.abc import Sequence
from math import sqrt

from domain.kpi_moves import LEAST, Estimate

# Student's t, 97.5 %, by degrees of freedom from 1; beyond these days the normal figure will do.
_T = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
    2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
)  # fmt: skip
_BEYOND = 1.96
Day = tuple[float, int]


def takings(days: Sequence[Day]) -> Estimate:
    """All money of some days, (money, of how many) each, days without any too. No interval under five days."""
    amounts, n = [amount for amount, _ in days], sum(count for _, count in days)
    if len(days) < LEAST:
        return Estimate(sum(amounts), n=n)
    mean = sum(amounts) / len(days)
    return _within(sum(amounts), sum((one - mean) ** 2 for one in amounts), len(days), 1, n)


def average(days: Sequence[Day]) -> Estimate:
    """What one is worth. No interval where fewer than five days had any; no figure where none had."""
    n = sum(count for _, count in days)
    if not n:
        return Estimate(None)
    ratio = sum(amount for amount, _ in days) / n
    if sum(count > 0 for _, count in days) < LEAST:
        return Estimate(ratio, n=n)
    return _within(ratio, sum((amount - ratio * count) ** 2 for amount, count in days), len(days), n, n)


def _within(value: float, squares: float, days: int, over: int, n: int) -> Estimate:
    """A figure, the squares of what each day strays by, and what the sum is divided by."""
    half = t_of(days - 1) * sqrt(days / (days - 1) * squares) / over
    return Estimate(value, max(value - half, 0.0), value + half, n)


def t_of(freedom: int) -> float:
    """Student's t for 95 %; ValueError below one degree of freedom."""
    if freedom < 1:
        raise ValueError("an interval needs at least two days")
    return _T[freedom - 1] if freedom <= len(_T) else _BEYOND
