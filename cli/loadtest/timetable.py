"""What goes wrong during a run, and when.

The scenario counts in season time from the start of the load: like the gaps between arrivals those times shrink with
the speed. The faults of the PMS are armed once, as windows on the mock's own clock, the scenario's before the answer
times that hold all along: a request suffers one delay at most, the oldest rule first. Machines break by real time:
how long they stay away is as long as a machine takes.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from cli.mock_faults import rules_of
from loadtests.run_plan import MARKS, Mark
from scenarios.schema.faults_profile import FaultProfile, FaultRule
from scenarios.schema.season import Scenario
from scenarios.schema.season_load import AnswerTime, LoadWindow

Body = dict[str, Any]
NS = 1_000_000_000
# What looking up a stay costs the PMS; the rest (bookings, changes, guests, deposits, tokens) takes as long as it does.
LOOK_UPS = (
    "getHotelAvailability", "getAlternateAvailability", "getAvailabilityRatePlanInfo", "getHotelInventory",
    "getRestrictionsByDateRange",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Break:
    """A machine that fails: `at_s` real seconds after the start, away for `away_s`."""

    kind: str
    at_s: float
    away_s: float


@dataclass(frozen=True, slots=True)
class Beat:
    """How season time becomes real time: from the start of the load, divided by the speed."""

    start: datetime
    speed: float

    def seconds(self, moment: timedelta | datetime) -> float:
        """Real seconds after the start; an instant is one of the season."""
        passed = moment if isinstance(moment, timedelta) else moment - self.start
        return passed.total_seconds() / self.speed


def breaks_of(window: LoadWindow, beat: Beat, wall_s: float) -> tuple[Break, ...]:
    """The breakdowns within the load, in their order."""
    found = [Break(one.kind, beat.seconds(one.at), one.away_s) for one in window.breakdowns]
    return tuple(sorted((one for one in found if 0 <= one.at_s < wall_s), key=lambda one: one.at_s))


def faults_of(
    scenario: Scenario, beat: Beat, mock_t0: datetime, pms_hotel: Callable[[str], str], seed: int
) -> list[Body]:
    """The scenario's faults as the mock takes them. `mock_t0`: what its clock shows when the load begins."""
    rules = tuple(_scaled(rule, beat) for rule in scenario.faults)
    profile = FaultProfile.model_construct(version=1, about=scenario.name, seed=seed, fault=rules)
    return rules_of(profile, mock_t0, pms_hotel, None)


def _scaled(rule: FaultRule, beat: Beat) -> FaultRule:
    def real(moment: timedelta | datetime | None) -> timedelta | None:
        return None if moment is None else timedelta(seconds=beat.seconds(moment))

    return rule.model_copy(update={"start": real(rule.start), "end": real(rule.end)})


def answer_times(window: LoadWindow, seed: int) -> list[Body]:
    """The PMS's own slowness, all along: look-ups apart from everything else."""
    rows = [(operation, window.pms.availability) for operation in LOOK_UPS] + [("*", window.pms.other)]
    return [_slow(operation, time, seed + place) for place, (operation, time) in enumerate(rows)]


def _slow(operation: str, time: AnswerTime, seed: int) -> Body:
    return {
        "kind": "slow", "operation": operation, "seed": seed,
        "median": float(time.median_ms) / 1000, "p95": float(time.p95_ms) / 1000,
    }  # fmt: skip


def fault_marks(scenario: Scenario, beat: Beat, t0_ns: int, wall_s: float) -> list[Mark]:
    """The faults that come and go. One that holds all along is part of the load, and no disturbance of it."""
    found = []
    for rule in scenario.faults:
        if rule.start is None and rule.end is None:
            continue
        began = 0.0 if rule.start is None else max(beat.seconds(rule.start), 0.0)
        ended = wall_s if rule.end is None else min(beat.seconds(rule.end), wall_s)
        if began < ended:
            about = rule.operation if rule.hotel is None else f"{rule.operation} {rule.hotel}"
            found.append(
                Mark(kind=rule.kind, began_ns=t0_ns + int(began * NS), ended_ns=t0_ns + int(ended * NS), about=about)
            )
    return found


def add_marks(folder: Path, marks: Iterable[Mark]) -> None:
    """At the end of the run's `marks.jsonl`."""
    with (folder / MARKS).open("ab") as lines:
        for mark in marks:
            lines.write(msgspec.json.encode(mark) + b"\n")


def last_end_s(marks: Sequence[Mark], t0_ns: int) -> float:
    """When the last fault is over, in real seconds after the start; 0 when there is none."""
    return max(((one.ended_ns - t0_ns) / NS for one in marks), default=0.0)
