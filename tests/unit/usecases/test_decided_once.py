"""What was decided before a call left is not decided again, and who slept too long sends nothing."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from domain.errors import InFlight, KeyReused, NoRoomLeft, Refused, TooManyHolds
from domain.money import Money
from domain.reservation import Guarantee, PmsRef, ReservationState
from integration.errors import OutcomePending, OutcomeUnknown, PmsOutcomeUnknown, PmsUnavailable
from integration.ports.pms import BookingChange
from integration.ports.records import IntentState
from integration.usecases.book_stay import BookRequest, book_stay
from integration.usecases.change_reservation import change_reservation
from integration.usecases.change_wish import ChangeWish
from integration.usecases.desk import Desk
from integration.usecases.move_reservation import fetch, take_option
from integration.usecases.opening import LATE
from integration.usecases.pay_reservation import pay_reservation
from integration.usecases.resolve_intents import resolve_intents
from integration.usecases.write_guest import GuestCard
from tests.builders import a_hotel
from tests.fakes.desk import Office, an_office
from tests.unit.usecases.selling import ADMIN, AGENT, CALLER, a_wish, booked, quoted
from tests.unit.usecases.test_recovery import Killed, killed_at, with_known_guest


def dearer(office: Office) -> None:
    """Every price of the house is another one from now on."""
    house = office.pms.house(office.hotel)
    for room_type in office.hotel.room_types:
        for plan in office.hotel.rate_plans.values():
            house.prices |= {(room_type, code, None): Decimal(99_999) for _, code in plan.pms_codes}


@pytest.mark.parametrize("by", ["the_same_key", "the_resolver"])
def test_a_change_that_died_after_the_pms_is_finished_at_the_price_that_was_sent(by: str) -> None:
    office = an_office()

    async def scene() -> None:
        one = (await booked(office)).body["reservation_id"]
        wish = ChangeWish(nights=8)
        with pytest.raises(Killed):
            await change_reservation(killed_at(office, "pms_answered"), AGENT, one, "c", wish)
        (sent,) = (held.booking.total for held in office.pms.house(office.hotel).bookings.values())
        dearer(office)
        office.clock.advance(minutes=2)
        if by == "the_resolver":
            await resolve_intents(office.desk, ADMIN)
        else:
            await change_reservation(office.desk, AGENT, one, "c", wish)
        after = await fetch(office.desk, one)
        assert after.stay.night_count == 8
        assert after.total == sent
        assert sum(price.amount for price in after.nightly_prices()) == after.total.amount

    asyncio.run(scene())


def test_what_never_left_is_priced_anew() -> None:
    office = an_office()

    async def scene() -> None:
        one = (await booked(office)).body["reservation_id"]
        before = (await fetch(office.desk, one)).total
        wish = ChangeWish(nights=14)
        with pytest.raises(Killed):
            await change_reservation(killed_at(office, "intent_stored"), AGENT, one, "c", wish)
        dearer(office)
        office.clock.advance(minutes=2)
        await change_reservation(office.desk, AGENT, one, "c", wish)
        assert (await fetch(office.desk, one)).total.amount > before.amount * Decimal(10)

    asyncio.run(scene())


def slow_to_prepare(office: Office, seconds: float) -> None:
    """Every PMS call takes this long."""
    office.pms.delay = seconds


def test_the_settle_time_counts_from_when_the_call_left_not_from_when_it_was_planned() -> None:
    office = an_office()
    slow = LATE.total_seconds() + 1

    async def scene() -> None:
        one = (await booked(office)).body["reservation_id"]
        slow_to_prepare(office, slow)
        office.pms.fail_next("change_booking", PmsOutcomeUnknown("lost"))
        planned = office.clock.now()
        with pytest.raises(OutcomeUnknown):
            await change_reservation(office.desk, AGENT, one, "c", ChangeWish(nights=8))
        intent = await office.desk.store.read(lambda tx: tx.intent_of_key(office.hotel.hotel_id, AGENT.name, "c"))
        assert intent is not None
        assert intent.sent_at is not None
        assert intent.sent_at >= planned + timedelta(seconds=slow)

    asyncio.run(scene())


def asleep_until_taken_over(office: Office) -> Desk:
    """The same desk in a process that is stopped before the call, for so long that its key is taken up elsewhere."""

    def sleep(name: str) -> None:
        if name == "intent_stored":
            office.clock.advance(seconds=61)

    return replace(office.desk, point=sleep)


def test_a_caller_that_slept_past_its_deadline_sends_nothing_once_its_key_was_taken_up() -> None:
    office = an_office()
    other = {"ran": False}

    async def scene() -> None:
        one = (await booked(office)).body["reservation_id"]
        wish = ChangeWish(nights=8)

        async def taken_up(_operation: str) -> None:
            if not other["ran"]:
                other["ran"] = True
                office.pms.fail_next("read_booking", PmsOutcomeUnknown("-"))
                with pytest.raises((OutcomeUnknown, PmsOutcomeUnknown)):
                    await change_reservation(office.desk, AGENT, one, "c", wish)

        office.pms.before = taken_up
        with pytest.raises(InFlight):
            await change_reservation(asleep_until_taken_over(office), AGENT, one, "c", wish)

    asyncio.run(scene())
    assert office.pms.count("change_booking") == 0


def test_holds_on_their_way_count_against_the_cap() -> None:
    hotel = a_hotel()
    office = an_office(replace(hotel, rules=replace(hotel.rules, max_live_holds=1)))

    async def scene() -> None:
        await with_known_guest(office)
        first = BookRequest(
            ReservationState.HOLD, "first", offer_id=(await quoted(office)).offer.offer_id, pick=1, card=CALLER
        )
        with pytest.raises(Killed):
            await book_stay(killed_at(office, "pms_answered"), AGENT, first)
        with pytest.raises(TooManyHolds):
            await booked(office, "second")
        office.clock.advance(minutes=2)
        assert (await book_stay(office.desk, AGENT, first)).body["status"] == "hold"

    asyncio.run(scene())


def test_a_hold_that_died_on_its_way_blocks_the_cap_no_longer_than_a_hold_lives() -> None:
    hotel = a_hotel()
    office = an_office(replace(hotel, rules=replace(hotel.rules, max_live_holds=1)))

    async def scene() -> None:
        with pytest.raises(Killed):
            await booked(replace(office, desk=killed_at(office, "intent_stored")), "first")
        office.clock.advance(seconds=hotel.rules.hold.total_seconds() + 1)
        assert (await booked(office, "second")).body["status"] == "hold"
        intent = await office.desk.store.read(lambda tx: tx.intent_of_key(hotel.hotel_id, AGENT.name, "first"))
        assert intent is not None
        assert intent.state is IntentState.SENT

    asyncio.run(scene())


def by_dates(key: str, card: GuestCard = CALLER) -> BookRequest:
    """A hold by dates and codes."""
    return BookRequest(ReservationState.HOLD, key, wish=a_wish(room_type="STD", rate_plan="UAI-FLEX"), card=card)


def test_a_sale_by_dates_that_never_left_is_quoted_anew_once_its_offer_is_over() -> None:
    office = an_office()

    async def scene() -> None:
        office.pms.fail_next("create_booking", PmsUnavailable("down"))
        with pytest.raises(PmsUnavailable):
            await book_stay(office.desk, AGENT, by_dates("k"))
        dearer(office)
        office.clock.advance(days=1)
        made = (await book_stay(office.desk, AGENT, by_dates("k"))).body
        (sent,) = (held.booking.total for held in office.pms.house(office.hotel).bookings.values())
        assert sent is not None
        assert sent.amount > Decimal(99_999)
        assert made["total"]["amount"] == str(sent.amount)

    asyncio.run(scene())


def test_a_sale_by_dates_that_may_have_happened_keeps_the_offer_it_was_sent_with() -> None:
    office = an_office()

    async def scene() -> None:
        await with_known_guest(office)
        with pytest.raises(Killed):
            await book_stay(killed_at(office, "pms_answered"), AGENT, by_dates("k"))
        (sent,) = (held.booking.total for held in office.pms.house(office.hotel).bookings.values())
        dearer(office)
        office.clock.advance(hours=2)
        assert len((await resolve_intents(office.desk, ADMIN)).adopted) == 1
        made = (await book_stay(office.desk, AGENT, by_dates("k"))).body
        assert sent is not None
        assert made["total"]["amount"] == str(sent.amount)

    asyncio.run(scene())


def test_a_retry_for_a_guest_on_somebody_elses_telephone_makes_no_second_guest() -> None:
    office = an_office()
    other = replace(CALLER, name="Mehmet Kaya")

    async def scene() -> None:
        await book_stay(office.desk, AGENT, by_dates("first"))
        once = (await book_stay(office.desk, AGENT, by_dates("k", other))).body
        again = await book_stay(office.desk, AGENT, by_dates("k", other))
        assert again.replayed
        assert again.body["guest_id"] == once["guest_id"]
        with pytest.raises(KeyReused):
            await book_stay(office.desk, AGENT, by_dates("k", CALLER))

    asyncio.run(scene())


def test_a_no_of_today_says_nothing_about_a_try_that_may_have_happened() -> None:
    office = an_office()

    async def scene() -> None:
        await with_known_guest(office)
        with pytest.raises(Killed):
            await book_stay(killed_at(office, "intent_stored"), AGENT, by_dates("k"))
        office.pms.house(office.hotel).is_closed = True
        office.clock.advance(seconds=61)
        with pytest.raises(OutcomePending):
            await book_stay(office.desk, AGENT, by_dates("k"))
        office.clock.advance(minutes=5)
        with pytest.raises(NoRoomLeft):
            await book_stay(office.desk, AGENT, by_dates("k"))
        with pytest.raises(NoRoomLeft):
            await book_stay(office.desk, AGENT, by_dates("k"))

    asyncio.run(scene())


def test_writes_that_never_left_do_not_stand_before_one_that_may_have_happened() -> None:
    office = an_office()

    async def scene() -> None:
        await with_known_guest(office)
        for number in range(3):
            office.pms.fail_next("create_booking", PmsUnavailable("down"))
            with pytest.raises(PmsUnavailable):
                await book_stay(office.desk, AGENT, by_dates(f"open-{number}"))
        with pytest.raises(Killed):
            await book_stay(killed_at(office, "pms_answered"), AGENT, by_dates("k"))
        office.clock.advance(minutes=2)
        assert len((await resolve_intents(office.desk, ADMIN, limit=2)).adopted) == 1

    asyncio.run(scene())


def test_a_hold_the_hotel_has_confirmed_does_not_fall_back_to_an_option() -> None:
    office = an_office()

    async def scene() -> None:
        one = (await booked(office)).body
        office.pms.house(office.hotel).change(
            PmsRef(one["pms_ref"]), BookingChange(guarantee_code="CARD"), office.hotel.today(office.clock.now())
        )
        with pytest.raises(Refused, match="confirmed"):
            await take_option(office.desk, AGENT, one["reservation_id"], "o")
        assert office.pms.house(office.hotel).held(PmsRef(one["pms_ref"])).booking.guarantee_code == "CARD"

    asyncio.run(scene())


def test_a_resolver_that_read_an_intent_before_its_key_was_repeated_takes_nothing_back() -> None:
    office = an_office()
    stale = {"is_armed": False}

    async def scene() -> None:
        await with_known_guest(office)
        with pytest.raises(Killed):
            await book_stay(killed_at(office, "intent_stored"), AGENT, by_dates("k"))
        office.clock.advance(minutes=2)

        async def meanwhile(operation: str) -> None:
            """The resolver is about to look: its agent comes back first, sells and changes the stay."""
            if stale["is_armed"] and operation == "find_bookings":
                stale["is_armed"] = False
                made = (await book_stay(office.desk, AGENT, by_dates("k"))).body["reservation_id"]
                await change_reservation(office.desk, AGENT, made, "c", ChangeWish(nights=14))

        office.pms.before = meanwhile
        stale["is_armed"] = True
        await resolve_intents(office.desk, ADMIN)

    asyncio.run(scene())
    (held,) = office.pms.house(office.hotel).bookings.values()
    assert held.booking.status == "Reserved"
    assert held.booking.stay.night_count == 14


def test_a_resolver_that_read_an_intent_before_its_key_was_repeated_sets_no_guarantee_back() -> None:
    office = an_office()
    stale = {"is_armed": False}

    async def scene() -> None:
        await with_known_guest(office)
        with pytest.raises(Killed):
            await book_stay(killed_at(office, "intent_stored"), AGENT, by_dates("k"))
        office.clock.advance(minutes=2)

        async def meanwhile(operation: str) -> None:
            """The resolver is about to look: its agent comes back first, sells and takes the deposit."""
            if stale["is_armed"] and operation == "find_bookings":
                stale["is_armed"] = False
                made = (await book_stay(office.desk, AGENT, by_dates("k"))).body
                due = Money.of(made["deposit_due"]["amount"], made["deposit_due"]["currency"])
                await pay_reservation(office.desk, AGENT, made["reservation_id"], "p", due, "cash")

        office.pms.before = meanwhile
        stale["is_armed"] = True
        await resolve_intents(office.desk, ADMIN)

    asyncio.run(scene())
    (held,) = office.pms.house(office.hotel).bookings.values()
    assert held.booking.guarantee_code == office.hotel.pms.guarantee_codes[Guarantee.DEPOSIT]
