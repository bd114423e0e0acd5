"""A number that a channel vouched for is somebody's, also where the numbering plan knows no such number."""

import pytest

from domain.errors import InvalidInput
from integration.usecases.recognise_guest import GuestQuestion, find_guests
from integration.usecases.take_calls import CallStart, start_call
from tests.outbound.mailroom import AGENT, NUMBER, OTHER_NUMBER, Mailroom, play
from tests.outbound.test_routes import a_client


def test_whoever_wrote_on_whatsapp_can_be_called_under_that_number():
    async def story(room: Mailroom) -> None:
        with pytest.raises(InvalidInput, match="no such telephone number"):
            room.desk.phones.normalise(NUMBER)
        case = await room.writes()
        for typed in (NUMBER, "0044 7700 900 123", "44 7700 900123"):
            call, card = await start_call(room.desk, AGENT, CallStart(typed))
            assert (call.phone, call.case_id) == (NUMBER, case.case_id)
            assert card.guest is not None
            assert card.guest.guest_id == case.guest_id

    play(story)


def test_over_http_too_and_a_number_that_nobody_vouched_for_stays_refused():
    async def story(room: Mailroom) -> None:
        await room.writes()
        client = await a_client(room)
        assert (await client.post("/v1/calls", {"phone": NUMBER})).status == 201
        for garbage in (OTHER_NUMBER, "12345", "+0001112223", "call me", "+4477009001234567890"):
            refused = await client.post("/v1/calls", {"phone": garbage})
            assert (refused.status, refused.json["field"]) == (422, "phone")

    play(story)


def test_a_guest_is_found_by_it():
    async def story(room: Mailroom) -> None:
        case = await room.writes()
        hotel = room.desk.hotel("BELEK1")
        (found,) = await find_guests(room.desk, AGENT, hotel, GuestQuestion(phone=NUMBER))
        assert found.guest_id == case.guest_id
        with pytest.raises(InvalidInput):
            await find_guests(room.desk, AGENT, hotel, GuestQuestion(phone=OTHER_NUMBER))

    play(story)
