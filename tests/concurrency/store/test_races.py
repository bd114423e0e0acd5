"""Races inside one service: the guard, and its twin that shows what happens without it."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from threading import Thread

from domain.reservation import Reservation
from integration.ports.store import Store, Tx
from tests.builders import a_reservation, eur
from tests.concurrency.store.child import booking
from tests.concurrency.store.places import Place

THREADS = 8
EACH = 25
Update = Callable[[Tx, Reservation, Reservation], bool]


def guarded(tx: Tx, before: Reservation, after: Reservation) -> bool:
    return tx.update_reservation(after, expected_version=before.version)


def unguarded(tx: Tx, before: Reservation, after: Reservation) -> bool:
    """Whatever version is there now will do: the check is off."""
    now = tx.get_reservation(before.reservation_id)
    assert now is not None
    return tx.update_reservation(replace(after, version=now.version + 1), expected_version=now.version)


async def _pay(store: Store, update: Update, amount: int, together: asyncio.Barrier) -> bool:
    before = await store.read(lambda tx: tx.get_reservation(a_reservation().reservation_id))
    assert before is not None
    await together.wait()
    after = replace(before, paid=before.paid + eur(amount), version=before.version + 1)
    return await store.transact(lambda tx: update(tx, before, after))


def paid_by_two(place: Place, update: Update) -> tuple[list[bool], Reservation]:
    """Two agents read the same reservation, then each books a payment; what they were told, and what is stored."""

    async def scenario() -> tuple[list[bool], Reservation]:
        store = place.service()
        await store.transact(lambda tx: tx.add_reservation(a_reservation()))
        together = asyncio.Barrier(2)
        told = await asyncio.gather(_pay(store, update, 100, together), _pay(store, update, 50, together))
        kept = await store.read(lambda tx: tx.get_reservation(a_reservation().reservation_id))
        await store.close()
        assert kept is not None
        return list(told), kept

    return asyncio.run(scenario())


def test_of_two_changes_from_the_same_version_one_is_told_to_look_again(place: Place) -> None:
    told, kept = paid_by_two(place, guarded)
    assert sorted(told) == [False, True]
    assert kept.paid == eur(100 if told[0] else 50)


def test_without_the_version_check_both_are_told_yes_and_one_payment_is_lost(place: Place) -> None:
    told, kept = paid_by_two(place, unguarded)
    assert told == [True, True]
    assert kept.paid in (eur(100), eur(50))


def test_eight_threads_with_their_own_loops_number_the_audit_without_gap_or_double(place: Place) -> None:
    store = place.service()

    async def book(name: str) -> None:
        for number in range(EACH):
            await store.transact(partial(booking, name=name, number=number))

    threads = [Thread(target=lambda name=f"t{one}": asyncio.run(book(name))) for one in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    async def rows() -> list[str]:
        kept = await store.read(lambda tx: tx.tail_audit(10**6))
        await store.close()
        return kept

    assert [json.loads(row)["seq"] for row in asyncio.run(rows())] == list(range(1, THREADS * EACH + 1))


def test_numbering_from_what_was_read_before_the_transaction_would_collide(place: Place) -> None:
    """The twin: two who read the last number before they write want the same one."""
    store = place.service()

    async def wanted(name: str, together: asyncio.Barrier) -> int:
        last = await store.read(lambda tx: len(tx.tail_audit(10**6)))
        await together.wait()
        await store.transact(lambda tx: booking(tx, name, last))
        return last + 1

    async def scenario() -> list[int]:
        together = asyncio.Barrier(2)
        seen = await asyncio.gather(wanted("a", together), wanted("b", together))
        await store.close()
        return list(seen)

    assert asyncio.run(scenario()) == [1, 1]
