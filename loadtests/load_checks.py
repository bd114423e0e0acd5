"""Was the load there? A generator that lagged, sweated or ran out of users has measured itself, so nothing else counts.

Every check here is PASS or INVALID: whatever the service did, it is not the service that failed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from loadtests.checks import Check, Section
from loadtests.generator import Health
from loadtests.limits import limits_for
from loadtests.run_plan import RunPlan
from loadtests.samples import Samples
from loadtests.statistics import percentile
from loadtests.words import CheckStatus
from scenarios.schema.season import Scenario

CPU_MOST = 0.80
LAG_PART = 0.10


@dataclass(frozen=True)
class LoadFacts:
    """The generator's processes taken together."""

    plan: RunPlan
    health: Sequence[Health]
    samples: Samples

    @property
    def planned(self) -> int:
        """Contacts that were to begin."""
        return sum(one.planned for one in self.health)

    @property
    def begun(self) -> int:
        """Contacts that did."""
        return sum(one.begun for one in self.health)

    @property
    def ended(self) -> int:
        """Contacts that came to their end."""
        return sum(one.ended for one in self.health)

    @property
    def late(self) -> int:
        """Contacts that found no free user."""
        return sum(one.late for one in self.health)

    @property
    def pool(self) -> int:
        """Users of all processes."""
        return sum(one.pool for one in self.health)

    @property
    def most_busy(self) -> int:
        """Users busy at once, at most."""
        return sum(one.most_busy for one in self.health)

    @cached_property
    def cpu_p95(self) -> float | None:
        """Of the busiest process: its share of a core in all but the worst twentieth of its seconds."""
        found = [percentile(one.cpu, 0.95).ms for one in self.health if one.cpu]
        return max((one for one in found if one is not None), default=None)

    @property
    def cpu_most(self) -> float | None:
        """The worst second of any process."""
        return max((max(one.cpu) for one in self.health if one.cpu), default=None)


def lag_limit_ms(scenario: Scenario) -> float:
    """The 99th percentile of due to sent may be as the scenario says, and never more than a tenth of its tightest
    target."""
    tightest = min(limit for _, limit in limits_for(scenario).values())
    return min(scenario.targets.load.lag_p99_ms, LAG_PART * tightest)


def load_checks(facts: LoadFacts, scenario: Scenario, *, is_complete: bool) -> Iterator[Check]:
    """In the order in which they explain each other."""
    plan = facts.plan
    whole = sum(one.is_whole for one in facts.health)
    yield _check("generator_whole", f"{plan.processes}", f"{whole}", is_good=whole == plan.processes,
                 evidence="generator-*.json")  # fmt: skip
    yield _check("run_whole", "yes", "yes" if is_complete else "no", is_good=is_complete)
    all_there = facts.planned > 0 and facts.begun == facts.ended == facts.planned
    yield _check("planned_load", f"{facts.planned}", f"{facts.begun} / {facts.ended}",
                 is_good=all_there, evidence=f"begun / ended requests={len(facts.samples)}")  # fmt: skip
    yield _check("user_pool", "0", f"{facts.late}", is_good=bool(facts.health) and not facts.late,
                 evidence=f"busy={facts.most_busy} pool={facts.pool}")  # fmt: skip
    yield _lag(facts, lag_limit_ms(scenario))
    cpu = facts.cpu_p95
    yield _check("generator_cpu", f"p95 <= {CPU_MOST:.0%}", "-" if cpu is None else f"{cpu:.0%}",
                 is_good=cpu is not None and cpu <= CPU_MOST,
                 evidence="" if facts.cpu_most is None else f"most={facts.cpu_most:.0%}")  # fmt: skip


def _lag(facts: LoadFacts, limit: float) -> Check:
    lag = facts.samples.lag_ms
    p99 = percentile(lag, 0.99).ms
    backwards = bool(len(lag)) and float(np.min(lag)) < 0
    evidence = f"max={lag.max():.1f}ms n={len(lag)}" + (" sent<due" if backwards else "") if len(lag) else "n=0"
    return _check("schedule_lag", f"p99 <= {limit:g} ms", "-" if p99 is None else f"{p99:.1f} ms",
                  is_good=p99 is not None and p99 <= limit, evidence=evidence)  # fmt: skip


def _check(name: str, target: str, measured: str, *, is_good: bool, evidence: str = "") -> Check:
    status = CheckStatus.PASS if is_good else CheckStatus.INVALID
    return Check(Section.LOAD, name, target, measured, status, evidence)
