"""Runs for tests: samples, health and a folder as a generator would have left them, made of numbers and a seed."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import msgspec
import numpy as np

from loadtests.checks import Check
from loadtests.generator import Health, write_health
from loadtests.result import Result
from loadtests.run_plan import MARKS, SAMPLES, Mark, RunPlan
from loadtests.samples import COLUMNS, Samples
from loadtests.verdict import judge
from scenarios.scenario_loader import LoadedScenario, load_scenario

T0 = 1_800_000_000_000_000_000
SECOND = 1_000_000_000
OPERATIONS = ("quote", "hold", "confirm", "pay", "webhook", "call_start")
TARGETS = tuple(
    f"targets.load.{key}={value}"
    for key, value in (("availability_p95_ms", 500), ("booking_p95_ms", 2000), ("webhook_p99_ms", 250),
                       ("error_rate", 0.001), ("headroom", 10), ("lag_p99_ms", 10))
)  # fmt: skip
MEDIANS = {"quote": 180.0, "hold": 420.0, "confirm": 520.0, "pay": 400.0, "webhook": 12.0, "call_start": 8.0}


@cache
def scenario(*sets: str) -> LoadedScenario:
    """The smoke scenario with targets as they are by default."""
    return load_scenario("smoke", (*TARGETS, *sets))


def a_plan(**changes: object) -> RunPlan:
    """An hour of the smoke scenario in a minute."""
    loaded = scenario()
    plan = RunPlan(
        run_id="run_1", name=loaded.name, url="http://127.0.0.1:1", scenario=plain(loaded.content),
        scenario_path="smoke.toml", settings=(), seed=loaded.scenario.seed, replication=0, first_day=0,
        start_s=36_000.0, end_s=39_600.0, season_start="2027-08-02T00:00:00+03:00", speed=60.0, peak=1.0, pool=100,
        processes=1, hotels=(),
    )  # fmt: skip
    return msgspec.structs.replace(plan, **changes)


def plain(content: dict[str, object]) -> dict[str, object]:
    """As it comes back from plan.json."""
    found: dict[str, object] = msgspec.json.decode(msgspec.json.encode(content))
    return found


def samples(
    seconds: float = 60.0, per_s: float = 50.0, seed: int = 1, lag_ms: float = 0.4, **medians: float
) -> Samples:
    """Requests due at even gaps, operations in turn, lognormal latencies about their medians; all answered rightly."""
    dice, n = np.random.default_rng(seed), int(seconds * per_s)
    operation = np.array([OPERATIONS[place % len(OPERATIONS)] for place in range(n)], dtype=np.str_)
    means = np.array([{**MEDIANS, **medians}[str(one)] for one in operation])
    ms = means * np.exp(dice.normal(0, 0.3, n))
    lag = dice.exponential(lag_ms, n) if lag_ms else np.zeros(n)
    due = T0 + (np.arange(n) / per_s * SECOND).astype(np.int64)
    sent = due + (lag * 1e6).astype(np.int64)
    total = ms * 0.95
    return Samples(
        operation, np.array(["operator"] * n, dtype=np.str_), np.arange(n, dtype=np.int64), due, sent,
        sent + (ms * 1e6).astype(np.int64), np.full(n, 200, dtype=np.int64), np.array([""] * n, dtype=np.str_),
        np.full(n, 0.2), total * 0.7, total * 0.1, np.zeros(n), total,
    )  # fmt: skip


def with_problem(found: Samples, places: Sequence[int] | np.ndarray, problem: str) -> Samples:
    """Some of them went wrong."""
    told = found.problem.astype(object)
    told[np.asarray(places)] = problem
    return replace(found, problem=told.astype(np.str_))


def slower(found: Samples, start_s: float, end_s: float, ms: float) -> Samples:
    """Those due in a stretch took so much longer."""
    due_s = (found.due_ns - T0) / SECOND
    more = np.where((due_s >= start_s) & (due_s < end_s), int(ms * 1e6), 0)
    return replace(found, done_ns=found.done_ns + more)


def health(**changes: object) -> Health:
    """A generator process that did well."""
    found = Health(
        process=0, planned=100, begun=100, ended=100, late=0, pool=100, most_busy=20, began_ns=T0, wall_s=61.0,
        cpu=(0.3,) * 60, is_whole=True, locust={"quote": {"p50": 180, "p95": 300, "p99": 370, "requests": 500}},
    )  # fmt: skip
    return msgspec.structs.replace(found, **changes)


def mark(kind: str, start_s: float, end_s: float | None, about: str = "") -> Mark:
    """Something was broken; None: and not mended."""
    ended = 0 if end_s is None else T0 + int(end_s * SECOND)
    return Mark(kind=kind, began_ns=T0 + int(start_s * SECOND), ended_ns=ended, about=about)


def write_run(folder: Path, found: Samples, healths: Iterable[Health], marks: Iterable[Mark] = ()) -> None:
    """As the generator and the conductor leave it."""
    columns = [getattr(found, name).tolist() for name in COLUMNS]
    lines = [",".join(COLUMNS), *(",".join(map(str, row)) for row in zip(*columns, strict=True))]
    (folder / SAMPLES.format(0)).write_text("\n".join(lines) + "\n", encoding="utf-8")
    for one in healths:
        write_health(folder, one)
    (folder / MARKS).write_bytes(b"".join(msgspec.json.encode(one) + b"\n" for one in marks))


def judged(
    folder: Path, found: Samples, *, sets: tuple[str, ...] = (), checks: Sequence[Check] = (),
    healths: Sequence[Health] | None = None, marks: Iterable[Mark] = (), is_strict: bool = False,
    is_complete: bool = True, **plan: object,
) -> Result:  # fmt: skip
    """A run's verdict."""
    write_run(folder, found, [health()] if healths is None else healths, marks)
    return judge(folder, a_plan(**plan), scenario(*sets).scenario, checks, is_strict=is_strict, is_complete=is_complete)
