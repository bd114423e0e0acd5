"""The verdict on a run, in the one order that makes sense: was the load there, is every record right, then the rest.

`judge` reads what the run left in its folder and says PASS, FAIL or INVALID with the checks that made it so:
docs/algorithms/load-verdict.md holds the rules by number. It is pure but for reading the folder, so a run can be judged
again on another machine.
"""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from loadtests.attribution import attribution
from loadtests.checks import Check, verdict_of
from loadtests.generator import Health, read_health
from loadtests.limits import JUDGED
from loadtests.load_checks import LoadFacts, load_checks
from loadtests.peak import HOUR_S, real_peak
from loadtests.planned_scenario import planned_scenario
from loadtests.result import Asked, Delivered, Note, Result, Row, why
from loadtests.run_plan import MARKS, SAMPLES, Mark, RunPlan
from loadtests.samples import Samples, read_samples
from loadtests.statistics import by_second, error_share, failed, judged_ms, percentile
from loadtests.stretches import Stretches, stretches
from loadtests.target_checks import integrity_check, target_checks
from loadtests.windows import SECOND, start_ns
from loadtests.words import Group, group_of
from scenarios.file_faults import FileError
from scenarios.schema.season import Scenario


def judge(
    folder: Path,
    plan: RunPlan,
    scenario: Scenario,
    audit_checks: Sequence[Check],
    *,
    is_strict: bool,
    is_complete: bool,
) -> Result:
    """Judge a run by its folder, and by what the audit found.

    `is_strict`: what is at risk fails; `is_complete`: False for a run that was broken off. Missing files count as
    nothing delivered. Checks of any section may stand among the audit's; they are put in the order of judgement.
    """
    samples, health, marks = samples_of(folder), read_health(folder), read_marks(folder)
    cut = stretches(samples, marks, plan, scenario)
    facts = LoadFacts(plan, health, samples)
    own = (*load_checks(facts, scenario, is_complete=is_complete), integrity_check(samples))
    checks = _in_order((*own, *audit_checks, *target_checks(samples, cut, scenario)))
    verdict = verdict_of(checks, is_strict=is_strict, is_complete=is_complete)
    groups = tuple(_groups(samples, cut))
    return Result(
        run_id=plan.run_id,
        name=plan.name,
        verdict=verdict,
        why=why(checks, verdict, is_strict=is_strict, is_complete=is_complete),
        checks=checks,
        asked=_asked(plan, scenario),
        load=_delivered(facts, plan, samples),
        operations=tuple(_operations(samples)),
        groups=groups,
        windows=cut.windows,
        marks=cut.recoveries,
        problems=_problems(samples),
        notes=tuple(_notes(plan, groups)),
        locust=_locust(health),
        is_strict=is_strict,
        is_complete=is_complete,
    )


def samples_of(folder: Path) -> Samples:
    """Everything that was recorded in a run's folder."""
    return read_samples(sorted(folder.glob(SAMPLES.format("*"))))


def read_marks(folder: Path) -> list[Mark]:
    """What was broken and mended; a mark written twice (begun, then ended) counts once, as it was last written."""
    path = folder / MARKS
    if not path.exists():
        return []
    decoder, found = msgspec.json.Decoder(Mark), {}
    for line in path.read_bytes().split(b"\n"):
        try:
            if line:
                mark = decoder.decode(line)
                found[mark.kind, mark.began_ns, mark.about] = mark
        except msgspec.DecodeError:
            continue
    return sorted(found.values(), key=lambda one: one.began_ns)


def _in_order(checks: Sequence[Check]) -> tuple[Check, ...]:
    order = list(type(checks[0].section))
    return tuple(sorted(checks, key=lambda one: order.index(one.section)))


def row_of(name: str, group: str, window: str, samples: Samples) -> Row:
    """The figures of some requests."""
    ms, bad = judged_ms(samples), failed(samples)
    return Row(
        name=name,
        group=group,
        window=window,
        errors=error_share(samples),
        p50=percentile(ms, 0.50),
        p95=percentile(ms, 0.95),
        p99=percentile(ms, 0.99),
        max_ms=float(ms[~bad].max()) if (~bad).any() else None,
        parts=attribution(samples),
    )


def _operations(samples: Samples) -> list[Row]:
    names = sorted({str(one) for one in samples.operation}, key=lambda one: (list(Group).index(group_of(one)), one))
    return [row_of(name, group_of(name).value, "whole", samples.where(samples.operation == name)) for name in names]


def _groups(samples: Samples, cut: Stretches) -> list[Row]:
    found = []
    for window in cut.windows:
        inside = cut.masks[window.name]
        for group in Group:
            chosen = samples.where(inside & (cut.columns.group == group.value))
            if len(chosen):
                found.append(row_of(group.value, group.value, window.name, chosen))
    return found


def _asked(plan: RunPlan, scenario: Scenario) -> Asked:
    return Asked(
        name=plan.name, scenario_path=plan.scenario_path, settings=plan.settings, url=plan.url, seed=plan.seed,
        season_start=plan.season_start, start_s=plan.start_s, end_s=plan.end_s, speed=plan.speed, peak=plan.peak,
        rate=plan.rate, users=plan.users, model="open" if plan.users is None else "closed",
        limits={name: float(value) for name, value in scenario.targets.load.model_dump().items()},
    )  # fmt: skip


def _delivered(facts: LoadFacts, plan: RunPlan, samples: Samples) -> Delivered:
    lag, zero = samples.lag_ms, start_ns(samples)
    wall = (int(samples.done_ns.max()) - zero) / SECOND if len(samples) else 0.0
    seconds = by_second(samples.due_ns, zero, int(wall) + 1)
    per_hour, peak = facts.planned / plan.wall_s * HOUR_S if plan.wall_s > 0 else 0.0, _peak(plan)
    return Delivered(
        processes=len(facts.health), planned=facts.planned, begun=facts.begun, ended=facts.ended, late=facts.late,
        pool=facts.pool, most_busy=facts.most_busy, requests=len(samples), wall_s=wall,
        requests_s=len(samples) / wall if wall else 0.0, most_requests_s=int(seconds.max()) if len(samples) else 0,
        lag_p50_ms=percentile(lag, 0.5).ms, lag_p99_ms=percentile(lag, 0.99).ms,
        lag_max_ms=float(lag.max()) if len(samples) else None, cpu_p95=facts.cpu_p95, cpu_most=facts.cpu_most,
        per_hour=per_hour, peak_per_hour=peak, multiple=per_hour / peak if peak else None,
    )  # fmt: skip


def _peak(plan: RunPlan) -> float | None:
    """The season's own peak; None when the scenario's files cannot be read any more."""
    try:
        return real_peak(planned_scenario(plan))
    except (FileError, OSError, ValueError):
        return None


def _problems(samples: Samples) -> dict[str, int]:
    counts: dict[str, int] = {}
    for one in samples.problem[failed(samples)].tolist():
        counts[one] = counts.get(one, 0) + 1
    return dict(sorted(counts.items(), key=lambda one: (-one[1], one[0])))


def _notes(plan: RunPlan, groups: Sequence[Row]) -> list[Note]:
    notes = [Note("closed_load", {"users": str(plan.users)})] if plan.users is not None else []
    for row in groups:
        if row.window == "outside" and row.parts and row.name in {one.value for one in JUDGED}:
            notes.append(_mostly(row))
    return notes


def _mostly(row: Row) -> Note:
    """Which part takes most; what the mock waited on purpose is the PMS's, and told beside it."""
    injected = row.parts["injected"]
    joined = {**row.parts, "pms": row.parts["pms"] + injected, "injected": 0.0}
    part, most = max(joined.items(), key=lambda one: one[1])
    params = {"group": row.name, "part": part, "share": f"{most:.4f}", "injected": f"{injected:.4f}"}
    return Note("mostly_pms" if part == "pms" and injected else "mostly", params)


def _locust(health: Sequence[Health]) -> dict[str, dict[str, float]]:
    """Locust's own table of the one process that has it; several processes' percentiles cannot be joined."""
    return health[0].locust if len(health) == 1 else {}
