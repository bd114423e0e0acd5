"""Ask what became of messages that were taken, where the provider has to be asked (short messages).

The first time after a minute, then whenever the message is twice as old, every hour at most, for three days: no network
keeps a short message for longer. When a row is due next is written before it is asked for, so that of several processes
one asks; a process that dies in between only asks an hour later. An answer that says nothing new changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from integration.errors import ServiceError
from integration.ports.outbound import Carrier, CarrierError, Report, Reporting
from integration.ports.queue_records import Outgoing, OutgoingState
from integration.ports.store import Tx
from integration.usecases.desk import Desk
from integration.usecases.receipts import FIRST_REPORT, move_on
from integration.usecases.sent_effects import sent_at

SELDOM, GIVEN_UP_AFTER = timedelta(hours=1), timedelta(days=3)
NEVER = datetime(2200, 1, 1, tzinfo=UTC)


async def ask_reports(desk: Desk, limit: int) -> list[Outgoing]:
    """Ask after those that are due; the rows that moved, as they stand after."""
    now = desk.clock.now()
    due = await desk.store.read(lambda tx: tx.unreported_outgoing(now, limit))
    if not due:
        return []
    mine = await desk.store.transact(lambda tx: _claimed(tx, due, now))
    moved: list[Outgoing] = []
    for rows, carrier in _by_carrier(desk, mine):
        said = await _asked(carrier, rows)
        desk.point("reports_asked")
        if said:
            moved += await desk.store.transact(lambda tx, found=said: _told(desk, tx, found))  # type: ignore[misc]
    return moved


def _claimed(tx: Tx, due: Sequence[Outgoing], now: datetime) -> list[Outgoing]:
    mine = []
    for seen in due:
        row = tx.get_outgoing(seen.outbox_id)
        if row is None or row.state is not OutgoingState.ACCEPTED or row.due_at > now:
            continue
        later = replace(row, due_at=_next(now - sent_at(row), now))
        if tx.update_outgoing(later, expected=OutgoingState.ACCEPTED):
            mine.append(later)
    return mine


def _next(age: timedelta, now: datetime) -> datetime:
    return NEVER if age >= GIVEN_UP_AFTER else now + min(max(age, FIRST_REPORT), SELDOM)


def _by_carrier(desk: Desk, rows: Sequence[Outgoing]) -> list[tuple[list[Outgoing], Reporting]]:
    found: dict[int, tuple[list[Outgoing], Reporting]] = {}
    for row in rows:
        carrier = _carrier(desk, row)
        if isinstance(carrier, Reporting):
            found.setdefault(id(carrier), ([], carrier))[0].append(row)
    return list(found.values())


def _carrier(desk: Desk, row: Outgoing) -> Carrier | None:
    try:
        return desk.carriers.of(row.hotel_id, row.channel)
    except ServiceError:
        return None


async def _asked(carrier: Reporting, rows: Sequence[Outgoing]) -> Mapping[str, Report]:
    try:
        return await carrier.reports(rows)
    except CarrierError:
        return {}


def _told(desk: Desk, tx: Tx, said: Mapping[str, Report]) -> list[Outgoing]:
    moved = []
    for outbox_id, report in said.items():
        row = tx.get_outgoing(outbox_id)
        after = move_on(desk, tx, row, report) if row is not None else None
        if after is not None and after is not row:
            moved.append(after)
    return moved
