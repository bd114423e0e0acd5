"""The stand-ins of a home: made once whoever asks first, and Booking.com's queue among them."""

import asyncio
import json
from pathlib import Path

import pytest

from cli.stand_ins import EmbeddedStandIns
from integration.adapters.carriers.configured import StandIns
from integration.adapters.ohip.asgi import AsgiTransport
from integration.settings import settings_from
from pms_mock.channels.booking_queue import TOKEN, BookingQueue
from pms_mock.channels.memory import ChannelMemory
from tests.fakes.surroundings import NOW
from tests.outbound.mailroom import InProcess


def stand_ins(home: Path) -> EmbeddedStandIns:
    return EmbeddedStandIns(settings_from({"SANTRAL_HOME": str(home)}, NOW, home))


def test_two_mails_that_leave_at_once_find_one_server(tmp_path: Path) -> None:
    async def story(house: StandIns) -> None:
        places = await asyncio.gather(*(house.mail_server() for _ in range(5)))
        assert len(set(places)) == 1
        _reader, writer = await asyncio.open_connection(*places[0])
        writer.close()
        await writer.wait_closed()
        await house.close()

    asyncio.run(story(stand_ins(tmp_path)))
    asyncio.run(story(InProcess(ChannelMemory())))


def test_a_mail_server_that_is_closed_while_it_starts_is_closed(tmp_path: Path) -> None:
    async def story(house: StandIns) -> None:
        starting = asyncio.create_task(house.mail_server())
        await asyncio.sleep(0)
        await house.close()
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(*await starting)

    asyncio.run(story(stand_ins(tmp_path)))
    asyncio.run(story(InProcess(ChannelMemory())))


def test_bookings_queue_of_a_home_gives_what_waits_and_the_others_still_answer(tmp_path: Path) -> None:
    async def story() -> None:
        waiting = BookingQueue(str(tmp_path / "channels.sqlite"))
        waiting.write("A baby cot, please?")
        waiting.close()
        house = stand_ins(tmp_path)
        line = AsgiTransport(house.app)
        headers = (("authorization", f"Bearer {TOKEN}"),)
        latest = "/booking/messaging/messages/latest"
        given = await line.send("GET", latest, headers, None, 5)
        assert [one["content"] for one in json.loads(given.body)["data"]["messages"]] == ["A baby cot, please?"]
        await line.send("PUT", "/booking/messaging/messages?number_of_messages=1", headers, None, 5)
        assert json.loads((await line.send("GET", latest, headers, None, 5)).body)["data"]["messages"] == []
        assert (await line.send("GET", "/iyzico/v2/iyzilink/products", (), None, 5)).status == 401
        await line.close()
        await house.close()

    asyncio.run(story())
