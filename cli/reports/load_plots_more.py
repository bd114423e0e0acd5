"""The load drawn: throughput against plan, the generator's own health, where the time went, and what went wrong."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from cli.reports.load_plots import COLOURS, NOTHING, faults, time_axis
from cli.reports.load_view import LoadView, drawn, group_name
from cli.reports.pictures import BLUE, GREEN, GREY, INK, ORANGE, PALE, RED, SKY, YELLOW, Picture
from cli.reports.words import Words
from cli.screens.load_words import PARTS
from integration.usecases.marks import N_
from loadtests.load_checks import CPU_MOST
from loadtests.statistics import by_second
from loadtests.windows import start_ns

PART_COLOURS = {"generator": PALE, "wire": GREY, "queue": YELLOW, "service": BLUE, "store": SKY, "pms": ORANGE,
                "injected": RED}  # fmt: skip
DARK = frozenset({"service", "injected", "wire"})
LEAST_LABEL = 0.06
MOST_PROBLEMS = 12
MOST_STEPS = 240


def throughput(view: LoadView, w: Words) -> Picture:
    """Requests a second: due, answered, failed."""

    def draw() -> Figure:
        figure = Figure((10, 3.2), layout="constrained")
        axes, samples, zero = figure.subplots(), view.samples, start_ns(view.samples)
        seconds = int((samples.done_ns.max() - zero) // 1_000_000_000) + 1
        step = max(1, -(-seconds // MOST_STEPS))
        whole = -(-seconds // step) * step
        edges = np.arange(whole // step) * step
        due, done, bad = (
            by_second(one, zero, whole).reshape(-1, step).sum(axis=1) / step
            for one in (samples.due_ns, samples.done_ns[~view.failed], samples.done_ns[view.failed])
        )
        axes.fill_between(edges, done, step="post", color=SKY, alpha=0.6, lw=0, label=w(N_("answered")))
        axes.step(edges, due, where="post", color=INK, lw=1.1, label=w(N_("due")))
        if bad.any():
            axes.step(edges, bad, where="post", color=RED, lw=1.3, label=w(N_("failed")))
        faults(axes, view, w, is_named=True)
        axes.set_ylabel(w(N_("requests a second")))
        axes.set_ylim(bottom=0)
        axes.grid(axis="y")
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3)
        time_axis(axes, view, w)
        return figure

    return Picture(
        "throughput",
        w(N_("Requests a second, due and answered")),
        w(N_("Where the blue lies below the line, answers are late; what it is short of comes later, or not at all.")),
        w(N_("Requests that were due, answered and failed in each second of the run.")),
        w(NOTHING),
        draw if len(view.samples) else None,
    )


def generator(view: LoadView, w: Words) -> Picture:
    """How late requests were sent, and the generator's processors."""

    def draw() -> Figure:
        figure = Figure((10, 4.2), layout="constrained")
        top, bottom = figure.subplots(2, 1, sharex=True)
        _lag(top, view, w)
        _cpu(bottom, view, w)
        for axes in (top, bottom):
            faults(axes, view, w, is_named=axes is top)
            axes.set_ylim(bottom=0)
            axes.grid(axis="y")
            axes.legend(loc="lower left", bbox_to_anchor=(0, 0.98), ncols=6)
        time_axis(bottom, view, w)
        return figure

    return Picture(
        "generator",
        w(N_("The generator's own health")),
        w(N_("A generator that sends late or has no processor time left measures itself: then the run is invalid.")),
        w(N_("How late the generator sent its requests, and how busy its processes were, by second.")),
        w(NOTHING),
        draw if len(view.samples) else None,
    )


def _lag(axes: Axes, view: LoadView, w: Words) -> None:
    second = view.due_s.astype(np.int64)
    found = np.unique(second)
    lag = view.samples.lag_ms
    worst = np.array([lag[second == one].max() for one in found])
    axes.plot(found, worst, color=BLUE, lw=1.2, label=w(N_("worst of each second")))
    p99 = view.result.load.lag_p99_ms
    if p99 is not None:
        axes.axhline(p99, color=GREEN, lw=1, label=w(N_("p99 of the run: {ms} ms"), ms=w.number(p99, 1)))
    axes.set_ylabel(w(N_("sent late, ms")))


def _cpu(axes: Axes, view: LoadView, w: Words) -> None:
    zero = start_ns(view.samples)
    for place, one in enumerate(view.health):
        at = np.arange(len(one.cpu)) + (one.began_ns - zero) / 1e9
        axes.plot(at, np.array(one.cpu) * 100, color=COLOURS[place % len(COLOURS)], lw=1.2,
                  label=w(N_("process {n}"), n=str(one.process)))  # fmt: skip
    axes.axhline(CPU_MOST * 100, color=RED, lw=1, ls="--", label=w(N_("most: {share}"), share=w.share(CPU_MOST, 0)))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: w.share(value / 100, 0)))
    axes.set_ylabel(w(N_("of a core")))


def attribution(view: LoadView, w: Words) -> Picture:
    """Where the latency about the 95th percentile went, a bar a group."""
    rows = [one for one in view.result.groups if one.window == "outside" and one.parts]

    def draw() -> Figure:
        figure = Figure((10, 1.2 + 0.5 * len(rows)), layout="constrained")
        axes = figure.subplots()
        names = [group_name(one.name, w) for one in rows]
        left = np.zeros(len(rows))
        for part, colour in PART_COLOURS.items():
            widths = np.array([one.parts.get(part, 0.0) for one in rows])
            axes.barh(names, widths, left=left, color=colour, height=0.62, edgecolor="white", lw=0.6,
                      label=w(PARTS[part]))  # fmt: skip
            for place, width in enumerate(widths):
                if width >= LEAST_LABEL:
                    ink = "white" if part in DARK else INK
                    axes.text(left[place] + width / 2, place, w.share(float(width), 0), ha="center", va="center",
                              fontsize=8, color=ink)  # fmt: skip
            left = left + widths
        axes.invert_yaxis()
        axes.set_xlim(0, 1)
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: w.share(value, 0)))
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=4)
        return figure

    return Picture(
        "attribution",
        w(N_("What slow requests wait for")),
        w(N_("Requests between the 90th and the 99th percentile, outside faults: what their latency was made of.")),
        w(N_("For each group, the shares of generator, way, queue, service, store, PMS and delay put in on purpose.")),
        w(N_("The service did not say where its time went.")),
        draw if rows else None,
    )


def errors(view: LoadView, w: Words) -> Picture:
    """Requests by what was wrong with them, by operation."""
    problems = [one for one in view.result.problems if (view.samples.problem == one).any()][:MOST_PROBLEMS]

    def draw() -> Figure:
        figure = Figure((10, 1.2 + 0.34 * len(problems)), layout="constrained")
        axes = figure.subplots()
        left, places = np.zeros(len(problems)), np.arange(len(problems))
        for place, (name, chosen) in enumerate(line for group, _ in view.groups() for line in view.lines(group, w)):
            told = view.samples.problem[chosen]
            widths = np.array([int((told == one).sum()) for one in problems], dtype=np.float64)
            if widths.any():
                colour, hatch = COLOURS[place % len(COLOURS)], "///" if place >= len(COLOURS) else ""
                axes.barh(places, widths, left=left, color=colour, height=0.62, label=name, hatch=hatch, lw=0)
                left = left + widths
        for place, width in enumerate(left):
            axes.text(width, place, f" {w.number(float(width))}", va="center", fontsize=8)
        axes.set_yticks(places, [drawn(one) for one in problems])
        axes.invert_yaxis()
        axes.margins(x=0.08)
        axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=6)
        return figure

    return Picture(
        "errors",
        w(N_("What went wrong")),
        w(N_("All requests of the run that had no answer, or not the one they should have had, faults included.")),
        w(N_("Failed requests by kind of problem and operation.")),
        w(N_("Every request had the answer it should have had.")) if len(view.samples) else w(NOTHING),
        draw if problems else None,
    )
