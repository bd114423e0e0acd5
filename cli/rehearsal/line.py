"""One agent asking: under one key, patiently, as a person with a telephone does, and every try in the history.

What may have happened or is busy is asked again with the same key after a while, up to a limit; then the agent gives
up and the machine is alone with it. Now and then a terminal dies in the middle of a request: the request is cut off
where it stands, as by a killed process, and the agent asks again from another one.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from cli.rehearsal.history import History
from cli.rehearsal.house import House
from domain.access import Actor, Role
from domain.errors import DomainError, InFlight, ReservationBusy
from integration.errors import (
    OutcomeUnknown,
    PmsProtocolError,
    PmsUnavailable,
    ServiceError,
    StoreUnavailable,
)
from integration.usecases.answers import Answer

Body = dict[str, Any]
Ask = Callable[[Actor], Awaitable[Answer]]
MOST_TRIES = 7
DIES_ONE_IN = 150
DIES_WITHIN_S = 3.0
WAITS_S = (5.0, 15.0, 60.0, 70.0, 100.0, 200.0)
_LATER = (PmsUnavailable, InFlight, ReservationBusy, StoreUnavailable, PmsProtocolError)


@dataclass(frozen=True, slots=True)
class Said:
    """The last word on a request: `ok` with its body, `fail` with its code, or `unknown`."""

    what: str
    body: Body = field(default_factory=dict)
    code: str = ""
    replayed: bool = False

    @property
    def is_ok(self) -> bool:
        """Whether it was done."""
        return self.what == "ok"


@dataclass
class Acknowledged:
    """What agents were told, for the checks: creations and payments by (actor, key), and broken replays."""

    created: dict[tuple[str, str], str] = field(default_factory=dict)
    refused: set[tuple[str, str]] = field(default_factory=set)
    paid: dict[tuple[str, str], str] = field(default_factory=dict)
    repeated: int = 0
    twisted: list[str] = field(default_factory=list)
    gave_up: int = 0


class Line:
    """An agent's own way into the house."""

    def __init__(self, house: House, history: History, told: Acknowledged, name: str) -> None:
        """`name`: the agent's."""
        self.house, self.history, self.told = house, history, told
        self.agent = Actor(name, Role.OPERATOR, "rehearsal")
        self.chief = Actor(f"{name}-chief", Role.SUPERVISOR, "rehearsal")

    async def ask(self, verb: str, key: str, chance: Random, do: Ask, *, chief: bool = False) -> Said:
        """Ask until there is a last word or patience ends."""
        actor = self.chief if chief else self.agent
        for number in range(1, MOST_TRIES + 1):
            self.history.note(actor.name, "invoke", verb, key=key, **{"try": number})
            said, wait = await self._once(actor, chance, do)
            ids = {"id": said.body["reservation_id"]} if "reservation_id" in said.body else {}
            codes = {"code": said.code} if said.code else {}
            self.history.note(actor.name, said.what, verb, key=key, **{"try": number}, **codes, **ids)
            if said.what in {"ok", "fail"}:
                return said
            if number < MOST_TRIES:
                pause = WAITS_S[number - 1] * chance.uniform(0.8, 1.3)
                await self.house.clock.sleep(max(pause, wait))
        self.told.gave_up += 1
        return Said("unknown", code=said.code)

    async def _once(self, actor: Actor, chance: Random, do: Ask) -> tuple[Said, float]:
        dies_in = chance.uniform(0, DIES_WITHIN_S) if chance.randrange(DIES_ONE_IN) == 0 else None
        try:
            async with asyncio.timeout(dies_in):
                answer = await do(actor)
        except TimeoutError:
            return Said("unknown", code="terminal_died"), 0.0
        except _LATER as error:
            return Said("later", code=error.code), float(getattr(error, "retry_after", None) or 0.0)
        except OutcomeUnknown as error:
            return Said("unknown", code=error.code), 0.0
        except (DomainError, ServiceError) as error:
            return Said("fail", code=error.code), 0.0
        return Said("ok", answer.body, replayed=answer.replayed), 0.0
