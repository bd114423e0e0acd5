"""Rooms left by day: the vendor's `hotelInventory`, by room type, room class or for the house.

Counts include allowed overbooking unless `includeOverbooking=false`; sell limits lower them. With
`includeTentativeInventory` a second count also subtracts reservations that take no stock.
"""

from typing import Any

from pms_mock.engine.call import Call, known
from pms_mock.engine.days import checked_span, each_day, plus
from pms_mock.engine.hotel import RoomType
from pms_mock.engine.stock import Cell, limited, rooms_left, sold_rows
from pms_mock.protocol.answer import Answer
from pms_mock.protocol.problem import bad_request

Json = dict[str, Any]


def get_inventory(call: Call) -> Answer:
    """GET hotelInventory: rooms left for every day of the range, its last one included `[inf]`."""
    query = call.query
    start, end = checked_span(query["dateRangeStart"], query["dateRangeEnd"], "dateRangeStart")
    if query["roomCountRequested"] < 1:
        raise bad_request("The number of rooms is not positive", "roomCountRequested")
    types, classes = query.get("roomTypes", []), query.get("roomClasses", [])
    known("room type", types, call.hotel.room_types, "roomTypes")
    known("room class", classes, call.hotel.room_classes, "roomClasses")
    until = plus(end, 1)
    left = rooms_left(call.connection, call.hotel, start, until)
    if not query["includeOverbooking"]:
        for (room, day), count in left.items():
            left[room, day] = max(0, count - call.hotel.room_types[room].overbooking)
    tentative = {cell: count for cell, (_, count) in sold_rows(call.connection, call.hotel, start, until).items()}
    counts = _Counts(call, left, tentative, list(each_day(start, end)))
    inventory: Json = {}
    if query.get("houseLevel"):
        inventory["houseInventory"] = counts.rows(list(call.hotel.room_types.values()))
    if classes:
        inventory["roomClassInventories"] = counts.levels({c: limited(call.hotel, "class", c) for c in classes})
    if types or not inventory:
        chosen = types or list(call.hotel.room_types)
        inventory["roomTypeInventories"] = counts.levels({code: [call.hotel.room_types[code]] for code in chosen})
    return Answer.json(200, {"hotelInventories": [inventory]})


class _Counts:
    """Inventory rows for groups of room types."""

    def __init__(self, call: Call, left: dict[Cell, int], tentative: dict[Cell, int], days: list[str]) -> None:
        self._left, self._tentative, self._days = left, tentative, days
        self._asked = call.query["roomCountRequested"]
        self._with_tentative = call.query.get("includeTentativeInventory", False)
        self._daily = call.query.get("dailyInventory", True)

    def levels(self, groups: dict[str, list[RoomType]]) -> list[Json]:
        return [
            {"code": code, "sequence": index, "inventoryCounts": self.rows(rooms)}
            for index, (code, rooms) in enumerate(groups.items(), start=1)
        ]

    def rows(self, rooms: list[RoomType]) -> list[Json]:
        daily = [(day, *self._count(rooms, day)) for day in self._days]
        if not self._daily:
            least = (min(row[1] for row in daily), min(row[2] for row in daily))
            return [self._row(self._days[0], self._days[-1], *least)]
        return [self._row(day, day, free, tentative) for day, free, tentative in daily]

    def _count(self, rooms: list[RoomType], day: str) -> tuple[int, int]:
        free = sum(self._left[room.code, day] for room in rooms)
        return free, max(0, free - sum(self._tentative.get((room.code, day), 0) for room in rooms))

    def _row(self, start: str, end: str, free: int, tentative: int) -> Json:
        row: Json = {"available": free >= self._asked, "availableCount": free, "startDate": start, "endDate": end}
        if self._with_tentative:
            row["availableTentativeCount"] = tentative
        return row
