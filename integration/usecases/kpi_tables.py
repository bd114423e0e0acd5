"""The KPIs' facts and lines as tables of typed columns, ready to be written as CSV or Parquet.

Names and meanings are those of the SQL views (docs/kpi-views.md), so a file and a view can be used for one another:
durations in seconds, amounts in whole units of their currency, the hotel's own days. `tags` and `differs` are lists.
Not there is when the PMS was asked (`pms_seen_at`): it changes with every asking, and files only with what was said.
Money, and every value of a line, is a Decimal: a file holds the very number that the report shows.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from domain.kpi_facts import By, CallFact, CaseFact, OfferFact, StayFact
from domain.kpi_plan import difference, is_outside
from domain.kpi_row import KpiRow, Period

Row = tuple[Any, ...]
PLACES = 6


class Kind(StrEnum):
    """What a column holds: `day` a date, `instant` an aware datetime, `number` a float, `list` a tuple of texts."""

    TEXT = "text"
    DAY = "day"
    INSTANT = "instant"
    WHOLE = "whole"
    NUMBER = "number"
    FLAG = "flag"
    DECIMAL = "decimal"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under named columns; None is an empty cell of any kind. `headings`: what people read, else the names."""

    columns: tuple[tuple[str, Kind], ...]
    rows: Sequence[Row]
    headings: tuple[str, ...] | None = None


def _columns(*groups: tuple[Kind, str]) -> tuple[tuple[str, Kind], ...]:
    return tuple((name, kind) for kind, names in groups for name in names.split())


_BY = ((Kind.TEXT, "hotel_id"), (Kind.DAY, "day"), (Kind.TEXT, "channel source language agent segment"))
CALLS = _columns(
    (Kind.TEXT, "call_id case_id"), *_BY, (Kind.INSTANT, "started_at"),
    (Kind.FLAG, "is_inbound is_answered is_abandoned is_sales is_sold"), (Kind.WHOLE, "reservations in_pms"),
    (Kind.NUMBER, "wait_s talk_s answer_target_s"), (Kind.LIST, "tags"),
)  # fmt: skip
CASES = _columns(
    (Kind.TEXT, "case_id"), (Kind.WHOLE, "run"), *_BY, (Kind.INSTANT, "opened_at as_of"),
    (Kind.FLAG, "is_message is_handed_over is_first_run"), (Kind.TEXT, "lead_status lost_reason"),
    (Kind.FLAG, "is_missed is_frt_open is_resolution_open is_paused is_live"),
    (Kind.NUMBER, "frt_s frt_wall_s frt_target_s resolution_s resolution_wall_s resolution_target_s"),
    (Kind.LIST, "tags"),
)  # fmt: skip
OFFERS = _columns(
    (Kind.TEXT, "offer_id"), *_BY, (Kind.INSTANT, "made_at"), (Kind.FLAG, "is_sold"), (Kind.WHOLE, "quotes"),
    (Kind.TEXT, "case_id call_id"), (Kind.LIST, "tags"),
)  # fmt: skip
STAYS = _columns(
    (Kind.TEXT, "reservation_id case_id call_id"), (Kind.DAY, "arrival"), *_BY,
    (Kind.DECIMAL, "total our_total room_revenue"), (Kind.TEXT, "state our_state pms_ref currency"),
    (Kind.WHOLE, "room_nights"), (Kind.FLAG, "is_cancelled is_no_show is_different"), (Kind.LIST, "differs tags"),
)  # fmt: skip
LINES = _columns(
    (Kind.DAY, "first last"), (Kind.TEXT, "kpi unit dimension part currency"), (Kind.DECIMAL, "value"),
    (Kind.NUMBER, "low high"), (Kind.WHOLE, "n open_n p50 p75 p90 p95 wall_p75"),
    (Kind.NUMBER, "target_low target in_target"), (Kind.TEXT, "status"),
)  # fmt: skip


PLAN = _columns((Kind.DECIMAL, "plan plan_low plan_high difference"), (Kind.FLAG, "outside"))


def _by(by: By, day: object) -> Row:
    return by.hotel, day, by.channel, by.source, by.language, by.agent, by.segment


def _call(fact: CallFact) -> Row:
    return (
        fact.call_id, fact.case_id, *_by(fact.by, fact.day), fact.started_at, fact.is_inbound, fact.is_answered,
        fact.is_abandoned, fact.is_sales, fact.is_sold, fact.reservations, fact.in_pms, fact.wait_s, fact.talk_s,
        fact.answer_target_s, fact.by.tags,
    )  # fmt: skip


def _case(fact: CaseFact) -> Row:
    return (
        fact.case_id, fact.run, *_by(fact.by, fact.day), fact.opened_at, fact.as_of, fact.is_message,
        fact.is_handed_over, fact.is_first_run, fact.lead_status, fact.lost_reason, fact.is_missed, fact.is_frt_open,
        fact.is_resolution_open, fact.is_paused, fact.is_live, fact.frt_s, fact.frt_wall_s, fact.frt_target_s,
        fact.resolution_s, fact.resolution_wall_s, fact.resolution_target_s, fact.by.tags,
    )  # fmt: skip


def _offer(fact: OfferFact) -> Row:
    return (
        fact.offer_id, *_by(fact.by, fact.day), fact.made_at, fact.is_sold, fact.quotes, fact.case_id, fact.call_id,
        fact.by.tags,
    )  # fmt: skip


def _stay(fact: StayFact) -> Row:
    return (
        fact.reservation_id, fact.case_id, fact.call_id, fact.arrival, *_by(fact.by, fact.day), fact.total,
        fact.our_total, fact.room_revenue, fact.state, fact.our_state, fact.pms_ref, fact.currency, fact.room_nights,
        fact.is_cancelled, fact.is_no_show, bool(fact.differs), fact.differs, fact.by.tags,
    )  # fmt: skip


def calls_table(facts: Iterable[CallFact]) -> Table:
    """Calls, one a row."""
    return _table(CALLS, _call, facts)


def cases_table(facts: Iterable[CaseFact]) -> Table:
    """Runs of cases, one a row."""
    return _table(CASES, _case, facts)


def offers_table(facts: Iterable[OfferFact]) -> Table:
    """Offers, one a row."""
    return _table(OFFERS, _offer, facts)


def stays_table(facts: Iterable[StayFact]) -> Table:
    """Reservations, one a row."""
    return _table(STAYS, _stay, facts)


def _table(columns: tuple[tuple[str, Kind], ...], row: Callable[[Any], Row], facts: Iterable[Any]) -> Table:
    return Table(columns, [row(fact) for fact in facts])


def lines_table(rows: Iterable[KpiRow], period: Period, *, has_plan: bool = False) -> Table:
    """Lines of a report, one a row; `dimension` and `part` are empty for the whole. `has_plan`: with what was planned
    behind them."""
    if not has_plan:
        return Table(LINES, [_line(row, period) for row in rows])
    return Table((*LINES, *PLAN), [(*_line(row, period), *_planned(row)) for row in rows])


def _planned(row: KpiRow) -> Row:
    low, high = (None, None) if row.plan is None else (row.plan.low, row.plan.high)
    value = None if row.plan is None else row.plan.value
    return exact(value), exact(low), exact(high), exact(difference(row)), is_outside(row)


def _line(row: KpiRow, period: Period) -> Row:
    dimension, part = next(iter(row.by.items()), ("", ""))
    found = row.percentiles
    return (
        period.first, period.last, row.kpi, row.unit.value, dimension, part, row.currency or "", exact(row.value),
        _near(row.low), _near(row.high), row.n, row.open_n, *(found.get(percent) for percent in (50, 75, 90, 95)),
        row.wall.get(75), row.target_low, row.target, _near(row.in_target), row.status.value,
    )  # fmt: skip


def exact(value: float | Decimal | None) -> Decimal | None:
    """A value as the report shows it: money to two places, all else to six."""
    if value is None:
        return None
    if isinstance(value, Decimal):
        return round(value, 2)
    made = Decimal(repr(round(value, PLACES)))
    return made.quantize(Decimal(1)) if made == made.to_integral_value() else made


def _near(value: float | None) -> float | None:
    return None if value is None else round(value, PLACES)
