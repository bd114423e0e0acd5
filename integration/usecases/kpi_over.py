"""Which days of a period count for which KPI: some say nothing of a day before it is over at the hotel.

Books leave out what changes with time alone, so they hold every arrival, and whoever reads a book for a no-show rate
(`domain.kpi_entries.ONCE_OVER`) reads days that are over alone. A period that reaches into today is cut there; whole
months before stay whole.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from domain.kpi_entries import ONCE_OVER
from domain.kpi_row import Period
from integration.usecases.desk import Desk

_DAY = timedelta(days=1)


def pieces(desk: Desk, hotel_id: str, period: Period, slugs: frozenset[str]) -> Iterator[tuple[Period, frozenset[str]]]:
    """The period in at most two pieces, each with the KPIs that count on its days."""
    over = last_over(desk, hotel_id)
    if period.last <= over or not slugs & ONCE_OVER:
        yield period, slugs
        return
    if period.first <= over:
        yield Period(period.first, over), slugs
    rest = slugs - ONCE_OVER
    if rest:
        yield Period(max(period.first, over + _DAY), period.last), rest


def last_that_counts(desk: Desk, hotel_id: str, period: Period, slug: str) -> date:
    """The last day of the period that counts for a KPI; before its first when none does."""
    return min(period.last, last_over(desk, hotel_id)) if slug in ONCE_OVER else period.last


def last_over(desk: Desk, hotel_id: str) -> date:
    """The hotel's yesterday."""
    return desk.hotel(hotel_id).today(desk.clock.now()) - _DAY
