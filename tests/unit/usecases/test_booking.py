"""A booking is in the PMS exactly once, whatever happens to the answer."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.errors import (
    InFlight,
    InvalidInput,
    KeyReused,
    NoRoomLeft,
    NotGuaranteed,
    OfferExpired,
    PriceChanged,
    TooManyHolds,
)
from domain.guest import ChannelIdentity, IdentityKind
from domain.hotel import HotelTerms
from domain.reservation import Guarantee, PmsRef, ReservationState
from integration.errors import OutcomePending, OutcomeUnknown, PmsOutcomeUnknown, PmsUnavailable
from integration.ports.pms import PmsBooking
from integration.ports.records import IntentState
from integration.usecases.book_stay import BookRequest, book_stay
from tests.builders import a_hotel
from tests.fakes.desk import an_office
from tests.unit.usecases.selling import AGENT, ARRIVAL, CALLER, a_wish, booked, quoted

LOST = PmsOutcomeUnknown("the answer was lost")


def test_a_hold_is_a_real_record_with_our_reference_and_the_hold_guarantee() -> None:
    office = an_office()
    body = asyncio.run(booked(office)).body
    held = office.pms.house(office.hotel).held(body["pms_ref"])
    assert body["status"] == "hold"
    assert held.booking.guarantee_code == "HOLD"
    assert len(held.booking.references) == 1


def test_a_booking_costs_at_most_four_pms_calls_one_after_the_other() -> None:
    office = an_office()

    async def scene() -> list[str]:
        quote = await quoted(office)
        before = len(office.pms.asked)
        request = BookRequest(ReservationState.HOLD, "k", offer_id=quote.offer.offer_id, pick=1, card=CALLER)
        await book_stay(office.desk, AGENT, request)
        return office.pms.asked[before:]

    assert asyncio.run(scene()) == ["find_profiles", "create_profile", "create_booking", "read_booking"]


def test_the_same_key_and_command_give_the_same_answer_and_no_second_record() -> None:
    office = an_office()

    async def scene() -> None:
        quote = await quoted(office)
        request = BookRequest(ReservationState.HOLD, "k", offer_id=quote.offer.offer_id, pick=1, card=CALLER)
        first = await book_stay(office.desk, AGENT, request)
        again = await book_stay(office.desk, AGENT, request)
        assert (again.body, again.replayed, first.replayed) == (first.body, True, False)

    asyncio.run(scene())
    assert office.pms.count("create_booking") == 1


def test_the_same_key_with_another_command_is_refused() -> None:
    office = an_office()

    async def scene() -> None:
        first = await booked(office, "k")
        assert first.body["status"] == "hold"
        with pytest.raises(KeyReused):
            await booked(office, "k")

    asyncio.run(scene())
    assert office.pms.count("create_booking") == 1


def test_a_lost_answer_is_looked_up_and_adopted() -> None:
    office = an_office()
    office.pms.fail_next("create_booking", LOST, executed=True)
    assert asyncio.run(booked(office)).body["status"] == "hold"
    assert office.pms.count("create_booking") == 1


def test_an_unknown_outcome_is_never_sent_again_before_the_settle_time() -> None:
    office = an_office()
    office.pms.fail_next("create_booking", LOST, late=True)

    async def scene() -> None:
        quote = await quoted(office)
        request = BookRequest(ReservationState.HOLD, "k", offer_id=quote.offer.offer_id, pick=1, card=CALLER)
        with pytest.raises(OutcomeUnknown):
            await book_stay(office.desk, AGENT, request)
        with pytest.raises(OutcomePending):
            await book_stay(office.desk, AGENT, request)
        office.pms.run_late()
        answer = await book_stay(office.desk, AGENT, request)
        assert answer.body["status"] == "hold"

    asyncio.run(scene())
    assert office.pms.count("create_booking") == 1


def test_after_the_settle_time_and_a_fresh_not_found_the_same_key_sends_again() -> None:
    office = an_office()
    office.pms.fail_next("create_booking", LOST, executed=False)

    async def scene() -> None:
        quote = await quoted(office)
        request = BookRequest(ReservationState.HOLD, "k", offer_id=quote.offer.offer_id, pick=1, card=CALLER)
        with pytest.raises(OutcomeUnknown):
            await book_stay(office.desk, AGENT, request)
        office.clock.advance(seconds=office.hotel.rules.settle.total_seconds() + 1)
        assert (await book_stay(office.desk, AGENT, request)).body["status"] == "hold"
        intent = await office.desk.store.read(lambda tx: tx.intent_of_key(office.hotel.hotel_id, AGENT.name, "k"))
        assert intent is not None
        assert (intent.state, intent.attempts) == (IntentState.DONE, 2)
        assert intent.watch_until is not None

    asyncio.run(scene())
    assert office.pms.count("create_booking") == 2


def test_what_may_have_been_written_is_not_called_unavailable_while_the_pms_is_away() -> None:
    """ "Unavailable" says that nothing was written; the agent would sell again under another key."""
    office = an_office()
    office.pms.fail_next("create_booking", LOST, late=True)

    async def away(_operation: str) -> None:
        raise PmsUnavailable("down")

    async def scene() -> None:
        quote = await quoted(office)
        request = BookRequest(ReservationState.HOLD, "k", offer_id=quote.offer.offer_id, pick=1, card=CALLER)
        with pytest.raises(OutcomeUnknown):
            await book_stay(office.desk, AGENT, request)
        office.pms.before = away
        for seconds in (1, office.hotel.rules.settle.total_seconds()):
            office.clock.advance(seconds=seconds)
            with pytest.raises(OutcomePending):
                await book_stay(office.desk, AGENT, request)
        office.pms.before = None
        office.pms.run_late()
        assert (await book_stay(office.desk, AGENT, request)).body["status"] == "hold"

    asyncio.run(scene())
    assert office.pms.count("create_booking") == 1


def test_a_second_sending_that_never_left_does_not_make_the_first_one_unwritten() -> None:
    office = an_office()
    office.pms.fail_next("create_booking", LOST, late=True)
    office.pms.fail_next("create_booking", PmsUnavailable("down"))

    async def scene() -> None:
        quote = await quoted(office)
        request = BookRequest(ReservationState.HOLD, "k", offer_id=quote.offer.offer_id, pick=1, card=CALLER)
        with pytest.raises(OutcomeUnknown):
            await book_stay(office.desk, AGENT, request)
        office.clock.advance(seconds=office.hotel.rules.settle.total_seconds() + 1)
        with pytest.raises(OutcomePending):
            await book_stay(office.desk, AGENT, request)
        office.pms.run_late()
        assert (await book_stay(office.desk, AGENT, request)).body["status"] == "hold"

    asyncio.run(scene())
    assert office.pms.count("create_booking") == 2, "the second never left; what came late is adopted"


def test_unavailable_leaves_the_key_free_to_go_on() -> None:
    office = an_office()
    office.pms.fail_next("create_booking", PmsUnavailable("down"))

    async def scene() -> None:
        quote = await quoted(office)
        request = BookRequest(ReservationState.HOLD, "k", offer_id=quote.offer.offer_id, pick=1, card=CALLER)
        with pytest.raises(PmsUnavailable):
            await book_stay(office.desk, AGENT, request)
        assert (await book_stay(office.desk, AGENT, request)).body["status"] == "hold"

    asyncio.run(scene())


def test_two_at_once_with_one_key_make_one_record() -> None:
    office = an_office()

    async def scene() -> list[object]:
        quote = await quoted(office)
        request = BookRequest(ReservationState.HOLD, "k", offer_id=quote.offer.offer_id, pick=1, card=CALLER)
        gate = asyncio.Event()

        async def wait(operation: str) -> None:
            if operation == "create_booking":
                await gate.wait()

        office.pms.before = wait
        first = asyncio.ensure_future(book_stay(office.desk, AGENT, request))
        while "create_booking" not in office.pms.asked:
            await asyncio.sleep(0)
        second = (await asyncio.gather(book_stay(office.desk, AGENT, request), return_exceptions=True))[0]
        gate.set()
        return [await first, second]

    first, second = asyncio.run(scene())
    assert isinstance(second, InFlight)
    assert office.pms.count("create_booking") == 1
    assert first is not None


def test_a_price_the_pms_reads_back_differently_is_taken_back_and_refused() -> None:
    office = an_office()

    async def scene() -> None:
        quote = await quoted(office)
        house = office.pms.house(office.hotel)
        seen = office.desk.pms.read_booking

        async def dearer(hotel: HotelTerms, ref: PmsRef) -> PmsBooking | None:
            booking = await seen(hotel, ref)
            assert booking is not None
            assert booking.total is not None
            return replace(booking, total=booking.total.times(2))

        office.pms.read_booking = dearer  # type: ignore[assignment,method-assign]
        request = BookRequest(ReservationState.HOLD, "k", offer_id=quote.offer.offer_id, pick=1, card=CALLER)
        with pytest.raises(PriceChanged):
            await book_stay(office.desk, AGENT, request)
        assert all(held.booking.status == "Cancelled" for held in house.bookings.values())

    asyncio.run(scene())


def test_the_last_room_gone_since_the_quote_is_refused_as_no_room_left() -> None:
    office = an_office()

    async def scene() -> None:
        quote = await quoted(office)
        room = quote.offer.choices[0].candidate.room_type
        office.pms.house(office.hotel).stock[room, ARRIVAL] = 0
        request = BookRequest(ReservationState.HOLD, "k", offer_id=quote.offer.offer_id, pick=1, card=CALLER)
        with pytest.raises(NoRoomLeft):
            await book_stay(office.desk, AGENT, request)
        with pytest.raises(NoRoomLeft):
            await book_stay(office.desk, AGENT, request)

    asyncio.run(scene())
    assert office.pms.count("create_booking") == 1


def test_an_offer_is_dead_at_its_last_instant() -> None:
    office = an_office()

    async def scene() -> None:
        quote = await quoted(office)
        office.clock.set(quote.offer.valid_until)
        request = BookRequest(ReservationState.HOLD, "k", offer_id=quote.offer.offer_id, pick=1, card=CALLER)
        with pytest.raises(OfferExpired):
            await book_stay(office.desk, AGENT, request)
        caller = ChannelIdentity(IdentityKind.PHONE, "+905321112233")
        assert await office.desk.store.read(lambda tx: tx.find_guest(caller)) is None

    asyncio.run(scene())
    assert office.pms.count("create_booking") == 0


def test_a_repeat_after_the_offer_has_expired_still_gets_its_answer() -> None:
    office = an_office()

    async def scene() -> None:
        quote = await quoted(office)
        request = BookRequest(ReservationState.HOLD, "k", offer_id=quote.offer.offer_id, pick=1, card=CALLER)
        await book_stay(office.desk, AGENT, request)
        office.clock.advance(hours=2)
        assert (await book_stay(office.desk, AGENT, request)).replayed

    asyncio.run(scene())


def test_confirming_at_once_needs_a_guarantee() -> None:
    office = an_office()
    with pytest.raises(NotGuaranteed):
        asyncio.run(booked(office, to=ReservationState.CONFIRMED))
    body = asyncio.run(booked(office, "k2", to=ReservationState.CONFIRMED, guarantee=Guarantee.CARD)).body
    assert (body["status"], body["expires_at"]) == ("confirmed", None)


def test_an_agent_keeps_no_more_live_holds_than_allowed() -> None:
    hotel = a_hotel()
    office = an_office(replace(hotel, rules=replace(hotel.rules, max_live_holds=2)))

    async def scene() -> None:
        await booked(office, "k1")
        await booked(office, "k2")
        with pytest.raises(TooManyHolds):
            await booked(office, "k3")
        office.clock.advance(seconds=office.hotel.rules.hold.total_seconds())
        assert (await booked(office, "k4")).body["status"] == "hold"

    asyncio.run(scene())


def test_dates_and_codes_are_quoted_once_for_a_key() -> None:
    office = an_office()
    office.pms.fail_next("create_booking", PmsUnavailable("down"))

    async def scene() -> None:
        wish = a_wish(room_type="STD", rate_plan="UAI-FLEX")
        request = BookRequest(ReservationState.OPTION, "k", wish=wish, card=CALLER, option_for=timedelta(hours=2))
        with pytest.raises(PmsUnavailable):
            await book_stay(office.desk, AGENT, request)
        body = (await book_stay(office.desk, AGENT, request)).body
        assert (body["room_type"], body["rate_plan"], body["status"]) == ("STD", "UAI-FLEX", "option")

    asyncio.run(scene())
    assert office.pms.count("read_rates") == 1


def test_a_booking_without_a_guest_says_so_and_writes_nothing() -> None:
    office = an_office()
    with pytest.raises(InvalidInput):
        asyncio.run(booked(office, card=None))
    assert office.pms.count("create_booking") == 0
