"""After the load: wait until nothing is under way any more, so that the books can be held together.

Writes whose answer was lost are still looked up in the PMS, deliveries still taken in, messages still sent. The audit
asks what came of each; asked too early, it would find what is merely unfinished.
"""

import asyncio
from contextlib import ExitStack
from dataclasses import dataclass

from cli.wiring import open_desk
from integration.errors import ServiceError
from integration.ports.store import ReadTx
from integration.settings import Settings
from integration.usecases.desk import Desk

EVERY_S = 0.5
SPARE_S = 30.0


@dataclass(frozen=True, slots=True)
class Left:
    """What is still under way: writes of unknown outcome, deliveries not taken in, messages not sent."""

    writes: int
    deliveries: int
    messages: int

    @property
    def is_quiet(self) -> bool:
        """Nothing at all."""
        return not (self.writes or self.deliveries or self.messages)


async def settle(settings: Settings, longest_s: float) -> Left:
    """Wait for quiet, at most `longest_s`; what is left then."""
    loop = asyncio.get_running_loop()
    end = loop.time() + longest_s
    with ExitStack() as at_end:
        desk = open_desk(settings, at_end=at_end.callback)
        try:
            while True:
                left = await _left(desk)
                if left.is_quiet or loop.time() >= end:
                    return left
                await asyncio.sleep(EVERY_S)
        finally:
            await desk.pms.close()
            await desk.store.close()


def patience_s(desk_settle_s: float) -> float:
    """How long is enough: as long as a lost write may still happen, and some rounds of the workers."""
    return desk_settle_s + SPARE_S


async def _left(desk: Desk) -> Left:
    now = desk.clock.now()

    def work(tx: ReadTx) -> Left:
        return Left(tx.counts()["unsettled_intents"], len(tx.pending_deliveries(100)), len(tx.due_outgoing(now, 100)))

    try:
        return await desk.store.read(work)
    except ServiceError:
        return Left(1, 0, 0)
