"""Days are the hotel's days: midnight, month end and New Year happen at UTC+3, and cut-offs on the day of arrival."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.errors import InvalidInput, Refused
from domain.money import Money
from domain.reservation import Guarantee, ReservationState
from integration.usecases.answers import Answer
from integration.usecases.book_stay import book_stay
from integration.usecases.booking_request import BookRequest
from integration.usecases.cancel_reservation import preview_cancel, reinstate_reservation
from integration.usecases.lapse_reservations import lapse_due
from integration.usecases.move_reservation import confirm_reservation, extend_reservation, take_option
from integration.usecases.pay_reservation import pay_reservation
from integration.usecases.stay_wish import StayWish
from tests.builders import pms_terms
from tests.fakes.desk import Office, an_office
from tests.unit.usecases.selling import ADMIN, AGENT, CALLER, CHIEF

NEW_YEARS_EVE = date(2027, 12, 31)
MINUTE = timedelta(minutes=1)
METHOD = next(iter(pms_terms().payment_methods))


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


def play(at: datetime, story: Callable[[Office], Awaitable[None]]) -> None:
    office = an_office()
    office.clock.set(at)
    asyncio.run(_awaited(story, office))


async def _awaited(story: Callable[[Office], Awaitable[None]], office: Office) -> None:
    await story(office)


async def book(office: Office, check_in: date, to: ReservationState = ReservationState.HOLD, **over: Any) -> Answer:
    wish = StayWish(check_in, 2, 2, room_type="STD", rate_plan="UAI-FLEX", currency="EUR")
    request = BookRequest(to, over.pop("key", "book"), wish=wish, card=CALLER, **over)
    return await book_stay(office.desk, AGENT, request)


async def state_of(office: Office, name: str) -> str:
    found = await office.desk.store.read(lambda tx: tx.list_reservations(limit=9))
    return next(one.state.value for one in found if one.reservation_id == name)


@pytest.mark.parametrize(
    "eve", [date(2027, 6, 14), date(2027, 6, 30), date(2027, 12, 31), date(2028, 2, 28)], ids=date.isoformat
)
def test_a_stay_from_today_can_be_booked_until_midnight_at_the_hotel(eve: date) -> None:
    midnight = datetime.combine(eve, datetime.min.time(), UTC) + timedelta(hours=21)

    async def story(office: Office) -> None:
        office.clock.set(midnight - MINUTE)
        assert (await book(office, eve, key="before")).body["check_in"] == eve.isoformat()
        office.clock.set(midnight)
        with pytest.raises(InvalidInput):
            await book(office, eve, key="after")
        assert (await book(office, eve + timedelta(days=1), key="next")).body["status"] == "hold"

    play(midnight, story)


def test_a_hold_placed_before_new_year_at_the_hotel_lapses_after_it_to_the_minute() -> None:
    async def story(office: Office) -> None:
        made = (await book(office, date(2028, 1, 3))).body
        assert made["expires_at"] == "2027-12-31T21:05:00Z"
        office.clock.set(utc(2027, 12, 31, 21, 4, 59))
        assert (await lapse_due(office.desk, ADMIN)).expired == ()
        office.clock.set(utc(2027, 12, 31, 21, 5))
        assert [body["reservation_id"] for body in (await lapse_due(office.desk, ADMIN)).expired] == [
            made["reservation_id"]
        ]

    play(utc(2027, 12, 31, 20, 50), story)


def test_an_option_for_new_years_eve_ends_at_the_cut_off_of_that_day_at_the_hotel() -> None:
    async def story(office: Office) -> None:
        made = (await book(office, NEW_YEARS_EVE)).body
        taken = (await take_option(office.desk, AGENT, made["reservation_id"], "option")).body
        assert taken["expires_at"] == "2027-12-31T15:00:00Z"
        with pytest.raises(Refused):
            await extend_reservation(office.desk, CHIEF, made["reservation_id"], "longer", utc(2027, 12, 31, 15, 1))

    play(utc(2027, 12, 30, 22, 0), story)


def test_no_option_is_taken_after_the_cut_off_but_a_guest_at_the_door_can_still_be_confirmed() -> None:
    async def story(office: Office) -> None:
        made = (await book(office, NEW_YEARS_EVE)).body
        with pytest.raises(Refused):
            await take_option(office.desk, AGENT, made["reservation_id"], "option")
        done = await confirm_reservation(office.desk, AGENT, made["reservation_id"], "confirm", Guarantee.CARD)
        assert done.body["status"] == "confirmed"

    play(utc(2027, 12, 31, 15, 0), story)


async def an_option_that_lapsed_at_the_cut_off(office: Office) -> dict[str, Any]:
    made = (await book(office, NEW_YEARS_EVE)).body
    await take_option(office.desk, AGENT, made["reservation_id"], "option")
    office.clock.set(utc(2027, 12, 31, 15, 0))
    await lapse_due(office.desk, ADMIN)
    assert await state_of(office, made["reservation_id"]) == "expired"
    return made


def test_an_option_that_lapsed_at_the_cut_off_is_not_brought_back_and_nothing_is_sent() -> None:
    async def story(office: Office) -> None:
        made = await an_option_that_lapsed_at_the_cut_off(office)
        with pytest.raises(InvalidInput):
            await reinstate_reservation(office.desk, AGENT, made["reservation_id"], "back")
        assert office.pms.count("reinstate_booking") == 0
        assert await state_of(office, made["reservation_id"]) == "expired"
        assert await office.desk.store.read(lambda tx: tx.unsettled_intents()) == []

    play(utc(2027, 12, 31, 12, 0), story)


def test_a_payment_after_the_cut_off_is_owed_back_and_leaves_no_record_standing() -> None:
    async def story(office: Office) -> None:
        made = await an_option_that_lapsed_at_the_cut_off(office)
        due = Money.of(made["deposit_due"]["amount"], "EUR")
        with pytest.raises(Refused):
            await pay_reservation(office.desk, AGENT, made["reservation_id"], "pay", due, METHOD)
        tasks = await office.desk.store.read(lambda tx: tx.list_tasks(hotel_id=None, open_only=True, limit=9))
        assert [task.kind.value for task in tasks] == ["refund"]
        held = office.pms.house(office.hotel).held(made["pms_ref"])
        assert (held.booking.status, held.deposits) == ("Cancelled", [])

    play(utc(2027, 12, 31, 12, 0), story)


def test_an_option_brought_back_before_the_cut_off_ends_at_it() -> None:
    async def story(office: Office) -> None:
        made = (await book(office, NEW_YEARS_EVE)).body
        name = made["reservation_id"]
        await take_option(office.desk, AGENT, name, "option", length=timedelta(hours=1))
        office.clock.advance(hours=1)
        await lapse_due(office.desk, ADMIN)
        back = (await reinstate_reservation(office.desk, AGENT, name, "back")).body
        assert (back["status"], back["expires_at"]) == ("option", "2027-12-31T15:00:00Z")

    play(utc(2027, 12, 31, 12, 0), story)


@pytest.mark.parametrize(
    ("at", "penalty"), [(utc(2027, 12, 28, 20, 59), "0.00"), (utc(2027, 12, 28, 21, 0), "200.00")], ids=["28", "29"]
)
def test_a_cancellation_is_free_until_midnight_at_the_hotel_also_over_new_year(at: datetime, penalty: str) -> None:
    """Free until three days before 31 December: at the hotel the 29th has begun, in UTC it has not."""

    async def story(office: Office) -> None:
        made = await book(office, date(2027, 12, 31), ReservationState.CONFIRMED, guarantee=Guarantee.CARD)
        office.clock.set(at)
        shown = await preview_cancel(office.desk, AGENT, made.body["reservation_id"])
        assert shown["penalty"]["amount"] == penalty

    play(utc(2027, 12, 20, 9, 0), story)


def test_the_same_key_is_answered_across_new_year() -> None:
    async def story(office: Office) -> None:
        made = await book(office, date(2028, 2, 29))
        office.clock.set(utc(2028, 1, 1, 9, 0))
        again = await book(office, date(2028, 2, 29))
        assert (again.replayed, again.body["reservation_id"]) == (True, made.body["reservation_id"])

    play(utc(2027, 12, 31, 20, 59, 59), story)
