"""Stretches of a run that are looked at by themselves: the busiest, the faults, what lies outside them, recoveries.

A request belongs to the stretch in which it was due. Only at the brink of a fault its end counts too: what was due up
to two seconds before and was still under way when the fault began belongs to the fault. A fault's stretch goes on until
the service has recovered, and at most for as long as it may take to.

**Recovered** is the first instant from which, for a whole `HOLD_S`, no group of requests clearly misses its target (its
percentile's interval does not lie wholly beyond, and its first request is within) and no more fail than may. All times
are seconds since the first request was due.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import msgspec
import numpy as np
from numpy.typing import NDArray

from loadtests.limits import Limits
from loadtests.run_plan import Mark
from loadtests.samples import Samples
from loadtests.statistics import F8, failed, interval_ranks, judged_ms
from loadtests.words import group_of

SECOND = 1e9
BRINK_S, LAST = 2.0, 1e-6
HOLD_S = 5.0
FEWEST = 5
MOST_TRIES = 5000
Flags = NDArray[np.bool_]


class Recovery(msgspec.Struct, frozen=True, kw_only=True):
    """A fault or breakdown and what came of it. `took_s`: from its end until all was well again; None: not seen. `n`:
    requests due from its end on. `watched_s`: how long one could look before the next fault or the end of the run."""

    kind: str
    about: str
    began_s: float
    ended_s: float | None
    took_s: float | None
    watched_s: float
    n: int


@dataclass(frozen=True, slots=True)
class Columns:
    """What windows need of the samples, in the order of `due_s`. `due_s`, `done_s`: since the first was due; `ms`:
    infinite for a failure."""

    due_s: F8
    done_s: F8
    ms: F8
    failed: Flags
    group: NDArray[np.str_]

    @classmethod
    def of(cls, samples: Samples) -> "Columns":
        """Of a run."""
        zero = start_ns(samples)
        groups = {str(one): group_of(str(one)).value for one in np.unique(samples.operation)}
        named = np.array([groups[str(one)] for one in samples.operation], dtype=np.str_)
        due, done = (samples.due_ns - zero) / SECOND, (samples.done_ns - zero) / SECOND
        return cls(due, done, judged_ms(samples), failed(samples), named)


def start_ns(samples: Samples) -> int:
    """When the first request was due; 0 without any."""
    return int(samples.due_ns.min()) if len(samples) else 0


def busiest(due_s: F8, length_s: float) -> tuple[float, float]:
    """The stretch of that length with most requests; the first of several."""
    if not len(due_s):
        return 0.0, 0.0
    ordered = np.sort(due_s)
    counts = np.searchsorted(ordered, ordered + length_s, side="left") - np.arange(len(ordered))
    start = float(ordered[int(counts.argmax())])
    return start, start + length_s


def within(due_s: F8, start: float, end: float) -> Flags:
    """Which were due in [start, end)."""
    found: Flags = (due_s >= start) & (due_s < end)
    return found


def hit_by(columns: Columns, recovery: Recovery, most_s: float) -> Flags:
    """Which requests belong to a fault: due until it was over and recovered from, or under way as it began."""
    ended = inf if recovery.ended_s is None else recovery.ended_s
    until = ended + min(recovery.watched_s + LAST if recovery.took_s is None else recovery.took_s, most_s)
    early = within(columns.due_s, recovery.began_s - BRINK_S, recovery.began_s) & (columns.done_s > recovery.began_s)
    found: Flags = within(columns.due_s, recovery.began_s, until) | early
    return found


def recoveries(
    columns: Columns, marks: Sequence[Mark], zero_ns: int, limits: Limits, error_rate: float
) -> list[Recovery]:
    """One for each mark, in order of time."""
    last = float(columns.due_s.max()) if len(columns.due_s) else 0.0
    ordered = sorted(marks, key=lambda one: one.began_ns)
    begins = [(one.began_ns - zero_ns) / SECOND for one in ordered]
    found = []
    for place, mark in enumerate(ordered):
        ended = (mark.ended_ns - zero_ns) / SECOND if mark.ended_ns else None
        after = [one for one in begins[place + 1 :] if ended is not None and one > ended]
        until = min([last, *after])
        from_s = inf if ended is None else ended
        found.append(
            Recovery(
                kind=mark.kind,
                about=mark.about,
                began_s=begins[place],
                ended_s=ended,
                took_s=_took(columns, from_s, until, limits, error_rate),
                watched_s=max(0.0, until - from_s) if ended is not None else 0.0,
                n=int(within(columns.due_s, from_s, np.nextafter(until, inf)).sum()),
            )
        )
    return found


def _took(columns: Columns, ended: float, until: float, limits: Limits, error_rate: float) -> float | None:
    """Seconds from `ended` to the first good window; tried at the end of the fault and behind every bad request."""
    bad = columns.failed.copy()
    for group, (_, limit_ms) in limits.items():
        bad |= (columns.group == group.value) & (columns.ms > limit_ms)
    tries = [ended, *(np.nextafter(columns.due_s[bad & within(columns.due_s, ended, until)], inf))]
    for start in sorted(tries)[:MOST_TRIES]:
        if start + HOLD_S > until:
            return None
        first, behind = np.searchsorted(columns.due_s, (start, start + HOLD_S))
        if _is_well(columns, slice(first, behind), limits, error_rate):
            return float(start - ended)
    return None


def _is_well(columns: Columns, window: slice, limits: Limits, error_rate: float) -> bool:
    bad, ms, groups = columns.failed[window], columns.ms[window], columns.group[window]
    if len(bad) < FEWEST or bad.mean() > error_rate:
        return False
    return all(not _is_beyond(ms[groups == group.value], q, limit_ms) for group, (q, limit_ms) in limits.items())


def _is_beyond(ms: F8, q: float, limit_ms: float) -> bool:
    """Whether the first is above the limit, or the lower end of the percentile's interval."""
    if not len(ms):
        return False
    lower, _ = interval_ranks(len(ms), q)
    return bool(ms[0] > limit_ms) or int((ms <= limit_ms).sum()) < lower
