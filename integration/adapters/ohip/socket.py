"""The transport over real sockets: one aiohttp session with pooled keep-alive connections.

aiohttp by itself sends PUT and DELETE again when a reused connection drops, on the ground that they are idempotent. A
hotel's PMS is not: the first one may have been carried out, and a late second one overwrites what came between. So
that is switched off (`_retry_connection`, an attribute without a public name in this release; tests/unit/ohip proves
the effect and fails if a later release renames it). Idle connections are given up after 4 s, before a server that
keeps them for the usual 5 s closes them under us: otherwise a write could meet a closing connection and its outcome
would be unknown. Getting a connection has a limit of its own, always below the whole one, so that its end says "never
left". No compression is asked for: answers are small, and the size limit then counts what is really read.
"""

from time import perf_counter

import aiohttp
from aiohttp.tracing import Trace
from yarl import URL

from integration.adapters.ohip.transport import ANSWER_LIMIT, AnswerLost, Headers, NeverLeft, Reply
from integration.ports.timing import move_pms_wait

CONNECT_LIMIT_S = 2.0
_IDLE_S = 4.0
_POOL = 64


class SocketTransport:
    """Requests to one PMS address such as `https://host` (a path in it becomes a prefix)."""

    def __init__(self, base_url: str, *, connections: int = _POOL, connect_timeout_s: float = CONNECT_LIMIT_S) -> None:
        """Open nothing yet: the session belongs to the event loop of the first request."""
        self._base = base_url.rstrip("/")
        self._connections = connections
        self._connect_timeout_s = connect_timeout_s
        self._session: aiohttp.ClientSession | None = None

    def _open(self) -> aiohttp.ClientSession:
        connector = _Timed(limit=self._connections, keepalive_timeout=_IDLE_S, ttl_dns_cache=60)
        session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            skip_auto_headers=("Accept-Encoding", "User-Agent"),
            auto_decompress=False,
            raise_for_status=False,
        )
        if not hasattr(session, "_retry_connection"):
            raise RuntimeError("This aiohttp release has no switch that stops it from sending a write twice.")
        session._retry_connection = False
        self._session = session
        return session

    async def send(
        self, method: str, path_and_query: str, headers: Headers, body: bytes | None, timeout_s: float
    ) -> Reply:
        """Send once over a pooled connection."""
        session = self._session or self._open()
        limits = aiohttp.ClientTimeout(total=timeout_s, connect=min(self._connect_timeout_s, timeout_s / 2))
        url = URL(self._base + path_and_query, encoded=True)
        try:
            async with session.request(
                method, url, headers=headers, data=body, timeout=limits, allow_redirects=False
            ) as answer:
                return Reply(answer.status, answer.headers, await _read(answer))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL) as error:
            raise NeverLeft(type(error).__name__) from None
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise AnswerLost(type(error).__name__) from None

    async def close(self) -> None:
        """Close the pool; a later request opens a new one."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()


class _Timed(aiohttp.TCPConnector):
    """Writes down how long a request waits for its connection: all of them in use, or a new one to be opened.

    (The library's own tracing would tell it too, and costs some 25 us a request even when nobody waits.)
    """

    async def connect(
        self, req: aiohttp.ClientRequest, traces: list[Trace], timeout: aiohttp.ClientTimeout
    ) -> aiohttp.connector.Connection:
        """As the connector does."""
        began = perf_counter()
        try:
            return await super().connect(req, traces, timeout)
        finally:
            move_pms_wait(perf_counter() - began)


async def _read(answer: aiohttp.ClientResponse) -> bytes:
    """The whole body, or AnswerLost when it is larger than anything a PMS has to say."""
    size = answer.content_length
    if size is not None and size <= ANSWER_LIMIT:
        return await answer.read()
    parts: list[bytes] = []
    total = 0
    async for part in answer.content.iter_any():
        total += len(part)
        if total > ANSWER_LIMIT:
            answer.close()
            raise AnswerLost("answer too big")
        parts.append(part)
    return b"".join(parts)
