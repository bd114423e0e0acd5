"""The in-process transport fails as a socket would."""

import asyncio
from typing import Any

import pytest

from integration.adapters.ohip.asgi import AsgiApp, AsgiTransport
from integration.adapters.ohip.transport import ANSWER_LIMIT, AnswerLost, Reply

HEADERS = (("X-HotelId", "BELEK1"),)


def ask(app: AsgiApp, path: str = "/a%20b/c?d=%2B1", body: bytes | None = b"{}", timeout_s: float = 5.0) -> Reply:
    async def run() -> Reply:
        transport = AsgiTransport(app)
        try:
            return await transport.send("POST", path, HEADERS, body, timeout_s)
        finally:
            await transport.close()

    return asyncio.run(run())


async def _answer(send: Any, status: int = 200, *parts: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"Location", b"/x/1")]})
    for part in parts:
        await send({"type": "http.response.body", "body": part, "more_body": True})
    await send({"type": "http.response.body"})


def test_the_application_sees_what_a_server_would_show_it() -> None:
    seen: dict[str, Any] = {}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.update(scope)
        seen["body"] = (await receive())["body"]
        seen["then"] = (await receive())["type"]
        await _answer(send, 201, b"{", b"}")

    assert ask(app) == Reply(201, {"location": "/x/1"}, b"{}")
    assert (seen["path"], seen["raw_path"], seen["query_string"]) == ("/a b/c", b"/a%20b/c", b"d=%2B1")
    assert seen["headers"] == [(b"x-hotelid", b"BELEK1"), (b"content-length", b"2")]
    assert (seen["body"], seen["then"]) == (b"{}", "http.disconnect")


def test_an_exception_that_says_so_is_a_lost_answer() -> None:
    class BrokenAfterCommit(Exception):
        lost_answer = True

    async def app(scope: Any, receive: Any, send: Any) -> None:
        raise BrokenAfterCommit

    with pytest.raises(AnswerLost):
        ask(app)


def test_a_broken_connection_is_a_lost_answer() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        raise ConnectionResetError

    with pytest.raises(AnswerLost):
        ask(app)


def test_a_crash_before_the_answer_is_a_500_as_a_server_would_make_it() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        raise ValueError("bug")

    assert ask(app).status == 500


def test_a_crash_in_the_middle_of_the_answer_is_a_lost_answer() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise ValueError("bug")

    with pytest.raises(AnswerLost):
        ask(app)


def test_an_application_goes_on_after_the_time_limit() -> None:
    carried_out: list[bool] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        for _ in range(1000):
            await asyncio.sleep(0)
        carried_out.append(True)
        await _answer(send)

    with pytest.raises(AnswerLost):
        ask(app, timeout_s=0)
    assert carried_out == [True]


def test_a_caller_that_is_cancelled_does_not_stop_the_application() -> None:
    carried_out: list[bool] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(0)
        carried_out.append(True)
        await _answer(send)

    async def run() -> None:
        transport = AsgiTransport(app)
        call = asyncio.ensure_future(transport.send("POST", "/", (), None, 5))
        await asyncio.sleep(0)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await transport.close()

    asyncio.run(run())
    assert carried_out == [True]


def test_an_answer_beyond_the_limit_is_lost() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await _answer(send, 200, b" " * ANSWER_LIMIT, b" ")

    with pytest.raises(AnswerLost):
        ask(app)
