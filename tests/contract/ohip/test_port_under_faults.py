"""The adapter on a mock that misbehaves: a write whose outcome cannot be known is never sent twice and never taken for
a failure, in process as over a socket."""

import asyncio

import pytest

from integration.errors import PmsOutcomeUnknown
from integration.ports.pms import BookingSearch
from pms_mock import control
from tests.contract.ohip.house import WAYS, House, with_house
from tests.contract.ohip.test_port import a_draft

ways = pytest.mark.parametrize("way", WAYS)
OURS = BookingSearch(reference="SNT-1")


@ways
@pytest.mark.parametrize("kind", ["lost_answer", "truncated", "garbage", "5xx_after_commit", "201_without_location"])
def test_a_create_that_was_done_and_not_acknowledged_is_unknown_and_found_once(way: str, kind: str) -> None:
    async def story(house: House) -> None:
        control.add_fault(house.store, kind, "postReservation")
        with pytest.raises(PmsOutcomeUnknown):
            await house.pms.create_booking(house.hotel, a_draft())
        assert len(await house.pms.find_bookings(house.hotel, OURS)) == 1
        assert house.asked("postReservation") == 1

    with_house(way, story)


@ways
def test_a_late_create_is_unknown_then_not_found_then_there(way: str) -> None:
    async def story(house: House) -> None:
        control.add_fault(house.store, "late_execution", "postReservation", param=0.2)
        with pytest.raises(PmsOutcomeUnknown):
            await house.pms.create_booking(house.hotel, a_draft())
        assert not await house.pms.find_bookings(house.hotel, OURS)
        async with asyncio.timeout(10):
            while not await house.pms.find_bookings(house.hotel, OURS):
                await asyncio.sleep(0.01)
        assert house.asked("postReservation") == 1

    with_house(way, story)


@ways
def test_a_lagging_lookup_does_not_find_what_was_just_created(way: str) -> None:
    async def story(house: House) -> None:
        control.add_fault(house.store, "lookup_lag", "postReservation", param=600)
        ref = await house.pms.create_booking(house.hotel, a_draft())
        assert not await house.pms.find_bookings(house.hotel, OURS)
        assert await house.pms.read_booking(house.hotel, ref)

    with_house(way, story)
