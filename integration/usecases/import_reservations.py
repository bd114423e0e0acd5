"""Bring reservations in from a sheet: each row is sold by the very use case that sells on the telephone.

So a row has all its rules (guarantee, special requests, live price and stock) and all its safety: its request key makes
one reservation of it, however often the file is brought in, by hand or after a kill. A row that is refused costs one
line of the result; an outcome that is not known leaves the batch unfinished, and the next run of the same file looks
for it; a PMS that is down stops the run, and the next one goes on.
"""

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field, replace
from typing import Any

from domain.access import Actor
from domain.errors import DomainError, InFlight, InvalidInput, KeyReused
from domain.hotel import HotelTerms
from domain.money import Money
from domain.reservation import ReservationId, ReservationState
from integration.errors import OutcomePending, OutcomeUnknown, PmsProtocolError, PmsRejected, PmsUnavailable
from integration.ports.batches import BatchKind, BatchRow, RowStatus
from integration.ports.records import Intent, IntentState
from integration.ports.sheets import Sheet, SheetRow
from integration.ports.store import ReadTx
from integration.usecases.book_stay import book_stay, check_guaranteed
from integration.usecases.booking_request import BookRequest
from integration.usecases.booking_steps import price_changed
from integration.usecases.desk import Desk
from integration.usecases.marks import N_
from integration.usecases.opening import PATIENCE
from integration.usecases.price_stay import price_of
from integration.usecases.recognise_guest import load_guest
from integration.usecases.reservation_rows import COLUMNS, RowSale, sale_of
from integration.usecases.run_batch import BatchRun, ImportWish, begin, run_in_order
from integration.usecases.sheet_columns import cells_of, check_present, check_row, header_of, known_columns
from integration.usecases.sheet_outcomes import Occurrences, Teller, key_of
from integration.usecases.write_guest import profile_of

NEEDED = (
    ("check_in",), ("nights", "check_out"), ("adults",), ("room_type",), ("rate_plan",), ("status",),
    ("phone", "email", "guest_id"),
)  # fmt: skip
MOST_GENERATIONS = 1000
PMS_TRIES, MOST_WAIT_S = 3, 10.0
AGAIN = N_("Run the same command again: it goes on where it stopped, and nothing is done twice.")


async def import_reservations(desk: Desk, actor: Actor, sheet: Sheet, wish: ImportWish) -> BatchRun:
    """Sell the rows of a sheet. InvalidInput before anything is written when its columns cannot be used; PmsUnavailable
    or StoreUnavailable when the run had to stop: the same call goes on."""
    header = header_of(sheet.rows)
    columns = known_columns(header, COLUMNS)
    check_present(columns, *NEEDED)
    run = await begin(desk, actor, BatchKind.RESERVATIONS, sheet, wish)
    rows = _Rows(desk, run, wish, columns, len(header.cells))
    try:
        await run_in_order(sheet.rows, rows.start, run, wish.jobs)
    except PmsUnavailable as error:
        error.hint = error.hint or AGAIN
        raise
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

    @property
    def teller(self) -> Teller:
        """Says what became of a row."""
        return Teller(self.desk, self.wish.language)

    def start(self, row: SheetRow) -> Coroutine[Any, Any, BatchRow]:
        """Read a row; what is returned works on it."""
        try:
            check_row(row, self.width)
            sale = sale_of(self.desk, cells_of(row, self.columns), self.wish.hotel_id)
        except DomainError as error:
            return self._refused(row.line, error)
        return self._sold(row.line, sale, self._occurrence(sale))

    def _occurrence(self, sale: RowSale) -> int:
        return 0 if sale.key is not None else self._above.of(sale.identity)

    async def _refused(self, line: int, error: DomainError, key: str = "") -> BatchRow:
        return self.teller.refused(line, error, key)

    async def _sold(self, line: int, sale: RowSale, occurrence: int) -> BatchRow:
        kept = await self.run.kept(line)
        if kept is not None:
            return kept
        key = ""
        try:
            key, intent, made = await self.desk.store.read(lambda tx: self._found(tx, sale, occurrence))
            if made is not None:
                return BatchRow(line, RowStatus.SKIPPED, "there_already", "", made, key)
            request = self._request(sale, key, intent)
            await patiently(self.desk, self._hotel(sale), lambda: self._checked(sale, request, intent))
            if self.run.batch is None:
                return BatchRow(line, RowStatus.OK, request_key=key)
            return await self._booked(line, request, intent)
        except DomainError as error:
            return await self._refused(line, error, key)
        except (OutcomeUnknown, PmsProtocolError) as error:
            return self.teller.said(line, RowStatus.UNKNOWN, error.code, error.template, error.params, key)
        except PmsRejected as error:
            return self.teller.said(line, RowStatus.FAILED, error.code, error.template, error.params, key)

    def _hotel(self, sale: RowSale) -> HotelTerms:
        return self.desk.hotel(sale.wish.hotel_id)

    def _found(self, tx: ReadTx, sale: RowSale, occurrence: int) -> tuple[str, Intent | None, str | None]:
        """The row's key, what was asked under it, and the reservation that is there already (a dry run asks too)."""
        if sale.known_id is not None and tx.get_reservation(ReservationId(sale.known_id)) is not None:
            return "", None, sale.known_id
        for generation in range(MOST_GENERATIONS):
            key = sale.key or key_of(sale.identity, occurrence, generation)
            intent = tx.intent_of_key(str(sale.wish.hotel_id), self.run.actor.name, key)
            if intent is None:
                return key, None, None
            if sale.key is not None or self._stands(tx, intent):
                self._check_guest(tx, sale, intent)
                return key, intent, self._made(tx, intent) if self.run.batch is None else None
        raise InvalidInput("This row was refused or rolled back too often; give it a key of its own.", field="key")

    def _stands(self, tx: ReadTx, intent: Intent) -> bool:
        """Whether what was asked then is this row's; what an earlier batch ended with a no, or what was rolled back
        since, is asked anew under the next key."""
        if intent.batch_id is not None and intent.batch_id == self.run.batch_id:
            return True
        if intent.state is IntentState.REFUSED:
            return False
        made = tx.find_reservation(external_ref=intent.external_ref) if intent.state is IntentState.DONE else None
        return made is None or made.state is not ReservationState.ROLLED_BACK

    def _made(self, tx: ReadTx, intent: Intent) -> str | None:
        found = tx.find_reservation(external_ref=intent.external_ref)
        return found.reservation_id if found is not None and intent.state is IntentState.DONE else None

    def _check_guest(self, tx: ReadTx, sale: RowSale, intent: Intent) -> None:
        """A key of the sheet's own belongs to one guest."""
        card = sale.request.card
        if sale.key is None or card is None or not card.name or intent.guest_id is None:
            return
        keys = self.desk.names.keys
        if not keys(load_guest(tx, intent.guest_id).full_name) & keys(card.name):
            raise KeyReused("The request key {key} was used for another command.", key=sale.key, field="key")

    def _request(self, sale: RowSale, key: str, intent: Intent | None) -> BookRequest:
        """The command. A row that was asked before keeps the guest of then: he may have been stored without a number
        of his own, and could not be found again."""
        guest_id = intent.guest_id if intent is not None else sale.request.guest_id
        return replace(
            sale.request,
            request_key=key,
            guest_id=guest_id or sale.request.guest_id,
            expected_total=self._expected(sale),
        )

    def _expected(self, sale: RowSale) -> Money | None:
        if sale.expected is None:
            return None
        amount, currency = sale.expected
        return Money.of(amount, currency or self._hotel(sale).currency_for(sale.wish.currency, sale.wish.market))

    async def _checked(self, sale: RowSale, request: BookRequest, intent: Intent | None) -> None:
        """Refuse what can be refused before anything is written; a dry run, and a row with a price, asks the PMS."""
        if intent is not None:
            return
        hotel = self._hotel(sale)
        if sale.wish.rooms > hotel.rules.group_rooms:
            raise InvalidInput("More than {most} rooms are a group.", most=hotel.rules.group_rooms, field="rooms")
        check_guaranteed(request)
        hotel.check_requests(request.requests)
        await self._check_who(request)
        if self.run.batch is None or request.expected_total is not None:
            candidate = await price_of(self.desk, hotel, sale.wish)
            if request.expected_total not in {None, candidate.total}:
                raise price_changed(request.expected_total, candidate.total)

    async def _check_who(self, request: BookRequest) -> None:
        guest_id = request.guest_id
        if guest_id is not None:
            await self.desk.store.read(lambda tx: load_guest(tx, guest_id))
        elif request.card is not None:
            profile_of(self.desk, request.card)

    async def _booked(self, line: int, request: BookRequest, intent: Intent | None) -> BatchRow:
        hotel = self.desk.hotel(request.wish.hotel_id if request.wish else None)
        answer = await patiently(self.desk, hotel, lambda: book_stay(self.desk, self.run.actor, request))
        is_ours = intent is None or intent.batch_id == self.run.batch_id
        made = str(answer.body["reservation_id"])
        if answer.replayed and not is_ours:
            return BatchRow(line, RowStatus.SKIPPED, "there_already", "", made, request.request_key)
        return BatchRow(line, RowStatus.OK, "", "", made, request.request_key)


async def patiently(desk: Desk, hotel: HotelTerms, ask: Callable[[], Awaitable[Any]]) -> Any:  # noqa: ANN401
    """Ask, and again while waiting helps: an earlier try is still in flight or must settle, our share of the PMS's
    calls is used up, a single read went wrong. A PMS that is down is told at once.
    """
    left, tries, wait = (hotel.rules.settle + PATIENCE).total_seconds() + MOST_WAIT_S, 1, 0.1
    while True:
        try:
            return await ask()
        except (InFlight, OutcomePending) as error:
            if left <= 0:
                raise OutcomePending(error.template, hint=error.hint, **error.params) from error
        except PmsUnavailable as error:
            tries += error.retry_after is None
            if error.down_since is not None or left <= 0 or tries > PMS_TRIES:
                raise
            wait = min(error.retry_after or 1.0, MOST_WAIT_S)
        await desk.clock.sleep(wait)
        left -= wait
        wait = min(wait * 2, MOST_WAIT_S)
