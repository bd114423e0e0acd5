"""What a fit answers with: a value of the scenario, its interval, and the sample it rests on; or why it has none.

Intervals are 95 %: Wilson's for shares, chi-square for the mean of an exponential, normal on the scale named in the
module for the rest. A sample smaller than `least` is refused: three calls have a mean too, and it says nothing.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

import numpy as np
from numpy.typing import NDArray

Z95 = 1.959963984540054
Value = float | tuple[float, ...] | tuple[tuple[int, float], ...]


class FitStatus(StrEnum):
    """`FITTED`: the log has told it; `TOO_FEW`: it holds fewer than `least` of what is needed; `MISSING`: it has no
    column for it, or only some rows have it filled."""

    FITTED = "fitted"
    TOO_FEW = "too_few"
    MISSING = "missing"


class Of(StrEnum):
    """What a sample is counted in."""

    CONTACTS = "contacts"
    DAYS = "days"
    MONTHS = "months"
    ANSWERED = "answered"
    GAVE_UP = "gave_up"
    WAITED = "waited"
    REDIALS = "redials"
    BOOKINGS = "bookings"
    ROOMS = "rooms"


@dataclass(frozen=True, slots=True)
class Fitted:
    """One value. `value`, `low`, `high`: numbers, or lists of one length (pairs of value and weight where the file has
    such); None when it was not fitted. `n`: size of the sample in `of`; `least`: what would be needed; `rests_on`: what
    of the base the value rests on, if anything.
    """

    path: str
    n: int
    of: Of
    status: FitStatus = FitStatus.FITTED
    value: Value | None = None
    low: float | tuple[float, ...] | None = None
    high: float | tuple[float, ...] | None = None
    least: int = 0
    rests_on: str = ""


def number(path: str, value: float, half: float, n: int, of: Of, most: float = float("inf")) -> Fitted:
    """A value with a symmetric interval, cut at 0 and `most`."""
    low, high = max(value - half, 0.0), min(value + half, most)
    return Fitted(path, n, of, value=min(max(value, 0.0), most), low=low, high=high)


def too_few(path: str, n: int, of: Of, least: int) -> Fitted:
    """A refusal for want of rows."""
    return Fitted(path, n, of, FitStatus.TOO_FEW, least=least)


def missing(path: str, of: Of = Of.CONTACTS) -> Fitted:
    """A refusal for want of a column."""
    return Fitted(path, 0, of, FitStatus.MISSING)


def wilson(hits: float, n: float) -> tuple[float, float]:
    """Wilson's 95 % interval of a share; (0, 1) when there is nothing."""
    if n <= 0:
        return 0.0, 1.0
    share = hits / n
    middle = (share + Z95**2 / (2 * n)) / (1 + Z95**2 / n)
    half = Z95 / (1 + Z95**2 / n) * sqrt(max(share * (1 - share), 0.0) / n + Z95**2 / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def share(path: str, hits: int, n: int, of: Of, least: int) -> Fitted:
    """A share with Wilson's interval, or a refusal."""
    if n < least:
        return too_few(path, n, of, least)
    low, high = wilson(hits, n)
    return Fitted(path, n, of, value=hits / n, low=low, high=high)


def listed(
    path: str, values: NDArray[np.float64], halves: NDArray[np.float64], n: int, of: Of, most: float = float("inf")
) -> Fitted:
    """A list of values with symmetric intervals, cut at 0 and `most`."""
    low, high = np.maximum(values - halves, 0.0), np.minimum(values + halves, most)
    return Fitted(path, n, of, value=_tuple(values), low=_tuple(low), high=_tuple(high))


def _tuple(values: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(float(one) for one in values)
