"""The end of the demo: a small season simulated, a minute of it played as load, and the readiness list beside it.

It is the go-live check in small, on the `smoke` scenario. The verdict is on load, records and simulation; readiness is
a hotel's own matter, so it is shown and not judged here. Without Locust there is no load: season and readiness are
looked at all the same.
"""

import asyncio
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from cli.context import Session
from cli.golive.check import Going, GoliveWish, judged, simulate
from cli.golive.lines import Stands, State
from cli.golive.readiness import checks_of
from cli.golive.season import season_checks
from cli.load_reports import check_body
from cli.loadtest.conduct import House, run_load
from cli.loadtest.run_home import Crew, make_run_home, make_tokens
from cli.loadtest.wishes import LoadWish, Settled, settle
from integration.adapters.clock import SystemClock
from integration.settings import Settings
from integration.usecases.marks import N_
from loadtests.checks import Check, verdict_of
from loadtests.launch import is_installed
from loadtests.words import Verdict

Body = dict[str, Any]
SCENARIO, REPLICATIONS, MINUTES = "smoke", 3, 40.0
NO_LOCUST = N_('No load is played, because Locust is not installed: pip install "santral[load]" brings it.')


@dataclass(frozen=True, slots=True)
class Ended:
    """How it ended. `checks`: of load, records and season; `report`: of the load, None without one."""

    verdict: Verdict
    checks: tuple[Check, ...]
    readiness: tuple[Stands, ...]
    report: Path | None
    is_interrupted: bool = False

    @property
    def body(self) -> Body:
        """For `--json`: what stands beside the story's checks."""
        counts = Counter(one.state.value for one in self.readiness)
        return {
            "verdict": self.verdict.value,
            "checks": [check_body(one) for one in self.checks],
            "readiness": [
                {"line": one.line.slug, "state": one.state.value, "evidence": one.evidence} for one in self.readiness
            ],
            "ready": {state.value: counts.get(state.value, 0) for state in State},
            "report": None if self.report is None else str(self.report),
        }


def end_of_demo(session: Session, out: Path) -> Ended:
    """Play it; reports go below `out`. Raises what a run and a simulation raise."""
    wish = GoliveWish(LoadWish(SCENARIO, out, minutes=MINUTES, database="sqlite"), REPLICATIONS)
    settled = settle(wish.load)
    ran, going = simulate(session, wish, settled.loaded), Going(session, wish)
    season = season_checks(ran)
    if not is_installed():
        session.talk(NO_LOCUST)
        _look_alone(session, going, settled)
        return Ended(verdict_of(season), tuple(season), tuple(going.readiness), None)
    house = House(session.settings, session.environ, session.talk, session.progress, beside=going.look)
    ended = judged(run_load(house, wish.load), season, wish, session.language, ran, checks_of(going.readiness))
    found = ended.result
    return Ended(found.verdict, found.checks, tuple(going.readiness), ended.report, ended.is_interrupted)


def _look_alone(session: Session, going: Going, settled: Settled) -> None:
    """Readiness on a fresh home of the scenario."""
    place, now = Path(mkdtemp(prefix="santral-demo-")), SystemClock().now()
    own = replace(session.settings, home=place / "home", clock_offset=settled.start - now, pms_url="", hotel="",
                  database_url="", channels="", outbound="", audit_key="", audit_checkpoints="")  # fmt: skip
    try:
        make_run_home(own, settled, settled.loaded.scenario.seed, now)
        asyncio.run(_looked(own, going, place))
    finally:
        shutil.rmtree(place, ignore_errors=True)


async def _looked(own: Settings, going: Going, place: Path) -> None:
    await make_tokens(own, Crew(2, 1, 1))
    await going.look(own, place, ())


def report_lines(ended: Ended, folder: Path) -> list[str]:
    """What the demo's report says of it, as Markdown."""
    what = "Load, records and season" if ended.report is not None else "Season; no load was played"
    lines = ["", f"## {what}: {ended.verdict.value}", ""]
    if ended.report is not None:
        lines += [f"The whole report: [{ended.report.name}]({_from(folder, ended.report)})", ""]
    lines += _table(
        ("section", "check", "target", "measured", "status"),
        [(one.section.value, one.name, one.target, one.measured, one.status.value) for one in ended.checks],
    )
    lines += ["", "## Readiness", ""]
    lines += _table(
        ("line", "state", "evidence"), [(one.line.en, one.state.value, one.evidence) for one in ended.readiness]
    )
    return lines


def _from(folder: Path, path: Path) -> str:
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else str(path)


def _table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"

    return [line(headers), "|" + "---|" * len(headers), *map(line, rows)]
