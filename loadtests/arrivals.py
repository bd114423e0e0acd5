"""Who comes during a run, and when: the season's own contacts of that stretch, laid over each other as often as asked.

The contacts are drawn where the simulation draws them (`scenarios.demand`), so one hour at peak 1 is the same contacts
in both. Peak 3 lays three replications of the hour over each other; a part of one (peak 2.5) keeps those contacts of
the last whose own chance is below it, so that a higher peak only adds. A spike is a higher peak for a while. With
`rate`, the same people come evenly, so many a second of real time, from as many replications as it takes.

A contact's number is its place in the run. Generator processes share the contacts by number.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from loadtests.planned_scenario import planned_scenario
from loadtests.run_plan import RunPlan
from loadtests.scripts.cast import contact_of
from loadtests.scripts.steps import Contact
from scenarios.demand import DayDraw, DemandPlan, between, demand_plan, draw_day
from scenarios.demand_plan import DAY_S
from scenarios.demand_tables import F8, I8
from scenarios.scenario_loader import LoadedScenario
from scenarios.schema.season_load import Spike

_MASK, _NS = 2**64 - 1, 1_000_000_000
MOST_EMPTY = 200
MOST_CLOSED = 200_000


class NobodyComesError(Exception):
    """A stretch of the season in which less than one contact comes, although a rate was asked for."""


@dataclass(frozen=True, slots=True)
class Lot:
    """The window's contacts of one replication and day. `first`: the row of the day with which it begins."""

    replication: int
    first: int
    draw: DayDraw


@dataclass(frozen=True, slots=True)
class Arrivals:
    """All contacts of a run in the order in which they come. `at_s`: seconds of the season; `lot`, `row`: where each
    stands among the `lots`."""

    demand: DemandPlan
    lots: tuple[Lot, ...]
    at_s: F8
    lot: I8
    row: I8

    def __len__(self) -> int:
        """How many come in the whole run."""
        return len(self.at_s)

    def share(self, process: int, processes: int) -> range:
        """The numbers of the contacts that one of the generator processes plays."""
        return range(process, len(self), processes)

    def due_ns(self, plan: RunPlan, t0_ns: int, process: int = 0, processes: int = 1) -> list[int]:
        """When one process's contacts are due, in Unix nanoseconds, if the window starts at `t0_ns`."""
        after_s = (self.at_s[process::processes] - plan.start_s) / plan.speed
        return [t0_ns + int(one * _NS) for one in after_s.tolist()]

    def contact(self, number: int) -> Contact:
        """One contact, as its script knows it."""
        drawn = contact_of(self.demand, self.lots[self.lot[number]].draw, int(self.row[number]), number)
        return replace(drawn, at_s=float(self.at_s[number]))


def arrivals_of(plan: RunPlan) -> Arrivals:
    """The contacts of a run. NobodyComesError when a rate is asked of a stretch in which nobody comes."""
    loaded = planned_scenario(plan)
    demand = demand_plan(loaded)
    load = loaded.scenario.load
    spikes = () if load is None else load.spikes
    if plan.rate is not None:
        return _at_rate(plan, demand, plan.rate)
    factor = _Factor(plan, spikes, season_start(loaded))
    replications = range(plan.replication, plan.replication + int(np.ceil(factor.most)))
    lots = [lot for replication in replications for lot in _lots(plan, demand, replication)]
    kept = [_kept(plan, factor, lot) for lot in lots]
    found = _merged(demand, lots, kept)
    return found if plan.users is None else _over_again(found, plan.users * (1 + plan.wall_s))


def _lots(plan: RunPlan, demand: DemandPlan, replication: int) -> Iterator[Lot]:
    """The window's contacts of one replication, day by day."""
    for day in range(int(plan.start_s // DAY_S), int(np.ceil(plan.end_s / DAY_S))):
        draw = draw_day(demand, plan.seed, replication, day)
        first = int(np.searchsorted(draw.at, plan.start_s))
        yield Lot(replication, first, between(draw, plan.start_s, plan.end_s))


class _Factor:
    """How many times over contacts come, at any second of the season."""

    def __init__(self, plan: RunPlan, spikes: tuple[Spike, ...], season: datetime) -> None:
        self._peak = plan.peak
        self._spans = [(_begin(plan, one, season), one.minutes * 60, one.factor) for one in spikes]
        self.most = self._peak * float(np.prod([max(1.0, one.factor) for one in spikes]))

    def at(self, at_s: F8) -> F8:
        found = np.full(len(at_s), self._peak)
        for begin, length, factor in self._spans:
            found[(at_s >= begin) & (at_s < begin + length)] *= factor
        return found


def _begin(plan: RunPlan, spike: Spike, season: datetime) -> float:
    """When a spike begins, in seconds of the season."""
    if isinstance(spike.at, timedelta):
        return plan.start_s + spike.at.total_seconds()
    return (spike.at - season).total_seconds()


def season_start(loaded: LoadedScenario) -> datetime:
    """The aware instant of the season's second 0: midnight of its first day, in the call centre's time zone."""
    return datetime.combine(loaded.first, time(), ZoneInfo(loaded.scenario.season.time_zone))


def _kept(plan: RunPlan, factor: _Factor, lot: Lot) -> I8:
    """The rows of a replication that come: all of a whole one, a part of the last. The chances are the day's, whatever
    stretch of it is played."""
    key = np.random.SeedSequence(entropy=plan.seed & _MASK, spawn_key=(lot.replication, lot.draw.day))
    chance = np.random.default_rng(key).random(lot.first + len(lot.draw))
    is_kept = chance[lot.first :] < factor.at(lot.draw.at) - (lot.replication - plan.replication)
    rows: I8 = np.flatnonzero(is_kept)
    return rows


def _merged(demand: DemandPlan, lots: list[Lot], kept: list[I8]) -> Arrivals:
    at_s, lot, row = _columns(lots, kept)
    order = np.argsort(at_s, kind="stable")
    return Arrivals(demand, tuple(lots), at_s[order], lot[order], row[order])


def _over_again(found: Arrivals, wanted: float) -> Arrivals:
    """The same people again and again, each time as contacts of their own: whoever is free begins anew. `wanted`: more
    than will be played."""
    if not len(found):
        raise NobodyComesError("nobody comes in this stretch of the season: choose another hour")
    times = max(1, int(np.ceil(min(wanted, MOST_CLOSED) / len(found))))
    return replace(found, at_s=np.tile(found.at_s, times), lot=np.tile(found.lot, times), row=np.tile(found.row, times))


def _columns(lots: list[Lot], kept: list[I8]) -> tuple[F8, I8, I8]:
    at_s = np.concatenate([one.draw.at[rows] for one, rows in zip(lots, kept, strict=True)] or [np.zeros(0)])
    lot = np.repeat(np.arange(len(lots)), [len(rows) for rows in kept])
    row: NDArray[np.int64] = np.concatenate([*kept, np.zeros(0, dtype=np.int64)])
    return at_s, lot, row


def _at_rate(plan: RunPlan, demand: DemandPlan, rate: float) -> Arrivals:
    wanted = round(rate * plan.wall_s)
    lots: list[Lot] = []
    found = tried = 0
    while found < wanted:
        if tried >= MOST_EMPTY and found < tried:
            raise NobodyComesError("hardly anybody comes in this stretch of the season: choose another hour")
        fresh = list(_lots(plan, demand, plan.replication + tried))
        lots += fresh
        found += sum(len(one.draw) for one in fresh)
        tried += 1
    _, lot, row = _columns(lots, [np.arange(len(one.draw)) for one in lots])
    at_s: F8 = plan.start_s + np.arange(wanted, dtype=np.float64) * (plan.speed / rate)
    return Arrivals(demand, tuple(lots), at_s, lot[:wanted], row[:wanted])
