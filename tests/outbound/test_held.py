"""What may not leave is held, told and released by itself; what is too late is dropped."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from domain.contact import Channel
from domain.errors import Refused
from domain.guest import ChannelIdentity, IdentityKind
from domain.outbound import ConsentState, MessageKind, Purpose
from integration.ports.queue_records import Outgoing, OutgoingState
from integration.usecases.consents import ConsentWish, keep_consent
from integration.usecases.decide_task import finish_task
from integration.usecases.list_outgoing import OutgoingQuestion, list_outgoing, show_outgoing
from integration.usecases.may_leave import release_held
from integration.usecases.queue_message import Draft, put
from integration.usecases.reply_case import reply_case
from integration.usecases.send_offer import send_offer
from tests.intake.reception import MIDNIGHT
from tests.outbound.mailroom import AGENT, LARGEST, NUMBER, Mailroom, play
from tests.outbound.sales import an_offer_made

HELD, QUEUED = OutgoingState.HELD, OutgoingState.QUEUED


async def looks(room: Mailroom, **later: float) -> list[OutgoingState]:
    """Time goes by, held messages are looked at, then the outbox does its round."""
    room.clock.advance(**later)
    found = [one.state for one in await release_held(room.desk, LARGEST)]
    await room.round()
    return found


async def a_held_answer(room: Mailroom) -> Outgoing:
    """An answer that could not leave before the window closed."""
    case = await room.writes()
    room.memory.add_fault("whatsapp", "429", times=1)
    room.clock.advance(hours=23, minutes=59, seconds=55)
    answer = await reply_case(room.desk, AGENT, case.case_id, "Yes, we have one.", "k1")
    assert answer.body["status"] == "queued"
    await room.round(seconds=30)
    return await room.row(answer.body["outbox_id"])


def test_an_answer_is_held_when_the_window_closes_and_leaves_when_the_guest_writes_again() -> None:
    async def story(room: Mailroom) -> None:
        row = await a_held_answer(room)
        assert (row.state, row.problem) == (HELD, "window_closed")
        assert await room.tasks() == ["message_held"]
        assert await looks(room, days=2) == []
        await room.writes("Are you still there?")
        assert await looks(room, minutes=5) == [QUEUED]
        assert (await room.row(row.outbox_id)).state is OutgoingState.ACCEPTED
        assert len(room.sent("whatsapp")) == 1
        assert await room.tasks() == []
        assert await looks(room, hours=1) == []
        assert len(room.sent("whatsapp")) == 1

    play(story)


def test_whoever_ends_the_task_of_a_held_message_has_given_it_up() -> None:
    async def story(room: Mailroom) -> None:
        row = await a_held_answer(room)
        (task,) = await room.desk.store.read(lambda tx: tx.list_tasks(hotel_id=None, open_only=True, limit=9))
        await finish_task(room.desk, AGENT, task.task_id, "t1", "Told her on the telephone.")
        await room.writes("Are you still there?")
        assert await looks(room, minutes=5) == []
        after = await room.row(row.outbox_id)
        assert (after.state, after.problem) == (OutgoingState.FAILED, "given_up")
        assert room.sent("whatsapp") == []

    play(story)


def test_a_task_that_ended_by_itself_cannot_be_done_any_more() -> None:
    async def story(room: Mailroom) -> None:
        await a_held_answer(room)
        (task,) = await room.desk.store.read(lambda tx: tx.list_tasks(hotel_id=None, open_only=True, limit=9))
        await room.writes("Are you still there?")
        await looks(room, minutes=5)
        with pytest.raises(Refused, match="released"):
            await finish_task(room.desk, AGENT, task.task_id, "t1")

    play(story)


def test_a_window_that_only_the_provider_sees_closed_holds_once_until_the_guest_writes() -> None:
    async def story(room: Mailroom) -> None:
        case = await room.writes()
        room.clock.advance(minutes=1)
        room.memory.add_fault("whatsapp", "refused", detail="131047", times=3)
        answer = await reply_case(room.desk, AGENT, case.case_id, "Yes.", "k1")
        assert (answer.body["status"], answer.body["problem"]) == ("held", "window_closed")
        for _ in range(5):
            assert await looks(room, minutes=5) == []
        assert await room.tasks() == ["message_held"]
        room.memory.take_fault("whatsapp")
        room.memory.take_fault("whatsapp")
        await room.writes("Hello?")
        assert await looks(room, minutes=5) == [QUEUED]
        assert (await room.row(answer.body["outbox_id"])).state is OutgoingState.ACCEPTED

    play(story)


def an_advertisement() -> Draft:
    to = ChannelIdentity(IdentityKind.PHONE, NUMBER)
    document = {"text": "Summer discount!", "language": "en"}
    return Draft("BELEK1", Channel.SMS, to, Purpose.CAMPAIGN, document, kind=MessageKind.COMMERCIAL, key="ad-1")


def test_an_advertisement_held_for_want_of_a_consent_leaves_when_it_is_given() -> None:
    async def story(room: Mailroom) -> None:
        case = await room.writes()
        wishes = iter(("c1", "c2", "c3"))

        async def says(state: ConsentState) -> None:
            room.clock.advance(seconds=1)
            wish = ConsentWish(Channel.SMS, state)
            await keep_consent(room.desk, AGENT, str(case.guest_id), wish, next(wishes))

        await says(ConsentState.GRANTED)
        row: Outgoing = await room.desk.store.transact(lambda tx: put(room.desk, tx, AGENT, an_advertisement()))
        await says(ConsentState.WITHDRAWN)
        await room.round()
        assert (await room.row(row.outbox_id)).problem == "consent_missing"
        assert await looks(room, minutes=5) == []
        await says(ConsentState.GRANTED)
        assert await looks(room, minutes=5) == [QUEUED]
        assert len(room.sent("netgsm")) == 1
        assert await room.tasks() == []

    play(story)


@dataclass(frozen=True)
class WithoutSms:
    """All ways out but one."""

    inner: Any

    def of(self, hotel_id: str, channel: Channel) -> Any:
        return None if channel is Channel.SMS else self.inner.of(hotel_id, channel)


def test_a_message_without_a_way_out_waits_for_its_carrier() -> None:
    async def story(room: Mailroom) -> None:
        to, whole = ChannelIdentity(IdentityKind.PHONE, NUMBER), room.desk
        draft = Draft("BELEK1", Channel.SMS, to, Purpose.SUMMARY, {"text": "Booked."}, key="s1")
        row: Outgoing = await room.desk.store.transact(lambda tx: put(room.desk, tx, AGENT, draft))
        room.reception.desk = replace(whole, carriers=WithoutSms(whole.carriers))
        await room.round()
        assert (await room.row(row.outbox_id)).problem == "no_carrier"
        assert await looks(room, minutes=1) == []
        room.reception.desk = whole
        assert await looks(room, minutes=5) == [QUEUED]
        assert len(room.sent("netgsm")) == 1

    play(story)


def test_held_messages_are_listed_and_shown_with_their_text() -> None:
    async def story(room: Mailroom) -> None:
        row = await a_held_answer(room)
        asked = OutgoingQuestion(state=HELD)
        body = await list_outgoing(room.desk, AGENT, asked)
        assert [(one["outbox_id"], one["problem"]) for one in body["outgoing"]] == [(row.outbox_id, "window_closed")]
        assert "text" not in body["outgoing"][0]
        assert NUMBER not in str(body)
        shown = await show_outgoing(room.desk, AGENT, row.outbox_id)
        assert shown["text"].startswith("Yes, we have one.")
        assert (await list_outgoing(room.desk, AGENT, OutgoingQuestion(state=QUEUED)))["outgoing"] == []
        pages = OutgoingQuestion(limit=1)
        assert (await list_outgoing(room.desk, AGENT, pages))["next"] == row.outbox_id

    play(story)


NIGHT = MIDNIGHT


def test_an_answer_out_of_hours_that_waited_for_its_carrier_is_dropped_and_nobody_is_bothered() -> None:
    async def story(room: Mailroom) -> None:
        room.memory.add_fault("whatsapp", "429", times=50)
        case = await room.writes()
        (row,) = await room.outbox(case)
        assert row.purpose == "out_of_hours"
        await room.round(seconds=1)
        for _ in range(12):
            await room.round(seconds=300)
        after = await room.row(row.outbox_id)
        assert (after.state, after.problem) == (OutgoingState.FAILED, "too_late")
        assert room.sent("whatsapp") == []
        assert await room.tasks() == []

    play(story, at=NIGHT)


def test_an_answer_out_of_hours_leaves_within_half_an_hour_if_it_can() -> None:
    async def story(room: Mailroom) -> None:
        room.memory.add_fault("whatsapp", "429", times=2)
        case = await room.writes()
        for _ in range(4):
            await room.round(seconds=60)
        (row,) = await room.outbox(case)
        assert row.state is OutgoingState.ACCEPTED
        use_by = row.document["use_by"]
        assert use_by == (row.created_at + timedelta(minutes=30)).isoformat()

    play(story, at=NIGHT)


def test_an_offer_that_is_over_does_not_leave_any_more_and_its_task_stays() -> None:
    async def story(room: Mailroom) -> None:
        offer, whole = await an_offer_made(room), room.desk
        room.memory.add_fault("netgsm", "429")
        sent = await send_offer(whole, AGENT, offer.offer_id, Channel.SMS, "k1")
        room.reception.desk = replace(whole, carriers=WithoutSms(whole.carriers))
        await room.round(seconds=60)
        assert await room.tasks() == ["message_held"]
        room.clock.set(offer.valid_until)
        assert await looks(room) == [OutgoingState.FAILED]
        room.reception.desk = whole
        assert await looks(room, hours=1) == []
        assert (await room.row(sent.body["outbox_id"])).problem == "too_late"
        assert room.sent("netgsm") == []
        assert await room.tasks() == ["message_held"]

    play(story)


def test_an_offer_that_waited_until_it_was_over_is_told_to_a_person() -> None:
    async def story(room: Mailroom) -> None:
        offer = await an_offer_made(room)
        room.memory.add_fault("netgsm", "429")
        sent = await send_offer(room.desk, AGENT, offer.offer_id, Channel.SMS, "k1")
        assert sent.body["status"] == "queued"
        room.clock.set(offer.valid_until)
        await room.round()
        assert (await room.row(sent.body["outbox_id"])).problem == "too_late"
        assert await room.tasks() == ["message_failed"]

    play(story)
