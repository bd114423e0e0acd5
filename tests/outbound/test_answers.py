"""Answers go out on the channel a guest wrote on, count when a provider has them, and carry the notice once."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain.case import Case
from domain.contact import Channel, Sender
from domain.errors import InvalidInput, KeyReused, Refused, WindowClosed
from integration.adapters.channels.mail import Mailbox
from integration.errors import OutcomePending, OutcomeUnknown
from integration.ports.channels import Delivery
from integration.ports.hooks import Hook
from integration.ports.queue_records import OutgoingState
from integration.usecases.reply_case import reply_case
from integration.usecases.take_delivery import take_delivery
from integration.usecases.take_in import take_pending
from tests.intake.reception import MIDNIGHT, message, signed, webhook
from tests.outbound.mailroom import AGENT, ANNA, NUMBER, Mailroom, play


def first_response(case: Case) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(case.clocks)["first_response"]
    return found


def test_an_answer_reaches_the_guest_and_stops_the_clock_at_the_instant_of_acceptance():
    async def story(room: Mailroom) -> None:
        case = await room.writes()
        room.clock.advance(seconds=45)
        answer = await reply_case(room.desk, AGENT, case.case_id, "Yes, we have one.", "k1")
        assert answer.body["status"] == "accepted"
        (sent,) = room.sent("whatsapp")
        assert sent.receiver == NUMBER
        assert sent.body["text"]["body"].startswith("Yes, we have one.")
        assert sent.correlation == answer.body["outbox_id"]
        after = await room.case(case.case_id)
        assert first_response(after)["stopped"] == int(room.clock.now().timestamp() * 1000)
        said = (await room.messages(case))[-1]
        assert (said.sender, said.actor, said.provider_id) == (Sender.AGENT, "agent7", answer.body["provider_id"])

    play(story)


def test_the_same_key_is_one_message_and_another_text_under_it_is_refused():
    async def story(room: Mailroom) -> None:
        case = await room.writes()
        first = await reply_case(room.desk, AGENT, case.case_id, "Yes.", "k1")
        again = await reply_case(room.desk, AGENT, case.case_id, "Yes.", "k1")
        assert again.replayed
        assert again.body["outbox_id"] == first.body["outbox_id"]
        assert len(room.sent("whatsapp")) == 1
        with pytest.raises(KeyReused):
            await reply_case(room.desk, AGENT, case.case_id, "No.", "k1")

    play(story)


def test_the_first_answer_of_a_case_carries_the_notice_and_its_version_is_kept():
    async def story(room: Mailroom) -> None:
        case = await room.writes()
        await reply_case(room.desk, AGENT, case.case_id, "First.", "k1")
        await reply_case(room.desk, AGENT, case.case_id, "Second.", "k2")
        texts = [one.body["text"]["body"] for one in room.sent("whatsapp")]
        assert ["kvkk" in text for text in texts] == [True, False]
        notice = await room.desk.store.read(lambda tx: tx.get_notice(case.case_id, Channel.WHATSAPP))
        assert (notice.version, notice.language) == ("2027-01", "en")

    play(story)


def test_free_text_is_refused_at_the_instant_the_window_closes():
    async def story(room: Mailroom) -> None:
        case = await room.writes()
        room.clock.advance(hours=24, seconds=-1)
        assert (await reply_case(room.desk, AGENT, case.case_id, "In time.", "k1")).body["status"] == "accepted"
        room.clock.advance(seconds=1)
        with pytest.raises(WindowClosed):
            await reply_case(room.desk, AGENT, case.case_id, "Too late.", "k2")
        assert len(room.sent("whatsapp")) == 1

    play(story)


def test_what_the_provider_refuses_is_a_refusal_and_a_task_and_stops_no_clock():
    async def story(room: Mailroom) -> None:
        case = await room.writes()
        room.memory.add_fault("whatsapp", "refused", detail="131026")
        with pytest.raises(Refused, match="undeliverable"):
            await reply_case(room.desk, AGENT, case.case_id, "Hello", "k1")
        assert await room.tasks() == ["message_failed"]
        assert first_response(await room.case(case.case_id))["stopped"] is None
        with pytest.raises(Refused, match="undeliverable"):
            await reply_case(room.desk, AGENT, case.case_id, "Hello", "k1")
        assert room.sent("whatsapp") == []

    play(story)


def test_an_unknown_outcome_is_said_so_and_repeating_the_key_sends_nothing():
    async def story(room: Mailroom) -> None:
        case = await room.writes()
        room.memory.add_fault("whatsapp", "lost_answer")
        with pytest.raises(OutcomeUnknown):
            await reply_case(room.desk, AGENT, case.case_id, "Hello", "k1")
        with pytest.raises(OutcomePending):
            await reply_case(room.desk, AGENT, case.case_id, "Hello", "k1")
        assert len(room.sent("whatsapp")) == 1

    play(story)


def test_what_never_left_waits_and_goes_out_later_by_itself():
    async def story(room: Mailroom) -> None:
        case = await room.writes()
        room.memory.add_fault("whatsapp", "429", times=2)
        answer = await reply_case(room.desk, AGENT, case.case_id, "Hello", "k1")
        assert answer.body["status"] == "queued"
        assert await room.round(seconds=1) == []
        assert await room.round(seconds=10) == [OutgoingState.QUEUED]
        assert await room.round(seconds=30) == [OutgoingState.ACCEPTED]
        assert len(room.sent("whatsapp")) == 1

    play(story)


def test_what_never_leaves_is_given_up_after_ten_tries_and_told_to_a_person():
    async def story(room: Mailroom) -> None:
        case = await room.writes()
        room.memory.add_fault("whatsapp", "429", times=50)
        answer = await reply_case(room.desk, AGENT, case.case_id, "Hello", "k1")
        for _ in range(12):
            await room.round(seconds=1000)
        row = await room.row(answer.body["outbox_id"])
        assert (row.state, row.attempts) == (OutgoingState.FAILED, 10)
        assert await room.tasks() == ["message_failed"]

    play(story)


def test_the_older_message_of_a_case_goes_first_and_holds_up_no_other_case():
    async def story(room: Mailroom) -> None:
        case = await room.writes()
        room.memory.add_fault("whatsapp", "429")
        await reply_case(room.desk, AGENT, case.case_id, "One.", "k1")
        second = await reply_case(room.desk, AGENT, case.case_id, "Two.", "k2")
        assert second.body["status"] == "queued"
        assert room.sent("whatsapp") == []
        from tests.intake.reception import Writer

        other = await room.writes("Hi", Writer("+447700900789", "", "Boris"))
        assert (await reply_case(room.desk, AGENT, other.case_id, "Hi!", "k3")).body["status"] == "accepted"
        for _ in range(3):
            await room.round(seconds=15)
        texts = [one.body["text"]["body"].splitlines()[0] for one in room.sent("whatsapp")]
        assert texts == ["Hi!", "One.", "Two."]

    play(story)


def test_outside_opening_hours_a_machine_says_so_once_and_no_clock_takes_it_for_an_answer():
    async def story(room: Mailroom) -> None:
        case = await room.writes()
        again = await room.writes("Anybody there?")
        assert again.case_id == case.case_id
        assert await room.round() == [OutgoingState.ACCEPTED]
        (sent,) = room.sent("whatsapp")
        assert "kvkk" in sent.body["text"]["body"]
        said = [one for one in await room.messages(case) if one.sender is Sender.AUTOMATIC]
        assert len(said) == 1
        assert first_response(await room.case(case.case_id))["stopped"] is None

    play(story, at=MIDNIGHT + timedelta(hours=1))


@pytest.mark.parametrize(
    ("ago", "sent"),
    [
        (timedelta(hours=2, seconds=-1), 1),
        (timedelta(hours=2, seconds=1), 0),
        (timedelta(days=29), 0),
        (timedelta(days=31), 0),
        (timedelta(days=400), 0),
        (timedelta(hours=-3), 0),
    ],
)
def test_a_machine_answers_no_message_that_says_it_is_old(ago: timedelta, sent: int):
    async def story(room: Mailroom) -> None:
        now = room.clock.now()
        await room.delivers("whatsapp", signed(webhook((ANNA, message(ANNA, "Hello?", now - ago, "wamid.old"))), now))
        await room.round()
        assert len(room.sent("whatsapp")) == sent

    play(story, at=MIDNIGHT + timedelta(hours=1))


@pytest.mark.parametrize(("down_for", "sent"), [(timedelta(minutes=110), 1), (timedelta(hours=3), 0)])
def test_a_machine_answers_no_backlog(down_for: timedelta, sent: int):
    async def story(room: Mailroom) -> None:
        now = room.clock.now()
        delivery = signed(webhook((ANNA, message(ANNA, "Hello?", now, "wamid.late"))), now)
        await take_delivery(room.desk, room.desk.hooks["whatsapp"], delivery)
        room.clock.advance(seconds=down_for.total_seconds())
        await take_pending(room.desk, 10)
        await room.round()
        assert len(room.sent("whatsapp")) == sent

    play(story, at=MIDNIGHT + timedelta(hours=1))


@pytest.mark.parametrize(
    ("date", "sent"),
    [
        ("Mon, 03 May 2027 00:50:00 +0000", 1),
        ("Sun, 02 May 2027 20:50:00 +0000", 0),
        ("Fri, 06 May 2022 00:50:00 +0000", 0),
        ("Thu, 06 May 2032 00:50:00 +0000", 0),
        ("", 0),
    ],
)
def test_the_first_reading_of_a_mailbox_writes_to_nobody_who_wrote_long_ago(date: str, sent: int):
    async def story(room: Mailroom) -> None:
        mailbox = Hook("info", Mailbox("info@belek.example", "mx.belek.example"), "BELEK1")
        room.reception.desk = replace(room.desk, hooks={**room.desk.hooks, "info": mailbox})
        head = (
            f"From: Boris <boris@example.com>\r\nMessage-ID: <m1@example.com>\r\n{f'Date: {date}' if date else 'X: 1'}"
        )
        body = f"{head}\r\n\r\nA room in July?".encode()
        await room.delivers("info", Delivery(body, {}, "imap://127.0.0.1/INBOX", room.clock.now()))
        assert len(await room.cases()) == 1
        await room.round()
        assert len(room.sent("smtp")) == sent

    play(story, at=MIDNIGHT + timedelta(hours=1))


def test_a_case_nobody_wrote_in_takes_no_answer():
    async def story(room: Mailroom) -> None:
        case = await room.writes()
        with pytest.raises(Refused):
            await reply_case(room.desk, AGENT, case.case_id, "Hello", "k1", Channel.EMAIL)
        with pytest.raises(InvalidInput):
            await reply_case(room.desk, AGENT, case.case_id, "  ", "k2")

    play(story)
