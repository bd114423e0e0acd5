"""How full each night should be: the month curve, the booking curve, the sold-out days.

Final occupancy is drawn through the middle of each month, so no month starts
with a jump. Of a future night only the share that is booked this long before
is on the books, and never less than what tour operators have contracted.
Pinned days are filled to the last room whatever the curve
says, with a week's slope before them, since hotels fill up rather than snap
full.
"""

from calendar import monthrange
from datetime import date, timedelta
from random import Random

from scenarios.schema.draws import Occupancy, Pinned
from scenarios.schema.rates import RoomType
from scenarios.stays.bookings import LeadTimes
from scenarios.stays.horizon import Horizon

DAY_NOISE = 0.03
SLOPE_DAYS = 7
PINNED_AHEAD_DAYS = 365


def final_occupancy(monthly: list[float], day: date) -> float:
    """Give the month curve on `day`, linear between the middles of the months."""
    length = monthrange(day.year, day.month)[1]
    place = (day.day - 0.5) / length - 0.5
    near = monthly[day.month - 1]
    other = monthly[(day.month - 2) % 12] if place < 0 else monthly[day.month % 12]
    return near + (other - near) * abs(place)


class NightTargets:
    """Rooms that should be taken per room type and day number, and the most that may be."""

    def __init__(self, span: Horizon, rooms: tuple[RoomType, ...], tail: int) -> None:
        """Start empty, with `tail` more days behind the horizon for stays that end after it."""
        self._span = span
        days = span.nights + tail
        self.wanted = {room.code: [0.0] * days for room in rooms}
        self.most = {room.code: [room.rooms] * days for room in rooms}

    def follow(self, rng: Random, occupancy: Occupancy, leads: LeadTimes, scale: float) -> None:
        """Set each night to its occupancy; `scale` below 1 makes a thin book for tests."""
        monthly = [float(share) * scale for share in occupancy.monthly]
        contracted = float(occupancy.contracted)
        for number in range(self._span.nights):
            final = final_occupancy(monthly, self._span.day(number)) + rng.gauss(0, DAY_NOISE * scale)
            days_left = number - self._span.today
            early = contracted + (1 - contracted) * leads.booked_share(days_left)
            booked = final * (early if days_left > 0 else 1.0)
            for code, wanted in self.wanted.items():
                wanted[number] = self.most[code][number] * min(1.0, max(0.0, booked))

    def pin(self, pinned: Pinned) -> None:
        """Fill the pinned days and slope up to them, up to a year ahead: nobody sells out earlier."""
        codes = pinned.room_types or tuple(self.wanted)
        until = min(self._span.last, self._span.start + timedelta(days=PINNED_AHEAD_DAYS))
        for start, end in pinned.occurrences(self._span.first, until):
            first, last = (start - self._span.first).days, (end - self._span.first).days
            for code in codes:
                self._fill(code, first, last, pinned.rooms_left)

    def _fill(self, code: str, first: int, last: int, rooms_left: int) -> None:
        wanted, most = self.wanted[code], self.most[code]
        for number in range(first, last + 1):
            most[number] = max(0, most[number] - rooms_left)
            wanted[number] = float(most[number])
        for before in range(1, min(SLOPE_DAYS, first) + 1):
            number = first - before
            share = 1 - before / (SLOPE_DAYS + 1)
            wanted[number] = max(wanted[number], wanted[number] + (wanted[first] - wanted[number]) * share)
