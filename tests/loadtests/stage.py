"""A real service with the embedded mock in this process, and scripts played on it without a socket.

    with a_stage(folder) as stage: played = stage.play([a_contact(channel="phone"), ...])

Season time takes no time here; the real pauses of polling last a moment. Several contacts run at once, in one event
loop with the service's own workers.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from shutil import copytree
from time import monotonic, time_ns
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from cli.loadtest.run_home import load_hotels, write_channels
from cli.seeding import Wish, make_home
from cli.service import service_app
from cli.wiring import open_desk
from domain.access import Actor, Role
from domain.presence import PresenceState
from integration.adapters.clock import SystemClock
from integration.settings import Settings, settings_from
from integration.usecases.keep_users import add_user, make_token
from integration.usecases.set_presence import PresenceWish, set_presence
from loadtests.journal import Entry
from loadtests.run_plan import RunPlan
from loadtests.scripts.cast import script_of, world_of
from loadtests.scripts.steps import NO_ANSWER, Answer, Ask, Contact, Pause, Script, World
from pms_mock import control
from scenarios.scenario_loader import load_scenario
from tests.service.client import call, scope_of

NOW = datetime(2027, 8, 2, 7, 0, tzinfo=UTC)
SECRET = "whsec_" + "ABCDEFGHIJKLMNOPQRSTUVWX" * 2
HOTEL = "demo-resort"
_MOMENT_S, _SEASON_S = 0.2, 0.005
_AGENTS, _AT_ONCE = 8, 6
Spoil = Callable[[Ask, Answer], Answer]


@dataclass(frozen=True)
class Took:
    """One request and what came of it."""

    ask: Ask
    answer: Answer

    @property
    def problem(self) -> str:
        return self.ask.problem(self.answer)


@dataclass
class Played:
    """Everything that was asked, in order, and the journal."""

    took: list[Took] = field(default_factory=list)
    journal: list[Entry] = field(default_factory=list)

    def problems(self) -> list[tuple[str, str, str]]:
        """Operation, slug and the beginning of the answer of what was wrong."""
        return [(one.ask.operation, one.problem, one.answer.raw[:400].decode()) for one in self.took if one.problem]

    def of(self, operation: str) -> list[Took]:
        return [one for one in self.took if one.ask.operation == operation]


@dataclass
class Stage:
    """A home and a world. `spoil` changes answers on their way, to see whether a script notices."""

    settings: Settings
    world: World
    over: list[bool]
    enough: int = 0

    def play(self, *contacts: Contact, spoil: Spoil | None = None) -> Played:
        """The scripts of these contacts, all at once."""
        return self.play_scripts([script_of(one, self.world) for one in contacts], spoil=spoil)

    def play_scripts(self, scripts: Iterable[Script], *, spoil: Spoil | None = None) -> Played:
        """Any scripts, all at once."""
        played = Played()
        self.over.clear()

        async def run() -> None:
            app = service_app(self.settings)
            turnstile = asyncio.Semaphore(_AT_ONCE)
            async with app.router.lifespan_context(app):
                playing = [_played(app, one, played, spoil, turnstile) for one in scripts]
                await asyncio.gather(*playing, self._ends(played))

        asyncio.run(run())
        return played

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """All rows of a question to the store's file."""
        with closing(sqlite3.connect(f"file:{self.settings.store_path}?mode=ro", uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(sql)]

    def give_mock_its_own_clock(self) -> None:
        """The mock's file shows the time that this process's clock gave it, as a mock that is served does."""
        store = control.open_store(str(self.settings.mock_path))
        control.clock(store, set=self.world.now())
        store.close()

    async def _ends(self, played: Played) -> None:
        """Scripts that go round end once so much has been asked."""
        while len(played.took) < self.enough:
            await asyncio.sleep(_MOMENT_S)
        self.over.append(True)


async def _played(app: Any, script: Script, played: Played, spoil: Spoil | None, turnstile: asyncio.Semaphore) -> None:
    answer = NO_ANSWER
    async with turnstile:
        step = next(script, None)
        while step is not None:
            if isinstance(step, Pause):
                await asyncio.sleep(_MOMENT_S if step.is_real else _SEASON_S)
                answer = NO_ANSWER
            else:
                answer = await _asked(app, step, played, spoil)
            try:
                step = script.send(answer)
            except StopIteration:
                return


async def _asked(app: Any, ask: Ask, played: Played, spoil: Spoil | None) -> Answer:
    if (intended := ask.intended(time_ns())) is not None:
        played.journal.append(intended)
    place = urlsplit(ask.path)
    scope = scope_of(ask.method, place.path, dict(parse_qsl(place.query)), dict(ask.headers))
    reply = await call(app, scope, ask.body)
    answer = Answer(reply.status, reply.headers, reply.raw)
    if spoil is not None:
        answer = spoil(ask, answer)
    played.took.append(Took(ask, answer))
    if (known := ask.entry(time_ns(), answer)) is not None:
        played.journal.append(known)
    return answer


@cache
def _home(folder: Path) -> dict[str, tuple[str, ...]]:
    """A home with people and hooks; their tokens by role."""
    settings = _settings(folder)
    with as_file(files("scenarios").joinpath("hotels", f"{HOTEL}.toml")) as path:
        wish = Wish(seed=7, start=NOW.date(), hotel_files=(path,), profiles=60, small=True)
        make_home(settings, wish, NOW, lambda _text: None)
    write_channels(settings.channels_path, a_plan().hotels, SECRET, _AGENTS)
    return asyncio.run(_tokens(settings))


async def _tokens(settings: Settings) -> dict[str, tuple[str, ...]]:
    wanted = [("operator", _AGENTS, Role.OPERATOR), ("supervisor", 1, Role.SUPERVISOR), ("admin", 1, Role.ADMIN)]
    found: dict[str, tuple[str, ...]] = {}
    with ExitStack() as end:
        desk, admin = open_desk(settings, at_end=end.callback), Actor("boss", Role.ADMIN, "test")
        for name, count, role in wanted:
            tokens = []
            for place in range(count):
                await add_user(desk, admin, f"{name}-{place}", role)
                tokens.append(await make_token(desk, admin, f"{name}-{place}"))
                if role is Role.OPERATOR:
                    await set_presence(desk, admin, PresenceWish(PresenceState.AVAILABLE, f"{name}-{place}"))
            found[name] = tuple(tokens)
        await desk.store.close()
    return found


def _settings(folder: Path) -> Settings:
    env = {"SANTRAL_HOME": str(folder / "home"), "SANTRAL_AS_OF": NOW.isoformat()}
    return settings_from(env, SystemClock().now(), folder)


@contextmanager
def a_stage(made: Path, folder: Path) -> Iterator[Stage]:
    """A copy of the home that is made once in `made`."""
    tokens = _home(made)
    copytree(made / "home", folder / "home")
    began = monotonic()
    settings, plan = _settings(folder), a_plan()
    over: list[bool] = []

    def now() -> datetime:
        return NOW + timedelta(seconds=monotonic() - began)

    yield Stage(settings, world_of(plan, load_scenario("smoke").scenario, tokens, now, lambda: bool(over)), over)


def a_plan() -> RunPlan:
    """A run at the demo's hotel."""
    return RunPlan(
        run_id="run7", name="test", url="", scenario={}, scenario_path="", settings=(), seed=7, replication=0,
        first_day=0, start_s=0.0, end_s=60.0, season_start="2027-08-02", speed=1.0, peak=1.0, pool=10, processes=1,
        hotels=load_hotels(load_scenario("smoke")), hook_secret=SECRET,
    )  # fmt: skip


def a_contact(number: int = 1, **more: Any) -> Contact:
    """A caller who wants a week for two in three weeks, and buys."""
    one = Contact(
        number=number, at_s=0.0, channel="phone", language="en", intent="sales", hotel=0, work_s=200.0, wrap_s=20.0,
        first_reply_s=10.0, patience_s=100.0, turns=1, unsolved_turns=0, signals=0, convert_u=0.0, lead_days=21,
        nights=3, adults=2, has_children=False, stage_u=0.99, lapse_u=0.9, follow_up_days=2,
    )  # fmt: skip
    return replace(one, **more)
