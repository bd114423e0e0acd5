"""From seasons to dated prices: the calendar a PMS stores.

The hotel file prices a season once; a PMS wants a price for dated nights. The
calendar walks the days, looks up season and event, and joins equal neighbours
into runs. A room's price is base x event x room type, rounded half up to the
whole unit of the currency, which is how a reception prints it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby

from scenarios.schema.hotel import Hotel
from scenarios.schema.rates import RatePlan, RoomType
from scenarios.schema.types import LEAP_YEAR, Currency, Period, days_between

WHOLE = Decimal(1)


@dataclass(frozen=True, slots=True)
class PriceRow:
    """One price for the nights `start`..`end`, both inclusive."""

    room_type: str
    start: date
    end: date
    amount: Decimal


class PriceCalendar:
    """Season and event of every day from `first` to `last`, both inclusive."""

    def __init__(self, hotel: Hotel, first: date, last: date) -> None:
        """Work out the runs of equal days once for all plans."""
        self._hotel = hotel
        self.first, self.last = first, last
        seasons = _seasons_of_year(hotel)
        factors = _event_factors(hotel, first, last)
        days = [(day, seasons[day.month, day.day], factors.get(day, WHOLE)) for day in days_between(first, last)]
        self._runs = [
            (season, factor, run[0][0], run[-1][0])
            for (season, factor), grouped in groupby(days, key=lambda item: item[1:])
            for run in [list(grouped)]
        ]

    def rows(self, plan: RatePlan, currency: Currency, room_type: RoomType) -> Iterator[PriceRow]:
        """Yield the dated prices of one room type in one plan, in order of days."""
        prices = plan.prices[currency]
        for season, factor, start, end in self._runs:
            amount = (prices[season] * factor * room_type.price_factor).quantize(WHOLE, ROUND_HALF_UP)
            yield PriceRow(room_type.code, start, end, max(amount, WHOLE))


def _seasons_of_year(hotel: Hotel) -> dict[tuple[int, int], str]:
    """Give the season code of each (month, day); the schema's checks promise that each has one."""
    first, last = date(LEAP_YEAR, 1, 1), date(LEAP_YEAR, 12, 31)
    return {
        (day.month, day.day): season.code
        for season in hotel.seasons
        for period in season.periods
        for start, end in period.occurrences(first, last)
        for day in days_between(start, end)
    }


def _event_factors(hotel: Hotel, first: date, last: date) -> dict[date, Decimal]:
    """Give the factor of each day that has an event; where two meet, the higher one."""
    factors: dict[date, Decimal] = {}
    for event in hotel.events:
        for period in event.periods:
            for start, end in period.occurrences(first, last):
                for day in days_between(start, end):
                    factors[day] = max(event.price_factor, factors.get(day, event.price_factor))
    return factors


def next_occurrence(period: Period, first: date, last: date) -> tuple[date, date] | None:
    """Give the first stretch of `period` that touches `first`..`last`, clipped to it, or None."""
    return next(iter(sorted(period.occurrences(first, last))), None)
