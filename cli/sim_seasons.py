"""The work of `santral sim run`, `compare` and `tornado`: from what was typed to the body that is printed."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cli.context import Session
from cli.executors import executor_of
from cli.scenarios import plain
from domain.errors import InvalidInput
from integration.adapters.clock import SystemClock
from scenarios.scenario_loader import LoadedScenario, load_scenario
from sim.compare import Difference, compare
from sim.figures import Row, figures
from sim.runner import GATES, Precision, Run, run, season_of
from sim.scores import Scores
from sim.sensitivity import Swing, job_of, swings
from sim.targets import Target, targets_of

Body = dict[str, Any]
MOST_REPLICATIONS = 10_000


@dataclass(frozen=True, slots=True)
class Wish:
    """How to simulate. `seed`: None for the scenario's; `workers`: 0 for as many as there are processors."""

    replications: int
    seed: int | None = None
    workers: int = 0
    executor: str = ""
    precision: float | None = None

    def __post_init__(self) -> None:
        """InvalidInput for numbers that cannot be meant."""
        if not 1 <= self.replications <= MOST_REPLICATIONS:
            raise InvalidInput("Replications are 1 to {most}.", most=MOST_REPLICATIONS, field="replications")
        check_seed(self.seed)

    @property
    def processes(self) -> int:
        """How many replications run at once."""
        return self.workers or max(len(os.sched_getaffinity(0)), 1)


def check_seed(seed: int | None) -> None:
    """InvalidInput for a number nothing can be drawn from; None is the scenario's own."""
    if seed is not None and not 0 <= seed < 2**63:
        raise InvalidInput("A seed is a whole number from 0 on.", field="seed")


def precision_of(text: str) -> float | None:
    """`2%` or `0.02` as a share; InvalidInput for anything that is no precision."""
    if not text:
        return None
    try:
        share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        share = 0.0
    if not 0 < share < 1:
        raise InvalidInput("A precision is a share such as 2% or 0.02.", field="until-precision")
    return share


class Told:
    """Tells how far a run is, with the time it will take at this pace."""

    def __init__(self, session: Session, what: str = "") -> None:
        """Start the watch."""
        self._session, self._what = session, what
        self._clock = session.clock or SystemClock(session.settings.clock_offset)
        self._since: datetime = self._clock.now()

    def __call__(self, done: int, of: int) -> None:
        """So many are done."""
        spent = (self._clock.now() - self._since).total_seconds()
        left = spent / done * (of - done)
        self._session.progress(f"{self._what}{done}/{of}" + (f", {left:.0f} s" if done < of else ""))


def simulated(session: Session, loaded: LoadedScenario, wish: Wish, what: str = "") -> Run:
    """Run a scenario as wished."""
    job, precision = job_of(loaded, wish.seed), None if wish.precision is None else Precision(wish.precision)
    workers = min(wish.processes, wish.replications)
    with executor_of(wish.executor, workers) as executor:
        return run(
            job,
            wish.replications,
            executor=executor,
            workers=workers,
            precision=precision,
            progress=Told(session, what),
        )


def run_body(ran: Run, wish: Wish) -> Body:
    """The answer of `sim run`."""
    targets = {one.metric: one for one in targets_of(ran.job.loaded.scenario)}
    found = {row.metric: row for row in ran.rows}
    rows = [_row(row, targets.get(row.metric)) for row in found.values() if ":" not in row.metric]
    half_hours = [
        {"half_hour": row.metric.partition(".")[2], **_numbers(row)} for row in found.values() if ":" in row.metric
    ]
    statuses = [row["status"] for row in rows if row["status"]]
    return {
        **_head(ran),
        "precision": wish.precision,
        "precision_reached": None if wish.precision is None else not ran.is_capped,
        "gates": list(GATES),
        "currency": _currency(ran),
        "service_level_formula": ran.job.loaded.scenario.rules.service_level,
        "verdict": "fail" if "fail" in statuses else "at_risk" if "at_risk" in statuses else "pass",
        "rows": rows,
        "half_hours": half_hours,
    }


def _head(ran: Run) -> Body:
    loaded = ran.job.loaded
    season = loaded.scenario.season
    return {
        "scenario": loaded.name,
        "first": season.first.isoformat(),
        "last": season.last.isoformat(),
        "seed": ran.job.seed,
        "replications": len(ran.figures),
    }


def _row(row: Row, target: Target | None) -> Body:
    return {
        "metric": row.metric,
        "unit": row.unit.value,
        **_numbers(row),
        "target_low": target.low if target else None,
        "target_high": target.high if target else None,
        "status": target.judge(row).value if target else None,
    }


def _numbers(row: Row) -> Body:
    return {"value": row.value, "low": row.low, "high": row.high, "n": row.n}


def compared(session: Session, left: LoadedScenario, right: LoadedScenario, wish: Wish) -> Body:
    """The answer of `sim compare`: B minus A, on the same seasons."""
    seed = left.scenario.seed if wish.seed is None else wish.seed
    same = Wish(wish.replications, seed, wish.workers, wish.executor)
    one = simulated(session, left, same, f"{left.name}: ")
    other = simulated(session, right, same, f"{right.name}: ")
    rows = [_difference(difference) for difference in compare(one, other) if ":" not in difference.metric]
    changed = [list(pair) for pair in _changes(left, right)]
    return {**_head(one), "other": right.name, "currency": _currency(one), "changed": changed, "rows": rows}


def _currency(ran: Run) -> str:
    return ran.job.loaded.scenario.selling.price.currency


def _changes(left: LoadedScenario, right: LoadedScenario) -> list[tuple[str, object, object]]:
    """Path and both values as JSON has them; None where a scenario has none."""
    before = {one.path: plain(one.value) for one in left.assumptions}
    after = {one.path: plain(one.value) for one in right.assumptions}
    paths = [*before, *(path for path in after if path not in before)]
    return [(path, before.get(path), after.get(path)) for path in paths if before.get(path) != after.get(path)]


def _difference(one: Difference) -> Body:
    return {
        "metric": one.metric,
        "unit": one.unit.value,
        "a": one.a,
        "b": one.b,
        "value": one.value,
        "low": one.low,
        "high": one.high,
        "n": one.n,
        "real": one.is_real,
        "noise_ratio": one.noise_ratio,
    }


def check_metric(loaded: LoadedScenario, metric: str, field: str) -> None:
    """InvalidInput for a metric that the season's figures do not have."""
    metrics = figures(Scores(season_of(job_of(loaded)).frame))
    if metric not in metrics:
        named = (one.partition(".") for one in metrics if ":" not in one)
        known = ", ".join(dict.fromkeys(f"{slug}.CHANNEL" if dot else slug for slug, dot, _ in named))
        raise InvalidInput("There is no metric {metric}; there are {known}.", metric=metric, known=known, field=field)


def tornado(
    session: Session, name: str, sets: Sequence[str], metric: str, step: float, wish: Wish
) -> tuple[Body, tuple[Swing, ...]]:
    """The answer of `sim tornado`."""
    loaded = load_scenario(name, sets)
    check_metric(loaded, metric, "metric")
    base = simulated(session, loaded, wish)
    workers = min(wish.processes, wish.replications)
    with executor_of(wish.executor, workers) as executor:
        found = swings(
            base,
            lambda more: load_scenario(name, [*sets, *more]),
            metric,
            step=step,
            executor=executor,
            workers=workers,
            tell=lambda done, of, knob: session.progress(f"{done}/{of} {knob}"),
        )
    value = next(row for row in base.rows if row.metric == metric)
    rows = [
        {"knob": one.knob, "down": _difference(one.down), "up": _difference(one.up), "width": one.width}
        for one in found
    ]
    body = {
        **_head(base), "currency": _currency(base), "metric": metric, "unit": value.unit.value, "step": step,
        **_numbers(value), "rows": rows,
    }  # fmt: skip
    return body, found
