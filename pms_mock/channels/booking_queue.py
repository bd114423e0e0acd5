"""Booking.com's queue of guest messages: given again and again until they are confirmed.

`GET /messaging/messages/latest` gives the first hundred that wait, `PUT /messaging/messages?number_of_messages=N` takes
the first N of those that wait away, whoever asks and however often: the number says nothing about which. Everything
else (tokens, sending, reading a conversation) is the other stand-in's, which this one stands in front of. State is one
SQLite file or memory.
"""

import json
import sqlite3
import threading
from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

from pms_mock.channels.wire import Said, said
from pms_mock.clock import wall_ms
from pms_mock.outgoing import ABORT_KEY
from pms_mock.protocol.answer import LostAnswer

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]
MOST = 100
TOKEN = "stand-in-token"  # noqa: S105 - the other stand-in's
_PREFIX = "/booking"
_LATEST, _CONFIRM = f"{_PREFIX}/messaging/messages/latest", f"{_PREFIX}/messaging/messages"
_EXCHANGE = f"{_PREFIX}/token-based-authentication/exchange"
_TABLE = """
CREATE TABLE IF NOT EXISTS booking_queue (
  number INTEGER PRIMARY KEY, message_id TEXT NOT NULL, body TEXT NOT NULL, confirmed INTEGER NOT NULL DEFAULT 0);
"""


class BookingQueue:
    """What guests wrote. `faults`: for the next requests of a kind (`latest`, `confirm`, `exchange`), what happens:
    `401`, `429`, `500`, `lost_answer` (done, then the connection breaks), `never` (the connection breaks before)."""

    def __init__(self, path: str | None = None, *, now_ms: Callable[[], int] = wall_ms) -> None:
        """Open or make it."""
        self.faults: deque[tuple[str, str]] = deque()
        self.asked: list[str] = []
        self._now_ms = now_ms
        self._lock = threading.Lock()
        self._link = sqlite3.connect(path or ":memory:", check_same_thread=False, isolation_level=None, timeout=20.0)
        self._link.executescript(_TABLE)

    def close(self) -> None:
        """Let go of the file."""
        self._link.close()

    def write(
        self, text: str, *, reservation: str = "3812391309", property_id: str = "4321", name: str = "Jan K."
    ) -> str:
        """A guest writes; the message's number."""
        with self._lock:
            number = self._link.execute("SELECT count(*) FROM booking_queue").fetchone()[0] + 1
            message_id = f"bq-{number:08d}"
            body = {
                "message_id": message_id,
                "message_type": "free_text",
                "content": text,
                "timestamp": datetime.fromtimestamp(self._now_ms() / 1000, UTC).isoformat().replace("+00:00", "Z"),
                "attachment_ids": [],
                "is_redacted": False,
                "sender": {
                    "participant_id": f"p-{reservation}",
                    "metadata": {"participant_type": "GUEST", "name": name},
                },
                "conversation": {
                    "property_id": property_id,
                    "conversation_id": f"c-{reservation}",
                    "conversation_reference": reservation,
                    "conversation_type": "reservation",
                },
            }
            self._link.execute(
                "INSERT INTO booking_queue (number, message_id, body) VALUES (?,?,?)",
                (number, message_id, json.dumps(body, ensure_ascii=False)),
            )
        return message_id

    def waiting(self, limit: int = -1) -> list[dict[str, Any]]:
        """What is not confirmed, oldest first."""
        with self._lock:
            rows = self._link.execute(
                "SELECT body FROM booking_queue WHERE NOT confirmed ORDER BY number LIMIT ?", (limit,)
            ).fetchall()
        return [json.loads(row[0]) for row in rows]

    def confirm(self, count: int) -> int:
        """Take the first `count` away; how many that were."""
        with self._lock:
            return self._link.execute(
                "UPDATE booking_queue SET confirmed = 1 WHERE number IN"
                " (SELECT number FROM booking_queue WHERE NOT confirmed ORDER BY number LIMIT ?)",
                (count,),
            ).rowcount

    def fault_of(self, kind: str) -> str:
        """What goes wrong with this request; each fault happens once."""
        if self.faults and self.faults[0][0] == kind:
            return self.faults.popleft()[1]
        return ""


class WithBookingQueue:
    """The queue in front of another application."""

    def __init__(self, queue: BookingQueue, behind: App) -> None:
        """`behind` is asked whatever is not the queue's."""
        self.queue, self._behind = queue, behind

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer a request."""
        kind = _kind(scope)
        if not kind:
            await self._behind(scope, receive, send)
            return
        self.queue.asked.append(kind)
        fault = self.queue.fault_of(kind)
        if fault in {"", "lost_answer"} and kind == "exchange":
            await self._behind(scope, receive, send)
            return
        answer = Said(0) if fault == "never" else self._answer(scope, kind, fault)
        if fault in {"never", "lost_answer"}:
            await _break(scope, receive)
            return
        await _send(send, answer)

    def _answer(self, scope: Message, kind: str, fault: str) -> Said:
        if fault.isdigit():
            return Said(int(fault), b"{}", headers={"Retry-After": "7"} if fault == "429" else {})
        headers = dict(scope["headers"])
        if headers.get(b"authorization") != f"Bearer {TOKEN}".encode():
            return said({"errors": ["unauthorized"]}, 401)
        if kind == "confirm":
            wanted = parse_qs(scope.get("query_string", b"").decode("ascii", "replace")).get("number_of_messages", [""])
            if not wanted[0].isdigit():
                return said({"errors": ["number_of_messages"]}, 400)
            return said({"data": {"ok": True, "confirmed": self.queue.confirm(int(wanted[0]))}})
        rows = self.queue.waiting(MOST)
        body = {"ok": True, "number_of_messages": len(rows), "messages": rows}
        return said({"meta": {"ruid": "stand-in"}, "warnings": [], "errors": [], "data": body})


def _kind(scope: Message) -> str:
    if scope["type"] != "http":
        return ""
    known = {("GET", _LATEST): "latest", ("PUT", _CONFIRM): "confirm", ("POST", _EXCHANGE): "exchange"}
    return known.get((scope["method"], scope["path"]), "")


async def _break(scope: Message, receive: Receive) -> None:
    abort = scope.get(ABORT_KEY)
    if abort is None:
        raise LostAnswer("the connection broke before the answer was there")
    abort()
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send(send: Send, answer: Said) -> None:
    headers = [(b"content-type", answer.content_type.encode()), (b"content-length", str(len(answer.body)).encode())]
    headers += [(name.lower().encode(), value.encode("latin-1")) for name, value in answer.headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
