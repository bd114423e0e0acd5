"""Three desks on one home, each with connections of its own as three processes have, and a clock that is moved by hand.

house = play(tmp_path, story)      # async def story(office): name = await office.hold(); ...
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from domain.access import Actor, Role
from domain.money import Money
from domain.reservation import Guarantee, ReservationState
from integration.ports.pms import Pms
from integration.usecases.answers import Answer
from integration.usecases.book_stay import book_stay
from integration.usecases.booking_request import BookRequest
from integration.usecases.desk import Desk
from integration.usecases.lapse_reservations import Swept, lapse_due
from integration.usecases.move_reservation import confirm_reservation
from integration.usecases.pay_reservation import pay_reservation
from integration.usecases.resolve_intents import resolve_intents
from integration.usecases.stay_wish import StayWish
from integration.usecases.write_guest import GuestCard
from tests.fakes.surroundings import FakeClock
from tests.postgres import Server
from tests.torture.books import read_books
from tests.torture.house import CHECK_IN, NOW, SUITE, House, a_desk, a_house, leave

AGENT, SWEEPER = Actor("agent0", Role.OPERATOR, "test"), Actor("sweep", Role.ADMIN, "test")
DUE = timedelta(minutes=10)
HOLD = BookRequest(
    ReservationState.HOLD,
    "hold",
    wish=StayWish(CHECK_IN, 2, 2, room_type=SUITE, rate_plan="UAI-FLEX", currency="EUR"),
    card=GuestCard("Anna Schmidt", "+4915123456789"),
)


class Pausing:
    """A PMS client that lets something else happen first, once, at one call."""

    def __init__(self, pms: Pms, call: str, meanwhile: "Callable[[], Awaitable[object]]") -> None:
        self._pms, self._call, self._meanwhile = pms, call, meanwhile

    def __getattr__(self, name: str) -> object:
        if name != self._call:
            return getattr(self._pms, name)
        self._call = ""

        async def paused(*what: object) -> object:
            await self._meanwhile()
            return await getattr(self._pms, name)(*what)

        return paused


class Office:
    """Three desks on one home: the agent's and two sweepers'. Time stands still until it is moved."""

    def __init__(self, house: House, desks: list[Desk]) -> None:
        self.house, self.clock = house, FakeClock(NOW)
        self.agent, self.one, self.other = (replace(desk, clock=self.clock) for desk in desks)

    async def hold(self) -> str:
        return str((await book_stay(self.agent, AGENT, HOLD)).body["reservation_id"])

    async def confirm(self, name: str) -> Answer:
        return await confirm_reservation(self.agent, AGENT, name, "confirm", Guarantee.CARD)

    async def pay(self, name: str, amount: str = "") -> Answer:
        """The deposit, or another amount."""
        due = read_books(self.house).ours[0]["deposit_due"]
        euro = Money.of(amount or f"{due / 100:.2f}", "EUR")
        return await pay_reservation(self.agent, AGENT, name, "pay", euro, "cash")

    def pause_agent_at(self, call: str, meanwhile: "Callable[[], Awaitable[object]]") -> None:
        """At this PMS call of the agent's next write, something else runs to its end before the call goes out."""
        self.agent = replace(self.agent, pms=Pausing(self.agent.pms, call, meanwhile))  # type: ignore[arg-type]

    async def resolve(self) -> None:
        """What the service's resolver does beside the requests."""
        await resolve_intents(self.one, SWEEPER)

    async def sweep(self) -> tuple[Swept, Swept]:
        return await asyncio.gather(lapse_due(self.one, SWEEPER), lapse_due(self.other, SWEEPER))


def play(tmp_path: Path, story: "Callable[[Office], Awaitable[None]]", server: Server | None = None) -> House:
    """Run a story in an office of its own."""
    house = a_house(tmp_path, server=server)
    with a_desk(house, inline=False) as agent, a_desk(house, inline=False) as one, a_desk(house, inline=False) as other:

        async def run() -> None:
            try:
                await story(Office(house, [agent, one, other]))
            finally:
                for desk in (agent, one, other):
                    await leave(desk)

        asyncio.run(run())
    return house
