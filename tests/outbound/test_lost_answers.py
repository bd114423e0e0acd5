"""What may have been taken is looked up, told by a receipt, or decided by a person; it is never sent on a guess."""

import asyncio
from dataclasses import replace

import pytest

from domain.contact import Channel, Sender
from integration.errors import OutcomeUnknown
from integration.ports.outbound import Accepted, Carrier, Looked, MaybeTaken, NotSent
from integration.ports.queue_records import Outgoing, OutgoingState
from integration.usecases.decide_task import decide_task
from integration.usecases.reply_case import reply_case
from integration.usecases.request_payment import request_payment
from integration.usecases.send_offer import send_summary
from pms_mock.channels.callbacks import whatsapp_receipt
from pms_mock.channels.memory import Link
from tests.intake.reception import PHONE_ID, SECRET
from tests.outbound.mailroom import AGENT, Killed, Mailroom, play
from tests.outbound.sales import VERIMOR, a_booking

ACCEPTED, UNKNOWN, SENDING = OutgoingState.ACCEPTED, OutgoingState.UNKNOWN, OutgoingState.SENDING


async def the_row(room: Mailroom) -> Outgoing:
    (case,) = await room.cases()
    return (await room.outbox(case))[-1]


def test_a_lost_answer_is_found_at_the_provider_and_the_message_is_not_sent_twice():
    async def story(room: Mailroom) -> None:
        one = await a_booking(room)
        room.memory.add_fault("verimor", "lost_answer")
        with pytest.raises(OutcomeUnknown):
            await send_summary(room.desk, AGENT, one.reservation_id, Channel.SMS, "k1")
        assert await room.round(seconds=10) == []
        assert await room.round(seconds=25) == [ACCEPTED]
        assert len(room.sent("verimor")) == 1
        row = await the_row(room)
        assert row.provider_id == "5000001"
        assert row.message_id is not None

    play(story, VERIMOR)


class Rash:
    """The twin: a carrier that takes "nobody knows" for "never left"."""

    channel = Channel.SMS

    def __init__(self, real: Carrier) -> None:
        self.real = real

    async def send(self, one: Outgoing) -> Accepted:
        try:
            return await self.real.send(one)
        except MaybeTaken as error:
            raise NotSent(error.code) from error

    async def look_up(self, one: Outgoing) -> Accepted | Looked:
        return await self.real.look_up(one)


class RashCarriers:
    def __init__(self, real) -> None:
        self.real = real

    def check(self) -> None: ...

    def of(self, hotel_id: str, channel: Channel):
        return Rash(self.real.of(hotel_id, channel))

    def payments(self, hotel_id: str):
        return None

    async def close(self) -> None: ...


def test_with_the_guard_off_the_same_lost_answer_is_sent_twice():
    async def story(room: Mailroom) -> None:
        one = await a_booking(room)
        room.reception.desk = replace(room.desk, carriers=RashCarriers(room.desk.carriers))
        room.memory.add_fault("verimor", "lost_answer")
        await send_summary(room.desk, AGENT, one.reservation_id, Channel.SMS, "k1")
        await room.round(seconds=20)
        assert len(room.sent("verimor")) == 2

    play(story, VERIMOR)


def test_what_the_provider_has_never_heard_of_goes_out_again_once_the_settle_time_is_over():
    async def story(room: Mailroom) -> None:
        one = await a_booking(room)
        room.memory.add_fault("verimor", "500")
        with pytest.raises(OutcomeUnknown):
            await send_summary(room.desk, AGENT, one.reservation_id, Channel.SMS, "k1")
        assert await room.round(seconds=40) == [UNKNOWN]
        assert room.sent("verimor") == []
        assert await room.round(seconds=60) == [OutgoingState.QUEUED]
        assert await room.round(seconds=1) == [ACCEPTED]
        assert len(room.sent("verimor")) == 1

    play(story, VERIMOR)


@pytest.mark.parametrize(
    ("point", "sent"),
    [("outgoing_queued", 0), ("outgoing_claimed", 0), ("outgoing_sent", 1), ("outgoing_stored", 1)],
)
def test_a_process_killed_at_any_point_sends_each_message_once(point: str, sent: int):
    async def story(room: Mailroom) -> None:
        one = await a_booking(room)
        room.kill_at = [point]
        with pytest.raises(Killed):
            await send_summary(room.desk, AGENT, one.reservation_id, Channel.SMS, "k1")
        assert len(room.sent("verimor")) == sent
        for seconds in (1, 40, 60, 60):
            await room.round(seconds=seconds)
        assert len(room.sent("verimor")) == 1
        row = await the_row(room)
        assert row.state is ACCEPTED
        said = [one for one in await room.messages((await room.cases())[0]) if one.sender is Sender.AGENT]
        assert len(said) == 1

    play(story, VERIMOR)


def test_a_receipt_settles_a_lost_whatsapp_answer_by_our_number():
    async def story(room: Mailroom) -> None:
        case = await room.writes()
        room.memory.add_fault("whatsapp", "lost_answer")
        with pytest.raises(OutcomeUnknown):
            await reply_case(room.desk, AGENT, case.case_id, "Hello", "k1")
        (sent,) = room.sent("whatsapp")
        receipt = whatsapp_receipt(sent, "delivered", secret=SECRET, account=PHONE_ID)
        for _ in range(2):
            await room.tells("whatsapp", receipt)
        row = await the_row(room)
        assert (row.state, row.provider_id) == (OutgoingState.DELIVERED, f"wamid.{sent.provider_id}")
        said = [one for one in await room.messages(case) if one.sender is Sender.AGENT]
        assert [one.text.splitlines()[0] for one in said] == ["Hello"]
        assert await room.round(seconds=700) == []
        assert len(room.sent("whatsapp")) == 1

    play(story)


def test_where_nobody_can_be_asked_a_person_decides_whether_it_arrived():
    async def story(room: Mailroom, *, happened: bool) -> None:
        case = await room.writes()
        room.memory.add_fault("whatsapp", "lost_answer")
        with pytest.raises(OutcomeUnknown):
            await reply_case(room.desk, AGENT, case.case_id, "Hello", "k1")
        for _ in range(3):
            await room.round(seconds=301)
        assert await room.tasks() == ["message_unknown"]
        (task,) = await room.desk.store.read(lambda tx: tx.list_tasks(hotel_id=None, open_only=True, limit=5))
        await decide_task(room.desk, AGENT, task.task_id, "d1", happened=happened)
        await room.round(seconds=1)
        assert (await the_row(room)).state is ACCEPTED
        assert len(room.sent("whatsapp")) == (1 if happened else 2)
        said = [one for one in await room.messages(case) if one.sender is Sender.AGENT]
        assert len(said) == 1
        assert await room.tasks() == []

    play(lambda room: story(room, happened=True))
    play(lambda room: story(room, happened=False))


@pytest.mark.parametrize(
    ("other", "state", "tasks"),
    [("out_of_another_request", OutgoingState.QUEUED, []), ("", UNKNOWN, ["message_unknown"])],
)
def test_a_link_that_a_silent_list_may_hide_is_a_persons_to_decide(other: str, state: OutgoingState, tasks: list[str]):
    async def story(room: Mailroom) -> None:
        room.memory.keep_link(Link("tok-other", "iyzico", other, "1.00", "EUR", "open", ""))
        one = await a_booking(room)
        room.memory.add_fault("iyzico", "500")
        with pytest.raises(OutcomeUnknown):
            await request_payment(room.desk, AGENT, one.reservation_id, "p1", Channel.WHATSAPP)
        assert await room.round(seconds=601) == [state]
        assert await room.tasks() == tasks
        await room.round(seconds=1)
        assert len(room.memory.links()) == (2 if other else 1)

    play(story)


@pytest.mark.parametrize("happened", [True, False])
def test_a_link_a_person_found_at_the_provider_makes_no_message_without_an_address(*, happened: bool):
    async def story(room: Mailroom) -> None:
        room.memory.keep_link(Link("tok-other", "iyzico", "", "1.00", "EUR", "open", ""))
        one = await a_booking(room)
        room.memory.add_fault("iyzico", "500")
        with pytest.raises(OutcomeUnknown):
            await request_payment(room.desk, AGENT, one.reservation_id, "p1", Channel.WHATSAPP)
        await room.round(seconds=601)
        (task,) = await room.desk.store.read(lambda tx: tx.list_tasks(hotel_id=None, open_only=True, limit=5))
        await decide_task(room.desk, AGENT, task.task_id, "d1", happened=happened)
        for _ in range(2):
            await room.round(seconds=1)
        assert len(room.sent("whatsapp")) == (0 if happened else 1)
        assert len(room.memory.links()) == (1 if happened else 2)

    play(story)


def test_two_workers_side_by_side_send_a_message_once():
    async def story(room: Mailroom) -> None:
        case = await room.writes()
        room.memory.add_fault("whatsapp", "429")
        await reply_case(room.desk, AGENT, case.case_id, "Hello", "k1")
        room.clock.advance(seconds=15)
        await asyncio.gather(*(room.round() for _ in range(4)))
        assert len(room.sent("whatsapp")) == 1

    play(story)


class Broken:
    """A carrier with a bug."""

    channel = Channel.SMS

    async def send(self, one: Outgoing) -> Accepted:
        raise KeyError(one.outbox_id)

    async def look_up(self, one: Outgoing) -> Accepted | Looked:
        return Looked.SILENT


def test_a_message_that_breaks_its_carrier_holds_up_no_other():
    async def story(room: Mailroom) -> None:
        one = await a_booking(room)
        real = room.desk.carriers

        class Mixed(RashCarriers):
            def of(self, hotel_id: str, channel: Channel):
                return Broken() if channel is Channel.SMS else real.of(hotel_id, channel)

        room.reception.desk = replace(room.desk, carriers=Mixed(real))
        with pytest.raises(OutcomeUnknown):
            await send_summary(room.desk, AGENT, one.reservation_id, Channel.SMS, "k1")
        answer = await send_summary(room.desk, AGENT, one.reservation_id, Channel.WHATSAPP, "k2")
        assert answer.body["status"] == "accepted"
        for _ in range(3):
            await room.round(seconds=301)
        assert await room.tasks() == ["message_unknown"]

    play(story)
