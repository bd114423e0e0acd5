"""The load itself: from the generator's first word to its last, with everything that goes wrong in between.

Whatever ends unasked - the generator, the service, the PMS - ends the run with a reason, and a run with a reason is
never a pass.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from math import inf

from cli.loadtest.breaking import Breaking, unix_ns
from cli.loadtest.cpu import Meter
from cli.loadtest.generators import Generator
from cli.loadtest.stage import Stage
from cli.loadtest.timetable import NS, Beat, Break, add_marks, answer_times, fault_marks, faults_of
from cli.loadtest.wishes import Settled
from integration.errors import ServiceError, StoreUnavailable
from integration.ports.surroundings import Clock
from integration.usecases.marks import N_
from loadtests.machines import write_machines
from loadtests.run_plan import RunPlan
from pms_mock import control

DAY_S = 86_400.0
START_S, ELSEWHERE_S, WATCH_S, SPARE_S, TELL_S = 120.0, 3600.0, 0.5, 30.0, 5.0
GONE = N_("The folder of the run, {place}, was taken away: nothing can be judged.")
Progress = Callable[[str], None]
Pid = Callable[[], int | None]


@dataclass
class Played:
    """How the load went. `trouble`: why it is not whole; empty when it is."""

    t0_ns: int = 0
    trouble: str = ""
    is_interrupted: bool = False
    is_repeated: bool = False

    @property
    def is_auditable(self) -> bool:
        """Whether the journal is of all that was played, and there is time to look at it."""
        return not self.is_interrupted and not self.is_repeated

    @property
    def is_whole(self) -> bool:
        """Whether it came to its end by itself, with nothing else ending before it."""
        return not self.trouble and not self.is_interrupted

    @contextmanager
    def interruptible(self) -> Iterator[None]:
        """Ctrl-C in here is kept, not raised: what comes after still runs."""
        try:
            yield
        except asyncio.CancelledError:
            self.is_interrupted = True
            task = asyncio.current_task()
            if task is not None:
                task.uncancel()


@dataclass
class Play:
    """One load. `stage` None: the target is somebody else's, and nothing of it is armed; `breaks`: what is broken when;
    `pids`: processes that must not end, and that are measured; `is_by_hand`: somebody's Locust plays it, who may take
    all day."""

    plan: RunPlan
    settled: Settled
    generator: Generator
    breaking: Breaking
    clock: Clock
    progress: Progress
    stage: Stage | None = None
    breaks: Sequence[Break] = ()
    pids: Mapping[str, Pid] = field(default_factory=dict)
    start_s: float = START_S
    is_by_hand: bool = False
    _told_s: float = 0.0

    async def run(self, played: Played) -> None:
        """To its end, or to the first trouble, which is kept in `played`."""
        try:
            played.t0_ns = await self.generator.started(DAY_S if self.is_by_hand else self.start_s)
            self._arm(Beat(self.settled.start, self.plan.speed), played.t0_ns)
            await self._all(played)
        except ServiceError as error:
            played.trouble = error.template.format(**error.params)

    def _arm(self, beat: Beat, t0_ns: int) -> None:
        """The scenario's faults, then the answer times: the oldest delay wins."""
        if self.stage is None:
            return
        scenario, mock = self.settled.loaded.scenario, self.stage.mock
        pms_ids = {one.hotel_id: one.hotel.pms.hotel_id + one.hotel_id.removeprefix(one.hotel.id)
                   for one in self.settled.loaded.hotels}  # fmt: skip
        ahead = timedelta(seconds=(t0_ns - unix_ns(self.clock)) / NS)
        mock_t0 = control.now(mock) + ahead
        faults = faults_of(scenario, beat, mock_t0, lambda one: pms_ids.get(one, one), self.plan.seed)
        control.load_faults(mock, [*faults, *answer_times(self.settled.window, self.plan.seed)])
        add_marks(self.breaking.folder, fault_marks(scenario, beat, t0_ns, self.plan.wall_s))

    async def _all(self, played: Played) -> None:
        meter = Meter(self.pids, unix_ns(self.clock))
        works = (self.breaking.play(self.breaks, played.t0_ns), meter.run())
        beside = [asyncio.ensure_future(one) for one in works]
        try:
            await self._watch(beside[0], played)
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
            if self.pids:
                write_machines(self.breaking.folder, meter.machines())

    async def _watch(self, breaking: "asyncio.Future[None]", played: Played) -> None:
        """Until the generator has ended, or something has that should not have."""
        limit_s = inf if self.is_by_hand else self.plan.limit_s + SPARE_S
        while not self.generator.is_over:
            at_s = (unix_ns(self.clock) - played.t0_ns) / NS
            self._tell(at_s)
            if at_s > limit_s:
                played.trouble = "The load generator did not end in time."
                return
            if breaking.done() and breaking.exception() is not None:
                raise breaking.exception()  # type: ignore[misc]
            gone = [name for name, pid in self.pids.items() if pid() is None and name not in self.breaking.away]
            if not self.breaking.folder.is_dir():
                raise StoreUnavailable(GONE, place=str(self.breaking.folder))
            if gone:
                played.trouble = f"{', '.join(gone)} ended by itself."
                return
            await asyncio.sleep(WATCH_S)

    def _tell(self, at_s: float) -> None:
        """Every few seconds how far it is, and what is left; after the last arrival contacts only end."""
        if at_s < self._told_s:
            return
        self._told_s = at_s + TELL_S
        wall = self.plan.wall_s
        left = f", {wall - at_s:.0f} s" if at_s < wall else ""
        self.progress(f"{max(at_s, 0):.0f}/{wall:.0f} s{left}")
