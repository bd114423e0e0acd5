"""A service on a desk of fakes, and three people with tokens: agent7 (operator), chief (supervisor), boss (admin)."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI

from domain.access import Role
from domain.hotel import HotelTerms
from integration.http.app import create_app
from integration.usecases.keep_users import add_user, make_token
from tests.builders import an_actor
from tests.fakes.desk import Office, an_office
from tests.service.client import Client, Reply

QUOTE: dict[str, Any] = {"check_in": "2027-07-10", "nights": 7, "adults": 2}
ANNA = {"name": "Anna Schmidt", "phone": "+49 151 23456789", "email": "anna.schmidt@example.com"}
CARD = {"to": "confirmed", "pick": 1, "guest": ANNA, "guarantee": "card"}
HOLD = {"to": "hold", "pick": 1, "guest": ANNA}


class Ears:
    """A log that remembers."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str, dict[str, object]]] = []

    def info(self, event: str, **fields: object) -> None:
        self.lines.append(("info", event, fields))

    def warning(self, event: str, **fields: object) -> None:
        self.lines.append(("warning", event, fields))

    def error(self, event: str, **fields: object) -> None:
        self.lines.append(("error", event, fields))

    def events(self) -> list[str]:
        return [event for _, event, _ in self.lines]


@dataclass
class House:
    """The service and those who use it."""

    office: Office
    app: FastAPI
    agent: Client
    chief: Client
    boss: Client
    nobody: Client
    log: Ears = field(default_factory=Ears)

    async def offer(self, **wish: Any) -> str:
        """The id of an offer just made."""
        reply = await self.agent.post("/v1/quotes", {**QUOTE, **wish})
        assert reply.status == 200, reply.json
        return str(reply.json["offer_id"])

    async def book(
        self, body: dict[str, Any] | None = None, *, key: str = "k-1", client: Client | None = None
    ) -> Reply:
        """Book the first choice of a fresh offer."""
        sale = {**(body or HOLD), "offer_id": await self.offer()}
        return await (client or self.agent).post("/v1/reservations", sale, key=key)


async def open_house(hotel: HotelTerms | None = None) -> House:
    """A house with its people."""
    office, log = an_office(hotel), Ears()
    app = create_app(office.desk, log=log)
    boss = an_actor(Role.ADMIN, "boss")
    tokens = {}
    for name, role in (("agent7", Role.OPERATOR), ("chief", Role.SUPERVISOR), ("boss", Role.ADMIN)):
        await add_user(office.desk, boss, name, role)
        tokens[name] = await make_token(office.desk, boss, name)
    return House(
        office,
        app,
        Client(app, tokens["agent7"]),
        Client(app, tokens["chief"]),
        Client(app, tokens["boss"]),
        Client(app),
        log,
    )


def play(story: Callable[[House], Awaitable[None]], hotel: HotelTerms | None = None) -> None:
    """Run a story in a house of its own."""

    async def run() -> None:
        await story(await open_house(hotel))

    asyncio.run(run())
