"""The 24-hour watch: what a lost request does long after its connection dropped is seen and set right."""

import asyncio
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from domain.money import Money
from domain.reservation import Guarantee, ReservationState
from integration.errors import OutcomeUnknown, PmsOutcomeUnknown, PmsUnavailable
from integration.ports.pms import Deposit
from integration.ports.records import Intent, TaskKind
from integration.usecases.book_stay import BookRequest, book_stay
from integration.usecases.cancel_reservation import cancel_reservation
from integration.usecases.move_reservation import confirm_reservation, fetch
from integration.usecases.pay_reservation import pay_reservation
from integration.usecases.resolve_intents import resolve_intents
from integration.usecases.watch_intents import next_look, watch_intents
from tests.fakes.desk import Office, an_office
from tests.unit.usecases.selling import ADMIN, AGENT, CALLER, booked, quoted
from tests.unit.usecases.test_reconcile import every, nothing_is_wrong, play, ref
from tests.unit.usecases.test_recovery import kinds, with_known_guest

LOST = PmsOutcomeUnknown("lost")


def live(office: Office) -> list[str]:
    """Numbers of the records that keep a room."""
    bookings = office.pms.house(office.hotel).bookings
    return [number for number, held in bookings.items() if held.booking.status == "Reserved"]


async def doubled(office: Office) -> str:
    """A sale whose lost first try runs after the second was acknowledged; the number that the caller was told."""
    await with_known_guest(office)
    quote = await quoted(office)
    request = BookRequest(
        ReservationState.CONFIRMED, "k", offer_id=quote.offer.offer_id, pick=1, card=CALLER, guarantee=Guarantee.CARD
    )
    office.pms.fail_next("create_booking", LOST, late=True)
    with pytest.raises(OutcomeUnknown):
        await book_stay(office.desk, AGENT, request)
    office.clock.advance(seconds=office.hotel.rules.settle.total_seconds() + 1)
    answer = await book_stay(office.desk, AGENT, request)
    office.pms.run_late()
    return str(answer.body["pms_ref"])


def test_without_the_watch_two_live_records_stay() -> None:
    async def story(office: Office) -> None:
        await doubled(office)
        office.clock.advance(hours=1)
        await resolve_intents(office.desk, ADMIN)
        assert len(live(office)) == 2

    play(story)


def test_the_watch_cancels_the_surplus_record_and_never_the_acknowledged_one() -> None:
    async def story(office: Office) -> None:
        told = await doubled(office)
        office.clock.advance(minutes=2)
        watched = await watch_intents(office.desk, ADMIN)
        assert [what.split(":")[0] for _, what in watched.seen] == ["cancelled"]
        assert live(office) == [told]
        rows = await office.desk.store.read(lambda tx: tx.tail_audit(5))
        assert any("surplus_cancelled" in row for row in rows)
        office.clock.advance(hours=3)
        assert (await watch_intents(office.desk, ADMIN)).seen == ()
        await nothing_is_wrong(office)

    assert kinds(play(story)) == [TaskKind.CHECK_BOOKING]


def test_a_surplus_whose_cancellation_is_lost_is_tried_again() -> None:
    async def story(office: Office) -> None:
        told = await doubled(office)
        office.clock.advance(minutes=2)
        office.pms.fail_next("cancel_booking", PmsUnavailable("down"))
        assert [why for _, why in (await watch_intents(office.desk, ADMIN)).left] == ["pms_unavailable"]
        assert len(live(office)) == 2
        assert len((await watch_intents(office.desk, ADMIN)).seen) == 1
        assert live(office) == [told]

    play(story)


def test_a_record_that_appears_after_its_key_was_given_up_is_cancelled() -> None:
    async def story(office: Office) -> None:
        await with_known_guest(office)
        office.pms.fail_next("create_booking", LOST, late=True)
        with pytest.raises(OutcomeUnknown):
            await booked(office, "k")
        office.clock.advance(days=1, minutes=1)
        await resolve_intents(office.desk, ADMIN)
        office.pms.run_late()
        office.clock.advance(minutes=2)
        await watch_intents(office.desk, ADMIN)
        assert live(office) == []
        await nothing_is_wrong(office)

    play(story)


def test_a_late_cancellation_that_was_given_up_is_adopted_with_a_task() -> None:
    async def story(office: Office) -> None:
        one = (await booked(office, "k", ReservationState.CONFIRMED, guarantee=Guarantee.CARD)).body["reservation_id"]
        office.pms.fail_next("cancel_booking", LOST, late=True)
        with pytest.raises(OutcomeUnknown):
            await cancel_reservation(office.desk, AGENT, one, "x")
        office.clock.advance(days=1, minutes=1)
        await resolve_intents(office.desk, ADMIN)
        office.pms.run_late()
        office.clock.advance(minutes=2)
        assert [what for _, what in (await watch_intents(office.desk, ADMIN)).seen] == ["adopted"]
        assert (await fetch(office.desk, one)).state is ReservationState.CANCELLED
        office.clock.advance(hours=3)
        assert (await watch_intents(office.desk, ADMIN)).seen == ()

    assert kinds(play(story)) == [TaskKind.CHECK_BOOKING]


def test_a_late_twin_of_an_older_write_is_told_and_not_adopted() -> None:
    async def story(office: Office) -> None:
        one = (await booked(office)).body["reservation_id"]
        office.pms.fail_next("change_booking", LOST, late=True)
        with pytest.raises(OutcomeUnknown):
            await confirm_reservation(office.desk, AGENT, one, "c", Guarantee.COMPANY)
        office.clock.advance(seconds=office.hotel.rules.settle.total_seconds() + 1)
        await confirm_reservation(office.desk, AGENT, one, "c", Guarantee.COMPANY)
        house = office.pms.house(office.hotel)
        number = ref(await fetch(office.desk, one))
        house.bookings[number].booking = replace(house.bookings[number].booking, guarantee_code="CARD")
        office.clock.advance(minutes=2)
        assert [what for _, what in (await watch_intents(office.desk, ADMIN)).seen] == ["told"]
        assert (await fetch(office.desk, one)).guarantee is Guarantee.COMPANY

    assert kinds(play(story)) == [TaskKind.CHECK_BOOKING]


def test_a_deposit_that_shows_twice_is_a_refund_for_a_person() -> None:
    async def story(office: Office) -> None:
        one = (await booked(office)).body["reservation_id"]
        office.pms.fail_next("post_deposit", LOST, executed=True)
        office.pms.fail_next("read_deposits", PmsUnavailable("down"))
        for _ in range(3):
            office.pms.fail_next("read_deposits", PmsUnavailable("down"))
        with pytest.raises(OutcomeUnknown):
            await pay_reservation(office.desk, AGENT, one, "p", Money.of("50", "EUR"), "cash")
        await resolve_intents(office.desk, ADMIN)
        house, number = office.pms.house(office.hotel), ref((await every(office))[0])
        house.pay(number, Deposit(house.bookings[number].deposits[0].reference, Money.of("50", "EUR")), None)
        office.clock.advance(minutes=2)
        assert [what for _, what in (await watch_intents(office.desk, ADMIN)).seen] == ["told"]

    assert kinds(play(story)) == [TaskKind.REFUND]


def test_the_guests_only_live_record_is_told_and_not_cancelled() -> None:
    async def story(office: Office) -> None:
        told = await doubled(office)
        office.pms.house(office.hotel).cancel((await every(office))[0].pms_ref, "desk", "")  # type: ignore[arg-type]
        office.clock.advance(minutes=2)
        await watch_intents(office.desk, ADMIN)
        assert len(live(office)) == 1
        assert told not in live(office)

    assert kinds(play(story)) == [TaskKind.CHECK_BOOKING]


def test_looks_grow_rarer_and_the_watch_ends() -> None:
    async def story(office: Office) -> None:
        await doubled(office)
        looks = 0
        end = office.clock.now() + timedelta(hours=30)
        while office.clock.now() < end:
            office.clock.advance(seconds=30)
            before = office.pms.count("find_bookings")
            await watch_intents(office.desk, ADMIN)
            looks += office.pms.count("find_bookings") > before
        assert 30 <= looks <= 50
        assert (await office.desk.store.read(lambda tx: tx.watched_intents(end + timedelta(days=9), 10))) == []

    play(story)


def test_the_last_look_is_when_the_watch_ends() -> None:
    at = datetime.combine(date(2027, 5, 1), datetime.min.time()).astimezone()
    one = intent(at, at + timedelta(hours=24))
    assert next_look(one, at + timedelta(hours=23)) == at + timedelta(hours=24)
    assert next_look(one, at + timedelta(minutes=3)) == at + timedelta(minutes=4)


def intent(settled_at: datetime, until: datetime) -> Intent:
    office = an_office()

    async def made() -> Intent:
        await booked(office, "k")
        found = await office.desk.store.read(lambda tx: tx.intent_of_key(office.hotel.hotel_id, AGENT.name, "k"))
        assert found is not None
        return replace(found, settled_at=settled_at, watch_until=until)

    return asyncio.run(made())


def test_two_watchers_do_not_race() -> None:
    async def story(office: Office) -> None:
        await doubled(office)
        office.clock.advance(minutes=2)
        now = office.clock.now()
        await office.desk.store.transact(lambda tx: tx.take_lease("watch", "other", now, now + timedelta(minutes=1)))
        assert (await watch_intents(office.desk, ADMIN)).is_elsewhere
        assert len(live(office)) == 2

    play(story)
