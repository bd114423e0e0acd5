"""The stretch of days a seed covers, and its two halves.

Days are counted from `first`. Everything before `start` has happened; `start`
is the hotel's business date; `last` is the last night on the books.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

HISTORY_DAYS = 365
FUTURE_MONTHS = 18


@dataclass(frozen=True, slots=True)
class Horizon:
    """History from `first`, business date `start`, last night `last`."""

    first: date
    start: date
    last: date

    @property
    def nights(self) -> int:
        """Nights from `first` to `last`, both counted."""
        return (self.last - self.first).days + 1

    @property
    def today(self) -> int:
        """Number of `start` counted from `first`."""
        return (self.start - self.first).days

    def day(self, number: int) -> date:
        """Give the date of a day number."""
        return self.first + timedelta(days=number)


def horizon(start: date, *, history_days: int = HISTORY_DAYS, future_months: int = FUTURE_MONTHS) -> Horizon:
    """Give the horizon around `start`."""
    month = start.month - 1 + future_months
    year, month = start.year + month // 12, month % 12 + 1
    end = date(year, month, min(start.day, monthrange(year, month)[1]))
    return Horizon(start - timedelta(days=history_days), start, end - timedelta(days=1))
