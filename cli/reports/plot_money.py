"""Money: revenue through the season, and what was lost for want of people and for want of rooms."""

from collections.abc import Callable
from datetime import date

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from cli.reports.pictures import BLUE, ORANGE, RED, SKY, Picture
from cli.reports.season_view import F8, View
from cli.reports.words import MILLION, THOUSAND, Words
from integration.usecases.marks import N_

DAYS_SHOWN_SINGLY = 45
WEEK_DAYS = 7
NEAR = 1e-6
NOBODY_BUYS = N_("No guest wanted to book in this season.")
PEOPLE, ROOMS = N_("for want of people"), N_("for want of rooms")


def lost_by_time(view: View, w: Words) -> Picture:
    """Lost revenue by month, or by day in a short season."""
    people, rooms = view.daily("lost_people"), view.daily("lost_rooms")
    some = bool(people.sum() + rooms.sum() > 0)

    def draw() -> Figure:
        figure = Figure((10, 3.4), layout="constrained")
        axes = figure.subplots()
        labels, columns = _by_time(view, w, (people, rooms))
        scale, unit = _scale(max(float(np.sum(columns, axis=0).max()), 1.0), w)
        under = np.zeros(len(labels))
        for heights, colour, hatch, label in zip(columns, (RED, SKY), ("", "///"), (PEOPLE, ROOMS), strict=True):
            axes.bar(range(len(labels)), heights / scale, 0.7, under / scale, color=colour, hatch=hatch,
                     edgecolor="white", label=w(label))  # fmt: skip
            under = under + heights
        step = -(-len(labels) // 16)
        axes.set_xticks(range(0, len(labels), step), labels[::step])
        axes.set_xlim(-0.6, max(len(labels), 4) - 0.4)
        axes.tick_params(axis="x", length=0)
        _money_axis(axes, w, unit)
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2)
        return figure

    return Picture(
        "lost",
        w(N_("Revenue lost through the season")),
        w(N_("For want of people: the guest would have booked, there was a room, nobody answered in time. For want of "
             "rooms: he would have booked, and everything he would take was sold, closed or too short.")),
        w(N_("Bars of lost revenue: {people} for want of people, {rooms} for want of rooms."),
          people=w.money(float(people.sum())), rooms=w.money(float(rooms.sum()))),
        w(N_("No revenue was lost in this season.")),
        draw if some else None,
    )  # fmt: skip


def lost_by_channel(view: View, w: Words) -> Picture:
    """Lost revenue by the channel the guest came on."""
    rows = [row for row in view.money_by_channel() if row[2] or row[3]]

    def draw() -> Figure:
        figure = Figure((10, 1.1 + 0.42 * len(rows)), layout="constrained")
        axes = figure.subplots()
        scale, unit = _scale(max(row[2] + row[3] for row in rows), w)
        names = [w.channel(row[0]) for row in rows]
        people, rooms = (np.array([row[place] for row in rows]) / scale for place in (2, 3))
        axes.barh(names, people, 0.62, color=RED, label=w(PEOPLE))
        axes.barh(names, rooms, 0.62, people, color=SKY, hatch="///", edgecolor="white", label=w(ROOMS))
        axes.invert_yaxis()
        axes.tick_params(axis="y", length=0)
        axes.xaxis.set_major_formatter(FuncFormatter(_short(w)))
        axes.set_xlabel(unit)
        axes.grid(axis="x")
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2)
        return figure

    most = w.channel(max(rows, key=lambda row: row[2] + row[3])[0]) if rows else ""
    return Picture(
        "lost_channel",
        w(N_("Revenue lost by channel")),
        w(N_("The channel on which the guest was answered or, if nobody did, asked.")),
        w(N_("Bars of lost revenue by channel. Most is lost on: {channel}."), channel=most),
        w(N_("No revenue was lost in this season.")),
        draw if rows else None,
    )


def revenue(view: View, w: Words) -> Picture:
    """Revenue sold each day, its weekly mean, and all of it so far."""
    daily = view.daily("revenue")
    some = bool(daily.sum() > 0)

    def draw() -> Figure:
        figure = Figure((10, 4.4), layout="constrained")
        top, bottom = figure.subplots(2, 1, sharex=True, height_ratios=[3, 2])
        days = np.arange(len(daily))
        scale, unit = _scale(float(daily.max()), w)
        top.bar(days, daily / scale, 0.8, color=SKY, label=w(N_("a day")))
        if len(daily) >= 2 * WEEK_DAYS:
            mean = np.convolve(daily, np.ones(WEEK_DAYS) / WEEK_DAYS, "valid")
            top.plot(
                days[WEEK_DAYS // 2 :][: len(mean)], mean / scale, color=BLUE, lw=1.8, label=w(N_("mean of a week"))
            )
        _money_axis(top, w, unit)
        top.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2)
        total = daily.cumsum()
        lost = total + view.daily("lost_people").cumsum()
        scale, unit = _scale(float(lost[-1]), w)
        bottom.fill_between(days, total / scale, lost / scale, color=ORANGE, alpha=0.6, lw=0,
                            label=w(N_("lost for want of people")))  # fmt: skip
        bottom.plot(days, total / scale, color=BLUE, lw=1.8, label=w(N_("sold so far")))
        bottom.set_ylim(bottom=0)
        _money_axis(bottom, w, unit)
        bottom.legend(loc="lower left", bbox_to_anchor=(0, 0.98), ncols=2)
        _date_axis(bottom, view, w)
        return figure

    return Picture(
        "revenue",
        w(N_("Revenue through the season")),
        w(N_("By the day on which the guest was answered; later cancellations and no-shows are not taken off.")),
        w(N_("Revenue sold by day, and in all: {total}."), total=w.money(float(daily.sum()))),
        w(NOBODY_BUYS),
        draw if some else None,
    )


def _by_time(view: View, w: Words, columns: tuple[F8, ...]) -> tuple[list[str], list[F8]]:
    """Labels and sums, by day or by month."""
    if len(view.dates) <= DAYS_SHOWN_SINGLY:
        return [_day(one, w) for one in view.dates], list(columns)
    months = list(dict.fromkeys((one.year, one.month) for one in view.dates))
    place = np.array([months.index((one.year, one.month)) for one in view.dates])
    labels = [f"{w.month(month)} {year}" for year, month in months]
    return labels, [np.bincount(place, column, len(months)).astype(np.float64) for column in columns]


def _day(one: date, w: Words) -> str:
    return f"{one.day} {w.month(one.month)}"


def _date_axis(axes: Axes, view: View, w: Words) -> None:
    dates = view.dates
    if len(dates) <= DAYS_SHOWN_SINGLY:
        shown = list(range(0, len(dates), -(-len(dates) // 10)))
    else:
        shown = [place for place, one in enumerate(dates) if one.day in {1, 15}]
    axes.set_xticks(shown, [_day(dates[place], w) for place in shown])
    axes.set_xlim(-0.6, len(dates) - 0.4)


def _scale(most: float, w: Words) -> tuple[float, str]:
    """By what to divide money, and what to call it."""
    if most >= MILLION:
        return MILLION, w(N_("million {currency}"), currency=w.currency)
    if most >= 10 * THOUSAND:
        return THOUSAND, w(N_("thousand {currency}"), currency=w.currency)
    return 1.0, w.currency


def _short(w: Words) -> Callable[[float, object], str]:
    """Writes ticks with as many decimal places as they have, two at most."""

    def written(value: float, _place: object) -> str:
        digits = next((n for n in range(2) if abs(value * 10**n - round(value * 10**n)) < NEAR), 2)
        return w.number(value, digits)

    return written


def _money_axis(axes: Axes, w: Words, unit: str) -> None:
    axes.yaxis.set_major_formatter(FuncFormatter(_short(w)))
    axes.set_ylabel(unit)
    axes.grid(axis="y")
