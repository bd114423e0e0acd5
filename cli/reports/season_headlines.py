"""The season in sentences a hotel manager understands, the most important first."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from cli.reports.plot_week import clock
from cli.reports.season_view import Versus, View
from cli.reports.words import Words
from domain.kpi_list import Unit
from integration.usecases.marks import N_
from scenarios.demand_plan import HALF_HOURS
from sim.compare import Difference
from sim.figures import Row
from sim.plan import Outcome
from sim.targets import Status

WORTH_SAYING = 0.001
ASSUMED = frozenset({"assumption", "unmarked"})
_ENDS = {
    Status.PASS: N_("the target of {target} is met"),
    Status.FAIL: N_("the target of {target} is missed"),
    Status.AT_RISK: N_("whether the target of {target} is met is not certain"),
}
_LEVELS = {
    "of_offered": N_("calls answered within {within} / calls that came in"),
    "of_offered_less_short": N_(
        "calls answered within {within} / calls that came in, without those who gave up in the first seconds"
    ),
    "with_abandoned": N_("calls answered or given up within {within} / calls that came in"),
}
Y = Iterator["Headline"]


@dataclass(frozen=True, slots=True)
class Headline:
    """A sentence; `status`: good, bad or open, where that can be said."""

    text: str
    status: str = ""


def headlines(view: View, w: Words) -> list[Headline]:
    """All that can be said."""
    return [*_service(view, w), *_lost(view, w), *_versus(view.versus, w), *_rests_on(view, w)]


def level_defined(view: View, w: Words) -> str:
    """How this season's service level is worked out."""
    rules, phone = view.loaded.scenario.rules, view.loaded.scenario.targets.phone
    return w(_LEVELS[rules.service_level], within=w.duration(phone.within_s))


def _service(view: View, w: Words) -> Y:
    row, phone = view.row("service_level"), view.loaded.scenario.targets.phone
    if row is None or row.value is None:
        yield Headline(w(N_("No call came in this season.")))
        return
    status = view.status("service_level") or Status.NO_DATA
    end = w(_ENDS.get(status, _ENDS[Status.AT_RISK]), target=w.share(phone.service_level, 0))
    said = w(N_("{share} of calls are answered within {within}: {end}."), share=w.share(row.value),
             within=w.duration(phone.within_s), end=end)  # fmt: skip
    yield Headline(said, status.value)
    yield from _worst(view, w)
    bad = view.value("bad_day_level")
    if bad is not None and view.scores.frame.days > 1:
        yield Headline(w(N_("On one day in ten it is {share} or less."), share=w.share(bad)))


def _worst(view: View, w: Words) -> Y:
    """The half hour of the week with people on duty in which most calls are not answered in time."""
    offered = view.week("offered", view.calls)
    missed = np.where(view.is_manned, offered - view.week("in_time", view.calls), 0.0)
    if np.nansum(missed) > 0:
        weekday, half_hour = divmod(int(np.nanargmax(missed)), HALF_HOURS)
        said = w(
            N_("Most calls are missed on {weekday} at {time}: of {offered} in that half hour {missed} wait too long."),
            weekday=w.weekdays()[weekday], time=clock(half_hour), offered=w.number(offered[weekday, half_hour], 1),
            missed=w.number(missed[weekday, half_hour], 1),
        )  # fmt: skip
        yield Headline(said)
    yield from _closed(view, w)


def _closed(view: View, w: Words) -> Y:
    """Calls that nobody could have answered: they count, or stand apart."""
    calls = view.scores.week[0][:, view.calls].sum(axis=1).reshape(view.is_manned.shape)
    if not view.scores.frame.offers_closed:
        apart = int(view.scores.outcomes[view.calls, Outcome.CLOSED].sum())
        share = apart / max(apart + float(calls.sum()), 1.0)
        if share >= WORTH_SAYING:
            said = w(
                N_("{share} of calls come while the house is closed; they count in no share."), share=w.share(share)
            )
            yield Headline(said)
        return
    closed = float(calls[~view.is_manned].sum() / calls.sum())
    if closed >= WORTH_SAYING:
        yield Headline(
            w(N_("{share} of calls come while nobody is on duty, and count as not answered in time."),
              share=w.share(closed))
        )  # fmt: skip


def _lost(view: View, w: Words) -> Y:
    people, money = view.row("lost_for_people"), view.row("lost_revenue_people")
    if people and money and people.value is not None and money.value is not None:
        yield Headline(
            w(
                N_("{n} guests who would have booked were lost for want of people, worth {money}."),
                n=_with_interval(people, w), money=_with_interval(money, w),
            ),
            "fail" if people.value > 0 else "",
        )  # fmt: skip
    rooms, money = view.row("lost_for_rooms"), view.row("lost_revenue_rooms")
    if rooms and money and rooms.value is not None and money.value is not None:
        yield Headline(
            w(
                N_("{n} were lost for want of rooms, worth {money}: more people would not have sold them anything."),
                n=_with_interval(rooms, w), money=_with_interval(money, w),
            )
        )  # fmt: skip


def _with_interval(row: Row, w: Words) -> str:
    unit = row.unit.value
    said = w.figure(row.value, unit)
    interval = w.interval(row.low, row.high, unit)
    return f"{said} ({interval})" if interval else said


def _versus(versus: Versus | None, w: Words) -> Y:
    if versus is None:
        return
    change = w.listed(versus.sets)
    revenue, lost, level = (versus.of(one) for one in ("revenue_kept", "lost_for_people", "service_level"))
    if revenue and revenue.value is not None:
        said = w(N_("With {change} revenue after cancellations changes by {money}"), change=change,
                 money=_change(revenue, w))  # fmt: skip
        yield Headline(f"{said}: {_verdict(revenue, w)}", "pass" if revenue.is_real and revenue.value > 0 else "")
    if lost and lost.value is not None:
        said = w(N_("With {change} guests lost for want of people change by {n}"), change=change, n=_change(lost, w))
        yield Headline(f"{said}: {_verdict(lost, w)}", "pass" if lost.is_real and lost.value < 0 else "")
    if level and level.value is not None:
        said = w(N_("With {change} the service level changes by {points}"), change=change, points=_change(level, w))
        yield Headline(f"{said}: {_verdict(level, w)}", "pass" if level.is_real and level.value > 0 else "")


def _verdict(one: Difference, w: Words) -> str:
    return w(N_("more than chance.")) if one.is_real else w(N_("no more than chance may do."))


def _change(one: Difference, w: Words) -> str:
    unit = one.unit.value
    said = w.figure(one.value, unit, signed=True)
    if one.low is None or one.high is None:
        return said
    if one.unit is Unit.SHARE:
        ends = (w.number(one.low * 100, 1, signed=True), w.number(one.high * 100, 1, signed=True))
    else:
        ends = (w.figure(one.low, unit, signed=True), w.figure(one.high, unit, signed=True))
    return f"{said} ({ends[0]} … {ends[1]})"


def _rests_on(view: View, w: Words) -> Y:
    every = view.loaded.assumptions
    assumed = sum(one.source in ASSUMED for one in every)
    yield Headline(
        w(
            N_("{assumed} of the {n} numbers behind this are assumptions: put your own hotel's in before you decide."),
            assumed=w.number(assumed), n=w.number(len(every)),
        )
    )  # fmt: skip
    if view.n == 1:
        yield Headline(w(N_("This is one simulated season only: simulate more for intervals.")))
