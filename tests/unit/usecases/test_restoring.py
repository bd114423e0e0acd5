"""After the restore of an older backup: the proof by comparison, and keys from before that find their records again."""

import asyncio
from datetime import timedelta

from domain.money import Money
from domain.reservation import ReservationState
from integration.errors import PmsUnavailable
from integration.usecases.book_stay import BookRequest, book_stay
from integration.usecases.pay_reservation import pay_reservation
from integration.usecases.prove_restore import prove_restore
from tests.fakes.desk import Office, an_office
from tests.unit.usecases.selling import AGENT, CALLER, a_wish, booked
from tests.unit.usecases.test_reconcile import MEND, compared, every, forget, play


def request() -> BookRequest:
    wish = a_wish(room_type="STD", rate_plan="UAI-FLEX")
    return BookRequest(ReservationState.HOLD, "k", wish=wish, card=CALLER)


def test_a_key_from_before_a_restore_finds_the_same_record() -> None:
    async def story(office: Office) -> None:
        first = (await book_stay(office.desk, AGENT, request())).body
        await forget(office, (await every(office))[0])
        await prove_restore(office.desk)
        again = await book_stay(office.desk, AGENT, request())
        assert (again.replayed, again.body["pms_ref"], again.body["request_key"]) == (True, first["pms_ref"], "k")
        assert (again.body["total"], again.body["guest_id"]) == (first["total"], first["guest_id"])
        third = await book_stay(office.desk, AGENT, request())
        assert third.body["reservation_id"] == again.body["reservation_id"]

    assert play(story).pms.count("create_booking") == 1


def test_so_it_does_after_a_repair_and_when_its_offer_is_lost() -> None:
    async def story(office: Office) -> None:
        first = (await booked(office, "k")).body
        await forget(office, (await every(office))[0])
        await compared(office, MEND)
        lost = BookRequest(ReservationState.HOLD, "k", offer_id="off_lost", pick=1, card=CALLER)
        assert (await book_stay(office.desk, AGENT, lost)).body["pms_ref"] == first["pms_ref"]

    assert play(story).pms.count("create_booking") == 1


def test_without_a_restore_a_new_key_costs_the_pms_no_search() -> None:
    async def story(office: Office) -> None:
        await booked(office)

    assert play(story).pms.count("find_bookings") == 0


def test_a_month_after_a_restore_new_keys_are_no_longer_looked_for() -> None:
    async def story(office: Office) -> None:
        await prove_restore(office.desk)
        office.clock.advance(days=31)
        before = office.pms.count("find_bookings")
        await booked(office)
        assert office.pms.count("find_bookings") == before

    play(story)


def test_a_payment_from_before_a_restore_is_neither_sent_nor_counted_twice() -> None:
    async def story(office: Office) -> None:
        one = (await booked(office, "k")).body["reservation_id"]
        amount = Money.of("400", "EUR")
        await pay_reservation(office.desk, AGENT, one, "p", amount, "cash")
        await forget(office, (await every(office))[0])
        await prove_restore(office.desk)
        await compared(office, MEND)
        (made,) = await every(office)
        answer = await pay_reservation(office.desk, AGENT, made.reservation_id, "p", amount, "cash")
        assert answer.body["paid"] == {"amount": "400.00", "currency": "EUR"}

    assert play(story).pms.count("post_deposit") == 1


def test_the_proof_says_what_differs_and_when_the_pms_did_not_answer() -> None:
    office = an_office()

    async def scene() -> None:
        await booked(office, "k")
        await forget(office, (await every(office))[0])
        (proof,) = await prove_restore(office.desk)
        assert proof.comparison is not None
        assert (proof.comparison.counts["missing_here"], proof.error) == (1, None)
        office.pms.fail_next("page_bookings", PmsUnavailable("down"))
        (unproven,) = await prove_restore(office.desk)
        assert (unproven.comparison, unproven.error) == (None, "pms_unavailable")
        at = await office.desk.store.read(lambda tx: tx.last_restore(office.hotel.hotel_id))
        assert at is not None
        assert office.clock.now() - at < timedelta(minutes=1)

    asyncio.run(scene())
