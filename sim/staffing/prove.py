"""The roster put to the proof: simulate its week, mend it, and judge it on seasons it was not made on.

The team of the scenario is replaced by the roster, the season by the week (its own weekdays, month and calendar), and
the week is simulated as often as asked. While a target of the telephone or of first responses is missed, one person
more is hired where the missed contacts are; when all are met, people whom the week does not miss are taken out, the
dearest first, each time on the same guests (common random numbers). Sizing and mending use one seed, the last word
others: a team fitted to its own draws looks better than it is, and if it misses a target there, it gets one person more
and is judged by yet others. The **bad day** is the same week with every day as busy
as one day in ten.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
from scipy.stats import gamma

from scenarios.scenario_loader import LoadedScenario
from scenarios.schema.season import Scenario
from scenarios.schema.season_words import LANGUAGES, WEEK
from scenarios.schema.types import Language
from sim.figures import Row
from sim.runner import Job, Run, run
from sim.staffing.cover import Choice, Hire, choices, cost_of
from sim.staffing.shifts import Week
from sim.targets import Status, Target, targets_of

HELD_BACK = 7_919
BAD_DAY = 0.9
MOST_STEPS = 60
MOST_TURNS = 6
STAFFED = ("service_level", "abandonment_rate", "frt_in_target", "occupancy")


@dataclass(frozen=True, slots=True)
class Proof:
    """A roster and what it comes to. `mean`: the week as it varies; `bad`: every day as busy as one in ten; both on
    seeds of their own; `added`, `removed`: people changed after the programme; `is_met`: all targets of the mean week
    that people can do something about."""

    hires: tuple[Hire, ...]
    mean: Run
    bad: Run
    added: int
    removed: int
    is_met: bool


def with_team(loaded: LoadedScenario, hires: Sequence[Hire], monday: date, *, busy: float = 1.0) -> LoadedScenario:
    """The scenario of one week with this roster instead of its team; `busy`: contacts times so much, and no day factor
    of its own when it is not 1."""
    content: dict[str, Any] = deepcopy(loaded.content)
    content["season"] = {**content["season"], "first": monday, "last": monday + timedelta(days=WEEK - 1)}
    if busy != 1.0:
        content["demand"]["factor"] = loaded.scenario.demand.factor * busy
        content["demand"]["day_factor"] = {"distribution": "none", "cv": 0.0}
    content["shifts"] = {**content["shifts"], **{one.week.code: _shift_content(one.week) for one in hires}}
    for name, desk in content["team"].items():
        desk.update({language: 0 for language in LANGUAGES if language in desk})
        desk["roster"] = _over(desk.get("roster", {}), roster(name, hires))
    return replace(loaded, scenario=Scenario.model_validate(content), content=content)


def roster(desk: str, hires: Sequence[Hire]) -> dict[str, dict[str, list[int]]]:
    """Heads by language, shift and weekday, as a scenario writes them."""
    found: dict[str, dict[str, list[int]]] = {}
    for one in hires:
        if one.desk == desk:
            heads = found.setdefault(one.language, {}).setdefault(one.week.code, [0] * WEEK)
            for day in np.flatnonzero(one.week.days):
                heads[day] += one.people
    return found


def _over(before: dict[str, dict[str, list[int]]], ours: dict[str, dict[str, list[int]]]) -> dict[str, Any]:
    """A roster instead of another, which a file that builds on it can say: what is no longer worked is 0, not gone."""
    gone = {language: dict.fromkeys(shifts, [0] * WEEK) for language, shifts in before.items()}
    return {language: {**gone.get(language, {}), **ours.get(language, {})} for language in {**gone, **ours}}


def _shift_content(week: Week) -> dict[str, Any]:
    shift = week.shift
    return {
        "start": f"{shift.start:%H:%M}",
        "end": f"{shift.end:%H:%M}",
        "breaks": [
            {"minutes": one.minutes, "earliest": f"{one.earliest:%H:%M}", "latest": f"{one.latest:%H:%M}"}
            for one in shift.breaks
        ],
    }


@dataclass(slots=True)
class Mender:
    """Simulates one week again and again. `tell`: what is going on, in a word and a number."""

    loaded: LoadedScenario
    monday: date
    seed: int
    replications: int
    weeks: Sequence[Week]
    executor: Executor | None = None
    workers: int = 1
    tell: Callable[[str, int], None] | None = None

    def prove(self, hires: Sequence[Hire]) -> Proof:
        """Mend a roster until its week meets the targets, then judge it on other seeds."""
        counted = Counter({(one.desk, one.language, one.week): one.people for one in hires})
        ran = self._run(counted)
        added = 0
        while added < MOST_STEPS and (missed := self._missed(ran)):
            chosen = self._best(ran, missed)
            if chosen is None:
                break
            counted[chosen] += 1
            added += 1
            ran = self._run(counted)
            self._say("added", added)
        removed = 0 if self._missed(ran) else self._thin(counted)
        mean, more = self._judged(counted)
        bad = self._run(counted, mean.job.seed - self.seed, busy=self._bad_day())
        return Proof(_hires(counted), mean, bad, added + more, removed, not self._missed(mean))

    def _judged(self, counted: "Counter[Key]") -> tuple[Run, int]:
        """The week on seeds of its own. Where it misses a target there, one person more, and other seeds again: who
        judges has not been tuned to."""
        for turn in range(MOST_TURNS):
            mean = self._run(counted, HELD_BACK * (turn + 1))
            missed = self._missed(mean)
            chosen = self._best(mean, missed) if missed and turn + 1 < MOST_TURNS else None
            if chosen is None:
                break
            counted[chosen] += 1
            self._say("added", turn + 1)
        return mean, turn

    def _run(self, counted: "Counter[Key]", shift: int = 0, *, busy: float = 1.0) -> Run:
        week = with_team(self.loaded, _hires(counted), self.monday, busy=busy)
        job = Job(week, self.seed + shift)
        return run(job, self.replications, executor=self.executor, workers=self.workers)

    def _missed(self, ran: Run) -> list[tuple[Target, Row]]:
        """Targets that people can do something about and that are missed on the mean."""
        found = {row.metric: row for row in ran.rows}
        return [
            (target, found[target.metric])
            for target in targets_of(self.loaded.scenario)
            if target.metric.startswith(STAFFED)
            and target.judge(replace(found[target.metric], low=None, high=None)) is Status.FAIL
        ]

    def _best(self, ran: Run, missed: list[tuple[Target, Row]]) -> "Key | None":
        """The person who would reach most missed contacts for the money."""
        scores = ran.scores
        if scores is None:
            return None
        frame, queues = scores.frame, ran.season.model.plan.queues
        wanted = {target.metric.partition(".")[2] or "phone" for target, _ in missed}
        late = scores.week[0] - scores.week[2]
        best: tuple[float, Key | None] = (0.0, None)
        reach: dict[tuple[str, Language], Any] = {}
        for one in self._choices():
            key = (one.desk, one.language)
            if key not in reach:
                desk = self.loaded.scenario.team[one.desk]
                able = [
                    place
                    for place, queue in enumerate(queues)
                    if frame.channels[queue.channel] in wanted
                    and frame.channels[queue.channel] in desk.channels
                    and LANGUAGES[queue.language] in desk.speaks[one.language]
                ]
                reach[key] = late[:, able].sum(axis=1)
            gain = float(one.week.cover @ reach[key]) / one.cost
            if gain > best[0]:
                best = (gain, (one.desk, one.language, one.week))
        return best[1]

    def _choices(self) -> tuple[Choice, ...]:
        return choices(self.loaded.scenario, self.weeks)

    def _thin(self, counted: "Counter[Key]") -> int:
        """Take out whoever can be spared; one try for each group and week, dearest first."""
        cost = {(one.desk, one.language, one.week): one.cost for one in self._choices()}
        removed = 0
        for key in sorted(counted, key=lambda one: (-cost[one], one[0], one[1], one[2].code, one[2].days)):
            if removed >= MOST_STEPS:
                break
            counted[key] -= 1
            ran = self._run(counted)
            if self._missed(ran) or self._slights_a_language(ran):
                counted[key] += 1
            else:
                removed += 1
                self._say("removed", removed)
        return removed

    def _slights_a_language(self, ran: Run) -> bool:
        """Whether callers of one language are served worse than the target, which a good whole may hide."""
        scores = ran.scores
        if scores is None:
            return True
        offered, in_time = (scores.week[place].sum(axis=0)[scores.frame.call_queues] for place in (0, 2))
        some = offered > 0
        return bool((in_time[some] < offered[some] * self.loaded.scenario.targets.phone.service_level).any())

    def _bad_day(self) -> float:
        cv = self.loaded.scenario.demand.day_factor.cv
        return float(gamma.ppf(BAD_DAY, 1 / cv**2, scale=cv**2)) if cv else 1.0

    def _say(self, what: str, count: int) -> None:
        if self.tell:
            self.tell(what, count)


Key = tuple[str, Language, Week]


def _hires(counted: "Counter[Key]") -> tuple[Hire, ...]:
    order = sorted(counted, key=lambda one: (one[0], LANGUAGES.index(one[1]), one[2].code, one[2].days))
    return tuple(Hire(*key, counted[key]) for key in order if counted[key] > 0)


def weekly_cost(loaded: LoadedScenario, proof: Proof) -> float:
    """What the roster's week costs the hotel, in the currency of wages."""
    return cost_of(loaded.scenario, proof.hires)
