"""A reception whose answers go out, through real carriers, to the providers' stand-ins.

Numbers are Ofcom's for drama (+44 7700 900...) and addresses at `example.com`: they reach nobody, and nothing here
has a way out of this machine.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from domain.access import Role
from domain.case import Case
from domain.contact import Channel
from integration.adapters.carriers.configured import HomeCarriers, Outside
from integration.adapters.channels.iyzico import Iyzico
from integration.adapters.channels.paytr import PayTr
from integration.adapters.channels.web import WebWire
from integration.adapters.phrases import CataloguePhrases
from integration.ports.channels import Delivery
from integration.ports.hooks import Hook
from integration.ports.queue_records import Outgoing, OutgoingState, StoredMessage
from integration.usecases.check_payment import check_payment
from integration.usecases.look_up_sent import look_up_sent
from integration.usecases.send_out import send_due
from integration.usecases.take_delivery import take_delivery
from integration.usecases.take_in import take_pending
from pms_mock.channels.app import ChannelApp
from pms_mock.channels.callbacks import Callback
from pms_mock.channels.memory import ChannelMemory, Sent
from pms_mock.channels.providers.payments import IYZICO_SECRET, PAYTR_KEY, PAYTR_MERCHANT, PAYTR_SALT
from pms_mock.channels.smtp import MailServer
from tests.builders import an_actor
from tests.intake.reception import WEB_KEY, Reception, Writer, a_reception, hooks, message, signed, webhook

NUMBER, OTHER_NUMBER = "+447700900123", "+447700900456"
EMAIL = "anna@example.com"
ANNA = Writer(NUMBER, "", "Anna")
AGENT = an_actor(Role.OPERATOR)
CHIEF = an_actor(Role.SUPERVISOR, "chief")
LARGEST = 500


class InProcess:
    """Stand-ins without a socket, but for mail."""

    def __init__(self, memory: ChannelMemory) -> None:
        self.memory = memory
        self.app = ChannelApp(memory)
        self._mail: MailServer | None = None
        self._place: tuple[str, int] | None = None
        self._changing = asyncio.Lock()

    async def mail_server(self) -> tuple[str, int]:
        """Where mail is taken; it listens from the first call on, and of several at once the others wait for it."""
        async with self._changing:
            if self._place is None:
                server = MailServer(self.memory)
                self._place = await server.start()
                self._mail = server
            return self._place

    async def close(self) -> None:
        async with self._changing:
            if self._mail is not None:
                await self._mail.close()
            self._mail = self._place = None


class Killed(BaseException):
    """The process is gone."""


@dataclass
class Mailroom:
    """A reception, its carriers, and what their providers were sent."""

    reception: Reception
    memory: ChannelMemory
    kill_at: list[str] = field(default_factory=list)

    @property
    def desk(self) -> Any:
        return self.reception.desk

    @property
    def clock(self) -> Any:
        return self.reception.office.clock

    async def writes(self, text: str = "Hello, a family room in July?", writer: Writer = ANNA) -> Case:
        """A guest writes on WhatsApp; his case."""
        now = self.clock.now()
        self.reception.numbers += 1
        body = webhook((writer, message(writer, text, now, f"wamid.in{self.reception.numbers}")))
        await self.delivers("whatsapp", signed(body, now))
        found = [one for one in await self.cases() if one.channel == "whatsapp"]
        return found[-1]

    async def delivers(self, hook: str, delivery: Delivery) -> None:
        """Through the door and in."""
        await take_delivery(self.desk, self.desk.hooks[hook], delivery)
        await take_pending(self.desk, LARGEST)

    async def tells(self, hook: str, callback: Callback) -> None:
        """A provider's stand-in tells back."""
        url = f"https://hotel.example/hooks/{hook}"
        await self.delivers(hook, Delivery(callback.body, callback.headers, url, self.clock.now()))

    async def cases(self) -> list[Case]:
        from integration.ports.queue_records import CaseWish

        found: list[Case] = await self.desk.store.read(lambda tx: tx.list_cases(CaseWish(hotel_id="BELEK1"), 200))
        return sorted(found, key=lambda one: one.case_id)

    async def case(self, case_id: str) -> Case:
        found: Case = await self.desk.store.read(lambda tx: tx.get_case(case_id))
        return found

    async def row(self, outbox_id: str) -> Outgoing:
        found: Outgoing = await self.desk.store.read(lambda tx: tx.get_outgoing(outbox_id))
        return found

    async def outbox(self, case: Case) -> list[Outgoing]:
        found: list[Outgoing] = await self.desk.store.read(lambda tx: tx.outgoing_of_case(case.case_id))
        return found

    async def messages(self, case: Case) -> list[StoredMessage]:
        found: list[StoredMessage] = await self.desk.store.read(lambda tx: tx.messages_of(case.case_id))
        return found

    async def tasks(self) -> list[str]:
        found = await self.desk.store.read(lambda tx: tx.list_tasks(hotel_id=None, open_only=True, limit=50))
        return [one.kind.value for one in found]

    async def round(self, *, seconds: float = 0) -> list[OutgoingState]:
        """Time goes by, and the outbox does its round."""
        self.clock.advance(seconds=seconds)
        sent = await send_due(self.desk, LARGEST, check_payment)
        looked = await look_up_sent(self.desk, LARGEST)
        return [one.state for one in (*sent, *looked)]

    def sent(self, provider: str) -> list[Sent]:
        return self.memory.sent(provider)


def point_of(room: Mailroom) -> Callable[[str], None]:
    def point(name: str) -> None:
        if name in room.kill_at:
            room.kill_at.remove(name)
            raise Killed(name)

    return point


def all_hooks() -> dict[str, Hook]:
    """Those of the reception, payments and web chat."""
    found = [
        Hook("iyzico", Iyzico.of("merchant", [IYZICO_SECRET]), "BELEK1"),
        Hook("paytr", PayTr.of(PAYTR_MERCHANT, [(PAYTR_KEY, PAYTR_SALT)]), "BELEK1"),
        Hook("chat", WebWire.of(Channel.WEB_CHAT, "site", [WEB_KEY]), "BELEK1"),
    ]
    return hooks() | {one.name: one for one in found}


@asynccontextmanager
async def a_mailroom(
    tables: Mapping[str, Any] | None = None, *, notice: bool = True, at: datetime | None = None
) -> AsyncIterator[Mailroom]:
    """Carriers as `tables` say, for the rest the stand-ins in process. It is 1 May 2027, noon in Belek."""
    reception = a_reception(wires=all_hooks())
    clock = reception.office.clock
    if at is not None:
        clock.set(at)
    memory = ChannelMemory(now_ms=lambda: int(clock.now().timestamp() * 1000))
    outside = Outside(clock, reception.desk.ids, stand_ins=InProcess(memory))
    room = Mailroom(reception, memory)
    hotel = reception.desk.hotels["BELEK1"]
    url = "https://www.example.com/kvkk" if notice else ""
    methods = {"payment_link": "PL", **hotel.pms.payment_methods}
    hotel = replace(hotel, notice_url=url, notice_version="2027-01", pms=replace(hotel.pms, payment_methods=methods))
    carriers = HomeCarriers(outside, tables or {}, {})
    reception.desk = replace(
        reception.desk,
        carriers=carriers,
        point=point_of(room),
        phrases=CataloguePhrases(),
        hotels={"BELEK1": hotel},
    )
    try:
        yield room
    finally:
        await carriers.close()
        memory.close()


def play(story: Callable[[Mailroom], Awaitable[None]], tables: Mapping[str, Any] | None = None, **more: Any) -> None:
    """Run a story in a mailroom of its own."""

    async def run() -> None:
        async with a_mailroom(tables, **more) as room:
            await story(room)

    asyncio.run(run())
