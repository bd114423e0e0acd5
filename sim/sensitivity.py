"""How much an answer depends on each assumption: one at a time, down and up by a tenth, on the same seasons.

Each knob turns every value of one kind (all talk times, everybody's patience...) by a factor, through the same `--set`
paths a planner types, and leaves the rest. The widest swing comes first, which drawn as bars is called a tornado.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace

from scenarios.scenario_loader import LoadedScenario
from sim.compare import Difference, compare
from sim.runner import Job, Run, run

STEP = 0.1
Load = Callable[[Sequence[str]], LoadedScenario]


@dataclass(frozen=True, slots=True)
class Knob:
    """One assumption. `paths`: of the scenario, all turned together; `most`: no value goes above it."""

    name: str
    paths: tuple[str, ...]
    most: float | None = None

    def turned(self, content: object, factor: float) -> list[str]:
        """The settings that turn it; none when the scenario has no such value."""
        found = []
        for path in self.paths:
            value = value_at(content, path)
            if value is not None and value > 0:
                turned = value * factor
                found.append(f"{path}={turned if self.most is None else min(turned, self.most):.12g}")
        return found


@dataclass(frozen=True, slots=True)
class Swing:
    """What turning a knob down and up does to a metric."""

    knob: str
    down: Difference
    up: Difference

    @property
    def width(self) -> float:
        """How far apart the two ends are."""
        return abs((self.up.value or 0.0) - (self.down.value or 0.0))


def value_at(content: object, path: str) -> float | None:
    """The number at a dotted path; None when there is none."""
    for step in path.split("."):
        content = content.get(step) if isinstance(content, dict) else None
    is_number = isinstance(content, int | float) or hasattr(content, "as_tuple")
    return float(content) if is_number and not isinstance(content, bool) else None  # type: ignore[arg-type]


def knobs(loaded: LoadedScenario) -> tuple[Knob, ...]:
    """The assumptions of a scenario that are worth asking about."""
    scenario = loaded.scenario
    channels = [str(one) for one in scenario.work]
    unsolved = [
        f"work.{channel}.unsolved_after_two_turns.{intent}"
        for channel, work in scenario.work.items()
        for intent in work.unsolved_after_two_turns
    ]
    return (
        Knob("volume", ("demand.factor",)),
        Knob("handle_time", _each(channels, ("work.{}.sales.mean_s", "work.{}.service.mean_s"))),
        Knob("wrap_up", _each(channels, ("work.{}.sales.wrap_s", "work.{}.service.wrap_s"))),
        Knob(
            "patience", _each([str(one) for one in scenario.patience], ("patience.{}.new_s", "patience.{}.existing_s"))
        ),
        Knob("unsolved_after_two_turns", tuple(unsolved), most=1.0),
        Knob("absence", ("staff.absence",), most=0.99),
        Knob("shrinkage", ("staff.shrinkage",), most=0.99),
        Knob("redial", ("redial.chance",), most=1.0),
        Knob("day_factor", ("demand.day_factor.cv",)),
        Knob(
            "conversion", _each([str(one) for one in scenario.selling.conversion], ("selling.conversion.{}",)), most=1.0
        ),
        Knob("lead_time", ("selling.lead_time.scale_days",)),
        Knob("price", ("selling.price.mean",)),
        Knob("others_occupancy", ("selling.others.occupancy_factor",)),
    )


def _each(names: Iterable[str], patterns: Iterable[str]) -> tuple[str, ...]:
    return tuple(pattern.format(name) for name in names for pattern in patterns)


def swings(
    base: Run,
    load: Load,
    metric: str,
    *,
    step: float = STEP,
    executor: Executor | None = None,
    workers: int = 1,
    tell: Callable[[int, int, str], None] | None = None,
) -> tuple[Swing, ...]:
    """Every knob's swing in a metric, the widest first. `load`: reads the scenario with more settings; `base`: the run
    to compare with, of as many replications as each end gets."""
    chosen = [knob for knob in knobs(base.job.loaded) if knob.turned(base.job.loaded.content, 1.0)]
    found = []
    for place, knob in enumerate(chosen):
        ends = []
        for factor in (1 - step, 1 + step):
            job = replace(base.job, loaded=load(knob.turned(base.job.loaded.content, factor)))
            other = run(job, len(base.figures), executor=executor, workers=workers)
            ends.append(next(one for one in compare(base, other) if one.metric == metric))
        found.append(Swing(knob.name, *ends))
        if tell:
            tell(place + 1, len(chosen), knob.name)
    return tuple(sorted(found, key=lambda swing: -swing.width))


def job_of(loaded: LoadedScenario, seed: int | None = None) -> Job:
    """A job with the scenario's own seed, or another."""
    return Job(loaded, loaded.scenario.seed if seed is None else seed)
