"""The rooms of every night, counted anew from the PMS's reservations and held against what the hotel has.

Nothing of the mock's own counting is believed: each reservation that stands and takes stock is laid on its nights one
by one. A night may not have more rooms taken than there are, and the PMS's own count has to be what was counted here.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime

from cli.loadtest.audit_rows import Rows

Cell = tuple[str, str, int]
_STANDS = ("Reserved", "InHouse", "CheckedOut")


def taken_nights(rows: Rows, since: date) -> Counter[Cell]:
    """Rooms taken by (hotel, room type, day number), from `since` on."""
    taken: Counter[Cell] = Counter()
    first = since.toordinal()
    marks = ", ".join(f"'{one}'" for one in _STANDS)
    for hotel, room_type, arrival, departure, units in rows(
        "SELECT hotel, room_type, arrival, departure, units FROM reservation"  # noqa: S608 - constant text
        f" WHERE deducts = 1 AND status IN ({marks}) AND departure > '{since.isoformat()}'"
    ):
        start, end = date.fromisoformat(arrival).toordinal(), date.fromisoformat(departure).toordinal()
        for day in range(max(start, first), end):
            taken[hotel, room_type, day] += units
    return taken


def rooms_of(rows: Rows) -> dict[tuple[str, str], int]:
    """What may be sold a night by (hotel, room type): its rooms and the overbooking the hotel allows."""
    found: dict[tuple[str, str], int] = {}
    for hotel, document in rows("SELECT hotel, doc FROM hotel"):
        for room in json.loads(document)["room_types"]:
            found[hotel, room["code"]] = int(room["rooms"]) + int(room.get("overbooking", 0))
    return found


def oversold(taken: Mapping[Cell, int], rooms: Mapping[tuple[str, str], int]) -> Iterator[str]:
    """Nights with more rooms taken than there are."""
    for (hotel, room_type, day), count in sorted(taken.items()):
        there = rooms.get((hotel, room_type), 0)
        if count > there:
            yield f"{hotel} {room_type} {date.fromordinal(day)}: {count} rooms taken, {there} there"


def miscounted(rows: Rows, taken: Mapping[Cell, int], since: date) -> Iterator[str]:
    """Nights that the PMS counts otherwise, or below nothing."""
    left = dict(taken)
    for hotel, room_type, day, sold in rows(
        "SELECT hotel, room_type, day, sold FROM stock"  # noqa: S608 - a date
        f" WHERE day >= '{since.isoformat()}' ORDER BY hotel, room_type, day"
    ):
        counted = left.pop((hotel, room_type, date.fromisoformat(day).toordinal()), 0)
        if sold != counted or sold < 0:
            yield f"{hotel} {room_type} {day}: the PMS counts {sold} rooms sold, its reservations take {counted}"
    for (hotel, room_type, number), count in sorted(left.items()):
        yield f"{hotel} {room_type} {date.fromordinal(number)}: {count} rooms taken, none counted"


def no_night_oversold(rows: Rows, now_ms: int) -> tuple[int, list[str]]:
    """How many nights were looked at, and which are wrong. Nights before today are the front desk's."""
    since = datetime.fromtimestamp(now_ms / 1000, UTC).date()
    taken = taken_nights(rows, since)
    return len(taken), [*oversold(taken, rooms_of(rows)), *miscounted(rows, taken, since)]
