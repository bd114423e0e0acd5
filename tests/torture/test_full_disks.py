"""The disk of the store is full at some moment of a sale: it is said, nothing is there by half, and it works again.

The hotel's system may have written by then. The same key, once there is room again, finds that and finishes: one
record, one reservation, and books that agree both ways.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from integration.adapters.store.postgres import PostgresStore
from integration.adapters.store.postgres_link import Connection, connect_user
from integration.adapters.store.postgres_place import Place
from integration.adapters.store.sqlite import SqliteStore
from integration.errors import StoreUnavailable
from integration.ports.store import Store
from tests.concurrency.selling.office import Office, play
from tests.postgres import STORES, server_of
from tests.torture.books import differences, read_books, unsettled

CHANGES = ("INSERT", "UPDATE", "DELETE", "COMMIT")
PAGES = 10**6


class Filling(psycopg.Cursor[tuple[Any, ...]]):
    """A cursor that finds the disk full from its n-th change on, as long as `left` is a number."""

    left: int | None = None

    def execute(self, query: Any, params: Any = None, **more: Any) -> "Filling":
        if Filling.left is not None and str(query).startswith(CHANGES):
            Filling.left -= 1
            if Filling.left < 0:
                raise psycopg.errors.DiskFull("made up")
        super().execute(query, params, **more)
        return self


def _filling(place: Place) -> Connection:
    connection = connect_user(place)
    connection.cursor_factory = Filling
    return connection


def fill(store: Store, room: int) -> Callable[[], None]:
    """Leave room for so many changes (PostgreSQL) or pages (SQLite); what is given back makes room again."""
    if isinstance(store, PostgresStore):
        store._link._make = _filling
        store._link.close()
        Filling.left = room
        return _empty
    assert isinstance(store, SqliteStore)
    connection: Any = store._writing._connection
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages + room}")
    return lambda: connection.execute(f"PRAGMA max_page_count = {PAGES}")


def _empty() -> None:
    Filling.left = None


def sell_on_a_full_disk(tmp_path: Path, store: str, room: int) -> int:
    """Hold a room while the disk is full, and again with the same key; how often the first try was refused."""
    refused: list[str] = []

    async def story(office: Office) -> None:
        make_room = fill(office.agent.store, room)
        try:
            await office.hold()
        except StoreUnavailable as error:
            refused.append(str(error))
        make_room()
        assert differences_of_ours(office) == []
        office.clock.advance(minutes=4)
        name = await office.hold()
        await office.resolve()
        assert [one["reservation_id"] for one in read_books(office.house).ours] == [name]

    house = play(tmp_path, story, server_of(store))
    assert len(read_books(house).live) == 1
    assert (differences(house), unsettled(house)) == ([], [])
    assert all("full" in one for one in refused), refused
    return len(refused)


def differences_of_ours(office: Office) -> list[str]:
    """What disagrees though we said it is done. A record of the hotel's whose answer found no room is not yet ours."""
    return [one for one in differences(office.house) if "unknown here" not in one]


@pytest.mark.parametrize("store", STORES)
def test_a_disk_that_is_full_when_a_sale_begins_costs_nothing_but_a_second_try(tmp_path: Path, store: str) -> None:
    assert sell_on_a_full_disk(tmp_path, store, 0) == 1


def test_a_disk_that_is_full_once_the_hotel_has_written_leaves_one_record_that_the_key_finds(tmp_path: Path) -> None:
    assert sell_on_a_full_disk(tmp_path, "postgresql", 12) == 1


@pytest.mark.torture
@pytest.mark.parametrize("store", STORES)
@pytest.mark.parametrize("room", range(40))
def test_a_disk_that_fills_at_any_moment_of_a_sale_leaves_one_record(tmp_path: Path, store: str, room: int) -> None:
    assert sell_on_a_full_disk(tmp_path, store, room) in {0, 1}
