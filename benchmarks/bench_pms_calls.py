"""How many calls a step costs the hotel's PMS, counted in the mock's own ledger.

A hotel's PMS grants so many calls a second to all its systems together, so calls are counted like money. The adapter
calls the mock's application in this process; fetching a token is not counted (once an hour, for all). Between adapter
and mock stands a turnstile that sees whether two calls were ever under way at once.
"""

import asyncio
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta

from benchmarks.house import House, a_house
from benchmarks.measure import cpu_of_running
from benchmarks.registry import Row, benchmark
from benchmarks.servers import pms_env, running, unshared
from cli.home import read_home
from cli.wiring import Hotels, Message, NoLog, Receive, Send, open_mock
from domain.access import Actor, Role
from domain.reservation import Guarantee, ReservationState
from integration.adapters.clock import SystemClock
from integration.adapters.ohip.asgi import AsgiApp
from integration.adapters.ohip.pms import build_ohip
from integration.bootstrap import build
from integration.settings import Settings, settings_from
from integration.usecases.book_stay import book_stay
from integration.usecases.booking_request import BookRequest
from integration.usecases.desk import Desk
from integration.usecases.quote_stay import StayWish, quote_stay
from integration.usecases.stay_wish import question_of
from integration.usecases.write_guest import GuestCard
from pms_mock.app import create_app
from pms_mock.control import ledger
from pms_mock.store import MockStore

BOOKING_LIMIT = 4
FORTNIGHT, TYPES, PLANS = 14, 6, 3
REPEATS = 60
AGENT = Actor("agent7", Role.OPERATOR, "http")
ANNA = GuestCard("Anna Schmidt", "+49 151 23456789", None, "de", "DE")
BORIS = GuestCard("Boris Ivanov", "+49 151 23456780", None, "ru", "RU")
OLGA = GuestCard("Olga Petrova", BORIS.phone, None, "ru", "RU")
TOKEN = "getToken"


class Turnstile:
    """Lets requests through to an application and remembers the most that were inside at once."""

    def __init__(self, app: AsgiApp) -> None:
        self._app = app
        self._inside = 0
        self.most = 0

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        self._inside += 1
        self.most = max(self.most, self._inside)
        try:
            await self._app(scope, receive, send)
        finally:
            self._inside -= 1


@dataclass(frozen=True, slots=True)
class Till:
    """A desk, and what its PMS was asked."""

    desk: Desk
    store: MockStore
    turnstile: Turnstile

    def last(self) -> int:
        """The number of the ledger's last entry."""
        return max((number for number, _ in ledger(self.store)), default=0)

    def since(self, number: int) -> list[str]:
        """Operations asked for after an entry."""
        return [entry.operation for _, entry in ledger(self.store, number) if entry.operation != TOKEN]


def arrival_of(settings: Settings) -> date:
    """Two months ahead, when nothing is closed."""
    return read_home(settings.home).set_up_on + timedelta(days=60)


@benchmark("pms-calls")
def calls_of_each_step() -> Iterator[Row]:
    with a_house() as house:
        with closing(open_mock(house.settings.mock_path)) as store:
            turnstile = Turnstile(create_app(store))
            home = read_home(house.settings.home)
            hotels = Hotels(house.settings.hotels_dir, home.set_up_on)
            desk = build(house.settings, hotels, log=NoLog(), app=turnstile, credentials=home.credentials)
            yield from asyncio.run(_rows(Till(desk, store, turnstile), arrival_of(house.settings)))
        yield asyncio.run(_cpu_of_the_mock(house))


async def _rows(till: Till, arrival: date) -> list[Row]:
    try:
        return [
            await _booking(till, arrival, ReservationState.HOLD, "new guest", ANNA),
            await _booking(till, arrival, ReservationState.CONFIRMED, "new guest", BORIS),
            await _booking(till, arrival, ReservationState.HOLD, "same guest again", ANNA),
            await _booking(till, arrival, ReservationState.HOLD, "new guest on another's telephone", OLGA, None),
            await _fortnight(till, arrival),
        ]
    finally:
        await till.desk.pms.close()
        await till.desk.store.close()


async def _booking(
    till: Till, arrival: date, to: ReservationState, who: str, card: GuestCard, limit: int | None = BOOKING_LIMIT
) -> Row:
    """A guest books what he was offered."""
    offer = (await quote_stay(till.desk, AGENT, StayWish(arrival, 7, 2))).offer
    before, till.turnstile.most = till.last(), 0
    request = BookRequest(
        to=to,
        request_key=f"bench-{offer.offer_id}",
        offer_id=offer.offer_id,
        pick=1,
        card=card,
        guarantee=Guarantee.CARD if to is ReservationState.CONFIRMED else None,
    )
    await book_stay(till.desk, AGENT, request)
    asked = till.since(before)
    if till.turnstile.most > 1:
        raise RuntimeError(f"{till.turnstile.most} calls of one booking were under way at once")
    what = f"PMS calls of a booking, one after the other ({to.value}, {who})"
    return Row(what, len(asked), limit, note=", ".join(asked), unit="")


async def _fortnight(till: Till, arrival: date) -> Row:
    hotel = till.desk.hotel(None)
    question = question_of(till.desk, hotel, StayWish(arrival, FORTNIGHT, 2))
    before = till.last()
    answer = await till.desk.pms.read_rates(hotel, question)
    asked = till.since(before)
    prices = sum(len(rate.nightly) for rate in answer.room_rates)
    if prices != FORTNIGHT * TYPES * PLANS:
        raise RuntimeError(f"the answer has {prices} prices, not {FORTNIGHT * TYPES * PLANS}")
    what = f"PMS calls for {FORTNIGHT} nights x {TYPES} room types x {PLANS} plans"
    return Row(what, len(asked), 1, note=f"{', '.join(asked)}: {prices} prices", unit="")


async def _cpu_of_the_mock(house: House) -> Row:
    """What such a call costs whoever answers it; the mock in a process of its own, nothing kept."""
    home = read_home(house.settings.home)
    with running("mock", house.settings.mock_path) as server:
        clock, env = SystemClock(), pms_env(house, server, SANTRAL_PMS_READ_CACHE="0.000001")
        settings = settings_from({**env, "SANTRAL_HOME": str(house.settings.home)}, clock.now(), house.settings.home)
        hotel = unshared(next(iter(Hotels(settings.hotels_dir, home.set_up_on).values())))
        desk = build(settings, {hotel.hotel_id: hotel}, log=NoLog())
        question = question_of(desk, hotel, StayWish(arrival_of(settings), FORTNIGHT, 2))
        pms = build_ohip(settings, clock=clock, log=NoLog())
        try:
            await pms.read_rates(hotel, question)
            before = cpu_of_running(server.pid)
            for _ in range(REPEATS):
                await pms.read_rates(hotel, question)
            taken = (cpu_of_running(server.pid) - before) / REPEATS
        finally:
            await pms.close()
            await desk.pms.close()
            await desk.store.close()
    return Row("CPU of the mock PMS for that one call, ms", taken * 1000, note=f"{REPEATS} calls", unit=" ms")
