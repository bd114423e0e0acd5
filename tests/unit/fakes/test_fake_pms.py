"""The fake PMS keeps the promises of its port: tests lean on it, so it is tested."""

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, TypeVar

import pytest

from domain.availability import RestrictionKind
from domain.reservation import PmsRef
from integration.errors import PmsOutcomeUnknown, PmsRejected, PmsUnavailable
from integration.ports.pms import (
    BookingChange,
    BookingDraft,
    BookingSearch,
    Deposit,
    ProfileDraft,
    ProfileSearch,
    RateQuestion,
    RateState,
)
from tests.builders import ARRIVAL, a_hotel, a_party, a_stay, eur, night_prices
from tests.fakes.pms import FakePms
from tests.fakes.pms_house import FakeHouse
from tests.fakes.surroundings import FakeClock

HOTEL = a_hotel()
LOST = PmsOutcomeUnknown("lost")
T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


def a_draft(pms: FakePms, **over: Any) -> BookingDraft:
    guest = ProfileDraft("Ayşe", "Yılmaz", "tr", "TR", "+905321112233", None, "REF-G")
    profile_id = run(pms.create_profile(HOTEL, guest))
    fields = {
        "reference": "REF-1", "profile_id": profile_id, "stay": a_stay(), "party": a_party(), "rooms": 1,
        "room_type": "VILLA", "rate_code": "UAI-FLEX", "guarantee_code": "HOLD", "nightly": night_prices(),
        "market_code": "DIRECT", "source_code": "CALL", "payment_method": "CASH",
    }  # fmt: skip
    return BookingDraft(**{**fields, **over})


def a_booked_pms(**over: Any) -> tuple[FakePms, FakeHouse, PmsRef]:
    pms = FakePms()
    return pms, pms.house(HOTEL), run(pms.create_booking(HOTEL, a_draft(pms, **over)))


def left(house: FakeHouse, night: date = ARRIVAL) -> int:
    return house.left("VILLA", night)


def test_a_booking_takes_rooms_and_a_cancellation_gives_them_back_once() -> None:
    pms, house, ref = a_booked_pms(rooms=2)
    assert left(house) == 2
    run(pms.cancel_booking(HOTEL, ref, "GUEST", "CXL-1", ""))
    with pytest.raises(PmsRejected):
        run(pms.cancel_booking(HOTEL, ref, "GUEST", "CXL-2", ""))
    assert left(house) == 4
    booking = run(pms.read_booking(HOTEL, ref))
    assert booking is not None
    assert (booking.status, booking.cancel_references) == ("Cancelled", ("CXL-1",))


def test_stock_never_falls_below_zero_and_a_refused_booking_takes_nothing() -> None:
    pms, house, _ = a_booked_pms(rooms=4, stay=a_stay(ARRIVAL + timedelta(days=6)))
    with pytest.raises(PmsRejected):
        run(pms.create_booking(HOTEL, a_draft(pms)))
    assert left(house) == 4
    assert left(house, ARRIVAL + timedelta(days=6)) == 0


def test_a_code_that_does_not_deduct_takes_no_room() -> None:
    _, house, _ = a_booked_pms(guarantee_code="TENT")
    assert left(house) == 4


def test_a_refused_change_leaves_stock_and_booking_as_they_were() -> None:
    pms, house, ref = a_booked_pms(rooms=2)
    with pytest.raises(PmsRejected):
        run(pms.change_booking(HOTEL, ref, BookingChange(rooms=5)))
    assert left(house) == 2
    run(pms.change_booking(HOTEL, ref, BookingChange(rooms=4)))
    assert left(house) == 0


def test_duplicate_references_are_taken_and_both_are_found() -> None:
    pms, _, _ = a_booked_pms()
    run(pms.create_booking(HOTEL, a_draft(pms)))
    assert len(run(pms.find_bookings(HOTEL, BookingSearch(reference="REF-1")))) == 2


def test_a_reference_under_another_system_code_is_not_found() -> None:
    pms, house, ref = a_booked_pms()
    house.held(ref).system_code = "External"
    assert run(pms.find_bookings(HOTEL, BookingSearch(reference="REF-1"))) == ()


def test_a_reinstated_booking_needs_room() -> None:
    pms, house, ref = a_booked_pms()
    run(pms.cancel_booking(HOTEL, ref, "GUEST", "CXL-1", ""))
    house.stock["VILLA", ARRIVAL] = 0
    with pytest.raises(PmsRejected):
        run(pms.reinstate_booking(HOTEL, ref))
    house.stock["VILLA", ARRIVAL] = 1
    run(pms.reinstate_booking(HOTEL, ref))
    assert left(house) == 0


def test_a_deposit_with_a_guarantee_code_sets_both() -> None:
    pms, _, ref = a_booked_pms()
    run(pms.post_deposit(HOTEL, ref, Deposit("PAY-1", eur(200)), "CASH", "PAID"))
    booking = run(pms.read_booking(HOTEL, ref))
    assert booking is not None
    assert (booking.guarantee_code, booking.deposit_paid) == ("PAID", eur(200))
    assert run(pms.read_deposits(HOTEL, ref)) == (Deposit("PAY-1", eur(200)),)


@pytest.mark.parametrize(("executed", "found"), [(True, 1), (False, 0)])
def test_a_failing_call_fails_once_before_or_after_it_is_carried_out(executed: bool, found: int) -> None:
    pms = FakePms()
    draft = a_draft(pms)
    pms.fail_next("create_booking", LOST, executed=executed)
    with pytest.raises(PmsOutcomeUnknown):
        run(pms.create_booking(HOTEL, draft))
    assert len(run(pms.find_bookings(HOTEL, BookingSearch(reference="REF-1")))) == found
    run(pms.create_booking(HOTEL, draft))
    assert pms.count("create_booking") == 2


def test_a_late_call_arrives_when_it_is_told_to() -> None:
    pms = FakePms()
    draft = a_draft(pms)
    pms.fail_next("create_booking", LOST, late=True)
    with pytest.raises(PmsOutcomeUnknown):
        run(pms.create_booking(HOTEL, draft))
    assert run(pms.find_bookings(HOTEL, BookingSearch(reference="REF-1"))) == ()
    pms.run_late()
    assert len(run(pms.find_bookings(HOTEL, BookingSearch(reference="REF-1")))) == 1


def test_a_misspelt_operation_cannot_be_made_to_fail() -> None:
    with pytest.raises(ValueError, match="create_bookings"):
        FakePms().fail_next("create_bookings", PmsUnavailable("down"))


def test_a_delay_passes_on_the_clock() -> None:
    clock = FakeClock()
    pms = FakePms(clock)
    pms.delay = 2.0
    run(pms.read_room_counts(HOTEL, a_stay()))
    assert clock.slept == [2.0]


@pytest.mark.parametrize(
    ("room", "code", "adults", "state"),
    [
        ("STD", "UAI-FLEX", 2, RateState.AVAILABLE),
        ("STD", "UAI-FLEX", 4, RateState.OVER_OCCUPANCY),
        ("FAM", "UAI-FLEX", 2, RateState.RESTRICTED),
        ("JRS", "UAI-FLEX", 2, RateState.NO_INVENTORY),
        ("STD", "NOPE", 2, RateState.NO_ITEM),
    ],
)
def test_every_reason_not_to_sell_is_told_apart(room: str, code: str, adults: int, state: str) -> None:
    pms = FakePms()
    house = pms.house(HOTEL)
    house.close_sales(ARRIVAL, ARRIVAL, room_type="FAM")
    house.stock["JRS", ARRIVAL] = 0
    question = RateQuestion(a_stay(), a_party(adults), 1, (code,), (room,))
    assert [rate.state for rate in run(pms.read_rates(HOTEL, question)).room_rates] == [state]
    assert run(pms.read_restrictions(HOTEL, a_stay()))[0].kind is RestrictionKind.CLOSED


def test_a_reservation_that_is_changed_finds_its_own_rooms_free() -> None:
    pms, _, ref = a_booked_pms(rooms=4)
    question = RateQuestion(a_stay(nights=9), a_party(), 4, ("UAI-FLEX",), ("VILLA",))
    (other,), (own,) = (
        run(pms.read_rates(HOTEL, one)).room_rates for one in (question, replace(question, own_ref=ref))
    )
    assert (other.state, own.state, own.units) == (RateState.NO_INVENTORY, RateState.AVAILABLE, 4)


def test_a_cancelled_reservation_has_no_rooms_of_its_own_to_come_free() -> None:
    pms, house, ref = a_booked_pms(rooms=3)
    run(pms.cancel_booking(HOTEL, ref, "GUEST", "CXL-1", ""))
    question = RateQuestion(a_stay(), a_party(), 1, ("UAI-FLEX",), ("VILLA",), own_ref=ref)
    (own,) = run(pms.read_rates(HOTEL, question)).room_rates
    assert own.units == left(house) == 4


def test_a_promotion_lowers_the_price_of_its_own_plans() -> None:
    pms = FakePms()
    question = RateQuestion(a_stay(), a_party(), 1, ("UAI-FLEX", "HB-FLEX"), ("STD",), "EARLY10")
    flexible, half = run(pms.read_rates(HOTEL, question)).room_rates
    assert (flexible.total, half.total) == (eur(1260), eur(1120))


def test_other_dates_come_nearest_first_and_sell() -> None:
    pms = FakePms()
    pms.house(HOTEL).close_sales(ARRIVAL, ARRIVAL)
    question = RateQuestion(a_stay(nights=2), a_party(), 1, ("UAI-FLEX",), ("STD",))
    shifts = [(one.stay.check_in - ARRIVAL).days for one in run(pms.read_alternate_dates(HOTEL, question, 3))]
    assert shifts == [1, -2, 2, -3, 3]


def test_a_guest_is_found_by_one_criterion_and_history_only_when_asked() -> None:
    pms, house, _ = a_booked_pms()
    (profile_id,) = house.profiles
    run(pms.update_profile(HOTEL, profile_id, ProfileDraft("", "", "", "", None, "a@example.com", ""), "likes tea"))
    (found,) = run(pms.find_profiles(HOTEL, ProfileSearch(phone="+905321112233")))
    assert (found.surname, found.emails, found.notes) == ("Yılmaz", ("a@example.com",), ())
    (told,) = run(pms.find_profiles(HOTEL, ProfileSearch(surname="yıl", with_history=True)))
    assert told.notes == ("likes tea",)


def test_the_front_desk_can_act_behind_our_back() -> None:
    pms, house, ref = a_booked_pms()
    house.set_status(ref, "NoShow")
    assert left(house) == 4
    booking = run(pms.read_booking(HOTEL, ref))
    assert booking is not None
    assert booking.status == "NoShow"
