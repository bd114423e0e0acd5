"""What a run came to, as it stands in `result.json`: the verdict, its checks, and every figure they were read from.

The file is read again to show a run or to hold two against each other, so its keys are API: they are only added to, and
`schema` counts up when one changes its meaning. Latencies are milliseconds, times of windows and marks are seconds
since the first request was due, shares run from 0 to 1, and null stands for "no answer", "too few" or "not measured".
Everything in it is free of any language; sentences are made of `why` and `notes` by whoever shows them.
"""

import os
from collections.abc import Iterable
from pathlib import Path

import msgspec

from loadtests.checks import Check, verdict_of
from loadtests.run_plan import RESULT
from loadtests.statistics import Percentile, Share
from loadtests.windows import Recovery
from loadtests.words import CheckStatus, Verdict

SCHEMA = 1


class Note(msgspec.Struct, frozen=True):
    """A sentence to be said in the reader's language: its slug and what it names."""

    slug: str
    params: dict[str, str] = {}


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch: `whole`, `outside` (of faults), `busiest`, or `fault_1`, `fault_2`...; `n` requests."""

    name: str
    began_s: float
    ended_s: float
    n: int


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """An operation or a group within a window. Percentiles are of all requests, failed ones slower than any; `max_ms`
    is the slowest answered; `parts`: share of each part in the latencies about the 95th percentile."""

    name: str
    group: str
    window: str
    errors: Share
    p50: Percentile
    p95: Percentile
    p99: Percentile
    max_ms: float | None
    parts: dict[str, float]


class Delivered(msgspec.Struct, frozen=True, kw_only=True):
    """How the load was made. `per_hour`: contacts a real hour; `peak_per_hour`: the season's busiest half hour, as an
    hour; `multiple`: the one by the other; `cpu_p95`: of the busiest process, share of one core; `requests_s`: mean,
    and in the busiest second."""

    processes: int
    planned: int
    begun: int
    ended: int
    late: int
    pool: int
    most_busy: int
    requests: int
    wall_s: float
    requests_s: float
    most_requests_s: int
    lag_p50_ms: float | None
    lag_p99_ms: float | None
    lag_max_ms: float | None
    cpu_p95: float | None
    cpu_most: float | None
    per_hour: float
    peak_per_hour: float | None
    multiple: float | None


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What was to be played. `model`: `open` or `closed`; `limits`: the scenario's load targets."""

    name: str
    scenario_path: str
    settings: tuple[str, ...]
    url: str
    seed: int
    season_start: str
    start_s: float
    end_s: float
    speed: float
    peak: float
    rate: float | None
    users: int | None
    model: str
    limits: dict[str, float]


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """One run, judged. `why`: one sentence for the verdict; `notes`: what else one must know; `problems`: requests by
    what was wrong with them."""

    run_id: str
    name: str
    verdict: Verdict
    why: Note
    checks: tuple[Check, ...]
    asked: Asked
    load: Delivered
    operations: tuple[Row, ...]
    groups: tuple[Row, ...]
    windows: tuple[Window, ...]
    marks: tuple[Recovery, ...]
    problems: dict[str, int]
    notes: tuple[Note, ...]
    locust: dict[str, dict[str, float]]
    is_strict: bool
    is_complete: bool
    schema: int = SCHEMA


def why(checks: Iterable[Check], verdict: Verdict, *, is_strict: bool, is_complete: bool) -> Note:
    """The sentence behind a verdict: the first thing, in the order of judgement, that made it what it is."""
    found = list(checks)

    def named(*statuses: CheckStatus) -> str:
        return ", ".join(one.name for one in found if one.status in statuses)

    failing, unsure, skipped = (named(one) for one in (CheckStatus.FAIL, CheckStatus.AT_RISK, CheckStatus.SKIPPED))
    if verdict is Verdict.FAIL:
        return Note("failed", {"checks": failing}) if failing else Note("at_risk_strict", {"checks": unsure})
    if verdict is Verdict.INVALID:
        invalid = named(CheckStatus.INVALID)
        if not is_complete:
            return Note("broken_off")
        return Note("invalid", {"checks": invalid}) if invalid else Note("unproven", {"checks": skipped})
    return Note("passed_at_risk", {"checks": unsure}) if unsure and not is_strict else Note("passed")


def extended(result: Result, more: Iterable[Check]) -> Result:
    """The result with checks of other sections behind its own, judged anew: the go-live check adds the season and the
    readiness list, a search adds the headroom."""
    checks = (*result.checks, *more)
    flags = {"is_strict": result.is_strict, "is_complete": result.is_complete}
    verdict = verdict_of(checks, **flags)
    return msgspec.structs.replace(result, checks=checks, verdict=verdict, why=why(checks, verdict, **flags))


def write_result(folder: Path, result: Result) -> Path:
    """Into the run's folder, whole or not at all: `result.json`, indented, keys in the order of this file."""
    target = folder / RESULT
    part = target.with_name(f"{RESULT}.part")
    part.write_bytes(msgspec.json.format(msgspec.json.encode(result), indent=2) + b"\n")
    os.replace(part, target)  # noqa: PTH105 - atomic, and says so
    return target


def read_result(folder: Path) -> Result:
    """Back again. OSError or msgspec.DecodeError (ValidationError for another shape) when there is none."""
    return msgspec.json.decode((folder / RESULT).read_bytes(), type=Result)
