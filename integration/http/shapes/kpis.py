"""Shapes of KPI reports, of the rows behind a number, and of the board."""

from typing import Annotated, Any

from pydantic import Field

from integration.http.shapes.kinds import Day, Instant, Shape


class KpiPeriod(Shape):
    """Days of a hotel, both included."""

    from_: Annotated[Day, Field(alias="from", serialization_alias="from")]
    to: Day


class KpiLine(Shape):
    """One KPI of the whole (`by` is empty) or of a part (`{"channel": "phone"}`).

    `value`: a count, a share of 1, mean seconds, or money as a decimal string with its `currency`; null: nothing to
    say. `low`, `high`: the 95 % interval of a share. `p50`..`p95`: seconds in service hours, null when too many are
    open to say; `wall_p75`: by the clock on the wall. `target`: null when there are several, then `in_target` is the
    part that was inside its own. `status`: `met`, `near` (the interval holds the target), `missed`, `no_data`, `none`.
    """

    kpi: str
    value: float | str | None
    unit: str
    low: float | None
    high: float | None
    p50: int | None
    p75: int | None
    p90: int | None
    p95: int | None
    n: int
    open_n: int
    target: float | None
    target_low: float | None
    in_target: float | None
    status: str
    by: dict[str, str]
    currency: str | None
    wall_p75: int | None


class KpiReportLine(KpiLine):
    """A line, beside a plan where one was asked for. `plan`: what its seasons give on average, null where they do not
    know it (of first response and resolution the 75th percentile, of money in the plan's currency); `plan_low`,
    `plan_high`: where one more such period falls 99 times in 100; `difference`: the line's minus the plan's."""

    plan: float | None
    plan_low: float | None
    plan_high: float | None
    difference: float | None
    outside: bool | None


class KpiPlan(Shape):
    """The season that stands beside a report; `first`, `last`: of the season; `hotels`: whose it is."""

    scenario: str
    seed: int
    replications: int
    confidence: float
    currency: str
    first: Day
    last: Day
    hotels: list[str]


class PmsDiffers(Shape):
    """A reservation of which the PMS says something else; its word counts."""

    reservation_id: str
    hotel_id: str
    pms_ref: str
    fields: list[str]
    here: dict[str, str]
    there: dict[str, str]


class PmsVouches(Shape):
    """`asked`: reservations read for this report; `vouched`: those of `reservations` of which the PMS's word counts;
    `seen_at`: its oldest word; `silent`: hotels whose PMS did not answer."""

    asked: int
    reservations: int
    vouched: int
    seen_at: Instant | None
    silent: list[str]
    differing: list[PmsDiffers]


class KpiReport(Shape):
    """The whole first, then the parts. `uncounted`: changes that are not in it yet."""

    period: KpiPeriod
    hotels: list[str]
    made_at: Instant
    uncounted: int
    rates: dict[str, Any] | None
    pms: PmsVouches
    plan: KpiPlan | None
    rows: list[KpiReportLine]


class KpiExplained(Shape):
    """The records that a KPI counts, each with its ids and what it `adds`; `kind`: call, case, offer or stay."""

    kpi: str
    kind: str
    rows: list[dict[str, Any]]
    next: str | None


class LostReasonLine(Shape):
    """A lost reason, most frequent first; `together`: the part that it and those before it make up."""

    reason: str
    n: int
    share: float
    together: float


class MissedLead(Shape):
    """A lead past its target to whom nobody has spoken; `waited_s`: service seconds, null when the caller gave up."""

    case_id: str
    hotel_id: str
    channel: str
    agent: str
    opened_at: Instant
    waited_s: float | None
    target_s: float


class MissedLeads(Shape):
    """How many, and those that have waited longest."""

    n: int
    leads: list[MissedLead]


class RiskTotal(Shape):
    """Money of one kind (offer, hold, option) and currency."""

    kind: str
    currency: str
    amount: str
    n: int


class RiskWithin(Shape):
    """What ends within so many hours."""

    within_hours: int
    totals: list[RiskTotal]


class RiskLine(Shape):
    """One offer, hold or option, until when it stands."""

    kind: str
    id: str
    case_id: str | None
    agent: str
    until: Instant
    amount: str
    currency: str


class AtRisk(Shape):
    """What can still be lost by waiting."""

    totals: list[RiskTotal]
    by_deadline: list[RiskWithin]
    lines: list[RiskLine]


class KpiBoard(Shape):
    """Lost reasons of a period, missed leads right now, revenue at risk by deadline."""

    as_of: Instant
    period: KpiPeriod
    lost_reasons: list[LostReasonLine]
    missed_leads: MissedLeads
    at_risk: AtRisk
