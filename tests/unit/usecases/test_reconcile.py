"""Both ways: what the PMS has and we do not, what we have and it does not, what is not alike; and the mending of it."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from domain.errors import Forbidden
from domain.money import Money
from domain.reservation import Guarantee, PmsRef, Reservation, ReservationId, ReservationState
from domain.stay import Party, StayDates
from integration.errors import OutcomeUnknown, PmsOutcomeUnknown, PmsProtocolError, PmsUnavailable
from integration.ports.comparisons import Comparison, Finding, FindingKind
from integration.ports.pms import BookingChange, BookingPage, Deposit, UnreadableBooking
from integration.ports.records import IntentState, TaskKind
from integration.ports.store import Tx
from integration.usecases.book_stay import BookRequest, book_stay
from integration.usecases.cancel_reservation import cancel_reservation
from integration.usecases.desk import Desk
from integration.usecases.lapse_reservations import lapse_due
from integration.usecases.move_reservation import confirm_reservation, fetch, take_option
from integration.usecases.pay_reservation import pay_reservation
from integration.usecases.reconcile import ReconcileWish, left_of, reconcile
from integration.usecases.reconcile_window import Span, next_window
from integration.usecases.writing import LOOKUPS_S
from tests.fakes.desk import Office, an_office
from tests.unit.usecases.selling import ADMIN, AGENT, CALLER, booked, quoted
from tests.unit.usecases.test_recovery import Killed, kinds

PLAIN, MEND = ReconcileWish(), ReconcileWish(repairs=True)
TODAY = date(2027, 5, 1)


def play(story: Callable[[Office], Coroutine[Any, Any, None]]) -> Office:
    """Run a story in an office of its own."""
    office = an_office()
    asyncio.run(story(office))
    return office


async def compared(office: Office, wish: ReconcileWish = PLAIN) -> tuple[Comparison, list[Finding]]:
    """A comparison and what it found."""
    one = await reconcile(office.desk, ADMIN, wish)
    return one, await office.desk.store.read(lambda tx: tx.findings(one.comparison_id, after=0, limit=500))


async def nothing_is_wrong(office: Office) -> None:
    """A comparison that begins now finds nothing."""
    _, found = await compared(office, ReconcileWish(again=True))
    assert found == []


def fields(one: Finding) -> list[tuple[str, str | None, str | None]]:
    return [(gap.field, gap.here, gap.there) for gap in one.gaps]


async def sold(office: Office, key: str = "key-1") -> Reservation:
    """A reservation confirmed by card."""
    body = (await booked(office, key, ReservationState.CONFIRMED, guarantee=Guarantee.CARD)).body
    return await fetch(office.desk, body["reservation_id"])


async def forget(office: Office, one: Reservation) -> None:
    """Our store loses a reservation, as after the restore of an older backup."""

    def work(tx: object) -> None:
        connection = tx._connection  # type: ignore[attr-defined]
        for table in ("history", "reservations"):
            connection.execute(f"DELETE FROM {table} WHERE reservation_id = ?", (one.reservation_id,))
        connection.execute("DELETE FROM answers WHERE hotel_id = ?", (one.hotel_id,))
        connection.execute("DELETE FROM intents WHERE hotel_id = ?", (one.hotel_id,))

    await office.desk.store.transact(work)


def ref(one: Reservation) -> PmsRef:
    assert one.pms_ref is not None
    return one.pms_ref


def test_every_state_we_can_make_agrees_with_the_pms() -> None:
    async def story(office: Office) -> None:
        for key in ("hold", "option", "paid", "cancelled", "expired"):
            await booked(office, key)
        ids = {one.request_key: one.reservation_id for one in await every(office)}
        await take_option(office.desk, AGENT, ids["option"], "o")
        await pay_reservation(office.desk, AGENT, ids["paid"], "p", Money.of("400", "EUR"), "cash")
        await cancel_reservation(office.desk, AGENT, ids["cancelled"], "c")
        await sold(office, "card")
        one, found = await compared(office)
        assert (found, one.counts["here"], one.counts["there"], one.counts["same"]) == ([], 6, 6, 6)
        office.clock.advance(minutes=16)
        await nothing_is_wrong(office)
        await lapse_due(office.desk, ADMIN)
        await nothing_is_wrong(office)

    play(story)


async def every(office: Office) -> list[Reservation]:
    return await office.desk.store.read(lambda tx: tx.list_reservations(limit=200))


def test_records_of_other_systems_are_counted_and_are_no_error() -> None:
    async def story(office: Office) -> None:
        one = await sold(office)
        house = office.pms.house(office.hotel)
        held = house.bookings[ref(one)]
        other = replace(held, system_code="OTA", booking=replace(held.booking, pms_ref=PmsRef("9"), references=("X",)))
        house.bookings[PmsRef("9")] = other
        compared_, found = await compared(office)
        assert (found, compared_.counts["others"]) == ([], 1)

    play(story)


def test_what_the_desk_changed_is_different_field_by_field_and_the_pms_wins() -> None:
    async def story(office: Office) -> None:
        one = await sold(office)
        house = office.pms.house(office.hotel)
        stay = StayDates.of_nights(one.stay.check_in + timedelta(days=200), 3)
        nightly = tuple(replace(night, night=day) for night, day in zip(one.nightly, stay.nights(), strict=False))
        change = BookingChange(None, stay, Party(3, ()), 1, "FAM", "UAI-FLEX", nightly)
        house.change(ref(one), change, TODAY)
        house.pay(ref(one), Deposit("DESK", Money.of("70", "EUR")), "PAID")
        _, (finding,) = await compared(office)
        assert (finding.kind, finding.reservation_id, finding.pms_ref) == (
            FindingKind.DIFFERENT, one.reservation_id, one.pms_ref,
        )  # fmt: skip
        named = [name for name, _, _ in fields(finding)]
        assert named == [
            "guarantee", "check_in", "check_out", "adults", "child_ages", "room_type", "rate_code", "total", "paid",
        ]  # fmt: skip
        assert ("paid", "0.00 EUR", "70.00 EUR") in fields(finding)
        mended, found = await compared(office, MEND)
        assert [each.repair for each in found] == ["adopted"]
        assert await office.desk.store.read(lambda tx: left_of(tx, mended)) == 0
        after = await fetch(office.desk, one.reservation_id)
        assert (after.stay, after.party, after.room_type, after.board) == (stay, Party(3, ()), "FAM", "UAI")
        assert (after.guarantee, str(after.paid), after.nightly) == (Guarantee.DEPOSIT, "70.00 EUR", nightly)
        line = (await office.desk.store.read(lambda tx: tx.history(one.reservation_id)))[-1]
        assert (line.action, dict(line.detail)["room_type"]) == ("adopted_from_pms", f"{one.room_type} > FAM")
        await nothing_is_wrong(office)

    play(story)


def test_a_cancellation_at_the_desk_is_adopted_and_money_becomes_a_task() -> None:
    async def story(office: Office) -> None:
        one = (await booked(office)).body["reservation_id"]
        await pay_reservation(office.desk, AGENT, one, "p", Money.of("400", "EUR"), "cash")
        office.pms.house(office.hotel).cancel(ref(await fetch(office.desk, one)), "desk", "")
        _, (finding,) = await compared(office, MEND)
        assert fields(finding) == [("status", "confirmed", "cancelled")]
        assert (await fetch(office.desk, one)).state is ReservationState.CANCELLED
        await nothing_is_wrong(office)

    assert kinds(play(story)) == [TaskKind.CHECK_BOOKING]


def test_guests_who_come_and_go_are_followed_and_are_no_difference() -> None:
    async def story(office: Office) -> None:
        one = await sold(office)
        house = office.pms.house(office.hotel)
        house.set_status(ref(one), "InHouse")
        first, found = await compared(office)
        assert (found, first.counts["followed"]) == ([], 1)
        assert (await fetch(office.desk, one.reservation_id)).state is ReservationState.CONFIRMED
        house.set_status(ref(one), "CheckedOut")
        _, found = await compared(office, MEND)
        assert found == []
        assert (await fetch(office.desk, one.reservation_id)).state is ReservationState.CHECKED_OUT
        await nothing_is_wrong(office)

    play(story)


def test_a_record_we_lost_is_made_from_the_pms_with_its_guest() -> None:
    async def story(office: Office) -> None:
        one = await sold(office)
        held = (await booked(office, "h")).body["reservation_id"]
        option = await fetch(office.desk, held)
        await take_option(office.desk, AGENT, held, "o")
        option = await fetch(office.desk, held)
        for each in (one, option):
            await forget(office, each)
        _, found = await compared(office)
        assert [(each.kind, each.reservation_id, fields(each)) for each in found] == [
            (FindingKind.MISSING_HERE, None, [("status", None, "confirmed")]),
            (FindingKind.MISSING_HERE, None, [("status", None, "option")]),
        ]
        _, found = await compared(office, MEND)
        assert [each.repair for each in found] == ["made", "made"]
        made = {each.pms_ref: each for each in await every(office)}[one.pms_ref]
        assert (made.state, made.total, made.guest_id, made.request_key) == (
            one.state, one.total, one.guest_id, one.external_ref,
        )  # fmt: skip
        again = {each.pms_ref: each for each in await every(office)}[option.pms_ref]
        assert (again.state, again.expires_at, again.nightly) == (option.state, option.expires_at, option.nightly)
        await nothing_is_wrong(office)

    play(story)


def test_a_record_the_pms_lost_ends_ours_with_a_task() -> None:
    async def story(office: Office) -> None:
        one = await sold(office)
        del office.pms.house(office.hotel).bookings[ref(one)]
        _, (finding,) = await compared(office, MEND)
        assert (finding.kind, finding.repair, fields(finding)) == (
            FindingKind.MISSING_IN_PMS, "cancelled_here", [("status", "confirmed", None)],
        )  # fmt: skip
        assert (await fetch(office.desk, one.reservation_id)).state is ReservationState.CANCELLED
        await nothing_is_wrong(office)

    assert kinds(play(story)) == [TaskKind.CHECK_BOOKING]


def test_a_surplus_record_is_cancelled_and_the_one_we_name_stays() -> None:
    async def story(office: Office) -> None:
        one = await sold(office)
        double(office, one, "100000")
        _, (finding,) = await compared(office)
        assert (finding.kind, finding.pms_ref, finding.reservation_id) == (
            FindingKind.SURPLUS, "100000", one.reservation_id,
        )  # fmt: skip
        _, (finding,) = await compared(office, MEND)
        assert finding.repair == "cancelled_in_pms"
        bookings = office.pms.house(office.hotel).bookings
        assert [bookings[PmsRef(number)].booking.status for number in (ref(one), "100000")] == ["Reserved", "Cancelled"]
        await nothing_is_wrong(office)

    assert kinds(play(story)) == [TaskKind.CHECK_BOOKING]


def double(office: Office, one: Reservation, number: str) -> None:
    """The PMS has a second live record with our reference."""
    house = office.pms.house(office.hotel)
    held = house.bookings[ref(one)]
    house.bookings[PmsRef(number)] = replace(held, booking=replace(held.booking, pms_ref=PmsRef(number)), deposits=[])


def test_the_guests_only_live_record_is_never_cancelled_as_surplus() -> None:
    async def story(office: Office) -> None:
        one = await sold(office)
        double(office, one, "777777")
        office.pms.house(office.hotel).cancel(ref(one), "desk", "")
        _, (finding,) = await compared(office, MEND)
        assert fields(finding) == [("pms_ref", one.pms_ref, "777777")]
        assert (await fetch(office.desk, one.reservation_id)).pms_ref == "777777"
        await nothing_is_wrong(office)

    play(story)


def test_a_confirmed_sale_that_is_a_hold_in_the_pms_is_left_to_a_person_once() -> None:
    async def story(office: Office) -> None:
        one = await sold(office)
        office.pms.house(office.hotel).change(ref(one), BookingChange(guarantee_code="HOLD"), TODAY)
        for _ in range(2):
            done, (finding,) = await compared(office, replace(MEND, again=True))
            assert finding.repair == "left:move_not_allowed"
            assert await office.desk.store.read(lambda tx, done=done: left_of(tx, done)) == 1  # type: ignore[misc]
        assert (await fetch(office.desk, one.reservation_id)).state is ReservationState.CONFIRMED

    assert kinds(play(story)) == [TaskKind.CHECK_BOOKING]


def test_a_write_under_way_is_no_difference() -> None:
    async def story(office: Office) -> None:
        one = (await booked(office)).body["reservation_id"]

        def die(name: str) -> None:
            if name == "pms_answered":
                raise Killed

        with pytest.raises(Killed):
            await confirm_reservation(replace(office.desk, point=die), AGENT, one, "c", Guarantee.CARD)
        done, found = await compared(office, MEND)
        assert (found, done.counts["unsettled"]) == ([], 1)
        assert (await fetch(office.desk, one)).state is ReservationState.HOLD

    play(story)


def test_a_sale_whose_outcome_stays_unknown_is_missing_here_after_ten_minutes_and_taken_in() -> None:
    async def story(office: Office) -> None:
        office.pms.fail_next("create_booking", PmsOutcomeUnknown("lost"), executed=True)
        for _ in LOOKUPS_S:
            office.pms.fail_next("find_bookings", PmsUnavailable("down"))
        quote = await quoted(office)
        request = BookRequest(
            ReservationState.CONFIRMED, "key-1", offer_id=quote.offer.offer_id, pick=1, card=CALLER,
            guarantee=Guarantee.CARD,
        )  # fmt: skip
        with pytest.raises(OutcomeUnknown):
            await book_stay(office.desk, AGENT, request)
        _, found = await compared(office, ReconcileWish(again=True))
        assert found == []
        office.clock.advance(minutes=11)
        _, (finding,) = await compared(office, ReconcileWish(again=True))
        assert finding.kind is FindingKind.MISSING_HERE

        async def no_resolver(operation: str) -> None:
            office.pms.before = None
            raise PmsUnavailable("down")

        office.pms.before = no_resolver
        _, (finding,) = await compared(office, MEND)
        assert (finding.kind, finding.repair) == (FindingKind.MISSING_HERE, "made")
        (made,) = await every(office)
        intent = await office.desk.store.read(lambda tx: tx.intent_of_key(made.hotel_id, AGENT.name, "key-1"))
        assert intent is not None
        assert (intent.state, intent.pms_ref) == (IntentState.DONE, made.pms_ref)
        again = await book_stay(office.desk, AGENT, request)
        assert (again.body["reservation_id"], again.replayed) == (made.reservation_id, True)
        await nothing_is_wrong(office)
        assert len(office.pms.house(office.hotel).bookings) == 1

    play(story)


def test_one_record_that_cannot_be_understood_is_a_finding_and_the_others_go_on() -> None:
    async def story(office: Office) -> None:
        ones = [await sold(office, f"k{number}") for number in range(3)]
        for one in ones:
            office.pms.house(office.hotel).cancel(ref(one), "desk", "")
        office.pms.fail_next("read_booking", PmsProtocolError("odd"))
        done, found = await compared(office)
        assert sorted(each.kind.value for each in found) == ["different", "different", "unreadable"]
        odd = next(each for each in found if each.kind is FindingKind.UNREADABLE)
        assert (odd.pms_ref, fields(odd)) == (ones[0].pms_ref, [("record", "confirmed", "unreadable")])
        assert await office.desk.store.read(lambda tx: left_of(tx, done)) == 3
        reads = iter(range(9))

        async def odd_one(operation: str) -> None:
            if operation == "read_booking" and next(reads) in {0, 3}:
                raise PmsProtocolError("odd")

        office.pms.before = odd_one
        mended, found = await compared(office, replace(MEND, again=True))
        assert [each.repair for each in found].count("left:pms_protocol_error") == 1
        assert await office.desk.store.read(lambda tx: left_of(tx, mended)) == 1
        assert [one.state for one in await every(office)].count(ReservationState.CANCELLED) == 2

    play(story)


def test_a_row_that_does_not_say_whose_it_is_is_named_by_its_number_or_its_place() -> None:
    async def story(office: Office) -> None:
        await sold(office)
        rows = (UnreadableBooking(7, PmsRef("77")), UnreadableBooking(9, None))
        pages = office.pms.page_bookings

        class Smudged:
            def __getattr__(self, name: str) -> object:
                return getattr(office.pms, name)

            async def page_bookings(self, *asked: Any) -> BookingPage:
                page = await pages(*asked)
                return replace(page, listed=page.listed + 2, unreadable=rows)

        desk = replace(office.desk, pms=Smudged())  # type: ignore[arg-type]
        one = await reconcile(desk, ADMIN, replace(PLAIN, arrival_to=date(2027, 7, 20)))
        found = await desk.store.read(lambda tx: tx.findings(one.comparison_id, after=0, limit=9))
        named = [(each.kind, each.pms_ref, fields(each)) for each in found]
        assert named[:2] == [
            (FindingKind.UNREADABLE, "77", [("record", None, "unreadable")]),
            (FindingKind.UNREADABLE, None, [("position", None, "9")]),
        ]
        assert (one.counts.get("others", 0), one.counts["same"]) == (0, 1)

    play(story)


def test_agents_who_sell_meanwhile_raise_no_false_alarm() -> None:
    async def story(office: Office) -> None:
        for number in range(5):
            await booked(office, f"k{number}")
        keys = iter(range(100))
        holds = [one.reservation_id for one in await every(office)]

        async def sell(operation: str) -> None:
            if operation in {"page_bookings", "read_booking"}:
                office.pms.before = None
                number = next(keys)
                if holds and number % 2:
                    await cancel_reservation(office.desk, AGENT, holds.pop(), f"c{number}")
                else:
                    await sold(office, f"n{number}")
                office.pms.before = sell

        office.pms.before, office.pms.page_rows = sell, 2
        _, found = await compared(office)
        assert found == []

    play(story)


def test_a_run_cut_short_goes_on_where_it_stood() -> None:
    async def story(office: Office) -> None:
        near, far = await sold(office, "near"), await sold_later(office, "far", 300)
        for one in (near, far):
            office.pms.house(office.hotel).cancel(ref(one), "desk", "")
        with pytest.raises(Killed):
            await reconcile(killed_at(office, "window_stored", 2), ADMIN, ReconcileWish())
        asked = office.pms.count("page_bookings")
        done, found = await compared(office)
        assert {one.reservation_id for one in found} == {near.reservation_id, far.reservation_id}
        assert done.counts["different"] == 2
        whole = office.pms.count("page_bookings")
        await compared(office, ReconcileWish(again=True))
        assert whole == office.pms.count("page_bookings") - whole
        assert asked == 2

    play(story)


async def sold_later(office: Office, key: str, days: int) -> Reservation:
    quote = await quoted(office, check_in=date(2027, 7, 10) + timedelta(days=days))
    request = BookRequest(ReservationState.HOLD, key, offer_id=quote.offer.offer_id, pick=1, card=CALLER)
    return await fetch(office.desk, (await book_stay(office.desk, AGENT, request)).body["reservation_id"])


def killed_at(office: Office, point: str, times: int) -> Desk:
    """A desk whose process dies when a point is reached the n-th time."""
    left = [times]

    def pass_(name: str) -> None:
        left[0] -= name == point
        if left[0] == 0:
            raise Killed

    return replace(office.desk, point=pass_)


def test_a_repair_whose_process_died_mends_the_rest_next_time() -> None:
    async def story(office: Office) -> None:
        for number in range(4):
            office.pms.house(office.hotel).cancel(ref(await sold(office, f"k{number}")), "desk", "")
        with pytest.raises(Killed):
            await reconcile(killed_at(office, "repaired", 2), ADMIN, MEND)
        states = [one.state for one in await every(office)]
        assert states.count(ReservationState.CANCELLED) == 2
        _, found = await compared(office, MEND)
        assert sorted(str(one.repair) for one in found) == ["adopted", "adopted", "adopted", "gone"]
        assert {one.state for one in await every(office)} == {ReservationState.CANCELLED}
        await nothing_is_wrong(office)

    play(story)


def test_a_pms_that_is_down_ends_the_run_and_the_next_one_goes_on() -> None:
    async def story(office: Office) -> None:
        await sold(office)
        office.pms.fail_next("page_bookings", PmsUnavailable("down"))
        with pytest.raises(PmsUnavailable):
            await reconcile(office.desk, ADMIN, ReconcileWish())
        done, found = await compared(office)
        assert (found, done.counts["same"]) == ([], 1)
        assert len(await office.desk.store.read(lambda tx: tx.list_comparisons(None, 10))) == 1

    play(story)


def test_while_our_share_is_used_up_it_waits_as_advised() -> None:
    async def story(office: Office) -> None:
        await sold(office)
        office.pms.fail_next("page_bookings", PmsUnavailable("share", retry_after=2.0))
        await compared(office)
        assert 2.0 in office.clock.slept

    play(story)


def test_comparing_needs_the_right() -> None:
    with pytest.raises(Forbidden):
        asyncio.run(reconcile(an_office().desk, AGENT, ReconcileWish()))


def test_two_runs_do_not_interleave() -> None:
    async def story(office: Office) -> None:
        await sold(office)

        async def turn(_operation: str) -> None:
            await asyncio.sleep(0)

        office.pms.before = turn
        results = await asyncio.gather(
            *(reconcile(office.desk, ADMIN, ReconcileWish()) for _ in range(2)), return_exceptions=True
        )
        assert sorted(type(one).__name__ for one in results) == ["Comparison", "Refused"]

    play(story)


def test_windows_follow_each_other_and_are_narrower_where_more_arrive() -> None:
    async def story(office: Office) -> None:
        model, busy = await sold(office), date(2027, 8, 1)

        def fill(tx: Tx) -> None:
            for number in range(1200):
                stay = StayDates.of_nights(busy + timedelta(days=number % 4), 2)
                one = replace(
                    model, reservation_id=ReservationId(f"res_x{number}"), external_ref=f"X{number}", stay=stay,
                    state=ReservationState.CANCELLED, pms_ref=None,
                )  # fmt: skip
                tx.add_reservation(one)

        await office.desk.store.transact(fill)
        first, last = date(2027, 5, 1), date(2027, 12, 31)
        spans, position = list[Span](), first
        while position <= last:
            at = position
            spans.append(await office.desk.store.read(lambda tx, at=at: next_window(tx, "BELEK1", at, last)))  # type: ignore[misc]
            position = spans[-1].last + timedelta(days=1)
        assert [spans[0].first, spans[-1].last] == [first, last]
        assert {(span.last - span.first).days + 1 for span in spans} >= {90, 3}
        narrow = [span for span in spans if busy in span]
        assert all((span.last - span.first).days < 45 for span in narrow)
        done, found = await compared(office)
        assert (found, done.counts["here"]) == ([], 1201)

    play(story)
