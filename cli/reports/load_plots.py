"""Latencies drawn: over time by operation, faults marked, and as percentile curves."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, MultipleLocator, NullLocator

from cli.reports.load_view import Flags, LoadView, group_name, ms
from cli.reports.pictures import BLUE, GREEN, GREY, INK, ORANGE, PALE, PINK, RED, SKY, Picture
from cli.reports.words import Words
from integration.usecases.marks import N_
from loadtests.statistics import F8, rank

COLOURS = (BLUE, ORANGE, GREEN, PINK, SKY, RED, INK, GREY, "#8C6D1F", "#5B4B9A")
BINS = 60
LEAST_BIN_S = 1.0
TIME_STEPS, MOST_TICKS = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600), 10
SHADE = "#E9C7B4"
TAIL = {0.0: 0, 0.5: 0, 0.9: 0, 0.99: 0, 0.999: 1, 0.9999: 2}
NOTHING = N_("No request was recorded.")


def latency_over_time(view: LoadView, w: Words) -> Picture:
    """A panel a group: median and 95th percentile of each operation; failures as ticks along the top."""
    groups = view.groups()

    def draw() -> Figure:
        figure = Figure((10, 1.2 + 2.1 * len(groups)), layout="constrained")
        panels = np.atleast_1d(figure.subplots(len(groups), 1, sharex=True))
        for axes, (group, _) in zip(panels, groups, strict=True):
            for place, (name, chosen) in enumerate(view.lines(group, w)):
                _line(axes, view, name, chosen, COLOURS[place % len(COLOURS)])
            limit = view.limit(group)
            if limit:
                label = w(N_("target, p{q}: {ms}"), q=f"{limit[0] * 100:.0f}", ms=ms(limit[1], w))
                axes.axhline(limit[1], color=RED, lw=1, ls="--", label=label)
            faults(axes, view, w, is_named=axes is panels[0])
            milliseconds(axes, w)
            axes.set_title(group_name(group.value, w), fontsize=9.5, pad=18)
            axes.legend(loc="lower left", bbox_to_anchor=(0, 0.97), ncols=7, fontsize=7.5, handlelength=1.3,
                        columnspacing=1.1, borderaxespad=0.2)  # fmt: skip
        time_axis(panels[-1], view, w)
        return figure

    return Picture(
        "latency_time",
        w(N_("Latency over time")),
        w(N_("Line: 95th percentile of what was due in that moment, counted from the instant it was due; pale: median."
             " Ticks at the top: requests that failed. Shaded: faults.")),
        w(N_("Latency of each operation through the run, on a logarithmic scale, with faults marked.")),
        w(NOTHING),
        draw if len(view.samples) else None,
    )  # fmt: skip


def _line(axes: Axes, view: LoadView, name: str, chosen: Flags, colour: str) -> None:
    due, latency, bad = view.due_s[chosen], view.samples.latency_ms[chosen], view.failed[chosen]
    width = max(view.last_s / BINS, LEAST_BIN_S)
    middles, tails, medians = _binned(due[~bad], latency[~bad], width)
    axes.plot(middles, medians, color=colour, lw=1, alpha=0.4)
    axes.plot(middles, tails, color=colour, lw=1.4, marker="o", ms=2.2, label=name)
    if bad.any():
        at = np.unique(np.round(due[bad] / width * 4)) * width / 4
        axes.plot(at, np.full(len(at), 0.985), "|", transform=axes.get_xaxis_transform(), color=colour, ms=7, mew=1.2)


def _binned(due: F8, latency: F8, width: float) -> tuple[F8, F8, F8]:
    """Middle, 95th percentile and median of each stretch; nan where no request was answered, so that lines break."""
    places = (due // width).astype(np.int64)
    count = int(places.max()) + 1 if len(places) else 0
    found = [np.sort(latency[places == place]) for place in range(count)]
    tails, medians = (
        np.array([values[rank(len(values), q) - 1] if len(values) else np.nan for values in found]) for q in (0.95, 0.5)
    )
    middles = (np.arange(count, dtype=np.float64) + 0.5) * np.float64(width)
    return middles, tails, medians


def percentile_curves(view: LoadView, w: Words) -> Picture:
    """Latency by percentile, both axes logarithmic: the tail gets as much room as the rest."""

    def draw() -> Figure:
        figure = Figure((10, 4.6), layout="constrained")
        axes = figure.subplots()
        for place, (name, chosen) in enumerate(view.curves(w)):
            values = np.sort(view.samples.latency_ms[chosen & ~view.failed])
            if len(values):
                curve(axes, values, COLOURS[place % len(COLOURS)], name, dashed=place >= len(COLOURS))
        for group, _ in view.groups():
            limit = view.limit(group)
            if limit:
                axes.plot(1 / (1 - limit[0]), limit[1], marker="v", color=RED, ms=7, ls="none")
                axes.annotate(f"{group_name(group.value, w)}: {ms(limit[1], w)}", (1 / (1 - limit[0]), limit[1]),
                              xytext=(5, 5), textcoords="offset points", fontsize=7.5, color=RED)  # fmt: skip
        tail_axis(axes, w)
        milliseconds(axes, w)
        axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize=8)
        return figure

    return Picture(
        "percentiles",
        w(N_("Percentiles")),
        w(N_("How slow the slowest are: answered requests of the whole run. Triangles: targets. At p99 one request in a"
             " hundred takes longer.")),
        w(N_("A curve for each operation: latency against percentile, both on logarithmic scales.")),
        w(NOTHING),
        draw if (~view.failed).any() else None,
    )  # fmt: skip


def curve(axes: Axes, values: F8, colour: str, label: str, *, dashed: bool = False) -> None:
    """Sorted latencies against 1 / (1 - percentile); thinned to what can be seen."""
    n = len(values)
    ranks = np.unique(np.concatenate([np.linspace(1, n, 120), n - np.geomspace(1, n, 120) + 1]).astype(np.int64))
    axes.plot(n / (n - ranks + 1), values[ranks - 1], color=colour, lw=1.5, label=label, ls="--" if dashed else "-")


def tail_axis(axes: Axes, w: Words) -> None:
    """Percentiles along the bottom, the tail spread out."""
    axes.set_xscale("log")
    names = [f"p{w.number(q * 100, digits)}" for q, digits in TAIL.items()]
    axes.set_xticks([1 / (1 - q) for q in TAIL], names)
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xlim(left=1)
    axes.grid(axis="x")


def milliseconds(axes: Axes, w: Words) -> None:
    """Latencies up the side, on a logarithmic scale."""
    axes.set_yscale("log")
    axes.grid(axis="y")
    axes.yaxis.set_major_locator(LogLocator(10, subs=(1.0, 2.0, 5.0), numticks=12))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: ms(value, w)))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.tick_params(axis="y", labelsize=7.5)


def faults(axes: Axes, view: LoadView, w: Words, *, is_named: bool) -> None:
    """Shade what was broken; its name above the first panel."""
    for place, (name, start, end) in enumerate(view.faults(w)):
        axes.axvspan(start, max(end, start + view.last_s / 400), color=SHADE, alpha=0.55, lw=0, zorder=0)
        if is_named:
            axes.annotate(name, (start, 0), xycoords=("data", "axes fraction"), xytext=(2, 4 + place % 2 * 11),
                          textcoords="offset points", color="#7A2E00", fontsize=7.5,
                          bbox={"boxstyle": "square,pad=0.15", "fc": "white", "ec": "none", "alpha": 0.8})  # fmt: skip


def time_axis(axes: Axes, view: LoadView, w: Words) -> None:
    """Seconds or minutes of the run along the bottom."""
    axes.set_xlim(0, max(view.last_s, 1.0))
    step = next((one for one in TIME_STEPS if view.last_s / one <= MOST_TICKS), TIME_STEPS[-1])
    axes.xaxis.set_major_locator(MultipleLocator(step))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{int(value) // 60}:{int(value) % 60:02d}"))
    axes.set_xlabel(w(N_("minutes and seconds of the run")))
    axes.spines["bottom"].set_color(PALE)
