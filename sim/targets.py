"""Is the season good enough? Each target of the scenario against what was simulated.

An interval wholly on the right side passes, wholly on the wrong side fails; one that straddles its target is **at
risk**: more replications may decide it. With one replication there is no interval, so the value alone decides.
"""

from dataclasses import dataclass
from enum import StrEnum

from domain.service_level import LevelFormula
from scenarios.scenario_loader import LoadedScenario
from scenarios.schema.season import Scenario
from sim.figures import Row

_FORMULAS = {
    "of_offered": LevelFormula.OF_OFFERED,
    "of_offered_less_short": LevelFormula.WITHOUT_SHORT,
    "with_abandoned": LevelFormula.OR_GONE_IN_TIME,
}


class Status(StrEnum):
    """How a target stands."""

    PASS = "pass"  # noqa: S105 - the word of the verdict
    FAIL = "fail"
    AT_RISK = "at_risk"
    NO_DATA = "no_data"


@dataclass(frozen=True, slots=True)
class Target:
    """What a metric is to be: at least `low` and at most `high` (None: no such bound)."""

    metric: str
    low: float | None = None
    high: float | None = None

    def judge(self, row: Row) -> Status:
        """How the row stands against it."""
        if row.value is None:
            return Status.NO_DATA
        least, most = (row.value, row.value) if row.low is None or row.high is None else (row.low, row.high)
        if self._is_in(least) and self._is_in(most):
            return Status.PASS
        is_out = (self.low is not None and most < self.low) or (self.high is not None and least > self.high)
        return Status.FAIL if is_out else Status.AT_RISK

    def _is_in(self, value: float) -> bool:
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


def targets_of(scenario: Scenario) -> tuple[Target, ...]:
    """The targets a simulated season can be held to."""
    targets = scenario.targets
    return (
        Target("service_level", low=targets.phone.service_level),
        Target("abandonment_rate", high=targets.phone.abandonment),
        *(
            Target(f"frt_in_target.{channel}", low=targets.first_response_share)
            for channel in targets.first_response_s
            if scenario.demand.channel_mix.get(channel)
        ),
        Target("handoff_rate", low=targets.handoff.low, high=targets.handoff.high),
        Target("resolution_s", high=targets.resolution_p75_s),
        Target("occupancy", high=targets.occupancy_most),
    )


def formula_of(loaded: LoadedScenario) -> LevelFormula:
    """The service level formula the scenario names."""
    return _FORMULAS[loaded.scenario.rules.service_level]
