"""The stand-ins of the channels' providers in this home: in process over HTTP's place, on a loopback port for mail.

They are made when the first message wants to leave, and remember what they were sent in `<home>/channels.sqlite`.
"""

import asyncio
from functools import cached_property
from typing import TYPE_CHECKING, Any

from integration.settings import Settings

if TYPE_CHECKING:
    from domain.contact import Channel
    from integration.adapters.carriers.configured import HomeCarriers
    from integration.ports.outbound import Carrier, PaymentCarrier
    from integration.ports.surroundings import Clock, Ids
    from pms_mock.channels.booking_queue import BookingQueue
    from pms_mock.channels.memory import ChannelMemory
    from pms_mock.channels.smtp import MailServer


class EmbeddedStandIns:
    """Satisfies `integration.adapters.carriers.configured.StandIns`."""

    def __init__(self, settings: Settings) -> None:
        """Open nothing yet."""
        self._settings = settings
        self._mail: MailServer | None = None
        self._place: tuple[str, int] | None = None
        self._starting = asyncio.Lock()

    @cached_property
    def memory(self) -> "ChannelMemory":
        """What they remember."""
        from pms_mock.channels.memory import ChannelMemory

        return ChannelMemory(str(self._settings.stand_ins_path), now_ms=self._now_ms)

    @cached_property
    def queue(self) -> "BookingQueue":
        """What waits in Booking.com's queue, in the same file."""
        from pms_mock.channels.booking_queue import BookingQueue

        return BookingQueue(str(self._settings.stand_ins_path), now_ms=self._now_ms)

    @cached_property
    def app(self) -> Any:  # noqa: ANN401 - an ASGI application
        """All of them that speak HTTP."""
        from pms_mock.channels.app import ChannelApp
        from pms_mock.channels.booking_queue import WithBookingQueue

        return WithBookingQueue(self.queue, ChannelApp(self.memory))

    async def mail_server(self) -> tuple[str, int]:
        """Where mail is taken; it listens from the first call on, and of several at once the others wait for it."""
        from pms_mock.channels.smtp import MailServer

        async with self._starting:
            if self._place is None:
                server = MailServer(self.memory)
                self._place = await server.start()
                self._mail = server
            return self._place

    async def close(self) -> None:
        """Stop listening and let go of the file."""
        async with self._starting:
            if self._mail is not None:
                await self._mail.close()
            self._mail = self._place = None
        if "queue" in self.__dict__:
            self.queue.close()
        if "memory" in self.__dict__:
            self.memory.close()

    def _now_ms(self) -> int:
        from pms_mock.clock import wall_ms

        return wall_ms() + int(self._settings.clock_offset.total_seconds() * 1000)


class LazyCarriers:
    """The ways out of a home, read when somebody first wants to write; satisfies `integration.ports.outbound.Carriers`.

    Where messages may really leave there are no stand-ins: what is not configured has no way out.
    """

    def __init__(self, settings: Settings, clock: "Clock", ids: "Ids") -> None:
        """Read nothing yet."""
        self._settings, self._clock, self._ids = settings, clock, ids

    @cached_property
    def _carriers(self) -> "HomeCarriers":
        from integration.adapters.carriers.configured import Outside, read_carriers

        is_live = self._settings.is_live
        stand_ins = None if is_live else EmbeddedStandIns(self._settings)
        outside = Outside(self._clock, self._ids, is_live=is_live, stand_ins=stand_ins)
        return read_carriers(self._settings.channels_path, self._settings.secrets, outside)

    def check(self) -> None:
        """ConfigurationError when a carrier cannot be used; for whoever starts a service."""
        self._carriers.check()

    def of(self, hotel_id: str, channel: "Channel") -> "Carrier | None":
        """The hotel's way out on a channel."""
        return self._carriers.of(hotel_id, channel)

    def payments(self, hotel_id: str) -> "PaymentCarrier | None":
        """The hotel's payment provider."""
        return self._carriers.payments(hotel_id)

    async def close(self) -> None:
        """Let go of what was opened."""
        if "_carriers" in self.__dict__:
            await self._carriers.close()
