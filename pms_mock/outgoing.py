"""An answer on its way out: sent whole, spoilt by a fault, or not at all because the connection breaks.

On a socket the server puts a way to abort the connection into the scope. In process there is nothing to abort: the
caller gets LostAnswer (the work may be done) or Unreachable (nothing was read).

An answer that a fault of kind `slow` held up says for how long, in a `Server-Timing` header: `injected;dur=301.2`.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from pms_mock.faults.after import marred
from pms_mock.incoming import Request
from pms_mock.protocol.answer import JSON_TYPE, Answer, LostAnswer, Unreachable

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
ABORT_KEY = "pms_mock.abort"
_BREAKING = frozenset({"down", "lost_answer", "truncated", "late_execution"})


async def reply(request: Request, answer: Answer, send: Send) -> None:
    """Send the answer, or what the request's fault leaves of it. In process a broken connection is an exception."""
    fault = request.fault
    if request.delayed_us:
        told = ("server-timing", f"injected;dur={request.delayed_us / 1000:.1f}")
        answer = Answer(answer.status, answer.body, (*answer.headers, told), answer.notes)
    if fault is None:
        await _send(send, answer)
    elif fault.kind not in _BREAKING:
        await _send(send, marred(fault, answer))
    else:
        if fault.kind == "truncated" and answer.body:
            await _send(send, answer, len(answer.body) // 2)
        await _break(request, is_unread=fault.kind == "down")


async def _break(request: Request, *, is_unread: bool) -> None:
    abort = request.scope.get(ABORT_KEY)
    if abort is None and is_unread:
        raise Unreachable("the connection was refused")
    if abort is None:
        raise LostAnswer("the connection broke before the whole answer was there")
    abort()
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _send(send: Send, answer: Answer, cut: int | None = None) -> None:
    headers = [(b"content-length", str(len(answer.body)).encode())] if answer.status != 204 else []  # noqa: PLR2004
    if answer.body:
        headers.append((b"content-type", JSON_TYPE.encode()))
    headers += [(name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in answer.headers]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body[:cut], "more_body": cut is not None})
