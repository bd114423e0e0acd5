"""A KPI report with the season as it was planned beside it.

Only days that are over are held against a plan: half a day is no day of a season. The simulation is asked for through
the desk's port; where a command has made it itself, it hands it over in the wish.
"""

from dataclasses import replace
from datetime import date, timedelta

from domain.access import Actor, Permission
from domain.errors import InvalidInput
from domain.kpi_row import Period
from integration.usecases.desk import Desk
from integration.usecases.kpi_report import hotels_of, kpis_of, last_days, report
from integration.usecases.kpi_shapes import Report, ReportWish

_DAY = timedelta(days=1)


def days_over(desk: Desk, hotel_id: str | None, first: date | None = None, last: date | None = None) -> Period:
    """Days as asked for, by default the seven up to yesterday. InvalidInput for one that is not over."""
    hotel = desk.hotel(hotel_id) if hotel_id else next(iter(desk.hotels.values()))
    yesterday = hotel.today(desk.clock.now()) - _DAY
    if last is not None and last > yesterday:
        raise InvalidInput(
            "Beside a plan stand days that are over, up to {day}.", day=yesterday.isoformat(), field="to"
        )
    return last_days(desk, hotel_id, first, last or yesterday)


def check_wish(desk: Desk, wish: ReportWish) -> None:
    """What a report would refuse, before anything is simulated for it."""
    hotels_of(desk, wish)
    kpis_of(wish)


async def planned_report(desk: Desk, actor: Actor, wish: ReportWish, name: str) -> Report:
    """The report beside a plan. For supervisors, because a season is simulated for it; errors of both."""
    actor.require(Permission.CALIBRATE)
    check_wish(desk, wish)
    return await report(desk, actor, replace(wish, plan=await desk.plans.planned(name, wish.period)))
