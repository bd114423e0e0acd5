"""Lead sheets for tests: rows in memory, and the plain row that brings a lead."""

from collections.abc import Iterable
from typing import Any

from domain.access import Actor
from integration.ports.batches import BatchRow
from integration.ports.sheets import Cell
from integration.usecases.export_leads import LeadExport, Row
from integration.usecases.import_leads import import_leads
from integration.usecases.list_cases import CaseQuestion
from integration.usecases.run_batch import BatchRun, ImportWish
from tests.fakes.desk import Office
from tests.unit.batches.sheets import a_sheet
from tests.unit.usecases.selling import ADMIN

HEADER = ("channel", "name", "phone", "email", "source", "check_in", "nights", "adults", "child_ages", "note")


def a_lead(number: int = 0, **over: Cell) -> tuple[Cell, ...]:
    """A lead of a guest of his own."""
    row: dict[str, Cell] = {
        "channel": "web_form", "name": f"Anna Schmidt{chr(97 + number % 26)}", "phone": f"+49151230{number:05d}",
        "email": None, "source": "ITB 2027", "check_in": "2027-07-10", "nights": 7, "adults": 2, "child_ages": "7;3",
        "note": "A quiet family room, please.",
    }  # fmt: skip
    return tuple((row | over)[name] for name in HEADER)


async def leads_in(office: Office, rows: Iterable[tuple[Cell, ...]], **wish: Any) -> tuple[BatchRun, list[BatchRow]]:
    """Import rows; the run and what was reported."""
    told: list[BatchRow] = []
    sheet = a_sheet(rows, wish.pop("header", HEADER), wish.pop("digest", ""))
    actor = wish.pop("actor", ADMIN)
    run = await import_leads(office.desk, actor, sheet, ImportWish(report=told.append, **wish))
    return run, told


async def leads_out(office: Office, actor: Actor = ADMIN, **asked: Any) -> list[Row]:
    """Export; all rows."""
    export = LeadExport(office.desk, actor, CaseQuestion(**asked))
    return [row async for page in export.pages() for row in page]
