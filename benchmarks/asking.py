"""A client that asks a fixed number of times over kept-alive connections, and checks what comes back.

A fast wrong answer is worth nothing, so every answer must have the status that was expected. The client's own CPU is
not measured: it is this process's, and what counts is the CPU of the process that serves.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import aiohttp

from benchmarks.measure import cpu_of_running
from benchmarks.servers import Server

Body = Mapping[str, Any]
CONNECTIONS = 8


class Asker:
    """Some connections to some servers, from one event loop."""

    def __init__(self, runner: asyncio.Runner, headers: Mapping[str, str]) -> None:
        """Connections open with the first request."""
        self._runner = runner
        self._headers = headers
        self._session: aiohttp.ClientSession | None = None

    async def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(limit_per_host=CONNECTIONS, keepalive_timeout=600.0)
            self._session = aiohttp.ClientSession(headers=self._headers, connector=connector)
        return self._session

    def post(self, url: str, body: Body, status: int = 200, headers: Mapping[str, str] | None = None) -> bytes:
        """One request. RuntimeError for another status than expected."""
        return self._runner.run(self._post(url, body, status, headers))

    async def _post(self, url: str, body: Body, status: int, headers: Mapping[str, str] | None = None) -> bytes:
        session = await self._opened()
        async with session.post(url, json=body, headers=headers) as answer:
            raw = await answer.read()
            if answer.status != status:
                raise RuntimeError(f"{url} answered {answer.status}: {raw[:300].decode('utf-8', 'replace')}")
            return raw

    def cpu_per_answer(self, server: Server, path: str, bodies: Callable[[], Iterator[Body]]) -> float:
        """Send all `bodies`, a few at a time, and give the CPU seconds of the server per answer."""
        before = cpu_of_running(server.pid)
        sent = self._runner.run(self._send(server.url + path, bodies()))
        return (cpu_of_running(server.pid) - before) / sent

    async def _send(self, url: str, waiting: Iterator[Body]) -> int:
        counts = await asyncio.gather(*(self._one_line(url, waiting) for _ in range(CONNECTIONS)))
        return sum(counts)

    async def _one_line(self, url: str, waiting: Iterator[Body]) -> int:
        count = 0
        for body in waiting:
            await self._post(url, body, 200)
            count += 1
        return count

    def close(self) -> None:
        """Let go of the connections."""
        if self._session is not None:
            self._runner.run(self._session.close())
