"""What a load test's report looks at: the result, the recorded requests, and how the generator's processes did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cli.reports.words import Words
from cli.screens.load_words import GROUPS, kind_name
from integration.usecases.marks import N_
from loadtests.generator import Health
from loadtests.limits import JUDGED
from loadtests.result import Result
from loadtests.samples import Samples
from loadtests.statistics import failed
from loadtests.windows import SECOND, start_ns
from loadtests.words import Group, group_of

LONGEST, MOST_LINES = 40, 7
F8 = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class LoadView:
    """One run. Times are seconds since the first request was due."""

    result: Result
    samples: Samples
    health: Sequence[Health]

    @cached_property
    def due_s(self) -> F8:
        """When each request was due."""
        found: F8 = (self.samples.due_ns - start_ns(self.samples)) / SECOND
        return found

    @cached_property
    def failed(self) -> Flags:
        """Which failed."""
        return failed(self.samples)

    @property
    def last_s(self) -> float:
        """The end of the time axis."""
        return float(self.due_s.max()) if len(self.due_s) else 0.0

    @property
    def moment(self) -> str:
        """When in the season the load began, local time: `2027-08-02 10:00`."""
        asked = self.result.asked
        return f"{datetime.fromisoformat(asked.season_start) + timedelta(seconds=asked.start_s):%Y-%m-%d %H:%M}"

    @property
    def operations(self) -> list[str]:
        """As they stand in the result: by group, then by name."""
        return [one.name for one in self.result.operations]

    def of(self, operation: str) -> Flags:
        """The requests of an operation."""
        found: Flags = self.samples.operation == operation
        return found

    def groups(self) -> list[tuple[Group, list[str]]]:
        """Groups that were asked for anything, with their operations."""
        found = [(group, [one for one in self.operations if group_of(one) is group]) for group in Group]
        return [one for one in found if one[1]]

    def lines(self, group: Group, w: Words) -> list[tuple[str, Flags]]:
        """What a plot can show of a group: its operations, the rarest as one when they are many."""
        names = [one for found, operations in self.groups() if found is group for one in operations]
        if len(names) <= MOST_LINES:
            return [(drawn(one), self.of(one)) for one in names]
        often = sorted(names, key=lambda one: (-int(self.of(one).sum()), one))
        rest = np.isin(self.samples.operation, often[MOST_LINES - 1 :])
        named = w(N_("{n} others"), n=str(len(names) - MOST_LINES + 1))
        return [*((drawn(one), self.of(one)) for one in sorted(often[: MOST_LINES - 1])), (named, rest)]

    def curves(self, w: Words) -> list[tuple[str, Flags]]:
        """Operations that have a target, and everything else together."""
        found = [line for group, _ in self.groups() if group in JUDGED for line in self.lines(group, w)]
        others = [self.of(one) for group, names in self.groups() if group not in JUDGED for one in names]
        return [*found, *([(group_name(Group.OTHER, w), np.logical_or.reduce(others))] if others else [])]

    def limit(self, group: Group) -> tuple[float, float] | None:
        """Percentile and milliseconds of a group's target."""
        if group not in JUDGED:
            return None
        key = f"{group.value}_p{JUDGED[group] * 100:.0f}_ms"
        limit = self.result.asked.limits.get(key)
        return None if limit is None else (JUDGED[group], limit)

    def faults(self, w: Words) -> list[tuple[str, float, float]]:
        """Name, beginning and end of what was broken; what was never mended goes on to the end."""
        return [
            (drawn(kind_name(one.kind, w)), one.began_s, self.last_s if one.ended_s is None else one.ended_s)
            for one in self.result.marks
        ]


def drawn(said: str) -> str:
    """Text that a plot can hold: printable, and no longer than fits."""
    whole = said.encode("utf-8", "replace").decode("utf-8")
    shown = "".join(one if one.isprintable() else " " for one in whole)
    return shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 1]}…"


def group_name(group: str, w: Words) -> str:
    """A group in words."""
    return w(GROUPS[group]) if group in GROUPS else group


def ms(value: float | None, w: Words) -> str:
    """A latency: `412 ms`, `1.24 s`, `15 s`; a dash for none."""
    if value is None:
        return "–"
    if value >= 1000:  # noqa: PLR2004 - a second
        return f"{w.number(value / 1000, 0 if value % 1000 == 0 else 2)} s"
    return f"{w.number(value, 0 if value >= 10 else 1)} ms"  # noqa: PLR2004 - small ones want a decimal
