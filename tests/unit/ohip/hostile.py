"""A server that carries a request out and then breaks the connection, by script."""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-type: application/json\r\n\r\n{}"
ABORT = b""
SILENCE = b"silence"


@dataclass
class HostileServer:
    """`executed` lists every request that was read whole, as (method, connection); `script` says what each gets back.

    `ABORT` breaks the TCP connection after the request was read; `SILENCE` never answers; the last line is repeated.
    """

    script: deque[bytes]
    port: int = 0
    executed: list[tuple[str, int]] = field(default_factory=list)
    heads: list[bytes] = field(default_factory=list)
    connections: int = 0
    open: "dict[asyncio.StreamWriter, asyncio.Task[None]]" = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def count(self, method: str) -> int:
        """How often a method was carried out."""
        return sum(one == method for one, _ in self.executed)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        number = self.connections
        task = asyncio.current_task()
        assert task is not None
        self.open[writer] = task
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while await self._exchange(reader, writer, number):
                pass
        writer.close()
        del self.open[writer]

    async def close(self) -> None:
        """Break what is still open and wait until every connection's task has ended."""
        for writer in self.open:
            writer.transport.abort()
        await asyncio.gather(*self.open.values())

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int) -> bool:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            (int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0
        )
        await reader.readexactly(length)
        self.executed.append((head.split(b" ", 1)[0].decode(), number))
        self.heads.append(head)
        line = self.script.popleft() if len(self.script) > 1 else self.script[0]
        if line == ABORT:
            writer.transport.abort()
            return False
        if line == SILENCE:
            await reader.read()
            return False
        writer.write(line)
        await writer.drain()
        return b"connection: close" not in line


@contextlib.asynccontextmanager
async def a_hostile_server(*script: bytes) -> AsyncIterator[HostileServer]:
    """The server on a free port."""
    hostile = HostileServer(deque(script or (OK,)))
    server = await asyncio.start_server(hostile.serve, "127.0.0.1", 0)
    hostile.port = server.sockets[0].getsockname()[1]
    try:
        yield hostile
    finally:
        server.close()
        await hostile.close()
        await server.wait_closed()
