"""Day books as they are kept: made from the facts of a day, put together for a period, aged for what is still open.

A book is one document with a section for each dimension, so a report opens only those it shows. A month that is over
has a book of its own, which is the sum of its days; a fact that changes takes both away. Live facts are in no book:
`aged` brings one to an instant by the service hours of its channel, which is what making it anew would give. Whoever
changes what a book holds drops all books in a migration: they are made again from the facts.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TypeVar

import msgspec

from domain.hours import business_seconds
from domain.kpi import Count, Share, Spread, Takings
from domain.kpi_book import WHOLE, DayBook, Place, book_of
from domain.kpi_facts import CaseFact
from domain.kpi_row import Period
from domain.sla import ServicePolicy
from integration.ports.store import ReadTx, Tx
from integration.usecases.desk import Desk

DAYS_AT_ONCE = 5
_DAY = timedelta(days=1)
_encode = msgspec.msgpack.Encoder().encode
_Histogram = dict[int, int]
What = TypeVar("What")
One = TypeVar("One", Count, Share, Spread, Takings)


class Section(msgspec.Struct, array_like=True):
    """The accumulators of one dimension, by slug and key. A spread: its seconds one by one where few are alike (a list
    is counted several times as fast as a histogram is added), else how often each; then those still open."""

    counts: dict[str, dict[str, int]]
    shares: dict[str, dict[str, tuple[int, int]]]
    spreads: dict[str, dict[str, tuple[list[int], _Histogram, _Histogram]]]
    takings: dict[str, dict[str, dict[str, tuple[Decimal, int]]]]


_sections = msgspec.msgpack.Decoder(dict[str, msgspec.Raw]).decode
_section = msgspec.msgpack.Decoder(Section).decode


def packed(book: DayBook, *, parts: bool) -> bytes:
    """The whole of a book, or its parts, as a document."""
    sections: dict[str, Section] = {}
    for (slug, dimension, key), kept in book.kept.items():
        if (dimension != WHOLE) is not parts:
            continue
        section = sections.setdefault(dimension, Section({}, {}, {}, {}))
        if isinstance(kept, Count):
            section.counts.setdefault(slug, {})[key] = kept.n
        elif isinstance(kept, Share):
            section.shares.setdefault(slug, {})[key] = kept.hits, kept.n
        elif isinstance(kept, Spread):
            section.spreads.setdefault(slug, {})[key] = (*_seconds(kept.closed), kept.open)
        else:
            money = {one: (amount, kept.counts[one]) for one, amount in kept.amounts.items()}
            section.takings.setdefault(slug, {})[key] = money
    return _encode({name: msgspec.Raw(_encode(section)) for name, section in sections.items()})


def _seconds(closed: _Histogram) -> tuple[list[int], _Histogram]:
    """One by one where few are alike."""
    if sum(closed.values()) > 2 * len(closed):
        return [], closed
    return [second for second, times in closed.items() for _ in range(times)], {}


def pour(document: bytes, into: DayBook, dimensions: Iterable[str], slugs: frozenset[str] | None = None) -> None:
    """Add sections of a kept book to a book; `slugs`: these alone."""
    kept = _sections(document)
    for dimension in dimensions:
        raw = kept.get(dimension)
        if raw is not None:
            _pour_section(_section(raw), into, dimension, slugs)


def _pour_section(section: Section, into: DayBook, dimension: str, slugs: frozenset[str] | None) -> None:
    for slug, key, n in _each(section.counts, slugs):
        _at(into, (slug, dimension, key), Count).n += n
    for slug, key, (hits, n) in _each(section.shares, slugs):
        _at(into, (slug, dimension, key), Share).add_many(hits, n)
    for slug, key, (seconds, closed, still_open) in _each(section.spreads, slugs):
        spread = _at(into, (slug, dimension, key), Spread)
        if seconds:
            counted = spread.closed if isinstance(spread.closed, Counter) else Counter(spread.closed)
            counted.update(seconds)
            spread.closed = counted
        _add(spread.closed, closed)
        _add(spread.open, still_open)
    for slug, key, money in _each(section.takings, slugs):
        kept = _at(into, (slug, dimension, key), Takings)
        for currency, (amount, n) in money.items():
            kept.add(amount, currency, n)


def _each(by_slug: dict[str, dict[str, What]], slugs: frozenset[str] | None) -> Iterator[tuple[str, str, What]]:
    for slug, by_key in by_slug.items():
        if slugs is None or slug in slugs:
            for key, what in by_key.items():
                yield slug, key, what


def _at(book: DayBook, place: Place, kind: type[One]) -> One:
    """What is kept there; begun where nothing is."""
    found = book.kept.get(place)
    if isinstance(found, kind):
        return found
    made = book.kept[place] = kind()
    return made


def _add(histogram: _Histogram, more: _Histogram) -> None:
    if not histogram:
        histogram.update(more)
        return
    get = histogram.get
    for second, times in more.items():
        histogram[second] = get(second, 0) + times


def book_of_day(tx: ReadTx, hotel_id: str, day: date) -> DayBook:
    """The book of a day from its facts; live ones left out."""
    return book_of(
        calls=tx.kpi_calls_on(hotel_id, day),
        cases=(case for case in tx.kpi_cases_on(hotel_id, day) if not case.is_live),
        offers=tx.kpi_offers_on(hotel_id, day),
        sales=tx.kpi_sales_on(hotel_id, day),
        arrivals=tx.kpi_arrivals_on(hotel_id, day),
    )


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
            book = book_of_day(tx, hotel_id, day)
            tx.put_kpi_book(hotel_id, day, packed(book, parts=False), packed(book, parts=True))

    await desk.store.transact(work)


def _missing(tx: ReadTx, hotel_id: str, first: date, last: date) -> list[date]:
    there = set(tx.kpi_bound(hotel_id, first, last))
    return [day for day in tx.kpi_days(hotel_id, first, last) if day not in there]


def _bind_month(tx: Tx, hotel_id: str, first: date, last: date) -> None:
    """Put a month's book together, unless one of its days is missing again."""
    if _missing(tx, hotel_id, first, last):
        return
    book = DayBook()
    for parts in (False, True):
        for _, document in tx.kpi_books(hotel_id, first, last, parts=parts):
            pour(document, book, _sections(document))
    tx.put_kpi_month(hotel_id, _month(first), packed(book, parts=False), packed(book, parts=True))


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
    tx: ReadTx, hotel_id: str, period: Period, dimensions: Sequence[str], slugs: frozenset[str] | None, into: DayBook
) -> None:
    """Add the books of a period: of months where there are, else of days."""
    parts = [one for one in dimensions if one != WHOLE]
    for first, last in months_of(period):
        has_month = _is_whole(first, last) and tx.kpi_has_month(hotel_id, _month(first))
        for of_parts, wanted in ((False, (WHOLE,)), (True, parts)):
            for document in (
                _documents(tx, hotel_id, first, last, has_month=has_month, parts=of_parts) if wanted else ()
            ):
                pour(document, into, wanted, slugs)


def _documents(tx: ReadTx, hotel_id: str, first: date, last: date, *, has_month: bool, parts: bool) -> Iterator[bytes]:
    """The month's, or those of each day."""
    month = tx.kpi_month(hotel_id, _month(first), parts=parts) if has_month else None
    if month is not None:
        yield month
        return
    yield from (document for _, document in _every_day(tx, hotel_id, first, last, parts=parts))


def _every_day(tx: ReadTx, hotel_id: str, first: date, last: date, *, parts: bool) -> Iterator[tuple[date, bytes]]:
    """The book of each day that has a fact; one that is missing is made on the spot."""
    there = dict(tx.kpi_books(hotel_id, first, last, parts=parts))
    for day in tx.kpi_days(hotel_id, first, last):
        yield day, there.get(day) or packed(book_of_day(tx, hotel_id, day), parts=parts)


def read_days(
    tx: ReadTx,
    hotel_id: str,
    period: Period,
    slugs: frozenset[str] | None,
    into: dict[str, DayBook],
    named: Callable[[date], str] = date.isoformat,
) -> None:
    """Add the whole of each day of a period to the book of that day, or of whatever it is `named` by."""
    for day, document in _every_day(tx, hotel_id, period.first, period.last, parts=False):
        pour(document, into.setdefault(named(day), DayBook()), (WHOLE,), slugs)


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
