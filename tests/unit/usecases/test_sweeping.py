"""What runs by itself: a round with nothing to do writes nothing, and old answers are forgotten but not their keys."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import pytest

from domain.errors import Forbidden, KeyReused
from domain.reservation import Guarantee, ReservationState
from integration.ports.records import StoredAnswer
from integration.ports.store import Store, Tx
from integration.usecases.cancel_reservation import cancel_reservation
from integration.usecases.forget_old_answers import forget_old_answers
from integration.usecases.lapse_reservations import Swept, lapse_due
from integration.usecases.move_reservation import confirm_reservation
from tests.fakes.desk import Office, an_office
from tests.unit.usecases.selling import ADMIN, AGENT, booked

T = TypeVar("T")


class CountingStore:
    """A store that counts its write transactions."""

    def __init__(self, store: Store) -> None:
        self.read, self.close = store.read, store.close
        self._store = store
        self.writes = 0

    async def transact(self, work: Callable[[Tx], T]) -> T:
        self.writes += 1
        return await self._store.transact(work)


def answer_of(office: Office, key: str) -> StoredAnswer:
    """The stored answer to the agent's key."""
    hotel_id = office.hotel.hotel_id
    found = asyncio.run(office.desk.store.read(lambda tx: tx.get_answer(hotel_id, AGENT.name, key)))
    assert found is not None
    return found


def test_a_round_with_nothing_due_writes_nothing() -> None:
    office = an_office()
    store = CountingStore(office.desk.store)
    desk = replace(office.desk, store=store)

    async def scene() -> None:
        await booked(office)
        assert await lapse_due(desk, ADMIN) == Swept()
        assert store.writes == 0
        office.clock.advance(hours=1)
        assert len((await lapse_due(desk, ADMIN)).expired) == 1

    asyncio.run(scene())
    assert store.writes > 0


def test_a_sweep_needs_the_right_to_reconcile() -> None:
    with pytest.raises(Forbidden):
        asyncio.run(lapse_due(an_office().desk, AGENT))


def test_an_answer_is_forgotten_after_a_day_and_its_key_is_not() -> None:
    office = an_office()

    async def scene() -> None:
        made = (await booked(office, to=ReservationState.CONFIRMED, guarantee=Guarantee.CARD)).body
        one = made["reservation_id"]
        await cancel_reservation(office.desk, AGENT, one, "x", "ill")
        office.clock.advance(hours=23)
        assert await forget_old_answers(office.desk) == 0
        office.clock.advance(hours=1)
        assert await forget_old_answers(office.desk) == 3  # profile, reservation, cancellation
        again = await cancel_reservation(office.desk, AGENT, one, "x", "ill")
        assert (again.replayed, again.body["status"], again.body["pms_ref"]) == (True, "cancelled", made["pms_ref"])
        with pytest.raises(KeyReused):
            await confirm_reservation(office.desk, AGENT, one, "x", Guarantee.CARD)

    asyncio.run(scene())
    assert answer_of(office, "x").body is None
    assert office.pms.count("cancel_booking") == 1
