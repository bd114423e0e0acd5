"""A line of a KPI report: one KPI, of one part or of the whole, read and judged.

A target is met when the 75th percentile is inside it, in service hours; the wall-clock figure stands beside it. Shares
are met by their value, with the interval beside it; where the interval holds the target, the status says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from domain.kpi_list import Unit


class Standing(StrEnum):
    """How a KPI stands against its target; `near`: its interval holds the target; `none`: it has no target."""

    MET = "met"
    NEAR = "near"
    MISSED = "missed"
    NO_DATA = "no_data"
    NONE = "none"


class Dimension(StrEnum):
    """What a report can be broken down by."""

    DAY = "day"
    WEEK = "week"
    CHANNEL = "channel"
    SOURCE = "source"
    LANGUAGE = "language"
    AGENT = "agent"
    HOTEL = "hotel"
    SEGMENT = "segment"
    TAG = "tag"
    LOST_REASON = "lost_reason"


@dataclass(frozen=True, slots=True)
class Period:
    """Days of a hotel, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class PlanCell:
    """What a simulated season gives for a line, and the band one more such period falls in 99 times in 100 (None: too
    few replications to say)."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class KpiRow:
    """One line. `by`: empty for the whole, else dimension and key (`{"channel": "phone"}`); `value` None: nothing to
    say. `wall`: the same KPI by the clock on the wall (durations only). `currency` of money: one row each. `target`: of
    a duration the one that every case was promised, None when there were several; of a band its upper end, `target_low`
    the lower. `in_target`: the part of what can be judged that was inside its own promise. `plan`: what a simulated
    season gives for the same line, where one stands beside the report and knows it."""

    kpi: str
    unit: Unit
    value: float | Decimal | None
    n: int
    open_n: int = 0
    low: float | None = None
    high: float | None = None
    percentiles: Mapping[int, int | None] = field(default_factory=dict)
    wall: Mapping[int, int | None] = field(default_factory=dict)
    currency: str | None = None
    target: float | None = None
    status: Standing = Standing.NONE
    by: Mapping[str, str] = field(default_factory=dict)
    target_low: float | None = None
    in_target: float | None = None
    plan: PlanCell | None = None
