"""The stand-ins on sockets of this machine: Booking.com's queue among them, and what became of short messages."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from integration.adapters.channels.ota import BookingMessages
from integration.adapters.ohip.socket import SocketTransport
from integration.adapters.sources.booking import Account, BookingSource
from integration.ports.channels import ArrivalKind
from pms_mock.channels.booking_queue import BookingQueue
from pms_mock.channels.memory import ChannelMemory
from pms_mock.channels.server import Served, served
from tests.e2e.santral import a_home, run
from tests.fakes.surroundings import NOW

Play = Callable[[ChannelMemory, BookingQueue, Served], Awaitable[None]]


def on_sockets(play: Play) -> None:
    async def run_it() -> None:
        memory, queue = ChannelMemory(), BookingQueue()
        async with served(memory, queue=queue) as place:
            await play(memory, queue, place)
        queue.close()
        memory.close()

    asyncio.run(run_it())


def test_what_a_guest_wrote_at_booking_is_fetched_and_confirmed_over_a_socket() -> None:
    async def play(_memory: ChannelMemory, queue: BookingQueue, place: Served) -> None:
        queue.write("A baby cot, please?")
        account = Account("id", "secret", "/booking/messaging", "/booking/token-based-authentication/exchange")
        source = BookingSource(account, SocketTransport(place.url), SocketTransport(place.url), place.url)
        batch = await source.fetch("", NOW)
        (arrival,) = BookingMessages().receive(batch.bodies[0].delivery)  # type: ignore[misc]
        assert (arrival.kind, arrival.text) == (ArrivalKind.MESSAGE, "A baby cot, please?")
        await source.confirm(batch)
        assert (await source.fetch(batch.cursor, NOW)).bodies == ()
        assert queue.waiting() == []
        await source.rest()

    on_sockets(play)


BASIC = ("authorization", "Basic dTpw")


async def asked(place: Served, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    line = SocketTransport(place.url)
    raw = None if body is None else json.dumps(body).encode()
    answer = await line.send(method, path, (BASIC, ("content-type", "application/json")), raw, 5)
    await line.close()
    return answer.status, json.loads(answer.body) if answer.body[:1] in b"[{" else answer.body


def test_netgsm_reports_by_its_own_numbers_and_says_60_for_what_it_does_not_know() -> None:
    async def play(memory: ChannelMemory, _queue: BookingQueue, place: Served) -> None:
        message = {"msgheader": "H", "messages": [{"msg": "Hello", "no": "447700900123"}]}
        _, sent = await asked(place, "POST", "/netgsm/sms/rest/v2/send", message)
        status, found = await asked(place, "POST", "/netgsm/sms/rest/v2/report", {"jobids": [sent["jobid"], "1"]})
        assert (status, [one["status"] for one in found["jobs"]]) == (200, [0])
        memory.report(1, "1")
        _, found = await asked(place, "POST", "/netgsm/sms/rest/v2/report", {"jobids": [sent["jobid"]]})
        assert (found["jobs"][0]["status"], found["jobs"][0]["number"]) == (1, "447700900123")
        assert (await asked(place, "POST", "/netgsm/sms/rest/v2/report", {"jobids": ["1"]}))[1]["code"] == "60"
        assert len(memory.sent()) == 1

    on_sockets(play)


def test_verimor_answers_404_for_a_number_it_has_never_heard_of() -> None:
    async def play(memory: ChannelMemory, _queue: BookingQueue, place: Served) -> None:
        message = {
            "username": "u",
            "password": "p",
            "custom_id": "out_1",
            "messages": [{"msg": "Hi", "dest": "447700900123"}],
        }
        await asked(place, "POST", "/verimor/v2/send.json", message)
        assert (await asked(place, "GET", "/verimor/v2/status?custom_id=out_2"))[0] == 404
        status, (row,) = await asked(place, "GET", "/verimor/v2/status?custom_id=out_1")
        assert (status, row["status"], row["campaign_custom_id"]) == (200, "WAITING", "out_1")
        memory.report(1, "NOT_DELIVERED", "27")
        _, (row,) = await asked(place, "GET", "/verimor/v2/status?custom_id=out_1")
        assert (row["status"], row["gsm_error"]) == ("NOT_DELIVERED", "27")

    on_sockets(play)


def test_nothing_can_be_said_of_a_message_that_was_not_sent() -> None:
    memory = ChannelMemory()
    with pytest.raises(LookupError):
        memory.report(1, "1")
    memory.close()


def test_the_command_line_says_what_became_of_a_message_and_writes_at_booking(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    memory = ChannelMemory(str(home / "channels.sqlite"))
    netgsm, verimor = (memory.keep(name, "447700900123", {}, correlation="out_1") for name in ("netgsm", "verimor"))
    whatsapp = memory.keep("whatsapp", "447700900123", {})
    said = run("pms", "channel", "report", str(netgsm.number), "--status", "failed", "--json", home=home)
    assert (said.code, said.body["status"]) == (0, "12")
    assert run("pms", "channel", "report", str(verimor.number), "--lang", "tr", home=home).code == 0
    assert (memory.reported(netgsm.number), memory.reported(verimor.number)) == (("12", ""), ("DELIVERED", ""))
    assert run("pms", "channel", "report", str(whatsapp.number), home=home).code == 2
    assert run("pms", "channel", "report", "99", home=home).code == 4
    elsewhere = run("pms", "channel", "report", str(verimor.number), "--to", "http://203.0.113.7/hooks/x", home=home)
    assert elsewhere.code == 2
    memory.close()
    written = run("pms", "channel", "write", "A baby cot, please?", "--json", home=home)
    assert (written.code, written.body["waiting"]) == (0, 1)
