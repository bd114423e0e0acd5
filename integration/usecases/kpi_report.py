"""A KPI report: the day books of a period put together, read and judged, beside what the PMS says.

What changed is counted first (`kpi_refresh`), so no number is stale. A finished day comes from its book; cases that are
still open are aged to this instant and added on top. Money stays apart by currency unless rates and their day are
given. An operator sees the house's figures and among the agents his own line.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from domain.access import Actor, Permission
from domain.errors import InvalidInput, NotFound
from domain.kpi import Takings
from domain.kpi_book import WHOLE, DayBook, parts_of
from domain.kpi_entries import case_entries
from domain.kpi_facts import CaseFact
from domain.kpi_lines import COUNTED, lines, part_lines, slugs_of
from domain.kpi_plan import beside
from domain.kpi_row import Dimension, KpiRow, Period
from integration.ports.store import ReadTx
from integration.usecases.channel_roles_live import policy_of
from integration.usecases.desk import Desk
from integration.usecases.kpi_books import a_pile, aged, bind, read_period, times_of
from integration.usecases.kpi_explain import Explained, explain_rows
from integration.usecases.kpi_over import last_that_counts, pieces
from integration.usecases.kpi_pms import Differing, PmsSaid, ask_pms, what_was_said
from integration.usecases.kpi_refresh import refresh
from integration.usecases.kpi_shapes import Rates, Report, ReportWish, near_day
from integration.usecases.kpi_views import explained_body, report_body, row_body

__all__ = [
    "Differing",
    "Explained",
    "PmsSaid",
    "Rates",
    "Report",
    "ReportWish",
    "book_of_period",
    "explain",
    "explained_body", "last_days",
    "report",
    "report_body",
    "row_body",
]  # fmt: skip
MOST_DAYS = 1_100
IN_DAYS = frozenset({Dimension.DAY, Dimension.WEEK})
_AHEAD = timedelta(days=60)


async def report(desk: Desk, actor: Actor, wish: ReportWish) -> Report:
    """The report. NotFound for a hotel or KPI that is not there, InvalidInput for a period that is none, Forbidden
    without the right."""
    actor.require(Permission.READ)
    hotel_ids, wanted = hotels_of(desk, wish), kpis_of(wish)
    said = PmsSaid()
    left = (await refresh(desk)).left
    if wish.ask_pms:
        said = await _asked(desk, hotel_ids, wish.period)
        left = (await refresh(desk)).left
    for hotel_id in hotel_ids:
        await bind(desk, hotel_id, wish.period)
    rows, told = await desk.store.read(lambda tx: _read(desk, tx, actor, wish, hotel_ids, wanted))
    pms = replace(told, asked=said.asked, silent=said.silent)
    if wish.plan is not None:
        rows = beside(rows, wish.plan, wanted, (one.value for one in wish.by))
    return Report(wish.period, hotel_ids, rows, pms, desk.clock.now(), wish.rates, left, wish.plan)


def hotels_of(desk: Desk, wish: ReportWish) -> tuple[str, ...]:
    """The hotels of a report, whose period is checked too."""
    first, last = near_day(wish.period.first, "from"), near_day(wish.period.last, "to")
    if first > last:
        raise InvalidInput("The first day, {first}, is after the last, {last}.", first=first, last=last, field="from")
    if (last - first).days >= MOST_DAYS:
        raise InvalidInput("A report covers 1 to {most} days.", most=MOST_DAYS, field="from")
    return (desk.hotel(wish.hotel_id).hotel_id,) if wish.hotel_id else tuple(sorted(desk.hotels))


def last_days(desk: Desk, hotel_id: str | None, first: date | None = None, last: date | None = None) -> Period:
    """Days as asked for; without a first one the seven up to the last, which is the hotel's today. InvalidInput for a
    last day of another age."""
    hotel = desk.hotel(hotel_id) if hotel_id else next(iter(desk.hotels.values()))
    until = near_day(last, "to") if last else hotel.today(desk.clock.now())
    return Period(first or until - timedelta(days=6), until)


def kpis_of(wish: ReportWish) -> tuple[str, ...]:
    """The KPIs asked for, in the list's order; NotFound for one that is not counted."""
    for slug in wish.kpis:
        if slug not in COUNTED:
            raise NotFound("There is no KPI {kpi}.", kpi=slug[:60], hint=", ".join(COUNTED), field="kpi")
    return tuple(slug for slug in COUNTED if not wish.kpis or slug in wish.kpis)


async def _asked(desk: Desk, hotel_ids: Sequence[str], period: Period) -> PmsSaid:
    asked, silent = 0, []
    for hotel_id in hotel_ids:
        found = await ask_pms(desk, hotel_id, period)
        asked += found or 0
        silent += [hotel_id] if found is None else []
    return PmsSaid(asked, silent=tuple(silent))


def _read(
    desk: Desk, tx: ReadTx, actor: Actor, wish: ReportWish, hotel_ids: Sequence[str], wanted: Sequence[str]
) -> tuple[list[KpiRow], PmsSaid]:
    """All lines, and what the PMS said, from one snapshot."""
    live = [fact for hotel_id in hotel_ids for fact in live_facts(desk, tx, hotel_id, wish.period)]
    dimensions = tuple(one.value for one in wish.by)
    book = _converted(_book(desk, tx, hotel_ids, wish.period, dimensions, wanted, live), wish.rates)
    rows = list(lines(book, wanted))
    for one in dimensions:
        rows += (row for row in part_lines(book, wanted, one) if _may_see(actor, row))
    return rows, what_was_said(tx, hotel_ids, wish.period)


def book_of_period(
    desk: Desk, tx: ReadTx, hotel_ids: Sequence[str], period: Period, dimensions: Sequence[str], wanted: Sequence[str]
) -> DayBook:
    """The book of a period: what is kept of it, and live cases as of now on top."""
    live = [fact for hotel_id in hotel_ids for fact in live_facts(desk, tx, hotel_id, period)]
    return _book(desk, tx, hotel_ids, period, dimensions, wanted, live)


def _book(
    desk: Desk,
    tx: ReadTx,
    hotel_ids: Sequence[str],
    period: Period,
    dimensions: Sequence[str],
    wanted: Sequence[str],
    live: Sequence[CaseFact],
) -> DayBook:
    pile = a_pile()
    pile.add_facts(live, case_entries, lambda fact: [*parts_of(fact.by), *times_of(dimensions, fact.day)])
    for hotel_id in hotel_ids:
        for days, slugs in pieces(desk, hotel_id, period, slugs_of(wanted)):
            read_period(tx, hotel_id, days, (WHOLE, *dimensions), slugs, pile)
    return pile.book()


def live_facts(desk: Desk, tx: ReadTx, hotel_id: str, period: Period) -> Iterator[CaseFact]:
    """Live cases of a period, as of now."""
    now, facts = desk.clock.now(), tx.kpi_live_cases(hotel_id, period.first, period.last)
    if facts:
        policy = policy_of(desk, tx, hotel_id, min(fact.opened_at for fact in facts), now + _AHEAD)
        yield from (aged(fact, policy, now) for fact in facts)


def _may_see(actor: Actor, row: KpiRow) -> bool:
    return actor.may(Permission.SEE_CLEAR) or row.by.get(Dimension.AGENT.value, actor.name) == actor.name


def _converted(book: DayBook, rates: Rates | None) -> DayBook:
    """The book, its money in one currency. InvalidInput for a currency without a rate."""
    for place, kept in book.kept.items():
        if rates is not None and isinstance(kept, Takings):
            missing = sorted(one for one in kept.amounts if one != rates.into and one not in rates.one_is)
            if missing:
                raise InvalidInput("There is no rate for {currency}.", currency=", ".join(missing), field="rates")
            book.kept[place] = kept.converted(rates.one_is, rates.into)
    return book


async def explain(
    desk: Desk,
    actor: Actor,
    kpi: str,
    wish: ReportWish,
    limit: int = 100,
    after: str | None = None,
    part: Mapping[str, str] | None = None,
) -> Explained:
    """A page of the rows that make a KPI up. `part`: of this part alone (`{"channel": "phone"}`), tags among them."""
    actor.require(Permission.READ)
    if not 1 <= limit <= 1000:  # noqa: PLR2004 - as a page of anything
        raise InvalidInput("A page has 1 to {most} rows.", most=1000, field="limit")
    hotel_ids = hotels_of(desk, wish)
    (slug,) = kpis_of(replace(wish, kpis=(kpi,)))
    await refresh(desk)

    def work(tx: ReadTx) -> Explained:
        found = {hotel_id: live_facts(desk, tx, hotel_id, wish.period) for hotel_id in hotel_ids}
        live = {hotel_id: {(one.case_id, one.run): one for one in facts} for hotel_id, facts in found.items()}
        spans = {one: Period(wish.period.first, last_that_counts(desk, one, wish.period, slug)) for one in hotel_ids}
        return explain_rows(tx, actor, slug, spans, live, limit=limit, after=after, part=part or {})

    return await desk.store.read(work)
