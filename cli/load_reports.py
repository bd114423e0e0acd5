"""The work of `santral loadtest report`: show a run again, write its report anew, hold two against each other."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from cli.context import Session
from cli.reports.load import junit_of, load_page
from cli.reports.load_versus import versus_page
from cli.reports.load_view import LoadView
from cli.screens.reader import Reader
from domain.errors import InvalidInput, NotFound, Refused
from integration.adapters.new_files import begin, drop, is_there, write_whole
from integration.usecases.marks import N_
from loadtests.checks import Check
from loadtests.compare import changed, compare_results
from loadtests.generator import read_health
from loadtests.result import Result, read_result
from loadtests.verdict import samples_of

Body = dict[str, Any]
RUNS = Path("santral-loadtest")
LATEST = "latest"


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed. `run`, `other`: folders or run ids; `out`: a file to write, `.html` or `.xml` (JUnit)."""

    run: str
    other: str | None = None
    out: Path | None = None
    is_forced: bool = False

    def check(self) -> None:
        """Before anything is read: InvalidInput or Refused for what cannot be written."""
        if self.out is None:
            return
        kinds = {".html", ".htm"} if self.other else {".html", ".htm", ".xml"}
        if self.out.suffix.lower() not in kinds:
            raise InvalidInput("{file} must end in {kinds}.", file=self.out.name, kinds=", ".join(sorted(kinds)),
                               field="out")  # fmt: skip
        if is_there(self.out) and not self.is_forced:
            raise Refused("{place} is there already.", place=str(self.out), hint="--force writes it anew.")
        drop(begin(self.out))


def shown(session: Session, asked: Asked) -> Body:
    """One run."""
    asked.check()
    folder = folder_of(asked.run)
    result = result_of(folder)
    if asked.out is not None:
        write_whole(asked.out, _content(asked.out, folder, result, session.reader))
    report = asked.out or folder / "report.html"
    return {**result_body(result), "folder": str(folder), "report": str(report)}


def compared(session: Session, asked: Asked) -> Body:
    """B minus A."""
    asked.check()
    folders = [folder_of(asked.run), folder_of(asked.other or "")]
    a, b = (result_of(one) for one in folders)
    if asked.out is not None:
        with _readable(*folders):
            left, right = (LoadView(one, samples_of(folder), ()) for one, folder in zip((a, b), folders, strict=True))
            page = versus_page(left, right, session.reader)
        write_whole(asked.out, page)
    return {
        "a": a.run_id,
        "b": b.run_id,
        "verdicts": [a.verdict.value, b.verdict.value],
        "changed": [list(one) for one in changed(a, b)],
        "rows": [msgspec.to_builtins(one) for one in compare_results(a, b)],
        "report": str(asked.out or ""),
    }


def result_body(result: Result) -> Body:
    """A result as commands tell it with `--json`."""
    return {
        "verdict": result.verdict.value,
        "why": msgspec.to_builtins(result.why),
        "checks": [check_body(one) for one in result.checks],
        "notes": msgspec.to_builtins(result.notes),
        "multiple": result.load.multiple,
        "run_id": result.run_id,
    }


def check_body(one: Check) -> Body:
    """One line of a verdict."""
    return {
        "section": one.section.value, "name": one.name, "target": one.target, "measured": one.measured,
        "status": one.status.value, "evidence": one.evidence,
    }  # fmt: skip


def folder_of(run: str, runs: Path = RUNS) -> Path:
    """The folder of a run: a path, a run id below `./santral-loadtest`, or `latest`. NotFound without one."""
    places = [Path(run), runs / run] if run != LATEST else sorted(runs.glob("*"), key=_age, reverse=True)
    for place in places:
        if run and (place / "result.json").is_file():
            return place
    raise NotFound("There is no run {run}.", run=run, hint=N_("A run's folder has a result.json in it."))


def _age(place: Path) -> int:
    return place.stat().st_mtime_ns


def result_of(folder: Path) -> Result:
    """Its result. InvalidInput when the file is not one of ours."""
    try:
        return read_result(folder)
    except (msgspec.DecodeError, OSError) as error:
        raise InvalidInput("{file} cannot be read.", file=str(folder / "result.json"), field="run") from error


def _content(out: Path, folder: Path, result: Result, reader: Reader) -> bytes:
    if out.suffix.lower() == ".xml":
        return junit_of(result, reader)
    with _readable(folder):
        return load_page(LoadView(result, samples_of(folder), read_health(folder)), reader)


@contextmanager
def _readable(*folders: Path) -> Iterator[None]:
    """InvalidInput when what a run has recorded is damaged."""
    try:
        yield
    except (ValueError, OverflowError, csv.Error, msgspec.DecodeError, OSError) as error:
        places = ", ".join(map(str, folders))
        raise InvalidInput("What was recorded in {place} cannot be read.", place=places, field="run") from error
