"""Up the ladder and off it: option, confirmation, payment, change, cancellation, lapse, no-show."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.errors import (
    Forbidden,
    InvalidInput,
    MoveNotAllowed,
    NoRoomLeft,
    NotGuaranteed,
    Refused,
    ReservationBusy,
    ReservationLapsed,
)
from domain.money import Money
from domain.reservation import Guarantee, ReservationState
from integration.errors import OutcomePending, OutcomeUnknown, PmsOutcomeUnknown, PmsRejected, PmsUnavailable
from integration.ports.records import TaskKind
from integration.usecases.book_stay import BookRequest, book_stay
from integration.usecases.cancel_reservation import cancel_reservation, preview_cancel, reinstate_reservation
from integration.usecases.change_reservation import change_reservation, preview_change
from integration.usecases.change_wish import ChangeWish
from integration.usecases.lapse_reservations import lapse_due
from integration.usecases.mark_no_show import mark_no_show
from integration.usecases.move_reservation import confirm_reservation, extend_reservation, fetch, take_option
from integration.usecases.pay_reservation import pay_reservation
from tests.fakes.desk import Office, an_office
from tests.unit.usecases.selling import ADMIN, AGENT, ARRIVAL, CALLER, CHIEF, booked, quoted

LOST = PmsOutcomeUnknown("the answer was lost")


def of(body: dict[str, object], name: str) -> Money:
    """A money of a body."""
    value = body[name]
    assert isinstance(value, dict)
    return Money.of(value["amount"], value["currency"])


def in_pms(office: Office, body: dict[str, object]):
    """The PMS record of a body."""
    return office.pms.house(office.hotel).held(body["pms_ref"]).booking  # type: ignore[arg-type]


def open_tasks(office: Office) -> list[TaskKind]:
    """Kinds of open tasks."""
    tasks = asyncio.run(office.desk.store.read(lambda tx: tx.list_tasks(hotel_id=None, open_only=True, limit=50)))
    return [task.kind for task in tasks]


def test_one_record_climbs_from_hold_to_option_to_confirmed() -> None:
    office = an_office()

    async def scene() -> None:
        held = (await booked(office)).body
        option = (await take_option(office.desk, AGENT, held["reservation_id"], "o")).body
        done = (await confirm_reservation(office.desk, AGENT, held["reservation_id"], "c", Guarantee.AGENCY)).body
        assert [one["status"] for one in (held, option, done)] == ["hold", "option", "confirmed"]
        assert held["pms_ref"] == option["pms_ref"] == done["pms_ref"]
        assert in_pms(office, done).guarantee_code == "AGENCY"

    asyncio.run(scene())


def test_a_hold_cannot_be_used_at_its_expiry_instant() -> None:
    office = an_office()

    async def scene() -> None:
        held = (await booked(office)).body
        office.clock.set(datetime.fromisoformat(held["expires_at"]))
        with pytest.raises(ReservationLapsed):
            await confirm_reservation(office.desk, AGENT, held["reservation_id"], "c", Guarantee.CARD)

    asyncio.run(scene())


def test_confirming_without_guarantee_or_deposit_is_refused() -> None:
    office = an_office()

    async def scene() -> None:
        held = (await booked(office)).body
        for guarantee in (None, Guarantee.DEPOSIT):
            with pytest.raises(NotGuaranteed):
                await confirm_reservation(office.desk, AGENT, held["reservation_id"], "c", guarantee)

    asyncio.run(scene())
    assert office.pms.count("change_booking") == 0


def test_a_payment_below_the_deposit_is_kept_and_does_not_confirm_and_the_rest_does() -> None:
    office = an_office()

    async def scene() -> None:
        held = (await booked(office)).body
        due = of(held, "deposit_due")
        part = Money.of("10.00", due.currency)
        first = (await pay_reservation(office.desk, AGENT, held["reservation_id"], "p1", part, "transfer")).body
        assert (first["status"], of(first, "paid")) == ("hold", part)
        rest = (await pay_reservation(office.desk, AGENT, held["reservation_id"], "p2", due - part, "transfer")).body
        assert (rest["status"], of(rest, "paid"), rest["guarantee"]) == ("confirmed", due, "deposit")
        assert in_pms(office, rest).guarantee_code == "PAID"

    asyncio.run(scene())


def test_a_deposit_of_unknown_outcome_is_never_sent_again_and_blocks_the_reservation() -> None:
    office = an_office()
    office.pms.fail_next("post_deposit", LOST, executed=False)

    async def scene() -> None:
        held = (await booked(office)).body
        due, one = of(held, "deposit_due"), held["reservation_id"]
        with pytest.raises(OutcomeUnknown):
            await pay_reservation(office.desk, AGENT, one, "p", due, "transfer")
        office.clock.advance(hours=1)
        with pytest.raises(OutcomePending):
            await pay_reservation(office.desk, AGENT, one, "p", due, "transfer")
        with pytest.raises(ReservationBusy):
            await cancel_reservation(office.desk, AGENT, one, "x")
        with pytest.raises(ReservationBusy):
            await pay_reservation(office.desk, AGENT, one, "p2", due, "transfer")
        assert (await lapse_due(office.desk, ADMIN)).expired == ()

    asyncio.run(scene())
    assert office.pms.count("post_deposit") == 1


def test_a_lost_deposit_answer_is_found_by_its_reference() -> None:
    office = an_office()
    office.pms.fail_next("post_deposit", LOST, executed=True)

    async def scene() -> None:
        held = (await booked(office)).body
        body = (
            await pay_reservation(office.desk, AGENT, held["reservation_id"], "p", of(held, "deposit_due"), "cash")
        ).body
        assert body["status"] == "confirmed"

    asyncio.run(scene())
    assert office.pms.count("post_deposit") == 1


def test_a_payment_on_a_lapsed_hold_brings_it_back_or_opens_a_refund_task() -> None:
    office = an_office()

    async def scene() -> None:
        first, second = (await booked(office, "k1")).body, (await booked(office, "k2")).body
        office.clock.advance(hours=1)
        assert len((await lapse_due(office.desk, ADMIN)).expired) == 2
        back = await pay_reservation(
            office.desk, AGENT, first["reservation_id"], "p1", of(first, "deposit_due"), "cash"
        )
        assert back.body["status"] == "confirmed"
        office.pms.house(office.hotel).stock[second["room_type"], ARRIVAL] = 0
        with pytest.raises(NoRoomLeft):
            await pay_reservation(office.desk, AGENT, second["reservation_id"], "p2", of(second, "deposit_due"), "cash")

    asyncio.run(scene())
    assert open_tasks(office) == [TaskKind.REFUND]


def test_the_sweep_adopts_what_the_front_desk_confirmed() -> None:
    office = an_office()

    async def scene() -> None:
        held = (await booked(office)).body
        house = office.pms.house(office.hotel)
        record = house.held(held["pms_ref"])
        record.booking = replace(record.booking, guarantee_code="CARD")
        office.clock.advance(hours=1)
        swept = await lapse_due(office.desk, ADMIN)
        assert [one["status"] for one in swept.adopted] == ["confirmed"]
        assert record.booking.status == "Reserved"

    asyncio.run(scene())


def test_the_sweep_gives_the_room_back_once_and_survives_an_outage() -> None:
    office = an_office()

    async def scene() -> None:
        held = (await booked(office)).body
        house = office.pms.house(office.hotel)
        before = house.left(held["room_type"], ARRIVAL)
        office.clock.advance(hours=1)
        office.pms.fail_next("cancel_booking", PmsUnavailable("down"))
        assert [why for _, why in (await lapse_due(office.desk, ADMIN)).left] == ["pms_unavailable"]
        assert len((await lapse_due(office.desk, ADMIN)).expired) == 1
        assert (await lapse_due(office.desk, ADMIN)).expired == ()
        assert house.left(held["room_type"], ARRIVAL) == before + 1

    asyncio.run(scene())


def test_a_second_sweeper_waits_for_the_lease() -> None:
    office = an_office()

    async def scene() -> None:
        await booked(office)
        now = office.clock.advance(hours=1)
        await office.desk.store.transact(lambda tx: tx.take_lease("sweep", "other", now, now + timedelta(minutes=1)))
        assert (await lapse_due(office.desk, ADMIN)).is_elsewhere
        office.clock.advance(minutes=2)
        assert len((await lapse_due(office.desk, ADMIN)).expired) == 1

    asyncio.run(scene())


def test_a_cancellation_shows_its_penalty_first_and_a_refund_opens_a_task() -> None:
    office = an_office()

    async def scene() -> None:
        held = (await booked(office)).body
        paid = (
            await pay_reservation(office.desk, AGENT, held["reservation_id"], "p", of(held, "deposit_due"), "cash")
        ).body
        shown = await preview_cancel(office.desk, AGENT, held["reservation_id"])
        assert (str(of(shown, "penalty").amount), of(shown, "refund")) == ("0.00", of(paid, "paid"))
        assert in_pms(office, paid).status == "Reserved"
        body = (await cancel_reservation(office.desk, AGENT, held["reservation_id"], "x", "ill")).body
        assert (body["status"], in_pms(office, body).status) == ("cancelled", "Cancelled")

    asyncio.run(scene())
    assert open_tasks(office) == [TaskKind.REFUND]


def test_a_cancelled_reservation_is_reinstated_to_what_it_was_if_stock_allows() -> None:
    office = an_office()

    async def scene() -> None:
        body = (await booked(office, to=ReservationState.CONFIRMED, guarantee=Guarantee.CARD)).body
        one = body["reservation_id"]
        await cancel_reservation(office.desk, AGENT, one, "x")
        assert (await reinstate_reservation(office.desk, AGENT, one, "r")).body["status"] == "confirmed"
        await cancel_reservation(office.desk, AGENT, one, "x2")
        office.pms.house(office.hotel).stock[body["room_type"], ARRIVAL] = 0
        with pytest.raises(NoRoomLeft):
            await reinstate_reservation(office.desk, AGENT, one, "r2")

    asyncio.run(scene())


def test_a_change_shows_the_difference_first_and_then_makes_it() -> None:
    office = an_office()

    async def scene() -> None:
        held = (await booked(office)).body
        wish = ChangeWish(nights=8)
        shown = await preview_change(office.desk, AGENT, held["reservation_id"], wish)
        assert in_pms(office, held).stay.night_count == 7
        body = (await change_reservation(office.desk, AGENT, held["reservation_id"], "c", wish)).body
        assert body["difference"] == shown["difference"]
        assert (in_pms(office, body).stay.night_count, body["nights"]) == (8, 8)

    asyncio.run(scene())


def test_a_reservation_may_be_lengthened_into_its_own_last_room() -> None:
    office = an_office()

    async def scene() -> None:
        held = (await booked(office)).body
        house = office.pms.house(office.hotel)
        for night in fetch_nights(held):
            house.stock[held["room_type"], night] = 1
        body = (await change_reservation(office.desk, AGENT, held["reservation_id"], "c", ChangeWish(nights=8))).body
        assert body["nights"] == 8

    asyncio.run(scene())


def fetch_nights(body: dict[str, object]) -> list[date]:
    """The nights of a body."""
    return [ARRIVAL + timedelta(days=offset) for offset in range(int(str(body["nights"])))]


def test_a_lost_change_is_compared_and_adopted() -> None:
    office = an_office()
    office.pms.fail_next("change_booking", LOST, executed=True)

    async def scene() -> None:
        held = (await booked(office)).body
        body = (await change_reservation(office.desk, AGENT, held["reservation_id"], "c", ChangeWish(nights=8))).body
        assert body["nights"] == 8

    asyncio.run(scene())
    assert office.pms.count("change_booking") == 1


def test_extending_needs_the_permission_and_stays_inside_the_cut_off() -> None:
    office = an_office()

    async def scene() -> None:
        held = (await booked(office)).body
        one, until = held["reservation_id"], office.clock.now() + timedelta(hours=1)
        with pytest.raises(Forbidden):
            await extend_reservation(office.desk, AGENT, one, "e", until)
        body = (await extend_reservation(office.desk, CHIEF, one, "e", until)).body
        assert datetime.fromisoformat(body["expires_at"]) == until.astimezone(UTC)
        with pytest.raises(InvalidInput):
            await extend_reservation(office.desk, CHIEF, one, "e2", until)

    asyncio.run(scene())


def test_a_no_show_frees_the_later_nights_and_can_come_back_at_three_in_the_morning() -> None:
    office = an_office()

    async def scene() -> None:
        body = (await booked(office, to=ReservationState.CONFIRMED, guarantee=Guarantee.CARD)).body
        one = body["reservation_id"]
        office.clock.set(datetime(2027, 7, 10, 22, 0, tzinfo=UTC))
        gone = (await mark_no_show(office.desk, AGENT, one, "n")).body
        assert (gone["status"], in_pms(office, gone).stay.night_count) == ("no_show", 1)
        assert gone["front_desk"]
        back = (await mark_no_show(office.desk, AGENT, one, "n2", undo=True)).body
        assert (back["status"], in_pms(office, back).stay.night_count) == ("confirmed", 7)

    asyncio.run(scene())


def test_a_no_show_before_the_arrival_day_is_refused() -> None:
    office = an_office()

    async def scene() -> None:
        body = (await booked(office)).body
        with pytest.raises(MoveNotAllowed):
            await mark_no_show(office.desk, AGENT, body["reservation_id"], "n")

    asyncio.run(scene())


def test_every_step_leaves_history_and_an_audit_row() -> None:
    office = an_office()

    async def scene() -> None:
        held = (await booked(office)).body
        await confirm_reservation(office.desk, AGENT, held["reservation_id"], "c", Guarantee.CARD)
        one = await fetch(office.desk, held["reservation_id"])
        history = await office.desk.store.read(lambda tx: tx.history(one.reservation_id))
        assert [line.action for line in history] == ["hold_placed", "confirmed"]
        rows = await office.desk.store.read(lambda tx: tx.tail_audit(50))
        assert sum(one.reservation_id in row for row in rows) == 2
        assert not any("Ayşe" in row or "532" in row or "Yılmaz" in row for row in rows)

    asyncio.run(scene())


def test_a_lapse_the_pms_refuses_is_tried_again_in_the_next_round() -> None:
    office = an_office()
    locked = PmsRejected("locked", status=400, pms_code="RSVLOCK")
    office.pms.fail_next("cancel_booking", locked)

    async def scene() -> None:
        await booked(office)
        office.clock.advance(hours=1)
        assert [why for _, why in (await lapse_due(office.desk, ADMIN)).left] == ["refused"]
        assert len((await lapse_due(office.desk, ADMIN)).expired) == 1

    asyncio.run(scene())


def test_a_lapse_of_unknown_outcome_is_looked_up_by_the_next_sweeper_whoever_it_is() -> None:
    office = an_office()
    office.pms.fail_next("cancel_booking", LOST, late=True)

    async def scene() -> None:
        await booked(office)
        office.clock.advance(hours=1)
        assert [why for _, why in (await lapse_due(office.desk, ADMIN)).left] == ["pms_outcome_unknown"]
        office.pms.run_late()
        assert len((await lapse_due(office.desk, CHIEF)).expired) == 1

    asyncio.run(scene())
    assert office.pms.count("cancel_booking") == 1


def test_a_no_show_is_refused_before_the_arrival_cut_off_and_taken_back_by_reinstate() -> None:
    office = an_office()

    async def scene() -> None:
        one = (await booked(office, to=ReservationState.CONFIRMED, guarantee=Guarantee.CARD)).body["reservation_id"]
        office.clock.set(datetime(2027, 7, 10, 9, 0, tzinfo=UTC))
        with pytest.raises(Refused):
            await mark_no_show(office.desk, AGENT, one, "n")
        office.clock.set(datetime(2027, 7, 10, 22, 0, tzinfo=UTC))
        await mark_no_show(office.desk, AGENT, one, "n2")
        assert (await reinstate_reservation(office.desk, AGENT, one, "r")).body["status"] == "confirmed"

    asyncio.run(scene())


def test_letting_go_after_the_arrival_day_costs_what_a_no_show_costs() -> None:
    office = an_office()

    async def scene() -> None:
        body = (await booked(office, to=ReservationState.CONFIRMED, guarantee=Guarantee.CARD)).body
        office.clock.set(datetime(2027, 7, 11, 9, 0, tzinfo=UTC))
        shown = await preview_cancel(office.desk, AGENT, body["reservation_id"])
        assert of(shown, "penalty") == of(body, "total")
        with pytest.raises(Refused):
            await preview_change(office.desk, AGENT, body["reservation_id"], ChangeWish(nights=3))

    asyncio.run(scene())


def test_a_change_is_no_way_round_the_penalty() -> None:
    office = an_office()

    async def scene() -> None:
        quote = (await quoted(office, rate_plan="UAI-NREF")).offer
        request = BookRequest(
            ReservationState.CONFIRMED, "k", offer_id=quote.offer_id, pick=1, card=CALLER, guarantee=Guarantee.CARD
        )
        one = (await book_stay(office.desk, AGENT, request)).body["reservation_id"]
        shorter = await preview_change(office.desk, AGENT, one, ChangeWish(nights=5))
        assert of(shorter, "penalty") == of(shorter, "old_total") - of(shorter, "new_total")
        before = of(await preview_cancel(office.desk, AGENT, one), "penalty")
        await change_reservation(office.desk, AGENT, one, "c", ChangeWish(rate_plan="UAI-FLEX"))
        after = await preview_cancel(office.desk, AGENT, one)
        assert before.amount > 0
        assert of(after, "penalty") == of(after, "total")

    asyncio.run(scene())


def test_money_on_a_lapsed_hold_is_owed_back_and_a_reinstatement_ends_the_refund_task() -> None:
    office = an_office()

    async def scene() -> None:
        held = (await booked(office)).body
        await pay_reservation(office.desk, AGENT, held["reservation_id"], "p", Money.of("10", "EUR"), "cash")
        office.clock.advance(hours=1)
        await lapse_due(office.desk, ADMIN)

    asyncio.run(scene())
    assert open_tasks(office) == [TaskKind.REFUND]

    async def back() -> None:
        one = (await office.desk.store.read(lambda tx: tx.list_reservations(limit=1)))[0]
        await reinstate_reservation(office.desk, AGENT, one.reservation_id, "r")

    asyncio.run(back())
    assert open_tasks(office) == []
