"""What taking a webhook costs: the door against a bare handler, and finding out who it is among 100,000 guests.

The bare handler is the one route of a Starlette application: it reads the body and writes it, raw, into the same table
of a store of its own, in one durable transaction; ours is the whole service, which proves the signature and writes what
it keeps. Both answer eight callers at once. Who it is: one contact of somebody new, or of somebody known, is recognised
in a transaction that is rolled back each time.
"""

import asyncio
import hashlib
import hmac
import itertools
import json
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.measure import interleaved
from benchmarks.registry import Row, Sense, benchmark
from domain.contact import Channel, Handle, Vouching
from domain.guest import ChannelIdentity, GuestId, GuestProfile, IdentityKind
from integration.adapters.channels.whatsapp import WhatsApp
from integration.adapters.clock import SystemClock
from integration.adapters.hotel_terms import terms_of
from integration.adapters.ids import SystemIds
from integration.adapters.names import GuestNames
from integration.adapters.phones import GuestPhones
from integration.adapters.phrases import CataloguePhrases
from integration.adapters.store import open_store
from integration.http.app import create_app
from integration.ports.channels import Arrival, ArrivalKind
from integration.ports.hooks import Hook
from integration.ports.pms import Pms
from integration.ports.queue_records import DeliveryState, StoredDelivery
from integration.ports.store import Store, Tx
from integration.usecases.desk import Desk
from integration.usecases.who_is_it import Changes, Recognition
from scenarios.loader import load_hotel

LIMIT = 0.3
MOST_MS = 5.0
DELIVERIES, CALLERS, ROUNDS = 400, 8, 7
GUESTS, CONTACTS = 100_000, 200
NOW = datetime(2027, 5, 1, 9, 0, tzinfo=UTC)
SECRET = b"a-secret-of-the-bench"
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Scope]]
Send = Callable[[Scope], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


def a_bare_desk(store: Store) -> Desk:
    """A desk for Belek that never asks a PMS."""
    clock, terms = SystemClock(), terms_of(load_hotel("belek-resort"), date(2027, 1, 1))
    ports = (clock, SystemIds(clock), GuestPhones(), GuestNames(), CataloguePhrases())
    return Desk(cast("Pms", None), store, *ports, {terms.hotel_id: terms})


def _body(number: int) -> bytes:
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "902420000000", "phone_number_id": "100000000000001"},
        "contacts": [{"profile": {"name": "Anna"}, "wa_id": "905320000001", "user_id": "TR.1111111111"}],
        "messages": [
            {
                "from": "905320000001",
                "from_user_id": "TR.1111111111",
                "id": f"wamid.{number:012d}",
                "timestamp": str(int(NOW.timestamp())),
                "type": "text",
                "text": {"body": "Merhaba, temmuzda deniz manzaralı aile odası var mı? 🌊"},
            }
        ],
    }
    entry = {"id": "200000000000001", "changes": [{"field": "messages", "value": value}]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}, ensure_ascii=False).encode()


def _scope(body: bytes) -> Scope:
    mark = hmac.new(SECRET, body, hashlib.sha256).hexdigest().encode()
    return {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.4"}, "http_version": "1.1", "method": "POST",
        "scheme": "http", "path": "/hooks/whatsapp", "raw_path": b"/hooks/whatsapp", "query_string": b"",
        "root_path": "",
        "headers": [
            (b"host", b"hotel.example"), (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()), (b"x-hub-signature-256", b"sha256=" + mark),
        ],
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
    }  # fmt: skip


def bare_app(store: Store) -> App:
    """A route that reads a body and writes it."""
    numbers = itertools.count()

    async def answer(request: Request) -> Response:
        body = await request.body()
        number = f"dlv_{next(numbers):026d}"
        row = StoredDelivery(number, Channel.WHATSAPP, "whatsapp", DeliveryState.PENDING, NOW, {}, body)
        await store.transact(lambda tx: tx.add_delivery(row))
        return Response()

    return Starlette(routes=[Route("/hooks/{name}", answer, methods=["POST"])])


class Door:
    """An application under deliveries from several callers at once."""

    def __init__(self, app: App, runner: asyncio.Runner) -> None:
        self.app, self.runner = app, runner
        self.number = 0
        self.times: list[float] = []
        self.cpu: list[float] = []

    def take(self) -> float:
        """Seconds per delivery."""
        bodies = [_body(self.number + one) for one in range(DELIVERIES)]
        self.number += DELIVERIES
        waiting = iter([(body, _scope(body)) for body in bodies])
        before, cpu = time.perf_counter(), time.process_time()
        self.runner.run(self._all(waiting))
        self.cpu.append((time.process_time() - cpu) / DELIVERIES)
        return (time.perf_counter() - before) / DELIVERIES

    async def _all(self, waiting: Iterator[tuple[bytes, Scope]]) -> None:
        await asyncio.gather(*(self._caller(waiting) for _ in range(CALLERS)))

    async def _caller(self, waiting: Iterator[tuple[bytes, Scope]]) -> None:
        for body, scope in waiting:
            before = time.perf_counter()
            status = await _sent(self.app, scope, body)
            self.times.append(time.perf_counter() - before)
            if status != 200:
                raise RuntimeError(f"the door answered {status}")


async def _sent(app: App, scope: Scope, body: bytes) -> int:
    status = 0

    async def receive() -> Scope:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Scope) -> None:
        nonlocal status
        status = message.get("status", status)

    await app(scope, receive, send)
    return status


def _percentile(values: list[float], part: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


@benchmark("intake")
def webhook_intake() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder, asyncio.Runner() as runner:
        stores = [open_store(Path(folder) / f"{name}.sqlite", inline=False, create=True) for name in ("bare", "ours")]
        wire = WhatsApp.of([SECRET.decode()], "verify-me-please", "portfolio-1")
        desk = replace(a_bare_desk(stores[1]), hooks={"whatsapp": Hook("whatsapp", wire, "BELEK1")})
        bare, ours = Door(bare_app(stores[0]), runner), Door(create_app(desk), runner)
        taken = interleaved(ROUNDS, bare=bare.take, ours=ours.take)
        for store in stores:
            runner.run(store.close())
    note = f"{1 / taken['ours']:.0f}/s against {1 / taken['bare']:.0f}/s, {CALLERS} callers"
    what = "webhook intake / bare handler that writes the body"
    yield Row(what, taken["bare"] / taken["ours"], LIMIT, Sense.AT_LEAST, note)
    used = [statistics.median(one.cpu[1:]) for one in (bare, ours)]
    told = f"{used[1] * 1e6:.0f} us of CPU against {used[0] * 1e6:.0f} us, the caller's included"
    yield Row(f"{what}, by CPU", used[0] / used[1], None, note=told)
    p99 = _percentile(ours.times, 0.99) * 1000
    yield Row("webhook intake, p99", p99, None, note=f"bare {_percentile(bare.times, 0.99) * 1000:.1f} ms", unit="ms")


class _Undo(Exception):
    """Roll back."""


@benchmark("who_is_it")
def who_is_it() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder, asyncio.Runner() as runner:
        store = open_store(Path(folder) / "guests.sqlite", inline=True, create=True)
        desk = a_bare_desk(store)
        for start in range(0, GUESTS, 10_000):
            runner.run(store.transact(lambda tx, start=start: _fill(tx, start)))  # type: ignore[misc]
        known = _medians(desk, runner, [_contact(number) for number in range(0, GUESTS, GUESTS // CONTACTS)])
        new = _medians(desk, runner, [_contact(GUESTS + number) for number in range(CONTACTS)])
        runner.run(store.close())
    size = f"{GUESTS:,} guests"
    yield Row("who is it: somebody new", new[0], MOST_MS, note=f"p99 {new[1]:.2f} ms, {size}", unit="ms")
    yield Row("who is it: somebody known", known[0], MOST_MS, note=f"p99 {known[1]:.2f} ms, {size}", unit="ms")


def _fill(tx: Tx, start: int) -> None:
    for number in range(start, start + 10_000):
        identities = tuple(one.identity for one in _handles(number))
        guest_id = GuestId(f"gst_{number:08d}")
        guest = GuestProfile(guest_id, "Anna", f"Guest{number}", "tr", "TR", identities, NOW)
        tx.put_guest(guest, frozenset({f"guest{number}"}))


def _handles(number: int) -> tuple[Handle, ...]:
    user = Handle(IdentityKind.WHATSAPP_USER, f"TR.{number:010d}", "portfolio-1", Vouching.NETWORK)
    phone = ChannelIdentity(IdentityKind.PHONE, f"+90532{number:07d}")
    return user, Handle(phone.kind, phone.value)


def _contact(number: int) -> Arrival:
    return Arrival(Channel.WHATSAPP, "1", ArrivalKind.MESSAGE, f"w{number}", _handles(number), NOW, name="Anna Yılmaz")


def _medians(desk: Desk, runner: asyncio.Runner, arrivals: list[Arrival]) -> tuple[float, float]:
    """Milliseconds in the middle, and those that one in a hundred exceeds."""
    times: list[float] = []

    def work(tx: Tx, arrival: Arrival) -> None:
        before = time.perf_counter()
        Recognition(desk, tx, arrival, NOW + timedelta(days=1), frozenset(), Changes()).known()
        times.append((time.perf_counter() - before) * 1000)
        raise _Undo

    for arrival in arrivals:
        try:
            runner.run(desk.store.transact(lambda tx, arrival=arrival: work(tx, arrival)))  # type: ignore[misc]
        except _Undo:
            continue
    return _percentile(times, 0.5), _percentile(times, 0.99)
