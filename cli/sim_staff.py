"""The work of `santral sim staff`: size the team of a week, prove it, write the roster as CSV, XLSX and a scenario."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from cli.context import Session
from cli.executors import executor_of
from cli.sim_seasons import Wish
from domain.errors import InvalidInput, Refused
from integration.adapters.new_files import begin
from scenarios.scenario_loader import load_scenario
from sim.figures import Row
from sim.runner import Run
from sim.season import SeasonModel, build
from sim.sensitivity import job_of
from sim.staffing.cover import Hire, NoCover, cost_of, solve
from sim.staffing.need import busiest_monday, needs
from sim.staffing.prove import Mender, Proof
from sim.staffing.shifts import WEEK_SLOTS, weeks_of
from sim.targets import targets_of
from sim.team import SLOTS

Body = dict[str, Any]
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ROSTER = ("person", "desk", "language", "shift", "start", "end", *DAYS)
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
    files = _files(asked, loaded.name)
    model = build(loaded)
    monday = _monday(model, asked.monday)
    wanted = needs(model, monday)
    weeks = weeks_of(loaded.scenario, *_hours(wanted))
    session.progress(f"{len(weeks)} weeks")
    try:
        hires = solve(loaded.scenario, wanted, weeks)
    except NoCover as error:
        raise Refused("No team of desk {desk} on lawful shifts covers its need.", desk=error.desk) from None
    workers = min(wish.processes, wish.replications)
    with executor_of(wish.executor, workers) as executor:
        mender = Mender(
            loaded, monday, job_of(loaded, wish.seed).seed, wish.replications, weeks, executor, workers,
            tell=lambda what, count: session.progress(f"{what} {count}"),
        )  # fmt: skip
        proof = mender.prove(hires)
    roster = roster_rows(proof.hires)
    body: Body = {
        "scenario": loaded.name,
        "week": monday.isoformat(),
        "replications": wish.replications,
        "people": sum(one.people for one in proof.hires),
        "added": proof.added,
        "removed": proof.removed,
        "weekly_cost": round(cost_of(loaded.scenario, proof.hires), 2),
        "currency": loaded.scenario.staff.currency,
        "verdict": "pass" if proof.is_met else "fail",
        "need": _need(wanted),
        "rows": _proof_rows(proof),
        "roster": roster,
        "files": [str(path) for path in files],
    }
    if files:
        write_roster(files, roster)
    return body


def _files(asked: Asked, name: str) -> list[Path]:
    if asked.out is None:
        return []
    if not asked.out.is_dir():
        raise InvalidInput("{folder} is not a folder.", folder=str(asked.out), field="out")
    files = [asked.out / f"roster-{name}.csv", asked.out / f"roster-{name}.xlsx"]
    for path in files:
        if path.exists() and not asked.is_forced:
            raise Refused("{file} is there already; --force writes over it.", file=str(path))
    return files


def _monday(model: SeasonModel, typed: date | None) -> date:
    try:
        if typed is None:
            return busiest_monday(model.demand)
        for day in (typed, typed + timedelta(days=6)):
            model.demand.day_of(day)
    except ValueError:
        raise InvalidInput("The week must lie within the season, Monday to Sunday.", field="week") from None
    if typed.weekday():
        raise InvalidInput("A week begins on a Monday; {day} is none.", day=typed.isoformat(), field="week")
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


def roster_rows(hires: Sequence[Hire]) -> list[Body]:
    """One row for each person: shift, times, days worked."""
    found: list[Body] = []
    for one in hires:
        for _ in range(one.people):
            shift = one.week.shift
            found.append(
                {
                    "person": f"{one.desk}-{one.language}-{len(found) + 1}",
                    "desk": one.desk,
                    "language": one.language,
                    "shift": one.week.code,
                    "start": f"{shift.start:%H:%M}",
                    "end": f"{shift.end:%H:%M}",
                    **{name: "x" if works else "" for name, works in zip(DAYS, one.week.days, strict=True)},
                }
            )
    return found


def write_roster(files: Sequence[Path], rows: Sequence[Body]) -> None:
    """One table in every file, by its ending CSV or XLSX; each is whole or not there."""
    from openpyxl import Workbook

    table = [list(ROSTER), *([row[name] for name in ROSTER] for row in rows)]
    for path in files:
        part = begin(path)
        if path.suffix == ".csv":
            with part.open("w", encoding="utf-8-sig", newline="") as file:
                csv.writer(file).writerows(table)
        else:
            book = Workbook()
            sheet = book.active
            if sheet is not None:
                sheet.title = "roster"
                for line in table:
                    sheet.append(line)
                sheet.freeze_panes = "A2"
            book.save(part)
        part.replace(path)
