"""The handoff of a sale on the telephone ends by itself when a provider has taken the sale's summary."""

import pytest

from domain.case import CallEnd, CallId, CallOutcome
from domain.contact import Channel
from domain.errors import Refused
from domain.handoff import HandoffState
from domain.reservation import Reservation, ReservationState
from integration.errors import OutcomeUnknown
from integration.ports.queue_records import StoredHandoff
from integration.usecases.book_stay import book_stay
from integration.usecases.booking_request import BookRequest
from integration.usecases.handoff_case import HandoffMove, move_handoff
from integration.usecases.send_offer import send_offer, send_summary
from integration.usecases.take_calls import end_call
from tests.outbound.mailroom import AGENT, Mailroom, play
from tests.outbound.sales import VERIMOR, a_booking


async def hangs_up(room: Mailroom, one: Reservation) -> None:
    await end_call(room.desk, AGENT, CallId(one.call_id or ""), CallEnd(CallOutcome.SOLD))


async def handoffs(room: Mailroom) -> list[StoredHandoff]:
    found: list[StoredHandoff] = await room.desk.store.read(lambda tx: tx.list_handoffs())
    return found


async def states(room: Mailroom) -> list[tuple[str, str]]:
    return [(one.trigger, one.state) for one in await handoffs(room)]


TRIGGERED, SOLVED = [("phone_sale", "triggered")], [("phone_sale", "solved")]


@pytest.mark.parametrize("via", [Channel.WHATSAPP, Channel.SMS])
def test_a_taken_summary_solves_the_handoff_once(via: Channel):
    async def story(room: Mailroom) -> None:
        one = await a_booking(room)
        await hangs_up(room, one)
        assert await states(room) == TRIGGERED
        await send_summary(room.desk, AGENT, one.reservation_id, via, "k1")
        assert await states(room) == SOLVED
        await send_summary(room.desk, AGENT, one.reservation_id, via, "k2")
        (made,) = await handoffs(room)
        assert [step[1] for step in made.history] == ["triggered", "solved"]
        (case,) = await room.cases()
        events = await room.desk.store.read(lambda tx: tx.case_events(case.case_id))
        assert [event.document["state"] for event in events if event.kind == "handoff"] == ["solved"]

    play(story, VERIMOR)


def test_a_summary_sent_while_still_on_the_telephone_counts_too():
    async def story(room: Mailroom) -> None:
        one = await a_booking(room)
        await send_summary(room.desk, AGENT, one.reservation_id, Channel.WHATSAPP, "k1")
        assert await states(room) == []
        await hangs_up(room, one)
        assert await states(room) == SOLVED

    play(story)


def test_a_summary_that_waits_is_refused_or_lost_solves_nothing():
    async def story(room: Mailroom) -> None:
        one = await a_booking(room)
        await hangs_up(room, one)
        room.memory.add_fault("verimor", "429")
        room.memory.add_fault("whatsapp", "refused", detail="131026")
        assert (await send_summary(room.desk, AGENT, one.reservation_id, Channel.SMS, "k1")).body["status"] == "queued"
        with pytest.raises(Refused):
            await send_summary(room.desk, AGENT, one.reservation_id, Channel.WHATSAPP, "k2")
        room.memory.add_fault("whatsapp", "lost_answer")
        with pytest.raises(OutcomeUnknown):
            await send_summary(room.desk, AGENT, one.reservation_id, Channel.WHATSAPP, "k3")
        assert await states(room) == TRIGGERED
        await room.round(seconds=15)
        assert await states(room) == SOLVED

    play(story, VERIMOR)


def test_a_sale_of_two_rooms_is_told_when_both_are():
    async def story(room: Mailroom) -> None:
        one = await a_booking(room)
        request = BookRequest(
            to=ReservationState.HOLD, request_key="book-2", offer_id=one.offer_id, pick=2, guest_id=one.guest_id
        )
        second = (await book_stay(room.desk, AGENT, request)).body["reservation_id"]
        await hangs_up(room, one)
        await send_summary(room.desk, AGENT, one.reservation_id, Channel.WHATSAPP, "k1")
        assert await states(room) == TRIGGERED
        await send_summary(room.desk, AGENT, second, Channel.WHATSAPP, "k2")
        assert await states(room) == SOLVED

    play(story)


def test_an_offer_is_no_summary():
    async def story(room: Mailroom) -> None:
        one = await a_booking(room)
        await hangs_up(room, one)
        await send_offer(room.desk, AGENT, one.offer_id or "", Channel.WHATSAPP, "k1")
        assert await states(room) == TRIGGERED

    play(story)


@pytest.mark.parametrize(
    ("moves", "state"),
    [
        ((HandoffMove(HandoffState.OFFERED), HandoffMove(HandoffState.ACCEPTED)), "solved"),
        ((HandoffMove(HandoffState.DECLINED, "wants none"),), "declined"),
    ],
)
def test_a_handoff_somebody_has_moved_is_solved_from_where_it_stands(moves: tuple[HandoffMove, ...], state: str):
    async def story(room: Mailroom) -> None:
        one = await a_booking(room)
        await hangs_up(room, one)
        (made,) = await handoffs(room)
        for number, move in enumerate(moves):
            await move_handoff(room.desk, AGENT, made.handoff_id, f"m{number}", move)
        await send_summary(room.desk, AGENT, one.reservation_id, Channel.WHATSAPP, "k1")
        assert await states(room) == [("phone_sale", state)]

    play(story)
