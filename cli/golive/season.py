"""The season's lines of the verdict: what was simulated, with its interval, against the scenario's targets."""

from cli.context import Session
from cli.sim_seasons import Wish, simulated
from domain.kpi_list import Unit
from loadtests.checks import Check, Section
from loadtests.words import CheckStatus
from scenarios.scenario_loader import LoadedScenario
from sim.figures import Row
from sim.runner import Run
from sim.targets import Status, Target, targets_of

STATUSES = {
    Status.PASS: CheckStatus.PASS,
    Status.FAIL: CheckStatus.FAIL,
    Status.AT_RISK: CheckStatus.AT_RISK,
    Status.NO_DATA: CheckStatus.SKIPPED,
}


def season_of(session: Session, loaded: LoadedScenario, replications: int, seed: int | None) -> Run:
    """Simulate. InvalidInput for replications that cannot be meant."""
    return simulated(session, loaded, Wish(replications, seed))


def season_checks(ran: Run) -> list[Check]:
    """A line for each target: met when the whole interval is inside, at risk when it straddles."""
    rows = {row.metric: row for row in ran.rows}
    scenario = ran.job.loaded.scenario
    return [_check(one, rows[one.metric], ran) for one in targets_of(scenario) if one.metric in rows]


def _check(target: Target, row: Row, ran: Run) -> Check:
    shown = _bounds(target, row.unit)
    measured = "-" if row.value is None else _told(row)
    evidence = f"n={row.n} seed={ran.job.seed}"
    return Check(Section.SEASON, target.metric, shown, measured, STATUSES[target.judge(row)], evidence)


def _bounds(target: Target, unit: Unit) -> str:
    if target.low is not None and target.high is not None:
        return f"{_number(target.low, unit)} - {_number(target.high, unit)}"
    if target.low is not None:
        return f">= {_number(target.low, unit)}"
    return f"<= {_number(target.high or 0.0, unit)}"


def _told(row: Row) -> str:
    value = _number(row.value or 0.0, row.unit)
    if row.low is None or row.high is None:
        return value
    return f"{value} ({_number(row.low, row.unit)} - {_number(row.high, row.unit)})"


def _number(value: float, unit: Unit) -> str:
    if unit is Unit.SHARE:
        return f"{value * 100:.1f} %"
    return f"{value:.0f} s" if unit is Unit.SECONDS else f"{value:g}"
