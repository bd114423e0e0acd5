"""What is exported of a day: its lines and the facts they are counted from, read together.

Lines and facts come from one snapshot of the store, so the rows of a day's files are exactly what its figures were
counted from. A day is final once it is over everywhere and no case of it waits any more; until then its figures change
with time alone, and later ones when a record changes (a cancellation, a word of the PMS), so days are exported again.
Cases that still wait are aged to the hotel's last midnight, those of today to the hour: an export that is repeated
finds what it wrote.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from domain.access import Actor, Permission
from domain.errors import InvalidInput
from domain.kpi_entries import arrival_entries, sale_entries
from domain.kpi_facts import CaseFact
from domain.kpi_lines import COUNTED, lines, part_lines
from domain.kpi_row import Dimension, KpiRow, Period
from integration.ports.store import ReadTx
from integration.ports.surroundings import Clock
from integration.usecases.desk import Desk
from integration.usecases.kpi_refresh import refresh
from integration.usecases.kpi_report import IN_DAYS, MOST_DAYS, book_of_period, hotels_of, live_facts, report
from integration.usecases.kpi_shapes import ReportWish, near_day
from integration.usecases.kpi_tables import Table, calls_table, cases_table, offers_table, stays_table

PARTS = tuple(one for one in Dimension if one not in IN_DAYS)
ROUNDS = 1_000
BACK = timedelta(days=34)
_DAY = timedelta(days=1)
# Any KPI will do: the report is asked for what it does first, which is counting and asking the PMS.
_ONE = ("call_volume_in",)


@dataclass(frozen=True, slots=True)
class KpiDay:
    """A day: its lines, and by name its facts. `sales` were confirmed on it, `arrivals` arrive on it. `open_n`: cases
    that still wait."""

    day: date
    rows: list[KpiRow] = field(repr=False)  # asyncio.Runner writes the repr of every result it gives
    facts: Mapping[str, Table] = field(repr=False)
    is_over: bool
    open_n: int

    @property
    def is_final(self) -> bool:
        """Whether time alone no longer changes it."""
        return self.is_over and not self.open_n


def period_to_export(
    desk: Desk, hotel_id: str | None, first: date | None, last: date | None, held: date | None
) -> Period:
    """The days to export, none after today. `held`: the first day that was exported before; without `first` all is
    looked at again from there on, so that what changed late is in it. InvalidInput for a period that is none."""
    hotels = [desk.hotel(hotel_id)] if hotel_id else list(desk.hotels.values())
    today = max(one.today(desk.clock.now()) for one in hotels)
    end = min(near_day(last, "to") if last else today, today)
    begin = first or max(min(held or end, end - BACK), end - (MOST_DAYS - 1) * _DAY)
    if begin > end:
        raise InvalidInput("There is no day to export from {first} to {last}.", first=begin, last=end, field="from")
    return Period(begin, end)


async def make_ready(desk: Desk, actor: Actor, wish: ReportWish) -> int:
    """Count what has changed, ask the PMS, keep the books of the period; how many changes are left. NotFound,
    InvalidInput and Forbidden as for a report."""
    actor.require(Permission.SEE_CLEAR)
    left = (await refresh(desk)).left
    for _ in range(ROUNDS):
        before, left = left, (await refresh(desk)).left if left else 0
        if not left or left >= before:
            break
    found = await report(desk, actor, ReportWish(wish.period, wish.hotel_id, kpis=_ONE, ask_pms=wish.ask_pms))
    return found.uncounted


@dataclass(frozen=True, slots=True)
class _Stopped:
    """A clock that stands; whoever waits waits by `running`."""

    at: datetime
    running: Clock

    def now(self) -> datetime:
        """Always the same."""
        return self.at

    async def sleep(self, seconds: float) -> None:
        """As ever."""
        await self.running.sleep(seconds)


async def read_day(desk: Desk, hotel_id: str | None, day: date) -> KpiDay:
    """A day, its open cases as of the last midnight, today's as of the hour."""
    period = Period(day, day)
    hotel_ids = hotels_of(desk, ReportWish(period, hotel_id))
    now = desk.clock.now()
    is_over = all(desk.hotel(one).today(now) > day for one in hotel_ids)
    midnights = (datetime.combine(hotel.today(now), time(), hotel.zone) for hotel in map(desk.hotel, hotel_ids))
    hour = now.replace(minute=0, second=0, microsecond=0)
    at = max(*midnights, datetime.min.replace(tzinfo=UTC) if is_over else hour).astimezone(UTC)
    still = replace(desk, clock=_Stopped(at, desk.clock))
    return await desk.store.read(lambda tx: _read(still, tx, hotel_ids, period, is_over=is_over))


def _read(desk: Desk, tx: ReadTx, hotel_ids: Sequence[str], period: Period, *, is_over: bool) -> KpiDay:
    day = period.first
    book = book_of_period(desk, tx, hotel_ids, period, [one.value for one in PARTS], COUNTED)
    rows = list(lines(book, COUNTED))
    for dimension in PARTS:
        rows += part_lines(book, COUNTED, dimension.value)
    cases = [fact for one in hotel_ids for fact in _cases(desk, tx, one, period)]
    facts = {
        "calls": calls_table(fact for one in hotel_ids for fact in tx.kpi_calls_on(one, day)),
        "cases": cases_table(cases),
        "offers": offers_table(fact for one in hotel_ids for fact in tx.kpi_offers_on(one, day)),
        "sales": stays_table(
            fact for one in hotel_ids for fact in tx.kpi_sales_on(one, day) if any(sale_entries(fact))
        ),
        "arrivals": stays_table(
            fact for one in hotel_ids for fact in tx.kpi_arrivals_on(one, day) if any(arrival_entries(fact))
        ),
    }
    return KpiDay(day, rows, facts, is_over, sum(fact.is_live for fact in cases))


def _cases(desk: Desk, tx: ReadTx, hotel_id: str, period: Period) -> list[CaseFact]:
    """Cases of the day, those that wait as of now."""
    live = {(fact.case_id, fact.run): fact for fact in live_facts(desk, tx, hotel_id, period)}
    return [live.get((fact.case_id, fact.run), fact) for fact in tx.kpi_cases_on(hotel_id, period.first)]


def days_of(period: Period) -> list[date]:
    """Every day of it."""
    return [period.first + number * _DAY for number in range((period.last - period.first).days + 1)]
