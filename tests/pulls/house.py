"""A hotel that fetches: a mailbox and a Booking queue on real sockets, a desk of fakes, rounds that can die."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, TypeVar

import uvicorn

from integration.adapters.channels.mail import Mailbox
from integration.adapters.channels.ota import BookingMessages
from integration.adapters.ohip.socket import SocketTransport
from integration.adapters.sources.booking import Account, BookingSource
from integration.adapters.sources.imap import ImapSource
from integration.adapters.sources.mail_line import Place, Security
from integration.ports.hooks import Hook
from integration.ports.pulls import Pull, Source
from integration.ports.queue_records import StoredDelivery
from integration.ports.store import Store
from integration.usecases.desk import Desk
from integration.usecases.pull_source import LEASE_FOR, Pulled, pull_source
from integration.usecases.take_in import take_pending
from pms_mock.channels.app import ChannelApp
from pms_mock.channels.booking_queue import BookingQueue, WithBookingQueue
from pms_mock.channels.imap import ImapServer
from pms_mock.channels.imap_mailbox import Folder
from pms_mock.channels.memory import ChannelMemory
from pms_mock.server import AbortingProtocol
from tests.intake.reception import Reception, a_reception

T = TypeVar("T")
SINCE = date(2027, 4, 1)
ADDRESS = "info@belek.example"
EVERYTHING = 10_000


class Killed(BaseException):
    """The process is gone."""


def mail(number: int, text: str = "Do you have a family room in July?", sender: str = "", **more: str) -> bytes:
    """A mail of a guest of its own."""
    lines = {
        "From": sender or f"Guest {number} <guest{number}@example.org>",
        "To": ADDRESS,
        "Subject": "Question",
        "Date": "Sat, 01 May 2027 08:00:00 +0000",
        "Message-ID": f"<m{number}@example.org>",
        "Content-Type": "text/plain; charset=utf-8",
        **more,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"{head}\r\n{text} ({number})\r\n".encode()


@dataclass
class MortalStore:
    """The store of a process that can be killed: after that it does nothing any more, so the lease stays taken."""

    inner: Store
    is_dead: bool = False

    async def transact(self, work: Callable[[Any], T]) -> T:
        return await self._living().transact(work)

    async def read(self, work: Callable[[Any], T]) -> T:
        return await self._living().read(work)

    async def close(self) -> None:
        """The inner one is closed by whoever made it."""

    def _living(self) -> Store:
        if self.is_dead:
            raise Killed
        return self.inner


@dataclass
class House:
    """The desk and its one source."""

    reception: Reception
    pull: Pull
    heard: list[str] = field(default_factory=list)

    @property
    def desk(self) -> Desk:
        return self.reception.desk

    async def round(self, *, killed_at: str = "") -> Pulled:
        """One round; with `killed_at` the process dies at that point."""
        if not killed_at:
            return await pull_source(self.desk, self.pull, on_stored=self.heard.append)
        store = MortalStore(self.desk.store)

        def point(name: str) -> None:
            if name == killed_at:
                store.is_dead = True
                raise Killed

        doomed = replace(self.desk, store=store, point=point)
        return await pull_source(doomed, self.pull)

    async def die(self, point: str) -> None:
        """A round whose process dies; the next one waits until its lease is over."""
        with contextlib.suppress(Killed):
            await self.round(killed_at=point)
            raise AssertionError(f"nobody passes {point}")
        self.reception.office.clock.advance(seconds=(LEASE_FOR + timedelta(seconds=1)).total_seconds())

    async def take_in(self) -> int:
        """Effects of all that is pending."""
        return sum(one.effects for one in await take_pending(self.desk, EVERYTHING))

    async def stored(self) -> list[StoredDelivery]:
        return await self.desk.store.read(
            lambda tx: tx.list_deliveries(channel=None, state=None, after=None, limit=EVERYTHING)
        )

    async def cursor(self) -> str | None:
        return await self.desk.store.read(lambda tx: tx.get_cursor(self.pull.name))

    async def texts(self) -> list[str]:
        """What was written, in all cases."""
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(None, self.reception.texts)
        return sorted(text for case in found for text in case)


def a_house(source: Source, *, wire: Any = None, name: str = "info", every_s: float = 30.0) -> House:
    """A desk for Belek that fetches from a source."""
    reception = a_reception()
    pull = Pull(Hook(name, wire or Mailbox(ADDRESS), "BELEK1"), source, every_s)
    return House(replace(reception, desk=replace(reception.desk, pulls={name: pull})), pull)


@dataclass
class Post:
    """A mail server and the house that reads from it."""

    server: ImapServer
    folder: Folder
    source: ImapSource
    house: House


@contextlib.asynccontextmanager
async def a_post(
    server: Mapping[str, Any] | None = None, place: Mapping[str, Any] | None = None, **source: Any
) -> AsyncIterator[Post]:
    """A mailbox over a real socket; `server`, `place`, `source`: what is unusual about them."""
    folder = Folder()
    imap = ImapServer({"INBOX": folder}, **(server or {}))
    host, port = await imap.start()
    plain = Place(host, port, imap.user, imap.password, security=Security.PLAIN)
    reader = ImapSource(replace(plain, **(place or {})), SINCE, **source)
    try:
        yield Post(imap, folder, reader, a_house(reader))
    finally:
        await reader.rest()
        await imap.close()


@dataclass
class Queue:
    """A Booking queue and the house that reads from it."""

    queue: BookingQueue
    house: House
    source: BookingSource


@contextlib.asynccontextmanager
async def a_queue() -> AsyncIterator[Queue]:
    """The queue over a real socket."""
    queue, memory = BookingQueue(now_ms=lambda: 1_809_162_000_000), ChannelMemory()
    config = uvicorn.Config(
        WithBookingQueue(queue, ChannelApp(memory)), http=AbortingProtocol, ws="none", lifespan="off", log_config=None,
        access_log=False, host="127.0.0.1", port=0,
    )  # fmt: skip
    server = uvicorn.Server(config)
    serving = asyncio.ensure_future(server._serve())
    async with asyncio.timeout(10):
        while not server.started:
            await asyncio.sleep(0)
    base = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    account = Account("stand-in", "stand-in", "/booking/messaging", "/booking/token-based-authentication/exchange")
    source = BookingSource(account, SocketTransport(base), SocketTransport(base), f"{base}/booking/messaging")
    try:
        yield Queue(queue, a_house(source, wire=BookingMessages(), name="booking"), source)
    finally:
        await source.rest()
        server.should_exit = True
        await serving
        queue.close()
        memory.close()
