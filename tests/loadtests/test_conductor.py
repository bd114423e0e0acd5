"""The conductor between the generator's first word and its last: what ends unasked makes the run incomplete."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cli.loadtest.breaking import Breaking, Machine
from cli.loadtest.cpu import Meter
from cli.loadtest.planning import marks_of, plan_of
from cli.loadtest.playing import Play, Played
from cli.loadtest.timetable import NS, Break
from cli.loadtest.wishes import LoadWish, settle
from integration.adapters.virtual_time import VirtualClock, run_virtual
from integration.errors import StoreUnavailable
from loadtests.machines import read_machines
from loadtests.verdict import read_marks

START = datetime(2027, 11, 22, tzinfo=UTC)
T0_NS = int(START.timestamp()) * NS


class FakeGenerator:
    """Begins at once and ends after so many seconds of virtual time."""

    def __init__(self, clock: VirtualClock, lasts_s: float) -> None:
        self.clock, self.lasts_s = clock, lasts_s

    async def started(self, _patience_s: float) -> int:
        return T0_NS

    @property
    def is_over(self) -> bool:
        return (self.clock.now() - START).total_seconds() >= self.lasts_s


class Silent(FakeGenerator):
    """Never begins."""

    async def started(self, _patience_s: float) -> int:
        raise StoreUnavailable("The load generator did not begin.")


def played(
    folder: Path,
    *,
    lasts_s: float = 30,
    kind: type[FakeGenerator] = FakeGenerator,
    breaks: tuple[Break, ...] = (),
    story: Callable[["Machines"], None] | None = None,
) -> Played:
    """A load on machines that break as they are told."""
    wish = LoadWish("smoke", folder)
    settled = settle(wish)
    plan = plan_of(wish, settled, marks_of("x", START, lambda: bytes(32)), "http://127.0.0.1:1")

    async def run(clock: VirtualClock) -> Played:
        machines = Machines()
        if story is not None:
            asyncio.get_running_loop().call_later(5, story, machines)
        breaking = Breaking(machines.known(), folder, clock)
        generator: Any = kind(clock, lasts_s)
        play = Play(plan, settled, generator, breaking, clock, _silent, breaks=breaks, pids=machines.pids())
        found = Played()
        with found.interruptible():
            await play.run(found)
        return found

    return run_virtual(run, start=START, seed=1)


def _silent(_text: str) -> None:
    pass


class Machines:
    """A service that is up until it is killed."""

    def __init__(self) -> None:
        self.is_up = True

    def known(self) -> dict[str, Machine]:
        return {"service_killed": Machine("service", self.fail, self.mend)}

    def pids(self) -> dict[str, Callable[[], int | None]]:
        return {"service": lambda: 1 if self.is_up else None}

    async def fail(self) -> None:
        self.is_up = False

    async def mend(self) -> None:
        await asyncio.sleep(2)
        self.is_up = True

    def crash(self) -> None:
        self.is_up = False


def test_a_load_that_ends_by_itself_is_whole_and_its_machines_were_measured(tmp_path: Path) -> None:
    found = played(tmp_path)
    assert found.is_whole
    machines = read_machines(tmp_path)
    assert machines is not None
    assert len(machines.cpu["service"]) == pytest.approx(30, abs=2)


def test_a_service_that_ends_unasked_ends_the_run_with_its_name(tmp_path: Path) -> None:
    found = played(tmp_path, story=Machines.crash)
    assert found.trouble == "service ended by itself."
    assert not found.is_whole


def test_a_service_that_is_killed_on_purpose_does_not(tmp_path: Path) -> None:
    found = played(tmp_path, breaks=(Break("service_killed", 10.0, 3.0),))
    assert found.is_whole
    (mark,) = read_marks(tmp_path)
    assert ((mark.began_ns - T0_NS) / NS, (mark.ended_ns - mark.began_ns) / NS) == (10, 5)


def test_a_generator_that_never_begins_is_trouble(tmp_path: Path) -> None:
    assert played(tmp_path, kind=Silent).trouble == "The load generator did not begin."


def test_a_generator_that_never_ends_is_given_up(tmp_path: Path) -> None:
    assert "did not end in time" in played(tmp_path, lasts_s=100_000).trouble


def test_ctrl_c_is_kept_and_what_comes_after_still_runs(tmp_path: Path) -> None:
    found = Played()

    async def run() -> str:
        task = asyncio.current_task()
        assert task is not None
        asyncio.get_running_loop().call_soon(task.cancel)
        with found.interruptible():
            await asyncio.Event().wait()
        await asyncio.sleep(0)
        return "judged"

    assert asyncio.run(run()) == "judged"
    assert found.is_interrupted
    assert not found.is_whole


def test_the_meter_counts_a_process_with_its_children_and_nothing_while_it_is_away(tmp_path: Path) -> None:
    def stat(pid: int, ticks: int, children: str = "") -> None:
        folder = tmp_path / str(pid)
        (folder / "task" / str(pid)).mkdir(parents=True, exist_ok=True)
        (folder / "stat").write_text(f"{pid} (py thon) S {'0 ' * 10}{ticks} 0 0 0", encoding="utf-8")
        (folder / "task" / str(pid) / "children").write_text(children, encoding="utf-8")

    async def run(_clock: VirtualClock) -> tuple[float, ...]:
        loop = asyncio.get_running_loop()
        pid: list[int | None] = [7]
        stat(7, 100, "8")
        stat(8, 50)
        loop.call_later(0.5, stat, 8, 75)
        loop.call_later(1.5, pid.__setitem__, 0, None)
        meter = Meter({"service": lambda: pid[0]}, 0, tmp_path)
        task = asyncio.ensure_future(meter.run())
        await asyncio.sleep(2.1)
        task.cancel()
        return meter.machines().cpu["service"]

    shares = run_virtual(run, start=START, seed=1)
    assert shares == (0.25, 0.0)
