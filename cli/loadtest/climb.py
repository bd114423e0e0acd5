"""The search on real runs: each step a short run on a fresh copy of one home, and what broke first in those that fail.

The steps play the scenario's hour without its faults, and fast: a contact takes seconds, so that a minute holds enough
of them to judge. What is raised are the arrivals, told as a multiple of the season's own peak.
"""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cli.load_reports import check_body
from cli.loadtest.conduct import House, Outcome, run_load
from cli.loadtest.leftovers import temporary_place
from cli.loadtest.run_home import make_run_home
from cli.loadtest.search import Searched, Stopped, Trial, search
from cli.loadtest.wishes import LoadWish, Settled, settle
from domain.errors import InvalidInput
from integration.usecases.marks import N_
from loadtests.checks import Check, Section
from loadtests.machines import read_machines
from loadtests.peak import HOUR_S, real_peak
from loadtests.result import Result
from loadtests.statistics import percentile
from loadtests.target_checks import headroom_check
from loadtests.words import CheckStatus, Verdict
from scenarios.demand_builder import demand_plan
from scenarios.demand_plan import DAY_S, HALF_HOUR_S

Body = dict[str, Any]
SPEED = 30.0
PEACE = ("faults=[]", "load.breakdowns=[]", "load.spikes=[]", "load.peak=1")
BUSY_CPU = 0.9
LONGEST_S = 300.0
STEP = N_("Step {step}: {multiple} times the real peak ...")


@dataclass(frozen=True, slots=True)
class Bounds:
    """Real seconds of load of a step at least, most steps, and minutes after which none begins. `contacts`: how many a
    step should hold, as far as that takes no more than `LONGEST_S`: few prove little (a share below 0.1 % wants some
    3,800 requests, a 95th percentile 59 bookings)."""

    step_s: float
    most_steps: int
    most_minutes: float
    contacts: int = 400

    def length_s(self, per_hour: float) -> float:
        """How long a step is at so many contacts an hour."""
        return min(max(self.step_s, self.contacts * HOUR_S / per_hour), max(self.step_s, LONGEST_S))


def climb(house: House, wish: LoadWish, bounds: Bounds) -> Body:
    """Search, and say what was found: the answer of `loadtest search`. Raises what a run raises."""
    base = replace(wish, sets=(*wish.sets, *PEACE), speed=wish.speed or SPEED)
    settled = settle(base)
    peak = real_peak(settled.loaded)
    began = house.clock.now()
    outcomes: list[Outcome] = []

    def tried(multiple: float) -> Trial:
        house.tell(STEP, step=len(outcomes) + 1, multiple=f"{multiple:.4g}")
        step = _step_at(base, multiple * peak, bounds)
        outcomes.append(_run(replace(house, home=place / "home"), step))
        return trial_of(outcomes[-1], multiple)

    def is_late() -> bool:
        return (house.clock.now() - began).total_seconds() > bounds.most_minutes * 60

    with temporary_place("santral-climb-") as place:
        home = replace(house.settings, home=place / "home", database_url="", pms_url="", channels="")
        make_run_home(home, settled, settled.loaded.scenario.seed, began)
        found = search(tried, settled.loaded.scenario.targets.load.headroom, bounds.most_steps, is_late)
    body = body_of(settled, found, outcomes, peak)
    (wish.out / f"search-{outcomes[0].result.run_id}.json").write_text(json.dumps(body, indent=1), encoding="utf-8")
    return body


def _step_at(base: LoadWish, per_hour: float, bounds: Bounds) -> LoadWish:
    """The run that has so many contacts a real hour. InvalidInput when nobody comes in this hour of the season."""
    speed = base.speed or SPEED
    step = replace(base, minutes=bounds.length_s(per_hour) * speed / 60)
    own = expected_per_hour(settle(step)) * speed
    if not own:
        raise InvalidInput("Nobody comes in this hour of the season.", field="hour")
    return replace(step, peak=per_hour / own)


def _run(house: House, step: LoadWish) -> Outcome:
    """A step; once more when its load could not be made, for a busy moment of this machine is no limit."""
    outcome = run_load(house, step)
    again = outcome.result.verdict is Verdict.INVALID and not outcome.is_interrupted
    return run_load(house, step) if again else outcome


def expected_per_hour(settled: Settled) -> float:
    """Contacts an hour that the season expects in the window, at peak 1."""
    rates = demand_plan(settled.loaded).rates[settled.first_day].sum(axis=(1, 2))
    first, last = settled.start_s % DAY_S, settled.end_s - settled.first_day * DAY_S
    found = 0.0
    for place, contacts in enumerate(rates):
        begin = place * HALF_HOUR_S
        found += float(contacts) * max(min(last, begin + HALF_HOUR_S) - max(first, begin), 0) / HALF_HOUR_S
    return found * HOUR_S / (last - first)


def trial_of(outcome: Outcome, asked: float) -> Trial:
    """A run as a step of the search."""
    result = outcome.result
    limit = "" if result.verdict is Verdict.PASS else limit_of(result, cpu_of(outcome.folder))
    is_certain = all(one.status is not CheckStatus.AT_RISK for one in result.checks)
    return Trial(asked, result.load.multiple or 0.0, result.verdict, limit, outcome.is_interrupted, is_certain)


def limit_of(result: Result, cpu: dict[str, float]) -> str:
    """What broke first, as a slug: lost records, the generator, a process at the whole of its core, else the largest
    part of the latency that missed its target."""
    failed = [one for one in result.checks if one.status in {CheckStatus.FAIL, CheckStatus.INVALID}]
    if any(one.section is Section.INTEGRITY for one in failed):
        return "integrity"
    if any(one.section is Section.LOAD for one in failed):
        return "generator"
    busy = max(cpu, key=lambda one: cpu[one], default="")
    if busy and cpu[busy] >= BUSY_CPU:
        return f"{busy}_cpu"
    names = {one.name.partition("_")[0] for one in failed}
    parts = [row.parts for row in result.groups if row.window == "whole" and row.name in names and row.parts]
    if parts:
        worst = max(parts, key=lambda one: max(one.values()))
        return max(worst, key=lambda one: worst[one])
    return "errors"


def cpu_of(folder: Path) -> dict[str, float]:
    """How busy each process was in all but the worst twentieth of its seconds."""
    machines = read_machines(folder)
    found = {} if machines is None else {name: percentile(shares, 0.95).ms for name, shares in machines.cpu.items()}
    return {name: share for name, share in found.items() if share is not None}


def headroom_of(settled: Settled, found: Searched) -> Check:
    """The line of the verdict."""
    evidence = f"steps={len(found.trials)} stopped={found.stopped.value}"
    if found.broke is not None:
        evidence += f" broke={found.broke.multiple:.1f}x limit={found.broke.limit}"
    best, least = found.best, settled.loaded.scenario.targets.load.headroom
    if best is None:
        return headroom_check(None, least, evidence)
    return headroom_check(best.multiple, least, evidence, is_certain=best.is_certain)


def body_of(settled: Settled, found: Searched, outcomes: list[Outcome], peak: float) -> Body:
    """The answer."""
    check = headroom_of(settled, found)
    return {
        "scenario": settled.loaded.name,
        "peak_per_hour": peak,
        "multiple": None if found.best is None else found.best.multiple,
        "headroom": float(settled.loaded.scenario.targets.load.headroom),
        "status": check.status.value,
        "breaks_first": None if found.broke is None else found.broke.limit,
        "stopped": found.stopped.value,
        "interrupted": found.stopped is Stopped.INTERRUPTED,
        "check": check_body(check),
        "steps": [_step(trial, outcome) for trial, outcome in zip(found.trials, outcomes, strict=True)],
    }


def _step(trial: Trial, outcome: Outcome) -> Body:
    result, cpu = outcome.result, cpu_of(outcome.folder)
    return {
        "asked": trial.asked,
        "multiple": trial.multiple,
        "verdict": trial.verdict.value,
        "limit": trial.limit,
        "contacts": result.load.planned,
        "requests_s": result.load.requests_s,
        "service_cpu": cpu.get("service"),
        "pms_cpu": cpu.get("pms"),
        "missed": [one.name for one in result.checks if one.status in {CheckStatus.FAIL, CheckStatus.INVALID}],
        "folder": str(outcome.folder),
    }
