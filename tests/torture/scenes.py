"""One scene for each kind of write: what must be there before, and the one request that is then disturbed.

scene = await SCENES["pay"](agent)        # a hold is placed
await insist(agent, scene.path, scene.body, scene.key)
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from cli.demo_client import Agent
from tests.torture.house import CHECK_IN, NOW, Body, a_sale

RESERVATIONS = "/v1/reservations"
KEY = "the-key"


@dataclass(frozen=True)
class Scene:
    """The request. `ends`: the states the reservation may be in afterwards; `operation`: the PMS's write."""

    path: str
    body: Body
    operation: str
    ends: str
    key: str = KEY
    reservation_id: str = ""
    paid: int = 0


async def _made(agent: Agent, to: str) -> Body:
    reply = await agent.post(RESERVATIONS, a_sale(to=to), key=f"before-{to}")
    assert reply.status == 201, reply.body
    return reply.body


def _on(made: Body, verb: str, body: Body, operation: str, ends: str, paid: int = 0) -> Scene:
    path = f"{RESERVATIONS}/{made['reservation_id']}/{verb}"
    return Scene(path, body, operation, ends, reservation_id=made["reservation_id"], paid=paid)


async def hold(agent: Agent) -> Scene:
    """A new guest's hold: two intents, the guest's and the reservation's."""
    return Scene(RESERVATIONS, a_sale(to="hold"), "postReservation", "hold")


async def book(agent: Agent) -> Scene:
    """From an offer, at the quoted price, confirmed at once."""
    wish = {"check_in": CHECK_IN.isoformat(), "nights": 2, "adults": 2, "room_type": "JRS", "rate_plan": "UAI-FLEX"}
    offer = await agent.post("/v1/quotes", wish)
    assert offer.status == 200, offer.body
    sale = a_sale(1)
    body = {"to": "confirmed", "guarantee": "card", "guest": sale["guest"], "offer_id": offer["offer_id"], "pick": 1}
    return Scene(RESERVATIONS, body, "postReservation", "confirmed")


async def option(agent: Agent) -> Scene:
    return _on(await _made(agent, "hold"), "option", {"minutes": 600}, "putReservation", "option")


async def confirm(agent: Agent) -> Scene:
    return _on(await _made(agent, "hold"), "confirm", {"guarantee": "card"}, "putReservation", "confirmed")


async def extend(agent: Agent) -> Scene:
    until = {"until": (NOW + timedelta(hours=1)).isoformat()}
    return _on(await _made(agent, "hold"), "extend", until, "putReservation", "hold")


async def pay(agent: Agent) -> Scene:
    """The whole deposit, which confirms."""
    made = await _made(agent, "hold")
    body = {"amount": made["deposit_due"], "method": "bank_transfer"}
    return _on(made, "pay", body, "postDepositPayment", "confirmed", paid=1)


async def change(agent: Agent) -> Scene:
    return _on(await _made(agent, "confirmed"), "change", {"nights": 3}, "putReservation", "confirmed")


async def cancel(agent: Agent) -> Scene:
    return _on(await _made(agent, "confirmed"), "cancel", {"reason": "illness"}, "postCancelReservation", "cancelled")


async def reinstate(agent: Agent) -> Scene:
    made = await _made(agent, "confirmed")
    path = f"{RESERVATIONS}/{made['reservation_id']}"
    reply = await agent.post(f"{path}/cancel", {}, key="before-cancel")
    assert reply.status == 200, reply.body
    return _on(made, "reinstate", {}, "putReinstateReservation", "confirmed")


SCENES: dict[str, Callable[[Agent], Awaitable[Scene]]] = {
    "hold": hold,
    "book": book,
    "option": option,
    "confirm": confirm,
    "extend": extend,
    "pay": pay,
    "change": change,
    "cancel": cancel,
    "reinstate": reinstate,
}
