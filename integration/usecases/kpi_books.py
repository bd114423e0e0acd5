"""Day books as they are kept: made from the facts of a day, put together for a period, aged for what is still open.

The whole and the parts are documents of their own (`kpi_documents`), for most reports need but the former of every day.
A month that is over has a book of its own, which is the sum of its days and has each of them as a part; a fact that
changes takes both away. Live facts are in no book: `aged` brings one to an instant by the service hours of its channel,
which is what making it anew would give. A book that is missing when it is read, or of another format, is made on the
spot.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from domain.hours import business_seconds
from domain.kpi_book import WHOLE, Part
from domain.kpi_entries import arrival_entries, call_entries, case_entries, offer_entries, sale_entries
from domain.kpi_facts import CaseFact
from domain.kpi_row import Dimension, Period
from domain.sla import ServicePolicy
from integration.ports.store import ReadTx, Tx
from integration.usecases.desk import Desk
from integration.usecases.kpi_documents import is_readable

if TYPE_CHECKING:
    from integration.usecases.kpi_piles import Pile

DAYS_AT_ONCE = 5
_DAY = timedelta(days=1)
_DAYS = Dimension.DAY.value
_KEPT = (WHOLE, *(one.value for one in Dimension if one is not Dimension.WEEK))


def week_of(day: date) -> str:
    """The ISO week, `2027-W31`."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


TIMES: Mapping[str, Callable[[date], str]] = {_DAYS: date.isoformat, Dimension.WEEK.value: week_of}


def a_pile() -> "Pile":
    """An empty one to lay books on."""
    from integration.usecases.kpi_piles import Pile  # noqa: PLC0415 - numpy costs 0.1 s, and few runs count anything

    return Pile()


def book_of_day(tx: ReadTx, hotel_id: str, day: date) -> "Pile":
    """The book of a day from its facts; live ones left out."""
    pile = a_pile()
    pile.add_facts(tx.kpi_calls_on(hotel_id, day), call_entries)
    pile.add_facts((case for case in tx.kpi_cases_on(hotel_id, day) if not case.is_live), case_entries)
    pile.add_facts(tx.kpi_offers_on(hotel_id, day), offer_entries)
    pile.add_facts(tx.kpi_sales_on(hotel_id, day), sale_entries)
    pile.add_facts(tx.kpi_arrivals_on(hotel_id, day), arrival_entries)
    return pile


async def bind(desk: Desk, hotel_id: str, period: Period) -> None:
    """Make the books that a period lacks, a few days a transaction, then months that are over."""
    today = desk.hotel(hotel_id).today(desk.clock.now())
    for first, last in months_of(period):
        await _bind_piece(desk, hotel_id, first, last, is_over=_is_whole(first, last) and last < today)


async def _bind_piece(desk: Desk, hotel_id: str, first: date, last: date, *, is_over: bool) -> None:
    def missing(tx: ReadTx) -> list[date]:
        return [] if is_over and tx.kpi_has_month(hotel_id, _month(first)) else _missing(tx, hotel_id, first, last)

    days = await desk.store.read(missing)
    for start in range(0, len(days), DAYS_AT_ONCE):
        await _bind_days(desk, hotel_id, days[start : start + DAYS_AT_ONCE])
    if is_over and (days or not await desk.store.read(lambda tx: tx.kpi_has_month(hotel_id, _month(first)))):
        await desk.store.transact(lambda tx: _bind_month(tx, hotel_id, first, last))


async def _bind_days(desk: Desk, hotel_id: str, days: Sequence[date]) -> None:
    def work(tx: Tx) -> None:
        for day in days:
            tx.put_kpi_book(hotel_id, day, *book_of_day(tx, hotel_id, day).packed())

    await desk.store.transact(work)


def _missing(tx: ReadTx, hotel_id: str, first: date, last: date) -> list[date]:
    there = set(tx.kpi_bound(hotel_id, first, last))
    return [day for day in tx.kpi_days(hotel_id, first, last) if day not in there]


def _bind_month(tx: Tx, hotel_id: str, first: date, last: date) -> None:
    """Put a month's book together, unless one of its days is missing again."""
    if _missing(tx, hotel_id, first, last):
        return
    pile = a_pile()
    for parts in (False, True):
        for day, document in _every_day(tx, hotel_id, first, last, parts=parts):
            pile.pour(document, under(_KEPT, day))
    tx.put_kpi_month(hotel_id, _month(first), *pile.packed())


def months_of(period: Period) -> list[tuple[date, date]]:
    """The period cut at the ends of months; first and last day of each piece."""
    found: list[tuple[date, date]] = []
    first = period.first
    while first <= period.last:
        following = (first.replace(day=1) + 32 * _DAY).replace(day=1)
        last = min(period.last, following - _DAY)
        found.append((first, last))
        first = last + _DAY
    return found


def _is_whole(first: date, last: date) -> bool:
    return first.day == 1 and (last + _DAY).day == 1


def _month(first: date) -> str:
    return first.isoformat()[:7]


def read_period(
    tx: ReadTx, hotel_id: str, period: Period, dimensions: Sequence[str], slugs: frozenset[str] | None, into: "Pile"
) -> None:
    """Lay the books of a period on a pile: of months where there are, else of days."""
    of_a_day = (False, True) if set(dimensions) - {WHOLE, *TIMES} else (False,)
    of_a_month = (False, True) if set(dimensions) - {WHOLE} else (False,)
    for first, last in months_of(period):
        kept = _month_kept(tx, hotel_id, first, last, of_a_month)
        for document in kept:
            into.pour(document, under(dimensions), slugs)
        for parts in () if kept else of_a_day:
            for day, document in _every_day(tx, hotel_id, first, last, parts=parts):
                into.pour(document, under(dimensions, day), slugs)


def _month_kept(tx: ReadTx, hotel_id: str, first: date, last: date, halves: Sequence[bool]) -> list[bytes]:
    """The whole of a month (False), and its parts (True); nothing unless all that is kept and can be read."""
    if not _is_whole(first, last):
        return []
    kept = [tx.kpi_month(hotel_id, _month(first), parts=parts) for parts in halves]
    found = [document for document in kept if document is not None and is_readable(document)]
    return found if len(found) == len(kept) else []


def under(dimensions: Sequence[str], day: date | None = None) -> Callable[[Part], list[Part]]:
    """Where the parts of a book belong; `day`: the one it is of. A month has its days as parts."""

    def found(part: Part) -> list[Part]:
        dimension, key = part
        if dimension == _DAYS:
            return times_of(dimensions, date.fromisoformat(key))
        own = [part] if dimension in dimensions else []
        return own if day is None or dimension != WHOLE else own + times_of(dimensions, day)

    return found


def times_of(dimensions: Sequence[str], day: date) -> list[Part]:
    """The day and the week it is of, as far as these are among the dimensions."""
    return [(one, named(day)) for one, named in TIMES.items() if one in dimensions]


def _every_day(tx: ReadTx, hotel_id: str, first: date, last: date, *, parts: bool) -> Iterator[tuple[date, bytes]]:
    """The book of each day that has a fact; one that is missing is made on the spot."""
    there = dict(tx.kpi_books(hotel_id, first, last, parts=parts))
    for day in tx.kpi_days(hotel_id, first, last):
        kept = there.get(day, b"")
        yield day, kept if is_readable(kept) else book_of_day(tx, hotel_id, day).packed()[parts]


def aged(fact: CaseFact, policy: ServicePolicy, now: datetime) -> CaseFact:
    """A live fact at an instant that is not before it was made."""
    now = now.replace(microsecond=now.microsecond // 1000 * 1000)
    begin, end = fact.as_of.timestamp(), now.timestamp()
    if end <= begin:
        return fact
    frt, solved = fact.is_frt_open, fact.is_resolution_open and not fact.is_paused
    on_frt = business_seconds(begin, end, policy.spans(fact.frt_channel or fact.by.channel))
    on_solved = business_seconds(begin, end, policy.spans(fact.resolution_channel or fact.by.channel))
    return replace(
        fact,
        as_of=now.astimezone(UTC),
        frt_s=_longer(fact.frt_s, on_frt if frt else 0.0),
        frt_wall_s=_longer(fact.frt_wall_s, end - begin if frt else 0.0),
        resolution_s=_longer(fact.resolution_s, on_solved if solved else 0.0),
        resolution_wall_s=_longer(fact.resolution_wall_s, end - begin if solved else 0.0),
    )


def _longer(seconds: float | None, by_s: float) -> float | None:
    return None if seconds is None else round(seconds + by_s, 3)
