"""One run on a stage of its own, from end to end: make it, let the load play, wait for quiet, hold the books together.

The home is made anew in a temporary folder and thrown away; processes are ended by their ids. A private PostgreSQL is
started when the timetable restarts the database and there can be one: another's is never touched.
"""

import asyncio
import shutil
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from msgspec import structs

from cli.loadtest.breaking import Breaking, Machine
from cli.loadtest.cluster import Cluster, why_not
from cli.loadtest.generators import check_listen
from cli.loadtest.leftovers import temporary_place
from cli.loadtest.planning import crew_of, plan_of
from cli.loadtest.playing import ELSEWHERE_S, START_S, Pid, Play, Played
from cli.loadtest.run_home import make_run_home, make_tokens, write_channels, write_tokens
from cli.loadtest.runs import BEGINS, House, Outcome, Run, begun
from cli.loadtest.settle import Left, patience_s
from cli.loadtest.settle import settle as wait_for_quiet
from cli.loadtest.stage import Grounds, Stage
from cli.loadtest.timetable import Beat, Break, breaks_of
from cli.loadtest.wishes import LoadWish
from integration.settings import Settings
from integration.usecases.marks import N_
from loadtests.checks import Check
from loadtests.run_plan import RunPlan, write_plan
from pms_mock import control

__all__ = ["House", "Outcome", "run_load"]
DATABASE_BREAK = "database_restarted"
MADE = N_("{hotels} hotels with {rooms} rooms are made ...")
QUIET = N_("The load is over. Waiting until nothing is under way ...")
BOOKS = N_("The books are held together ...")


def run_load(house: House, wish: LoadWish) -> Outcome:
    """Play and judge on processes of our own. ConfigurationError without Locust; the errors of `settle`;
    StoreUnavailable when the stage does not come up."""
    check_listen(wish, is_served=True)
    with begun(house, wish) as run, temporary_place("santral-load-") as place:
        return asyncio.run(Local(run, place).play())


@dataclass(frozen=True, slots=True)
class Local:
    """A run on a stage of its own, in a temporary `place`."""

    run: Run
    place: Path

    async def play(self) -> Outcome:
        """From the empty folder to the verdict."""
        plan = plan_of(self.run.wish, self.run.settled, self.run.marks, "")
        async with AsyncExitStack() as end:
            cluster = await self._cluster(plan, end)
            own = await self._home(cluster)
            crew = crew_of(plan, self.run.settled)
            write_channels(own.channels_path, plan.hotels, self.run.marks.hook_secret, crew.operators)
            write_tokens(self.run.folder, await make_tokens(own, crew))
            async with Stage(self._grounds(own)) as stage:
                plan = structs.replace(plan, url=stage.service.url)
                write_plan(self.run.folder, plan)
                played, checks = await self._load(plan, stage, cluster)
                if not played.is_interrupted:
                    with played.interruptible():
                        await self._quiet(stage)
                settings = stage.settings
                with played.interruptible():
                    await stage.stop()
            if played.is_auditable:
                with played.interruptible():
                    checks += await asyncio.to_thread(self._audit, plan, settings)
                    if self.run.house.beside is not None:
                        await self.run.house.beside(settings, self.run.folder, checks)
        return self.run.judged(plan, played, checks)

    def _breaks(self, plan: RunPlan) -> tuple[Break, ...]:
        return breaks_of(self.run.settled.window, Beat(self.run.settled.start, plan.speed), plan.wall_s)

    async def _cluster(self, plan: RunPlan, end: AsyncExitStack) -> Cluster | None:
        """A database of the run's own: when asked for, and when one is to be restarted and there can be one."""
        wanted = self.run.wish.database
        is_broken = any(one.kind == DATABASE_BREAK for one in self._breaks(plan))
        if wanted == "sqlite" or (wanted == "auto" and (not is_broken or why_not())):
            return None
        cluster = Cluster(self.place / "database")
        await asyncio.to_thread(cluster.make)
        end.push_async_callback(cluster.stop)
        await cluster.start()
        return cluster

    async def _home(self, cluster: Cluster | None) -> Settings:
        house, settled = self.run.house, self.run.settled
        now = house.clock.now()
        own = replace(
            house.settings, home=self.place / "home", clock_offset=settled.start - now, pms_url="", hotel="",
            database_url=cluster.url if cluster else "", channels="", outbound="", audit_key="", audit_checkpoints="",
        )  # fmt: skip
        if house.home is not None:
            shutil.copytree(house.home, own.home)
            return own
        loaded = settled.loaded
        house.tell(MADE, hotels=len(loaded.hotels), rooms=loaded.rooms)
        await asyncio.to_thread(make_run_home, own, settled, loaded.scenario.seed, now)
        return own

    def _grounds(self, own: Settings) -> Grounds:
        house = self.run.house
        host = self.run.wish.listen if self.run.wish.expect else ""
        return Grounds(own, house.environ, house.clock, self.run.folder, self.run.settled.start, host)

    async def _load(self, plan: RunPlan, stage: Stage, cluster: Cluster | None) -> tuple[Played, list[Check]]:
        run, wish = self.run, self.run.wish
        run.house.tell(BEGINS, run=plan.run_id, seconds=round(plan.wall_s), url=plan.url)
        breaking = Breaking(_machines(stage, cluster), run.folder, run.house.clock)
        generator = run.generator()
        play = Play(plan, run.settled, generator, breaking, run.house.clock, run.house.progress, stage,
                    breaks=self._breaks(plan), pids=_pids(stage, cluster),
                    is_by_hand=run.house.by_hand is not None,
                    start_s=ELSEWHERE_S if wish.expect else START_S)  # fmt: skip
        played = await run.load(play, generator)
        missing = {DATABASE_BREAK: why_not() or "the store is a file here"}
        return played, breaking.check(self._breaks(plan), missing)

    async def _quiet(self, stage: Stage) -> Left:
        """The PMS is well again; wait until nothing is under way."""
        control.clear_faults(stage.mock)
        self.run.house.tell(QUIET)
        longest = max(one.hotel.settings.settle.total_seconds() for one in self.run.settled.loaded.hotels)
        return await wait_for_quiet(stage.settings, patience_s(longest))

    def _audit(self, plan: RunPlan, settings: Settings) -> list[Check]:
        from cli.loadtest.audit import audit

        self.run.house.tell(BOOKS)
        return audit(self.run.folder, plan, settings, settings.mock_path)


def _machines(stage: Stage, cluster: Cluster | None) -> dict[str, Machine]:
    found = {
        "service_killed": Machine("service", stage.service.kill, stage.service.start),
        "pms_restarted": Machine("pms", stage.pms.stop, stage.pms.start),
    }
    return found if cluster is None else {**found, DATABASE_BREAK: Machine("database", cluster.stop, cluster.start)}


def _pids(stage: Stage, cluster: Cluster | None) -> dict[str, Pid]:
    found: dict[str, Pid] = {"service": lambda: stage.service.pid, "pms": lambda: stage.pms.pid}
    return found if cluster is None else {**found, "database": lambda: cluster.pid}
