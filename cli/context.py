"""One run of `santral`: what was typed, the settings, the desk, and the printer. Commands get it as `ctx.obj`.

Everything is built when it is first asked for, so `--help` builds nothing. The environment is read here and nowhere
else (service workers: `cli/asgi.py`), and the one event loop of a run is here: `session.run(work)` opens the desk
on first use and the loop lives until the run ends. Tests hand over fakes: `Session(environ={}, opener=lambda
*_: desk)`.
"""

import json
import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

from cli.options import LANGUAGES, Format, Options
from cli.render import Printer

if TYPE_CHECKING:
    import asyncio

    from typer import Context

    from cli.screens.blocks import Screen
    from cli.screens.reader import Reader
    from cli.wiring import AtEnd
    from domain.access import Actor
    from integration.ports.surroundings import Clock
    from integration.settings import Settings
    from integration.usecases.desk import Desk

T = TypeVar("T")
Body = dict[str, Any]
YES = frozenset({"y", "yes", "e", "evet"})


def _open(settings: "Settings", at_end: "AtEnd") -> "Desk":
    from cli.wiring import open_desk

    return open_desk(settings, at_end=at_end)


@dataclass
class Session:
    """One run. `environ`, streams and `opener` are the process's own unless a test says otherwise."""

    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    opener: "Callable[[Settings, AtEnd], Desk]" = _open
    clock: "Clock | None" = None
    out: TextIO | None = None
    err: TextIO | None = None
    stdin: TextIO | None = None
    options: Options = field(default_factory=Options)
    _runner: "asyncio.Runner | None" = None
    _ends: list[Callable[[], None]] = field(default_factory=list)

    @property
    def printer(self) -> Printer:
        """Writes in the form asked for."""
        return Printer(self.options.format, self.out, self.err, colour=not self.environ.get("NO_COLOR"))

    @cached_property
    def settings(self) -> "Settings":
        """Environment, then what was typed. ConfigurationError names what cannot be worked with."""
        from integration.adapters.clock import SystemClock
        from integration.errors import ConfigurationError
        from integration.settings import settings_from

        typed = {
            "SANTRAL_HOTEL": self.options.hotel,
            "SANTRAL_ACTOR": self.options.actor,
            "SANTRAL_AS_OF": self.options.as_of,
            "SANTRAL_HOME": self.options.home,
        }
        env = {**self.environ, **{name: value for name, value in typed.items() if value}}
        settings = settings_from(env, (self.clock or SystemClock()).now(), Path.cwd())
        if settings.language and settings.language.lower() not in LANGUAGES:
            raise ConfigurationError("SANTRAL_LANG must be tr or en, not {text}.", text=settings.language[:20])
        return replace(settings, language=self.language)

    @property
    def language(self) -> str:
        """`tr` or `en`: as typed, else SANTRAL_LANG, else the locale's, else English."""
        asked = self.options.lang or self.environ.get("SANTRAL_LANG", "").lower()
        if asked:
            return asked if asked in LANGUAGES else "en"
        names = (self.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
        return "tr" if next((name for name in names if name), "").lower().startswith("tr") else "en"

    @property
    def actor(self) -> "Actor":
        """Whoever sits at this machine, as admin."""
        from domain.access import Actor, Role

        return Actor(self.settings.actor, Role.ADMIN, "cli")

    @property
    def hotel_id(self) -> str | None:
        """The hotel to speak of, if one was named."""
        return self.settings.hotel or None

    @cached_property
    def desk(self) -> "Desk":
        """Ports and hotels. NotFound without a home."""
        return self.opener(self.settings, self._ends.append)

    @property
    def reader(self) -> "Reader":
        """The person at the screen."""
        from cli.screens.reader import Reader
        from cli.wiring import zone_of
        from integration.adapters.phrases import CataloguePhrases

        known = self.__dict__.get("desk")
        phrases = known.phrases if known is not None else CataloguePhrases()

        def reason_of(code: str) -> Mapping[str, str]:
            hotels = () if known is None else known.hotels.values()
            return next((one.lost_reasons[code].labels for one in hotels if code in one.lost_reasons), {})

        return Reader(phrases, self.language, zone_of(self.settings), reason_of)

    def run(self, work: "Callable[[Desk], Awaitable[T]]") -> T:
        """Run a use case on the desk to its end."""
        if self._runner is None:
            import asyncio

            self._runner = asyncio.Runner()
        return self._runner.run(_awaited(work, self.desk))

    def close(self) -> None:
        """Let go of what was opened."""
        runner, desk = self._runner, self.__dict__.pop("desk", None)
        self._runner = None
        if runner is not None:
            if desk is not None:
                runner.run(_closed(desk))
            runner.close()
        while self._ends:
            self._ends.pop()()

    def show(self, body: Body, screen: "Callable[[Body, Reader], Screen]", rows: str = "") -> None:
        """Write an answer; `rows` is the key of its rows in a CSV."""
        self.printer.answer(body, lambda: screen(body, self.reader), rows)

    def show_aside(self, body: Body, screen: "Callable[[Body, Reader], Screen]") -> None:
        """Show something to the person on stderr, as a table whatever the form of the answer."""
        Printer(Format.TABLE, self.err or sys.stderr).answer(body, lambda: screen(body, self.reader))

    def talk(self, template: str, **params: object) -> None:
        """Say something on stderr."""
        self.printer.talk(self.reader(template, **params))

    def announce(self, url: str) -> None:
        """Say where a server listens: the first line on stdout, whatever the form."""
        self.printer.line(f'{{"url": "{url}"}}')

    def announce_run(self, folder: Path, url: str) -> None:
        """Say where a run waits for its load: the first line on stdout, whatever the form."""
        self.printer.line(json.dumps({"folder": str(folder.resolve()), "url": url}))

    def progress(self, text: str) -> None:
        """Say what is going on, when somebody is watching."""
        if (self.err or sys.stderr).isatty():
            self.printer.talk(text)

    def request_key(self, typed: str | None) -> str:
        """The key of a write: as typed, else a fresh one, told before anything is sent so that it can be repeated."""
        if typed is not None:
            from integration.usecases.one_write import check_key

            check_key(typed)
            return typed
        from integration.adapters.clock import SystemClock
        from integration.adapters.ids import SystemIds

        key = SystemIds(self.clock or SystemClock()).new("key")
        self.printer.talk(f"request key: {key}")
        return key

    def can_ask(self, *, yes: bool, has_dry_run: bool = False) -> None:
        """InvalidInput when the answer is needed and nobody is there to give it."""
        from domain.errors import InvalidInput
        from integration.usecases.marks import N_

        if not yes and (self.options.json or not self._stdin.isatty()):
            raise InvalidInput(
                "This asks before it is done, and nobody is here to answer.",
                hint=N_("Add --yes to do it, or --dry-run to see what it would do.")
                if has_dry_run
                else N_("Add --yes to do it."),
                field="yes",
            )

    def agree(self, question: str, *, yes: bool) -> None:
        """Ask; Refused unless the answer is yes."""
        from domain.errors import Refused
        from integration.usecases.marks import N_

        if yes:
            return
        self.printer.ask(f"{question} [{self.reader(N_('y/N'))}]")
        if self._stdin.readline().strip().lower() not in YES:
            raise Refused("Nothing was done.")

    @property
    def _stdin(self) -> TextIO:
        return self.stdin or sys.stdin


async def _awaited(work: "Callable[[Desk], Awaitable[T]]", desk: "Desk") -> T:
    return await work(desk)


async def _closed(desk: "Desk") -> None:
    await desk.pms.close()
    await desk.carriers.close()
    await desk.store.close()


def session_of(ctx: "Context") -> Session:
    """The run that a command belongs to."""
    session: Session = ctx.obj
    return session
