"""Two runs held against each other: what changed, by how much, and whether it is more than chance.

A difference of two percentiles gets its interval from theirs (the method of variance estimates recovery: Zou and
Donner, Statistics in Medicine 27, 2008; for shares it is Newcombe's, 1998). It needs no more than two results, so runs
of last month can be compared. A difference is **real** when its interval leaves out 0. What has no answer or no upper
end leaves its side open, and an open side proves nothing.
"""

from collections.abc import Iterator
from math import inf, isfinite, isnan, sqrt

import msgspec

from loadtests.result import Result, Row
from loadtests.statistics import Percentile

FIGURES = ("p50", "p95", "p99")
WINDOW = "outside"


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """B minus A of one figure (`p50`, `p95`, `p99` in ms; `error_rate` as a share); None: cannot be said."""

    name: str
    window: str
    figure: str
    a: float | None
    b: float | None
    value: float | None
    low: float | None
    high: float | None
    is_real: bool


def compare_results(a: Result, b: Result) -> list[Difference]:
    """Every group outside faults, then every operation of the whole run, that both have."""
    pairs = [*_paired(a.groups, b.groups, WINDOW), *_paired(a.operations, b.operations, "whole")]
    return [one for left, right in pairs for one in _differences(left, right)]


def changed(a: Result, b: Result) -> list[tuple[str, str, str]]:
    """What was not alike in how they were run; with anything here a difference may have that cause."""
    left, right = (msgspec.to_builtins(one.asked) for one in (a, b))
    told = [(key, str(left[key]), str(right[key])) for key in left if left[key] != right[key] and key != "url"]
    return [*told, *([("verdict", a.verdict.value, b.verdict.value)] if a.verdict != b.verdict else [])]


def interval_of(a: tuple[float, float, float], b: tuple[float, float, float]) -> tuple[float, float]:
    """The interval of B - A; each side is estimate, low, high. nan where a side cannot be said."""
    (mid_a, low_a, high_a), (mid_b, low_b, high_b) = a, b
    value = mid_b - mid_a
    low = value - sqrt((mid_b - low_b) ** 2 + (high_a - mid_a) ** 2) if isfinite(high_a) else -inf
    high = value + sqrt((high_b - mid_b) ** 2 + (mid_a - low_a) ** 2) if isfinite(high_b) else inf
    return low, high


def _paired(left: tuple[Row, ...], right: tuple[Row, ...], window: str) -> Iterator[tuple[Row, Row]]:
    known = {one.name: one for one in right if one.window == window}
    return ((one, known[one.name]) for one in left if one.window == window and one.name in known)


def _differences(a: Row, b: Row) -> Iterator[Difference]:
    for figure in FIGURES:
        one, other = getattr(a, figure), getattr(b, figure)
        yield _difference(a, figure, _ends(one), _ends(other))
    shares = [(one.errors.value, one.errors.low, one.errors.high) for one in (a, b)]
    left, right = ([inf if value is None else value for value in one] for one in shares)
    yield _difference(a, "error_rate", (left[0], left[1], left[2]), (right[0], right[1], right[2]))


def _ends(found: Percentile) -> tuple[float, float, float]:
    return (inf if found.ms is None else found.ms, *found.ends)


def _difference(row: Row, figure: str, a: tuple[float, float, float], b: tuple[float, float, float]) -> Difference:
    low, high = interval_of(a, b) if isfinite(a[0]) and isfinite(b[0]) else (-inf, inf)
    return Difference(
        name=row.name, window=row.window, figure=figure, a=_told(a[0]), b=_told(b[0]), value=_told(b[0] - a[0]),
        low=_told(low), high=_told(high), is_real=low > 0 or high < 0,
    )  # fmt: skip


def _told(value: float) -> float | None:
    return None if isnan(value) or not isfinite(value) else value
