"""Bring leads in from a sheet: each row is added by the very use case that adds a lead by hand.

So a row joins the open case of its guest or opens one, its words are read, its clocks run. Its request key makes one
lead of it, however often the file is brought in, by hand or after a kill: the same key adds nothing the second time. A
row that is refused costs one line of the result. What is put right in a file comes in with the next run; a row whose
note alone has changed is refused, for the lead is here and may have gone on.
"""

from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from domain.access import Actor
from domain.case import CaseId
from domain.errors import DomainError
from integration.ports.batches import BatchKind, BatchRow, RowStatus
from integration.ports.records import Intent, IntentState
from integration.ports.sheets import Sheet, SheetRow
from integration.ports.store import ReadTx
from integration.usecases.desk import Desk
from integration.usecases.import_reservations import patiently
from integration.usecases.lead_add import add_lead, checked_lead
from integration.usecases.lead_rows import COLUMNS, LeadRow, lead_of
from integration.usecases.run_batch import BatchRun, ImportWish, begin, run_in_order
from integration.usecases.sheet_columns import cells_of, check_present, check_row, header_of, known_columns
from integration.usecases.sheet_outcomes import Occurrences, Teller, key_of

NEEDED = (("name",), ("phone", "email"))


async def import_leads(desk: Desk, actor: Actor, sheet: Sheet, wish: ImportWish) -> BatchRun:
    """Add the leads of a sheet. InvalidInput before anything is written when its columns cannot be used;
    StoreUnavailable when the run had to stop: the same call goes on."""
    header = header_of(sheet.rows)
    columns = known_columns(header, COLUMNS)
    check_present(columns, *NEEDED)
    run = await begin(desk, actor, BatchKind.LEADS, sheet, wish)
    rows = _Rows(desk, run, wish, columns, len(header.cells))
    await run_in_order(sheet.rows, rows.start, run, wish.jobs)
    return run


@dataclass
class _Rows:
    """The rows of one run. `_above`: identities above, to tell rows that are alike apart."""

    desk: Desk
    run: BatchRun
    wish: ImportWish
    columns: dict[str, int]
    width: int
    _above: Occurrences = field(default_factory=Occurrences)

    def start(self, row: SheetRow) -> Coroutine[Any, Any, BatchRow]:
        """Read a row; what is returned works on it."""
        try:
            check_row(row, self.width)
            lead = lead_of(self.desk, cells_of(row, self.columns), self.wish.hotel_id)
        except DomainError as error:
            return self._refused(row.line, error)
        return self._brought(row.line, lead, lead.key or key_of(lead.identity, self._above.of(lead.identity)))

    async def _refused(self, line: int, error: DomainError, key: str = "") -> BatchRow:
        return Teller(self.desk, self.wish.language).refused(line, error, key)

    async def _brought(self, line: int, lead: LeadRow, key: str) -> BatchRow:
        kept = await self.run.kept(line)
        if kept is not None:
            return kept
        try:
            known_id, intent = await self.desk.store.read(lambda tx: self._known(tx, lead, key))
            if known_id is not None:
                return BatchRow(line, RowStatus.SKIPPED, "there_already", "", known_id)
            if self.run.batch is None:
                return self._looked_at(line, lead, key, intent)
            return await self._added(line, lead, key, intent)
        except DomainError as error:
            return await self._refused(line, error, key)

    def _known(self, tx: ReadTx, lead: LeadRow, key: str) -> tuple[str | None, Intent | None]:
        """The case here that the row was exported from, and what was asked under its key."""
        case = tx.get_case(CaseId(lead.known_id)) if lead.known_id is not None else None
        hotel_id = str(lead.card.hotel_id)
        return case.case_id if case is not None else None, tx.intent_of_key(hotel_id, self.run.actor.name, key)

    def _looked_at(self, line: int, lead: LeadRow, key: str, intent: Intent | None) -> BatchRow:
        """A dry run: what would become of it."""
        checked_lead(self.desk, self.desk.hotel(lead.card.hotel_id), lead.card)
        if intent is not None and intent.state is IntentState.DONE:
            return BatchRow(line, RowStatus.SKIPPED, "there_already", "", intent.note, key)
        return BatchRow(line, RowStatus.OK, request_key=key)

    async def _added(self, line: int, lead: LeadRow, key: str, intent: Intent | None) -> BatchRow:
        hotel = self.desk.hotel(lead.card.hotel_id)
        answer = await patiently(self.desk, hotel, lambda: add_lead(self.desk, self.run.actor, lead.card, key))
        made = str(answer.body["case_id"])
        is_ours = intent is None or intent.batch_id == self.run.batch_id
        if answer.replayed and not is_ours:
            return BatchRow(line, RowStatus.SKIPPED, "there_already", "", made, key)
        return BatchRow(line, RowStatus.OK, "", "", made, key)
