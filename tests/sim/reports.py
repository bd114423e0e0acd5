"""Season reports for tests: two days at one small hotel, simulated once, with everything a report may hold."""

from dataclasses import replace
from functools import cache
from html.parser import HTMLParser

from cli.reports.season import Report, season_report
from cli.reports.season_view import Need, Tornado, Versus, View
from cli.screens.reader import Reader
from integration.adapters.phrases import CataloguePhrases
from scenarios.scenario_loader import load_scenario
from sim.compare import compare
from sim.figures import figures, rows
from sim.runner import Job, Run, run
from sim.scores import Scores
from sim.sensitivity import Swing
from sim.staffing.need import busiest_monday, needs

VOID = frozenset({"meta", "br", "hr", "img", "link", "input"})


@cache
def ran(*sets: str, replications: int = 2) -> Run:
    """The smoke scenario with settings."""
    loaded = load_scenario("smoke", sets)
    return run(Job(loaded, loaded.scenario.seed), replications)


def view_of(one: Run) -> View:
    """What a report of it looks at."""
    assert one.scores is not None
    versions = (("numpy", "2"),)
    return View(one.job.loaded, one.season.model, one.scores, one.rows, one.job.seed, one.job.digest, versions)


@cache
def full_view() -> View:
    """With a second run beside it, and swings; the season is too short for a busiest week."""
    base, other = ran(), ran("team.phone.ru+=1")
    differences = compare(base, other)
    level = next(one for one in differences if one.metric == "service_level")
    swings = (Swing("volume", level, replace(level, value=-0.04)), Swing("price", level, level))
    tornado = Tornado("service_level", 0.1, level.a, 2, swings)
    return replace(view_of(base), versus=Versus(("team.phone.ru+=1",), differences), tornado=tornado)


@cache
def weekly_view() -> View:
    """A week, with the heads it needs."""
    one = ran("season.last=2027-08-08", "demand.factor=10", replications=1)
    model = one.season.model
    monday = busiest_monday(model.demand)
    return replace(view_of(one), need=Need(monday, needs(model, monday)))


def empty_view() -> View:
    """Nobody came."""
    view = view_of(ran())
    scores = Scores(view.scores.frame, 1)
    return replace(view, scores=scores, rows=rows([figures(scores)]))


def unmanned_view() -> View:
    """Guests came as in the full view, and nobody works there: all of them gave up."""
    view = view_of(ran())
    scores = Scores(replace(view.scores.frame, groups=0), view.scores.n)
    scores.week[0], scores.peak[0], scores.daily[1] = view.scores.week[0], view.scores.peak[0], view.scores.daily[1]
    scores.week[3], scores.peak[3], scores.daily[3] = scores.week[0], scores.peak[0], scores.daily[1]
    plan = replace(view.model.plan, groups=(), heads=view.model.plan.heads[:, :0])
    model = replace(view.model, groups=(), plan=plan)
    return replace(view, model=model, scores=scores, rows=rows([figures(scores)]))


def drawn(language: str = "en") -> Report:
    """The full report; drawn once."""
    return _drawn(language)


@cache
def _drawn(language: str) -> Report:
    return season_report(full_view(), reader(language), with_png=True)


def reader(language: str = "en") -> Reader:
    """Somebody who reads it."""
    return Reader(CataloguePhrases(), language)


class Markup(HTMLParser):
    """Reads a page strictly: every element is closed by its own end, every id is there once."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        assert len(found) == len(attrs), f"<{tag}> has an attribute twice"
        self.elements.append((tag, found))
        if found.get("id") is not None:
            self.ids.append(str(found["id"]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1:] == [tag], f"</{tag}> closes {self.open[-3:]}"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def markup(html: bytes) -> Markup:
    """The page, read."""
    found = Markup()
    found.feed(html.decode("utf-8"))
    found.close()
    return found
