"""Seeded reservations as rows, and the stock that follows from them."""

import sqlite3
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from pms_mock.engine.days import nights
from pms_mock.engine.hotel import Hotel
from pms_mock.engine.money import before_tax, minor
from pms_mock.engine.nights import uniform

Source = Mapping[str, Any]
STATUSES = frozenset({"Reserved", "InHouse", "CheckedOut", "Cancelled", "NoShow"})
_HOLDING = frozenset({"Reserved", "InHouse"})
_COLUMNS = 35


class StayRows:
    """Rows of many reservations; ids are given in the order of the document."""

    def __init__(self, hotel: Hotel, first: int) -> None:
        self.count = 0
        self._hotel, self._next = hotel, first
        self._rows: list[tuple[object, ...]] = []
        self._refs: list[tuple[str, str, int]] = []
        self._sold: Counter[tuple[str, str]] = Counter()
        self._tentative: Counter[tuple[str, str]] = Counter()

    def add(self, item: Source) -> None:
        """Take one reservation of the seed document."""
        hotel, status = self._hotel, item.get("status", "Reserved")
        if status not in STATUSES:
            raise ValueError(f"reservation {item['confirmation']}: status {status} is not one of {sorted(STATUSES)}")
        plan, guarantee = hotel.rate_plans[item["rate_plan"]], hotel.guarantees[item["guarantee_code"]]
        self._next, self.count = self._next + 1, self.count + 1
        stay = nights(item["arrival"], item["departure"])
        gross = minor(item["amount_per_night"])
        net = before_tax(gross, hotel.tax_bp)
        packed = uniform(stay[0], len(stay), net, gross)
        created = int(
            datetime.combine(datetime.fromisoformat(item["created_on"]), time(12), hotel.zone).timestamp() * 1000
        )
        cancelled = (f"C{self._next}", "", "", item["created_on"]) if status == "Cancelled" else (None,) * 4
        self._rows.append(
            (
                self._next, hotel.id, str(item["confirmation"]), status, str(item["profile_id"]),
                hotel.room_types[item["room_type"]].code, plan.code, item["arrival"], item["departure"],
                1, item["adults"], f"[{','.join(str(int(age)) for age in item.get('child_ages') or ())}]",
                guarantee.code, guarantee.deducts, 0,
                item.get("market_code") or plan.market, item.get("source_code") or plan.source, "", "[]", plan.currency,
                1, packed, gross * len(stay), None, created, item["created_on"], "seed", created, "seed",
                *cancelled, None, "{}",
            )
        )  # fmt: skip
        for ref in item.get("external_references") or ():
            self._refs.append((ref.get("id_context", "External"), ref["id"], self._next))
        if status in _HOLDING:
            (self._sold if guarantee.deducts else self._tentative).update((item["room_type"], day) for day in stay)

    def write(self, connection: sqlite3.Connection) -> None:
        """Write what was collected and forget it (stock stays until the end)."""
        marks = ", ".join("?" * _COLUMNS)
        connection.executemany(f"INSERT INTO reservation VALUES ({marks})", self._rows)  # noqa: S608 - only marks
        connection.executemany("INSERT OR IGNORE INTO reservation_ref VALUES (?, ?, ?)", self._refs)
        self._rows.clear()
        self._refs.clear()

    def write_stock(self, connection: sqlite3.Connection) -> str:
        """Write the stock rows; answers the first room type and night that is sold twice, or an empty text."""
        rooms = self._hotel.room_types
        for (room, day), sold in sorted(self._sold.items()):
            if sold > rooms[room].capacity:
                return f"{sold} rooms of type {room} are sold on {day}, the hotel has {rooms[room].capacity}"
        cells = sorted(self._sold.keys() | self._tentative.keys())
        connection.executemany(
            "INSERT INTO stock (hotel, day, room_type, capacity, sold, tentative) VALUES (?, ?, ?, ?, ?, ?)",
            [(self._hotel.id, d, r, rooms[r].capacity, self._sold[r, d], self._tentative[r, d]) for r, d in cells],
        )
        return ""
