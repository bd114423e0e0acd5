"""From what was typed to a plan, and the file that takes the history."""

from contextlib import ExitStack
from pathlib import Path
from typing import TextIO

from cli.inputs import a_day
from cli.rehearsal.plan import START, Plan
from domain.errors import InvalidInput


def plan_of(days: int, bookings: int, seed: int, start: str | None, faults: str, agents: int, hotel: str) -> Plan:
    """The plan; InvalidInput for a day that is none."""
    return Plan(days, bookings, seed, a_day(start, "start") if start else START, faults, agents, hotel)


def history_file(files: ExitStack, path: Path | None) -> TextIO | None:
    """The file, closed with `files`; InvalidInput when it cannot be written."""
    if path is None:
        return None
    try:
        return files.enter_context(path.open("w", encoding="utf-8"))
    except OSError as error:
        raise InvalidInput(
            "{place} cannot be written: {why}.", place=str(path), why=error.strerror or "", field="out"
        ) from error
