"""An offer quoted in a chat belongs to its case: it can be sent, and what is sold from it wins the case's lead."""

from dataclasses import replace
from typing import Any

import pytest

from domain.case import CaseId, Direction
from domain.contact import Channel
from domain.errors import InvalidInput, NotFound
from domain.offer import Offer
from domain.reservation import Guarantee, ReservationState
from integration.usecases.book_stay import book_stay
from integration.usecases.booking_request import BookRequest
from integration.usecases.lead_close import win_lead
from integration.usecases.move_reservation import confirm_reservation
from integration.usecases.quote_stay import StayWish, quote_stay
from integration.usecases.send_offer import send_offer
from integration.usecases.take_calls import CallStart, start_call
from integration.usecases.write_guest import GuestCard
from tests.builders import ARRIVAL
from tests.intake.reception import Writer
from tests.outbound.mailroom import AGENT, Mailroom, play

WRITER = Writer("+4915123456789", "", "Anna")
CARD = GuestCard("Anna Schmidt", WRITER.number)


async def quoted(room: Mailroom, **more: Any) -> Offer:
    wish = StayWish(check_in=ARRIVAL, nights=7, adults=2, hotel_id="BELEK1", **more)
    found: Offer = (await quote_stay(room.desk, AGENT, wish)).offer
    return found


def sale(offer: Offer, **more: Any) -> BookRequest:
    return BookRequest(ReservationState.HOLD, "book-1", offer_id=offer.offer_id, pick=1, **more)


def test_an_offer_made_in_a_chat_goes_to_the_guest_who_writes_in_his_case_and_his_language():
    async def story(room: Mailroom) -> None:
        case = await room.writes(writer=WRITER)
        guest = await room.desk.store.read(lambda tx: tx.get_guest(case.guest_id))
        offer = await quoted(room, case_id=case.case_id)
        assert (offer.call_id, offer.case_id, offer.language) == (None, case.case_id, guest.language)
        answer = await send_offer(room.desk, AGENT, offer.offer_id, Channel.WHATSAPP, "k1")
        assert (answer.body["status"], answer.body["case_id"]) == ("accepted", case.case_id)
        assert "1) " in room.sent("whatsapp")[0].body["text"]["body"]

    play(story)


def test_a_reservation_from_it_joins_the_case_and_wins_its_lead_once_confirmed():
    async def story(room: Mailroom) -> None:
        case = await room.writes(writer=WRITER)
        offer = await quoted(room, case_id=case.case_id)
        held = (await book_stay(room.desk, AGENT, sale(offer))).body
        assert (held["call_id"], held["case_id"], held["guest_id"]) == (None, case.case_id, case.guest_id)
        one = held["reservation_id"]
        await confirm_reservation(room.desk, AGENT, one, "confirm-1", Guarantee.CARD)
        won = (await win_lead(room.desk, AGENT, case.case_id, "win-1")).body
        assert (won["lead"], won["status"], won["reservation_id"]) == ("won", "resolved", one)

    play(story)


def test_the_case_named_counts_even_while_the_agent_is_on_the_telephone_with_somebody_else():
    async def story(room: Mailroom) -> None:
        case = await room.writes(writer=WRITER)
        call, _ = await start_call(room.desk, AGENT, CallStart(direction=Direction.IN, phone="+4930123456"))
        offer = await quoted(room, case_id=case.case_id)
        assert (offer.call_id, offer.case_id) == (None, case.case_id)
        held = (await book_stay(room.desk, AGENT, sale(offer, card=CARD))).body
        assert (held["call_id"], held["case_id"]) == (None, case.case_id)
        of_call = await quoted(room)
        assert (of_call.call_id, of_call.case_id) == (call.call_id, call.case_id)

    play(story)


def test_whoever_is_only_a_number_in_the_case_must_be_named():
    async def story(room: Mailroom) -> None:
        case = await room.writes(writer=replace(WRITER, name=""))
        offer = await quoted(room, case_id=case.case_id)
        with pytest.raises(InvalidInput) as refused:
            await book_stay(room.desk, AGENT, sale(offer))
        assert refused.value.field == "guest_id"
        held = (await book_stay(room.desk, AGENT, sale(offer, card=CARD))).body
        assert (held["guest_id"], held["case_id"]) == (case.guest_id, case.case_id)

    play(story)


def test_a_case_there_is_not_and_a_call_beside_a_case_are_told():
    async def story(room: Mailroom) -> None:
        case = await room.writes(writer=WRITER)
        with pytest.raises(NotFound):
            await quoted(room, case_id=CaseId("cas_nothing"))
        with pytest.raises(InvalidInput):
            await quoted(room, case_id=case.case_id, call_id="cal_any")

    play(story)
