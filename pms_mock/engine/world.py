"""What every request reads first: the clock, the switches, and the hotel's configuration of this version."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

from pms_mock.clock import wall_ms
from pms_mock.engine.days import local_day
from pms_mock.engine.hotel import Hotel, Restriction, parse_hotel


@dataclass(frozen=True, slots=True)
class World:
    """The one row of `world`, with the clock already applied. `faults`: version of the fault rules, 0 = none."""

    version: int
    now_ms: int
    has_ledger: bool
    faults: int


class Hotels:
    """Parsed configurations, kept per process and thrown away when the version moves on."""

    def __init__(self) -> None:
        self._version = 0
        self._hotels: dict[str, Hotel] = {}

    def get(self, connection: sqlite3.Connection, world: World, hotel: str) -> Hotel | None:
        """The hotel, or None when there is no such hotel."""
        if self._version != world.version:
            self._hotels, self._version = {}, world.version
        if hotel not in self._hotels:
            loaded = load_hotel(connection, hotel)
            if loaded is None:
                return None
            self._hotels[hotel] = loaded
        return self._hotels[hotel]


def read_world(connection: sqlite3.Connection, offset_ms: int = 0, wall: Callable[[], int] = wall_ms) -> World:
    """The world now; `offset_ms` is the application's own shift on top of the stored one, `wall` the store's clock."""
    version, stored, ledger, faults = connection.execute(
        "SELECT version, offset_ms, ledger, faults FROM world"
    ).fetchone()
    return World(version, wall() + stored + offset_ms, bool(ledger), faults)


def bump(connection: sqlite3.Connection) -> None:
    """Say that the configuration changed."""
    connection.execute("UPDATE world SET version = version + 1")


def load_hotel(connection: sqlite3.Connection, hotel: str) -> Hotel | None:
    """Read one hotel's configuration from the tables."""
    row = connection.execute("SELECT doc FROM hotel WHERE hotel = ?", (hotel,)).fetchone()
    if row is None:
        return None
    systems = frozenset(code for (code,) in connection.execute("SELECT code FROM external_system"))
    rows = connection.execute(
        "SELECT id, code, unit, los, room_class, room_type, rate_plan, start, until, weekdays FROM restriction"
        " WHERE hotel = ? ORDER BY id",
        (hotel,),
    )
    return parse_hotel(row[0], systems, tuple(Restriction(r[0], r[1], r[2] or 0, *r[3:]) for r in rows))


def next_id(connection: sqlite3.Connection, name: str) -> int:
    """The next number of a sequence; unique because the caller holds the write lock."""
    row = connection.execute("UPDATE seq SET value = value + 1 WHERE name = ? RETURNING value", (name,)).fetchone()
    return int(row[0])


def today(hotel: Hotel, world: World) -> str:
    """The business date: the calendar day at the property."""
    return local_day(world.now_ms, hotel.zone)
