"""Lines of a report, read from a day book: each KPI of the whole, or of each part of a dimension, judged.

A KPI without anything to count has a line with n = 0 for the whole, and none for parts. Money has a line for each
currency. What is not known stands under the empty key, so the parts of a dimension always sum to the whole.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import TypeVar

from domain.kpi import Count, Share, Spread, Takings
from domain.kpi_book import IN_TARGET, KINDS, TARGET_OF, WALL, WHOLE, DayBook
from domain.kpi_list import KPIS, Kpi
from domain.kpi_row import KpiRow, Standing
from domain.kpi_targets import TARGETS, duration_stands, promised, stands

COUNTED = tuple(slug for slug in KPIS if slug in KINDS)
_TOTALS = frozenset({"revenue"})
Place = tuple[str, str]
Beside = TypeVar("Beside", Spread, Share)


def slugs_of(wanted: Iterable[str]) -> frozenset[str]:
    """What must be kept to read these KPIs."""
    return frozenset(f"{slug}{more}" for slug in wanted for more in ("", WALL, TARGET_OF, IN_TARGET))


def lines(
    book: DayBook, wanted: Iterable[str], place: Place = (WHOLE, WHOLE), by: Mapping[str, str] | None = None
) -> Iterator[KpiRow]:
    """The lines of one part. `place`: dimension and key in the book; `by`: as the line names it."""
    named = dict(by or {})
    for slug in wanted:
        if (slug, *place) in book.kept or not named:
            for row in _read(book, KPIS[slug], place):
                yield replace(row, by=named) if named else row


def part_lines(book: DayBook, wanted: Iterable[str], dimension: str) -> Iterator[KpiRow]:
    """The lines of a dimension, KPI by KPI, by key."""
    parts: dict[str, list[str]] = {}
    for slug, of, key in book.kept:
        if of == dimension:
            parts.setdefault(slug, []).append(key)
    for slug in wanted:
        for key in sorted(parts.get(slug, ())):
            yield from lines(book, (slug,), (dimension, key), {dimension: key})


def _read(book: DayBook, kpi: Kpi, place: Place) -> Iterator[KpiRow]:
    kept = book.get(kpi.slug, *place)
    if isinstance(kept, Spread):
        yield _seconds(book, kpi, place, kept)
    elif isinstance(kept, Share):
        yield _share(kpi, kept)
    elif isinstance(kept, Takings):
        yield from _money(kpi, kept)
    elif isinstance(kept, Count):
        yield KpiRow(kpi.slug, kpi.unit, float(kept.n), kept.n)


def _share(kpi: Kpi, kept: Share) -> KpiRow:
    figure, target = kept.result(), TARGETS.get(kpi.slug)
    row = KpiRow(kpi.slug, kpi.unit, figure.value, figure.n, low=figure.low, high=figure.high)
    if target is None:
        return replace(row, status=Standing.NONE if figure.n else Standing.NO_DATA)
    return replace(row, target=target.shown, target_low=target.low, status=stands(kept, target))


def _seconds(book: DayBook, kpi: Kpi, place: Place, kept: Spread) -> KpiRow:
    figure, wall = kept.result(), _beside(book, kpi, WALL, place, Spread())
    inside = _beside(book, kpi, IN_TARGET, place, Share())
    target = promised(_beside(book, kpi, TARGET_OF, place, Spread()))
    if f"{kpi.slug}{IN_TARGET}" not in KINDS and target is None:
        part, status = None, Standing.NONE if figure.n else Standing.NO_DATA
    else:
        part, status = inside.hits / inside.n if inside.n else None, duration_stands(kept, inside, target)
    return KpiRow(
        kpi.slug, kpi.unit, figure.value, figure.n, open_n=figure.open_n,
        percentiles=figure.percentiles if figure.n or figure.open_n else {},
        wall=wall.percentiles() if wall.closed or wall.open else {},
        target=target, in_target=part, status=status,
    )  # fmt: skip


def _beside(book: DayBook, kpi: Kpi, what: str, place: Place, empty: Beside) -> Beside:
    """What stands beside a duration; empty where it has none."""
    found = book.kept.get((f"{kpi.slug}{what}", *place))
    return found if isinstance(found, type(empty)) else empty


def _money(kpi: Kpi, kept: Takings) -> Iterator[KpiRow]:
    if not kept.amounts:
        yield KpiRow(kpi.slug, kpi.unit, None, 0, status=Standing.NO_DATA)
    for currency in sorted(kept.amounts):
        value: Decimal | None = kept.total(currency) if kpi.slug in _TOTALS else kept.average(currency)
        yield KpiRow(kpi.slug, kpi.unit, value, kept.counts[currency], currency=currency)
