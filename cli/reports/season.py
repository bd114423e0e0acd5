"""The report of a simulated season: one HTML file that works offline, and its plots as PNG.

It opens with sentences a hotel manager understands, then figures against targets, the week, the busiest day, the team,
the messages, the money, what matters most, and every number it rests on with its source. The same view gives the same
bytes: neither clock nor chance is asked.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from cli.reports import page, season_tables
from cli.reports.pictures import Picture, our_look, png_of, svg_of
from cli.reports.plot_day import peak_day
from cli.reports.plot_figures import first_response, intervals, tornado
from cli.reports.plot_money import lost_by_channel, lost_by_time, revenue
from cli.reports.plot_week import demand, desks, languages, service
from cli.reports.season_headlines import headlines, level_defined
from cli.reports.season_view import View
from cli.reports.words import Words
from cli.screens.reader import Reader
from integration.usecases.marks import N_

SECTIONS = {
    "summary": N_("In short"),
    "figures": N_("Figures and targets"),
    "week": N_("The week"),
    "day": N_("The busiest day"),
    "team": N_("The team"),
    "messages": N_("Messages"),
    "money": N_("Revenue"),
    "matters": N_("What matters most"),
    "rests": N_("What this rests on"),
    "made": N_("How it was computed"),
}


PICTURES = (
    "intervals", "demand", "service", "peak_day", "staffing", "languages", "first_response", "lost", "lost_channel",
    "revenue", "tornado",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Report:
    """The page as UTF-8 bytes, and its plots as PNG by name."""

    html: bytes
    pictures: dict[str, bytes]


def season_report(view: View, reader: Reader, *, with_png: bool = False) -> Report:
    """Draw it all. `with_png`: the plots as files of their own too."""
    w = Words(reader, view.loaded.scenario.selling.price.currency)
    drawn, files = {}, {}
    with our_look():
        for one in pictures(view, w):
            figure = one.draw() if one.draw else None
            drawn[one.name] = _shown(one, svg_of(figure, one.name) if figure else "")
            if figure and with_png:
                files[one.name] = png_of(figure)
    return Report(_page(view, w, drawn).encode("utf-8"), files)


def pictures(view: View, w: Words) -> Iterable[Picture]:
    """Every plot of the report, in its order."""
    yield intervals(view, w)
    yield demand(view, w)
    yield service(view, w)
    yield peak_day(view, w)
    yield desks(view, w)
    yield languages(view, w)
    yield first_response(view, w)
    yield lost_by_time(view, w)
    yield lost_by_channel(view, w)
    yield revenue(view, w)
    yield tornado(view.tornado, w)


def _shown(one: Picture, svg: str) -> str:
    inner = page.picture(svg, one.alt, one.caption) if svg else page.paragraph(one.empty, "empty")
    return page.element("h3", page.text(one.title)) + "\n" + inner


def _page(view: View, w: Words, drawn: dict[str, str]) -> str:
    title = view.loaded.scenario.title.tr if w.language == "tr" else view.loaded.scenario.title.en
    said = {
        "summary": _summary(view, w),
        "figures": (
            page.paragraph(w(N_("Service level: {formula}."), formula=level_defined(view, w)), "soft"),
            season_tables.figures(view, w),
            drawn["intervals"],
        ),
        "week": (drawn["demand"], drawn["service"]),
        "day": (drawn["peak_day"],),
        "team": (drawn["staffing"], drawn["languages"]),
        "messages": (drawn["first_response"],),
        "money": (drawn["lost"], drawn["lost_channel"], drawn["revenue"]),
        "matters": (drawn["tornado"],),
        "rests": _rests(view, w),
        "made": (season_tables.made_with(view, w),),
    }
    sections = [page.section(name, w(SECTIONS[name]), *parts) for name, parts in said.items()]
    links = " ".join(page.element("a", page.text(w(name)), href=f"#{place}") for place, name in SECTIONS.items())
    head = "\n".join((page.element("h1", page.text(title)), _subtitle(view, w), page.element("nav", links)))
    return page.page(title, w.language, f"{page.element('header', head)}\n<main>\n{chr(10).join(sections)}\n</main>")


def _subtitle(view: View, w: Words) -> str:
    season = view.loaded.scenario.season
    said = w(
        N_("{first} – {last}; {hotels} hotels, {rooms} rooms; mean of {n} simulated seasons, 95 % intervals."),
        first=w.day(season.first.isoformat()), last=w.day(season.last.isoformat()),
        hotels=w.number(len(view.loaded.hotels)), rooms=w.number(view.loaded.rooms), n=w.number(view.n),
    )  # fmt: skip
    return page.paragraph(said, "soft")


def _summary(view: View, w: Words) -> tuple[str, ...]:
    items = "\n".join(page.element("li", page.text(one.text), class_=one.status) for one in headlines(view, w))
    return (page.element("ul", f"\n{items}\n", class_="headlines"),)


def _rests(view: View, w: Words) -> tuple[str, ...]:
    said = w(N_("Every number of the scenario and where it comes from: what-ifs first, then what nobody has measured."))
    return (page.paragraph(said, "soft"), season_tables.sources(view, w), season_tables.assumptions(view, w))
