"""Services that misbehave on purpose: a reverse proxy on loopback in front of a real one, which tells one kind of lie.

    async with a_liar(service_url, Lie.LOSES, every=500) as url: ...

Everything is passed on as it came, but for the one in `every` that the lie is about. A lost booking is answered with a
whole reservation, made of the offer that the service itself had given, so that no check of the answer's content can
tell. `told` counts the lies; nobody should believe a test whose proxy never lied.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

import aiohttp
from aiohttp import web

Json = dict[str, Any]
BOOKING = ("POST", "/v1/reservations")
_HOP = frozenset({"host", "content-length", "transfer-encoding", "connection", "content-encoding", "date", "server"})
_CREATED = 201
_PATIENCE = 50


class Lie(StrEnum):
    """What is wrong with the service."""

    NONE = "none"
    LOSES = "acknowledges a booking and forgets it"
    DOUBLES = "books twice, the second time under a key of its own"
    SLOW_UNDER_LOAD = "is slow as soon as some requests are under way"
    WRONG_PRICE = "answers with another price than it booked"
    DROPS_MESSAGES = "answers 200 to a message and throws it away"
    CONFIRMS_HOLDS = "says confirmed and has made a hold"


@dataclass
class Passing:
    """One request on its way."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Json:
        return dict(json.loads(self.body)) if self.body else {}


@dataclass
class Reply:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Json:
        return dict(json.loads(self.body))

    def with_json(self, body: Json) -> "Reply":
        return Reply(self.status, self.headers, json.dumps(body).encode())


Forward = Callable[[Passing], Awaitable[Reply]]


@dataclass
class Liar:
    """The proxy's mind. `every`: one in so many is lied about; `limit` and `delay_s` of the lie that is slow."""

    lie: Lie
    every: int = 1
    limit: int = 8
    delay_s: float = 0.5
    told: int = 0
    under_way: int = 0
    _met: int = 0
    _offers: dict[str, Json] = field(default_factory=dict)
    _like: Json = field(default_factory=dict)

    async def answer(self, request: Passing, forward: Forward) -> Reply:
        """The answer, honest or not."""
        self.under_way += 1
        try:
            return await self._answer(request, forward)
        finally:
            self.under_way -= 1

    async def _answer(self, request: Passing, forward: Forward) -> Reply:
        if self.lie is Lie.SLOW_UNDER_LOAD and self.under_way > self.limit:
            self.told += 1
            await asyncio.sleep(self.delay_s)
        if self.lie is Lie.DROPS_MESSAGES and request.path.startswith("/hooks/") and self._is_due():
            return Reply(200, {"content-type": "text/plain"}, b"")
        if (request.method, request.path) == BOOKING:
            return await self._booking(request, forward)
        reply = await forward(request)
        if request.path == "/v1/quotes" and reply.status == 200:
            self._offers[reply.json["offer_id"]] = reply.json
        return reply

    async def _booking(self, request: Passing, forward: Forward) -> Reply:
        act = {
            Lie.LOSES: self._lost, Lie.DOUBLES: self._doubled, Lie.WRONG_PRICE: self._dearer,
            Lie.CONFIRMS_HOLDS: self._held,
        }.get(self.lie)  # fmt: skip
        is_fit = self.lie is not Lie.CONFIRMS_HOLDS or request.json.get("to") == "confirmed"
        is_fit = is_fit and (
            self.lie is not Lie.LOSES or (bool(self._like) and request.json.get("offer_id") in self._offers)
        )
        if act is not None and is_fit and self._is_due():
            return await act(request, forward)
        reply = await forward(request)
        if reply.status == _CREATED:
            self._like = reply.json
        return reply

    def _is_due(self) -> bool:
        self._met += 1
        is_due = self._met % self.every == 0
        self.told += is_due
        return is_due

    async def _lost(self, request: Passing, _forward: Forward) -> Reply:
        wish, like = request.json, self._like
        offer = self._offers[wish["offer_id"]]
        choice = next(one for one in offer["choices"] if one["pick"] == wish["pick"])
        body = {
            **like, **{name: offer[name] for name in ("check_in", "check_out", "nights", "adults", "child_ages")},
            "reservation_id": f"{like['reservation_id'][:-4]}LST{self.told % 10}", "offer_id": wish["offer_id"],
            "pms_ref": str(int(like["pms_ref"]) + 100_000 + self.told), "status": wish["to"],
            "room_type": choice["room_type"], "rate_plan": choice["rate_plan"], "total": choice["total"],
            "nightly": choice["nightly"], "request_key": request.headers.get("idempotency-key", ""),
            "call_id": offer.get("call_id"),
        }  # fmt: skip
        return Reply(_CREATED, {"content-type": "application/json"}, json.dumps(body).encode())

    async def _doubled(self, request: Passing, forward: Forward) -> Reply:
        reply = await forward(request)
        key = request.headers.get("idempotency-key", "")
        again = {**request.headers, "idempotency-key": f"{key}-again"}
        for _ in range(_PATIENCE):
            if (await forward(replace(request, headers=again))).status == _CREATED:
                break
        return reply

    async def _dearer(self, request: Passing, forward: Forward) -> Reply:
        reply = await forward(request)
        body = reply.json
        if reply.status == _CREATED:
            body["total"] = {**body["total"], "amount": f"{float(body['total']['amount']) + 10:.2f}"}
        return reply.with_json(body)

    async def _held(self, request: Passing, forward: Forward) -> Reply:
        wish = {name: value for name, value in request.json.items() if name != "guarantee"}
        body = json.dumps({**wish, "to": "hold"}).encode()
        reply = await forward(Passing(request.method, request.path, request.query, request.headers, body))
        if reply.status != _CREATED:
            return reply
        return reply.with_json({**reply.json, "status": "confirmed", "guarantee": "card", "expires_at": None})


@asynccontextmanager
async def a_liar(url: str, lie: Lie, **how: Any) -> AsyncIterator[tuple[str, Liar]]:
    """The proxy in front of `url`: its own address, and its mind."""
    liar = Liar(lie, **how)
    async with aiohttp.ClientSession(auto_decompress=True) as session:

        async def forward(request: Passing) -> Reply:
            target = f"{url}{request.path}{f'?{request.query}' if request.query else ''}"
            async with session.request(
                request.method, target, headers=request.headers, data=request.body, allow_redirects=False
            ) as answer:
                headers = {name.lower(): value for name, value in answer.headers.items()}
                return Reply(answer.status, headers, await answer.read())

        async def handle(request: web.Request) -> web.Response:
            headers = {name.lower(): value for name, value in request.headers.items() if name.lower() not in _HOP}
            passing = Passing(request.method, request.path, request.query_string, headers, await request.read())
            reply = await liar.answer(passing, forward)
            kept = {name: value for name, value in reply.headers.items() if name not in _HOP}
            return web.Response(status=reply.status, body=reply.body, headers=kept)

        app = web.Application(client_max_size=8 * 1024 * 1024)
        app.router.add_route("*", "/{path:.*}", handle)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            host, port = runner.addresses[0][:2]
            yield f"http://{host}:{port}", liar
        finally:
            await runner.cleanup()
