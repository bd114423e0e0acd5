"""What a season's report looks at: the sums of all replications, turned into means of one season.

`Scores` hold sums over replications by weekday and half hour. A view divides: per replication, per such weekday of the
season, per agent second on duty. A weekday the season does not have gives nan, which plots leave blank.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from domain.kpi import Spread
from scenarios.demand_plan import HALF_HOUR_S, HALF_HOURS
from scenarios.scenario_loader import LoadedScenario
from sim.compare import Difference
from sim.figures import Row
from sim.scores import COUNTERS, DAILY, WEEK, Scores
from sim.season import SeasonModel
from sim.selling import FOR_PEOPLE, FOR_ROOMS, SOLD
from sim.sensitivity import Swing
from sim.staffing.need import DeskNeed
from sim.targets import Status, Target, targets_of

F8 = NDArray[np.float64]
Flags = NDArray[np.bool_]
SOMEBODY = 0.3


@dataclass(frozen=True, slots=True)
class Need:
    """Required heads of each desk in the busiest whole week, which begins on `monday`."""

    monday: date
    desks: tuple[DeskNeed, ...]


@dataclass(frozen=True, slots=True)
class Versus:
    """The same season with something changed: what was set, and the paired differences."""

    sets: tuple[str, ...]
    differences: tuple[Difference, ...]

    def of(self, metric: str) -> Difference | None:
        """The difference in a metric."""
        return next((one for one in self.differences if one.metric == metric), None)


@dataclass(frozen=True, slots=True)
class Tornado:
    """How far a metric swings when each assumption is turned by `step`, over `replications`; the widest first."""

    metric: str
    step: float
    base: float | None
    replications: int
    swings: tuple[Swing, ...]


@dataclass(frozen=True, slots=True)
class View:
    """A simulated season. `rows`: every metric with its interval; `digest`: of the scenario and its hotels; `versions`:
    of what computed it, by name."""

    loaded: LoadedScenario
    model: SeasonModel
    scores: Scores
    rows: tuple[Row, ...]
    seed: int
    digest: str
    versions: tuple[tuple[str, str], ...] = ()
    need: Need | None = None
    versus: Versus | None = None
    tornado: Tornado | None = None

    @property
    def n(self) -> int:
        """How many replications."""
        return max(self.scores.n, 1)

    @property
    def calls(self) -> Flags:
        """Queues of the telephone."""
        return self.scores.frame.call_queues

    @property
    def inbound(self) -> Flags:
        """Queues that guests come to; follow-up calls are ours."""
        found: Flags = self.scores.frame.queue_channel < len(self.scores.frame.channels) - 1
        return found

    @property
    def peak_day(self) -> date:
        """The day with most contacts expected."""
        return self.loaded.first + timedelta(days=self.scores.frame.peak_day)

    @property
    def weekdays(self) -> NDArray[np.int64]:
        """How many Mondays, Tuesdays... the season has."""
        frame = self.scores.frame
        return np.bincount((np.arange(frame.days) + frame.weekday) % WEEK, minlength=WEEK)

    @property
    def slots(self) -> F8:
        """How often each half hour of the week came, all replications together; nan for never."""
        often = np.repeat(self.weekdays, HALF_HOURS).astype(np.float64) * self.n
        return np.where(often > 0, often, np.nan)

    def row(self, metric: str) -> Row | None:
        """A metric with its interval, if the season has it."""
        return next((one for one in self.rows if one.metric == metric), None)

    def value(self, metric: str) -> float | None:
        """A metric's mean."""
        row = self.row(metric)
        return None if row is None else row.value

    @property
    def targets(self) -> dict[str, Target]:
        """The scenario's targets by metric."""
        return {one.metric: one for one in targets_of(self.loaded.scenario)}

    def status(self, metric: str) -> Status | None:
        """How a metric stands against its target; None without one."""
        target, row = self.targets.get(metric), self.row(metric)
        return target.judge(row) if target and row else None

    def week(self, counter: str, queues: Flags) -> F8:
        """Contacts of a mean day by weekday and half hour, (7, 48)."""
        sums = self.scores.week[COUNTERS.index(counter)][:, queues].sum(axis=1)
        found: F8 = (sums / self.slots).reshape(WEEK, HALF_HOURS)
        return found

    @property
    def is_manned(self) -> Flags:
        """Whether anybody who takes calls is planned, by weekday and half hour, (7, 48); who stays to finish a
        call does not count."""
        heads = np.nan_to_num(self.heads(self.call_groups, busy=False))
        found: Flags = (heads >= SOMEBODY).reshape(WEEK, HALF_HOURS)
        return found

    def level(self) -> F8:
        """Share of calls answered in time by weekday and half hour, (7, 48); nan where no call came or nobody is on
        duty."""
        offered, in_time = self.week("offered", self.calls), self.week("in_time", self.calls)
        with np.errstate(invalid="ignore", divide="ignore"):
            found: F8 = np.where((offered > 0) & self.is_manned, in_time / offered, np.nan)
        return found

    def peak(self, counter: str) -> F8:
        """The peak day's calls by half hour, mean of the replications."""
        found: F8 = self.scores.peak[COUNTERS.index(counter)][:, self.calls].sum(axis=1) / self.n
        return found

    def peak_heads(self, *, busy: bool) -> F8:
        """Heads that can take calls, on duty or busy, on the peak day by half hour."""
        seconds = self.scores.peak_busy_s if busy else self.scores.peak_staffed_s
        found: F8 = seconds[:, self.call_groups].sum(axis=1) / (self.n * HALF_HOUR_S)
        return found

    @property
    def call_groups(self) -> list[int]:
        """Groups that take calls."""
        groups = self.model.plan.groups
        return [place for place, one in enumerate(groups) if any(self.calls[list(one.queues)])]

    def heads(self, groups: Sequence[int], *, busy: bool) -> F8:
        """Heads on duty or busy by half hour of the week, (336,)."""
        seconds = self.scores.busy_s if busy else self.scores.staffed_s
        found: F8 = seconds[:, list(groups)].sum(axis=1) / (self.slots * HALF_HOUR_S)
        return found

    @property
    def desks(self) -> dict[str, list[int]]:
        """Groups by desk."""
        found: dict[str, list[int]] = {}
        for place, group in enumerate(self.model.groups):
            found.setdefault(group.desk, []).append(place)
        return found

    def daily(self, what: str) -> F8:
        """One of `DAILY` by day of the season, mean of the replications."""
        found: F8 = self.scores.daily[DAILY.index(what)] / self.n
        return found

    @property
    def dates(self) -> list[date]:
        """The days."""
        return [self.loaded.first + timedelta(days=day) for day in range(self.scores.frame.days)]

    def money_by_channel(self) -> list[tuple[str, float, float, float]]:
        """Channel, revenue sold, lost for want of people, lost for want of rooms, of one season."""
        amounts = self.scores.amounts / self.n
        sold, people, rooms = (
            amounts[:, list(results)].sum(axis=1).tolist() for results in (SOLD, FOR_PEOPLE, FOR_ROOMS)
        )
        return list(zip(self.scores.frame.channels, sold, people, rooms, strict=True))

    def first_responses(self) -> list[tuple[str, Spread, int, float]]:
        """Message channel, its first responses, how many guests came, and its target in seconds."""
        frame, found = self.scores.frame, []
        for place, channel in enumerate(frame.channels[:-1]):
            cases = self.scores.in_target.kept.get(channel)
            if frame.is_message[place] and cases is not None and cases.n:
                spread = self.scores.first_response.kept.get(channel, Spread())
                found.append((channel, spread, cases.n, float(frame.targets_s[place])))
        return found
