"""The go-live check from end to end: the season simulated, the load played and audited, readiness looked at, judged.

The simulation comes first, so that it does not take the processor from the load. Readiness is looked at on the run's
own home once its books are held together, so that what is proved by doing disturbs no audit. Then everything is one
list of checks, and one verdict.
"""

import json
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from cli.context import Session
from cli.golive.copies import copied_home
from cli.golive.ground import ground
from cli.golive.lines import LINES, Stands, State
from cli.golive.readiness import answered_for, checks_of, examine
from cli.golive.season import season_checks, season_of
from cli.golive.waivers import of_checks
from cli.home import read_home
from cli.loadtest.climb import Bounds, climb
from cli.loadtest.conduct import House, Outcome, run_load
from cli.loadtest.target import Waiver, waived
from cli.loadtest.wishes import LoadWish, settle
from domain.errors import DomainError, InvalidInput
from integration.errors import ServiceError
from integration.settings import Settings
from integration.usecases.marks import N_
from loadtests.checks import Check, Section
from loadtests.result import extended, write_result
from loadtests.verdict import samples_of
from loadtests.words import CheckStatus
from scenarios.scenario_loader import LoadedScenario
from sim.runner import Run

SIMULATES = N_("The season is simulated {replications} times ...")
LOOKS = N_("Readiness is looked at: {count} lines ...")
NOT_MEASURED = "no search: --headroom looks for it, --search RESULT gives one"


@dataclass(frozen=True, slots=True)
class GoliveWish:
    """One check as asked for. `search`: the result of `loadtest search`; `is_headroom`: search now; `is_hotel`: look at
    the caller's own home; `waivers`: of readiness lines and checks."""

    load: LoadWish
    replications: int
    waivers: tuple[Waiver, ...] = ()
    search: Path | None = None
    is_headroom: bool = False
    is_quick: bool = False
    is_hotel: bool = False


@dataclass
class Going:
    """One check under way: what was found beside the load."""

    session: Session
    wish: GoliveWish
    readiness: list[Stands] = field(default_factory=list)

    async def look(self, settings: Settings, folder: Path, checks: Sequence[Check]) -> None:
        """Readiness on the home of a run. What keeps the service from starting leaves every line not ready."""
        self.session.talk(LOOKS, count=len(LINES))
        shown = self.session.settings if self.wish.is_hotel else None
        try:
            async with AsyncExitStack() as end:
                if shown is not None and (copy := copied_home(shown, end)) is not None:
                    settings, shown = copy, None
                found = await end.enter_async_context(ground(settings, self.session.environ, folder, shown, checks))
                self.readiness = await examine(found, self.session.progress)
        except (DomainError, ServiceError) as error:
            self.readiness = [Stands(one, State.NOT_READY, f"!{error}") for one in LINES]

    def checks(self) -> list[Check]:
        """Its lines; one that was skipped when nobody came to look."""
        if not self.readiness:
            return [Check(Section.READINESS, "readiness", State.READY.value, "-", CheckStatus.SKIPPED)]
        return checks_of(answered_for(self.readiness, self.wish.waivers))


def go_live(session: Session, wish: GoliveWish) -> Outcome:
    """Check. The errors of `loadtest run`, of a simulation, and InvalidInput for a search of another scenario."""
    loaded = settle(wish.load).loaded
    given = _given(wish, loaded)
    if wish.is_hotel:
        read_home(session.settings.home)
    ran = simulate(session, wish, loaded)
    searched = _searched(_house(session), wish) if wish.is_headroom else []
    going = Going(session, wish)
    outcome = run_load(replace(_house(session), beside=going.look), wish.load)
    return judged(outcome, [*given, *searched, *season_checks(ran), *going.checks()], wish, session.language, ran)


def simulate(session: Session, wish: GoliveWish, loaded: LoadedScenario) -> Run:
    """The season."""
    session.talk(SIMULATES, replications=wish.replications)
    return season_of(session, loaded, wish.replications, wish.load.seed)


def _house(session: Session) -> House:
    return House(session.settings, session.environ, session.talk, session.progress)


def judged(
    outcome: Outcome, more: Sequence[Check], wish: GoliveWish, language: str, ran: Run | None = None,
    beside: Sequence[Check] = (),
) -> Outcome:  # fmt: skip
    """The run with everything else that was found, judged anew and written anew. `ran`: the season, for its plots;
    `beside`: what is shown and not judged."""
    from cli.reports.golive import add_sections
    from cli.reports.load import write_reports

    known = {one.section for one in (*outcome.result.checks, *more)}
    least = f">= {outcome.result.asked.limits.get('headroom', 0):g} x"
    lacking = Check(Section.HEADROOM, "headroom", least, "-", CheckStatus.SKIPPED, NOT_MEASURED)
    rest = [*more, *([] if Section.HEADROOM in known else [lacking])]
    rest.sort(key=lambda one: list(Section).index(one.section))
    result = extended(outcome.result, waived(rest, of_checks(wish.waivers)))
    write_result(outcome.folder, result)
    report, _ = write_reports(outcome.folder, result, samples_of(outcome.folder), language)
    add_sections(report, (*result.checks, *beside), ran, language)
    return replace(outcome, result=result, report=report)


def _given(wish: GoliveWish, loaded: LoadedScenario) -> list[Check]:
    """The headroom of a search that was made before."""
    if wish.search is None:
        return []
    try:
        body = json.loads(wish.search.read_text(encoding="utf-8"))
        scenario, row = str(body["scenario"]), body["check"]
        found = Check(
            Section(row["section"]), str(row["name"]), str(row["target"]), str(row["measured"]),
            CheckStatus(row["status"]), f"{row['evidence']} {wish.search.name}",
        )  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InvalidInput("{file} is not the result of a search.", file=str(wish.search), field="search") from error
    if scenario != loaded.name:
        raise InvalidInput("{file} is a search of {scenario}, not of {name}.", file=str(wish.search),
                           scenario=scenario, name=loaded.name, field="search")  # fmt: skip
    return [found]


def _searched(house: House, wish: GoliveWish) -> list[Check]:
    """Search now: short steps, because a verdict is waited for."""
    bounds = Bounds(20.0, 4, 10.0, contacts=40) if wish.is_quick else Bounds(30.0, 8, 20.0)
    plain = LoadWish(
        scenario=wish.load.scenario, out=wish.load.out, sets=wish.load.sets, hour=wish.load.hour, seed=wish.load.seed,
        workers=wish.load.workers, database="sqlite",
    )  # fmt: skip
    row = climb(house, plain, bounds)["check"]
    return [Check(Section.HEADROOM, row["name"], row["target"], row["measured"], CheckStatus(row["status"]),
                  row["evidence"])]  # fmt: skip
