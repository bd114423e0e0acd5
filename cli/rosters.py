"""A roster as files: CSV and XLSX for people, a scenario for whoever wants to run it.

Where they cannot be written is told before minutes of simulation are spent; each is there whole, or not at all.
"""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from domain.errors import InvalidInput, Refused
from integration.adapters.new_files import begin, drop, is_there, whole_file
from scenarios.scenario_files import MOST_FILES
from scenarios.scenario_loader import LoadedScenario, load_scenario
from sim.staffing.cover import Hire

Body = dict[str, Any]
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ROSTER = ("person", "desk", "language", "shift", "start", "end", *DAYS)


def roster_files(loaded: LoadedScenario, read_from: str, out: Path | None, *, force: bool) -> list[Path]:
    """CSV, XLSX and scenario; told before anything is simulated when they cannot be written."""
    if out is None:
        return []
    if not out.is_dir():
        raise InvalidInput("{folder} is not a folder.", folder=str(out), field="out")
    files = [out / f"roster-{loaded.name}{ending}" for ending in (".csv", ".xlsx", ".toml")]
    for path in files if not force else ():
        if is_there(path):
            raise Refused("{place} is there already.", place=str(path), hint="--force writes it anew.")
    if is_there(files[2]) and files[2].resolve() == Path(read_from).resolve():
        raise InvalidInput("The roster's scenario cannot be written over the one it builds on.", field="out")
    if sum(not file.startswith("--set ") for file in loaded.files) >= MOST_FILES:
        raise InvalidInput(
            "The scenario stands on {n} others, so that no roster's scenario can stand on it.", n=MOST_FILES - 1,
            field="out",
        )  # fmt: skip
    drop(begin(files[0]))
    return files


def roster_rows(hires: Sequence[Hire]) -> list[Body]:
    """One row for each person: shift, times, days worked."""
    found: list[Body] = []
    for one in hires:
        for _ in range(one.people):
            shift = one.week.shift
            found.append(
                {
                    "person": f"{one.desk}-{one.language}-{len(found) + 1}",
                    "desk": one.desk,
                    "language": one.language,
                    "shift": one.week.code,
                    "start": f"{shift.start:%H:%M}",
                    "end": f"{shift.end:%H:%M}",
                    **{name: "x" if works else "" for name, works in zip(DAYS, one.week.days, strict=True)},
                }
            )
    return found


def write_roster(files: Sequence[Path], rows: Sequence[Body]) -> None:
    """One table in every file, by its ending CSV or XLSX; each is whole or not there."""
    from openpyxl import Workbook

    table = [list(ROSTER), *([row[name] for name in ROSTER] for row in rows)]
    for path in files:
        with whole_file(path) as part:
            if path.suffix == ".csv":
                with part.open("w", encoding="utf-8-sig", newline="") as file:
                    csv.writer(file).writerows(table)
                continue
            book = Workbook()
            sheet = book.active
            if sheet is not None:
                sheet.title = "roster"
                for line in table:
                    sheet.append(line)
                sheet.freeze_panes = "A2"
            book.save(part)


def write_scenario(path: Path, text: str) -> None:
    """Whole or not at all, and only one that can be read."""
    with whole_file(path) as part:
        part.write_text(text, encoding="utf-8")
        load_scenario(part)
