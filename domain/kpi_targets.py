"""What KPIs are held to that have one target for everybody, and how a line stands against its target.

Durations are held to what was promised when each case began, which differs by channel and changes with time: a duration
is met when three quarters of those that can be judged were inside their own promise, which is the same as its 75th
percentile being inside where all have one. The telephone's are 80 % answered within the seconds promised; handoffs
belong in a band of 15 to 20 %: fewer are not taken to the telephone that should be, more find no answer in writing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.kpi import Share, Spread, wilson
from domain.kpi_row import Standing

MET_AT = 75


@dataclass(frozen=True, slots=True)
class KpiTarget:
    """At least `low`, at most `high`, both included; None: no such bound."""

    low: float | None = None
    high: float | None = None

    @property
    def shown(self) -> float | None:
        """The bound people name: the upper one of a band."""
        return self.high if self.high is not None else self.low

    def holds(self, value: float) -> bool:
        """Whether a value is inside."""
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


TARGETS: Mapping[str, KpiTarget] = {
    "service_level": KpiTarget(low=0.80),
    "handoff_rate": KpiTarget(low=0.15, high=0.20),
    "in_pms_before_call_end_rate": KpiTarget(low=1.0),
}


def stands(share: Share, target: KpiTarget) -> Standing:
    """How a share stands. `near`: it is decided by chance, for its interval reaches over a bound."""
    if not share.n:
        return Standing.NO_DATA
    low, high = wilson(share.hits, share.n)
    if any(bound is not None and low < bound < high for bound in (target.low, target.high)):
        return Standing.NEAR
    return Standing.MET if target.holds(share.hits / share.n) else Standing.MISSED


def duration_stands(seconds: Spread, in_target: Share, target_s: float | None) -> Standing:
    """How a duration stands; `target_s`: the one promise that all were given, None when there were several."""
    if not seconds.n and not in_target.n:
        return Standing.NO_DATA
    if target_s is None:
        return Standing.MET if in_target.hits * 100 >= MET_AT * in_target.n else Standing.MISSED
    found = seconds.percentile(MET_AT)
    return Standing.MET if found is not None and found < target_s else Standing.MISSED


def promised(targets: Spread) -> float | None:
    """The one target that all were given; None for none or several."""
    return float(next(iter(targets.closed))) if len(targets.closed) == 1 else None
