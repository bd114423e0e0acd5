"""Look, then write: two processes decide from the same look on PostgreSQL. The writers' lock, and its twin without.

"No other write to this reservation" is read and then an intent is stored. Row locks do not help: the row that would
have said no is not there yet. So a write takes the one lock first, as SQLite's BEGIN IMMEDIATE does.
"""

from contextlib import suppress
from datetime import timedelta
from threading import Barrier, BrokenBarrierError, Thread

import pytest

from domain.reservation import ReservationId
from integration.adapters.store import postgres_link
from integration.adapters.store.audit_keeper import memory_keeper
from integration.adapters.store.postgres_link import Link
from integration.adapters.store.postgres_place import place_of
from integration.adapters.store.texts import texts_of
from integration.adapters.store.writing import Writing
from integration.ports.records import Intent, IntentId, IntentKind, IntentState
from tests.fakes.surroundings import NOW
from tests.postgres import a_database

RESERVATION = ReservationId("res_1")
TOGETHER_S = 0.5


def _intent(name: str) -> Intent:
    state, kind, until = IntentState.SENT, IntentKind.CANCEL_BOOKING, NOW + timedelta(minutes=1)
    own = (IntentId(name), kind, state, "BELEK1", "agent7", name, "f" * 64, f"SNT-{name}", "{}", NOW, until)
    return Intent(*own, reservation_id=RESERVATION)


def _begin(url: str, name: str, both: Barrier) -> None:
    link = Link(place_of(url))
    tx = Writing(link, texts_of("postgresql"), memory_keeper())

    def work() -> None:
        is_free = not tx.unsettled_intents(reservation_id=RESERVATION)
        with suppress(BrokenBarrierError):
            both.wait(TOGETHER_S)
        if is_free:
            tx.add_intent(_intent(name))

    link.write(work)
    link.close()


def begun_by_two() -> int:
    """Two begin a write to one reservation at once; how many were let."""
    url, both = a_database(), Barrier(2)
    threads = [Thread(target=_begin, args=(url, name, both)) for name in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    link = Link(place_of(url))
    count = len(link.connection.execute("SELECT 1 FROM intents").fetchall())
    link.close()
    return count


def test_of_two_writes_to_one_reservation_one_is_begun() -> None:
    assert begun_by_two() == 1


def test_without_the_lock_both_are_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_link, "BEGIN_WRITE", "BEGIN ISOLATION LEVEL READ COMMITTED")
    assert begun_by_two() == 2
