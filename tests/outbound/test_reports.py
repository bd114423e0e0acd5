"""What providers say became of a message reaches its row: asked for, posted or mailed back, in any order, any number of
times; what did not arrive opens a task."""

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.case import Case
from domain.contact import Channel, Sender
from domain.reservation import Reservation
from integration.adapters.channels.mail import Mailbox
from integration.adapters.channels.verimor_sms import VerimorSms
from integration.errors import OutcomeUnknown
from integration.ports.channels import Delivery
from integration.ports.hooks import Hook
from integration.ports.outbound import Report
from integration.ports.queue_records import Outgoing, OutgoingState
from integration.usecases.ask_reports import GIVEN_UP_AFTER, NEVER, ask_reports
from integration.usecases.list_cases import show_case
from integration.usecases.receipts import move_on
from integration.usecases.reply_case import reply_case
from integration.usecases.send_offer import send_summary
from pms_mock.channels.callbacks import Callback, bounce, verimor_report, whatsapp_receipt
from tests.builders import minutes_later
from tests.intake.reception import SECRET
from tests.outbound.mailroom import AGENT, EMAIL, LARGEST, Killed, Mailroom, play
from tests.outbound.sales import VERIMOR, a_booking

TOKEN = "a-long-secret-in-the-path"
REPORTS = Hook("reports", VerimorSms.of("verimor", [TOKEN]), "BELEK1")
MAILS = Hook("mail", Mailbox("reservations@hotel.example"), "BELEK1")
ARRIVED, LOST = OutgoingState.DELIVERED, OutgoingState.UNDELIVERABLE


def with_hooks(room: Mailroom) -> None:
    room.reception.desk = replace(room.desk, hooks={**room.desk.hooks, "reports": REPORTS, "mail": MAILS})


async def a_summary(room: Mailroom, via: Channel = Channel.SMS) -> Outgoing:
    """The summary of a stay, taken by its provider."""
    with_hooks(room)
    one: Reservation = await a_booking(room)
    answer = await send_summary(room.desk, AGENT, one.reservation_id, via, "s1")
    assert answer.body["status"] == "accepted"
    return await room.row(answer.body["outbox_id"])


async def posts(room: Mailroom, callback: Callback) -> None:
    url = f"https://hotel.example/hooks/reports/{TOKEN}"
    await room.delivers("reports", Delivery(callback.body, callback.headers, url, room.clock.now()))


async def asks(room: Mailroom, **later: float) -> list[OutgoingState]:
    room.clock.advance(**later)
    return [one.state for one in await ask_reports(room.desk, LARGEST)]


async def case_of(room: Mailroom, row: Outgoing) -> dict[str, Any]:
    return await show_case(room.desk, AGENT, str(row.case_id))


@pytest.mark.parametrize(
    ("tables", "provider", "words"),
    [(None, "netgsm", ("1", "12")), (VERIMOR, "verimor", ("DELIVERED", "NOT_DELIVERED"))],
)
@pytest.mark.parametrize("is_lost", [False, True])
def test_a_sender_of_short_messages_is_asked_until_it_says_what_became_of_one(
    tables: dict[str, Any] | None, provider: str, words: tuple[str, str], is_lost: bool
) -> None:
    async def story(room: Mailroom) -> None:
        row = await a_summary(room)
        assert await asks(room, seconds=59) == []
        assert await asks(room, seconds=1) == []
        room.memory.report(room.sent(provider)[0].number, words[is_lost])
        assert await asks(room, seconds=30) == []
        assert await asks(room, seconds=30) == [LOST if is_lost else ARRIVED]
        after = await room.row(row.outbox_id)
        assert (after.state, bool(after.problem)) == (LOST if is_lost else ARRIVED, is_lost)
        assert await asks(room, hours=2) == []
        assert await room.tasks() == (["message_undeliverable"] if is_lost else [])

    play(story, tables)


def test_after_three_days_nobody_is_asked_any_more() -> None:
    async def story(room: Mailroom) -> None:
        row = await a_summary(room)
        asked = 0
        for _ in range(200):
            due = (await room.row(row.outbox_id)).due_at
            if due == NEVER:
                break
            room.clock.set(due)
            assert await ask_reports(room.desk, LARGEST) == []
            asked += 1
        assert 70 < asked < 90
        assert room.clock.now() >= row.created_at + GIVEN_UP_AFTER
        assert (await room.row(row.outbox_id)).state is OutgoingState.ACCEPTED

    play(story)


def test_a_sender_that_does_not_answer_is_asked_again_later_and_nothing_is_lost() -> None:
    async def story(room: Mailroom) -> None:
        row = await a_summary(room)
        carrier = room.desk.carriers.of("BELEK1", Channel.SMS)
        object.__setattr__(carrier, "password", "")
        assert await asks(room, minutes=1) == []
        object.__setattr__(carrier, "password", "p")
        room.memory.report(room.sent("netgsm")[0].number, "1")
        assert await asks(room, minutes=1) == [ARRIVED]
        assert (await room.row(row.outbox_id)).state is ARRIVED

    play(story)


def test_a_report_that_is_posted_settles_the_row_and_a_bounced_summary_opens_a_task() -> None:
    async def story(room: Mailroom) -> None:
        row = await a_summary(room)
        await posts(room, verimor_report(room.memory, room.sent("verimor")[0].number, "INVALID_DESTINATION_ADDRESS"))
        after = await room.row(row.outbox_id)
        assert (after.state, after.problem) == (LOST, "invalid_destination_address")
        (task,) = await room.desk.store.read(lambda tx: tx.list_tasks(hotel_id="BELEK1", open_only=True, limit=9))
        assert (task.kind.value, task.ids["outbox_id"]) == ("message_undeliverable", row.outbox_id)
        assert task.ids["reservation_id"] == row.document["reservation_id"]
        shown = await case_of(room, row)
        (event,) = [one for one in shown["events"] if one["kind"] == "undeliverable"]
        assert event["detail"]["outbox_id"] == row.outbox_id
        assert [(one["outbox_id"], one["status"]) for one in shown["outgoing"]] == [(row.outbox_id, "undeliverable")]

    play(story, VERIMOR)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 1, 2, 0, 1), (1, 2, 2, 1)])
def test_reports_out_of_order_and_twice_end_in_the_same_state_and_one_task_at_most(order: tuple[int, ...]) -> None:
    async def story(room: Mailroom) -> None:
        row = await a_summary(room)
        number = room.sent("verimor")[0].number
        posted = [verimor_report(room.memory, number, word) for word in ("WAITING", "EXPIRED", "DELIVERED")]
        for which in order:
            await posts(room, posted[which])
        assert (await room.row(row.outbox_id)).state is ARRIVED
        assert await room.tasks() == []
        shown = await case_of(room, row)
        lost = [one for one in shown["events"] if one["kind"] == "undeliverable"]
        assert len(lost) == (1 if order.index(1) < order.index(2) else 0)
        assert len([one for one in shown["contacts"] if one["sender"] == "agent"]) == 1

    play(story, VERIMOR)


def test_a_report_settles_a_message_whose_answer_was_lost() -> None:
    async def story(room: Mailroom) -> None:
        with_hooks(room)
        one = await a_booking(room)
        room.memory.add_fault("verimor", "lost_answer")
        with pytest.raises(OutcomeUnknown):
            await send_summary(room.desk, AGENT, one.reservation_id, Channel.SMS, "s1")
        await posts(room, verimor_report(room.memory, room.sent("verimor")[0].number, "DELIVERED"))
        (row,) = await room.outbox((await room.cases())[0])
        assert (row.state, row.message_id is not None) == (ARRIVED, True)
        await room.round(seconds=3600)
        assert len(room.sent("verimor")) == 1

    play(story, VERIMOR)


def test_a_report_on_another_channels_message_or_on_nothing_changes_nothing() -> None:
    async def story(room: Mailroom) -> None:
        with_hooks(room)
        case = await room.writes()
        answer = await reply_case(room.desk, AGENT, case.case_id, "Yes.", "k1")
        for ours in (str(answer.body["outbox_id"]), "out_999999"):
            sent = room.memory.keep("verimor", "447700900123", {"msg": "x"}, correlation=ours)
            await posts(room, verimor_report(room.memory, sent.number, "EXPIRED"))
        assert (await room.row(str(answer.body["outbox_id"]))).state is OutgoingState.ACCEPTED
        assert await room.tasks() == []

    play(story, VERIMOR)


async def mailed(room: Mailroom, mail: bytes) -> None:
    where = "imap://mail.example/INBOX;UIDVALIDITY=7/;UID=1"
    await room.delivers("mail", Delivery(mail, {}, where, room.clock.now(), is_proven=True))


async def a_mail_answered(room: Mailroom) -> tuple[Case, Outgoing]:
    """Somebody wrote a mail and was answered."""
    with_hooks(room)
    now: datetime = room.clock.now()
    head = f"From: Anna <{EMAIL}>\r\nDate: {now:%a, %d %b %Y %H:%M:%S} +0000\r\nMessage-ID: <m1@example.com>"
    await mailed(room, f"{head}\r\n\r\nHello\r\n".encode())
    (case,) = await room.cases()
    await room.round()
    answer = await reply_case(room.desk, AGENT, case.case_id, "Yes.", "k1")
    assert answer.body["status"] == "accepted"
    return case, await room.row(answer.body["outbox_id"])


@pytest.mark.parametrize(
    ("action", "status", "state"),
    [
        ("failed", "5.1.1", LOST),
        ("delayed", "4.4.1", OutgoingState.ACCEPTED),
        ("delivered", "2.0.0", ARRIVED),
        ("relayed", "2.1.9", OutgoingState.ACCEPTED),
    ],
)
def test_a_mail_servers_report_is_known_by_our_message_id(action: str, status: str, state: OutgoingState) -> None:
    async def story(room: Mailroom) -> None:
        case, row = await a_mail_answered(room)
        report = bounce(room.sent("smtp")[-1], status, action)
        for _ in range(2):
            await mailed(room, report)
        after = await room.row(row.outbox_id)
        assert (after.state, after.problem) == (state, status if state is LOST else None)
        assert [one.case_id for one in await room.cases()] == [case.case_id]
        assert len([one for one in await room.messages(case) if one.sender is Sender.GUEST]) == 1
        assert await room.tasks() == (["message_undeliverable"] if state is LOST else [])

    play(story)


def test_a_report_on_a_mail_that_is_not_ours_stays_a_mail_for_a_person() -> None:
    async def story(room: Mailroom) -> None:
        await a_mail_answered(room)
        await mailed(room, bounce(replace(room.sent("smtp")[-1], correlation="somebody@elsewhere.example")))
        assert len(await room.cases()) == 2
        assert await room.tasks() == []

    play(story)


def test_a_whatsapp_message_that_fails_after_it_was_taken_did_not_arrive() -> None:
    async def story(room: Mailroom) -> None:
        row = await a_summary(room, Channel.WHATSAPP)
        (sent,) = room.sent("whatsapp")
        await room.tells("whatsapp", whatsapp_receipt(sent, "failed", secret=SECRET, account="1", code=131026))
        after = await room.row(row.outbox_id)
        assert (after.state, after.problem) == (LOST, "131026")
        await room.tells("whatsapp", whatsapp_receipt(sent, "read", secret=SECRET, account="1"))
        assert (await room.row(row.outbox_id)).state is OutgoingState.READ
        assert await room.tasks() == []

    play(story)


def test_an_answer_out_of_hours_that_does_not_arrive_bothers_nobody() -> None:
    async def story(room: Mailroom) -> None:
        row = await a_summary(room)
        away = replace(row, purpose="out_of_hours")

        def work(tx: Any) -> Outgoing:
            tx.update_outgoing(away, expected=away.state)
            return move_on(room.desk, tx, away, Report("failed", "x", minutes_later(1)))

        assert (await room.desk.store.transact(work)).state is LOST
        assert await room.tasks() == []

    play(story)


def test_a_task_that_asks_whether_a_message_arrived_ends_when_its_report_comes() -> None:
    async def story(room: Mailroom) -> None:
        with_hooks(room)
        case = await room.writes()
        room.memory.add_fault("whatsapp", "lost_answer")
        with pytest.raises(OutcomeUnknown):
            await reply_case(room.desk, AGENT, case.case_id, "Yes.", "k1")
        for _ in range(4):
            await room.round(seconds=300)
        assert await room.tasks() == ["message_unknown"]
        receipt = whatsapp_receipt(room.sent("whatsapp")[0], "delivered", secret=SECRET, account="1")
        await room.tells("whatsapp", receipt)
        assert await room.tasks() == []
        assert len(room.sent("whatsapp")) == 1

    play(story)


def test_a_process_that_dies_between_asking_and_storing_asks_again() -> None:
    async def story(room: Mailroom) -> None:
        row = await a_summary(room)
        room.memory.report(room.sent("netgsm")[0].number, "2")
        room.clock.advance(minutes=1)
        room.kill_at.append("reports_asked")
        with pytest.raises(Killed):
            await ask_reports(room.desk, LARGEST)
        assert (await room.row(row.outbox_id)).state is OutgoingState.ACCEPTED
        assert await asks(room, minutes=1) == [LOST]
        assert await room.tasks() == ["message_undeliverable"]

    play(story)


def test_two_processes_that_ask_at_once_open_one_task() -> None:
    async def story(room: Mailroom) -> None:
        await a_summary(room)
        room.memory.report(room.sent("netgsm")[0].number, "2")
        room.clock.advance(minutes=1)
        both = await asyncio.gather(ask_reports(room.desk, LARGEST), ask_reports(room.desk, LARGEST))
        assert sorted(len(one) for one in both) == [0, 1]
        assert await room.tasks() == ["message_undeliverable"]

    play(story)


WORDS = {"WAITING": OutgoingState.ACCEPTED, "EXPIRED": LOST, "DELIVERED": ARRIVED, "READ": OutgoingState.READ}


@given(st.lists(st.sampled_from(sorted(WORDS)), min_size=1, max_size=7))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_whatever_is_told_in_whatever_order_the_furthest_word_stands_and_a_task_while_it_is_lost(
    told: list[str],
) -> None:
    async def story(room: Mailroom) -> None:
        row = await a_summary(room, Channel.WHATSAPP)
        (sent,) = room.sent("whatsapp")
        says = {"WAITING": "sent", "EXPIRED": "failed", "DELIVERED": "delivered", "READ": "read"}
        for word in told:
            await room.tells("whatsapp", whatsapp_receipt(sent, says[word], secret=SECRET, account="1"))
        order = [OutgoingState.ACCEPTED, LOST, ARRIVED, OutgoingState.READ]
        furthest = max((WORDS[word] for word in told), key=order.index)
        assert (await room.row(row.outbox_id)).state is furthest
        assert await room.tasks() == (["message_undeliverable"] if furthest is LOST else [])

    play(story)
