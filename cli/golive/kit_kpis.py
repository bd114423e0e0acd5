"""The two columns of the before/after table: the weeks before the plan began, and those after it was through.

Without a first day there is only a before: the four weeks up to yesterday. A period that has not begun, or in which
nothing was recorded, has no figures.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from cli.context import Session
from domain.hotel import HotelTerms
from domain.kpi_row import KpiRow, Period
from integration.usecases.kpi_report import ReportWish, report

WEEKS = timedelta(days=28)
PLAN = timedelta(days=14)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Column:
    """Figures of a period by KPI; several rows of money, one a currency. Without rows nothing was recorded."""

    period: Period | None = None
    rows: tuple[KpiRow, ...] = ()

    def of(self, kpi: str) -> tuple[KpiRow, ...]:
        """The lines of one KPI that say something."""
        return tuple(row for row in self.rows if row.kpi == kpi and row.value is not None and row.n)


@dataclass(frozen=True, slots=True)
class Measured:
    """Both columns."""

    before: Column
    after: Column


def measured(session: Session, hotel: HotelTerms, start: date | None) -> Measured:
    """Read both; the PMS is not asked again, what it last said counts."""
    today = hotel.today(session.desk.clock.now())
    last = (start or today) - _DAY
    before = _column(session, hotel, Period(last - WEEKS + _DAY, min(last, today)))
    if start is None or start + PLAN > today:
        return Measured(before, Column())
    return Measured(before, _column(session, hotel, Period(start + PLAN, min(start + PLAN + WEEKS - _DAY, today))))


def _column(session: Session, hotel: HotelTerms, period: Period) -> Column:
    if period.last < period.first:
        return Column()
    wish = ReportWish(period, hotel.hotel_id, ask_pms=False)
    rows = session.run(lambda desk: report(desk, session.actor, wish)).rows
    told = tuple(row for row in rows if not row.by)
    return Column(period, told) if any(row.n for row in told) else Column()
