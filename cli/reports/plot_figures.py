"""Figures: main ones with intervals against their targets, first responses by channel, and the tornado."""

from collections.abc import Callable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from cli.reports.pictures import BLUE, GREY, INK, ORANGE, SKY, Picture
from cli.reports.season_view import Tornado, View
from cli.reports.words import Words
from cli.screens.seasons import KNOBS
from domain.kpi import Spread
from domain.kpi_list import Unit
from integration.usecases.marks import N_
from sim.figures import Row, unit_of
from sim.targets import Target

EDGES_S = (10, 30, 60, 120, 300, 900, 1800, 3600, 4 * 3600, 12 * 3600, 24 * 3600)
LEAST_EDGES = 8
TICK = 0.34


def intervals(view: View, w: Words) -> Picture:
    """Shares with their 95 % intervals, and the targets they are held to."""
    targets = view.targets
    rows = [row for metric in targets if (row := view.row(metric)) and row.unit is Unit.SHARE and row.value is not None]

    def draw() -> Figure:
        figure = Figure((10, 0.9 + 0.42 * len(rows)), layout="constrained")
        axes = figure.subplots()
        for place, row in enumerate(rows):
            _bounds(axes, targets[row.metric], place)
            _interval(axes, row, place)
            axes.annotate(w.share(row.value or 0.0), (1.02, place), xycoords=("axes fraction", "data"), va="center")
        axes.set_yticks(range(len(rows)), [w.metric(row.metric) for row in rows])
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.set_xlim(-0.01, 1.01)
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: w.share(value, 0)))
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="x")
        return figure

    return Picture(
        "intervals",
        w(N_("Main figures and their targets")),
        w(N_("Dot: mean of the replications; bar: 95 % interval; grey: where the target wants it to be.")),
        w(N_("Shares with intervals beside their targets; the table above has the numbers.")),
        w(N_("There is nothing to measure in this season.")),
        draw if rows else None,
    )


def _bounds(axes: Axes, target: Target, place: int) -> None:
    low, high = target.low or 0.0, 1.0 if target.high is None else target.high
    if low <= 0.0 and high >= 1.0:
        return
    axes.barh(place, high - low, 0.62, low, color="#E4E4E4", zorder=1)
    for bound in (target.low, target.high):
        if bound is not None:
            axes.plot([bound, bound], [place - TICK, place + TICK], color=INK, lw=1.6, zorder=2)


def _interval(axes: Axes, row: Row, place: int) -> None:
    if row.low is not None and row.high is not None:
        axes.plot([row.low, row.high], [place, place], color=BLUE, lw=5, alpha=0.55, solid_capstyle="butt", zorder=3)
    axes.plot([row.value or 0.0], [place], "o", color=BLUE, ms=5, zorder=4)


def first_response(view: View, w: Words) -> Picture:
    """How long guests of each message channel wait for the first answer of a person."""
    found = view.first_responses()

    def draw() -> Figure:
        columns = 2
        lines = -(-len(found) // columns)
        figure = Figure((10, 0.4 + 2.5 * lines), layout="constrained")
        grid = figure.subplots(lines, columns, squeeze=False).ravel()
        for axes, one in zip(grid, found, strict=False):
            _histogram(axes, one, w)
        for axes in grid[len(found) :]:
            axes.set_axis_off()
        return figure

    return Picture(
        "first_response",
        w(N_("First response by channel, against its target")),
        w(N_("Share of guests by how long they waited for a person's first answer. Blue: within the target; orange: "
             "later; hatched: never answered.")),
        w(N_("Bars of waiting times for the first response on: {channels}."),
          channels=w.listed([w.channel(one[0]) for one in found])),
        w(N_("No message came in this season.")),
        draw if found else None,
    )  # fmt: skip


def _histogram(axes: Axes, of: tuple[str, Spread, int, float], w: Words) -> None:
    channel, spread, cases, target = of
    edges = _edges(spread, target)
    counts = np.zeros(len(edges) + 1)
    for second, times in spread.closed.items():
        counts[int(np.searchsorted(edges, second, side="right"))] += times
    shares = [*(counts / cases), max(0.0, 1 - counts.sum() / cases)]
    within = [edge <= target for edge in edges]
    colours = [BLUE if inside else ORANGE for inside in within] + [ORANGE, "white"]
    labels = [f"< {w.duration(edge)}" for edge in edges] + [f"≥ {w.duration(edges[-1])}", w(N_("never"))]
    bars = axes.bar(range(len(shares)), shares, 0.86, color=colours)
    bars[-1].set(hatch="////", edgecolor=GREY)
    axes.axvline(sum(within) - 0.5, color=INK, lw=1.2, ls="--")
    axes.set_xticks(range(len(shares)), labels, rotation=40, ha="right", rotation_mode="anchor", fontsize=7.5)
    axes.set_xlim(-0.6, len(shares) - 0.4)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: w.share(value, 0)))
    axes.grid(axis="y")
    answered = sum(share for share, inside in zip(shares, within, strict=False) if inside)
    axes.set_title(
        w(N_("{channel}: {share} within {target}"), channel=w.channel(channel), share=w.share(answered, 0),
          target=w.duration(target))
    )  # fmt: skip


def _edges(spread: Spread, target: float) -> list[float]:
    """Upper ends of the bars: the target is one, and none lie beyond the longest wait but the first few."""
    longest = max(spread.closed, default=0)
    shown = [edge for edge in EDGES_S if edge <= longest] or list(EDGES_S[:1])
    least = [edge for edge in EDGES_S if edge > longest][: max(0, LEAST_EDGES - len(shown))]
    return sorted({float(edge) for edge in (*shown, *least)} | {target})


def tornado(of: Tornado | None, w: Words) -> Picture:
    """How far each assumption moves a metric."""
    swings = [] if of is None else [one for one in of.swings if one.down.value is not None and one.up.value is not None]
    name = w.metric(of.metric) if of else ""

    def draw() -> Figure:
        assert of is not None  # noqa: S101 - there are swings of something
        figure = Figure((10, 1.2 + 0.36 * len(swings)), layout="constrained")
        axes = figure.subplots()
        step = w.share(of.step, 0)
        ends = ((SKY, "///", f"−{step}", "down"), (BLUE, "", f"+{step}", "up"))
        for colour, hatch, label, end in ends:
            values = [getattr(one, end).value for one in swings]
            axes.barh(range(len(swings)), values, 0.66, color=colour, hatch=hatch, edgecolor="white", label=label)
        axes.set_yticks(range(len(swings)), [w(KNOBS[one.knob]) if one.knob in KNOBS else one.knob for one in swings])
        axes.set_ylim(len(swings) - 0.4, -0.6)
        axes.axvline(0, color=INK, lw=1)
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="x")
        unit = unit_of(of.metric).value
        axes.xaxis.set_major_formatter(FuncFormatter(_difference(w, unit)))
        axes.set_xlabel(_change(w, of.metric))
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2)
        return figure

    return Picture(
        "tornado",
        w(N_("Which assumptions matter most: {metric}"), metric=name) if of else w(N_("Which assumptions matter most")),
        _tornado_caption(of, w),
        w(N_("Bars of how much each assumption moves the answer, the widest first: {knobs}."),
          knobs=w.listed([w(KNOBS.get(one.knob, one.knob)) for one in swings[:3]])),
        w(N_("Not asked for: `--tornado service_level` turns each assumption down and up by a tenth.")),
        draw if swings else None,
    )  # fmt: skip


def _tornado_caption(of: Tornado | None, w: Words) -> str:
    if of is None:
        return ""
    return w(
        N_("Each assumption turned down and up by {step}, one at a time, on the same guests; {n} replications each."),
        step=w.share(of.step, 0), n=w.number(of.replications),
    )  # fmt: skip


def _difference(w: Words, unit: str) -> Callable[[float, object], str]:
    """Writes ticks: of shares in points, of anything else in its unit."""

    def written(value: float, _place: object) -> str:
        is_share = unit == Unit.SHARE.value
        return w.number(value * 100, 1, signed=True) if is_share else w.figure(value, unit, signed=True)

    return written


def _change(w: Words, metric: str) -> str:
    if unit_of(metric) is Unit.SHARE:
        return w(N_("change of: {metric}, in points"), metric=w.metric(metric))
    return w(N_("change of: {metric}"), metric=w.metric(metric))
