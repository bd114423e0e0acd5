"""The transport that calls an ASGI application in this process: the embedded mock, without a server.

It fails as a socket would. An exception that carries `lost_answer = True` is a connection that broke after the work was
done. A time limit leaves the application running, as a server goes on when its client has hung up, so that a late write
still happens. An application that crashes before it has answered is a 500.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from integration.adapters.ohip.transport import ANSWER_LIMIT, AnswerLost, Headers, NeverLeft, Reply

_CLOSE_LIMIT_S = 10.0
Message = MutableMapping[str, Any]
AsgiApp = Callable[[Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]]


class _Exchange:
    """One request's two channels."""

    __slots__ = ("_body", "_size", "_taken", "headers", "parts", "status")

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._taken = False
        self._size = 0
        self.status = 0
        self.headers: dict[str, str] = {}
        self.parts: list[bytes] = []

    async def receive(self) -> Message:
        if self._taken:
            return {"type": "http.disconnect"}
        self._taken = True
        return {"type": "http.request", "body": self._body, "more_body": False}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {
                name.decode("latin-1").lower(): value.decode("latin-1") for name, value in message.get("headers", ())
            }
        elif message["type"] == "http.response.body":
            part = message.get("body", b"")
            self._size += len(part)
            if self._size > ANSWER_LIMIT:
                raise AnswerLost("answer too big")
            self.parts.append(part)


class AsgiTransport:
    """Requests to one ASGI application."""

    def __init__(self, app: AsgiApp) -> None:
        """Keep the application; requests that outlive their caller are held until they end."""
        self._app = app
        self._under_way: set[asyncio.Task[None]] = set()

    async def send(
        self, method: str, path_and_query: str, headers: Headers, body: bytes | None, timeout_s: float
    ) -> Reply:
        """Call the application and wait at most `timeout_s` for it."""
        exchange = _Exchange(body or b"")
        scope = _scope(method, path_and_query, headers, len(body or b""))
        call = asyncio.ensure_future(self._app(scope, exchange.receive, exchange.send))
        self._under_way.add(call)
        call.add_done_callback(self._ended)
        done, _ = await asyncio.wait((call,), timeout=timeout_s)
        if not done:
            raise AnswerLost("time limit")
        error = call.exception()
        if error is not None:
            return _failed(error, exchange)
        return Reply(exchange.status, exchange.headers, b"".join(exchange.parts))

    def _ended(self, call: "asyncio.Future[None]") -> None:
        self._under_way.discard(call)
        if not call.cancelled():
            call.exception()

    async def close(self) -> None:
        """Let requests that outlived their callers end, for at most as long as a write may take."""
        if not self._under_way:
            return
        _, stuck = await asyncio.wait(self._under_way, timeout=_CLOSE_LIMIT_S)
        for call in stuck:
            call.cancel()


def _failed(error: BaseException, exchange: _Exchange) -> Reply:
    if isinstance(error, AnswerLost):
        raise error
    if isinstance(error, ConnectionRefusedError):
        raise NeverLeft("refused") from None
    if getattr(error, "lost_answer", False) or isinstance(error, ConnectionError) or exchange.status:
        raise AnswerLost("connection broke") from None
    return Reply(500, {}, b"")


def _scope(method: str, path_and_query: str, headers: Headers, size: int) -> Message:
    raw_path, _, query = path_and_query.partition("?")
    pairs = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    if size:
        pairs.append((b"content-length", str(size).encode()))
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": _decoded(raw_path),
        "raw_path": raw_path.encode("ascii"),
        "query_string": query.encode("ascii"),
        "root_path": "",
        "headers": pairs,
        "client": ("in-process", 0),
        "server": ("in-process", 80),
    }


def _decoded(raw_path: str) -> str:
    if "%" not in raw_path:
        return raw_path
    from urllib.parse import unquote  # noqa: PLC0415 - only for a path that needs it

    return unquote(raw_path)
