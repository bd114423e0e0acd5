"""The week: heat maps of demand and service by weekday and half hour, and the people on duty against the work."""

from collections.abc import Callable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Colormap, Normalize, TwoSlopeNorm
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from cli.reports.pictures import BLUE, GOOD_BAD, INK, ORANGE, PALE, RED, VOLUME, Picture
from cli.reports.season_view import F8, View
from cli.reports.words import Words
from integration.usecases.marks import N_
from scenarios.demand_plan import HALF_HOURS
from sim.scores import WEEK

EDGE = 0.999
NOTHING_CAME = N_("No contact came in this season.")
NO_CALL_CAME = N_("No call came in this season.")
NOBODY_WORKS = N_("Nobody is on duty in this season.")


def demand(view: View, w: Words) -> Picture:
    """Contacts of all channels, and calls, by weekday and half hour."""
    every, calls = view.week("offered", view.inbound), view.week("offered", view.calls)
    some = float(np.nansum(every)) > 0

    def draw() -> Figure:
        figure = Figure((10, 5.2), layout="constrained")
        for axes, field, title in zip(
            _stacked(figure, 2), (every, calls), (N_("All channels"), N_("Telephone")), strict=True
        ):
            top = max(float(np.nanmax(field)), 1e-9)
            _heat(figure, axes, field, w, VOLUME, Normalize(0, top), _counts(w, top))
            axes.set_title(w(title))
        return figure

    busiest = _where(every, w) if some else ""
    return Picture(
        "demand",
        w(N_("Demand by weekday and half hour")),
        w(N_("Contacts that arrive in a half hour, mean of the season; callers who try again are counted again.")),
        w(N_("Heat map of contacts by weekday and half hour. Most come {when}."), when=busiest),
        w(NOTHING_CAME),
        draw if some else None,
    )


def service(view: View, w: Words) -> Picture:
    """Share of calls answered in time by weekday and half hour."""
    level, target = view.level(), view.loaded.scenario.targets.phone
    some = bool(np.isfinite(level).any())

    def draw() -> Figure:
        figure = Figure((10, 2.9), layout="constrained")
        axes = _stacked(figure, 1)[0]
        norm = TwoSlopeNorm(min(max(target.service_level, 1 - EDGE), EDGE), 0, 1)
        _heat(figure, axes, level, w, GOOD_BAD, norm, lambda value, _: w.share(value, 0))
        return figure

    worst = _where(-level, w) if some else ""
    return Picture(
        "service",
        w(N_("Telephone service level by weekday and half hour")),
        w(
            N_("Share of calls answered within {within}. White is the target of {target}, blue better, red worse; "
            "grey: no call, or nobody on duty."),
            within=w.duration(target.within_s), target=w.share(target.service_level, 0),
        ),
        w(N_("Heat map of the service level by weekday and half hour. It is lowest {when}."), when=worst),
        w(NO_CALL_CAME),
        draw if some else None,
    )  # fmt: skip


def _counts(w: Words, top: float) -> Callable[[float, float], str]:
    digits = 0 if top >= 5 else 1 if top >= 0.5 else 2  # noqa: PLR2004 - how many places a scale's ticks need
    return lambda value, _: w.number(value, digits)


def _where(field: F8, w: Words) -> str:
    weekday, half_hour = divmod(int(np.nanargmax(field)), HALF_HOURS)
    return w(N_("on {weekday} at {time}"), weekday=w.weekdays()[weekday], time=clock(half_hour))


def clock(half_hour: int) -> str:
    """Half hour 19 of a day as 09:30."""
    return f"{half_hour // 2:02d}:{half_hour % 2 * 30:02d}"


def _stacked(figure: Figure, count: int) -> list[Axes]:
    return list(figure.subplots(count, 1, squeeze=False)[:, 0])


def _heat(
    figure: Figure,
    axes: Axes,
    field: F8,
    w: Words,
    colours: Colormap,
    norm: Normalize,
    written: Callable[[float, float], str],
) -> None:
    mesh = axes.pcolormesh(
        np.arange(HALF_HOURS + 1) / 2, np.arange(WEEK + 1), np.ma.masked_invalid(field), cmap=colours, norm=norm,
        edgecolors="white", linewidth=0.4,
    )  # fmt: skip
    axes.set_facecolor("#F2F2F2")
    axes.set_yticks(np.arange(WEEK) + 0.5, w.weekdays())
    axes.set_xticks(range(0, 25, 2), [f"{hour:02d}:00" for hour in range(0, 25, 2)])
    axes.tick_params(length=0)
    axes.invert_yaxis()
    axes.spines[:].set_visible(False)
    bar = figure.colorbar(mesh, ax=axes, pad=0.01, format=FuncFormatter(written))
    bar.outline.set_visible(False)


def desks(view: View, w: Words) -> Picture:
    """People on duty, people busy, and people needed, desk by desk over the week."""
    found = view.desks

    def draw() -> Figure:
        figure = Figure((10, 0.6 + 2.3 * len(found)), layout="constrained")
        for axes, (desk, groups) in zip(_stacked(figure, len(found)), found.items(), strict=True):
            _on_duty(axes, view, groups, w)
            _on_need(axes, view, desk, w)
            axes.set_title(desk)
            axes.set_ylabel(w(N_("heads")))
            axes.legend(loc="lower right", ncols=4, bbox_to_anchor=(1, 0.98))
        return figure

    return Picture(
        "staffing",
        w(N_("People on duty against people needed")),
        _staffing_caption(view, w),
        w(N_("For each desk: heads on duty, heads busy and heads needed in every half hour of the week.")),
        w(NOBODY_WORKS),
        draw if found else None,
    )


def _staffing_caption(view: View, w: Words) -> str:
    said = w(N_("Heads at the desk, breaks, absence and shrinkage taken off: mean of the season."))
    if view.need is None:
        return said
    more = w(
        N_("Red: what the targets ask for in the busiest week, from {monday} on; what a real team needs lies in "
           "between."),
        monday=w.day(view.need.monday.isoformat()),
    )  # fmt: skip
    return f"{said} {more}"


def _on_need(axes: Axes, view: View, desk: str, w: Words) -> None:
    """From what people who all speak everything would do with, to what people of one language each would take."""
    of = next((one for one in view.need.desks if one.desk == desk), None) if view.need else None
    if of is None or not of.heads:
        return
    least = of.heads[max(of.heads, key=len)].astype(np.float64)
    most = np.sum([heads for languages, heads in of.heads.items() if len(languages) == 1], axis=0, dtype=np.float64)
    edges = np.arange(len(least) + 1)
    low, high = (np.append(one, one[-1]) for one in (least, np.maximum(least, most)))
    axes.fill_between(edges, low, high, step="post", color=RED, alpha=0.14, lw=0)
    axes.step(edges, low, where="post", color=RED, lw=1.2, ls="--", label=w(N_("needed if all speak every language")))
    axes.step(edges, high, where="post", color=RED, lw=1.1, ls=":", label=w(N_("needed if each speaks one")))


def languages(view: View, w: Words) -> Picture:
    """People on duty and people busy, group by group."""
    groups = view.model.groups

    def draw() -> Figure:
        rows = -(-len(groups) // 2)
        figure = Figure((10, 0.6 + 1.55 * rows), layout="constrained")
        grid = figure.subplots(rows, 2, sharex=True, squeeze=False)
        for place, axes in enumerate(grid.T.ravel()):
            if place >= len(groups):
                axes.set_axis_off()
                continue
            _on_duty(axes, view, [place], w)
            axes.set_title(groups[place].name)
        handles, labels = grid[0, 0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside upper right", ncols=2)
        return figure

    return Picture(
        "languages",
        w(N_("Who is on duty and who is busy, by desk and language")),
        w(N_("Where the area touches the line everybody is busy; where it stays far below, people wait for work.")),
        w(N_("For each desk and first language: heads on duty and heads busy in every half hour of the week.")),
        w(NOBODY_WORKS),
        draw if groups else None,
    )


def _on_duty(axes: Axes, view: View, groups: list[int], w: Words) -> None:
    edges = np.arange(WEEK * HALF_HOURS + 1)
    duty, busy = (np.append(one, one[-1]) for one in (view.heads(groups, busy=False), view.heads(groups, busy=True)))
    axes.fill_between(edges, busy, step="post", color=ORANGE, alpha=0.55, lw=0, label=w(N_("busy")))
    axes.step(edges, duty, where="post", color=BLUE, lw=1.2, label=w(N_("on duty")))
    axes.set_xlim(0, len(edges) - 1)
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: w.number(value, 0)))
    axes.set_xticks(np.arange(WEEK) * HALF_HOURS + HALF_HOURS / 2, w.weekdays())
    axes.tick_params(axis="x", length=0, colors=INK)
    for day in range(1, WEEK):
        axes.axvline(day * HALF_HOURS, color=PALE, lw=0.8, zorder=0)
