"""The work of `santral scenario fit` and `sample`: a log in, a scenario out; a simulated season out as a log."""

import os
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from math import isfinite
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from cli.context import Session
from cli.fit_log import ReadLog, read_log
from cli.fit_words import WRITTEN
from cli.scenarios import plain
from cli.sim_seasons import check_seed
from domain.errors import InvalidInput, Refused
from integration.adapters.new_files import is_there, whole_file
from integration.adapters.sheets import open_sheet
from integration.adapters.sheets_out import check_target, open_writer
from integration.usecases.marks import N_
from integration.usecases.sheet_columns import folded
from scenarios.scenario_loader import LoadedScenario, load_scenario, shipped_scenarios
from scenarios.schema.season import Title
from scenarios.schema.season_words import CHANNELS, INTENTS, LANGUAGES
from sim.fit.fitted import FitStatus, Fitted
from sim.fit.log import Log, LogRow, Seen
from sim.fit.patience import PatienceView
from sim.fit.sample import sample
from sim.fit.whole import Told, fit
from sim.fit.written import rounded, scenario_text
from sim.plan import Leg
from sim.season import build

Body = dict[str, Any]
FORCE = N_("--force writes it anew.")
OTHER_BASE = N_("--base names another.")
_NAME = re.compile(r"[a-z][a-z0-9-]{0,59}")
_WORDS = {
    Seen.ANSWERED: "answered", Seen.GAVE_UP: "abandoned", Seen.SILENT: "silent", Seen.CLOSED: "closed",
    Seen.UNKNOWN: "unknown",
}  # fmt: skip


def fitted(
    session: Session, file: Path, base: str, *, out: Path | None, rooms: int | None, name: str, force: bool
) -> Body:
    """Read a log, fit it, and write the scenario where one is asked for."""
    loaded = load_scenario(base)
    if rooms is not None and rooms < 1:
        raise InvalidInput("Rooms are a whole number from 1 on.", field="rooms")
    called = _name_of(out, base, name)
    _check_out(out, base, force=force)
    with open_sheet(file) as sheet:
        read = read_log(sheet, ZoneInfo(loaded.scenario.season.time_zone), _told(session))
    if not len(read.builder):
        raise _nothing(session, file, read)
    log = read.builder.log()
    _check_channels(log, loaded)
    told = fit(log, loaded.scenario, rooms)
    if out is not None and told.fitted:
        _write(out, told, loaded, base, called, log)
    return _body(session, file, loaded, read, log, told, out if told.fitted else None)


def _told(session: Session) -> Callable[[int], None]:
    return lambda rows: session.progress(session.reader(N_("{rows} rows"), rows=rows))


def _name_of(out: Path | None, base: str, typed: str) -> str:
    """The scenario's name: as typed, else from the file's."""
    if typed and _NAME.fullmatch(typed) is None:
        raise InvalidInput("A scenario's name is small letters, digits and -, a letter first.", field="name")
    made = folded(out.stem if out is not None else f"{Path(base).stem}-fitted").replace("_", "-")[:60]
    return typed or (made if _NAME.fullmatch(made) else "fitted")


def _check_out(out: Path | None, base: str, *, force: bool) -> None:
    if out is None:
        return
    if out.suffix.lower() != ".toml":
        raise InvalidInput("{file} must end in .toml.", file=out.name, field="out")
    if base not in shipped_scenarios() and out.resolve() == Path(base).resolve():
        raise InvalidInput("The new scenario cannot be written over the one it builds on.", field="out")
    if is_there(out) and not force:
        raise Refused("{place} is there already.", place=str(out), hint=FORCE)


def _nothing(session: Session, file: Path, read: ReadLog) -> InvalidInput:
    if not read.bad_rows:
        return InvalidInput("{file} has no row of a contact that came in.", file=file.name, field="file")
    line, error = read.bad_rows[0]
    why = session.reader(error.template, **error.params)
    return InvalidInput(
        "No row of {file} can be used; line {line}: {why}", file=file.name, line=line, why=why, field="file"
    )


def _check_channels(log: Log, loaded: LoadedScenario) -> None:
    """A channel that the base says nothing of cannot be fitted: half of what a season needs of it is in no log."""
    scenario = loaded.scenario
    tables = (scenario.demand.rhythm, scenario.demand.intents, scenario.demand.language_mix, scenario.work)
    for place in sorted(set(log.channel.tolist())):
        channel = CHANNELS[place]
        if not all(channel in table for table in tables) or channel not in scenario.patience:
            raise InvalidInput(
                "The scenario {base} says nothing of {channel}, which the log holds.",
                base=loaded.name, channel=channel, hint=OTHER_BASE, field="base",
            )  # fmt: skip


def _write(out: Path, told: Told, loaded: LoadedScenario, base: str, name: str, log: Log) -> None:
    """Write the file, whole or not at all, and only one that can be read."""
    extends = base if base in shipped_scenarios() else os.path.relpath(base, out.parent)
    title = loaded.scenario.title
    mine = Title(tr=f"{title.tr}, kendi kayıtlarımızla", en=f"{title.en}, fitted to our log")
    last = log.first + timedelta(days=log.days - 1)
    text = scenario_text(told.fitted, extends, name, mine, f"Fitted to {len(log)} rows, {log.first} to {last}.")
    with whole_file(out) as part:
        part.write_text(text, encoding="utf-8")
        load_scenario(part)


def _body(
    session: Session, file: Path, loaded: LoadedScenario, read: ReadLog, log: Log, told: Told, out: Path | None
) -> Body:
    return {
        "file": str(file),
        "base": loaded.name,
        "first": log.first.isoformat(),
        "last": (log.first + timedelta(days=log.days - 1)).isoformat(),
        "read": read.read,
        "used": len(log),
        "passed_over": read.passed_over,
        "bad": read.bad,
        "bad_rows": [
            {"line": line, "reason": session.reader(error.template, **error.params)} for line, error in read.bad_rows
        ],
        "columns": list(read.columns),
        "rows": [_row(one, loaded) for one in told.rows],
        "patience": [_patience(one) for one in told.patience],
        "out": str(out) if out is not None else None,
    }


def _row(one: Fitted, loaded: LoadedScenario) -> Body:
    return {
        "path": one.path,
        "base": plain(_base(loaded.content, one.path)),
        "fitted": _shown(one.value),
        "low": _shown(one.low),
        "high": _shown(one.high),
        "n": one.n,
        "of": one.of.value,
        "least": one.least if one.status is FitStatus.TOO_FEW else None,
        "status": one.status.value,
        "rests_on": one.rests_on or None,
    }


def _base(content: object, path: str) -> object:
    """The base's value, numbers as JSON has them; None where it has none."""
    for step in path.split("."):
        content = content.get(step) if isinstance(content, dict) else None
    return _numbers(content)


def _numbers(value: object) -> object:
    if isinstance(value, dict):
        return {key: _numbers(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_numbers(one) for one in value]
    return float(value) if hasattr(value, "is_finite") else value  # type: ignore[arg-type]


def _shown(value: object) -> object:
    if isinstance(value, float):
        return rounded(value) if isfinite(value) else None
    if not isinstance(value, tuple):
        return value
    return [{"value": one[0], "weight": rounded(one[1])} if isinstance(one, tuple) else rounded(one) for one in value]


def _patience(one: PatienceView) -> Body:
    return {
        "channel": one.channel,
        "kind": one.kind,
        "waited": one.n,
        "gave_up": one.gave_up,
        "mean_s": rounded(one.mean_s),
        "low": rounded(one.low),
        "high": rounded(one.high),
        "mean_of_given_up_s": rounded(one.naive_s),
        "curve": [
            {"after_s": at, "still_waiting": rounded(seen), "fitted": rounded(told)} for at, seen, told in one.curve
        ],
    }


def sampled(session: Session, name: str, *, days: int, seed: int | None, out: Path, force: bool) -> Body:
    """Simulate the first days of a season and write what its telephone and message systems would have written."""
    loaded = load_scenario(name)
    if not 1 <= days <= loaded.days:
        raise InvalidInput("The season of {name} has {days} days.", name=loaded.name, days=loaded.days, field="days")
    check_seed(seed)
    check_target(out, force=force)
    chosen = loaded.scenario.seed if seed is None else seed
    count = 0
    with open_writer(out, WRITTEN) as writer:
        for row in sample(build(loaded), chosen, days, session.progress):
            writer.write(_cells(row))
            count += 1
    return {"scenario": loaded.name, "seed": chosen, "days": days, "rows": count, "file": str(out)}


def _cells(row: LogRow) -> dict[str, str]:
    arrival = row.at.date() + timedelta(days=row.lead_days) if row.lead_days >= 0 else None
    found = {
        "started": row.at.isoformat(sep=" ", timespec="milliseconds"),
        "channel": CHANNELS[row.channel],
        "language": LANGUAGES[row.language],
        "intent": INTENTS[row.intent],
        "leg": Leg(row.leg).name.lower(),
        "outcome": _WORDS[Seen(row.outcome)],
        "handed_over": "yes" if row.is_cut else "no",
        "turns": str(row.turns),
        "unsolved": _yes(row.unsolved),
        "bought": _yes(row.bought),
        "check_in": arrival.isoformat() if arrival else "",
        "nights": str(row.nights) if row.nights else "",
        "caller": row.caller,
    }
    return {**found, **dict(_times(row))}


def _times(row: LogRow) -> Iterator[tuple[str, str]]:
    for name, value in (("wait_s", row.wait), ("talk_s", row.talk), ("wrap_s", row.wrap)):
        yield name, f"{value:.3f}" if isfinite(value) else ""


def _yes(flag: int) -> str:
    return "" if flag < 0 else "yes" if flag else "no"
