"""No write is ever sent twice by the client library, and every failure of a socket has one of two names."""

import asyncio
from collections.abc import Awaitable, Callable

import aiohttp
import pytest

from domain.reservation import PmsRef
from integration.adapters.ohip.client import Limits
from integration.adapters.ohip.pms import OhipPms
from integration.adapters.ohip.socket import SocketTransport
from integration.adapters.ohip.transport import ANSWER_LIMIT, AnswerLost, NeverLeft, Reply
from integration.errors import PmsOutcomeUnknown
from integration.ports.pms import BookingChange, Deposit
from tests.builders import a_hotel, eur
from tests.fakes.surroundings import FakeClock
from tests.unit.ohip.hostile import ABORT, OK, SILENCE, HostileServer, a_hostile_server
from tests.unit.ohip.scripted import CREDENTIALS, a_draft

HEADERS = (("authorization", "Bearer t"), ("content-type", "application/json"))
TOKEN = (
    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 41\r\n\r\n"
    b'{"access_token": "tok", "expires_in": 60}'
)


def ask(
    story: Callable[[HostileServer, SocketTransport], Awaitable[None]], *script: bytes, connect_timeout_s: float = 2.0
) -> None:
    """Run a story between a transport and a hostile server."""

    async def run() -> None:
        async with a_hostile_server(*script) as server:
            transport = SocketTransport(server.url, connect_timeout_s=connect_timeout_s)
            try:
                await story(server, transport)
            finally:
                await transport.close()

    asyncio.run(run())


async def send(transport: SocketTransport, method: str = "GET", timeout_s: float = 5.0) -> Reply:
    return await transport.send(method, "/rsv/v1/x?a=%2B9", HEADERS, None if method == "GET" else b"{}", timeout_s)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_write_on_a_reused_connection_that_breaks_is_carried_out_once(method: str) -> None:
    async def story(server: HostileServer, transport: SocketTransport) -> None:
        await send(transport)
        with pytest.raises(AnswerLost):
            await send(transport, method)
        assert server.count(method) == 1
        assert server.connections == 1, "the broken connection was not a reused one"

    ask(story, OK, ABORT, OK)


@pytest.mark.parametrize(("method", "times"), [("POST", 1), ("PUT", 2), ("DELETE", 2)])
def test_the_default_client_would_send_put_and_delete_twice(method: str, times: int) -> None:
    """The twin: the same story with aiohttp as it comes. If a release stops re-sending, this fails and says so."""

    async def run() -> None:
        async with a_hostile_server(OK, ABORT, OK) as server, aiohttp.ClientSession() as session:
            async with session.get(server.url) as first:
                await first.read()
            try:
                async with session.request(method, server.url, data=b"{}") as second:
                    assert second.status == 200, "the client saw a plain success"
            except aiohttp.ClientError:
                assert times == 1
            assert server.count(method) == times

    asyncio.run(run())


@pytest.mark.parametrize("write", ["create", "reinstate", "change", "cancel", "deposit"])
def test_the_adapter_calls_a_broken_reused_connection_unknown_and_sends_no_write_twice(write: str) -> None:
    async def story(server: HostileServer, transport: SocketTransport) -> None:
        pms = OhipPms(transport, CREDENTIALS, limits=Limits(), clock=FakeClock(), log=_Silent())
        hotel, ref = a_hotel(), PmsRef("1")
        writes: dict[str, Callable[[], Awaitable[object]]] = {
            "create": lambda: pms.create_booking(hotel, a_draft()),
            "reinstate": lambda: pms.reinstate_booking(hotel, ref),
            "change": lambda: pms.change_booking(hotel, ref, BookingChange(guarantee_code="OPT")),
            "cancel": lambda: pms.cancel_booking(hotel, ref, "GUEST", "SNT-1", ""),
            "deposit": lambda: pms.post_deposit(hotel, ref, Deposit("P", eur(1)), "CASH", None),
        }
        with pytest.raises(PmsOutcomeUnknown):
            await writes[write]()
        assert [method for method, _ in server.executed][1:] in (["PUT"], ["POST"])

    ask(story, TOKEN, ABORT, OK)


class _Silent:
    def warning(self, event: str, **fields: object) -> None:
        raise AssertionError(event)


def test_a_read_that_breaks_is_not_repeated_by_the_transport_either() -> None:
    async def story(server: HostileServer, transport: SocketTransport) -> None:
        await send(transport)
        with pytest.raises(AnswerLost):
            await send(transport)
        assert server.count("GET") == 2

    ask(story, OK, ABORT, OK)


def test_connections_are_kept_and_reused() -> None:
    async def story(server: HostileServer, transport: SocketTransport) -> None:
        for _ in range(5):
            assert (await send(transport, "POST")).body == b"{}"
        assert server.connections == 1

    ask(story, OK)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_silence_past_the_time_limit_is_a_lost_answer(method: str) -> None:
    async def story(server: HostileServer, transport: SocketTransport) -> None:
        with pytest.raises(AnswerLost):
            await send(transport, method, timeout_s=0.05)
        assert server.count(method) == 1

    ask(story, SILENCE)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "http://no-such-host.invalid"])
def test_a_request_without_a_connection_never_left(url: str) -> None:
    async def run() -> None:
        transport = SocketTransport(url)
        with pytest.raises(NeverLeft):
            await send(transport, "POST")
        await transport.close()

    asyncio.run(run())


def test_a_server_that_speaks_no_tls_never_saw_the_request() -> None:
    async def run() -> None:
        async with a_hostile_server() as server:
            transport = SocketTransport(server.url.replace("http://", "https://"))
            with pytest.raises(NeverLeft):
                await send(transport, "POST", timeout_s=2)
            await transport.close()
            assert server.executed == []

    asyncio.run(run())


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 201 Created\r\ncontent-length: 500\r\nconnection: close\r\n\r\n{",
        b"not HTTP at all\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n5\r\n{",
        b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nx: " + b"x" * 70_000 + b"\r\n\r\n",
    ],
)
def test_an_answer_that_is_cut_short_or_no_http_is_lost(answer: bytes) -> None:
    async def story(server: HostileServer, transport: SocketTransport) -> None:
        with pytest.raises(AnswerLost):
            await send(transport, "POST", timeout_s=2)
        assert server.count("POST") == 1

    ask(story, answer)


@pytest.mark.parametrize("chunked", [True, False])
def test_an_answer_beyond_the_limit_is_not_read(chunked: bool) -> None:
    size = ANSWER_LIMIT + 1
    head = b"transfer-encoding: chunked\r\n\r\n%x\r\n" % size if chunked else b"content-length: %d\r\n\r\n" % size

    async def story(server: HostileServer, transport: SocketTransport) -> None:
        del server
        with pytest.raises(AnswerLost):
            await send(transport)

    ask(story, b"HTTP/1.1 200 OK\r\n" + head + b" " * size)


def test_a_redirect_is_not_followed() -> None:
    async def story(server: HostileServer, transport: SocketTransport) -> None:
        assert (await send(transport, "POST")).status == 307
        assert len(server.executed) == 1

    ask(story, b"HTTP/1.1 307 Temporary Redirect\r\nlocation: /other\r\ncontent-length: 0\r\n\r\n", OK)


def test_no_cookie_is_kept_and_no_compression_asked_for() -> None:
    async def story(server: HostileServer, transport: SocketTransport) -> None:
        await send(transport)
        await send(transport)
        assert b"cookie" not in server.heads[1].lower()
        assert b"accept-encoding" not in server.heads[0].lower()

    ask(story, OK.replace(b"content-type", b"set-cookie: a=b\r\ncontent-type"))


def test_the_path_arrives_as_it_was_encoded() -> None:
    async def story(server: HostileServer, transport: SocketTransport) -> None:
        await send(transport)
        assert server.heads[0].startswith(b"GET /rsv/v1/x?a=%2B9 HTTP/1.1")

    ask(story, OK)


def test_header_names_are_found_in_lower_case() -> None:
    async def story(server: HostileServer, transport: SocketTransport) -> None:
        del server
        assert (await send(transport)).headers.get("location") == "/x/1"

    ask(story, b"HTTP/1.1 201 Created\r\nLocation: /x/1\r\ncontent-length: 0\r\n\r\n")
