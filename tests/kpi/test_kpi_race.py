"""A record that changes while its fact is being made is counted again: two connections to one PostgreSQL.

Our own writers take turns (the store's one lock), so the other one here is somebody who writes by SQL. The refresh
takes a note away only with the stamp that it read; its double without the stamp loses the change every time.
"""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from threading import Thread
from time import monotonic
from typing import Any

import psycopg
import pytest

from domain.kpi_facts import StayFact
from integration.adapters.store import open_database
from integration.adapters.store.audit_keeper import Seal
from integration.ports.kpi import Dirty, FactKind
from integration.ports.store import Store
from integration.usecases.desk import Desk
from integration.usecases.kpi_refresh import Refreshed, refresh
from tests.builders import a_stay
from tests.kpi.floor import Counted
from tests.kpi.week import at
from tests.postgres import a_database, drop

CANCEL = "UPDATE reservations SET state = 'cancelled', version = version + 1"
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
AT_MOST_S = 30.0


@dataclass
class Two:
    """A desk on a database, a reservation that is to be counted, and another connection."""

    desk: Desk
    floor: Counted
    other: psycopg.Connection[Any]
    reservation_id: str

    def refresh(self, desk: Desk | None = None) -> Refreshed:
        return asyncio.run(refresh(desk or self.desk))

    def state(self) -> str:
        """As the fact has it."""
        (fact,) = self.floor.reception.read(lambda tx: tx.kpi_facts_of(FactKind.STAY, self.reservation_id))
        assert isinstance(fact, StayFact)
        return fact.state

    def cancels(self) -> None:
        """The other one changes the record and is done."""
        self.other.execute(CANCEL)
        self.other.commit()

    def between(self, work: Callable[[], None], store: Store | None = None) -> Desk:
        """A desk where this happens once the facts are made and before their notes are taken away."""
        left = [work]

        def point(name: str) -> None:
            if name == "kpi_counted" and left:
                left.pop()()

        return replace(self.desk, point=point, store=store or self.desk.store)


@pytest.fixture
def two(tmp_path: Any) -> Iterator[Two]:
    url = a_database()
    store = open_database(
        url, Seal(tmp_path / "audit.key", tmp_path / "audit.checkpoints"), inline=True, create=True
    )  # fmt: skip
    floor = Counted.on(store)
    one = floor.stays(at(3, 9), stay=a_stay(), created_at=at(3, 9))
    with psycopg.connect(url) as other:
        yield Two(floor.reception.desk, floor, other, one.reservation_id)
    asyncio.run(store.close())
    drop(url)


def test_a_change_between_counting_and_settling_keeps_its_note_and_is_counted_next(two: Two) -> None:
    first = two.refresh(two.between(two.cancels))
    assert (first.left, two.state()) == (1, "confirmed")
    second = two.refresh()
    assert (second.notes, second.left, two.state()) == (1, 0, "cancelled")


def test_a_change_that_is_not_committed_yet_is_waited_for_and_counted_next(two: Two) -> None:
    two.other.execute(CANCEL)
    found: list[Refreshed] = []
    counting = Thread(target=lambda: found.append(two.refresh()))
    counting.start()
    end, seen = monotonic() + AT_MOST_S, 0
    with psycopg.connect(two.other.info.dsn, autocommit=True) as third:
        while not seen and monotonic() < end and counting.is_alive():
            seen = third.execute(WAITING).fetchall()[0][0]
    two.other.commit()
    counting.join(AT_MOST_S)
    assert (seen, [one.left for one in found], two.state()) == (1, [1], "confirmed")
    assert (two.refresh().left, two.state()) == (0, "cancelled")


class Unguarded:
    """A transaction that takes notes away whatever has happened since they were read."""

    def __init__(self, tx: Any) -> None:
        self._tx = tx

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tx, name)

    def settle_kpi_dirty(self, done: list[Dirty]) -> None:
        """By kind and id alone, which is by the stamp that is there by now."""
        read = {(one.kind, one.the_id) for one in done}
        self._tx.settle_kpi_dirty([one for one in self._tx.kpi_dirty(1000) if (one.kind, one.the_id) in read])


class UnguardedStore:
    """A store whose writers are."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def transact(self, work: Callable[[Any], Any]) -> Any:
        return await self._store.transact(lambda tx: work(Unguarded(tx)))


def test_without_the_stamp_the_change_is_lost(two: Two) -> None:
    store: Any = UnguardedStore(two.desk.store)
    first = two.refresh(two.between(two.cancels, store))
    assert (first.left, two.state()) == (0, "confirmed")
    assert (two.refresh().notes, two.state()) == (0, "confirmed"), "nobody will ever look again"
