"""What the store costs: a booking committed through the port, against bare `sqlite3` that writes the same rows.

Both write the reservation, a history line, an audit row and its head, the settled intent and the stored answer in one
durable transaction, into files of the same schema with the same settings. Bare has its rows ready; the port starts
from our values, runs on the writer's thread and is awaited. Rates are compared (elapsed time, since a durable commit
waits for the disk): alone, and with eight callers at once, who share commits.
"""

import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from benchmarks.measure import interleaved
from benchmarks.registry import Row, Sense, benchmark
from domain.guest import GuestId
from domain.money import Money
from domain.rates import CancellationTerms, NightPrice, PenaltyBasis
from domain.reservation import HistoryLine, Reservation, ReservationId, ReservationState
from domain.stay import Party, StayDates
from integration.adapters.store import open_store
from integration.adapters.store.access import padded
from integration.adapters.store.contact_rows import history_columns
from integration.adapters.store.record_rows import answer_columns, audit_columns, intent_columns
from integration.adapters.store.rows import reservation_columns
from integration.adapters.store.sqlite_file import open_file
from integration.adapters.store.texts import texts_of
from integration.adapters.store.widths import STATE_WIDTH
from integration.ports.records import AuditEntry, Intent, IntentId, IntentKind, IntentState, StoredAnswer
from integration.ports.store import Store, Tx

LIMIT = 0.4
BOOKINGS = 200
ROUNDS = 9
CALLERS = 8
NOW = datetime(2027, 5, 1, 9, 0, tzinfo=UTC)
STAY = StayDates.of_nights(date(2027, 7, 10), 7)
SENT = (IntentState.SENT, IntentState.UNKNOWN)
MAC = b"m" * 32
Statement = tuple[str, dict[str, Any]]


def _reservation(number: int) -> Reservation:
    price = Money.of("410.00", "EUR")
    return Reservation(
        reservation_id=ReservationId(f"res_{number:08}"),
        hotel_id="BELEK1",
        state=ReservationState.HOLD,
        stay=STAY,
        party=Party(2, (7, 3)),
        rooms=1,
        room_type="FAM",
        rate_plan="UAI-FLEX",
        rate_code="UAI-FLEX",
        board="UAI",
        nightly=tuple(NightPrice(night, price) for night in STAY.nights()),
        total=price.times(7),
        deposit_due=price,
        paid=Money.zero("EUR"),
        cancellation=CancellationTerms(3, PenaltyBasis.NIGHTS, Decimal(1)),
        guest_id=GuestId("gst_1"),
        request_key=f"key-{number}",
        external_ref=f"SNT-{number:032X}",
        created_at=NOW,
        created_by="agent7",
        expires_at=NOW + timedelta(minutes=15),
    )


def _intent(number: int) -> Intent:
    return Intent(
        intent_id=IntentId(f"int_{number:08}"),
        kind=IntentKind.CREATE_BOOKING,
        state=IntentState.SENT,
        hotel_id="BELEK1",
        actor="agent7",
        request_key=f"key-{number}",
        fingerprint="f" * 64,
        external_ref=f"SNT-{number:032X}",
        command='{"offer":"off_1","pick":1}' * 4,
        created_at=NOW,
        deadline=NOW + timedelta(minutes=1),
        sent_at=NOW,
        attempts=1,
    )


class Booking:
    """All that one booking writes, as our values."""

    def __init__(self, number: int) -> None:
        self.intent = _intent(number)
        self.done = replace(self.intent, state=IntentState.DONE, settled_at=NOW, pms_ref=str(number))
        self.reservation = _reservation(number)
        self.line = HistoryLine(NOW, "agent7", "hold", None, ReservationState.HOLD, (("total", "2870.00 EUR"),))
        ids = {"reservation_id": self.reservation.reservation_id, "intent_id": self.intent.intent_id}
        self.audit = AuditEntry(NOW, "agent7", "operator", "http", "hold", ids, ("state", "total"), {"gst_1": "d" * 64})
        body = '{"reservation":{"id":"res","state":"hold"}}' * 10
        until = NOW + timedelta(days=1)
        own = ("BELEK1", "agent7", self.intent.request_key, self.intent.fingerprint)
        self.answer = StoredAnswer(*own, NOW, until, self.intent.intent_id, None, body)

    def work(self, tx: Tx) -> None:
        tx.update_intent(self.done, expected=SENT)
        tx.add_reservation(self.reservation)
        tx.add_history(self.reservation.reservation_id, self.line)
        tx.add_audit(self.audit)
        tx.put_answer(self.answer)

    def rows(self, seq: int, dialect: str = "sqlite") -> list[Statement]:
        sql = texts_of(dialect).statements
        states = padded("expected", sorted(state.value for state in SENT), STATE_WIDTH)
        done = {**intent_columns(self.done), **states, "the_id": self.intent.intent_id}
        line = {**history_columns(self.line), "parent": self.reservation.reservation_id}
        return [
            (sql["update_intent"], done),
            (sql["add_reservation"], reservation_columns(self.reservation)),
            (sql["add_history"], line),
            (sql["add_audit"], {**audit_columns(self.audit, seq), "mac": MAC}),
            (sql["put_audit_head"], {"seq": seq, "mac": MAC, "sealed": 0, "proof": MAC}),
            (sql["put_answer"], answer_columns(self.answer)),
        ]


class Bare:
    """`sqlite3` and nothing else."""

    def __init__(self, folder: Path) -> None:
        self.connection = open_file(folder / "bare.sqlite", create=True)
        self.number = 0

    def take(self) -> float:
        """Seconds per booking."""
        bookings = [Booking(self.number + one) for one in range(BOOKINGS)]
        insert = texts_of("sqlite").statements["add_intent"]
        self.connection.execute("BEGIN IMMEDIATE")
        self.connection.executemany(insert, [intent_columns(one.intent) for one in bookings])
        self.connection.execute("COMMIT")
        ready = [one.rows(self.number + later + 1) for later, one in enumerate(bookings)]
        self.number += BOOKINGS
        before = time.perf_counter()
        for statements in ready:
            _commit(self.connection, statements)
        return (time.perf_counter() - before) / BOOKINGS


def _commit(connection: sqlite3.Connection, statements: list[Statement]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    for sql, parameters in statements:
        connection.execute(sql, parameters)
    connection.execute("COMMIT")


class Ours:
    """The port, from `callers` tasks at once."""

    def __init__(self, store: Store, runner: asyncio.Runner, callers: int) -> None:
        self.store = store
        self.runner = runner
        self.callers = callers
        self.number = 0

    def take(self) -> float:
        """Seconds per booking."""
        return self.runner.run(self._take())

    async def _take(self) -> float:
        bookings = [Booking(self.number + one) for one in range(BOOKINGS)]
        self.number += BOOKINGS
        await self.store.transact(lambda tx: [tx.add_intent(one.intent) for one in bookings])
        waiting = iter(bookings)
        before = time.perf_counter()
        await asyncio.gather(*(self._call(waiting) for _ in range(self.callers)))
        return (time.perf_counter() - before) / BOOKINGS

    async def _call(self, waiting: Iterator[Booking]) -> None:
        for booking in waiting:
            await self.store.transact(booking.work)

    def close(self) -> None:
        self.runner.run(self.store.close())


def _ours(folder: Path, runner: asyncio.Runner, callers: int, *, inline: bool = False) -> Ours:
    store = open_store(folder / f"ours{callers}{inline}.sqlite", inline=inline, create=True)
    return Ours(store, runner, callers)


@benchmark("store")
def book_and_commit() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder, asyncio.Runner() as runner:
        place = Path(folder)
        bare, inline = Bare(place), _ours(place, runner, 1, inline=True)
        alone, crowd = _ours(place, runner, 1), _ours(place, runner, CALLERS)
        measures: dict[str, Callable[[], float]] = {
            "bare": bare.take,
            "inline": inline.take,
            "alone": alone.take,
            "crowd": crowd.take,
        }
        taken = interleaved(ROUNDS, **measures)
        for one in (inline, alone, crowd):
            one.close()
        bare.connection.close()
    names = {"alone": "1 caller", "crowd": f"{CALLERS} callers", "inline": "inline, no thread"}
    for name, said in names.items():
        what = f"book and commit, store / bare sqlite3, {said}"
        note = f"{1 / taken[name]:.0f}/s against {1 / taken['bare']:.0f}/s"
        yield Row(what, taken["bare"] / taken[name], LIMIT, Sense.AT_LEAST, note)
