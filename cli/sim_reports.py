"""The work of `santral sim report`: simulate, ask what was asked beside it, draw, write the files."""

import platform
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

from cli.context import Session
from cli.executors import executor_of
from cli.reports.season import PICTURES, Report, season_report
from cli.reports.season_view import Need, Tornado, Versus, View
from cli.sim_seasons import Body, Wish, check_metric, simulated
from domain.errors import InvalidInput, Refused
from integration.adapters.new_files import begin, drop, is_there, unwritable, write_whole
from scenarios.scenario_loader import load_scenario
from sim.compare import compare
from sim.runner import Run
from sim.sensitivity import STEP, swings
from sim.staffing.need import busiest_monday, needs
from sim.targets import Status

NONE = "none"
TORNADO_MOST = 3
LIBRARIES = ("santral", "numpy", "scipy", "simpy", "matplotlib")


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed. `versus`: settings of a second run to hold against this one; `tornado`: a metric or `none`;
    `png`: folder for the plots; `is_forced`: write over what is there."""

    scenario: str
    sets: Sequence[str]
    out: Path
    png: Path | None = None
    versus: Sequence[str] = ()
    tornado: str = NONE
    has_need: bool = False
    is_forced: bool = False

    def check(self) -> None:
        """Before minutes are spent: InvalidInput or Refused for what cannot be written."""
        if self.out.suffix.lower() not in {".html", ".htm"}:
            raise InvalidInput("{file} must end in .html.", file=self.out.name, field="out")
        self._can_write()

    def _can_write(self) -> None:
        if self.png is not None:
            try:
                self.png.mkdir(exist_ok=True)
            except OSError as error:
                raise unwritable(self.png, error) from error
        for one in self.files if not self.is_forced else ():
            if is_there(one):
                raise Refused("{place} is there already.", place=str(one), hint="--force writes it anew.")
        drop(begin(self.out))

    @property
    def files(self) -> tuple[Path, ...]:
        """All files there may be."""
        return (self.out, *((self.png / f"{name}.png" for name in PICTURES) if self.png else ()))


def reported(session: Session, asked: Asked, wish: Wish) -> Body:
    """Simulate and write the report; the body says what was written."""
    loaded = load_scenario(asked.scenario, asked.sets)
    if asked.tornado != NONE:
        check_metric(loaded, asked.tornado, "tornado")
    if asked.versus:
        load_scenario(asked.scenario, [*asked.sets, *asked.versus])
    asked.check()
    ran = simulated(session, loaded, wish)
    view = _viewed(session, asked, wish, ran)
    report = season_report(view, session.reader, with_png=asked.png is not None)
    return _body(view, asked, _written(asked, report))


def _viewed(session: Session, asked: Asked, wish: Wish, ran: Run) -> View:
    assert ran.scores is not None  # noqa: S101 - at least one replication has run
    return View(
        loaded=ran.job.loaded,
        model=ran.season.model,
        scores=ran.scores,
        rows=ran.rows,
        seed=ran.job.seed,
        digest=ran.job.digest,
        versions=(*((name, version(name)) for name in LIBRARIES), ("Python", platform.python_version())),
        need=_need(ran) if asked.has_need else None,
        versus=_versus(session, asked, wish, ran) if asked.versus else None,
        tornado=_tornado(session, asked, wish, ran) if asked.tornado != NONE else None,
    )


def _need(ran: Run) -> Need | None:
    """Heads needed in the busiest whole week; None for a season that holds none."""
    model = ran.season.model
    try:
        monday = busiest_monday(model.demand)
    except ValueError:
        return None
    return Need(monday, needs(model, monday))


def _versus(session: Session, asked: Asked, wish: Wish, ran: Run) -> Versus:
    other = load_scenario(asked.scenario, [*asked.sets, *asked.versus])
    same = replace(wish, seed=ran.job.seed)
    return Versus(tuple(asked.versus), compare(ran, simulated(session, other, same, f"{', '.join(asked.versus)}: ")))


def _tornado(session: Session, asked: Asked, wish: Wish, ran: Run) -> Tornado:
    """On the first few replications only: each knob costs twice as many."""
    metric, count = asked.tornado, min(len(ran.figures), TORNADO_MOST)
    base = Run(ran.job, count, ran.figures[:count])
    workers = min(wish.processes, count)
    with executor_of(wish.executor, workers) as executor:
        found = swings(
            base,
            lambda more: load_scenario(asked.scenario, [*asked.sets, *more]),
            metric,
            executor=executor,
            workers=workers,
            tell=lambda done, of, knob: session.progress(f"{done}/{of} {knob}"),
        )
    value = next(row.value for row in base.rows if row.metric == metric)
    return Tornado(metric, STEP, value, count, found)


def _written(asked: Asked, report: Report) -> list[Path]:
    contents = {asked.out: report.html}
    if asked.png is not None:
        contents |= {asked.png / f"{name}.png": picture for name, picture in report.pictures.items()}
    for path, content in contents.items():
        write_whole(path, content)
    return list(contents)


def _body(view: View, asked: Asked, files: Sequence[Path]) -> Body:
    statuses = {status for metric in view.targets if (status := view.status(metric))}
    worst = next((one for one in (Status.FAIL, Status.AT_RISK) if one in statuses), Status.PASS)
    return {
        "file": str(asked.out),
        "bytes": asked.out.stat().st_size,
        "pictures": [str(one) for one in files[1:]],
        "scenario": view.loaded.name,
        "seed": view.seed,
        "replications": view.n,
        "verdict": worst.value,
    }
