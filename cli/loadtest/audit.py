"""The audit after the load: the generator's journal against our store against the PMS, both ways.

It comes after the load because only then everything is at rest, and it decides before every latency: one record that
was lost or doubled fails the run. The PMS is read from the mock's own file and our store from its tables, never through
the code that wrote them; the journal is what the generator was told. Reading two stores of a service that still runs
takes a moment, in which a hold may lapse: what one reading finds counts only when the next readings find it too.

`audit.json` in the run's folder has every finding; a line of the verdict has the first few.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from threading import Event

from cli.home import read_home
from cli.loadtest import audit_books as shelf
from cli.loadtest import audit_care as care
from cli.loadtest import audit_sales as sales
from cli.loadtest.audit_books import Books
from cli.loadtest.audit_found import FILE, Found, found, skipped
from cli.loadtest.audit_promises import Promises, fold, in_calls
from cli.loadtest.audit_rows import Rows, pms_rows, store_rows
from cli.loadtest.audit_stock import no_night_oversold
from cli.wiring import Hotels
from domain.hotel import HotelTerms
from domain.reservation import Guarantee, ReservationState
from integration.adapters.clock import SystemClock
from integration.adapters.store.carers import care_of
from integration.settings import Settings
from integration.usecases.marks import N_
from loadtests.checks import Check
from loadtests.journal import walk_journal
from loadtests.run_plan import JOURNAL, RunPlan

READINGS, PAUSE_S = 3, 1.0
_SALES, _RECORDS = "reservations", "records"
_NEED_PMS = (
    ("acknowledged_once", _SALES), ("pms_records_known", _RECORDS), ("books_agree", _SALES),
    ("no_night_oversold", "nights"), ("in_pms_before_call_end", _SALES),
)  # fmt: skip


def audit(
    folder: Path,
    plan: RunPlan,
    settings: Settings,
    mock_path: Path | None,
    *,
    pause: Callable[[float], object] | None = None,
) -> list[Check]:
    """Hold a run's journal against both sides. `mock_path` None: what needs the PMS's records is skipped.

    Writes `audit.json`. Raises StoreUnavailable, ConfigurationError or pms_mock.control.StoreError when a side cannot
    be read at all.
    """
    told = fold(walk_journal(sorted(folder.glob(JOURNAL.format("*")))))
    read = _Reader(folder, settings, mock_path, told)
    checks = read.once()
    for _ in range(READINGS - 1):
        if not any(one.findings for one in checks):
            break
        (pause or Event().wait)(PAUSE_S)
        checks = _lasting(checks, read.once())
    _write(folder, plan, told, checks)
    return [one.as_check() for one in checks]


def _lasting(before: list[Found], after: list[Found]) -> list[Found]:
    """Of the later reading, what both found."""
    known = {one.name: set(one.findings) for one in before}
    return [
        Found(one.name, one.of, one.looked_at, tuple(text for text in one.findings if text in known[one.name]),
              one.is_skipped, one.measured)
        for one in after
    ]  # fmt: skip


class _Reader:
    """Reads both sides and makes the checks, as often as it is asked."""

    def __init__(self, folder: Path, settings: Settings, mock_path: Path | None, told: Promises) -> None:
        self._settings, self._mock_path, self._told = settings, mock_path, told
        self._start = shelf.read_start(folder)
        terms = Hotels(settings.hotels_dir, read_home(settings.home).set_up_on)
        self._codes = codes_of(terms)
        self._systems = {one.pms.system_code for one in terms.values()}

    def once(self) -> list[Found]:
        """All checks, in the order in which they are told."""
        with ExitStack() as stack:
            ours = stack.enter_context(store_rows(self._settings))
            theirs = stack.enter_context(pms_rows(self._mock_path)) if self._mock_path is not None else None
            pms = shelf.read_theirs(theirs, self._start, self._systems) if theirs is not None else None
            offset_ms = self._offset_ms()
            if pms is not None:  # an embedded mock is shifted by its settings, a served one in its own file
                offset_ms = pms.wall_offset_ms = max(pms.wall_offset_ms, offset_ms)
            now_ms = _machine_ms() + offset_ms
            books = Books(shelf.read_ours(ours, self._start), pms, self._codes, now_ms)
            made = [*self._of_sales(books), *self._of_care(ours), *self._of_pms(books, theirs)]
        made.append(self._chain())
        order = {name: place for place, name in enumerate(_ORDER)}
        return sorted(made, key=lambda one: order[one.name])

    def _offset_ms(self) -> int:
        return int(self._settings.clock_offset.total_seconds() * 1000)

    def _of_sales(self, books: Books) -> Iterator[Found]:
        told, ours = self._told, books.ours
        count = len(ours.reservations)
        yield found("as_acknowledged", _SALES, len(told.sales), sales.as_acknowledged(told, books))
        yield found("our_records_known", _SALES, count, sales.our_records_known(told, ours))
        yield found("refused_left_nothing", "refusals", len(told.refused), sales.refused_left_nothing(told, books))
        yield found("holds_used_or_released", _SALES, count, sales.holds_used_or_released(books))
        yield found("writes_settled", "writes", ours.intents, sales.writes_settled(told, books))
        yield found("payments_agree", "reservations", count, sales.payments_agree(told, books))
        yield found("prices_as_quoted", "prices", len(told.prices), sales.prices_as_quoted(told.prices))

    def _of_care(self, rows: Rows) -> Iterator[Found]:
        told = self._told
        ((messages,),) = rows("SELECT count(*) FROM messages")
        yield found("messages_in_one_case", "messages", len(told.messages), care.messages_in_one_case(told, rows))
        yield found("no_message_without_case", "messages", messages, care.no_message_without_case(rows))
        yield found("calls_and_cases_kept", "records", len(told.things), care.calls_and_cases_kept(told, rows))

    def _of_pms(self, books: Books, rows: Rows | None) -> Iterator[Found]:
        told, pms = self._told, books.theirs
        if pms is None or rows is None:
            yield from (skipped(name, of) for name, of in _NEED_PMS)
            return
        yield found("acknowledged_once", _SALES, len(told.sales), sales.acknowledged_once(told, books, pms))
        known = sales.pms_records_known(told, books.ours, pms)
        yield found("pms_records_known", _RECORDS, len(pms.records), known)
        yield found("books_agree", _SALES, len(books.ours.reservations), sales.books_agree(books, pms))
        nights, wrong = no_night_oversold(rows, books.now_ms)
        yield found("no_night_oversold", "nights", nights, wrong)
        yield _in_time(told, sales.in_pms_before_call_end(told, pms))

    def _chain(self) -> Found:
        inspection = care_of(self._settings).look_over()
        rows = inspection.report.rows if inspection.report is not None else 0
        wrong = [f"{one.name}: {one.hint.format(**dict(one.params))}" for one in inspection.checks if not one.is_ok]
        return found("audit_chain_whole", "rows", rows, wrong)


def _in_time(told: Promises, late: Iterator[str]) -> Found:
    count, findings = sum(1 for _ in in_calls(told)), tuple(late)
    share = 100 * (1 - len(findings) / count) if count else 100.0
    said = f"{share:.1f} % of {count} reservations" if count else N_("no reservation was made in a call")
    return Found("in_pms_before_call_end", _SALES, count, findings, measured=said)


def codes_of(hotels: Mapping[str, HotelTerms]) -> dict[str, dict[str, frozenset[str]]]:
    """The PMS's guarantee codes that each state of ours may have, by the hotel's id in the PMS."""
    found_codes: dict[str, dict[str, frozenset[str]]] = {}
    for terms in hotels.values():
        codes = terms.pms.guarantee_codes
        found_codes[terms.pms.pms_hotel_id] = {
            "hold": frozenset({codes[ReservationState.HOLD]}),
            "option": frozenset({codes[ReservationState.OPTION]}),
            "confirmed": frozenset(codes[one] for one in Guarantee if one in codes),
        }
    return found_codes


def _machine_ms() -> int:
    return int(SystemClock().now().timestamp() * 1000)


def _write(folder: Path, plan: RunPlan, told: Promises, checks: list[Found]) -> None:
    body = {
        "run_id": plan.run_id,
        "writes": told.writes,
        "acknowledged_reservations": len(told.sales),
        "acknowledged_messages": len(told.messages),
        "checks": [one.body() for one in checks],
    }
    (folder / FILE).write_text(json.dumps(body, ensure_ascii=False, indent=1), encoding="utf-8")


def note_start(folder: Path, settings: Settings, mock_path: Path | None) -> None:
    """Write down what is there before a load begins, for a home that is not the run's own."""
    with ExitStack() as stack:
        ours = stack.enter_context(store_rows(settings))
        theirs = stack.enter_context(pms_rows(mock_path)) if mock_path is not None else None
        shelf.note_start(folder, ours, theirs)


_ORDER = (
    "acknowledged_once", "as_acknowledged", "pms_records_known", "our_records_known", "books_agree",
    "refused_left_nothing", "no_night_oversold", "holds_used_or_released", "payments_agree", "prices_as_quoted",
    "in_pms_before_call_end", "messages_in_one_case", "no_message_without_case", "calls_and_cases_kept",
    "writes_settled", "audit_chain_whole",
)  # fmt: skip
