"""The main job end to end: a mock PMS and the service on real sockets, and a told story through the service.

Everything happens in a temporary folder with the small demo hotel, whose holds last ten seconds; nothing is left
behind but the report. The story's checks make the verdict: PASS (exit 0) or FAIL (exit 7).
"""

import asyncio
import os
import shutil
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import AsyncExitStack, ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryFile, gettempdir, mkdtemp
from types import FrameType
from typing import Any

from cli.demo_client import Agent
from cli.demo_guest import Writer, channels_text
from cli.demo_processes import command, server
from cli.demo_queue import QUEUE_CHAPTERS
from cli.demo_story import CHAPTERS, Check, PmsWindow, Scene
from cli.home import read_home
from cli.mock_seed import seed_document
from cli.seeding import Wish, make_home
from cli.wiring import open_desk
from domain.access import Actor, Role
from domain.errors import InvalidInput
from domain.presence import PresenceState
from domain.reservation import PmsRef, ReservationState
from domain.stay import StayDates
from integration.adapters.clock import SystemClock
from integration.ports.pms import BookingSearch
from integration.settings import Settings
from integration.usecases.desk import Desk
from integration.usecases.keep_users import add_user, make_token
from integration.usecases.set_presence import PresenceWish, set_presence
from scenarios.loader import load_hotel

Body = dict[str, Any]
Tell = Callable[..., None]
HOTEL = "demo-resort"
PROFILES = 400


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the demo found. `report`: the Markdown file it wrote."""

    verdict: str
    checks: tuple[Check, ...]
    report: Path
    seconds: float

    @property
    def body(self) -> Body:
        """For `--json`."""
        return {
            "verdict": self.verdict,
            "checks": [
                {
                    "name": one.name, "target": one.target, "measured": one.measured,
                    "status": "pass" if one.is_met else "fail", "evidence": one.evidence,
                }
                for one in self.checks
            ],
            "report": str(self.report),
            "seconds": round(self.seconds, 1),
        }  # fmt: skip


class ThroughTheDialect:
    """Satisfies `PmsWindow`: asks the mock's server as any other client of the hotel would."""

    def __init__(self, desk: Desk) -> None:
        """A desk whose PMS is the mock's server."""
        self._desk, self._hotel = desk, desk.hotel(None)

    async def count_live(self, pms_ref: str) -> int:
        """How many live records carry this record's reference."""
        one = await self._desk.pms.read_booking(self._hotel, PmsRef(pms_ref))
        if one is None:
            return 0
        found = await self._desk.pms.find_bookings(self._hotel, BookingSearch(reference=one.references[0]))
        return sum(self._hotel.pms.states.get(each.status) is not ReservationState.CANCELLED for each in found)

    async def status_of(self, pms_ref: str) -> str:
        """The PMS's word."""
        one = await self._desk.pms.read_booking(self._hotel, PmsRef(pms_ref))
        return one.status if one is not None else "missing"

    async def rooms_left(self, room_type: str, night: date) -> int:
        """Rooms that are free."""
        counts = await self._desk.pms.read_room_counts(self._hotel, StayDates(night, night + timedelta(days=1)))
        return counts.available.get((room_type, night), 0)


def run_demo(settings: Settings, environ: Mapping[str, str], report_dir: Path, tell: Tell) -> Outcome:
    """Tell the story and judge it. StoreUnavailable when a server does not come up, InvalidInput when the report or
    the temporary folder has no place."""
    with _writing(report_dir):
        report_dir.mkdir(parents=True, exist_ok=True)
        TemporaryFile(dir=report_dir).close()
    with _writing(Path(gettempdir())):
        home = Path(mkdtemp(prefix="santral-demo-"))
    before = signal.signal(signal.SIGTERM, _as_ctrl_c)
    try:
        own = replace(settings, home=home / "home", pms_url="", database_url="", hotel="", channels="", outbound="")
        return asyncio.run(_demo(own, environ, report_dir, tell))
    finally:
        shutil.rmtree(home, ignore_errors=True)
        signal.signal(signal.SIGTERM, before)


def _as_ctrl_c(_number: int, _frame: FrameType | None) -> None:
    """A demo that is told to end does so as with Ctrl-C: servers stopped, folder removed."""
    signal.raise_signal(signal.SIGINT)


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """InvalidInput when a folder cannot be written."""
    try:
        yield
    except OSError as error:
        raise InvalidInput(
            "{place} cannot be written: {why}.", place=str(folder), why=error.strerror or "", field="report_dir"
        ) from error


async def _demo(settings: Settings, environ: Mapping[str, str], report_dir: Path, tell: Tell) -> Outcome:
    loop = asyncio.get_running_loop()
    began = loop.time()
    tell("A small hotel is made: rooms, prices, guests, stays ...")
    make_demo_home(settings)
    hotel_id = load_hotel(next(settings.hotels_dir.glob("*.toml"))).id
    settings.channels_path.write_text(channels_text(hotel_id), encoding="utf-8")
    token = await _token(settings)
    env = {
        **environ,
        "SANTRAL_HOME": str(settings.home),
        "SANTRAL_LANG": settings.language,
        "SANTRAL_HOTEL": "",
        "SANTRAL_AS_OF": "",
        "SANTRAL_DATABASE_URL": "",
        "SANTRAL_CHANNELS": "",
        "SANTRAL_OUTBOUND": "",
    }
    async with server("pms", "serve", env={**env, "SANTRAL_PMS_URL": ""}) as pms_url:
        tell("The hotel's PMS answers at {url}.", url=pms_url)
        env = _with_pms(env, settings, pms_url)
        async with server("serve", env=env) as url:
            tell("The service answers at {url}.", url=url)
            checks = await _story(_Stage(settings, env, pms_url, url, token), tell)
    verdict = "PASS" if all(one.is_met for one in checks) else "FAIL"
    seconds = loop.time() - began
    return Outcome(verdict, tuple(checks), _write_report(report_dir, verdict, checks, seconds), seconds)


def make_demo_home(settings: Settings) -> None:
    """A home with the small demo hotel alone."""
    shipped = files("scenarios").joinpath("hotels", f"{HOTEL}.toml")
    with as_file(shipped) as path:
        make_home(settings, Wish(seed=2027, hotel_files=(path,), profiles=PROFILES), SystemClock().now(), _silent)


def _silent(_text: str) -> None:
    """The demo tells its own story."""


async def _token(settings: Settings) -> str:
    """A supervisor's token, made as IT would make it."""
    with ExitStack() as end:
        desk, admin = open_desk(settings, at_end=end.callback), Actor("demo", Role.ADMIN, "cli")
        await add_user(desk, admin, "demo-agent", Role.SUPERVISOR)
        token = await make_token(desk, admin, "demo-agent")
        await set_presence(desk, admin, PresenceWish(PresenceState.AVAILABLE, "demo-agent", timedelta(hours=1)))
        await desk.store.close()
        return token


def _with_pms(env: Mapping[str, str], settings: Settings, pms_url: str) -> dict[str, str]:
    """The service's environment: the PMS is an address like any other, with credentials."""
    known = asdict(read_home(settings.home).credentials)
    secrets = {f"SANTRAL_PMS_{name.upper()}": value for name, value in known.items()}
    return {**env, **secrets, "SANTRAL_PMS_URL": pms_url}


@dataclass(frozen=True, slots=True)
class _Stage:
    """Where the story is played: the home, the processes' environment and addresses, an agent's token."""

    settings: Settings
    env: Mapping[str, str]
    pms_url: str
    url: str
    token: str


async def _story(stage: _Stage, tell: Tell) -> list[Check]:
    own = read_home(stage.settings.home).credentials
    direct = replace(stage.settings, pms_url=stage.pms_url, read_cache_s=0.001, credentials=own)
    phone, arrival, stop_sale = _material(stage.settings)
    async with AsyncExitStack() as end:
        desk = open_desk(direct, at_end=end.callback)
        end.push_async_callback(desk.store.close)
        end.push_async_callback(desk.pms.close)
        window: PmsWindow = ThroughTheDialect(desk)
        agent = await end.enter_async_context(Agent(stage.url, stage.token))
        guest = await end.enter_async_context(Writer(stage.url, stage.settings, SystemClock().now))

        async def merge(one: str, other: str, reason: str) -> None:
            await command("guest", "merge", one, other, "--reason", reason, env=stage.env)

        scene = Scene(agent, window, tell, phone, arrival, stop_sale, asyncio.sleep, guest, merge)
        for chapter in (*CHAPTERS, *QUEUE_CHAPTERS):
            await _play(chapter, scene)
        return scene.checks


async def _play(chapter: Callable[[Scene], Any], scene: Scene) -> None:
    """One chapter; an answer that is not what the story needs is a failed check, not the end of the demo."""
    try:
        await chapter(scene)
    except (KeyError, IndexError, TypeError, OSError, TimeoutError) as error:
        scene.checks.append(Check(chapter.__name__, "told to its end", type(error).__name__, is_met=False))


def _material(settings: Settings) -> tuple[str, date, tuple[str, date]]:
    """Whom the story is about: the telephone of a guest who has stayed, free days, and a closed one."""
    hotel = load_hotel(next(settings.hotels_dir.glob("*.toml")))
    start = read_home(settings.home).set_up_on
    document = seed_document([hotel], 2027, start, profiles_per_hotel=PROFILES)["hotels"][0]
    stayed = {row["profile_id"] for row in document["reservations"] if row["status"] == "CheckedOut"}
    known = [row for row in document["profiles"] if row["profile_id"] in stayed and row["phones"]]
    known.sort(key=lambda row: row["language"].lower() != settings.language)
    closed = next(row for row in document["restrictions"] if row["code"] == "Closed" and not row.get("rate_plan"))
    return known[0]["phones"][0], _free_days(start, document), ("STD", date.fromisoformat(closed["start"]))


def _free_days(start: date, document: Body) -> date:
    """A first of a quiet month well ahead, clear of every restriction for a month and a half."""
    blocked = [(date.fromisoformat(row["start"]), date.fromisoformat(row["end"])) for row in document["restrictions"]]
    day = start + timedelta(days=60)
    while any(first <= day + timedelta(days=45) and day <= last for first, last in blocked):
        day += timedelta(days=7)
    return day


def _write_report(folder: Path, verdict: str, checks: list[Check], seconds: float) -> Path:
    path = folder / "santral-demo.md"
    rows = "\n".join(
        f"| {one.name} | {one.target} | {one.measured} | {'pass' if one.is_met else 'FAIL'} | {one.evidence} |"
        for one in checks
    )
    with _writing(folder):
        path.write_text(
            f"# Santral demo: {verdict}\n\n"
            f"{len(checks)} checks in {seconds:.0f} s, mock PMS and service on real sockets.\n\n"
            f"| check | target | measured | status | evidence |\n|---|---|---|---|---|\n{rows}\n",
            encoding="utf-8",
        )
    return path


def default_report_dir() -> Path:
    """Where the report goes when nothing is said: the folder the demo was started in."""
    return Path(os.path.curdir).resolve() / "santral-demo"
