"""The queue through the busiest day: calls offered, answered and gone, how long they waited, and who was there."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from cli.reports.pictures import BLUE, INK, ORANGE, RED, SKY, Picture
from cli.reports.plot_week import NO_CALL_CAME
from cli.reports.season_view import F8, View
from cli.reports.words import Words
from integration.usecases.marks import N_
from scenarios.demand_plan import HALF_HOURS


def peak_day(view: View, w: Words) -> Picture:
    """Three panels over one day."""
    offered = view.peak("offered")
    some = bool(offered.sum() > 0)

    def draw() -> Figure:
        figure = Figure((10, 7), layout="constrained")
        top, middle, bottom = figure.subplots(3, 1, sharex=True, height_ratios=[3, 2, 2])
        _calls(top, view, w)
        _waits(middle, view, w)
        _heads(bottom, view, w)
        bottom.set_xlim(0, 24)
        bottom.set_xticks(range(0, 25, 2), [f"{hour:02d}:00" for hour in range(0, 25, 2)])
        return figure

    day = w.day(view.peak_day.isoformat())
    busiest = int(offered.argmax())
    return Picture(
        "peak_day",
        w(N_("The queue through the busiest day: {day}"), day=day),
        w(
            N_("Calls that came in each half hour, mean of {n} simulated days; a call counts where it came in."),
            n=w.number(view.n),
        ),
        w(
            N_("Calls answered in time, late and given up through the busiest day. Most calls come at {time}."),
            time=f"{busiest // 2:02d}:{busiest % 2 * 30:02d}",
        ),
        w(NO_CALL_CAME),
        draw if some else None,
    )


def _calls(axes: Axes, view: View, w: Words) -> None:
    offered, answered, in_time, gone = (view.peak(one) for one in ("offered", "answered", "in_time", "gone"))
    parts = (
        (in_time, BLUE, "", N_("answered in time")),
        (answered - in_time, SKY, "", N_("answered late")),
        (gone, RED, "", N_("gave up")),
        (np.maximum(offered - answered - gone, 0), "#FFFFFF", "////", N_("called back, or came while closed")),
    )
    under = np.zeros(HALF_HOURS)
    for heights, colour, hatch, label in parts:
        if heights.sum() > 0:
            axes.bar(np.arange(HALF_HOURS) / 2, heights, 0.46, under, align="edge", color=colour, hatch=hatch,
                     edgecolor="#767676" if hatch else colour, lw=0.4, label=w(label))  # fmt: skip
            under = under + heights
    axes.set_ylabel(w(N_("calls")))
    axes.grid(axis="y")
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: w.number(value)))
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=4)


def _waits(axes: Axes, view: View, w: Words) -> None:
    answered = view.peak("answered")
    with np.errstate(invalid="ignore", divide="ignore"):
        waited = np.where(answered > 0, view.peak("wait_s") / answered, np.nan)
    _steps(axes, waited, BLUE, w(N_("mean wait of answered calls")))
    within = view.loaded.scenario.targets.phone.within_s
    axes.axhline(within, color=RED, lw=1, ls="--", label=w(N_("target: {within}"), within=w.duration(within)))
    top = float(np.nanmax(waited)) if np.isfinite(waited).any() else 0.0
    axes.set_ylim(0, max(top, within) * 1.15)
    axes.set_ylabel(w(N_("wait")))
    axes.grid(axis="y")
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: w.duration(value)))
    axes.legend(loc="lower left", bbox_to_anchor=(0, 0.98), ncols=2)


def _heads(axes: Axes, view: View, w: Words) -> None:
    edges = np.arange(HALF_HOURS + 1) / 2
    busy, duty = view.peak_heads(busy=True), view.peak_heads(busy=False)
    axes.fill_between(
        edges, np.append(busy, busy[-1]), step="post", color=ORANGE, alpha=0.55, lw=0, label=w(N_("busy"))
    )
    _steps(axes, duty, BLUE, w(N_("on duty")))
    axes.set_ylim(bottom=0)
    axes.set_ylabel(w(N_("heads")), color=INK)
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.grid(axis="y")
    axes.legend(loc="lower left", bbox_to_anchor=(0, 0.98), ncols=2)


def _steps(axes: Axes, heights: F8, colour: str, label: str) -> None:
    axes.step(np.arange(HALF_HOURS + 1) / 2, np.append(heights, heights[-1]), where="post", color=colour, lw=1.5,
              label=label)  # fmt: skip
