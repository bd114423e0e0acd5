"""Two writes to one reservation: neither may undo, double or overtake the other, whichever comes to its end late."""

import asyncio
from collections.abc import Awaitable
from pathlib import Path

import pytest

from domain.access import Actor, Role
from domain.errors import DomainError, NoRoomLeft
from domain.offer import OfferId
from integration.errors import OutcomeUnknown, PmsUnavailable
from integration.usecases.cancel_reservation import cancel_reservation
from integration.usecases.lapse_reservations import lapse_due
from integration.usecases.quote_stay import quote_stay
from integration.usecases.resolve_intents import resolve_intents
from pms_mock import control
from tests.concurrency.selling.office import AGENT, DUE, HOLD, SWEEPER, Office, play
from tests.torture.books import differences, read_books, rows, unsettled
from tests.torture.house import CHECK_IN, HOTEL, NOW, SUITE, House

RESOLVER = Actor("resolver", Role.ADMIN, "test")


def clear_faults(house: House) -> None:
    with house.pms_store() as store:
        control.clear_faults(store)


def state_of(house: House) -> str:
    return str(read_books(house).ours[0]["state"])


async def not_known(work: "Awaitable[object]", house: House, operation: str, look: str) -> None:
    """The write is done and its answer lost, and nobody can look."""
    house.fault("lost_answer", operation)
    house.fault("status", look, 503, times=-1)
    with pytest.raises(OutcomeUnknown):
        await work
    clear_faults(house)


def test_a_confirmation_that_shows_late_does_not_bring_a_cancelled_reservation_back(tmp_path: Path) -> None:
    async def story(office: Office) -> None:
        name = await office.hold()
        await not_known(office.confirm(name), office.house, "putReservation", "getReservation")
        office.clock.advance(minutes=2)
        assert (await cancel_reservation(office.one, AGENT, name, "cancel")).body["status"] == "cancelled"
        with pytest.raises((DomainError, OutcomeUnknown)):
            await office.confirm(name)
        office.clock.advance(minutes=2)
        await resolve_intents(office.other, RESOLVER)

    house = play(tmp_path, story)
    assert (state_of(house), differences(house)) == ("cancelled", [])


def test_a_guest_who_pays_while_an_old_sweep_goes_on_keeps_the_room(tmp_path: Path) -> None:
    async def story(office: Office) -> None:
        name = await office.hold()
        office.clock.set(NOW + DUE)
        office.house.fault("status", "getReservation", 503, times=-1)
        assert (await lapse_due(office.one, SWEEPER)).expired == ()
        clear_faults(office.house)
        office.pause_agent_at("post_deposit", lambda: lapse_due(office.one, SWEEPER))
        assert (await office.pay(name)).body["status"] == "confirmed"
        office.clock.advance(seconds=1)
        assert (await lapse_due(office.other, SWEEPER)).expired == ()

    house = play(tmp_path, story)
    assert (state_of(house), differences(house), house.asked("postCancelReservation")) == ("confirmed", [], 0)


def test_a_payment_repeated_after_the_lapse_is_replayed_and_does_nothing(tmp_path: Path) -> None:
    async def story(office: Office) -> None:
        name = await office.hold()
        await office.pay(name, "10.00")
        office.clock.set(NOW + DUE)
        assert len((await lapse_due(office.one, SWEEPER)).expired) == 1
        assert (await office.pay(name, "10.00")).replayed

    house = play(tmp_path, story)
    assert (state_of(house), house.asked("putReinstateReservation")) == ("expired", 0)


def test_money_for_a_room_that_is_gone_is_owed_back_once_however_often_it_is_told(tmp_path: Path) -> None:
    async def story(office: Office) -> None:
        name = await office.hold()
        office.clock.set(NOW + DUE)
        await lapse_due(office.one, SWEEPER)
        with office.house.pms_store() as store, store.writing() as connection:
            connection.execute(
                "UPDATE stock SET sold = capacity WHERE hotel = ? AND room_type = ? AND day = ?",
                (HOTEL, SUITE, CHECK_IN.isoformat()),
            )
        for _ in range(3):
            with pytest.raises(NoRoomLeft, match="refunded"):
                await office.pay(name)

    house = play(tmp_path, story)
    assert [one["kind"] for one in rows(house.store_path, "SELECT kind FROM tasks")] == ["refund"]
    assert (state_of(house), read_books(house).deposits) == ("expired", [])


def test_a_write_that_never_left_does_not_overtake_one_that_is_under_way(tmp_path: Path) -> None:
    async def story(office: Office) -> None:
        name = await office.hold()
        office.house.fault("status", "putReservation", 429)
        with pytest.raises(PmsUnavailable):
            await office.confirm(name)
        office.clock.advance(minutes=1)
        office.pause_agent_at("cancel_booking", lambda: _refused(office.confirm(name)))
        assert (await cancel_reservation(office.agent, AGENT, name, "cancel")).body["status"] == "cancelled"

    house = play(tmp_path, story)
    assert (state_of(house), differences(house), unsettled(house)) == ("cancelled", [], [("confirm_booking", "open")])


def test_two_who_quote_under_one_id_at_once_get_the_same_offer(tmp_path: Path) -> None:
    async def story(office: Office) -> None:
        assert HOLD.wish is not None
        quotes = [
            quote_stay(desk, AGENT, HOLD.wish, offer_id=OfferId("off_one")) for desk in (office.one, office.other)
        ]
        first, second = await asyncio.gather(*quotes)
        assert first.offer == second.offer

    house = play(tmp_path, story)
    assert len(rows(house.store_path, "SELECT offer_id FROM offers")) == 1


async def _refused(work: "Awaitable[object]") -> None:
    with pytest.raises(DomainError, match="no known outcome"):
        await work
