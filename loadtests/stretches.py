"""A run cut into its windows: whole, outside its faults, its busiest stretch, and each fault."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from loadtests.limits import limits_for
from loadtests.result import Window
from loadtests.run_plan import Mark, RunPlan
from loadtests.samples import Samples
from loadtests.windows import Columns, Flags, Recovery, busiest, hit_by, recoveries, start_ns, within
from scenarios.schema.season import Scenario

HOUR_S = 3600.0
PART = 3.0
RECOVERY_S = 30.0


@dataclass(frozen=True, slots=True)
class Stretches:
    """`masks`: the requests of each window by its name; `recovery_s`: how long a recovery may take."""

    windows: tuple[Window, ...]
    masks: dict[str, Flags]
    recoveries: tuple[Recovery, ...]
    columns: Columns
    recovery_s: float


def stretches(samples: Samples, marks: Sequence[Mark], plan: RunPlan, scenario: Scenario) -> Stretches:
    """The busiest stretch is an hour of the season, and never more than a third of the run; it lies outside faults."""
    columns, target = Columns.of(samples), scenario.targets.load
    most_s = scenario.load.recovery_s if scenario.load else RECOVERY_S
    found = recoveries(columns, marks, start_ns(samples), limits_for(scenario), target.error_rate)
    last = float(columns.due_s.max()) if len(columns.due_s) else 0.0
    faults = [hit_by(columns, one, most_s) for one in found]
    outside = ~np.logical_or.reduce(faults) if faults else np.ones(len(samples), dtype=np.bool_)
    start, end = busiest(columns.due_s[outside], min(HOUR_S / plan.speed, last / PART))
    masks = {
        "whole": np.ones(len(samples), dtype=np.bool_),
        "outside": outside,
        "busiest": within(columns.due_s, start, end) & outside,
        **{f"fault_{place}": mask for place, mask in enumerate(faults, 1)},
    }
    ends = {"whole": (0.0, last), "outside": (0.0, last), "busiest": (start, end)}
    for place, one in enumerate(found, 1):
        well = one.watched_s if one.took_s is None else one.took_s
        over = last if one.ended_s is None else one.ended_s + min(well, most_s)
        ends[f"fault_{place}"] = (one.began_s, max(over, one.began_s))
    windows = tuple(
        Window(name=name, began_s=ends[name][0], ended_s=ends[name][1], n=int(mask.sum()))
        for name, mask in masks.items()
    )
    return Stretches(windows, masks, tuple(found), columns, most_s)
