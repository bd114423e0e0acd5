"""A small shop for the audit: a home, a real service on a loopback socket, and a client that keeps a journal by hand.

The client is not the driver: it sells, pays, changes, cancels, telephones and writes, a few of each, and notes what it
was told as a generator would.
"""

import asyncio
import hashlib
import hmac
import json
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack, asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.resources import as_file, files
from pathlib import Path
from time import time_ns
from typing import Any

import aiohttp
import msgspec
import uvicorn

from cli.loadtest.audit_rows import store_rows
from cli.seeding import Wish, make_home
from cli.service import service_app
from cli.wiring import open_desk
from domain.access import Actor, Role
from integration.adapters.clock import SystemClock
from integration.settings import Settings, settings_from
from integration.usecases.keep_users import add_user, make_token
from loadtests.journal import Entry, Fate
from loadtests.run_plan import JOURNAL
from pms_mock import control
from pms_mock.app import create_app
from pms_mock.server import AbortingProtocol
from tests.loadtests.misbehaving import Liar, Lie, a_liar

NOW = datetime(2027, 8, 2, 7, 0, tzinfo=UTC)
RUN = "run-1"
SECRET = "0123456789abcdef0123456789abcdef"
HOTEL, DATABASE = "demo-resort", "database"
_BUSINESS = {"id": "200000000000001"}
Json = dict[str, Any]


def settings_of(folder: Path, pms_url: str = "") -> Settings:
    """Of the home in a folder; its PMS is the mock at `pms_url`, its store the database that a file there names."""
    named = folder / DATABASE
    env = {"SANTRAL_HOME": str(folder / "home"), "SANTRAL_AS_OF": NOW.isoformat(), "SANTRAL_PMS_URL": pms_url}
    env |= {"SANTRAL_DATABASE_URL": named.read_text("ascii")} if named.is_file() else {}
    return settings_from(env, SystemClock().now(), folder)


def make_shop(folder: Path) -> str:
    """A home with an agent and a WhatsApp hook, its PMS's clock at the hour; the agent's token."""
    settings = settings_of(folder)
    with as_file(files("scenarios").joinpath("hotels", f"{HOTEL}.toml")) as path:
        wish = Wish(seed=7, start=NOW.date(), hotel_files=(path,), profiles=60, small=True)
        made = make_home(settings, wish, NOW, lambda _text: None)
    assert made
    hotel = msgspec.toml.decode((settings.hotels_dir / f"{HOTEL}.toml").read_text("utf-8"))["hotel"]["id"]
    settings.channels_path.write_text(
        f'[hooks.whatsapp]\nwire = "whatsapp"\nhotel = "{hotel}"\nsecrets = ["{SECRET}"]\nverify_token = "{SECRET}"\n',
        encoding="utf-8",
    )
    return asyncio.run(_token(settings))


async def _token(settings: Settings) -> str:
    with ExitStack() as end:
        desk, admin = open_desk(settings, at_end=end.callback), Actor("boss", Role.ADMIN, "test")
        await add_user(desk, admin, "operator-0", Role.SUPERVISOR)
        token = await make_token(desk, admin, "operator-0")
        await desk.pms.close()
        await desk.store.close()
        return token


@dataclass
class Client:
    """Speaks to the service or to the liar before it, and keeps the journal."""

    url: str
    token: str
    folder: Path
    session: aiohttp.ClientSession
    steps: int = 0
    lines: list[Entry] = field(default_factory=list)

    async def ask(self, path: str, body: Json, key: str = "") -> tuple[int, Json]:
        """One POST."""
        headers = {"Authorization": f"Bearer {self.token}"} | ({"Idempotency-Key": key} if key else {})
        async with self.session.post(f"{self.url}{path}", json=body, headers=headers) as answer:
            found = json.loads(await answer.read())
            return answer.status, found

    async def write(self, operation: str, path: str, body: Json, **about: str) -> Json:
        """A write with its two lines of the journal; the answer."""
        self.steps += 1
        key = f"{RUN}-0-{self.steps}"
        self.note(operation, key, Fate.INTENDED, **about)
        status, found = await self.ask(path, body, key)
        if status >= 400:
            self.note(operation, key, Fate.REFUSED, **about, http_status=status, problem=found.get("code", ""))
            return found
        self.note(operation, key, Fate.ACKNOWLEDGED, **{**about, **told(found)}, http_status=status)
        return found

    def note(self, operation: str, key: str, fate: Fate, **known: Any) -> None:
        """A line."""
        self.lines.append(Entry(at_ns=time_ns(), operation=operation, fate=fate, key=key, actor="operator-0", **known))

    async def message(self, number: str) -> None:
        """A guest writes."""
        sent = {"from": "905320000001", "id": number, "timestamp": str(int(NOW.timestamp())), "type": "text",
                "text": {"body": "Is there a room?"}}  # fmt: skip
        value = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": "100000000000001"},
                 "contacts": [{"profile": {"name": "Anna"}, "wa_id": "905320000001"}], "messages": [sent]}  # fmt: skip
        entry = {**_BUSINESS, "changes": [{"field": "messages", "value": value}]}
        raw = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
        mark = hmac.new(SECRET.encode(), raw, hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={mark}"}
        self.note("webhook", number, Fate.INTENDED, channel="whatsapp")
        async with self.session.post(f"{self.url}/hooks/whatsapp", data=raw, headers=headers) as answer:
            assert answer.status == 200
        self.note("webhook", number, Fate.ACKNOWLEDGED, channel="whatsapp")

    async def sell(self, to: str, day: int, *, call_id: str = "", guest: int = 0) -> Json:
        """Quote the cheapest room and book it."""
        check_in = (NOW.date() + timedelta(days=30 + day)).isoformat()
        call = {"call_id": call_id} if call_id else {}
        status, offer = await self.ask("/v1/quotes", {"check_in": check_in, "nights": 2, "adults": 2, **call})
        assert status == 200, offer
        choice = offer["choices"][0]
        person = {"name": f"Anna Schmidt{chr(97 + guest)}", "phone": f"+49151234567{guest:02d}"}
        body = {"to": to, "offer_id": offer["offer_id"], "pick": choice["pick"], "guest": person, **call}
        body |= {"guarantee": "card"} if to == "confirmed" else {}
        operation = "confirm" if to == "confirmed" else to
        return await self.write(operation, "/v1/reservations", body, quoted=choice["total"]["amount"])

    def keep(self) -> None:
        """Write the journal into the run's folder."""
        text = b"\n".join(msgspec.json.encode(one) for one in self.lines) + b"\n"
        (self.folder / JOURNAL.format(0)).write_bytes(text)


def told(body: Json) -> Json:
    """What an answer says, as the journal keeps it."""
    if "reservation_id" in body:
        names = (
            "status",
            "pms_ref",
            "check_in",
            "check_out",
            "room_type",
            "rate_plan",
            "call_id",
            "case_id",
            "hotel_id",
        )
        said = {name: body.get(name) or "" for name in names}
        money = {
            "total": body["total"]["amount"],
            "currency": body["total"]["currency"],
            "paid": body["paid"]["amount"],
        }
        return {"ref": body["reservation_id"], "rooms": body["rooms"], **said, **money}
    found = {"ref": body["call_id"], "call_id": body["call_id"], "case_id": body.get("case_id") or ""}
    return {**found, "status": body.get("outcome") or "open"}


async def shift(client: Client) -> None:
    """An agent's hour in small: four firm sales, holds, a payment, a change, a cancellation, a call, three messages."""
    await client.sell("confirmed", 0, guest=0)
    held = await client.sell("hold", 1, guest=1)
    await client.sell("option", 2, guest=2)
    firm = await client.sell("confirmed", 3, guest=3)
    place = f"/v1/reservations/{firm['reservation_id']}"
    await client.write("change", f"{place}/change", {"nights": 3}, ref=firm["reservation_id"])
    gone = await client.sell("confirmed", 4, guest=4)
    cancel = f"/v1/reservations/{gone['reservation_id']}/cancel"
    await client.write("cancel", cancel, {"reason": "ill"}, ref=gone["reservation_id"])
    pay = f"/v1/reservations/{held['reservation_id']}/pay"
    await client.write("pay", pay, {"amount": held["deposit_due"], "method": "cash"}, ref=held["reservation_id"])
    call = await client.write("call_start", "/v1/calls", {"phone": "+4915123456705"})
    await client.sell("confirmed", 5, call_id=call["call_id"], guest=5)
    await client.write("call_end", f"/v1/calls/{call['call_id']}/end", {"outcome": "sold"}, ref=call["call_id"])
    refused = await client.write("hold", "/v1/reservations", {"to": "hold", "offer_id": "off_none", "pick": 1,
                                                              "guest": {"name": "Nobody"}})  # fmt: skip
    assert refused["code"] == "not_found", refused
    for number in range(3):
        await client.message(f"wamid.{RUN}-0-{number}")


Story = Callable[[Client], Awaitable[None]]


@asynccontextmanager
async def served(app: Any, **how: Any) -> AsyncIterator[str]:
    """An application on a loopback socket, in this process."""
    config = uvicorn.Config(app, ws="none", log_config=None, access_log=False, port=0, **how)
    server = uvicorn.Server(config)
    serving = asyncio.ensure_future(server._serve())
    try:
        async with asyncio.timeout(20):
            while not server.started:
                await asyncio.sleep(0.005)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving


@asynccontextmanager
async def an_open_shop(folder: Path, token: str, lie: Lie, **how: Any) -> AsyncIterator[tuple[Client, Liar]]:
    """The mock PMS, the service and the liar, each on a socket of its own; the PMS's clock at the hour."""
    store = control.open_store(str(settings_of(folder).mock_path))
    try:
        control.clock(store, set=NOW)
        async with (
            served(create_app(store), http=AbortingProtocol, lifespan="off") as pms_url,
            served(service_app(settings_of(folder, pms_url))) as url,
            a_liar(url, lie, **how) as (front, liar),
            aiohttp.ClientSession() as out,
        ):
            yield Client(front, token, folder, out), liar
    finally:
        store.close()


def open_shop(folder: Path, token: str, lie: Lie = Lie.NONE, story: Story = shift, **how: Any) -> Liar:
    """Play a story through a liar, wait until all messages were taken in, and keep the journal in `folder`."""

    async def run() -> Liar:
        async with an_open_shop(folder, token, lie, **how) as (client, liar):
            await story(client)
            await _taken_in(settings_of(folder))
            client.keep()
            return liar

    return asyncio.run(run())


async def _taken_in(settings: Settings) -> None:
    async with asyncio.timeout(20):
        while True:
            with store_rows(settings) as ours:
                if not list(ours("SELECT 1 FROM deliveries WHERE state = 'pending'")):
                    return
            await asyncio.sleep(0.02)


def rows(path: Path, question: str) -> list[tuple[Any, ...]]:
    """The answer of a database to a question."""
    with closing(sqlite3.connect(path, timeout=20)) as found:
        return found.execute(question).fetchall()


def tamper(path: Path, *changes: str) -> None:
    """Change a database behind everybody's back."""
    with closing(sqlite3.connect(path, timeout=20)) as found, found:
        for change in changes:
            assert found.execute(change).rowcount != 0, change
