"""The hotel's own hand: everything that happens to a PMS besides its interface.

The command line and the tests use these functions; none of them goes over the wire. Each opens its own transaction on
the store it is given, so they work while servers run on the same file.

    store = open_store("hotel.db"); seed(store, document); "".join(dump(store))
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from sqlite3 import Connection
from typing import Any

from pms_mock import ledger as book
from pms_mock.engine import audit
from pms_mock.engine.closing import Scope, add_restriction, lift
from pms_mock.engine.days import each_day
from pms_mock.engine.dump import dump_lines
from pms_mock.engine.hotel import Hotel
from pms_mock.engine.money import minor
from pms_mock.engine.records import Record, fetch
from pms_mock.engine.seeding import SeedError
from pms_mock.engine.seeding import seed as write_seed
from pms_mock.engine.world import World, bump, load_hotel, read_world
from pms_mock.faults import rules
from pms_mock.protocol.answer import LostAnswer, Unreachable
from pms_mock.protocol.problem import Problem
from pms_mock.store import MockStore, StoreError

Document = Mapping[str, Any]
__all__ = [
    "ControlError",
    "LostAnswer",
    "MockStore",
    "Problem",
    "SeedError",
    "StoreError",
    "Unreachable",
    "add_fault",
    "check_in",
    "check_out",
    "clear_faults",
    "clock",
    "close_sales",
    "dump",
    "faults",
    "keep_ledger",
    "ledger",
    "load_faults",
    "night_audit",
    "now",
    "open_sales",
    "open_store",
    "reseed",
    "reset",
    "seed",
    "set_guarantee",
    "set_price",
]


class ControlError(Exception):
    """What was asked cannot be done; the sentence says why (unknown hotel, room type, reservation...)."""


def open_store(path: str | None = None, *, clock_offset_s: float = 0.0) -> MockStore:
    """Open or create the hotel's file; None keeps everything in memory. Raises StoreError for a foreign file.

    `clock_offset_s` shifts the clock that the functions here show and use, on top of the offset kept in the file.
    """
    return MockStore(path, clock_offset_s=clock_offset_s)


def seed(store: MockStore, document: Document) -> dict[str, int]:
    """Add a seed document; answers `{hotels, profiles, reservations, prices}`. All or nothing; raises SeedError."""
    with store.writing() as connection:
        return write_seed(connection, document)


def reseed(store: MockStore, document: Document) -> dict[str, int]:
    """Empty the store and add a seed document in one step: whoever asks meanwhile meets the old hotel, then the new."""
    with store.writing() as connection:
        _empty(connection)
        return write_seed(connection, document)


def dump(store: MockStore) -> Iterator[str]:
    """The canonical text, a line at a time; equal for equal seed documents."""
    with store.reading() as connection:
        yield from dump_lines(connection)


def reset(store: MockStore) -> None:
    """Empty the store: hotels, guests, reservations, clients, faults, ledger; the clock goes back to the wall's."""
    with store.writing() as connection:
        _empty(connection)


def _empty(connection: Connection) -> None:
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in sorted(set(tables) - {"world", "seq"}):
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names from the schema
    connection.execute("UPDATE world SET offset_ms = 0, faults = 0, ledger = 1")
    bump(connection)


def close_sales(
    store: MockStore, hotel: str, start: str, end: str, room_type: str | None = None, rate_plan: str | None = None
) -> None:
    """Stop-sale for the nights from start to end, both included, for the house or one room type and/or rate plan."""
    with store.writing() as connection:
        found = _hotel(connection, hotel)
        _check_scope(found, room_type, rate_plan, start, end)
        add_restriction(connection, hotel, "Closed", Scope(None, room_type, rate_plan), start, end)


def open_sales(
    store: MockStore, hotel: str, start: str, end: str, room_type: str | None = None, rate_plan: str | None = None
) -> int:
    """Lift the stop-sales of exactly this scope on these nights; answers how many were touched."""
    with store.writing() as connection:
        found = _hotel(connection, hotel)
        _check_scope(found, room_type, rate_plan, start, end)
        return lift(connection, hotel, "Closed", Scope(None, room_type, rate_plan), start, end)


def clock(store: MockStore, *, set: datetime | None = None, advance: timedelta | None = None) -> datetime:  # noqa: A002 - the word of the command
    """Set or advance the hotel's clock; answers what it shows then (UTC), this handle's own offset included."""
    with store.writing() as connection:
        if set is not None:
            connection.execute("UPDATE world SET offset_ms = ?", (_offset_to(store, set),))
        if advance is not None:
            connection.execute(
                "UPDATE world SET offset_ms = offset_ms + ?", (int(advance / timedelta(milliseconds=1)),)
            )
        return _instant(_world(store, connection))


def now(store: MockStore) -> datetime:
    """What the hotel's clock shows (UTC)."""
    with store.reading() as connection:
        return _instant(_world(store, connection))


def ledger(store: MockStore, since: int = 0) -> list[tuple[int, book.Entry]]:
    """What the hotel was asked after entry `since`: (id, entry), oldest first."""
    with store.reading() as connection:
        return book.read(connection, since)


def keep_ledger(store: MockStore, *, on: bool) -> None:
    """Switch the ledger on or off (benchmarks)."""
    with store.writing() as connection:
        connection.execute("UPDATE world SET ledger = ?", (on,))


def night_audit(store: MockStore, hotel: str) -> dict[str, list[str]]:
    """Close the days before today: `{no_show, checked_out}` with reservation ids."""
    with store.writing() as connection:
        return audit.night_audit(connection, _hotel(connection, hotel), _world(store, connection))


def check_in(store: MockStore, hotel: str, reservation: str) -> None:
    """The front desk checks a guest in (by reservation id or confirmation number)."""
    with store.writing() as connection:
        found, world, record = _desk(store, connection, hotel, reservation)
        audit.check_in(connection, found, world, record)


def check_out(store: MockStore, hotel: str, reservation: str) -> None:
    """The front desk checks a guest out."""
    with store.writing() as connection:
        found, world, record = _desk(store, connection, hotel, reservation)
        audit.check_out(connection, found, world, record)


def set_guarantee(store: MockStore, hotel: str, reservation: str, code: str) -> None:
    """The front desk sets a guarantee code, as when it confirms an option on its own."""
    with store.writing() as connection:
        found, world, record = _desk(store, connection, hotel, reservation)
        audit.set_guarantee(connection, found, world, record, code)


def set_price(store: MockStore, hotel: str, rate_plan: str, room_type: str, start: str, end: str, amount: str) -> None:
    """Set the two-adult amount per night, tax included, for the nights from start to end, both included."""
    with store.writing() as connection:
        found = _hotel(connection, hotel)
        _check_scope(found, room_type, rate_plan, start, end)
        rows = [(hotel, day, rate_plan, room_type, minor(amount)) for day in each_day(start, end)]
        connection.executemany("INSERT OR REPLACE INTO price VALUES (?, ?, ?, ?, ?)", rows)


def add_fault(
    store: MockStore,
    kind: str,
    operation: str = "*",
    hotel: str = "*",
    param: float | None = None,
    times: int = 1,
    **more: object,
) -> int:
    """Arm a fault, by default once (`times=-1`: for ever). `param`: its main number; `more`: as in `load_faults`."""
    main = {} if param is None else rules.main_param(kind, param)
    document = {"kind": kind, "operation": operation, "hotel": hotel, "times": times, **main, **more}
    return load_faults(store, [document])[0]


def load_faults(store: MockStore, documents: Iterable[Document]) -> list[int]:
    """Arm faults, all or none; answers their ids. The form of a document is in `faults.rules.arm`."""
    with store.writing() as connection:
        try:
            return [rules.arm(connection, document) for document in documents]
        except (ValueError, TypeError, OverflowError) as error:
            raise ControlError(str(error)) from error


def faults(store: MockStore) -> list[dict[str, Any]]:
    """All fault rules, oldest first, with how many requests they have `seen` and how many they `hits`."""
    with store.reading() as connection:
        return rules.listed(connection)


def clear_faults(store: MockStore) -> int:
    """Disarm all faults; answers how many there were."""
    with store.writing() as connection:
        return rules.disarm(connection)


def _hotel(connection: Any, hotel: str) -> Hotel:  # noqa: ANN401 - a connection
    found = load_hotel(connection, hotel)
    if found is None:
        raise ControlError(f"there is no hotel {hotel}")
    return found


def _world(store: MockStore, connection: Any) -> World:  # noqa: ANN401 - a connection
    return read_world(connection, store.offset_ms, store.wall)


def _offset_to(store: MockStore, moment: datetime) -> int:
    return int(moment.timestamp() * 1000) - store.wall() - store.offset_ms


def _desk(
    store: MockStore,
    connection: Any,  # noqa: ANN401 - a connection
    hotel: str,
    reservation: str,
) -> tuple[Hotel, World, Record]:
    found = _hotel(connection, hotel)
    record = fetch(connection, hotel, reservation)
    if record is None:
        row = connection.execute(
            "SELECT * FROM reservation WHERE hotel = ? AND confirmation = ?", (hotel, reservation)
        ).fetchone()
        if row is None:
            raise ControlError(f"there is no reservation {reservation} in {hotel}")
        record = Record(*row)
    return found, _world(store, connection), record


def _check_scope(hotel: Hotel, room_type: str | None, rate_plan: str | None, start: str, end: str) -> None:
    if room_type is not None and room_type not in hotel.room_types:
        raise ControlError(f"{hotel.id} has no room type {room_type}")
    if rate_plan is not None and rate_plan not in hotel.rate_plans:
        raise ControlError(f"{hotel.id} has no rate plan {rate_plan}")
    try:
        in_order = next(each_day(start, end), None) is not None
    except ValueError:
        in_order = False
    if not in_order:
        raise ControlError(f"{start} to {end} is not a range of days")


def _instant(world: World) -> datetime:
    return datetime.fromtimestamp(world.now_ms / 1000, UTC)
