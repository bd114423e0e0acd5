"""The stand-ins of the channels from outside: their memory, their servers, and what they tell back."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from cli.home import read_home
from cli.stand_ins import EmbeddedStandIns
from domain.errors import InvalidInput, NotFound
from integration.settings import Settings
from pms_mock.channels.callbacks import iyzico_notice, pay_link, paytr_notice, post
from pms_mock.channels.memory import ChannelMemory

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
    try:
        answered = post(to, notice) if to is not None else None
    except (OSError, ValueError) as error:
        raise InvalidInput("{url} cannot be told.", url=str(to)[:80], field="to") from error
    return {"token": link.token, "provider": link.provider, "payment_id": link.payment_id, "answered": answered}


def serve_stand_ins(settings: Settings, host: str, port: int, mail_port: int, announce: Callable[[str], None]) -> None:
    """Serve until told to stop. InvalidInput for an address that is not this machine's, or is taken."""
    if host not in _LOOPBACK:
        raise InvalidInput("Stand-ins are served on this machine only.", field="host")
    with memory_of(settings) as memory:
        try:
            asyncio.run(_served(memory, host, port, mail_port, announce))
        except OSError as error:
            why = error.strerror or str(error)
            raise InvalidInput(
                "{host}:{port} cannot be served: {why}.", host=host, port=str(port), why=why, field="port"
            ) from error


async def _served(memory: ChannelMemory, host: str, port: int, mail_port: int, announce: Callable[[str], None]) -> None:
    from pms_mock.channels.server import serve_channels

    await serve_channels(memory, host, port, mail_port, announce)
