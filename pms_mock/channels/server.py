"""The stand-ins on real sockets of this machine: one port that speaks HTTP, one that takes mail."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

import uvicorn

from pms_mock.channels.app import ChannelApp
from pms_mock.channels.booking_queue import BookingQueue, WithBookingQueue
from pms_mock.channels.memory import ChannelMemory
from pms_mock.channels.smtp import MailServer
from pms_mock.server import AbortingProtocol

_STEP_S = 0.005


@dataclass(frozen=True, slots=True)
class Served:
    """Where they listen. `url`: of HTTP, the provider's name comes behind it."""

    url: str
    mail_host: str
    mail_port: int


class _Server(uvicorn.Server):
    """uvicorn's server without its own reading of signals: whoever runs it cancels it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """None."""
        yield


@asynccontextmanager
async def served(
    memory: ChannelMemory,
    host: str = "127.0.0.1",
    port: int = 0,
    mail_port: int = 0,
    queue: BookingQueue | None = None,
) -> AsyncIterator[Served]:
    """Serve while the block runs; with `queue`, what waits at Booking.com too. OSError when an address is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    mail = MailServer(memory, mail_port)
    app = ChannelApp(memory) if queue is None else WithBookingQueue(queue, ChannelApp(memory))
    config = uvicorn.Config(app, http=AbortingProtocol, ws="none", lifespan="off", access_log=False, log_config=None)
    server = _Server(config)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        mail_host, mail_at = await mail.start()
        while not server.started:
            await asyncio.sleep(_STEP_S)
        shown = f"[{host}]" if ":" in host else host
        yield Served(f"http://{shown}:{listener.getsockname()[1]}", mail_host, mail_at)
    finally:
        server.should_exit = True
        await mail.close()
        await running
        listener.close()


async def serve_channels(
    memory: ChannelMemory, queue: BookingQueue, host: str, port: int, mail_port: int, on_ready: Callable[[str], None]
) -> None:
    """Serve until SIGINT or SIGTERM; `on_ready` is called with the URL."""
    import signal  # noqa: PLC0415 - for a server of its own only

    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with served(memory, host, port, mail_port, queue) as place:
        on_ready(place.url)
        await stop.wait()
