"""The house of a rehearsal: a desk on a store in memory, and a mock hotel in memory, both in virtual time.

Nothing of the product is replaced but time, chance and the wire: requests go to the mock's application in this process
with a drawn delay on the way, so that agents meet in the middle of each other's requests. `Parts` lets
a test put in a broken part and see that the rehearsal notices.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from cli.mock_seed import seed_document
from cli.rehearsal.plan import Plan
from cli.rehearsal.stock_watch import watch_stock
from domain.hotel import HotelTerms
from integration.adapters.hotel_terms import terms_of
from integration.adapters.ids import SystemIds
from integration.adapters.ohip.asgi import AsgiApp
from integration.adapters.store import MEMORY
from integration.adapters.store.audit_keeper import memory_keeper
from integration.adapters.store.sqlite_file import open_memory
from integration.adapters.store.sqlite_inline import InlineSqliteStore
from integration.adapters.virtual_time import VirtualClock
from integration.bootstrap import build
from integration.ports.pms import Pms
from integration.settings import PmsCredentials, settings_from
from integration.usecases.desk import Desk
from pms_mock import control
from pms_mock.app import create_app
from pms_mock.store import MockStore
from scenarios.loader import load_hotel
from scenarios.schema.hotel import Hotel

PROFILES = 200
SLOWEST_S = 0.4


class Log:
    """Counts what the integration and its workers tell, by event."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.events: dict[str, int] = {}

    def info(self, event: str, **_fields: object) -> None:
        """Count it."""
        self.events[event] = self.events.get(event, 0) + 1

    def warning(self, event: str, **fields: object) -> None:
        """Count it."""
        self.info(event, **fields)


def _same(pms: Pms) -> Pms:
    return pms


def _untouched(app: AsgiApp) -> AsgiApp:
    return app


@dataclass(frozen=True, slots=True)
class Parts:
    """What may be broken on purpose: the agents' PMS, the sweep's, and the hotel's own system."""

    pms: Callable[[Pms], Pms] = _same
    sweep_pms: Callable[[Pms], Pms] = _same
    app: Callable[[AsgiApp], AsgiApp] = _untouched


@dataclass(frozen=True, slots=True)
class House:
    """`ours` and `mock` are read directly by the checks."""

    plan: Plan
    file: Hotel
    terms: HotelTerms
    clock: VirtualClock
    desk: Desk
    sweep_desk: Desk
    ours: sqlite3.Connection
    mock: MockStore
    log: Log

    def stream(self, purpose: str) -> Random:
        """Chance of its own for each purpose."""
        return stream(self.plan, purpose)

    async def close(self) -> None:
        """Let go of everything."""
        await self.desk.pms.close()
        await self.desk.store.close()
        self.mock.close()


def stream(plan: Plan, purpose: str) -> Random:
    """One random stream a purpose, so that one more agent does not move the callers."""
    return Random(f"rehearsal/{plan.seed}/{purpose}")  # noqa: S311 - a seeded draw is the point


def zone_of(file: Hotel) -> ZoneInfo:
    """The hotel's zone."""
    return ZoneInfo(file.hotel.time_zone)


def open_house(plan: Plan, clock: VirtualClock, parts: Parts) -> House:
    """Build everything on the running virtual loop. HotelFileError for a file that cannot be used."""
    file = load_hotel(plan.hotel)
    terms, log = terms_of(file, plan.start), Log()
    mock = MockStore(None, wall=clock.now_ms)
    control.seed(mock, seed_document([file], plan.seed, plan.start, profiles_per_hotel=PROFILES, small=True))
    control.keep_ledger(mock, on=False)
    watch_stock(mock)
    ours = open_memory()
    store = InlineSqliteStore(ours, MEMORY, memory_keeper())
    app = _on_a_wire(parts.app(create_app(mock)), stream(plan, "wire"))
    settings = settings_from({"SANTRAL_ACTOR": "rehearsal"}, clock.now(), Path())
    credentials = PmsCredentials(**file.pms.mock_client.model_dump())
    built = build(
        settings, {terms.hotel_id: terms}, log=log, app=app, credentials=credentials, store=store, clock=clock
    )
    desk = replace(built, ids=SystemIds(clock, stream(plan, "ids").randbytes), pms=parts.pms(built.pms))
    sweep_desk = replace(desk, pms=parts.sweep_pms(desk.pms))
    return House(plan, file, terms, clock, desk, sweep_desk, ours, mock, log)


def _on_a_wire(app: AsgiApp, chance: Random) -> AsgiApp:
    """The application some tenths of a second away."""
    return partial(_delayed, app, chance)


async def _delayed(app: AsgiApp, chance: Random, scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI
    from asyncio import sleep

    way = chance.uniform(0.01, SLOWEST_S)
    await sleep(way)
    try:
        await app(scope, receive, send)
    finally:
        if scope["method"] != "GET":
            await sleep(way / 4)
