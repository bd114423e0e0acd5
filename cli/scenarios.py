"""Answers about scenarios: what comes with Santral, what one rests on, where two differ."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from difflib import get_close_matches
from typing import Any

from domain.errors import InvalidInput
from scenarios.scenario_loader import LoadedScenario, load_scenario, shipped_scenarios
from scenarios.scenario_marks import Assumption

Body = dict[str, Any]


def plain(value: object) -> object:
    """A value of a scenario as JSON has it: days and times as text."""
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    return value.isoformat() if isinstance(value, date | datetime | time) else value


def listed(language: str) -> Body:
    """The shipped scenarios."""
    return {"rows": [_summary(load_scenario(name), language) for name in shipped_scenarios()]}


def shown(path_or_name: str, sets: Sequence[str], below: str, source: str, language: str) -> Body:
    """One scenario and the values it rests on. `below`: only those under this path; `source`: only of this source."""
    loaded = load_scenario(path_or_name, sets)
    found = [one for one in loaded.assumptions if _is_below(one.path, below)]
    if below and not found:
        raise InvalidInput(
            "The scenario {name} has nothing under {path}; a path begins as {near} does.", name=loaded.name, path=below,
            near=_near(loaded, below), field="below",
        )  # fmt: skip
    rows = [_row(one) for one in found if source in {"", one.source}]
    return {**_summary(loaded, language), "files": list(loaded.files), "sources": _sources(loaded), "assumptions": rows}


def validated(path_or_name: str, sets: Sequence[str], language: str) -> Body:
    """That a scenario can be used; a wrong one has raised."""
    loaded = load_scenario(path_or_name, sets)
    return {
        "valid": True, **_summary(loaded, language), "files": list(loaded.files), "values": len(loaded.assumptions),
        "sources": _sources(loaded),
    }  # fmt: skip


def compared(left: str, right: str | None, sets: Sequence[str]) -> Body:
    """Where two scenarios differ, path by path; `sets` belong to the second, which is the first when there is none."""
    one, other = load_scenario(left), load_scenario(left if right is None else right, sets)
    before, after = ({row.path: row for row in side.assumptions} for side in (one, other))
    paths = [*before, *(path for path in after if path not in before)]
    rows = [
        {"path": path, **_side("left", before.get(path)), **_side("right", after.get(path))}
        for path in paths
        if _value(before.get(path)) != _value(after.get(path))
    ]
    return {"left": one.name, "right": other.name, "sets": list(sets), "same": not rows, "rows": rows}


def _near(loaded: LoadedScenario, below: str) -> str:
    """The path that is most like it, for whoever mistyped."""
    paths = [one.path for one in loaded.assumptions]
    starts = dict.fromkeys(".".join(path.split(".")[:end]) for path in paths for end in range(1, path.count(".") + 2))
    return next(iter(get_close_matches(below, starts, n=1)), paths[0])


def _summary(loaded: LoadedScenario, language: str) -> Body:
    season = loaded.scenario.season
    title = loaded.scenario.title
    return {
        "name": loaded.name,
        "title": title.tr if language == "tr" else title.en,
        "first": season.first.isoformat(),
        "last": season.last.isoformat(),
        "days": season.days,
        "hotels": len(loaded.hotels),
        "rooms": loaded.rooms,
        "team": sum(_people(loaded)),
    }


def _people(loaded: LoadedScenario) -> Iterable[int]:
    """Heads of every desk: people placed by rule, and the most that the roster plans for one weekday."""
    for desk in loaded.scenario.team.values():
        yield desk.tr + desk.en + desk.de + desk.ru
        weeks = [heads for shifts in desk.roster.values() for heads in shifts.values()]
        yield max(map(sum, zip(*weeks, strict=True)), default=0)


def _sources(loaded: LoadedScenario) -> dict[str, int]:
    counted = Counter(one.source for one in loaded.assumptions)
    return {source: counted[source] for source in ("fact", "derived", "assumption", "what_if", "unmarked")}


def _row(one: Assumption) -> Body:
    return {"path": one.path, "value": plain(one.value), "source": one.source, "note": one.note, "file": one.file}


def _side(name: str, one: Assumption | None) -> Body:
    return {name: _value(one), f"{name}_source": one.source if one else None}


def _value(one: Assumption | None) -> object:
    return plain(one.value) if one else None


def _is_below(path: str, below: str) -> bool:
    return not below or path == below or path.startswith((f"{below}.", f"{below}["))
