"""The report's tables: figures with intervals and targets, what the season rests on, and how it was computed."""

from collections import Counter

from cli.reports.page import cell, element, table, text
from cli.reports.season_headlines import level_defined
from cli.reports.season_view import View
from cli.reports.words import Words
from cli.scenarios import plain
from cli.screens.scenarios import SOURCES, short
from cli.screens.seasons import STATUSES
from integration.usecases.marks import N_
from scenarios.scenario_marks import Source
from sim.figures import Row
from sim.targets import Target

ORDER: tuple[Source, ...] = ("what_if", "assumption", "unmarked", "derived", "fact")


def figures(view: View, w: Words) -> str:
    """Every figure of the season but the half hours of the day."""
    headers = [w(one) for one in (N_("Figure"), N_("Value"), N_("95 % interval"), N_("Target"), N_("Status"))]
    rows = [_figure(view, row, w) for row in view.rows if ":" not in row.metric]
    return table(headers, rows, numbers=(1, 2, 3))


def _figure(view: View, row: Row, w: Words) -> str:
    unit, target, status = row.unit.value, view.targets.get(row.metric), view.status(row.metric)
    cells = (
        cell(w.metric(row.metric)),
        cell(w.figure(row.value, unit) or "–", "n"),
        cell(w.interval(row.low, row.high, unit), "n"),
        cell(_target(target, unit, w) if target else "", "n"),
        cell(w(STATUSES[status.value][0]) if status else "", status.value if status else ""),
    )
    return element("tr", "".join(cells))


def _target(target: Target, unit: str, w: Words) -> str:
    low, high = w.figure(target.low, unit), w.figure(target.high, unit)
    if low and high:
        return f"{low} – {high}"
    return f"≥ {low}" if low else f"≤ {high}"


def sources(view: View, w: Words) -> str:
    """How many values come from where."""
    counted = Counter(one.source for one in view.loaded.assumptions)
    rows = [
        element("tr", cell(w(SOURCES[source])) + cell(w.number(counted[source]), "n"))
        for source in ORDER
        if counted[source]
    ]
    return table([w(N_("Source")), w(N_("Values"))], rows, numbers=(1,))


def assumptions(view: View, w: Words) -> str:
    """Every value with its source: what-ifs first, then what nobody knows yet, facts last."""
    headers = [w(one) for one in (N_("Value of"), N_("Value"), N_("Source"), N_("Note"))]
    ordered = sorted(view.loaded.assumptions, key=lambda one: ORDER.index(one.source))
    rows = [
        element(
            "tr",
            cell(one.path, "path") + cell(short(plain(one.value)), "path") + cell(w(SOURCES[one.source]))
            + cell(one.note, "note"),
            class_="what_if" if one.source == "what_if" else "",
        )
        for one in ordered
    ]  # fmt: skip
    return table(headers, rows)


def made_with(view: View, w: Words) -> str:
    """Scenario, seed, replications, formula and versions: what it takes to make the very same file again."""
    season = view.loaded.scenario.season
    rows = (
        (w(N_("Scenario")), view.loaded.name),
        (w(N_("Files")), w.listed(view.loaded.files)),
        (w(N_("Season")), f"{w.day(season.first.isoformat())} – {w.day(season.last.isoformat())}"),
        (w(N_("Hotels")), w.number(len(view.loaded.hotels))),
        (w(N_("Rooms")), w.number(view.loaded.rooms)),
        (w(N_("Seed")), str(view.seed)),
        (w(N_("Replications")), w.number(view.n)),
        (w(N_("Service level")), level_defined(view, w)),
        (w(N_("Fingerprint of the scenario")), view.digest[:16]),
        *((name, version) for name, version in view.versions),
    )
    return table(
        [w(N_("What")), w(N_("Which"))],
        [element("tr", element("th", text(name), scope="row") + cell(value)) for name, value in rows],
    )
