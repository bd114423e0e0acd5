"""A whole house of its own: home, store, hotel file, mock PMS and service as processes on loopback.

The hotel is the demo's with an empty book, five junior suites, holds of ten minutes and a settle time of one second.
Its clock starts at 1 May 2027, 09:00 UTC; a service that is started again starts as late as a test says, so nobody
waits for a deadline. Every process is ended by its id.
"""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from time import monotonic
from typing import Any

import aiohttp

from cli.demo_client import Agent, Reply
from cli.home import Home, write_mark
from cli.mock_seed import seed_document
from cli.seeding import seed_mock
from cli.wiring import open_desk
from domain.access import Actor, Role
from integration.adapters.clock import SystemClock
from integration.adapters.store.carers import care_of
from integration.settings import Settings, settings_from
from integration.usecases.desk import Desk
from integration.usecases.keep_users import add_user, make_token
from pms_mock import control
from scenarios.loader import load_hotel
from tests.postgres import Server, name_of

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2027, 5, 1, 9, 0, tzinfo=UTC)
CHECK_IN = date(2027, 6, 3)
HOTEL, SUITE, SUITES = "DEMO1", "JRS", 5
AGENTS = tuple(f"agent{number}" for number in range(8))
DEADLINE_S = 60.0
AGAIN = frozenset({409, 502, 503, 504})
AGAIN_CODES = frozenset({"in_flight", "outcome_pending", "reservation_busy", "pms_unavailable", "pms_outcome_unknown",
                         "store_unavailable", "pms_protocol_error"})  # fmt: skip
Body = dict[str, Any]


@dataclass(frozen=True)
class House:
    """Where everything lies, and who may speak to the service."""

    folder: Path
    tokens: dict[str, str]
    database_url: str = ""

    @property
    def store_path(self) -> Path:
        return self.folder / "santral.sqlite"

    @property
    def pms_path(self) -> Path:
        return self.folder / "pms.sqlite"

    @property
    def doom_file(self) -> Path:
        """Names the point and passing at which a doomed service kills itself; nobody dies without it."""
        return self.folder / "doom"

    def environ(self, pms_url: str, at: datetime = NOW) -> dict[str, str]:
        """What a service is told."""
        told = {"SANTRAL_HOME": str(self.folder), "SANTRAL_AS_OF": at.isoformat(), "SANTRAL_PMS_URL": pms_url}
        return {**told, "SANTRAL_DATABASE_URL": self.database_url} if self.database_url else told

    def settings(self, pms_url: str = "", at: datetime = NOW, **more: str) -> Settings:
        """The same for a desk in this process."""
        return settings_from({**self.environ(pms_url, at), **more}, SystemClock().now(), self.folder)

    @contextmanager
    def pms_store(self) -> Iterator[control.MockStore]:
        """The hotel's own hand."""
        store = control.open_store(str(self.pms_path))
        try:
            yield store
        finally:
            store.close()

    def set_pms_clock(self, at: datetime) -> None:
        """Put the hotel's clock right."""
        with self.pms_store() as store:
            control.clock(store, set=at)

    def fault(self, kind: str, operation: str, param: float | None = None, times: int = 1) -> None:
        """Arm a fault of the hotel's system."""
        with self.pms_store() as store:
            control.add_fault(store, kind, operation, HOTEL, param, times)

    def asked(self, operation: str, since: int = 0) -> int:
        """How often the hotel's system carried out an operation (2xx)."""
        with self.pms_store() as store:
            return sum(entry.operation == operation and entry.status < 300 for _, entry in control.ledger(store, since))


@lru_cache
def _hotel_text(hold_seconds: int) -> str:
    text = files("scenarios").joinpath("hotels", "demo-resort.toml").read_text("utf-8")
    changes = {
        "hold_seconds = 10 ": f"hold_seconds = {hold_seconds} ",
        "settle_seconds = 5\n": "settle_seconds = 1\n",
        "max_live_holds_per_agent = 20": "max_live_holds_per_agent = 100",
        "\nrooms = 4\n": f"\nrooms = {SUITES}\n",
    }
    for old, new in changes.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


@lru_cache
def _model(hold_seconds: int, server: Server | None) -> House:
    folder = Path(tempfile.mkdtemp(prefix="santral-torture-"))
    (folder / "hotels").mkdir()
    file = folder / "hotels" / "demo-resort.toml"
    file.write_text(_hotel_text(hold_seconds), "utf-8")
    hotel = load_hotel(file)
    document = seed_document([hotel], 7, NOW.date(), profiles_per_hotel=30, small=True)
    document["hotels"][0] |= {"reservations": [], "restrictions": []}
    seed_mock(folder / "pms.sqlite", document)
    write_mark(folder, Home(NOW.date(), 7, 30, is_small=True, client=hotel.pms.mock_client.model_dump()))
    house = House(folder, {}, server.database() if server else "")
    care_of(house.settings()).make()
    house.set_pms_clock(NOW)
    return replace(house, tokens=asyncio.run(_tokens(house)))


async def _tokens(house: House) -> dict[str, str]:
    with ExitStack() as end:
        desk, admin = open_desk(house.settings(), at_end=end.callback), Actor("it", Role.ADMIN, "cli")
        for name in AGENTS:
            await add_user(desk, admin, name, Role.SUPERVISOR)
        tokens = {name: await make_token(desk, admin, name) for name in AGENTS}
        await desk.pms.close()
        await desk.store.close()
        return tokens


def a_house(tmp_path: Path, hold_seconds: int = 600, server: Server | None = None) -> House:
    """A house that nothing has happened in. Its store is a file, or a database of `server`."""
    model = _model(hold_seconds, server)
    url = server.database(name_of(model.database_url)) if server else ""
    house = House(Path(shutil.copytree(model.folder, tmp_path / "house")), model.tokens, url)
    house.set_pms_clock(NOW)
    return house


@contextmanager
def a_process(*words: str, **environ: str) -> "Iterator[tuple[subprocess.Popen[str], str]]":
    """A server and its address, once it has been said; killed if the test has not ended it. Its log is in the home."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), **environ}
    command = [sys.executable, "-m", *words]
    with (
        (Path(environ["SANTRAL_HOME"]) / "servers.log").open("a", encoding="utf-8") as log,
        subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=log, text=True) as process,
    ):
        guard = threading.Timer(600, process.kill)
        guard.start()
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line, f"{words} did not come up"
            yield process, json.loads(line)["url"]
        finally:
            guard.cancel()
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()


@contextmanager
def a_pms(house: House, workers: int = 2, port: int = 0) -> "Iterator[tuple[subprocess.Popen[str], str]]":
    """The hotel's system on a socket."""
    words = ("cli.main", "pms", "serve", "--workers", str(workers), "--port", str(port))
    with a_process(*words, SANTRAL_HOME=str(house.folder)) as served:
        yield served


@contextmanager
def a_service(
    house: House, pms_url: str, *, workers: int = 1, at: datetime = NOW
) -> "Iterator[tuple[subprocess.Popen[str], str]]":
    """The service on a socket."""
    words = ("cli.main", "serve", "--workers", str(workers), "--port", "0")
    with a_process(*words, **house.environ(pms_url, at)) as served:
        yield served


@contextmanager
def a_doomed_service(
    house: House, pms_url: str, *, at: datetime = NOW
) -> "Iterator[tuple[subprocess.Popen[str], str]]":
    """The service that kills itself where the doom file says."""
    with a_process("tests.torture.doomed", **house.environ(pms_url, at)) as served:
        yield served


@contextmanager
def a_desk(house: House, pms_url: str = "", at: datetime = NOW, *, inline: bool = True) -> Iterator[Desk]:
    """A desk in this process on the same files. To be used inside one event loop; `leave` ends it.

    Without an address it calls the mock's application itself, which it tells its own time. It has no breaker: that one
    would go by real time, while the scenes move the desk's clock by hand.
    """
    if not pms_url:
        house.set_pms_clock(SystemClock().now())
    with ExitStack() as end:
        settings = house.settings(pms_url, at, SANTRAL_PMS_BREAKER="0")
        yield open_desk(settings, at_end=end.callback, inline=inline)


async def leave(desk: Desk) -> None:
    """Let go of a desk's connections."""
    await desk.pms.close()
    await desk.store.close()


def agent_of(house: House, url: str, number: int = 0) -> Agent:
    """One of the agents, with his token."""
    return Agent(url, house.tokens[AGENTS[number % len(AGENTS)]])


def workers_of(process: "subprocess.Popen[str]") -> list[int]:
    """The processes that serve for a parent."""
    found = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text("ascii").split()
    return [int(one) for one in found if b"resource_tracker" not in _command_of(one)]


def _command_of(number: str) -> bytes:
    try:
        return Path(f"/proc/{number}/cmdline").read_bytes()
    except OSError:
        return b"resource_tracker: gone"


async def until(happens: Callable[[], Awaitable[object]], what: str, seconds: float = DEADLINE_S) -> None:
    """Ask again and again until it is so."""
    end = monotonic() + seconds
    while not await happens():
        assert monotonic() < end, f"{what} did not happen"
        await asyncio.sleep(0.02)


async def insist(agent: Agent, path: str, body: Body, key: str, seconds: float = DEADLINE_S) -> Reply:
    """Repeat a request with its key until its answer is final, as a client should; a broken connection too."""
    end = monotonic() + seconds
    while True:
        try:
            reply = await agent.post(path, body, key=key)
        except (aiohttp.ClientError, TimeoutError):
            reply = None
        if reply is not None and (reply.status not in AGAIN or reply.body.get("code") not in AGAIN_CODES):
            return reply
        assert monotonic() < end, f"{path} {key}: no final answer, last {reply}"
        advised = float(reply.headers.get("retry-after", 0.1)) if reply is not None else 0.1
        await asyncio.sleep(min(advised, 1.0))


def a_guest(number: int) -> Body:
    """Somebody with a telephone of his own."""
    return {"name": f"Anna Schmidt{chr(97 + number % 26)}{chr(97 + number // 26)}", "phone": f"+4915123{number:06d}"}


def a_sale(number: int = 0, *, to: str = "confirmed", nights: int = 2, after_days: int = 0, room: str = SUITE) -> Body:
    """A sale by dates of one room."""
    body: Body = {
        "to": to, "check_in": (CHECK_IN + timedelta(days=after_days)).isoformat(), "nights": nights, "adults": 2,
        "room_type": room, "rate_plan": "UAI-FLEX", "currency": "EUR", "guest": a_guest(number),
    }  # fmt: skip
    return {**body, "guarantee": "card"} if to == "confirmed" else body
