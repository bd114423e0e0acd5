"""Bring calls in from a telephone system's records: closed calls, with a case each.

What a CDR does not know is not made up: it says that somebody talked, never what came of it. So

    answered                    `service`: nothing is left to do
    inbound, nobody answered    `abandoned`: to be called back, unless it is older than a day
    outbound, nobody answered   `abandoned`: nothing is left to do
    between two extensions      skipped

Each is a contact of whoever rang and joins his open case; one that begins a case of its own and leaves nothing to do
closes it (`recorded_calls`). A call is known by the system's unique id for ever, whoever brings it in, and whether or
not the exchange has told of it live. A call that rang at several extensions has a row for each: when one of them was
answered, the call-back is taken back. A guest is recognised by his number in our own memory; the PMS is neither asked
nor told (its call log stays as it is). Calls are written in groups, each with its rows' outcomes in one transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice

from domain.access import Actor
from domain.case import Call, CallId, CallOutcome, Case, Direction
from domain.contact import Vouching
from domain.errors import DomainError, InvalidInput
from domain.guest import ChannelIdentity, IdentityKind
from domain.hotel import HotelTerms
from integration.ports.batches import BatchKind, BatchRow, RowStatus
from integration.ports.sheets import Sheet, SheetRow
from integration.ports.store import ReadTx, Tx
from integration.usecases.call_rows import COLUMNS, CallRow, call_id_of, call_row
from integration.usecases.caller_file import met_by_number
from integration.usecases.contacts import fact_of
from integration.usecases.desk import Desk
from integration.usecases.marks import N_, written
from integration.usecases.recorded_calls import Recorded, answer_recorded, load_standing, put_recorded, told_live
from integration.usecases.run_batch import BatchRun, ImportWish, begin
from integration.usecases.sheet_columns import cells_of, check_present, chosen_columns, header_of
from integration.usecases.tracing import audit

NEEDED = (("unique_id",), ("caller",), ("callee",), ("started",), ("disposition", "answered_at"))
GROUP = 100
INTERNAL = N_("A call between two extensions.")
NO_NUMBER = N_("The number cannot be read; the call is kept without it.")
PBX = "pbx"
RECENT = timedelta(days=1)


async def import_calls(
    desk: Desk, actor: Actor, sheet: Sheet, wish: ImportWish, recent: timedelta = RECENT
) -> BatchRun:
    """Bring the rows of a CDR sheet in. `recent`: missed calls older than this are not called back. InvalidInput before
    anything is written when columns are missing."""
    if recent < timedelta(0):
        raise InvalidInput("A length of time is not below nothing.", field="call_back")
    columns = chosen_columns(header_of(sheet.rows), COLUMNS)
    check_present(columns, *NEEDED)
    hotel = desk.hotel(wish.hotel_id)
    run = await begin(desk, actor, BatchKind.CALLS, sheet, replace(wish, hotel_id=hotel.hotel_id))
    rows = _Rows(desk, run, wish, hotel, columns, recent)
    is_whole = False
    try:
        while group := list(islice(sheet.rows, GROUP)):
            await rows.take(group)
        is_whole = True
    finally:
        await run.end(is_whole=is_whole)
    return run


@dataclass
class _Rows:
    """The rows of one run."""

    desk: Desk
    run: BatchRun
    wish: ImportWish
    hotel: HotelTerms
    columns: Mapping[str, int]
    recent: timedelta

    async def take(self, group: list[SheetRow]) -> None:
        """Write a group; tell its outcomes once they are kept."""
        batch_id = self.run.batch_id

        def work(tx: Tx) -> list[BatchRow]:
            outcomes = [self._outcome(tx, row) for row in group]
            if batch_id is not None:
                tx.put_batch_rows(batch_id, outcomes)
            return outcomes

        if batch_id is None:
            outcomes = await self.desk.store.read(lambda tx: [self._looked_at(tx, row) for row in group])
        else:
            outcomes = await self.desk.store.transact(work)
        for outcome in outcomes:
            self.run.tell(outcome)

    def _read(self, row: SheetRow) -> CallRow:
        if row.trouble:
            raise InvalidInput(row.trouble)
        return call_row(cells_of(row, self.columns), self.hotel.zone)

    def _looked_at(self, tx: ReadTx, row: SheetRow) -> BatchRow:
        try:
            found = self._read(row)
        except DomainError as error:
            return self._failed(row.line, error)
        if found.direction is None:
            return self._said(row.line, RowStatus.SKIPPED, "internal", INTERNAL)
        key, known = found.unique_id[:255], tx.get_call(call_id_of(self.hotel.hotel_id, found))
        if known is not None:
            return BatchRow(row.line, RowStatus.SKIPPED, "there_already", "", known.call_id, key)
        return BatchRow(row.line, RowStatus.OK, request_key=key)

    def _outcome(self, tx: Tx, row: SheetRow) -> BatchRow:
        batch_id = self.run.batch_id
        kept = tx.get_batch_row(batch_id, row.line) if batch_id is not None and self.run.is_resumed else None
        if kept is not None:
            return kept
        try:
            found = self._read(row)
        except DomainError as error:
            return self._failed(row.line, error)
        if found.direction is None:
            return self._said(row.line, RowStatus.SKIPPED, "internal", INTERNAL)
        return self._brought_in(tx, row.line, found, found.direction)

    def _brought_in(self, tx: Tx, line: int, found: CallRow, direction: Direction) -> BatchRow:
        call_id, key = call_id_of(self.hotel.hotel_id, found), found.unique_id[:255]
        known = tx.get_call(call_id)
        if known is not None:
            if (
                found.is_answered
                and known.outcome is CallOutcome.ABANDONED
                and self._answered_after_all(tx, known, found)
            ):
                return BatchRow(line, RowStatus.OK, "answered_elsewhere", "", call_id, key)
            return BatchRow(line, RowStatus.SKIPPED, "there_already", "", call_id, key)
        phone = self._phone(found.number)
        recorded = self._recorded(tx, call_id, found, direction, phone)
        live = told_live(self.desk, tx, found.unique_id, recorded.guest_id)
        if live is not None and fact_of(live, "call_id"):
            return BatchRow(line, RowStatus.SKIPPED, "there_already", "", CallId(fact_of(live, "call_id")), key)
        if live is None:
            case = put_recorded(self.desk, tx, self.run.actor, self.hotel.hotel_id, recorded)
        else:
            case = load_standing(tx, live.case_id)
            tx.update_message(replace(live, document={**live.document, "call_id": call_id}))
        call = self._call(recorded, case)
        tx.add_call(call)
        self._audit(tx, call)
        if phone is None and any(one.isdigit() for one in found.number):
            said = self._said(line, RowStatus.OK, "number_unreadable", NO_NUMBER)
            return replace(said, made=call_id, request_key=key)
        return BatchRow(line, RowStatus.OK, "", "", call_id, key)

    def _recorded(self, tx: Tx, call_id: CallId, found: CallRow, direction: Direction, phone: str | None) -> Recorded:
        """Somebody nobody knows is met by his number if he is to be called back; of old calls no files are made."""
        is_recent = self.desk.clock.now() - found.ended_at <= self.recent
        guest = tx.find_guest(ChannelIdentity(IdentityKind.PHONE, phone)) if phone else None
        if guest is None and phone is not None and is_recent:
            guest = met_by_number(self.desk, tx, self.run.actor, phone, Vouching.NETWORK)
        is_missed = direction is Direction.IN and not found.is_answered
        guest_id = guest.guest_id if guest else None
        return Recorded(call_id, found, direction, phone, guest_id, is_settled=not (is_missed and is_recent))

    def _call(self, recorded: Recorded, case: Case) -> Call:
        found = recorded.row
        return Call(
            recorded.call_id,
            case.case_id,
            self.hotel.hotel_id,
            recorded.direction,
            found.agent or PBX,
            found.started_at,
            recorded.phone,
            recorded.guest_id,
            found.ended_at,
            CallOutcome.SERVICE if found.is_answered else CallOutcome.ABANDONED,
            due_on=None if recorded.is_settled else case.due_on,
        )

    def _answered_after_all(self, tx: Tx, known: Call, found: CallRow) -> bool:
        """Another leg of the call was answered: no call-back is due for it."""
        if not answer_recorded(self.desk, tx, self.run.actor, known, found):
            return False
        ended = max(found.ended_at, known.ended_at or found.ended_at)
        call = replace(
            known, actor=found.agent or known.actor, ended_at=ended, outcome=CallOutcome.SERVICE, due_on=None
        )
        tx.update_call(call)
        self._audit(tx, call)
        return True

    def _audit(self, tx: Tx, call: Call) -> None:
        ids = {
            "hotel_id": call.hotel_id, "call_id": call.call_id, "case_id": call.case_id, "guest_id": call.guest_id,
            "batch_id": self.run.batch_id,
        }  # fmt: skip
        audit(tx, self.run.actor, self.desk.clock.now(), "call_imported", ids, fields=("phone",) if call.phone else ())

    def _phone(self, number: str) -> str | None:
        """E.164, None for a withheld number and for one that is none."""
        try:
            return self.desk.phones.normalise(number) if number else None
        except InvalidInput:
            return None

    def _failed(self, line: int, error: DomainError) -> BatchRow:
        phrases, language = self.desk.phrases, self.wish.language
        said = phrases.say(language, error.template, written(phrases, language, error.params) if error.params else None)
        return BatchRow(line, RowStatus.FAILED, error.code, said)

    def _said(self, line: int, status: RowStatus, code: str, template: str) -> BatchRow:
        return BatchRow(line, status, code, self.desk.phrases.say(self.wish.language, template))
