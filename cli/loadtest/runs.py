"""A run that has begun: its id, its folder, its tokens, its end - whoever's service it is played on.

Everything a run leaves is in its folder. What opens the service is deleted at the end whatever happens. A run that was
broken off - by Ctrl-C, by a part that ended unasked - is judged too, and is never a pass.
"""

import errno
import signal
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from cli.loadtest import leftovers
from cli.loadtest.by_hand import Announce, ByHand
from cli.loadtest.generators import Generator, check_installed, missing_files, wait_for_files
from cli.loadtest.planning import Marks, marks_of
from cli.loadtest.playing import GONE, Play, Played
from cli.loadtest.run_home import forget_tokens
from cli.loadtest.target import waived
from cli.loadtest.wishes import LoadWish, Settled, settle
from domain.errors import InvalidInput
from integration.adapters.clock import SystemClock
from integration.adapters.ids import SystemIds
from integration.adapters.new_files import unwritable
from integration.errors import StoreUnavailable
from integration.ports.surroundings import Clock
from integration.settings import Settings
from integration.usecases.marks import N_
from loadtests.checks import Check
from loadtests.result import Result, extended, write_result
from loadtests.run_plan import AGAIN, RunPlan
from loadtests.target_checks import headroom_check
from loadtests.verdict import judge, samples_of
from loadtests.words import CheckStatus

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
Tell = Callable[..., None]
Beside = Callable[[Settings, Path, Sequence[Check]], Awaitable[None]]
BEGINS = N_("{run} begins: {seconds} seconds of load at {url}.")
BROKEN_OFF = N_("The run was broken off: {why}")
REPEATED = "It was played more than once, and only the first time has a journal here."
GATHER = N_("Copy what the other machines wrote (samples, journal, generator) into {folder}; waiting for {missing}.")


@dataclass(frozen=True, slots=True)
class House:
    """What a run needs of the one who asks for it. `tell`: a sentence with its parameters; `progress`: how far it is;
    `home`: a home to copy, for one run of many; None: make one; `beside`: what else looks at the run's home once it is
    audited, given the home's settings, the run's folder and what the audit has found; `by_hand`: somebody's own Locust
    makes the load, and is told where."""

    settings: Settings
    environ: Mapping[str, str]
    tell: Tell
    progress: Callable[[str], None]
    clock: Clock = field(default_factory=SystemClock)
    home: Path | None = None
    beside: Beside | None = None
    by_hand: Announce | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A run that was judged, and where everything is. `trouble`: why it was broken off, if it was."""

    result: Result
    folder: Path
    report: Path
    is_interrupted: bool
    trouble: str


@dataclass(frozen=True, slots=True)
class Run:
    """A run that has its id and its folder."""

    house: House
    wish: LoadWish
    settled: Settled
    marks: Marks
    folder: Path

    def generator(self) -> Generator:
        """The generator's processes, none of them started."""
        shares, announce = self.settled.window.shares, self.house.by_hand
        background = shares.supervisors + shares.admins
        if announce is not None:
            return ByHand(self.folder, self.house.environ, background, announce)
        return Generator(self.folder, self.house.environ, background)

    async def load(self, play: Play, generator: Generator) -> Played:
        """Have the load played, and every file of it in the folder."""
        played, wish = Played(), self.wish
        try:
            with played.interruptible():
                await generator.start(workers=wish.workers, expect=wish.expect, listen=wish.listen)
                await play.run(played)
        finally:
            await generator.stop()
        with played.interruptible():
            await self._gather(played)
        if any(self.folder.glob(AGAIN.format("*"))):
            played.is_repeated, played.trouble = True, REPEATED
        return played

    async def _gather(self, played: Played) -> None:
        """Wait for the files of generators on other machines."""
        if not self.wish.expect or not played.is_whole:
            return
        if missing := missing_files(self.folder, self.wish.expect):
            self.house.tell(GATHER, folder=str(self.folder), missing=", ".join(missing))
            await wait_for_files(self.folder, self.wish.expect)

    def _headroom(self, result: Result) -> list[Check]:
        """A run that meets its targets at the multiple that is asked for shows the headroom itself. One that was
        lighter, or was disturbed on purpose, says nothing about it: that is what a search is for."""
        scenario, multiple = self.settled.loaded.scenario, result.load.multiple
        least = float(scenario.targets.load.headroom)
        is_disturbed = bool(scenario.faults or self.settled.window.breakdowns)
        broken = {CheckStatus.FAIL, CheckStatus.INVALID, CheckStatus.SKIPPED}
        if multiple is None or multiple < least or is_disturbed or any(one.status in broken for one in result.checks):
            return []
        is_certain = all(one.status is not CheckStatus.AT_RISK for one in result.checks)
        return [headroom_check(multiple, least, "shown by this run", is_certain=is_certain)]

    def judged(self, plan: RunPlan, played: Played, checks: Sequence[Check]) -> Outcome:
        """Judge by the folder, and write what people read."""
        from cli.reports.load import write_reports

        if played.trouble:
            self.house.tell(BROKEN_OFF, why=played.trouble)
        result = judge(
            self.folder, plan, self.settled.loaded.scenario, waived(checks, self.wish.waivers),
            is_strict=self.wish.is_strict, is_complete=played.is_whole,
        )  # fmt: skip
        result = extended(result, self._headroom(result))
        write_result(self.folder, result)
        report, _ = write_reports(self.folder, result, samples_of(self.folder), self.house.settings.language)
        return Outcome(result, self.folder, report, played.is_interrupted, played.trouble)


@contextmanager
def begun(house: House, wish: LoadWish) -> Iterator[Run]:
    """A run with its folder; its tokens are gone at the end. SIGTERM ends it as Ctrl-C does. StoreUnavailable when
    somebody takes the folder away. What runs that were killed have left is swept away first."""
    check_installed()
    settled = settle(wish)
    marks = marks_of(settled.loaded.name, house.clock.now(), SystemIds(house.clock).secret)
    leftovers.sweep(wish.out)
    folder = _folder(wish.out, marks.run_id)
    before = signal.signal(signal.SIGTERM, _as_ctrl_c)
    try:
        with leftovers.held(folder):
            yield Run(house, wish, settled, marks, folder)
    except FileNotFoundError as error:
        if folder.is_dir():
            raise
        raise StoreUnavailable(GONE, place=str(folder)) from error
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise unwritable(folder, error) from error
    finally:
        forget_tokens(folder)
        with suppress(OSError):
            folder.rmdir()
        signal.signal(signal.SIGTERM, before)


def _folder(out: Path, run_id: str) -> Path:
    folder = out / run_id
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise InvalidInput(
            "{place} cannot be written: {why}.", place=str(folder), why=error.strerror or "", field="out"
        ) from error
    return folder


def _as_ctrl_c(_number: int, _frame: FrameType | None) -> None:
    signal.raise_signal(signal.SIGINT)
