"""The correction that a rollback leaves goes out once, to an address somebody vouches for; else a person rings."""

import asyncio
from dataclasses import replace

import pytest

from domain.contact import Channel
from domain.errors import ChannelNotVerified, Forbidden, NotFound, Refused
from domain.reservation import Reservation, ReservationState
from domain.rollback import RollbackScope
from integration.ports.queue_records import OutgoingState
from integration.ports.records import Task, TaskKind
from integration.ports.store import Tx
from integration.usecases.answers import Answer
from integration.usecases.apply_rollback import apply_rollback
from integration.usecases.book_stay import book_stay
from integration.usecases.booking_request import BookRequest
from integration.usecases.decide_task import finish_task, show_task
from integration.usecases.plan_rollback import plan_rollback
from integration.usecases.quote_stay import StayWish, quote_stay
from integration.usecases.rollback_scope import RollbackQuestion
from integration.usecases.send_correction import send_correction
from tests.builders import ARRIVAL
from tests.outbound.mailroom import AGENT, CHIEF, NUMBER, Mailroom, play
from tests.outbound.sales import a_booking
from tests.unit.usecases.selling import CALLER


async def board(room: Mailroom, kind: TaskKind = TaskKind.CORRECTION_MESSAGE) -> list[Task]:
    found = await room.desk.store.read(lambda tx: tx.list_tasks(hotel_id=None, open_only=True, limit=50))
    return [one for one in found if one.kind is kind]


async def undone(room: Mailroom, target: str, scope: RollbackScope = RollbackScope.RESERVATION) -> str:
    """Plan and apply a rollback; its id."""
    asked = RollbackQuestion(scope, target, "wrong entry")
    plan = await plan_rollback(room.desk, CHIEF, asked, room.desk.ids.new("plan"))
    await apply_rollback(room.desk, CHIEF, plan.body["rollback_id"])
    return str(plan.body["rollback_id"])


async def a_wrong_option(room: Mailroom) -> tuple[Reservation, Task]:
    """Kept for a guest by mistake, taken back; the task that is left."""
    one = await a_booking(room, ReservationState.OPTION)
    await undone(room, one.reservation_id)
    (task,) = await board(room)
    return one, task


async def sends(room: Mailroom, task: Task, key: str = "k1", via: Channel | None = None) -> Answer:
    return await send_correction(room.desk, CHIEF, task.task_id, key, via)


def test_a_supervisor_sends_it_in_the_guests_language_and_the_task_ends() -> None:
    async def story(room: Mailroom) -> None:
        one, task = await a_wrong_option(room)
        shown = await show_task(room.desk, CHIEF, task.task_id)
        assert [way["way"] for way in shown["ways"]] == ["send", "done"]
        answer = await sends(room, task)
        assert (answer.body["status"], answer.body["purpose"]) == ("accepted", "correction")
        (sent,) = room.sent("whatsapp")
        text = sent.body["text"]["body"]
        assert sent.receiver == NUMBER
        assert f"your reservation {one.pms_ref}" in text
        assert "entered by mistake" in text
        ended = await show_task(room.desk, CHIEF, task.task_id)
        assert (ended["decision"], ended["done_by"], ended["ways"]) == ("sent", CHIEF.name, [])

    play(story)


def test_it_goes_once_whatever_the_key_and_whoever_asks() -> None:
    async def story(room: Mailroom) -> None:
        _, task = await a_wrong_option(room)
        first = await sends(room, task)
        again = await sends(room, task)
        assert (again.replayed, again.body["outbox_id"]) == (True, first.body["outbox_id"])
        with pytest.raises(Refused, match="ended already"):
            await sends(room, task, "k2")
        assert len(room.sent("whatsapp")) == 1

    play(story)


def test_two_supervisors_at_once_send_one() -> None:
    async def story(room: Mailroom) -> None:
        _, task = await a_wrong_option(room)
        both = await asyncio.gather(sends(room, task, "k1"), sends(room, task, "k2"), return_exceptions=True)
        assert sorted(type(one).__name__ for one in both) == ["Answer", "Refused"]
        assert len(room.sent("whatsapp")) == 1

    play(story)


def test_an_operator_may_not_send_it() -> None:
    async def story(room: Mailroom) -> None:
        _, task = await a_wrong_option(room)
        with pytest.raises(Forbidden):
            await send_correction(room.desk, AGENT, task.task_id, "k1")
        assert len(await board(room)) == 1

    play(story)


def test_without_a_verified_address_nothing_goes_out_and_the_task_stays() -> None:
    async def story(room: Mailroom) -> None:
        wish = StayWish(check_in=ARRIVAL, nights=7, adults=2, hotel_id="BELEK1")
        offer = (await quote_stay(room.desk, AGENT, wish)).offer
        request = BookRequest(ReservationState.OPTION, "b1", offer_id=offer.offer_id, pick=1, card=CALLER)
        made = await book_stay(room.desk, AGENT, request)
        await undone(room, str(made.body["reservation_id"]))
        (task,) = await board(room)
        with pytest.raises(ChannelNotVerified):
            await sends(room, task)
        with pytest.raises(ChannelNotVerified):
            await sends(room, task, "k2", Channel.SMS)
        assert [one.task_id for one in await board(room)] == [task.task_id]
        assert (room.sent("whatsapp"), room.sent("netgsm"), room.sent("smtp")) == ([], [], [])
        await finish_task(room.desk, AGENT, task.task_id, "t1", "Told by telephone.")

    play(story)


def test_a_draft_that_is_no_longer_true_is_not_sent() -> None:
    async def story(room: Mailroom) -> None:
        one = await a_booking(room, ReservationState.OPTION)
        rollback_id = await undone(room, one.reservation_id)
        (task,) = await board(room)
        found = await room.desk.store.read(lambda tx: tx.get_reservation(one.reservation_id))

        def back(tx: Tx) -> None:
            stands = replace(found, state=ReservationState.OPTION, version=found.version + 1)
            tx.update_reservation(stands, expected_version=found.version)

        await room.desk.store.transact(back)
        with pytest.raises(Refused, match="no longer true"):
            await sends(room, task)
        assert [each.ids["rollback_id"] for each in await board(room)] == [rollback_id]

    play(story)


def test_a_rollback_that_is_undone_after_its_correction_was_sent_leaves_another_one() -> None:
    async def story(room: Mailroom) -> None:
        _, task = await a_wrong_option(room)
        await sends(room, task)
        await undone(room, task.ids["rollback_id"], RollbackScope.ROLLBACK)
        (other,) = await board(room)
        answer = await sends(room, other, "k2")
        assert answer.body["status"] == "accepted"
        assert [("taken back" in one.body["text"]["body"]) for one in room.sent("whatsapp")] == [True, False]

    play(story)


def test_a_correction_outside_the_window_goes_by_the_approved_template() -> None:
    async def story(room: Mailroom) -> None:
        _, task = await a_wrong_option(room)
        room.clock.advance(hours=30)
        answer = await sends(room, task)
        (sent,) = room.sent("whatsapp")
        assert (answer.body["status"], sent.body["type"]) == ("accepted", "template")

    play(story)


def test_a_correction_that_is_refused_by_the_provider_is_a_task_again() -> None:
    async def story(room: Mailroom) -> None:
        _, task = await a_wrong_option(room)
        room.memory.add_fault("whatsapp", "refused", detail="131026")
        with pytest.raises(Refused):
            await sends(room, task)
        assert len(await board(room, TaskKind.MESSAGE_FAILED)) == 1
        (row,) = await room.outbox((await room.cases())[0])
        assert row.state is OutgoingState.FAILED

    play(story)


def test_another_task_is_no_message_to_send() -> None:
    async def story(room: Mailroom) -> None:
        with pytest.raises(NotFound):
            await send_correction(room.desk, CHIEF, "tsk_none", "k1")
        await a_wrong_option(room)
        task = Task("tsk_1", TaskKind.GROUP, "BELEK1", room.clock.now(), {}, "group")
        await room.desk.store.transact(lambda tx: tx.add_task(task))
        with pytest.raises(Refused, match="no message"):
            await sends(room, task)

    play(story)
