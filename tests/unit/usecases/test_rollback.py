"""A wrong entry is undone by compensation: docs/algorithms/rollback.md, chapters 1 to 3."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from domain.errors import InvalidInput, NotFound, Refused
from domain.money import Money
from domain.reservation import Guarantee, ReservationId, ReservationState
from domain.rollback import RollbackScope
from integration.errors import PmsOutcomeUnknown
from integration.ports.pms import BookingChange
from integration.ports.records import TaskKind
from integration.usecases.apply_rollback import apply_rollback
from integration.usecases.book_stay import BookRequest, book_stay
from integration.usecases.cancel_reservation import cancel_reservation, reinstate_reservation
from integration.usecases.change_reservation import change_reservation
from integration.usecases.change_wish import ChangeWish
from integration.usecases.keyed_writes import note_guest_once
from integration.usecases.lapse_reservations import lapse_due
from integration.usecases.mark_no_show import mark_no_show
from integration.usecases.move_reservation import confirm_reservation, extend_reservation, fetch, take_option
from integration.usecases.pay_reservation import pay_reservation
from integration.usecases.plan_rollback import plan_rollback
from tests.fakes.desk import Office, an_office
from tests.unit.usecases.selling import ADMIN, AGENT, CALLER, CHIEF, booked, quoted
from tests.unit.usecases.undoing import about, applied, confirmed, planned, record, sold, steps, tasks_of, undone

Story = Callable[[Office], Coroutine[Any, Any, None]]
OTHER = replace(AGENT, name="agent8")


def play(story: Story) -> None:
    """Run a story in an office of its own."""
    asyncio.run(story(an_office()))


async def a_hold(office: Office, key: str = "key-1") -> str:
    return str((await booked(office, key)).body["reservation_id"])


async def kinds(office: Office) -> list[TaskKind]:
    return [task.kind for task in await tasks_of(office)]


def test_a_wrong_reservation_is_cancelled_under_the_code_for_rollbacks_and_its_room_is_free() -> None:
    async def story(office: Office) -> None:
        one = await confirmed(office)
        body = await undone(office, one)
        assert body["state"] == "applied"
        assert steps(body) == [("cancel", "done", ""), ("correction_message", "done", "")]
        now = await fetch(office.desk, one)
        assert (now.state, record(office, now).status) == (ReservationState.ROLLED_BACK, "Cancelled")
        assert record(office, now).comments[-1].startswith("rollback rbk_")
        assert sold(office) == {}
        history = await office.desk.store.read(lambda tx: tx.history(now.reservation_id))
        assert (history[-1].action, dict(history[-1].detail)["rollback_id"]) == ("rollback_cancel", body["rollback_id"])

    play(story)


def test_made_changed_and_confirmed_by_the_same_mistake_is_one_cancellation() -> None:
    async def story(office: Office) -> None:
        one = await a_hold(office)
        await change_reservation(office.desk, AGENT, one, "c", ChangeWish(nights=9))
        await confirm_reservation(office.desk, AGENT, one, "k", Guarantee.CARD)
        asked = office.pms.count("change_booking")
        assert steps(await undone(office, one))[0] == ("cancel", "done", "")
        assert (office.pms.count("cancel_booking"), office.pms.count("change_booking")) == (1, asked)

    play(story)


def test_a_wrong_hold_is_undone_without_a_message_to_a_guest_nobody_told() -> None:
    async def story(office: Office) -> None:
        assert steps(await undone(office, await a_hold(office))) == [("cancel", "done", "")]
        assert await kinds(office) == []

    play(story)


def test_a_wrong_change_goes_back_to_the_old_stay_at_the_old_price() -> None:
    async def story(office: Office) -> None:
        one = await confirmed(office)
        before = await fetch(office.desk, one)
        wish = ChangeWish(nights=10, room_type="FAM", adults=3, child_ages=(4, 9))
        await change_reservation(office.desk, AGENT, one, "c", wish)
        office.pms.house(office.hotel).prices["STD", before.rate_code, None] = before.total.amount
        body = await undone(office, one, last=True)
        assert steps(body) == [("change_back", "done", ""), ("correction_message", "done", "")]
        now = await fetch(office.desk, one)
        assert replace(now, version=before.version) == before
        assert record(office, now).total == before.total
        assert sold(office) == {("STD", night): 1 for night in before.stay.nights()}

    play(story)


def test_several_wrong_changes_fold_into_one_change_back() -> None:
    async def story(office: Office) -> None:
        one = await a_hold(office)
        before = await fetch(office.desk, one)
        for key, wish in enumerate((ChangeWish(nights=9), ChangeWish(adults=1), ChangeWish(room_type="STDSV"))):
            await change_reservation(office.desk, OTHER, one, f"c{key}", wish)
        asked = office.pms.count("change_booking")
        start, end = office.clock.now() - timedelta(hours=1), office.clock.now() + timedelta(hours=1)
        plan = await planned(office, OTHER.name, RollbackScope.ACTOR, from_at=start, to_at=end)
        assert [action for action, _, _ in steps(plan)] == ["change_back", "correction_message"]

        await apply_rollback(office.desk, CHIEF, plan["rollback_id"])
        now = await fetch(office.desk, one)
        assert (now.stay, now.party, now.room_type, now.total) == (
            before.stay, before.party, before.room_type, before.total,
        )  # fmt: skip
        assert office.pms.count("change_booking") == asked + 1

    play(story)


def test_a_wrong_cancellation_is_reinstated_and_its_refund_taken_off_the_board() -> None:
    async def story(office: Office) -> None:
        one = await a_hold(office)
        due = (await fetch(office.desk, one)).deposit_due
        await pay_reservation(office.desk, AGENT, one, "p", due, "cash")
        await cancel_reservation(office.desk, AGENT, one, "x")
        assert await kinds(office) == [TaskKind.REFUND]
        body = await undone(office, one, last=True)
        assert steps(body) == [("reinstate", "done", ""), ("correction_message", "done", "")]
        now = await fetch(office.desk, one)
        assert (now.state, now.paid, now.guarantee) == (ReservationState.CONFIRMED, due, Guarantee.DEPOSIT)
        assert await kinds(office) == [TaskKind.CORRECTION_MESSAGE]

    play(story)


def test_a_wrong_confirmation_goes_back_to_a_hold_with_a_fresh_deadline() -> None:
    async def story(office: Office) -> None:
        one = await a_hold(office)
        await confirm_reservation(office.desk, AGENT, one, "k", Guarantee.AGENCY)
        office.clock.advance(hours=3)
        body = await undone(office, one, last=True)
        assert steps(body)[0] == ("back_to_hold", "done", "")
        now = await fetch(office.desk, one)
        assert (now.state, now.guarantee) == (ReservationState.HOLD, None)
        assert now.expires_at == office.clock.now() + office.hotel.rules.hold
        assert record(office, now).guarantee_code == "HOLD"

    play(story)


def test_a_wrong_option_of_a_hold_and_a_wrong_confirmation_of_an_option_go_one_rung_down() -> None:
    async def story(office: Office) -> None:
        one = await a_hold(office)
        await take_option(office.desk, AGENT, one, "o")
        await confirm_reservation(office.desk, AGENT, one, "k", Guarantee.CARD)
        assert steps(await undone(office, one, last=True))[0] == ("back_to_option", "done", "")
        assert record(office, await fetch(office.desk, one)).guarantee_code == "OPT"

    play(story)


def test_a_wrong_extension_gives_the_old_deadline_back() -> None:
    async def story(office: Office) -> None:
        one = await a_hold(office)
        before = (await fetch(office.desk, one)).expires_at
        assert before is not None
        await extend_reservation(office.desk, CHIEF, one, "e", before + timedelta(hours=2))
        plan = await planned(office, one, last=True)
        assert steps(plan) == [("deadline_back", "planned", "")]

        await apply_rollback(office.desk, CHIEF, plan["rollback_id"])
        assert (await fetch(office.desk, one)).expires_at == before

    play(story)


def test_a_wrong_no_show_is_taken_back() -> None:
    async def story(office: Office) -> None:
        one = await confirmed(office)
        office.clock.set(datetime.fromisoformat("2027-07-10T20:00:00+00:00"))
        await mark_no_show(office.desk, AGENT, one, "n")
        assert steps(await undone(office, one, last=True))[0] == ("no_show_back", "done", "")
        now = await fetch(office.desk, one)
        assert (now.state, record(office, now).stay) == (ReservationState.CONFIRMED, now.stay)

    play(story)


def test_a_wrong_reinstatement_ends_where_it_was_before() -> None:
    async def story(office: Office) -> None:
        one = await confirmed(office)
        await cancel_reservation(office.desk, AGENT, one, "x")
        await reinstate_reservation(office.desk, AGENT, one, "r")
        assert steps(await undone(office, one, last=True))[0] == ("cancel", "done", "")
        assert (await fetch(office.desk, one)).state is ReservationState.CANCELLED

    play(story)


def test_a_wrong_confirmation_that_was_then_cancelled_is_brought_back_and_stepped_down() -> None:
    async def story(office: Office) -> None:
        one = await a_hold(office)
        start = office.clock.now()
        office.clock.advance(minutes=5)
        wrong = office.clock.now()
        await confirm_reservation(office.desk, AGENT, one, "k", Guarantee.CARD)
        await cancel_reservation(office.desk, AGENT, one, "x")
        span = {"from_at": wrong, "to_at": wrong + timedelta(hours=1)}
        body = await undone(office, AGENT.name, RollbackScope.ACTOR, **span)
        assert [action for action, _, _ in steps(body)] == ["reinstate", "back_to_hold", "correction_message"]
        assert body["state"] == "applied"
        assert (await fetch(office.desk, one)).state is ReservationState.HOLD
        assert start < wrong

    play(story)


def test_money_on_a_wrong_reservation_becomes_a_refund_for_a_person() -> None:
    async def story(office: Office) -> None:
        one = await a_hold(office)
        await pay_reservation(office.desk, AGENT, one, "p", Money.of("500", "EUR"), "cash")
        body = await undone(office, one)
        assert [action for action, _, _ in steps(body)] == ["cancel", "refund_task", "correction_message"]
        assert body["steps"][1]["amount"] == {"amount": "500.00", "currency": "EUR"}
        assert sorted(await kinds(office)) == [TaskKind.CORRECTION_MESSAGE, TaskKind.REFUND]
        assert office.pms.count("post_deposit") == 1

    play(story)


def test_a_wrong_payment_is_refunded_by_a_person_and_moves_no_reservation() -> None:
    async def story(office: Office) -> None:
        one = await a_hold(office)
        await pay_reservation(office.desk, AGENT, one, "p", Money.of("500", "EUR"), "cash")
        assert steps(await undone(office, one, last=True)) == [("refund_task", "done", "")]
        assert (await fetch(office.desk, one)).state is ReservationState.CONFIRMED

    play(story)


async def _checked_in(office: Office, one: str) -> None:
    office.pms.house(office.hotel).set_status((await fetch(office.desk, one)).pms_ref, "InHouse")  # type: ignore[arg-type]


async def _left(office: Office, one: str) -> None:
    office.pms.house(office.hotel).set_status((await fetch(office.desk, one)).pms_ref, "CheckedOut")  # type: ignore[arg-type]


async def _changed_by_another(office: Office, one: str) -> None:
    await change_reservation(office.desk, OTHER, one, "o", ChangeWish(nights=3))


async def _changed_at_the_desk(office: Office, one: str) -> None:

    ref = (await fetch(office.desk, one)).pms_ref
    await office.pms.change_booking(office.hotel, ref, BookingChange(guarantee_code="COMPANY"))  # type: ignore[arg-type]


async def _arrival_passed(office: Office, one: str) -> None:
    office.clock.advance(days=80)


async def _unsettled(office: Office, one: str) -> None:
    office.pms.fail_next("change_booking", PmsOutcomeUnknown("lost"))
    with pytest.raises(Exception, match="PMS"):
        await change_reservation(office.desk, AGENT, one, "u", ChangeWish(nights=3))


async def _deposit_unknown(office: Office, one: str) -> None:
    office.pms.fail_next("post_deposit", PmsOutcomeUnknown("lost"))
    with pytest.raises(Exception, match="PMS"):
        await pay_reservation(office.desk, AGENT, one, "u", Money.of("50", "EUR"), "cash")


OBSTACLES: dict[str, Callable[[Office, str], Awaitable[None]]] = {
    "in_house": _checked_in,
    "checked_out": _left,
    "changed_later": _changed_by_another,
    "front_desk": _changed_at_the_desk,
    "arrival_passed": _arrival_passed,
    "unsettled": _unsettled,
    "deposit_unknown": _deposit_unknown,
}


@pytest.mark.parametrize("reason", list(OBSTACLES))
def test_what_can_no_longer_be_undone_says_why_and_nothing_is_written(reason: str) -> None:
    async def story(office: Office) -> None:
        one = await confirmed(office)
        wrong = await office.desk.store.read(lambda tx: tx.history(ReservationId(one)))
        assert len(wrong) == 1
        making = await office.desk.store.read(lambda tx: tx.intent_of_key(office.hotel.hotel_id, AGENT.name, "key-1"))
        assert making is not None
        await OBSTACLES[reason](office, one)
        asked = list(office.pms.asked)
        body = await undone(office, making.intent_id, RollbackScope.WRITE)
        assert (steps(body), body["state"]) == ([("cancel", "impossible", reason)], "incomplete")
        assert not {"cancel_booking", "change_booking"} & set(office.pms.asked[len(asked) :])

    play(story)


def test_a_room_that_was_sold_meanwhile_cannot_come_back() -> None:
    async def story(office: Office) -> None:
        one = await confirmed(office)
        stay = (await fetch(office.desk, one)).stay
        await cancel_reservation(office.desk, AGENT, one, "x")
        office.pms.house(office.hotel).stock["STD", stay.check_in] = 0
        assert steps(await planned(office, one, last=True)) == [("reinstate", "impossible", "no_room")]

    play(story)


def test_a_room_that_is_sold_between_plan_and_apply_fails_with_the_reason() -> None:
    async def story(office: Office) -> None:
        one = await confirmed(office)
        stay = (await fetch(office.desk, one)).stay
        await cancel_reservation(office.desk, AGENT, one, "x")
        plan = await planned(office, one, last=True)
        office.pms.house(office.hotel).stock["STD", stay.check_in] = 0

        body = (await applied(office, plan)).body
        assert steps(body)[0] == ("reinstate", "failed", "no_room_left")
        assert body["state"] == "incomplete"

    play(story)


def test_a_hold_that_lapsed_has_nothing_left_to_undo() -> None:
    async def story(office: Office) -> None:
        one = await a_hold(office)
        plan = await planned(office, one)
        office.clock.advance(minutes=20)
        await lapse_due(office.desk, ADMIN)
        assert steps(await undone(office, one)) == [("cancel", "skipped", "already_free")]

        late = (await applied(office, plan)).body
        assert (steps(late), late["state"]) == ([("cancel", "skipped", "already_free")], "applied")

    play(story)


def test_what_is_rolled_back_already_is_skipped_by_the_next_plan() -> None:
    async def story(office: Office) -> None:
        one = await confirmed(office)
        await undone(office, one)
        assert steps(await planned(office, one)) == [("cancel", "skipped", "already_undone")]

    play(story)


def test_a_reservation_that_changed_after_the_plan_is_left_alone() -> None:
    async def story(office: Office) -> None:
        one = await confirmed(office)
        plan = await planned(office, one)
        await change_reservation(office.desk, AGENT, one, "c", ChangeWish(nights=3))

        body = (await applied(office, plan)).body
        assert steps(body) == [("cancel", "failed", "since_plan"), ("correction_message", "failed", "earlier_step")]
        assert (await fetch(office.desk, one)).state is ReservationState.CONFIRMED

    play(story)


def test_a_run_is_undone_newest_first() -> None:
    async def story(office: Office) -> None:
        run = replace(AGENT, batch="bat_1")

        made = []
        for number in range(3):
            quote = await quoted(office)
            request = BookRequest(
                ReservationState.CONFIRMED, f"b{number}", offer_id=quote.offer.offer_id, pick=1, card=CALLER,
                guarantee=Guarantee.CARD,
            )  # fmt: skip
            made.append((await book_stay(office.desk, run, request)).body["reservation_id"])
        await confirmed(office, "apart")
        body = await undone(office, "bat_1", RollbackScope.BATCH)
        cancelled = [one["target"] for one in body["steps"] if one["action"] == "cancel"]
        assert cancelled == list(reversed(made))
        assert set(sold(office).values()) == {1}

    play(story)


def test_guests_and_notes_of_a_span_are_counted_as_left_alone() -> None:
    async def story(office: Office) -> None:
        start = office.clock.now()
        await confirmed(office)

        guest = (await office.desk.store.read(lambda tx: tx.list_reservations()))[0].guest_id
        await note_guest_once(office.desk, AGENT, office.hotel, guest, "likes tea", "n")
        plan = await planned(office, AGENT.name, RollbackScope.ACTOR, from_at=start, to_at=start + timedelta(minutes=1))
        assert plan["left_alone"] == {"create_profile": 1, "note_guest": 1}

    play(story)


def test_a_rollback_needs_a_reason_a_span_and_something_to_undo() -> None:
    async def story(office: Office) -> None:
        one = await confirmed(office)
        with pytest.raises(InvalidInput):
            await planned(office, one, reason="  ")
        with pytest.raises(InvalidInput):
            await planned(office, AGENT.name, RollbackScope.ACTOR)
        with pytest.raises(NotFound):
            await planned(office, "no-such-run", RollbackScope.BATCH)
        with pytest.raises(NotFound):
            await planned(office, "res_nothing")
        done = await undone(office, one)
        with pytest.raises(Refused, match=done["rollback_id"]):
            await planned(office, one, last=True)

    play(story)


def test_the_same_key_plans_once() -> None:
    async def story(office: Office) -> None:

        one = await confirmed(office)
        first = await plan_rollback(office.desk, AGENT, about(one), "p")
        again = await plan_rollback(office.desk, AGENT, about(one), "p")
        assert (again.replayed, again.body) == (True, first.body)
        assert len(await office.desk.store.read(lambda tx: tx.list_rollbacks(after=None, limit=10))) == 1

    play(story)


def test_money_on_a_wrongly_cancelled_reservation_keeps_it_confirmed_and_is_owed_once() -> None:
    async def story(office: Office) -> None:
        one = await a_hold(office)
        office.clock.advance(minutes=1)
        start = office.clock.now()
        await pay_reservation(office.desk, AGENT, one, "p", Money.of("500", "EUR"), "cash")
        await cancel_reservation(office.desk, AGENT, one, "x")
        body = await undone(office, AGENT.name, RollbackScope.ACTOR, from_at=start, to_at=start + timedelta(hours=1))
        assert [action for action, _, _ in steps(body)] == ["reinstate", "refund_task", "correction_message"]
        assert (await fetch(office.desk, one)).state is ReservationState.CONFIRMED
        assert sorted(await kinds(office)) == [TaskKind.CORRECTION_MESSAGE, TaskKind.REFUND]

    play(story)


def test_a_colleague_who_cancels_between_plan_and_apply_leaves_one_refund_and_nothing_to_do() -> None:
    async def story(office: Office) -> None:
        one = await a_hold(office)
        await pay_reservation(office.desk, AGENT, one, "p", Money.of("500", "EUR"), "cash")
        plan = await planned(office, one)
        await cancel_reservation(office.desk, OTHER, one, "x")
        body = (await applied(office, plan)).body
        assert body["state"] == "applied"
        assert {status for _, status, _ in steps(body)} == {"skipped"}
        assert await kinds(office) == [TaskKind.REFUND]
        assert steps(await planned(office, one)) == [("cancel", "skipped", "already_free")]

    play(story)


def test_one_write_of_a_reservation_is_named_by_its_request_key() -> None:
    async def story(office: Office) -> None:
        one = await confirmed(office)
        await change_reservation(office.desk, AGENT, one, "the change", ChangeWish(nights=3))
        assert steps(await undone(office, one, write="the change"))[0] == ("change_back", "done", "")
        with pytest.raises(NotFound):
            await planned(office, one, write="no such key")

    play(story)
