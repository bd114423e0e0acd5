"""An escalated clock is told to the supervisors, once for each run of a clock, if the hotel file says to whom."""

import asyncio
from dataclasses import replace

import pytest

from domain.contact import Channel
from domain.handoff import Trigger
from integration.ports.queue_records import Outgoing, OutgoingWish, StoredHandoff
from integration.usecases.list_cases_alarms import sound_alarms
from integration.usecases.reply_case import reply_case
from integration.usecases.send_offer import send_summary
from integration.workers.clocks import CLOCKS
from scenarios.loader import load_hotel
from tests.intake.reception import MIDNIGHT
from tests.outbound.mailroom import AGENT, ANNA, NUMBER, Mailroom, play
from tests.outbound.sales import a_booking
from tests.outbound.test_sale_summaries import hangs_up

BOX = "supervisors@hotel.example"


def told(room: Mailroom, to: str = BOX, languages: tuple[str, ...] = ("en",)) -> None:
    hotel = replace(room.desk.hotels["BELEK1"], escalate_to=to, languages=languages)
    room.reception.desk = replace(room.desk, hotels={"BELEK1": hotel})


async def alerts(room: Mailroom) -> list[Outgoing]:
    found: list[Outgoing] = await room.desk.store.read(lambda tx: tx.list_outgoing(OutgoingWish(), 200))
    return [one for one in found if one.purpose == "alert"]


async def escalated(room: Mailroom, *, minutes: float = 4) -> None:
    room.clock.advance(minutes=minutes)
    await sound_alarms(room.desk, CLOCKS)


def test_an_escalation_is_one_mail_that_names_the_case_and_nobody() -> None:
    async def story(room: Mailroom) -> None:
        told(room)
        case = await room.writes()
        for _ in range(3):
            await escalated(room)
        (row,) = await alerts(room)
        await room.round()
        (mail,) = room.sent("smtp")
        assert mail.receiver == BOX
        assert mail.body["headers"]["auto-submitted"] == "auto-generated"
        for words in (case.case_id, "First response", "WhatsApp", f"santral case show {case.case_id}"):
            assert words in mail.body["text"]
        assert case.case_id in mail.body["headers"]["subject"]
        for secret in (ANNA.name, NUMBER, "family room"):
            assert secret not in str(mail.body)
        assert (row.case_id, row.actor) == (None, "outbox")
        contacts = await room.messages(case)
        assert [one.channel for one in contacts] == [Channel.WHATSAPP]

    play(story, notice=False)


def test_two_processes_at_once_tell_it_once() -> None:
    async def story(room: Mailroom) -> None:
        told(room)
        await room.writes()
        room.clock.advance(minutes=4)
        await asyncio.gather(*(sound_alarms(room.desk, CLOCKS) for _ in range(3)))
        assert len(await alerts(room)) == 1

    play(story)


def test_a_clock_that_runs_again_and_is_late_again_is_told_again() -> None:
    async def story(room: Mailroom) -> None:
        told(room)
        case = await room.writes()
        await escalated(room)
        await reply_case(room.desk, AGENT, case.case_id, "Yes.", "k1")
        room.clock.advance(minutes=1)
        await room.writes("And with a balcony?")
        await escalated(room)
        assert len({one.request_key for one in await alerts(room)}) == 2

    play(story)


def test_nobody_is_told_where_the_hotel_file_names_nobody() -> None:
    async def story(room: Mailroom) -> None:
        await room.writes()
        await escalated(room)
        assert await alerts(room) == []

    play(story)


def test_an_alert_that_could_not_leave_within_an_hour_is_dropped_without_a_task() -> None:
    async def story(room: Mailroom) -> None:
        told(room)
        room.memory.add_fault("smtp", "429", times=50)
        await room.writes()
        await escalated(room)
        for _ in range(10):
            await room.round(seconds=600)
        (row,) = await alerts(room)
        assert row.problem == "too_late"
        assert await room.tasks() == []

    play(story)


def test_a_supervisor_reads_it_in_the_hotels_first_language() -> None:
    async def story(room: Mailroom) -> None:
        told(room, languages=("tr", "en"))
        await room.writes()
        await escalated(room)
        (row,) = await alerts(room)
        assert "yükseltildi" in str(row.document["text"])

    play(story)


@pytest.mark.parametrize("name", ["belek-resort", "side-resort", "kemer-boutique", "demo-resort"])
def test_it_is_off_unless_a_hotel_file_asks_for_it(name: str) -> None:
    assert load_hotel(name).sla.notify == ""


async def raised(room: Mailroom) -> list[StoredHandoff]:
    found: list[StoredHandoff] = await room.desk.store.read(lambda tx: tx.list_handoffs())
    return found


def test_a_handoff_raised_after_a_reply_is_from_the_agent_who_wrote_it() -> None:
    async def story(room: Mailroom) -> None:
        case = await room.writes()
        for turn in range(2):
            room.clock.advance(seconds=30)
            await reply_case(room.desk, AGENT, case.case_id, f"Which room? {turn}", f"k{turn}")
            room.clock.advance(seconds=30)
            await room.writes("I am not sure.")
        (one,) = await raised(room)
        assert (one.trigger, one.from_actor) == (Trigger.UNSOLVED_TURNS, AGENT.name)
        assert one.history[0][2] == AGENT.name
        events = await room.desk.store.read(lambda tx: tx.case_events(case.case_id))
        assert [event.actor for event in events if event.kind == "handed_over"] == [AGENT.name]

    play(story)


def test_a_handoff_that_nobody_of_ours_had_a_part_in_names_its_rule() -> None:
    async def story(room: Mailroom) -> None:
        await room.writes("I must cancel my booking, we arrive tonight! Emergency!")
        for one in await raised(room):
            assert one.from_actor == f"rule:{one.trigger}"
        assert await raised(room) != []

    play(story, at=MIDNIGHT)


def test_what_a_machine_sends_hands_nobody_over() -> None:
    async def story(room: Mailroom) -> None:
        one = await a_booking(room)
        await hangs_up(room, one)
        await send_summary(room.desk, AGENT, one.reservation_id, Channel.WHATSAPP, "k1")
        assert [each.from_actor for each in await raised(room)] == [AGENT.name]

    play(story)
