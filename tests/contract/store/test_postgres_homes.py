"""A home is made on an empty database once: one database never serves two homes, however they are made."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from domain.errors import Refused
from integration.adapters.store.postgres_link import connect
from integration.adapters.store.postgres_place import place_of
from integration.adapters.store.postgres_schema import make_ready
from integration.errors import StoreUnavailable
from tests.contract.store.database import Database
from tests.contract.store.tampering import faults


def test_a_store_is_made_once_and_never_over_one_that_is_in_use(nothing: Database) -> None:
    nothing.care.make()
    with pytest.raises(Refused, match="There is a store at"):
        nothing.care.make()
    nothing.care.make(force=True)
    nothing.written(1)
    for force in (False, True):
        with pytest.raises(Refused, match="There is a store at"):
            nothing.care.make(force=force)
    assert nothing.verified().rows == 1


def two_homes(nothing: Database, tmp_path: Path) -> list[Database]:
    homes = [Database(nothing.url, tmp_path / name) for name in ("one", "other")]
    for one in homes:
        one.home.mkdir()
    return homes


def at_once(homes: list[Database], make: Callable[[Database, Barrier], object]) -> list[Database]:
    """Make all homes at the same moment; those that were made."""
    barrier = Barrier(len(homes))

    def is_made(one: Database) -> bool:
        try:
            make(one, barrier)
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(len(homes)) as crowd:
        return [one for one, made in zip(homes, crowd.map(is_made, homes), strict=True) if made]


def test_of_two_homes_made_on_one_database_at_once_one_is_refused_and_leaves_no_key(
    nothing: Database, tmp_path: Path
) -> None:
    def make(one: Database, barrier: Barrier) -> None:
        barrier.wait(30)
        one.care.make()

    homes = two_homes(nothing, tmp_path)
    (made,) = at_once(homes, make)
    (other,) = [one for one in homes if one is not made]
    assert list(other.home.iterdir()) == []
    made.written(1)
    assert faults(made.verified()) == []


def test_without_one_transaction_both_homes_would_have_been_made(nothing: Database, tmp_path: Path) -> None:
    def make(one: Database, barrier: Barrier) -> None:
        with connect(place_of(one.url)) as connection:
            make_ready(connection, place_of(one.url), create=True)
            rows = connection.execute("SELECT EXISTS (SELECT FROM audit)").fetchone()
        barrier.wait(30)
        if rows == (True,):
            raise Refused("There is a store already.")
        one.seal.make()

    one, other = at_once(two_homes(nothing, tmp_path), make)
    assert one.seal.key_path.read_text() != other.seal.key_path.read_text()


def test_a_home_whose_key_cannot_be_kept_leaves_the_database_empty(nothing: Database) -> None:
    nowhere = Database(nothing.url, nothing.home / "none")
    with pytest.raises(StoreUnavailable, match="cannot be made"):
        nowhere.care.make()
    assert not nothing.care.is_there()
