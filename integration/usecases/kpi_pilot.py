"""The pilot: thirty days of first response, handoff and resolution by channel, the worst bottleneck first.

A hotel has one pilot at a time; it is kept in the store, so it outlives a restart. A line is judged by what was
promised when each case began. `short`: how many percentage points a line is away from its target: of durations the
share that kept its promise against the three quarters that must, of handoffs the distance from the band.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from domain.access import Actor, Permission
from domain.errors import InvalidInput, NotFound, Refused
from domain.kpi_row import Dimension, KpiRow, Period
from domain.kpi_targets import MET_AT
from integration.ports.kpi_plans import KpiPlan, PlanKind
from integration.ports.store import ReadTx, Tx
from integration.usecases.answers import Body
from integration.usecases.desk import Desk
from integration.usecases.kpi_report import ReportWish, report, row_body
from integration.usecases.once import UNCLAIMED, Claim
from integration.usecases.tracing import audit
from integration.usecases.views import instant

DAYS = 30
WATCHED = ("frt_s", "resolution_s", "handoff_rate")
STARTED = "started"


async def start_pilot(
    desk: Desk, actor: Actor, hotel_id: str | None, first: date | None = None, claim: Claim = UNCLAIMED
) -> Body:
    """Begin one, today unless a day is named. Refused while one runs, Forbidden without the right, InvalidInput for a
    day more than thirty days off."""
    actor.require(Permission.CALIBRATE)
    hotel, now = desk.hotel(hotel_id), desk.clock.now()
    today = hotel.today(now)
    begin = first or today
    if abs((begin - today).days) > DAYS:
        raise InvalidInput("A pilot begins within {days} days of today.", days=DAYS, field="from")

    def work(tx: Tx) -> None:
        known = pilot_of(tx, hotel.hotel_id)
        if known is not None and last_day(known) >= today:
            raise Refused(
                "A pilot runs already, from {first} to {last}.",
                first=first_day(known).isoformat(),
                last=last_day(known).isoformat(),
            )
        plan_id = desk.ids.new("plt")
        document = {"first": begin.isoformat(), "days": DAYS}
        tx.put_kpi_plan(KpiPlan(plan_id, hotel.hotel_id, PlanKind.PILOT, STARTED, actor.name, now, document))
        audit(tx, actor, now, "pilot_started", {"hotel_id": hotel.hotel_id, "pilot_id": plan_id})
        claim.settle(tx, plan_id, now)

    await desk.store.transact(work)
    return await pilot_status(desk, actor, hotel_id)


async def pilot_status(desk: Desk, actor: Actor, hotel_id: str | None) -> Body:
    """Day n of thirty and each channel against its targets, worst first. NotFound before one was started."""
    actor.require(Permission.READ)
    hotel = desk.hotel(hotel_id)
    found = await desk.store.read(lambda tx: pilot_of(tx, hotel.hotel_id))
    if found is None:
        raise NotFound("No pilot has been started.", hint="santral kpi pilot start")
    today, first, last = hotel.today(desk.clock.now()), first_day(found), last_day(found)
    seen = Period(first, max(first, min(today, last)))
    wish = ReportWish(seen, hotel.hotel_id, (Dimension.CHANNEL,), WATCHED, ask_pms=False)
    rows = (await report(desk, actor, wish)).rows if first <= today else []
    lines = [_line(row) for row in rows if row.n or row.open_n]
    return {
        "pilot_id": found.plan_id,
        "hotel_id": hotel.hotel_id,
        "first": first.isoformat(),
        "last": last.isoformat(),
        "day": min(max((today - first).days + 1, 0), DAYS),
        "days": DAYS,
        "is_over": today > last,
        "started_by": found.made_by,
        "started_at": instant(found.made_at),
        "rows": sorted(lines, key=_worst),
    }


def pilot_of(tx: ReadTx, hotel_id: str) -> KpiPlan | None:
    """The newest pilot of a hotel."""
    return next(iter(tx.kpi_plans(hotel_id, PlanKind.PILOT)), None)


def first_day(pilot: KpiPlan) -> date:
    """Its first day."""
    return date.fromisoformat(str(pilot.document["first"]))


def last_day(pilot: KpiPlan) -> date:
    """Its thirtieth day."""
    return first_day(pilot) + timedelta(days=int(pilot.document["days"]) - 1)


def _line(row: KpiRow) -> Body:
    short = shortfall(row)
    return {**row_body(row), "channel": row.by.get(Dimension.CHANNEL.value), "short": short}


def shortfall(row: KpiRow) -> float | None:
    """How far a line is from its target, in parts of one (0 or less: met); None where it has none to judge."""
    if row.in_target is not None:
        return round(MET_AT / 100 - row.in_target, 6)
    if not isinstance(row.value, float) or row.target is None or row.kpi != "handoff_rate":
        return None
    low = row.target if row.target_low is None else row.target_low
    return round(max(low - row.value, row.value - row.target), 6)


def _worst(line: Body) -> tuple[float, bool, str, str]:
    """Largest shortfall first; what cannot be judged last; a channel before the whole."""
    short: float | None = line["short"]
    return (-short if short is not None else 9.0, line["channel"] is None, line["kpi"], line["channel"] or "")


def bottleneck(lines: Sequence[Body]) -> Body | None:
    """The worst line of a channel that is off its target; None where all is well."""
    return next((one for one in lines if one["channel"] is not None and (one["short"] or 0.0) > 0), None)
