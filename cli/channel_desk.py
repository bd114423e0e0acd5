"""The stand-ins of the channels from outside: their memory, their servers, and what they tell back."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any

from cli.home import read_home
from cli.stand_ins import EmbeddedStandIns
from domain.errors import InvalidInput, NotFound
from integration.settings import Settings
from pms_mock.channels.booking_queue import BookingQueue
from pms_mock.channels.callbacks import Callback, iyzico_notice, pay_link, paytr_notice, post, verimor_report
from pms_mock.channels.memory import ChannelMemory

REPORTS: Mapping[str, Mapping[str, str]] = {
    "netgsm": {"delivered": "1", "failed": "12", "expired": "2"},
    "verimor": {"delivered": "DELIVERED", "failed": "NOT_DELIVERED", "expired": "EXPIRED"},
}
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@contextmanager
def memory_of(settings: Settings) -> Iterator[ChannelMemory]:
    """What the stand-ins of a home remember. NotFound without a home."""
    read_home(settings.home)
    memory = EmbeddedStandIns(settings).memory
    try:
        yield memory
    finally:
        memory.close()


def called_back(settings: Settings, token: str, to: str | None) -> dict[str, Any]:
    """Pay a link and post the provider's notice. NotFound; InvalidInput for an address elsewhere."""
    with memory_of(settings) as memory:
        try:
            link = pay_link(memory, token)
        except LookupError:
            raise NotFound("There is no payment link {token}.", token=token[:60], field="token") from None
    notice = iyzico_notice(link) if link.provider == "iyzico" else paytr_notice(link)
    answered = _posted(to, notice) if to is not None else None
    return {"token": link.token, "provider": link.provider, "payment_id": link.payment_id, "answered": answered}


def serve_stand_ins(settings: Settings, host: str, port: int, mail_port: int, announce: Callable[[str], None]) -> None:
    """Serve until told to stop. InvalidInput for an address that is not this machine's, or is taken."""
    if host not in _LOOPBACK:
        raise InvalidInput("Stand-ins are served on this machine only.", field="host")
    with memory_of(settings) as memory, closing(EmbeddedStandIns(settings).queue) as queue:
        try:
            asyncio.run(_served(memory, queue, host, port, mail_port, announce))
        except OSError as error:
            why = error.strerror or str(error)
            raise InvalidInput(
                "{host}:{port} cannot be served: {why}.", host=host, port=str(port), why=why, field="port"
            ) from error


async def _served(
    memory: ChannelMemory, queue: BookingQueue, host: str, port: int, mail_port: int, announce: Callable[[str], None]
) -> None:
    from pms_mock.channels.server import serve_channels

    await serve_channels(memory, queue, host, port, mail_port, announce)


def reported(settings: Settings, number: int, status: str, to: str | None) -> dict[str, Any]:
    """Say what became of a short message, and post it where its provider would. NotFound; InvalidInput for a message
    of another provider, or an address elsewhere."""
    with memory_of(settings) as memory:
        sent = next((one for one in memory.sent() if one.number == number), None)
        if sent is None:
            raise NotFound("The stand-ins were sent no message {number}.", number=str(number), field="number")
        words = REPORTS.get(sent.provider)
        if words is None or (to is not None and sent.provider != "verimor"):
            raise InvalidInput(
                "{provider} tells nothing of this kind.",
                provider=sent.provider,
                hint=", ".join(REPORTS),
                field="number",
            )
        told = verimor_report(memory, number, words[status]) if sent.provider == "verimor" else None
        if told is None:
            memory.report(number, words[status])
    answered = _posted(to, told) if to is not None and told is not None else None
    return {"number": number, "provider": sent.provider, "status": words[status], "answered": answered}


def written_in_queue(settings: Settings, text: str, reservation: str) -> dict[str, Any]:
    """A guest writes at Booking.com; it waits in the queue until it is fetched and confirmed."""
    read_home(settings.home)
    with closing(EmbeddedStandIns(settings).queue) as queue:
        number = queue.write(text, reservation=reservation)
        return {"message_id": number, "reservation": reservation, "waiting": len(queue.waiting())}


def _posted(to: str, told: Callback) -> int:
    try:
        return post(to, told)
    except (OSError, ValueError) as error:
        raise InvalidInput("{url} cannot be told.", url=to[:80], field="to") from error
