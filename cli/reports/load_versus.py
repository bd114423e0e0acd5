"""Two runs on one page: what was not alike, every difference with its interval, and both percentile curves."""

import numpy as np
from matplotlib.figure import Figure

from cli.reports import page
from cli.reports.load_plots import COLOURS, NOTHING, curve, milliseconds, tail_axis
from cli.reports.load_view import LoadView, group_name, ms
from cli.reports.page import cell, element, table
from cli.reports.pictures import Picture, our_look, svg_of
from cli.reports.words import Words
from cli.screens.load_words import window_name
from cli.screens.reader import Reader
from integration.usecases.marks import N_
from loadtests.compare import Difference, changed, compare_results

NOTE = N_(
    "B minus A. A difference is real when its 95 % interval leaves out 0; of twenty differences that are none, one"
    " looks real by chance."
)


def versus_page(a: LoadView, b: LoadView, reader: Reader) -> bytes:
    """The whole page, UTF-8."""
    w = Words(reader, "")
    with our_look():
        one = curves(a, b, w)
        svg = svg_of(one.draw(), one.name) if one.draw else ""
    shown = page.picture(svg, one.alt, one.caption) if svg else page.paragraph(one.empty, "empty")
    title = w(N_("Two load tests: {a} and {b}"), a=a.result.run_id, b=b.result.run_id)
    sections = (
        page.section("alike", w(N_("What was not alike")), _changed(a, b, w)),
        page.section("differences", w(N_("Differences")), page.paragraph(w(NOTE), "soft"), _table(a, b, w)),
        page.section("curves", one.title, shown),
    )
    said = w(N_("A: {a}, {one}. B: {b}, {other}."), a=a.result.run_id, one=a.result.verdict.value, b=b.result.run_id,
             other=b.result.verdict.value)  # fmt: skip
    head = page.element("header", page.element("h1", page.text(title)) + page.paragraph(said, "soft"))
    return page.page(title, w.language, f"{head}\n<main>\n{chr(10).join(sections)}\n</main>").encode("utf-8")


def curves(a: LoadView, b: LoadView, w: Words) -> Picture:
    """Both runs' percentiles of each operation, B dashed."""

    def draw() -> Figure:
        figure = Figure((10, 4.8), layout="constrained")
        axes = figure.subplots()
        for view, dashed in ((a, False), (b, True)):
            for place, (name, chosen) in enumerate(view.curves(w)):
                values = np.sort(view.samples.latency_ms[chosen & ~view.failed])
                if len(values):
                    curve(axes, values, COLOURS[place % len(COLOURS)], "_" if dashed else name, dashed=dashed)
        tail_axis(axes, w)
        milliseconds(axes, w)
        axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize=7.5)
        return figure

    return Picture(
        "curves",
        w(N_("Percentiles of both")),
        w(N_("Answered requests of the whole runs; A drawn through, B dashed.")),
        w(N_("Percentile curves of each operation for both runs.")),
        w(NOTHING),
        draw if len(a.samples) and len(b.samples) else None,
    )


def _changed(a: LoadView, b: LoadView, w: Words) -> str:
    rows = [element("tr", "".join(cell(one, "note") for one in told)) for told in changed(a.result, b.result)]
    if not rows:
        return page.paragraph(w(N_("Both were run alike.")), "empty")
    return table([w(N_("What")), "A", "B"], rows)


def _table(a: LoadView, b: LoadView, w: Words) -> str:
    headers = [w(one) for one in (N_("Stretch"), N_("What"), N_("Figure"), N_("A"), N_("B"), N_("Difference"),
                                  N_("95 % interval"), N_("Is it real?"))]  # fmt: skip
    rows = [_row(one, w) for one in compare_results(a.result, b.result)]
    return table(headers, rows, numbers=(3, 4, 5, 6))


def _row(one: Difference, w: Words) -> str:
    tone = "" if not one.is_real or one.value is None else "fail" if one.value > 0 else "pass"
    name = cell(window_name(one.window, w)) + cell(one.name if one.window == "whole" else group_name(one.name, w))
    figures = "".join(cell(figure(one, getattr(one, key), w), "n") for key in ("a", "b"))
    low = "-∞" if one.low is None else figure(one, one.low, w, signed=True)
    high = "+∞" if one.high is None else figure(one, one.high, w, signed=True)
    ends = "–" if one.value is None else f"{low} … {high}"
    said = w(N_("yes")) if one.is_real else w(N_("no"))
    return element("tr", name + cell(_told(one, w)) + figures + cell(figure(one, one.value, w, signed=True), "n")
                   + cell(ends, "n") + cell(said, tone))  # fmt: skip


def _told(one: Difference, w: Words) -> str:
    return w(N_("errors")) if one.figure == "error_rate" else one.figure


def figure(one: Difference, value: float | None, w: Words, *, signed: bool = False) -> str:
    """A figure or a difference of them, in its unit."""
    if value is None:
        return "–"
    if one.figure == "error_rate":
        return w.points(value) if signed else w.share(value, 2)
    sign = "-" if signed and value < 0 else "+" if signed and value > 0 else ""
    return f"{sign}{ms(abs(value), w)}"
