"""The stand-ins as one ASGI application: `/whatsapp/...`, `/instagram/...`, and so on.

Faults are dealt with here, for all alike: refused unread, an error before or after the work, a connection that breaks
after it. On a socket the server hands over a way to abort the connection; in process a lost answer is an exception.
"""

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any
from urllib.parse import parse_qsl

from pms_mock.channels.memory import ChannelMemory, Fault
from pms_mock.channels.providers.booking import booking
from pms_mock.channels.providers.graph import instagram, whatsapp
from pms_mock.channels.providers.payments import iyzico, paytr
from pms_mock.channels.providers.sms import netgsm, verimor
from pms_mock.channels.wire import Asked, Said, said
from pms_mock.outgoing import ABORT_KEY
from pms_mock.protocol.answer import LostAnswer

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Provider = Callable[[ChannelMemory, Asked, str], Said]
_MOST_BODY = 1024 * 1024
_QUESTIONS = frozenset(
    {"/token-based-authentication/exchange", "/payment/detail", "/odeme/durum-sorgu", "/sms/rest/v2/report"}
)
PROVIDERS: Mapping[str, Provider] = {
    "whatsapp": whatsapp,
    "instagram": instagram,
    "netgsm": netgsm,
    "verimor": verimor,
    "booking": booking,
    "iyzico": iyzico,
    "paytr": paytr,
}


class ChannelApp:
    """All HTTP stand-ins over one memory."""

    def __init__(self, memory: ChannelMemory) -> None:
        """Remember where to remember."""
        self.memory = memory

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            raise RuntimeError("the stand-ins speak HTTP")
        name, _, rest = scope["path"].lstrip("/").partition("/")
        body = await _body(receive)
        provider = PROVIDERS.get(name)
        if provider is None or body is None:
            await _send(send, said({"error": "no such provider"}, 404 if provider is None else 413))
            return
        asked = Asked(scope["method"], f"/{rest}", _query(scope), _headers(scope), body)
        is_sending = scope["method"] == "POST" and asked.path not in _QUESTIONS
        fault = self.memory.take_fault(name) if is_sending else None
        answer = _answered(self.memory, provider, asked, fault)
        if fault is not None and fault.kind == "lost_answer":
            await _break(scope, receive)
            return
        await _send(send, answer)


def _answered(memory: ChannelMemory, provider: Provider, asked: Asked, fault: Fault | None) -> Said:
    match fault.kind if fault is not None else "":
        case "429":
            return Said(429, b'{"error":{"code":130429,"message":"rate"}}', headers={"Retry-After": "1"})
        case "500":
            return said({"error": {"code": 2, "message": "on demand"}}, 500)
        case "500_after":
            provider(memory, asked, "")
            return said({"error": {"code": 2, "message": "on demand"}}, 500)
        case "refused":
            return provider(memory, asked, fault.detail if fault is not None else "")
        case _:
            return provider(memory, asked, "")


async def _break(scope: Message, receive: Receive) -> None:
    abort = scope.get(ABORT_KEY)
    if abort is None:
        raise LostAnswer("the connection broke before the answer was there")
    abort()
    while (await receive())["type"] != "http.disconnect":
        pass


async def _body(receive: Receive) -> bytes | None:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > _MOST_BODY:
            return None
        if not message.get("more_body"):
            return b"".join(parts)


def _query(scope: Message) -> Mapping[str, str]:
    return dict(parse_qsl(scope.get("query_string", b"").decode("ascii", "replace")))


def _headers(scope: Message) -> Mapping[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}


async def _send(send: Send, answer: Said) -> None:
    headers = [(b"content-type", answer.content_type.encode()), (b"content-length", str(len(answer.body)).encode())]
    headers += [(name.lower().encode(), value.encode("latin-1")) for name, value in answer.headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
