"""A request as it arrives: its address, its headers and its body, read within limits.

Larger than 1 MiB is 413, another content type 415, an `Accept` that leaves no room for JSON 406, an address beyond 8
KiB 414. A body that does not arrive in half a minute is given up.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from pms_mock.access import Grant
from pms_mock.engine.world import World
from pms_mock.faults.rules import Fault
from pms_mock.protocol.body import MAX_BODY_BYTES
from pms_mock.protocol.problem import Problem, bad_request
from pms_mock.protocol.wire import Operation

Json = dict[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

_MAX_URL = 8190
_BODY_SECONDS = 30.0
_HOST = re.compile(r"[A-Za-z0-9.\-\[\]:]{1,255}", re.ASCII)
_ACCEPTED = frozenset({"*/*", "application/*", "application/json", "application/problem+json"})


class Disconnected(Exception):
    """The caller went away before the request was complete."""


@dataclass(slots=True)
class Request:
    """One request as far as it has been understood."""

    scope: Scope
    receive: Receive
    started_us: int
    world: World
    method: str
    raw_path: str
    operation: Operation | None = None
    headers: dict[str, str] = field(default_factory=dict)
    hotel: str = ""
    grant: Grant | None = None
    query: Json = field(default_factory=dict)
    segments: Json = field(default_factory=dict)
    body: Json = field(default_factory=dict)
    fault: Fault | None = None
    delay: Fault | None = None
    delayed_us: int = 0
    is_recorded: bool = False

    @property
    def suffered(self) -> str:
        """The kinds of faults that the request met, for the ledger."""
        return "+".join(fault.kind for fault in (self.delay, self.fault) if fault)


async def read_body(request: Request, content_type: str) -> bytes:
    """The whole body, of this content type and at most 1 MiB."""
    _check_content_type(request.headers.get("content-type", ""), content_type)
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length[:12]) > MAX_BODY_BYTES:
        raise Problem(413, "GEN00413", "The body is larger than 1 MiB")
    chunks, size = [], 0
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            while True:
                message = await request.receive()
                if message["type"] == "http.disconnect":
                    raise Disconnected
                chunk: bytes = message.get("body", b"")
                size += len(chunk)
                if size > MAX_BODY_BYTES:
                    raise Problem(413, "GEN00413", "The body is larger than 1 MiB")
                chunks.append(chunk)
                if not message.get("more_body", False):
                    return b"".join(chunks)
    except TimeoutError:
        raise bad_request("The body did not arrive") from None


def _check_content_type(sent: str, wanted: str) -> None:
    kind, *rest = (part.strip().lower() for part in sent.split(";"))
    charsets = [part.partition("=")[2].strip('"') for part in rest if part.startswith("charset=")]
    if kind != wanted or any(charset not in {"utf-8", "utf8"} for charset in charsets):
        raise Problem(415, "GEN00415", f"The body has to be {wanted} in UTF-8", sent[:80])


def check_accept(headers: dict[str, str]) -> None:
    """Refuse a caller that does not take JSON."""
    for part in headers.get("accept", "*/*").split(","):
        kind, *rest = (piece.strip().lower() for piece in part.split(";"))
        refused = any(re.fullmatch(r"q\s*=\s*0(\.0*)?", piece) for piece in rest)
        if kind in _ACCEPTED and not refused:
            return
    raise Problem(406, "GEN00406", "The answer can only be application/json")


def raw_path(scope: Scope) -> str:
    """The path as it was sent, still percent-encoded."""
    raw = scope.get("raw_path")
    if isinstance(raw, bytes):
        return raw.partition(b"?")[0].decode("latin-1")
    return quote(scope["path"], safe="/:@!$&'()*+,;=~")


def base_url(request: Request) -> str:
    """Scheme and host for absolute links; empty when the host header is unusable."""
    host = request.headers.get("host", "")
    return f"{request.scope.get('scheme', 'http')}://{host}" if _HOST.fullmatch(host) else ""


def check_length(request: Request) -> None:
    """Refuse an address beyond 8 KiB."""
    if len(request.raw_path) + len(request.scope.get("query_string", b"")) > _MAX_URL:
        raise Problem(414, "GEN00414", "The address is too long")
