"""Sellers over HTTP: each lives sale after sale, repeats with its key what has no final answer, and records every try.

A life is a hold or a firm sale, and then, as the deck deals, a payment, a confirmation, an extension, a change, a
cancellation, or nothing at all, so that the hold runs out. Who gets no final answer in his patience goes on to the next
guest; what he gave up he asks again under the same key, now and then, and when the house is whole (`come_back`).
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from time import monotonic

import aiohttp

from cli.demo_client import Agent, Reply
from tests.torture.house import AGAIN, AGAIN_CODES, AGENTS, Body, House, a_sale, agent_of
from tests.torture.told import Told

SALES = "/v1/reservations"
PATIENCE_S, PAY_PATIENCE_S = 6.0, 4.0
REMEMBERS = 0.3
ROOMS = ("JRS", "JRS", "STD", "STDSV", "FAM")
NOT_SURE = frozenset({"pms_outcome_unknown"})
MORE = ("pay", "confirm", "extend", "change", "cancel", "leave", "leave")


@dataclass(frozen=True)
class Wish:
    """One request under its key. `on`: the reservation it is about; `nights`: what a change asks for."""

    verb: str
    path: str
    body: Body
    key: str
    on: str = ""
    nights: int = 0

    def about(self) -> dict[str, object]:
        """What the history says of it beside the key."""
        return {"key": self.key} | ({"on": self.on} if self.on else {}) | ({"nights": self.nights} if self.on else {})


@dataclass
class Seller:
    """One agent. `now` tells the house's time."""

    house: House
    url: str
    number: int
    told: Told
    chance: Random
    given_up: list[Wish] = field(default_factory=list)
    tries: dict[str, int] = field(default_factory=dict)
    deck: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Under which the service knows him."""
        return AGENTS[self.number % len(AGENTS)]

    async def sell(self, goes_on: Callable[[], bool], now: "Clock") -> None:
        """Live sale after sale while it goes on."""
        async with agent_of(self.house, self.url, self.number) as agent:
            life = 0
            while goes_on():
                if self.given_up and self.chance.random() < REMEMBERS:
                    await self.ask(agent, self.given_up.pop(0))
                await self._live(agent, life, now)
                life += 1

    async def come_back(self, seconds: float) -> None:
        """Ask again for what was given up; whoever paid without an answer is left to the board."""
        async with agent_of(self.house, self.url, self.number) as agent:
            for wish in [one for one in self.given_up if one.verb != "pay"]:
                reply = await self.ask(agent, wish, seconds)
                assert reply is not None, f"{wish.key}: no final answer in a house that is whole"

    async def _live(self, agent: Agent, life: int, now: "Clock") -> None:
        name, chance = f"{self.number}-{life}", self.chance
        verb = self._dealt()
        to = "confirmed" if verb in {"change", "cancel"} else "hold"
        guest = self.number * 1000 + life
        sale = a_sale(guest, to=to, after_days=7 * chance.randrange(4), room=chance.choice(ROOMS))
        made = await self.ask(agent, Wish("sell", SALES, sale, f"{name}-sell"))
        if made is None or made.status != 201:
            return
        if verb == "leave":
            return
        await self.ask(agent, self._next(verb, name, made, now))

    def _dealt(self) -> str:
        """What this sale goes on to: every verb comes before any comes again, so that no run lacks one by chance."""
        if not self.deck:
            self.deck = self.chance.sample(MORE, len(MORE))
        return self.deck.pop()

    def _next(self, verb: str, name: str, made: Reply, now: "Clock") -> Wish:
        bodies: dict[str, Body] = {
            "pay": {"amount": made["deposit_due"], "method": "bank_transfer"},
            "confirm": {"guarantee": "card"},
            "extend": {"until": (now() + timedelta(seconds=15)).isoformat()},
            "change": {"nights": 3},
            "cancel": {"reason": "illness"},
        }
        body = bodies[verb]
        on = str(made["reservation_id"])
        return Wish(verb, f"{SALES}/{on}/{verb}", body, f"{name}-{verb}", on, int(body.get("nights", 0)))

    async def ask(self, agent: Agent, wish: Wish, seconds: float = 0) -> Reply | None:
        """Repeat until the answer is final; None when patience ends first."""
        end = monotonic() + (seconds or (PAY_PATIENCE_S if wish.verb == "pay" else PATIENCE_S))
        while monotonic() < end:
            reply, what = await self._once(agent, wish)
            if what in {"ok", "fail"}:
                return reply
            await asyncio.sleep(self.chance.uniform(0.1, 0.6))
        self.given_up.append(wish)
        return None

    async def _once(self, agent: Agent, wish: Wish) -> tuple[Reply | None, str]:
        number = self.tries[wish.key] = self.tries.get(wish.key, 0) + 1
        more = {**wish.about(), "try": number}
        self.told.note(self.name, "invoke", wish.verb, **more)
        try:
            reply = await agent.post(wish.path, wish.body, key=wish.key)
        except (aiohttp.ClientError, TimeoutError) as error:
            self.told.note(self.name, "unknown", wish.verb, **more, code=type(error).__name__)
            return None, "unknown"
        what, code = _meaning(reply), reply.body.get("code")
        ends = {"id": reply.body["reservation_id"]} if what == "ok" else {"code": code}
        self.told.note(self.name, what, wish.verb, **more, **ends)
        return reply, what


def _meaning(reply: Reply) -> str:
    code = reply.body.get("code")
    if reply.status < 300:
        return "ok"
    if code in NOT_SURE:
        return "unknown"
    return "later" if reply.status in AGAIN and code in AGAIN_CODES else "fail"


class Clock:
    """The house's time: a moment and what has passed since."""

    def __init__(self, begin: datetime) -> None:
        """`begin`: what it shows now."""
        self._begin, self._at = begin, monotonic()

    def __call__(self) -> datetime:
        """What it shows."""
        return self._begin + timedelta(seconds=monotonic() - self._at)

    def jump(self, by: timedelta) -> None:
        """Set it ahead."""
        self._begin += by
