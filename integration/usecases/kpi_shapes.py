"""What a KPI report is asked for and what it gives."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from domain.errors import InvalidInput
from domain.kpi_plan import Planned
from domain.kpi_row import Dimension, KpiRow, Period
from integration.usecases.kpi_pms import PmsSaid

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)


def near_day(day: date, field: str) -> date:
    """The day, if weeks can be counted on from it in both directions; InvalidInput for one of another age."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise InvalidInput("{day} is too far from today.", day=day.isoformat(), field=field)
    return day


@dataclass(frozen=True, slots=True)
class Rates:
    """Rates of one day: what one unit of a currency is in `into`."""

    into: str
    day: date
    one_is: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class ReportWish:
    """Which report. `hotel_id` None: all hotels, put together; `by`: what to break down by, each on its own, beside the
    whole; `kpis`: slugs, empty for all; `ask_pms`: read again what the PMS said too long ago; `plan`: what to lay
    beside it."""

    period: Period
    hotel_id: str | None = None
    by: tuple[Dimension, ...] = ()
    kpis: tuple[str, ...] = ()
    ask_pms: bool = True
    rates: Rates | None = None
    plan: Planned | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """Lines of a period: the whole first, then the parts of each dimension. `uncounted`: changes that are not in it
    yet, because there were more than a report can wait for; `plan`: what stands beside the lines."""

    period: Period
    hotel_ids: tuple[str, ...]
    rows: list[KpiRow]
    pms: PmsSaid
    made_at: datetime
    rates: Rates | None = None
    uncounted: int = 0
    plan: Planned | None = None
