"""A run against a service that runs already: load and journal, but nothing is started, broken or mended.

Whose books may be read can still be held together: when the target's own home is on this machine and was named, its
store is audited, and its PMS too when that is the embedded mock. Anything else is skipped, and has to be waived by a
person before such a run can pass. What the run wrote carries its id as a batch, so that one rollback undoes it.
"""

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path

from msgspec import structs

from cli.home import is_home
from cli.loadtest.audit import audit, note_start
from cli.loadtest.audit_found import all_skipped
from cli.loadtest.breaking import Breaking
from cli.loadtest.first_look import clock_offset, look_at, look_for
from cli.loadtest.generators import check_listen
from cli.loadtest.planning import plan_of
from cli.loadtest.playing import ELSEWHERE_S, START_S, Play, Played
from cli.loadtest.run_home import write_tokens
from cli.loadtest.runs import BEGINS, House, Outcome, Run, begun
from cli.loadtest.settle import patience_s, settle
from cli.loadtest.target import Target
from cli.loadtest.timetable import Beat, breaks_of
from cli.loadtest.wishes import LoadWish
from integration.settings import Settings
from loadtests.checks import Check, Section
from loadtests.run_plan import LoadHotel, RunPlan, write_plan
from loadtests.words import CheckStatus


def run_at(house: House, wish: LoadWish, target: Target, books: Settings | None) -> Outcome:
    """Play on a target and judge. `books`: the settings of its own home, when that is here and may be read."""
    check_listen(wish, is_served=False)
    with begun(house, wish) as run:
        return asyncio.run(_play(run, target, books if books is not None and is_home(books.home) else None))


async def _play(run: Run, target: Target, books: Settings | None) -> Outcome:
    """Look at it first; its books are read by its own clock."""
    await look_at(target)
    await look_for(target, (one.hotel_id for one in run.settled.loaded.hotels))
    if books is not None:
        books = replace(books, clock_offset=await clock_offset(target, run.house.clock))
    return await Remote(run, target, books).play()


@dataclass(frozen=True, slots=True)
class Remote:
    """A run whose processes belong to somebody else."""

    run: Run
    target: Target
    books: Settings | None

    async def play(self) -> Outcome:
        """From the tokens to the verdict."""
        run = self.run
        plan = self._plan()
        write_tokens(run.folder, self.target.tokens)
        write_plan(run.folder, plan)
        if self.books is not None:
            await asyncio.to_thread(note_start, run.folder, self.books, self._mock)
        run.house.tell(BEGINS, run=plan.run_id, seconds=round(plan.wall_s), url=plan.url)
        played, checks = await self._load(plan)
        if played.is_auditable:
            with played.interruptible():
                checks += await self._audit(plan)
        return run.judged(plan, played, checks)

    def _plan(self) -> RunPlan:
        plan = plan_of(self.run.wish, self.run.settled, self.run.marks, self.target.url)
        hotels = tuple(self._hotel(one) for one in plan.hotels)
        return structs.replace(plan, hotels=hotels, hook_secret=self.target.hook_secret)

    def _hotel(self, one: LoadHotel) -> LoadHotel:
        hooks = dict(self.target.hooks.get(one.hotel_id, {}))
        return structs.replace(one, hooks=hooks, chat=hooks.get("web_chat", ""), accounts={})

    @property
    def _mock(self) -> Path | None:
        books = self.books
        return books.mock_path if books is not None and books.is_embedded and books.mock_path.is_file() else None

    async def _load(self, plan: RunPlan) -> tuple[Played, list[Check]]:
        run, generator = self.run, self.run.generator()
        breaking = Breaking({}, run.folder, run.house.clock)
        play = Play(plan, run.settled, generator, breaking, run.house.clock, run.house.progress,
                    is_by_hand=run.house.by_hand is not None,
                    start_s=ELSEWHERE_S if run.wish.expect else START_S)  # fmt: skip
        played = await run.load(play, generator)
        breaks = breaks_of(run.settled.window, Beat(run.settled.start, plan.speed), plan.wall_s)
        return played, [*breaking.check(breaks, {}), *self._faults()]

    def _faults(self) -> list[Check]:
        """Faults of the PMS that could not be armed: the plan was not played."""
        faults = self.run.settled.loaded.scenario.faults
        if not faults:
            return []
        kinds = ", ".join(sorted({one.kind for one in faults}))
        why = "the target's PMS is not ours to disturb"
        return [Check(Section.LOAD, "faults_played", kinds, "0", CheckStatus.SKIPPED, why)]

    async def _audit(self, plan: RunPlan) -> list[Check]:
        if self.books is None:
            return all_skipped()
        longest = max(one.hotel.settings.settle.total_seconds() for one in self.run.settled.loaded.hotels)
        await settle(self.books, patience_s(longest))
        return await asyncio.to_thread(audit, self.run.folder, plan, self.books, self._mock)
