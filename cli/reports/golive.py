"""What a go-live check adds to a load's page: the season against its targets with its plots, and the readiness list.

The page of the load is whole by itself; the two parts are put in before its end, and into its list of links.
"""

import platform
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

from cli.golive.lines import BY_SLUG, Part
from cli.reports import page
from cli.reports.pictures import Picture, our_look, svg_of
from cli.reports.plot_day import peak_day
from cli.reports.plot_figures import first_response, intervals
from cli.reports.plot_week import service
from cli.reports.season_view import View
from cli.reports.words import Words
from cli.screens.reader import Reader
from integration.adapters.new_files import write_whole
from integration.adapters.phrases import CataloguePhrases
from integration.usecases.marks import N_
from loadtests.checks import Check, Section
from loadtests.words import CheckStatus
from sim.runner import Run

LIBRARIES = ("santral", "numpy", "scipy", "simpy", "matplotlib")
SEASON, READINESS = N_("The season, simulated"), N_("Readiness")
PARTS = {
    Part.INTEGRATION: N_("Integration"),
    Part.SCREEN: N_("Screen"),
    Part.RESERVATION: N_("Reservation"),
    Part.LEADS: N_("Leads"),
    Part.REPORTING: N_("Reporting"),
    Part.TEMPLATE: N_("Template"),
    Part.INBOX: N_("Inbox"),
}
TONES = {CheckStatus.PASS: "pass", CheckStatus.WAIVED: "at_risk"}
_END, _NAV = "</main>", "</nav>"


def add_sections(report: Path, checks: Sequence[Check], ran: Run | None, language: str) -> None:
    """Put season and readiness into the load's page. `ran`: the season; None: without its plots. OSError when the page
    cannot be read or written."""
    reader = Reader(CataloguePhrases(), language)
    w = Words(reader, ran.job.loaded.scenario.selling.price.currency if ran is not None else "")
    parts = {"season": (SEASON, _season(ran, w)), "readiness": (READINESS, _readiness(checks, w))}
    made = "\n".join(page.section(name, w(title), inner) for name, (title, inner) in parts.items() if inner)
    links = " ".join(page.element("a", page.text(w(title)), href=f"#{name}")
                     for name, (title, inner) in parts.items() if inner)  # fmt: skip
    text = report.read_text(encoding="utf-8")
    text = text.replace(_NAV, f" {links}{_NAV}", 1).replace(_END, f"{made}\n{_END}", 1)
    write_whole(report, text.encode())


def _season(ran: Run | None, w: Words) -> str:
    """The season's plots; empty when none was simulated."""
    if ran is None or ran.scores is None:
        return ""
    told = w(
        N_("{name}, {first} to {last}: {n} replications of seed {seed}."), name=ran.job.loaded.name,
        first=w.day(ran.job.loaded.scenario.season.first.isoformat()),
        last=w.day(ran.job.loaded.scenario.season.last.isoformat()), n=w.number(len(ran.figures)),
        seed=str(ran.job.seed),
    )  # fmt: skip
    with our_look():
        return "\n".join((page.paragraph(told, "soft"), *_drawn(ran, w)))


def _drawn(ran: Run, w: Words) -> Iterator[str]:
    view = view_of(ran)
    for one in (intervals(view, w), service(view, w), peak_day(view, w), first_response(view, w)):
        figure = one.draw() if one.draw else None
        yield _shown(one, svg_of(figure, f"season-{one.name}") if figure else "")


def _shown(one: Picture, svg: str) -> str:
    inner = page.picture(svg, one.alt, one.caption) if svg else page.paragraph(one.empty, "empty")
    return page.element("h3", page.text(one.title)) + "\n" + inner


def view_of(ran: Run) -> View:
    """A run as the season's plots look at it. ValueError without a replication."""
    if ran.scores is None:
        raise ValueError("no replication has run")
    versions = (*((name, version(name)) for name in LIBRARIES), ("Python", platform.python_version()))
    return View(
        loaded=ran.job.loaded, model=ran.season.model, scores=ran.scores, rows=ran.rows, seed=ran.job.seed,
        digest=ran.job.digest, versions=versions, need=None, versus=None, tornado=None,
    )  # fmt: skip


def _readiness(checks: Sequence[Check], w: Words) -> str:
    """The list by its parts, with the whole evidence; empty when nobody looked."""
    found = [one for one in checks if one.section is Section.READINESS and one.name in BY_SLUG]
    if not found:
        return ""
    ready = sum(one.status is CheckStatus.PASS for one in found)
    waived = sum(one.status is CheckStatus.WAIVED for one in found)
    told = w(N_("{ready} of {all} lines are ready, {waived} are waived."), ready=w.number(ready),
             all=w.number(len(found)), waived=w.number(waived))  # fmt: skip
    rows: list[str] = []
    for part, title in PARTS.items():
        lines = [one for one in found if BY_SLUG[one.name].part is part]
        if lines:
            rows += [page.element("tr", page.element("th", page.text(w(title)), colspan="3", class_="part"))]
            rows += [_line(one, w) for one in lines]
    headers = [w(one) for one in (N_("Check"), N_("State"), N_("Evidence"))]
    return "\n".join((page.paragraph(told), page.table(headers, rows)))


def _line(one: Check, w: Words) -> str:
    state = page.cell(w(one.measured), TONES.get(one.status, "fail"))
    return page.element("tr", page.cell(BY_SLUG[one.name].text(w.language)) + state + page.cell(one.evidence, "note"))
