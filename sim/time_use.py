"""Agents' seconds by interval and group: periods are cut at the boundaries of intervals, exactly."""

import numpy as np
from numpy.typing import NDArray

F8 = NDArray[np.float64]


def spread(into: F8, interval_s: float, start: F8, end: F8, group: NDArray[np.int64]) -> None:
    """Add periods `[start, end)` of agents of a group to `into` (shape: intervals, groups); what lies beyond the last
    interval is left out."""
    count, groups = into.shape
    is_within = start < count * interval_s
    start, group = start[is_within], group[is_within]
    end = np.minimum(end[is_within], count * interval_s)
    if not len(start):
        return
    first, last = np.floor(start / interval_s).astype(np.int64), np.floor(end / interval_s).astype(np.int64)
    base, rows = int(first.min()), int(last.max()) + 2

    def summed(interval: NDArray[np.int64], of: NDArray[np.int64], weight: F8 | None) -> F8:
        flat = np.bincount((interval - base) * groups + of, weight, (rows - base) * groups)
        return np.asarray(flat.reshape(-1, groups), np.float64)

    is_cut = first != last
    seconds = np.where(is_cut, (first + 1) * interval_s, end) - start
    found = summed(first, group, seconds)
    cut = np.flatnonzero(is_cut)
    first, last, end, group = first[cut], last[cut], end[cut], group[cut]
    found += summed(last, group, end - last * interval_s)
    found += np.cumsum(summed(first + 1, group, None) - summed(last, group, None), axis=0) * interval_s
    until = min(rows, count)
    into[base:until] += found[: until - base]
