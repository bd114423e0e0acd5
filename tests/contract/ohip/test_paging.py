"""Paging through a hotel's arrivals, and what a record read by number tells of guest, nights and deadline."""

from datetime import UTC, date, datetime, timedelta

import pytest

from integration.ports.pms import BookingChange, PmsBooking
from pms_mock import control
from tests.builders import a_hotel
from tests.contract.ohip.house import WAYS, House, seed_document, with_house
from tests.contract.ohip.test_port import a_draft
from tests.fakes.surroundings import NOW

ways = pytest.mark.parametrize("way", WAYS)
DAY = date(2027, 7, 10)


def crowd(house: House, count: int) -> None:
    """So many cancelled records of other systems that arrive on the day."""
    document = seed_document(a_hotel())
    (hotel,) = document["hotels"]
    model = hotel["reservations"][0]
    hotel["reservations"] = [
        {
            **model, "confirmation": f"C{number}", "arrival": DAY.isoformat(), "status": "Cancelled",
            "departure": (DAY + timedelta(days=7)).isoformat(),
        }
        for number in range(count)
    ]  # fmt: skip
    control.reset(house.store)
    control.seed(house.store, document)
    control.clock(house.store, set=NOW)


async def pages(house: House, first: date = DAY, last: date = DAY) -> tuple[list[PmsBooking], int, int]:
    """Ours, how many there were in all, and pages read."""
    ours: list[PmsBooking] = []
    listed, read, offset = 0, 0, 0
    while True:
        page = await house.pms.page_bookings(house.hotel, first, last, offset)
        ours, listed, read = [*ours, *page.bookings], listed + page.listed, read + 1
        if page.following is None:
            return ours, listed, read
        offset = page.following


@ways
def test_every_page_is_read_and_only_ours_are_kept_cancelled_ones_too(way: str) -> None:
    async def story(house: House) -> None:
        crowd(house, 410)
        kept = await house.pms.create_booking(house.hotel, a_draft())
        gone = await house.pms.create_booking(house.hotel, a_draft(reference="SNT-2"))
        await house.pms.cancel_booking(house.hotel, gone, "GUEST", "X", "")
        ours, listed, read = await pages(house)
        assert ({one.pms_ref for one in ours}, listed, read) == ({kept, gone}, 412, 3)
        assert {one.status for one in ours} == {"Reserved", "Cancelled"}
        assert await pages(house, DAY + timedelta(days=1), DAY + timedelta(days=30)) == ([], 0, 1)

    with_house(way, story)


@ways
def test_a_record_read_by_number_tells_guest_nights_and_deadline(way: str) -> None:
    async def story(house: House) -> None:
        number = await house.pms.create_booking(house.hotel, a_draft())
        until = datetime(2027, 5, 2, 9, 30, 15, tzinfo=UTC)
        await house.pms.change_booking(house.hotel, number, BookingChange(guarantee_code="OPT", deadline=until))
        found = await house.pms.read_booking(house.hotel, number)
        assert found is not None
        assert (found.profile_id, found.deadline) == ("900123", until)
        assert found.nightly == a_draft().nightly

    with_house(way, story)
