"""Shapes of the week: what moved, lost reasons, things to do, score cards."""

from typing import Annotated, Any

from pydantic import Field

from integration.http.shapes.kinds import Day, Instant, Shape


class KpiFigure(Shape):
    """A figure with its 95 % interval (null: nothing to say, or money); `n`: what it rests on."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    open_n: int


class KpiMove(KpiFigure):
    """The figure of another week, and how this week's differs from it. `real`: more than chance, null when that cannot
    be told; `better`: null where it is not real or neither way is good."""

    change: float | None
    change_low: float | None
    change_high: float | None
    real: bool | None
    better: bool | None


class KpiWeekLine(Shape):
    """A KPI of the week beside last week and the baseline. `stat`: `p75` of seconds, else `value`."""

    kpi: str
    unit: str
    stat: str
    currency: str | None
    now: KpiFigure
    last: KpiMove
    baseline: KpiMove | None
    target: float | None
    target_low: float | None
    in_target: float | None
    status: str


class KpiOtherWeek(Shape):
    """A week that this one is held against."""

    week: Annotated[str, Field(examples=["2027-W20"])]
    from_: Annotated[Day, Field(alias="from", serialization_alias="from")]
    to: Day


class WeekReason(Shape):
    """A lost reason, most frequent first; `last_n`: last week's."""

    reason: str
    n: int
    share: float
    together: float
    last_n: int


class HalfHourLine(Shape):
    """Inbound calls of a half hour of the day, all days of the week together."""

    from_: Annotated[str, Field(alias="from", serialization_alias="from", examples=["09:30"])]
    calls: int
    in_time: int


class KpiCardLine(KpiFigure):
    """An agent's figure beside the house's. `beside`: `above` or `below`, null where it may be chance."""

    kpi: str
    unit: str
    currency: str | None
    house: float | None
    beside: str | None
    better: bool | None


class KpiCard(Shape):
    """An agent's week."""

    agent: str
    rows: list[KpiCardLine]


class KpiWeek(KpiOtherWeek):
    """The week. `actions`: at most three things to do, each a `rule` with the numbers it rests on; `uncounted`: changes
    that are not in it yet."""

    hotels: list[str]
    made_at: Instant
    is_over: bool
    uncounted: int
    last_week: KpiOtherWeek
    baseline: KpiOtherWeek | None
    rows: list[KpiWeekLine]
    lost_reasons: list[WeekReason]
    actions: list[dict[str, Any]]
    half_hours: list[HalfHourLine]
    cards: list[KpiCard]
