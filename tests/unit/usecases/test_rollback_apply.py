"""Applying a rollback: who may, what survives a kill, and undoing it. docs/algorithms/rollback.md, 3 to 5."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain.access import Actor
from domain.errors import AlreadyUndone, Forbidden, InFlight, Refused
from domain.money import Money
from domain.reservation import Guarantee, ReservationState
from domain.rollback import RollbackScope, Snapshot
from integration.errors import PmsOutcomeUnknown, PmsRejected, PmsUnavailable
from integration.ports.records import TaskKind
from integration.usecases.apply_rollback import apply_rollback, apply_rollback_once
from integration.usecases.book_stay import BookRequest, book_stay
from integration.usecases.cancel_reservation import cancel_reservation
from integration.usecases.change_reservation import change_reservation
from integration.usecases.change_wish import ChangeWish
from integration.usecases.move_reservation import confirm_reservation, fetch
from integration.usecases.pay_reservation import pay_reservation
from integration.usecases.resolve_intents import resolve_intents
from integration.usecases.rollback_views import list_rollbacks, show_rollback
from tests.builders import a_hotel, selling_rules
from tests.fakes.desk import Office, an_office
from tests.unit.usecases.selling import ADMIN, AGENT, CALLER, CHIEF, booked, quoted
from tests.unit.usecases.undoing import Body, applied, confirmed, planned, record, sold, steps, tasks_of, undone

Story = Callable[[Office], Coroutine[Any, Any, None]]
OTHER = Actor("agent8", AGENT.role)
LOST = PmsOutcomeUnknown("lost")


class Killed(BaseException):
    """The process is gone."""


def play(story: Story, office: Office | None = None) -> None:
    asyncio.run(story(office or an_office()))


def dying(office: Office, point: str, times: int = 1) -> Office:
    """An office whose process dies the `times`-th time it comes to a point."""
    left = [times]

    def die(name: str) -> None:
        if name == point:
            left[0] -= 1
            if left[0] == 0:
                raise Killed

    return replace(office, desk=replace(office.desk, point=die))


async def a_run(office: Office, count: int, actor: Actor = AGENT) -> list[str]:
    """The ids of reservations made in one run."""
    made = []
    for number in range(count):
        quote = await quoted(office)
        request = BookRequest(
            ReservationState.CONFIRMED, f"b{number}", offer_id=quote.offer.offer_id, pick=1, card=CALLER,
            guarantee=Guarantee.CARD,
        )  # fmt: skip
        answer = await book_stay(office.desk, replace(actor, batch="bat_1"), request)
        made.append(str(answer.body["reservation_id"]))
    return made


async def of_run(office: Office, actor: Actor = AGENT) -> Body:
    return await planned(office, "bat_1", RollbackScope.BATCH, actor)


def test_an_operator_undoes_a_few_writes_of_his_own_and_no_more() -> None:
    office = an_office(a_hotel(rules=selling_rules(rollback_supervisor_above=2)))

    async def story(office: Office) -> None:
        await a_run(office, 2)
        small = await of_run(office)
        assert small["needs_supervisor"] is False
        quote = await quoted(office)
        request = BookRequest(ReservationState.HOLD, "b9", offer_id=quote.offer.offer_id, pick=1, card=CALLER)
        await book_stay(office.desk, replace(AGENT, batch="bat_1"), request)
        large = await of_run(office)
        assert large["needs_supervisor"] is True
        with pytest.raises(Forbidden, match="3 reservations"):
            await applied(office, large)
        assert (await applied(office, large, CHIEF)).body["state"] == "applied"
        assert sold(office) == {}

    play(story, office)


def test_what_somebody_else_entered_is_for_a_supervisor_to_undo() -> None:
    async def story(office: Office) -> None:
        one = await confirmed(office)
        plan = await planned(office, one, actor=OTHER)
        assert plan["needs_supervisor"] is True
        with pytest.raises(Forbidden, match="somebody else"):
            await applied(office, plan, OTHER)
        assert (await applied(office, plan, CHIEF)).body["applied_by"] == "chief"

    play(story)


def test_applied_twice_it_says_so_and_does_nothing() -> None:
    async def story(office: Office) -> None:
        plan = await planned(office, await confirmed(office))
        first, asked = await applied(office, plan), list(office.pms.asked)
        again = await applied(office, plan)
        assert (first.was_done, again.was_done) == (False, True)
        assert again.body == first.body
        assert office.pms.asked == asked

    play(story)


POINTS = ("rollback_begun", "intent_stored", "pms_answered", "verified", "outcome_stored", "rollback_step_done")


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("times", [1, 2])
def test_after_a_kill_anywhere_the_same_command_goes_on_and_undoes_nothing_twice(point: str, times: int) -> None:
    async def story(office: Office) -> None:
        await a_run(office, 3)
        plan = await of_run(office)
        with pytest.raises(Killed):
            await applied(dying(office, point, 1 if point == "rollback_begun" else times), plan)
        office.clock.advance(minutes=2)
        done = await applied(office, plan)
        office.clock.advance(minutes=2)
        done = await applied(office, plan) if done.is_unknown else done
        assert done.body["state"] == "applied", steps(done.body)
        assert office.pms.count("cancel_booking") == 3
        assert sold(office) == {}
        assert [task.kind for task in await tasks_of(office)] == [TaskKind.CORRECTION_MESSAGE] * 3

    play(story)


def test_a_step_whose_process_died_is_taken_over_by_the_resolver_and_marked_done() -> None:
    async def story(office: Office) -> None:
        one = await confirmed(office)
        plan = await planned(office, one)
        with pytest.raises(Killed):
            await applied(dying(office, "pms_answered"), plan)
        office.clock.advance(minutes=2)
        assert len((await resolve_intents(office.desk, ADMIN)).adopted) == 1
        assert (await fetch(office.desk, one)).state is ReservationState.ROLLED_BACK
        shown = await show_rollback(office.desk, AGENT, plan["rollback_id"])
        assert (shown["state"], steps(shown)[0]) == ("applying", ("cancel", "done", ""))
        assert (await applied(office, plan)).body["state"] == "applied"

    play(story)


def test_an_outage_leaves_the_rest_waiting_and_the_same_command_goes_on() -> None:
    async def story(office: Office) -> None:
        await a_run(office, 3)
        plan = await of_run(office)
        office.pms.fail_next("cancel_booking", PmsUnavailable("down"))
        stopped = await applied(office, plan)
        assert stopped.unavailable is not None
        assert (stopped.body["state"], stopped.body["counts"]["planned"]) == ("applying", 6)
        assert (await applied(office, plan)).body["state"] == "applied"

    play(story)


def test_our_own_share_of_the_pms_being_used_up_is_waited_for() -> None:
    async def story(office: Office) -> None:
        await a_run(office, 2)
        office.pms.fail_next("read_booking", PmsUnavailable("busy", retry_after=0.5))
        plan = await of_run(office)
        office.pms.fail_next("cancel_booking", PmsUnavailable("busy", retry_after=0.5))
        assert (await applied(office, plan)).body["state"] == "applied"

    play(story)


def test_a_lost_answer_that_is_found_is_done_and_one_that_is_not_stays_unknown() -> None:
    async def story(office: Office) -> None:
        await a_run(office, 2)
        plan = await of_run(office)
        office.pms.fail_next("cancel_booking", LOST, executed=True)
        office.pms.fail_next("cancel_booking", LOST)
        first = await applied(office, plan)
        assert first.is_unknown
        assert first.body["counts"]["unknown"] == 1
        assert first.body["state"] == "applying"
        assert (await applied(office, plan)).is_unknown
        office.clock.advance(minutes=2)
        assert (await applied(office, plan)).body["state"] == "applied"
        assert office.pms.count("cancel_booking") == 3
        assert sold(office) == {}

    play(story)


def test_two_who_apply_at_once_do_nothing_twice() -> None:
    async def story(office: Office) -> None:
        await a_run(office, 3)
        plan = await of_run(office)
        office.pms.delay = 0.1
        both = await asyncio.gather(applied(office, plan), applied(office, plan, CHIEF), return_exceptions=True)
        assert sum(isinstance(one, InFlight) for one in both) <= 1
        assert (await applied(office, plan)).body["state"] == "applied"
        assert office.pms.count("cancel_booking") == 3

    play(story)


def test_one_step_that_fails_leaves_the_others_undone_and_is_said() -> None:
    async def story(office: Office) -> None:
        first, _ = await a_run(office, 2)
        plan = await of_run(office)
        await change_reservation(office.desk, OTHER, first, "c", ChangeWish(nights=3))
        body = (await applied(office, plan)).body
        assert body["state"] == "incomplete"
        assert body["counts"]["done"] == 2
        assert {one["reason"] for one in body["steps"] if one["target"] == first} == {"since_plan", "earlier_step"}

    play(story)


def test_under_a_request_key_it_is_applied_once() -> None:
    async def story(office: Office) -> None:
        plan = await planned(office, await confirmed(office))
        office.pms.fail_next("cancel_booking", PmsUnavailable("down"))
        with pytest.raises(PmsUnavailable):
            await apply_rollback_once(office.desk, AGENT, plan["rollback_id"], "a")
        first = await apply_rollback_once(office.desk, AGENT, plan["rollback_id"], "a")
        again = await apply_rollback_once(office.desk, AGENT, plan["rollback_id"], "a")
        assert (first.replayed, again.replayed) == (False, True)
        assert first.body == again.body

    play(story)


async def _nothing(_office: Office, _one: str) -> None:
    """Made, and nothing else."""


async def _changed(office: Office, one: str) -> None:
    await change_reservation(office.desk, AGENT, one, "c", ChangeWish(nights=9, room_type="STDSV"))


async def _confirmed(office: Office, one: str) -> None:
    await confirm_reservation(office.desk, AGENT, one, "k", Guarantee.AGENCY)


async def _cancelled(office: Office, one: str) -> None:
    await cancel_reservation(office.desk, AGENT, one, "x")


async def _paid(office: Office, one: str) -> None:
    await pay_reservation(office.desk, AGENT, one, "p", Money.of("500", "EUR"), "cash")


async def _paid_and_cancelled(office: Office, one: str) -> None:
    await _paid(office, one)
    await _cancelled(office, one)


@pytest.mark.parametrize("last", [True, False])
@pytest.mark.parametrize("wrong", [_nothing, _changed, _confirmed, _cancelled, _paid, _paid_and_cancelled])
def test_a_rollback_undone_gives_the_identical_record_back(
    wrong: Callable[[Office, str], Awaitable[None]], last: bool
) -> None:
    async def story(office: Office) -> None:
        one = str((await booked(office)).body["reservation_id"])
        await wrong(office, one)
        before, stock, tasks = await fetch(office.desk, one), sold(office), await tasks_of(office)
        there = record(office, before)
        body = await undone(office, one, last=last)
        assert body["state"] == "applied"
        if body["counts"]["done"] == 0:
            with pytest.raises(Refused):
                await planned(office, body["rollback_id"], RollbackScope.ROLLBACK)
            return
        again = await undone(office, body["rollback_id"], RollbackScope.ROLLBACK)
        assert again["state"] == "applied", steps(again)
        after = await fetch(office.desk, one)
        assert replace(Snapshot.of(after), expires_at=None) == replace(Snapshot.of(before), expires_at=None)
        assert (after.paid, sold(office)) == (before.paid, stock)
        now = record(office, after)
        assert (now.status, now.guarantee_code, now.total) == (there.status, there.guarantee_code, there.total)
        kinds = [[task.kind for task in some] for some in (await tasks_of(office), tasks)]
        assert kinds[0] == kinds[1]
        assert (await show_rollback(office.desk, AGENT, body["rollback_id"]))["undone_by"] == again["rollback_id"]

    play(story)


def test_a_rollback_cannot_be_undone_once_somebody_went_on_with_the_reservation() -> None:
    async def story(office: Office) -> None:
        one = await confirmed(office)
        await _changed(office, one)
        done = await undone(office, one, last=True)
        await _cancelled(office, one)
        plan = await planned(office, done["rollback_id"], RollbackScope.ROLLBACK)
        assert steps(plan)[0] == ("change_again", "impossible", "changed_later")

    play(story)


def test_a_rollback_that_was_undone_says_so_and_names_what_undid_it() -> None:
    async def story(office: Office) -> None:
        first = (await undone(office, await confirmed(office)))["rollback_id"]
        second = (await undone(office, first, RollbackScope.ROLLBACK))["rollback_id"]
        with pytest.raises(AlreadyUndone, match=f"was undone already, by {second}"):
            await planned(office, first, RollbackScope.ROLLBACK)
        await undone(office, second, RollbackScope.ROLLBACK)
        plan = await planned(office, first, RollbackScope.ROLLBACK)
        assert steps(plan)[0][2] == "changed_later"

    play(story)


def test_what_an_incomplete_undoing_led_back_is_not_led_back_again() -> None:
    async def story(office: Office) -> None:
        ones = [await confirmed(office, key) for key in ("key-1", "key-2")]
        span = {"from_at": office.clock.now() - timedelta(hours=1), "to_at": office.clock.now() + timedelta(hours=1)}
        first = (await undone(office, AGENT.name, RollbackScope.ACTOR, **span))["rollback_id"]
        plan = await planned(office, first, RollbackScope.ROLLBACK)
        office.pms.fail_next("reinstate_booking", PmsRejected("no", status=400))
        assert (await applied(office, plan)).body["state"] == "incomplete"
        again = await planned(office, first, RollbackScope.ROLLBACK)
        found = {
            (one["target"], one["status"], one["reason"]) for one in again["steps"] if one["action"] == "reinstate"
        }
        failed = next(one["target"] for one in plan["steps"] if one["action"] == "reinstate")
        other = next(one for one in ones if one != failed)
        assert found == {(failed, "planned", ""), (other, "skipped", "already_undone")}

    play(story)


def test_undoing_the_undoing_undoes_it_again() -> None:
    async def story(office: Office) -> None:
        one = await confirmed(office)
        target, scope = one, RollbackScope.RESERVATION
        states = []
        for _ in range(4):
            body = await undone(office, target, scope)
            target, scope = body["rollback_id"], RollbackScope.ROLLBACK
            states.append((await fetch(office.desk, one)).state.value)
        assert states == ["rolled_back", "confirmed", "rolled_back", "confirmed"]

    play(story)


def test_a_rollback_cannot_be_undone_once_its_room_is_sold() -> None:
    async def story(office: Office) -> None:
        one = await confirmed(office)
        stay = (await fetch(office.desk, one)).stay
        done = await undone(office, one)
        office.pms.house(office.hotel).stock["STD", stay.check_in] = 0
        plan = await planned(office, done["rollback_id"], RollbackScope.ROLLBACK)
        assert steps(plan)[0] == ("reinstate", "impossible", "no_room")

    play(story)


def test_money_that_was_paid_back_is_said_when_its_rollback_is_undone() -> None:
    async def story(office: Office) -> None:
        one = str((await booked(office)).body["reservation_id"])
        await _paid(office, one)
        done = await undone(office, one)
        refund = next(task for task in await tasks_of(office) if task.kind is TaskKind.REFUND)
        await office.desk.store.transact(lambda tx: tx.finish_task(refund.task_id, office.clock.now()))
        again = await undone(office, done["rollback_id"], RollbackScope.ROLLBACK)
        assert ("withdraw_refund", "failed", "already_done") in steps(again)
        assert (await fetch(office.desk, one)).state is ReservationState.CONFIRMED

    play(story)


def test_rollbacks_are_listed_newest_first_and_leave_audit_rows() -> None:
    async def story(office: Office) -> None:
        first = await undone(office, await confirmed(office))
        second = await planned(office, await confirmed(office, "k2"))
        listed = await list_rollbacks(office.desk, AGENT, None, 50)
        assert [one["rollback_id"] for one in listed["rollbacks"]] == [second["rollback_id"], first["rollback_id"]]
        page = await list_rollbacks(office.desk, AGENT, second["rollback_id"], 1)
        assert [one["rollback_id"] for one in page["rollbacks"]] == [first["rollback_id"]]
        rows = "".join(await office.desk.store.read(lambda tx: tx.tail_audit(50)))
        for action in ("rollback_planned", "rollback_apply_begun", "rollback_cancel", "rollback_applied"):
            assert f'"action":"{action}"' in rows

    play(story)


def test_a_wrong_apply_of_nobody_is_not_found() -> None:
    async def story(office: Office) -> None:
        with pytest.raises(Exception, match="There is no rollback"):
            await apply_rollback(office.desk, AGENT, "rbk_nothing")

    play(story)
