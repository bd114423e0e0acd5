"""BELEK1 as a mock PMS that matches `tests.builders.a_hotel`, and the adapter in front of it over either transport."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import uvicorn

from domain.hotel import HotelTerms
from integration.adapters.ohip.asgi import AsgiTransport
from integration.adapters.ohip.client import Limits
from integration.adapters.ohip.pms import OhipPms
from integration.adapters.ohip.socket import SocketTransport
from integration.adapters.ohip.transport import Transport
from integration.settings import PmsCredentials
from pms_mock import control
from pms_mock.app import create_app
from pms_mock.server import AbortingProtocol
from pms_mock.store import MockStore
from tests.builders import a_hotel
from tests.fakes.surroundings import NOW, FakeClock

T = TypeVar("T")
Json = dict[str, Any]
CREDENTIALS = PmsCredentials("santral", "s3cret", "0b0c8f06-0f6c-4f7e-9d0e-3f6f6b8f3c11", "SANTRAL_INT", "pass word")
PRICES = {"STD": "200.00", "STDSV": "230.00", "FAM": "300.00", "FAMSV": "340.00", "JRS": "420.00", "VILLA": "900.00"}
ROOMS = {"STD": 120, "STDSV": 60, "FAM": 50, "FAMSV": 20, "JRS": 12, "VILLA": 4}


class Events:
    """A log that remembers."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, dict[str, object]]] = []

    def warning(self, event: str, **fields: object) -> None:
        self.lines.append((event, fields))


@dataclass
class House:
    """The mock's store and hotel, the adapter, and what it told."""

    store: MockStore
    hotel: HotelTerms
    pms: OhipPms
    clock: FakeClock
    events: Events
    calls: list[tuple[str, str]] = field(default_factory=list)

    def asked(self, operation: str) -> int:
        """How often the mock was asked for an operation."""
        return sum(entry.operation == operation for _, entry in control.ledger(self.store))


def _plan(code: str, currency: str, factor: int) -> Json:
    prices = [
        {"room_type": room, "start": "2027-05-01", "end": "2027-10-31", "amount": f"{float(price) * factor:.2f}"}
        for room, price in PRICES.items()
    ]
    return {
        "code": code, "description": code, "currency": currency, "market_code": "DIRECT", "source_code": "CALL",
        "meal_plan": "UAI", "breakfast": True, "lunch": True, "dinner": True, "packages": [],
        "cancellation": {"free_until_days": 3, "penalty": {"basis": "nights", "value": 1}, "text": "Free until day 3"},
        "deposit": {"nights": 1}, "prices": prices, "single_factor": "0.80", "extra_adult_factor": "0.35",
        "child_rules": [{"order": 1, "from_age": 0, "to_age": 11, "factor": "0"}],
    }  # fmt: skip


def seed_document(hotel: HotelTerms) -> Json:
    """The mock's seed for `a_hotel()`."""
    rooms = [
        {
            "code": code, "description": code, "long_description": code, "room_class": "ALL", "rooms": ROOMS[code],
            "max_adults": room.max_adults, "max_children": room.max_children, "max_occupancy": room.max_occupancy,
            "features": [],
        }
        for code, room in hotel.room_types.items()
    ]  # fmt: skip
    guarantees: list[Json] = [
        {"code": code, "description": code, "on_hold": False, "reserve_inventory": code != "TENT", "requirements": {}}
        for code in ("HOLD", "OPT", "PAID", "CARD", "AGENCY", "COMPANY", "TENT")
    ]
    profile = {
        "profile_id": "900123", "given_name": "Deniz", "surname": "Yilmaz", "language": "TR", "nationality": "TR",
        "phones": ["+905321112233"], "emails": ["deniz@example.com"], "vip_code": "V1", "segment": "FAMILY",
        "preferences": [{"group": "ROOM", "code": "HIGH"}], "notes": ["Quiet floor"],
    }  # fmt: skip
    past = {
        "confirmation": "P1", "profile_id": "900123", "room_type": "STD", "rate_plan": "UAI-FLEX",
        "arrival": "2026-07-01", "departure": "2026-07-08", "adults": 2, "child_ages": [], "amount_per_night": "190.00",
        "guarantee_code": "PAID", "status": "CheckedOut", "market_code": "DIRECT", "source_code": "CALL",
        "created_on": "2026-02-01",
    }  # fmt: skip
    return {
        "format": 1,
        "clients": [
            {
                "client_id": CREDENTIALS.client_id, "client_secret": CREDENTIALS.client_secret,
                "app_key": CREDENTIALS.app_key, "username": CREDENTIALS.username, "password": CREDENTIALS.password,
                "enterprise_id": "ENT1", "hotels": ["BELEK1"],
            }
        ],
        "external_systems": ["SANTRAL", "External"],
        "hotels": [
            {
                "hotel_id": "BELEK1", "name": "Belek", "timezone": "Europe/Istanbul", "currency": "EUR",
                "tax_percent": "12", "children_max_age": 17, "room_types": rooms,
                "packages": [
                    {"code": "HONEY", "description": "Honeymoon", "amount": "120", "currency": "EUR",
                     "rhythm": "ArrivalNight", "included": False},
                ],
                "rate_plans": [
                    *(_plan(code, "EUR", 1) for code in ("UAI-FLEX", "UAI-NREF", "HB-FLEX")),
                    _plan("UAI-FLEX-TR", "TRY", 50),
                    {**_plan("HONEYMOON", "EUR", 1), "packages": ["HONEY"]},
                ],
                "restrictions": [], "guarantees": guarantees,
                "cancel_reasons": [{"code": code, "description": code} for code in hotel.pms.cancel_codes.values()],
                "turnaway_codes": [{"code": "PRICE", "description": "Too dear", "kind": "Regret"}],
                "market_codes": ["DIRECT"], "source_codes": ["CALL"],
                "payment_methods": ["CASH", "TRANSFER", "LINK"], "comment_types": ["GEN"],
                "preferences": [{"group": "ROOM", "code": "HIGH", "description": "High floor"}],
                "promotions": [
                    {"code": "EARLY10", "name": "Early", "rate_plans": ["UAI-FLEX"], "percent": "10",
                     "start": "2027-06-01", "end": "2027-09-30"},
                ],
                "scripts": [{"type": "Reservation", "language": "TR", "text": "Merhaba, günaydın"}],
                "sell_messages": [{"code": "S1", "text": "New spa", "start": "2027-01-01", "end": "2027-12-31"}],
                "profiles": [profile], "reservations": [past],
            }
        ],
    }  # fmt: skip


def _built(store: MockStore, transport: Transport, limits: Limits) -> House:
    clock, events, calls = FakeClock(), Events(), list[tuple[str, str]]()
    pms = OhipPms(
        transport, CREDENTIALS, limits=limits, clock=clock, log=events,
        on_call=lambda operation, _seconds, outcome: calls.append((operation, outcome)),
    )  # fmt: skip
    return House(store, a_hotel(), pms, clock, events, calls)


def a_store(path: Path | None = None) -> MockStore:
    """The seeded hotel, its clock at the tests' now."""
    store = control.open_store(str(path) if path else None)
    control.seed(store, seed_document(a_hotel()))
    control.clock(store, set=NOW)
    return store


@contextlib.asynccontextmanager
async def in_process(limits: Limits | None = None) -> AsyncIterator[House]:
    """The adapter calling the mock's application."""
    store = a_store()
    house = _built(store, AsgiTransport(create_app(store)), limits or Limits())
    try:
        yield house
    finally:
        await house.pms.close()
        store.close()


@contextlib.asynccontextmanager
async def over_a_socket(limits: Limits | None = None) -> AsyncIterator[House]:
    """The adapter speaking to the mock's server on a real port."""
    store = a_store()
    config = uvicorn.Config(
        create_app(store), http=AbortingProtocol, ws="none", lifespan="off", log_config=None, access_log=False,
        host="127.0.0.1", port=0,
    )  # fmt: skip
    server = uvicorn.Server(config)
    serving = asyncio.ensure_future(server._serve())
    async with asyncio.timeout(10):
        while not server.started:
            await asyncio.sleep(0)
    port = server.servers[0].sockets[0].getsockname()[1]
    house = _built(store, SocketTransport(f"http://127.0.0.1:{port}"), limits or Limits())
    try:
        yield house
    finally:
        await house.pms.close()
        server.should_exit = True
        await serving
        store.close()


WAYS = {"in_process": in_process, "over_a_socket": over_a_socket}


def with_house(way: str, story: Callable[[House], Awaitable[T]], limits: Limits | None = None) -> T:
    """Run a story with a fresh house over one of the two transports."""

    async def run() -> T:
        async with WAYS[way](limits) as house:
            return await story(house)

    return asyncio.run(run())
