"""Which "no" a stay meets: closed, closed to arrival or departure, length of stay, advance booking.

The same judgement is used when availability is read and again when a stay is written, because a restriction can
appear in between. Which day of the stay a code looks at `[inf]`: `Closed` and the stay-through codes at every night,
the arrival codes, length-of-stay codes and advance-booking codes at the arrival day, `ClosedForDeparture` at the
departure day.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from pms_mock.engine.days import nights, span, weekday
from pms_mock.engine.hotel import Hotel, RatePlan, Restriction, RoomType

CODES = (
    "Closed", "ClosedForArrival", "ClosedForDeparture", "MinimumStayThrough", "MaximumStayThrough",
    "MinimumLengthOfStay", "MaximumLengthOfStay", "LOSNotAvailable", "MinimumAdvanceBooking", "MaximumAdvanceBooking",
)  # fmt: skip
WITH_UNIT = frozenset(code for code in CODES if code.startswith(("Minimum", "Maximum")))
OPENERS = {"Open": "Closed", "OpenForArrival": "ClosedForArrival", "OpenForDeparture": "ClosedForDeparture"}
_ON_NIGHTS = frozenset({"Closed", "MinimumStayThrough", "MaximumStayThrough"})
_LONGEST_FLAG = 7


@dataclass(frozen=True, slots=True)
class Asked:
    """The stay that is judged: arrival, departure, and the property's day today."""

    arrival: str
    departure: str
    today: str

    @property
    def length(self) -> int:
        return span(self.arrival, self.departure)


def met(hotel: Hotel, asked: Asked) -> list[Restriction]:
    """The restrictions whose days and rule this stay runs into, whatever their scope."""
    window = (r for r in hotel.restrictions if r.start <= asked.departure and r.end >= asked.arrival)
    return [r for r in window if _touches(r, asked) and _forbids(r, asked)]


def scoped(rows: Iterable[Restriction], room: RoomType, plan: RatePlan) -> list[Restriction]:
    """Those of `rows` that concern this room type and rate plan."""
    return [
        r
        for r in rows
        if r.room_type in (None, room.code)
        and r.rate_plan in (None, plan.code)
        and r.room_class in (None, room.room_class)
    ]


def spelled(row: Restriction) -> str:
    """`MinimumLengthOfStay=5`, or the code alone."""
    return f"{row.code}={row.unit}" if row.code in WITH_UNIT else row.code


def _touches(row: Restriction, asked: Asked) -> bool:
    if row.code in _ON_NIGHTS:
        return any(_on(row, night) for night in nights(asked.arrival, asked.departure))
    return _on(row, asked.departure if row.code == "ClosedForDeparture" else asked.arrival)


def _on(row: Restriction, day: str) -> bool:
    return row.start <= day <= row.end and bool(row.weekdays >> weekday(day) & 1)


def _forbids(row: Restriction, asked: Asked) -> bool:
    match row.code:
        case "MinimumLengthOfStay" | "MinimumStayThrough":
            return asked.length < row.unit
        case "MaximumLengthOfStay" | "MaximumStayThrough":
            return asked.length > row.unit
        case "MinimumAdvanceBooking":
            return span(asked.today, asked.arrival) < row.unit
        case "MaximumAdvanceBooking":
            return span(asked.today, asked.arrival) > row.unit
        case "LOSNotAvailable":
            return bool(row.los >> min(asked.length, _LONGEST_FLAG) & 1)
        case _:
            return True
