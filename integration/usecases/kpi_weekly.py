"""The week in one body: what moved and whether it is real, lost reasons, three actions, a score card for each agent.

A week is held against the one before it and against a baseline week (the first of the pilot, unless another is named).
All weeks are counted by the same books as every report. A sheet is made of this body alone, so what is printed and
what `--json` gives are the same numbers.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta, tzinfo

from domain.access import Actor, Permission
from domain.errors import InvalidInput
from domain.kpi_book import DayBook
from domain.kpi_facts import CallFact
from domain.kpi_row import Dimension, Period
from integration.ports.store import ReadTx
from integration.usecases.answers import Body
from integration.usecases.desk import Desk
from integration.usecases.kpi_actions import HalfHour, actions, clock, pareto
from integration.usecases.kpi_books import bind
from integration.usecases.kpi_cards import cards
from integration.usecases.kpi_pilot import first_day, pilot_of
from integration.usecases.kpi_report import ReportWish, book_of_period, hotels_of, report
from integration.usecases.kpi_shapes import near_day
from integration.usecases.kpi_week_rows import SHOWN, week_rows
from integration.usecases.views import instant

_WEEK = re.compile(r"(\d{4})-?W(\d{1,2})", re.IGNORECASE)
_DAYS = timedelta(days=7)
_PARTS = (Dimension.CHANNEL.value, Dimension.AGENT.value, Dimension.LOST_REASON.value, Dimension.DAY.value)
KPIS = (*SHOWN, "lost_reasons")
HALF_HOUR_S = 1800


@dataclass(frozen=True, slots=True)
class WeekWish:
    """Which week (its Monday; None: the last one that is over), against which baseline (None: the pilot's first week,
    if there is one), of which hotel (None: all)."""

    monday: date | None = None
    baseline: date | None = None
    hotel_id: str | None = None
    ask_pms: bool = True


def monday_of(typed: str, field: str) -> date:
    """The Monday of `2027-W31`, or of the week that a day such as `2027-08-04` is in. InvalidInput for neither, and for
    one of another age."""
    found = _WEEK.fullmatch(typed.strip())
    try:
        if found is not None:
            return near_day(date.fromisocalendar(int(found[1]), int(found[2]), 1), field)
        day = near_day(date.fromisoformat(typed.strip()), field)
    except ValueError:
        raise InvalidInput("{text} is not a week such as 2027-W31.", text=typed[:40], field=field) from None
    return day - timedelta(days=day.weekday())


def week_name(monday: date) -> str:
    """`2027-W31`."""
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02}"


async def weekly(desk: Desk, actor: Actor, wish: WeekWish) -> Body:
    """The week. InvalidInput for one that has not begun, or that is its own baseline."""
    actor.require(Permission.READ)
    now = desk.clock.now()
    hotel = desk.hotel(wish.hotel_id) if wish.hotel_id else next(iter(desk.hotels.values()))
    today = hotel.today(now)
    monday = wish.monday or today - timedelta(days=today.weekday()) - _DAYS
    if monday > today:
        raise InvalidInput("The week {week} has not begun.", week=week_name(monday), field="week")
    week = Period(monday, monday + _DAYS - timedelta(days=1))
    asked = ReportWish(week, wish.hotel_id, kpis=KPIS, ask_pms=wish.ask_pms)
    hotel_ids = hotels_of(desk, asked)
    baseline = wish.baseline or await _pilot_week(desk, hotel_ids, monday)
    if baseline == monday:
        raise InvalidInput("A week is not its own baseline.", field="baseline")
    found = await report(desk, actor, asked)
    periods = [week, _back(week, monday - _DAYS), *([_back(week, baseline)] if baseline else [])]
    for period in periods[1:]:
        await _ready(desk, actor, replace(asked, period=period), hotel_ids)

    def work(tx: ReadTx) -> Body:
        books = [book_of_period(desk, tx, hotel_ids, period, _PARTS, KPIS) for period in periods]
        half_hours = _half_hours(tx, week, {one: desk.hotel(one).zone for one in hotel_ids})
        return _body(books, half_hours, actor, [_days(period) if period.last < today else [] for period in periods])

    body = await desk.store.read(work)
    return {
        **_week_body("week", week),
        "hotels": list(hotel_ids),
        "made_at": instant(now),
        "is_over": week.last < today,
        "uncounted": found.uncounted,
        "last_week": _week_body("week", periods[1]),
        "baseline": _week_body("week", periods[2]) if baseline else None,
        **body,
    }


def _back(week: Period, monday: date) -> Period:
    return Period(monday, monday + (week.last - week.first))


async def _ready(desk: Desk, actor: Actor, wish: ReportWish, hotel_ids: Sequence[str]) -> None:
    """Count an earlier week, its PMS asked where its word is old."""
    if wish.ask_pms:
        await report(desk, actor, wish)
    for hotel_id in hotel_ids:
        await bind(desk, hotel_id, wish.period)


async def _pilot_week(desk: Desk, hotel_ids: Sequence[str], monday: date) -> date | None:
    """The first week of the pilot, where it is before this week."""
    pilots = await desk.store.read(lambda tx: [pilot_of(tx, one) for one in hotel_ids])
    begun = [first_day(one) for one in pilots if one is not None]
    if not begun:
        return None
    first = min(begun)
    found = first - timedelta(days=first.weekday())
    return found if found < monday - _DAYS else None


def _week_body(name: str, period: Period) -> Body:
    return {name: week_name(period.first), "from": period.first.isoformat(), "to": period.last.isoformat()}


def _half_hours(tx: ReadTx, week: Period, zones: dict[str, tzinfo]) -> list[HalfHour]:
    """Inbound calls of a week by half hour of the day."""
    calls, in_time = [0] * 48, [0] * 48
    for hotel_id, zone in zones.items():
        for fact in _calls(tx, hotel_id, week):
            local = fact.started_at.astimezone(zone)
            place = (local.hour * 3600 + local.minute * 60) // HALF_HOUR_S
            calls[place] += 1
            in_time[place] += fact.is_answered and (fact.wait_s or 0.0) <= fact.answer_target_s
    return [HalfHour(place, calls[place], in_time[place]) for place in range(48) if calls[place]]


def _calls(tx: ReadTx, hotel_id: str, week: Period) -> Iterable[CallFact]:
    """Those that count for the service level."""
    for day in range((week.last - week.first).days + 1):
        for fact in tx.kpi_calls_on(hotel_id, week.first + timedelta(days=day)):
            if fact.is_inbound and (fact.wait_s is not None or not fact.is_answered):
                yield fact


def _days(period: Period) -> list[str]:
    span = range((period.last - period.first).days + 1)
    return [(period.first + timedelta(days=number)).isoformat() for number in span]


def _body(
    books: Sequence[DayBook], half_hours: Sequence[HalfHour], actor: Actor, days: Sequence[Sequence[str]]
) -> Body:
    now, before = books[0], books[1]
    baseline = books[2] if len(books) > 2 else None  # noqa: PLR2004 - the third one, if there is one
    earlier = {one["reason"]: one["n"] for one in pareto(before)}
    return {
        "rows": week_rows(now, before, baseline, days),
        "lost_reasons": [{**one, "last_n": earlier.get(one["reason"], 0)} for one in pareto(now)],
        "actions": actions(now, half_hours),
        "half_hours": [{"from": clock(one.place), "calls": one.calls, "in_time": one.in_time} for one in half_hours],
        "cards": cards(now, actor),
    }
