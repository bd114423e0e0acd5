"""The whole `Pms` port against the mock PMS, in process and over a real socket."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.availability import RestrictionKind
from domain.money import Money
from domain.reservation import PmsRef
from integration.adapters.ohip.check import check_mapping
from integration.adapters.ohip.client import Limits
from integration.errors import PmsOutcomeUnknown, PmsRejected, PmsUnavailable
from integration.ports.pms import (
    BookingChange,
    BookingDraft,
    BookingSearch,
    CallRecord,
    Deposit,
    Pms,
    ProfileDraft,
    ProfileSearch,
    RateQuestion,
    RateState,
    Turnaway,
)
from pms_mock import control
from tests.builders import ARRIVAL, a_party, a_stay, eur, lira, night_prices
from tests.contract.ohip.house import WAYS, House, with_house
from tests.fakes.surroundings import NOW

STAY = a_stay(nights=3)
CODES = ("UAI-FLEX", "UAI-NREF", "HB-FLEX")
QUESTION = RateQuestion(STAY, a_party(2, 6), 1, CODES)
ways = pytest.mark.parametrize("way", WAYS)


def a_draft(**over: object) -> BookingDraft:
    draft = BookingDraft(
        "SNT-1", "900123", STAY, a_party(2, 6), 1, "FAM", "UAI-FLEX", "HOLD", night_prices(STAY, eur("310.00")),
        "DIRECT", "CALL", "CASH",
    )  # fmt: skip
    return replace(draft, **over)  # type: ignore[arg-type]


@ways
def test_all_rates_come_in_one_call_with_prices_and_rooms(way: str) -> None:
    async def story(house: House) -> None:
        answer = await house.pms.read_rates(house.hotel, QUESTION)
        assert {(one.room_type, one.rate_code) for one in answer.room_rates} == {
            (room, code) for room in house.hotel.room_types for code in CODES
        }
        family = next(one for one in answer.room_rates if (one.room_type, one.rate_code) == ("FAM", "UAI-FLEX"))
        assert (family.state, family.units, family.total) == (RateState.AVAILABLE, 50, eur(900))
        assert [one.price for one in family.nightly] == [eur(300)] * 3
        counts = await house.pms.read_room_counts(house.hotel, STAY)
        assert counts.least("VILLA", STAY) == 4
        assert house.asked("getHotelAvailability") == 1

    with_house(way, story)


@ways
def test_every_no_has_its_own_state(way: str) -> None:
    async def story(house: House) -> None:
        pms, hotel = house.pms, house.hotel
        control.close_sales(house.store, "BELEK1", "2027-07-11", "2027-07-11", "JRS")
        await pms.create_booking(hotel, a_draft(room_type="VILLA", rooms=4, nightly=night_prices(STAY, eur(900))))
        answer = await pms.read_rates(hotel, replace(QUESTION, party=a_party(3, 6), rate_codes=("UAI-FLEX",)))
        states = {one.room_type: one.state for one in answer.room_rates}
        assert states["STD"] == RateState.OVER_OCCUPANCY
        assert states["JRS"] == RateState.RESTRICTED
        assert states["VILLA"] == RateState.NO_INVENTORY
        assert states["FAM"] == RateState.AVAILABLE
        rules = await pms.read_restrictions(hotel, STAY)
        assert [(one.kind, one.room_type, one.start) for one in rules] == [
            (RestrictionKind.CLOSED, "JRS", date(2027, 7, 11))
        ]

    with_house(way, story)


@ways
def test_a_closed_house_is_told_and_other_dates_are_found_with_their_price(way: str) -> None:
    async def story(house: House) -> None:
        control.close_sales(house.store, "BELEK1", "2027-07-10", "2027-07-12")
        assert (await house.pms.read_rates(house.hotel, QUESTION)).house_closed
        question = replace(QUESTION, room_types=("FAM",), rate_codes=("UAI-FLEX",))
        others = await house.pms.read_alternate_dates(house.hotel, question, 7)
        assert [(one.stay.check_in, one.total) for one in others] == [
            (date(2027, 7, 7), eur(900)), (date(2027, 7, 13), eur(900)), (date(2027, 7, 6), eur(900)),
        ]  # fmt: skip

    with_house(way, story)


@ways
def test_a_promotion_lowers_the_price_and_a_package_is_in_it(way: str) -> None:
    async def story(house: House) -> None:
        question = replace(QUESTION, room_types=("FAM",), rate_codes=("UAI-FLEX",), promo="EARLY10")
        answer = await house.pms.read_rates(house.hotel, question)
        assert [one.price for one in answer.room_rates[0].nightly] == [eur(270)] * 3
        question = replace(QUESTION, room_types=("FAM",), rate_codes=("HONEYMOON",))
        honeymoon = (await house.pms.read_rates(house.hotel, question)).room_rates[0]
        assert [one.price for one in honeymoon.nightly] == [eur(420), eur(300), eur(300)]
        assert (honeymoon.total, honeymoon.packages) == (eur(1020), ("HONEY",))

    with_house(way, story)


@ways
def test_lira_rates_are_priced_and_booked_in_lira(way: str) -> None:
    async def story(house: House) -> None:
        question = replace(QUESTION, room_types=("FAM",), rate_codes=("UAI-FLEX-TR",))
        rate = (await house.pms.read_rates(house.hotel, question)).room_rates[0]
        assert rate.total == lira(45000)
        ref = await house.pms.create_booking(house.hotel, a_draft(rate_code="UAI-FLEX-TR", nightly=rate.nightly))
        booking = await house.pms.read_booking(house.hotel, ref)
        assert booking is not None
        assert booking.total == lira(45000)

    with_house(way, story)


@ways
def test_the_life_of_a_reservation(way: str) -> None:
    async def story(house: House) -> None:
        pms, hotel = house.pms, house.hotel
        ref = await pms.create_booking(hotel, a_draft(comments=("late arrival",)))
        assert (await pms.read_room_counts(hotel, STAY)).least("FAM", STAY) == 49
        deadline = NOW + timedelta(hours=24)
        await pms.change_booking(hotel, ref, BookingChange(guarantee_code="OPT", deadline=deadline))
        longer = a_stay(nights=4)
        change = BookingChange(stay=longer, nightly=night_prices(longer, eur("305.50")), comments=("one more",))
        await pms.change_booking(hotel, ref, change)
        await pms.post_deposit(hotel, ref, Deposit("PAY-1", eur("305.50")), "TRANSFER", "PAID")
        booking = await pms.read_booking(hotel, ref)
        assert booking is not None
        assert (booking.stay, booking.total, booking.guarantee_code) == (longer, eur(1222), "PAID")
        assert (booking.deposit_paid, booking.comments) == (eur("305.50"), ("late arrival", "one more"))
        assert (booking.party, booking.references) == (a_party(2, 6), ("SNT-1",))
        assert await pms.read_deposits(hotel, ref) == (Deposit("PAY-1", eur("305.50")),)

    with_house(way, story)


@ways
def test_a_cancellation_is_recognised_by_its_own_id_and_can_be_taken_back(way: str) -> None:
    async def story(house: House) -> None:
        pms, hotel = house.pms, house.hotel
        ref = await pms.create_booking(hotel, a_draft())
        await pms.cancel_booking(hotel, ref, "HOLDEXP", "SNT-1-X", "nobody rang back")
        found = await pms.find_bookings(hotel, BookingSearch(reference="SNT-1"))
        assert [(one.pms_ref, one.status, one.cancel_references) for one in found] == [(ref, "Cancelled", ("SNT-1-X",))]
        read = await pms.read_booking(hotel, ref)
        assert read is not None
        assert read.cancel_references == ("SNT-1-X",)
        assert await pms.find_bookings(hotel, BookingSearch(reference="SNT-1", include_cancelled=False)) == ()
        with pytest.raises(PmsRejected):
            await pms.cancel_booking(hotel, ref, "GUEST", "SNT-1-Y", "")
        await pms.reinstate_booking(hotel, ref)
        assert (await pms.find_bookings(hotel, BookingSearch(reference="SNT-1")))[0].status == "Reserved"

    with_house(way, story)


@ways
def test_two_records_with_one_reference_are_both_found(way: str) -> None:
    async def story(house: House) -> None:
        first = await house.pms.create_booking(house.hotel, a_draft())
        second = await house.pms.create_booking(house.hotel, a_draft())
        found = await house.pms.find_bookings(house.hotel, BookingSearch(reference="SNT-1"))
        assert {one.pms_ref for one in found} == {first, second}

    with_house(way, story)


@ways
def test_the_last_room_is_refused_with_the_pms_own_code(way: str) -> None:
    async def story(house: House) -> None:
        villa = a_draft(room_type="VILLA", rooms=4, nightly=night_prices(STAY, eur(900)))
        await house.pms.create_booking(house.hotel, villa)
        with pytest.raises(PmsRejected) as caught:
            await house.pms.create_booking(house.hotel, replace(villa, rooms=1))
        assert caught.value.status == 400
        assert caught.value.pms_code.startswith("RSV")

    with_house(way, story)


@ways
def test_guests_are_written_found_by_every_criterion_and_changed(way: str) -> None:
    async def story(house: House) -> None:
        pms, hotel = house.pms, house.hotel
        anna = ProfileDraft("Anna", "Schmidt", "de", "DE", "+4915112345678", "anna@example.com", "SNT-G1")
        number = await pms.create_profile(hotel, anna)
        searches = (
            ProfileSearch(reference="SNT-G1"), ProfileSearch(phone="+4915112345678"),
            ProfileSearch(email="anna@example.com"), ProfileSearch(surname="Schmidt", given_name="Anna"),
        )  # fmt: skip
        for search in searches:
            assert [one.profile_id for one in await pms.find_profiles(hotel, search)] == [number]
        assert await pms.find_profiles(hotel, ProfileSearch(reference="SNT-G2")) == ()
        new = replace(anna, surname="Meier", phone="+4915199999999", email=None, reference="")
        await pms.update_profile(hotel, number, new, "wants a quiet room")
        guest = await pms.read_profile(hotel, number)
        assert guest is not None
        assert (guest.surname, guest.phones, guest.emails) == ("Meier", ("+4915199999999",), ("anna@example.com",))
        assert (guest.notes, guest.references) == (("wants a quiet room",), ("SNT-G1",))
        assert await pms.read_profile(hotel, "123456789") is None

    with_house(way, story)


@ways
def test_a_note_is_added_to_those_the_hotel_has_written(way: str) -> None:
    async def story(house: House) -> None:
        pms, hotel = house.pms, house.hotel
        before = (await pms.find_profiles(hotel, ProfileSearch(phone="+905321112233", with_history=True)))[0]
        assert before.notes
        draft = ProfileDraft(before.given_name, before.surname, "tr", "TR", None, None, "")
        for text in ("likes tea", "likes coffee"):
            await pms.update_profile(hotel, before.profile_id, draft, text)
        after = await pms.read_profile(hotel, before.profile_id)
        assert after is not None
        assert after.notes == (*before.notes, "likes tea", "likes coffee")

    with_house(way, story)


@ways
def test_a_caller_is_shown_with_stays_and_wishes(way: str) -> None:
    async def story(house: House) -> None:
        search = ProfileSearch(phone="+905321112233", with_history=True)
        guest = (await house.pms.find_profiles(house.hotel, search))[0]
        assert (guest.surname, guest.is_vip, guest.segment) == ("Yilmaz", True, "FAMILY")
        assert [(one.check_in, one.status, one.total) for one in guest.stays] == [
            (date(2026, 7, 1), "CheckedOut", Money.of("1330.00", "EUR"))
        ]
        assert [(one.group, one.code) for one in guest.preferences] == [("ROOM", "HIGH")]

    with_house(way, story)


@ways
def test_scripts_guarantees_calls_and_turnaways(way: str) -> None:
    async def story(house: House) -> None:
        pms, hotel = house.pms, house.hotel
        assert await pms.read_script(hotel, "tr") == ("Merhaba, günaydın", "New spa")
        await check_mapping(pms, hotel, ARRIVAL)
        ref = await pms.create_booking(hotel, a_draft())
        call = CallRecord(NOW, NOW + timedelta(minutes=6), "+905321112233", "Deniz", "Yilmaz", None, "sold", ref)
        await pms.log_call(hotel, call)
        await pms.log_turnaway(hotel, Turnaway(STAY, a_party(2, 6), 1, "FAM", "UAI-FLEX", eur(900), "PRICE", "dear"))
        assert house.asked("postCall") == house.asked("postTurnawayReservation") == 1
        assert house.events.lines == []

    with_house(way, story)


@ways
def test_a_lost_answer_is_unknown_and_the_record_is_there_exactly_once(way: str) -> None:
    async def story(house: House) -> None:
        control.add_fault(house.store, "lost_answer", "postReservation")
        with pytest.raises(PmsOutcomeUnknown):
            await house.pms.create_booking(house.hotel, a_draft())
        assert len(await house.pms.find_bookings(house.hotel, BookingSearch(reference="SNT-1"))) == 1
        assert house.asked("postReservation") == 1

    with_house(way, story)


@ways
@pytest.mark.parametrize(
    ("operation", "write"),
    [
        ("putReservation", lambda pms, hotel, ref: pms.change_booking(hotel, ref, BookingChange(comments=("x",)))),
        ("postCancelReservation", lambda pms, hotel, ref: pms.cancel_booking(hotel, ref, "GUEST", "SNT-X", "")),
        (
            "postDepositPayment",
            lambda pms, hotel, ref: pms.post_deposit(hotel, ref, Deposit("P", eur(1)), "CASH", None),
        ),
    ],
)
def test_no_write_to_a_reservation_is_sent_twice_when_its_answer_is_lost(
    way: str, operation: str, write: object
) -> None:
    async def story(house: House) -> None:
        ref = await house.pms.create_booking(house.hotel, a_draft())
        control.add_fault(house.store, "lost_answer", operation)
        with pytest.raises(PmsOutcomeUnknown):
            await write(house.pms, house.hotel, ref)  # type: ignore[operator]
        assert house.asked(operation) == 1

    with_house(way, story)


@ways
def test_a_slow_write_is_unknown_and_may_still_happen(way: str) -> None:
    async def story(house: House) -> None:
        control.add_fault(house.store, "slow", "postReservation", param=0.3)
        with pytest.raises(PmsOutcomeUnknown):
            await house.pms.create_booking(house.hotel, a_draft())
        async with asyncio.timeout(10):
            while not await house.pms.find_bookings(house.hotel, BookingSearch(reference="SNT-1")):
                await asyncio.sleep(0.01)
        assert house.asked("postReservation") == 1

    with_house(way, story, Limits(read_s=5.0, write_s=0.1))


@ways
@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_server_error_on_a_read_is_got_over_and_on_a_write_is_unknown(way: str, status: int) -> None:
    async def story(house: House) -> None:
        control.add_fault(house.store, "status", "getReservationGuarantees", param=status)
        assert await house.pms.read_guarantees(house.hotel, ARRIVAL)
        control.add_fault(house.store, "status", "postReservation", param=status)
        with pytest.raises(PmsOutcomeUnknown):
            await house.pms.create_booking(house.hotel, a_draft())

    with_house(way, story)


@ways
def test_a_token_that_the_pms_no_longer_knows_is_renewed_under_way(way: str) -> None:
    async def story(house: House) -> None:
        await house.pms.read_guarantees(house.hotel, ARRIVAL)
        control.clock(house.store, advance=timedelta(hours=2))
        ref = await house.pms.create_booking(house.hotel, a_draft())
        assert ref
        assert [outcome for operation, outcome in house.calls if operation == "create_booking"] == ["401", "201"]
        assert house.events.lines == [("pms_token_refused", {"operation": "create_booking", "hotel": "BELEK1"})]

    with_house(way, story)


@ways
def test_a_hotel_that_is_not_ours_is_unavailable_and_a_wrong_code_is_rejected(way: str) -> None:
    async def story(house: House) -> None:
        other = replace(house.hotel, pms=replace(house.hotel.pms, pms_hotel_id="SIDE1"))
        with pytest.raises(PmsUnavailable):
            await house.pms.read_guarantees(other, ARRIVAL)
        with pytest.raises(PmsRejected) as caught:
            await house.pms.read_rates(house.hotel, replace(QUESTION, rate_codes=("NOPE",)))
        assert "NOPE" not in str(caught.value)

    with_house(way, story)


@ways
def test_a_reservation_that_is_not_there_is_none_and_cannot_be_changed(way: str) -> None:
    async def story(house: House) -> None:
        nobody = PmsRef("999")
        assert await house.pms.read_booking(house.hotel, nobody) is None
        assert await house.pms.read_deposits(house.hotel, nobody) == ()
        with pytest.raises(PmsRejected):
            await house.pms.change_booking(house.hotel, nobody, BookingChange(guarantee_code="PAID"))
        with pytest.raises(PmsRejected):
            await house.pms.change_booking(house.hotel, nobody, BookingChange(room_type="STD"))

    with_house(way, story)


def _the_adapter_satisfies_the_port(house: House) -> Pms:
    return house.pms
