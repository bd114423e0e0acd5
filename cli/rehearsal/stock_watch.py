"""Somebody counts the rooms at every change: a room that was sold twice for ten seconds was sold twice.

A trigger of the mock's own database in memory, so that it costs nothing while all is well and no code under test is
between the stock and the count.
"""

from collections.abc import Iterator

from pms_mock.store import MockStore

_STATEMENTS = (
    "CREATE TEMP TABLE oversold (room_type TEXT, day TEXT, sold INTEGER, capacity INTEGER)",
    "CREATE TEMP TRIGGER count_rooms AFTER UPDATE ON main.stock WHEN NEW.sold < 0 OR NEW.sold > NEW.capacity BEGIN"
    " INSERT INTO oversold VALUES (NEW.room_type, NEW.day, NEW.sold, NEW.capacity); END",
)


def watch_stock(mock: MockStore) -> None:
    """From now on, on a store in memory."""
    for statement in _STATEMENTS:
        mock.connection().execute(statement)


def oversold(mock: MockStore) -> Iterator[str]:
    """Every time a night had more rooms sold than there are, or fewer than none."""
    for room, day, sold, capacity in mock.connection().execute("SELECT * FROM oversold ORDER BY rowid"):
        yield f"{room} {day}: {sold} of {capacity} sold"
