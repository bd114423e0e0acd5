"""What is rehearsed: how long, how many, from when, with which faults, from which seed."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

START = date(2027, 6, 15)
TIMETABLE, NO_FAULTS = "timetable", "none"
MOST_DAYS, MOST_BOOKINGS, MOST_AGENTS = 366, 1_000_000, 500


@dataclass(frozen=True, slots=True)
class Plan:
    """`faults`: `timetable` (another shipped profile every day), `none`, or one profile for every day.

    `hotel`: a hotel file or the name of a shipped one. ValueError for numbers that make no month.
    """

    days: int = 30
    bookings: int = 20_000
    seed: int = 1
    start: date = START
    faults: str = TIMETABLE
    agents: int = 16
    hotel: str = "belek-resort"

    def __post_init__(self) -> None:
        """Refuse what cannot be played."""
        most = {"days": MOST_DAYS, "bookings": MOST_BOOKINGS, "agents": MOST_AGENTS}
        for name, limit in most.items():
            number = getattr(self, name)
            if not 1 <= number <= limit:
                raise ValueError(f"{name} is from 1 to {limit}")

    def begins_at(self, zone: ZoneInfo) -> datetime:
        """Midnight at the hotel, in UTC."""
        return datetime.combine(self.start, time(0), zone).astimezone(UTC)

    @property
    def span(self) -> timedelta:
        """How long callers ring."""
        return timedelta(days=self.days)
