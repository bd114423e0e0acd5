"""The work of `santral sim staff`: size the team of a week, prove it, write the roster as CSV, XLSX and a scenario."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from cli.context import Session
from cli.executors import executor_of
from cli.rosters import roster_files, roster_rows, write_roster, write_scenario
from cli.sim_seasons import Wish
from domain.errors import InvalidInput, Refused
from scenarios.scenario_loader import LoadedScenario, load_scenario
from sim.figures import Row
from sim.runner import Run
from sim.season import SeasonModel, build
from sim.sensitivity import job_of
from sim.staffing.cover import Hire, NoCover, cost_of, solve
from sim.staffing.need import DeskNeed, busiest_monday, needs
from sim.staffing.prove import Mender, Proof
from sim.staffing.shifts import WEEK_SLOTS, Week, weeks_of
from sim.staffing.written import roster_scenario
from sim.targets import targets_of
from sim.team import SLOTS

Body = dict[str, Any]
MOST_PEOPLE = 4_900
SHOWN = ("service_level", "abandonment_rate", "frt_in_target", "occupancy", "handoff_rate", "lost_for_people")


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed. `monday`: None for the busiest week; `out`: folder for the roster, None for none."""

    scenario: str
    sets: Sequence[str]
    monday: date | None
    out: Path | None
    is_forced: bool = False


def staffed(session: Session, asked: Asked, wish: Wish) -> Body:
    """The answer: need, shifts, roster, cost, and what the simulated week says to it."""
    loaded = load_scenario(asked.scenario, asked.sets)
    _check_targets(loaded)
    files = roster_files(loaded, asked.scenario, asked.out, force=asked.is_forced)
    model = build(loaded)
    monday = _monday(model, asked.monday)
    wanted = needs(model, monday)
    seed, weeks = job_of(loaded, wish.seed).seed, _weeks(loaded, wanted)
    session.progress(f"{len(weeks)} weeks")
    hires = _hired(loaded, wanted, weeks)
    workers = min(wish.processes, wish.replications)
    with executor_of(wish.executor, workers) as executor:
        mender = Mender(
            loaded, monday, seed, wish.replications, weeks, executor, workers,
            tell=lambda what, count: session.progress(f"{what} {count}"),
        )  # fmt: skip
        proof = mender.prove(hires)
    if asked.out is not None:
        text = roster_scenario(loaded, asked.scenario, proof.hires, monday, proof.mean.job.seed, asked.out)
        write_roster(files[:2], roster_rows(proof.hires))
        write_scenario(files[2], text)
    return {
        "scenario": loaded.name,
        "week": monday.isoformat(),
        "replications": wish.replications,
        **_told(loaded, proof),
        "need": _need(wanted),
        "rows": _proof_rows(proof),
        "roster": roster_rows(proof.hires),
        "files": [str(path) for path in files],
    }


def _told(loaded: LoadedScenario, proof: Proof) -> Body:
    return {
        "people": sum(one.people for one in proof.hires),
        "added": proof.added,
        "removed": proof.removed,
        "weekly_cost": round(cost_of(loaded.scenario, proof.hires), 2),
        "currency": loaded.scenario.staff.currency,
        "verdict": "pass" if proof.is_met else "fail",
    }


def _weeks(loaded: LoadedScenario, wanted: Sequence[DeskNeed]) -> tuple[Week, ...]:
    """Refused when the labour rules leave none."""
    weeks = weeks_of(loaded.scenario, *_hours(wanted))
    if not weeks:
        raise Refused("The rules of [labour] leave no shift that anybody may work.")
    return weeks


def _hired(loaded: LoadedScenario, wanted: Sequence[DeskNeed], weeks: Sequence[Week]) -> tuple[Hire, ...]:
    """The cheapest people; Refused when no number of them will do, or none that a scenario may hold."""
    try:
        hires = solve(loaded.scenario, wanted, weeks)
    except NoCover as error:
        raise Refused("No team of desk {desk} on lawful shifts covers its need.", desk=error.desk) from None
    if (people := sum(one.people for one in hires)) > MOST_PEOPLE:
        raise Refused("It would take {n} people; the most is {most}.", n=people, most=MOST_PEOPLE)
    return hires


def _check_targets(loaded: LoadedScenario) -> None:
    """InvalidInput for what no team of any size is sure to keep."""
    targets = loaded.scenario.targets
    if max(targets.phone.service_level, targets.first_response_share) >= 1:
        raise InvalidInput(
            "No team is sure to answer everybody in time: a target to staff for is below 1.", field="set"
        )


def _monday(model: SeasonModel, typed: date | None) -> date:
    try:
        busiest = busiest_monday(model.demand)
    except ValueError:
        raise InvalidInput("The season holds no whole week from Monday to Sunday.", field="week") from None
    if typed is None:
        return busiest
    if typed.weekday():
        raise InvalidInput("A week begins on a Monday; {day} is none.", day=typed.isoformat(), field="week")
    try:
        for day in (typed, typed + timedelta(days=6)):
            model.demand.day_of(day)
    except ValueError:
        raise InvalidInput("The week must lie within the season, Monday to Sunday.", field="week") from None
    return typed


def _hours(wanted: Sequence[Any]) -> tuple[int, int]:
    """From when to when somebody is needed, minutes of the day; past midnight adds a day."""
    needed = [
        slot % SLOTS for need in wanted for slot in range(WEEK_SLOTS) if need.heads[max(need.heads, key=len)][slot]
    ]
    if not needed:
        raise Refused("Nobody is needed in this week.")
    gaps = [slot for slot in range(SLOTS) if slot not in set(needed)]
    opens = max((slot for slot in range(SLOTS) if slot in set(needed) and (slot - 1) % SLOTS in set(gaps)), default=0)
    closes = opens + next((step for step in range(SLOTS) if (opens + step) % SLOTS in set(gaps)), SLOTS)
    return opens * 30, closes * 30


def _need(wanted: Sequence[Any]) -> list[Body]:
    """Heads of each desk by half hour of the week: all languages together, and each alone."""
    found = []
    for need in wanted:
        for subset, heads in need.heads.items():
            if len(subset) in {1, 4}:
                found.append({"desk": need.desk, "languages": list(subset), "heads": [int(one) for one in heads]})
    return found


def _proof_rows(proof: Proof) -> list[Body]:
    return [*_day_rows("mean", proof.mean), *_day_rows("bad", proof.bad)]


def _day_rows(day: str, ran: Run) -> list[Body]:
    targets = {one.metric: one for one in targets_of(ran.job.loaded.scenario)}
    return [
        {
            "day": day, "metric": row.metric, "unit": row.unit.value, "value": row.value, "low": row.low,
            "high": row.high, "n": row.n, "status": _status(row, targets),
        }
        for row in ran.rows
        if row.metric.startswith(SHOWN) and ":" not in row.metric
    ]  # fmt: skip


def _status(row: Row, targets: dict[str, Any]) -> str | None:
    target = targets.get(row.metric)
    return target.judge(row).value if target else None
