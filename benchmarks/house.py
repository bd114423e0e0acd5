"""A hotel to measure with: a home of the shipped default hotel with a few guests, and an operator's token."""

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cli.seeding import Wish, make_home
from cli.wiring import open_desk
from domain.access import Actor, Role
from integration.adapters.clock import SystemClock
from integration.settings import Settings, settings_from
from integration.usecases.keep_users import add_user, make_token

PROFILES = 200


@dataclass(frozen=True, slots=True)
class House:
    """A home, and a token of its operator."""

    settings: Settings
    token: str


@contextmanager
def a_house() -> Iterator[House]:
    """Make one in a folder that goes away."""
    with tempfile.TemporaryDirectory(prefix="santral-bench-") as folder:
        place = Path(folder) / "home"
        now = SystemClock().now()
        settings = settings_from({"SANTRAL_HOME": str(place), "SANTRAL_ACTOR": "bench"}, now, place.parent)
        make_home(settings, Wish(profiles=PROFILES), now, lambda _text: None)
        yield House(settings, asyncio.run(_token(settings)))


async def _token(settings: Settings) -> str:
    desk, admin = open_desk(settings), Actor("bench", Role.ADMIN, "cli")
    try:
        await add_user(desk, admin, "agent7", Role.OPERATOR)
        return await make_token(desk, admin, "agent7")
    finally:
        await desk.store.close()
