"""Plots of the weekly sheet: why leads were lost, and the days beside the bands of the planned season."""

from datetime import date
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from cli.reports.pictures import BLUE, GREY, INK, RED, SKY
from cli.reports.words import Words
from cli.screens.kpi import KPI_NAMES
from domain.kpi_list import Unit
from integration.usecases.marks import N_

Body = dict[str, Any]
MOST_REASONS = 8
PANEL_NAMES = {**KPI_NAMES, "reservations": N_("Reservations")}
SHORT, LONGEST_NAME, PARETO_WIDTH = 10, 26, 6.0


def pareto(rows: list[Body], w: Words) -> Figure:
    """Bars of lost leads by reason, and the share they make up together."""
    shown = rows[:MOST_REASONS]
    figure = Figure((PARETO_WIDTH, pareto_height(len(shown))), layout="constrained")
    axes = figure.subplots()
    names = [_cut(w.reason(row["reason"])).replace("$", r"\$") for row in shown]
    axes.barh(range(len(shown)), [row["n"] for row in shown], 0.62, color=[RED, *[SKY] * (len(shown) - 1)])
    axes.set_yticks(range(len(shown)), names)
    axes.invert_yaxis()
    axes.tick_params(axis="y", length=0)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
    most = max(row["n"] for row in shown)
    for place, row in enumerate(shown):
        axes.text(row["n"] + most * 0.015, place, f"{w.number(row['n'])}  ·  Σ {w.share(row['together'], 0)}",
                  va="center", fontsize=8, color=INK)  # fmt: skip
    axes.set_xlim(0, most * 1.28)
    return figure


def pareto_height(reasons: int) -> float:
    """Inches of the plot of so many reasons."""
    return 0.42 + 0.27 * min(reasons, MOST_REASONS)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_NAME else f"{text[: LONGEST_NAME - 1]}…"


def bands(plan: Body, w: Words) -> Figure:
    """A panel for each measure: band, mean, and the days as they were; those outside stand out."""
    rows = plan["rows"]
    figure = Figure((10, 2.1 * ((len(rows) + 1) // 2)), layout="constrained")
    panels = figure.subplots((len(rows) + 1) // 2, 2, squeeze=False).ravel()
    for axes, row in zip(panels, rows, strict=False):
        _panel(axes, row, w)
    for axes in panels[len(rows) :]:
        axes.set_visible(False)
    return figure


def _panel(axes: Axes, row: Body, w: Words) -> None:
    days = row["days"]
    x = np.arange(len(days), dtype=np.float64)
    mean, low, high, actual = (np.array([_or_nan(day[name]) for day in days]) for name in _LINES)
    out = np.array([bool(day["outside"]) for day in days])
    # Steps, so that a single day has a band too.
    edges = np.append(x - 0.5, x[-1] + 0.5)
    for at in range(len(days)):
        axes.fill_between(edges[at : at + 2], low[at], high[at], color="#DCEBF5", linewidth=0)
        axes.plot(edges[at : at + 2], [mean[at]] * 2, color=SKY, linewidth=1.2)
    axes.plot(x, actual, color=GREY, linewidth=0.8)
    axes.plot(x[~out], actual[~out], "o", color=BLUE, markersize=4)
    axes.plot(x[out], actual[out], "D", color=RED, markersize=6)
    axes.set_title(w(PANEL_NAMES[row["kpi"]]))
    step = max(1, -(-len(days) // SHORT))
    axes.set_xticks(x[::step], [_short(day["day"]) for day in days[::step]])
    axes.tick_params(axis="x", length=0)
    is_share = row["unit"] == Unit.SHARE.value
    axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: w.share(y, 0) if is_share else w.number(y)))
    axes.set_xlim(-0.6, len(days) - 0.4)
    axes.set_ylim(bottom=0)
    axes.grid(axis="y")


_LINES = ("mean", "low", "high", "actual")


def _short(iso: str) -> str:
    day = date.fromisoformat(iso)
    return f"{day.day:02}.{day.month:02}."


def _or_nan(value: float | None) -> float:
    return float("nan") if value is None else value
