"""One run inside one generator process: its contacts, its background scripts, its files, and its health at the end.

Nothing happens until `begin` says when the window starts, which index this process has and how many there are; from
then on users pull contacts, and `watch` waits for the end: when all contacts and background scripts have ended, or when
the plan's limit is reached. Then what is under way is left as it is, and the run is not whole.

Whoever starts it again in the browser gets a run of its own, in a folder `again-1` inside the first: its contacts are
the same people, but its keys are new.
"""

import gc
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import gevent
import msgspec
from gevent.event import Event
from locust.stats import RequestStats

from loadtests.arrivals import arrivals_of, season_start
from loadtests.driver.clock import NS, now_ns
from loadtests.driver.load_meter import LoadMeter
from loadtests.driver.locust_table import table_of
from loadtests.driver.playing import Send, Stage
from loadtests.driver.pool import Pool
from loadtests.driver.waiting import wait_until
from loadtests.generator import Health, write_health
from loadtests.journal_file import JournalFile
from loadtests.planned_scenario import planned_scenario
from loadtests.recorder import Recorder
from loadtests.run_plan import AGAIN, JOURNAL, SAMPLES, TOKENS, RunPlan, read_plan, write_plan
from loadtests.scripts.cast import world_of
from loadtests.scripts.steps import Contact, Script, World

_LOG = logging.getLogger("santral.load")
_WATCH_S = 0.1
_NOBODY = -1


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays: the script of a contact, and the scripts that go on from the start to the end of the window in the
    process of an index."""

    script_of: Callable[[Contact, World], Script]
    background: Callable[[World, int], Sequence[Script]]


@dataclass
class _Window:
    """The run from its start on."""

    index: int
    t0_ns: int
    end_ns: int
    pool: Pool
    stage: Stage
    meter: LoadMeter
    world: World
    background: list[Script]
    playing: int


class Run:
    """A run that has not begun. OSError or msgspec's errors when the folder is not one, ValueError for a scenario
    without a load section, NobodyComesError when nobody comes."""

    def __init__(self, folder: Path, cast: Cast) -> None:
        """Draw all contacts beforehand, so that nothing is drawn while they come."""
        self.folder, self._first_folder, self._cast = folder, folder, cast
        self.plan: RunPlan = read_plan(folder)
        loaded = planned_scenario(self.plan)
        self._scenario, self._season = loaded.scenario, season_start(loaded)
        self._arrivals = arrivals_of(self.plan)
        self._tokens = msgspec.json.decode((folder / TOKENS).read_bytes(), type=dict[str, tuple[str, ...]])
        self._begun, self._window, self._times = Event(), None, 0
        self.is_finished = False

    _window: _Window | None

    @property
    def users(self) -> int:
        """How many users one process alone needs: the pool, and those who go round beside it."""
        world = world_of(self.plan, self._scenario, self._tokens, lambda: self._season, lambda: True)
        return (self.plan.users or self.plan.pool) + len(self._cast.background(world, 0))

    @property
    def has_begun(self) -> bool:
        """Whether the start is known."""
        return self._window is not None

    def renew(self) -> None:
        """Makes it ready to begin once more, if it has ended."""
        if not self.is_finished:
            return
        self._times += 1
        first = read_plan(self._first_folder)
        self.plan = msgspec.structs.replace(first, run_id=f"{first.run_id}-again-{self._times}")
        self.folder = self._first_folder / AGAIN.format(self._times)
        self.folder.mkdir(exist_ok=True)
        write_plan(self.folder, self.plan)
        self._begun, self._window, self.is_finished = Event(), None, False

    def begin(self, t0_ns: int, index: int, processes: int, users: int | None = None) -> None:
        """Starts the window at an instant of Unix nanoseconds, as one of so many processes. `users`: how many there
        are; one at least is for the contacts. ValueError for a scenario without a load section.

        All that stands by now is taken out of the collector's sight: walking through it in the middle of the load
        would make everybody late.
        """
        plan, end_ns = self.plan, t0_ns + int(self.plan.wall_s * NS)
        world = world_of(plan, self._scenario, self._tokens, lambda: self._clock(t0_ns), lambda: now_ns() >= end_ns)
        recorder = Recorder(self.folder / SAMPLES.format(index))
        journal = JournalFile(self.folder / JOURNAL.format(index))
        background = list(self._cast.background(world, index))[: None if users is None else max(0, users - 1)]
        self._window = _Window(
            index=index,
            t0_ns=t0_ns,
            end_ns=end_ns,
            pool=self._pool(t0_ns, index, processes),
            stage=Stage(recorder, journal, plan.speed, wait_until),
            meter=LoadMeter(),
            world=world,
            background=background,
            playing=len(background),
        )
        gc.collect()
        gc.freeze()
        self._begun.set()

    def _pool(self, t0_ns: int, index: int, processes: int) -> Pool:
        plan = self.plan
        users = share_of(plan.users or plan.pool, index, processes)
        due_ns = None if plan.users is not None else self._arrivals.due_ns(plan, t0_ns, index, processes)
        return Pool(self._arrivals.share(index, processes), due_ns, users)

    def _clock(self, t0_ns: int) -> datetime:
        """The service's clock: the hour of the season, and the real seconds since."""
        return self._season + timedelta(seconds=self.plan.start_s + (now_ns() - t0_ns) / NS)

    def serve(self, send: Send) -> None:
        """What one user does until it is stopped: a background script if one is left, else contact after contact."""
        self._begun.wait()
        window = self._window
        if window is not None and window.background:
            script = window.background.pop()
            wait_until(window.t0_ns)
            self._play(window, script, _NOBODY, window.t0_ns, send, window.end_ns)
            window.playing -= 1
        elif window is not None and window.pool.join():
            while (taken := self._take(window)) is not None:
                self._serve(window, *taken, send)
        Event().wait()

    def _take(self, window: _Window) -> tuple[int, int] | None:
        now = now_ns()
        is_closing_time = self.plan.users is not None and now >= window.end_ns
        return None if is_closing_time else window.pool.take(max(now, window.t0_ns))

    def _serve(self, window: _Window, number: int, due: int, send: Send) -> None:
        wait_until(due)
        window.pool.begin()
        is_ended = False
        try:
            script = self._cast.script_of(self._arrivals.contact(number), window.world)
            self._play(window, script, number, due, send)
            is_ended = True
        finally:
            window.pool.leave(is_ended=is_ended)

    def _play(
        self, window: _Window, script: Script, number: int, due: int, send: Send, closing: int | None = None
    ) -> None:
        try:
            window.stage.play(script, number, due, send, closing)
        except Exception:  # noqa: BLE001 - one script that breaks must not stop the load; it counts as an error
            _LOG.exception("the script of contact %s broke", number)
            now = now_ns()
            window.stage.recorder.write("script", "", number, (now, now, now), 0, "script_broke", "")

    def watch(self) -> bool:
        """Waits for the end of the run, and says whether it came by itself before the limit."""
        self._begun.wait()
        window = self._window
        while window is not None and not self._is_done(window):
            if now_ns() >= window.t0_ns + self.plan.limit_s * NS:
                return False
            gevent.sleep(_WATCH_S)
        return True

    def _is_done(self, window: _Window) -> bool:
        is_closing_time = self.plan.users is not None and now_ns() >= window.end_ns
        are_served = not window.pool.busy if is_closing_time else window.pool.is_done
        return are_served and not window.playing

    def finish(self, stats: RequestStats, *, is_whole: bool) -> None:
        """Writes this process's health, once; nothing for a run that never began."""
        window = self._window
        if self.is_finished or window is None:
            return
        self.is_finished = True
        pool = window.pool
        health = Health(
            process=window.index,
            planned=pool.planned,
            begun=pool.begun,
            ended=pool.ended,
            late=pool.late,
            pool=pool.size,
            most_busy=pool.most_busy,
            began_ns=window.t0_ns,
            wall_s=max(0, window.stage.recorder.last_done_ns - window.t0_ns) / NS,
            cpu=window.meter.stop(),
            is_whole=is_whole,
            locust=table_of(stats),
        )
        write_health(self.folder, health)


def share_of(total: int, index: int, processes: int) -> int:
    """How many of `total` fall to one of so many processes; one at least."""
    return max(1, total // processes + (index < total % processes))
