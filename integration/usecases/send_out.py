"""Send what is in the outbox: at most one call for each decision to send, in the order of each case.

    queued -> sending -> accepted | failed | unknown | queued again (it never left)

The row is claimed first (`sending`), then the carrier is called, then the outcome is stored with its effects. A process
that dies in between leaves `sending`, which is treated as unknown: looked up, never sent again on a guess. Only what
never left is tried again, later each time, ten times at most; a person is then told. What may not leave is held
(`may_leave`), what comes too late is dropped. Of one case and channel the older message goes first; a message that
cannot go holds up nobody else (docs/algorithms/outbound.md).
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.outbound import BY_ITSELF, Purpose
from integration.errors import ServiceError
from integration.ports.outbound import (
    NO_CARRIER,
    WINDOW_CLOSED,
    Accepted,
    Carrier,
    CarrierError,
    MaybeTaken,
    NotSent,
    NotTaken,
)
from integration.ports.queue_records import Outgoing, OutgoingState
from integration.ports.records import TaskKind
from integration.ports.store import ReadTx, Tx
from integration.usecases.address_codes import spelt_out
from integration.usecases.desk import Desk
from integration.usecases.may_leave import REFUSED_AT, TOO_LATE, form_of, hold, is_too_late, obstacle
from integration.usecases.outgoing_tasks import UNSURE_TASK, add_task, end_task
from integration.usecases.receipts import FIRST_REPORT
from integration.usecases.sent_effects import taken

MOST_TRIES = 10
_FIRST_WAIT_S, _LONGEST_WAIT_S = 5.0, 900.0
_AT_ONCE = 8
_ON_ITS_WAY = frozenset({OutgoingState.QUEUED, OutgoingState.SENDING})
_OPEN_ENDED = frozenset({OutgoingState.SENDING, OutgoingState.UNKNOWN})
Ask = Callable[[Desk, Outgoing], Awaitable[Accepted]]


@dataclass(frozen=True, slots=True)
class _Claim:
    row: Outgoing
    is_mine: bool


async def send_due(desk: Desk, limit: int, check: Ask) -> list[Outgoing]:
    """Send what is due, cases side by side, each in its order. `check`: asks after payments."""
    now = desk.clock.now()
    due = await desk.store.read(lambda tx: tx.due_outgoing(now, limit))
    lanes: dict[str, list[Outgoing]] = {}
    for one in sorted(due, key=_order):
        lanes.setdefault(_lane(one), []).append(one)
    gate = asyncio.Semaphore(_AT_ONCE)

    async def drive(lane: Sequence[Outgoing]) -> list[Outgoing]:
        async with gate:
            return [await send_one(desk, one.outbox_id, check) for one in lane]

    done = await asyncio.gather(*(drive(lane) for lane in lanes.values()))
    return [one for lane in done for one in lane]


async def send_one(desk: Desk, outbox_id: str, check: Ask) -> Outgoing:
    """Send one row if it is its turn; the row as it stands after."""
    claim = await desk.store.transact(lambda tx: _claim(desk, tx, outbox_id))
    if not claim.is_mine:
        return claim.row
    desk.point("outgoing_claimed")
    try:
        accepted = await _call(desk, claim.row, check)
    except (NotSent, NotTaken, MaybeTaken) as error:
        failure = error
        desk.point("outgoing_not_sent")
        return await desk.store.transact(lambda tx: _not_accepted(desk, tx, claim.row, failure))
    desk.point("outgoing_sent")
    after = await desk.store.transact(lambda tx: accept(desk, tx, claim.row.outbox_id, accepted, desk.clock.now()))
    desk.point("outgoing_stored")
    return after


async def _call(desk: Desk, row: Outgoing, check: Ask) -> Accepted:
    if row.purpose == Purpose.PAYMENT_CHECK:
        return await check(desk, row)
    try:
        return await _carrier(desk, row).send(await spelt_out(desk, row))
    except CarrierError:
        raise
    except ServiceError as error:
        raise NotSent(error.code) from error
    except Exception as error:
        raise MaybeTaken(f"broken_{type(error).__name__}") from error


def _carrier(desk: Desk, row: Outgoing) -> Carrier:
    found = desk.carriers.of(row.hotel_id, row.channel)
    if found is None:
        raise NotTaken(NO_CARRIER)
    return found


def accept(desk: Desk, tx: Tx, outbox_id: str, accepted: Accepted, at: datetime) -> Outgoing:
    """The provider has it. A receipt may have said so before; whichever comes first gives it its effects."""
    row = loaded(tx, outbox_id)
    if row.state not in _OPEN_ENDED:
        return row
    known = replace(
        row,
        state=OutgoingState.ACCEPTED,
        provider_id=accepted.provider_id or row.provider_id,
        changed_at=desk.clock.now(),
        due_at=desk.clock.now() + FIRST_REPORT,
        problem=None,
        document={**row.document, **accepted.facts},
    )
    end_task(desk, tx, row, UNSURE_TASK, "happened")
    after = taken(desk, tx, known, at, accepted.account)
    tx.update_outgoing(after, expected=row.state)
    return after


def loaded(tx: ReadTx, outbox_id: str) -> Outgoing:
    """A row that must be there."""
    row = tx.get_outgoing(outbox_id)
    if row is None:
        raise LookupError(outbox_id)
    return row


def _order(one: Outgoing) -> tuple[datetime, str]:
    return one.created_at, one.outbox_id


def _lane(one: Outgoing) -> str:
    """Rows that go one after the other."""
    is_check = one.purpose == Purpose.PAYMENT_CHECK
    return one.outbox_id if one.case_id is None or is_check else f"{one.case_id}:{one.channel.value}"


def _claim(desk: Desk, tx: Tx, outbox_id: str) -> _Claim:
    row, now = loaded(tx, outbox_id), desk.clock.now()
    if row.state is not OutgoingState.QUEUED or row.due_at > now:
        return _Claim(row, is_mine=False)
    before = _before(tx, row)
    if before is not None:
        later = replace(row, due_at=max(before.due_at, now), changed_at=now)
        tx.update_outgoing(later, expected=OutgoingState.QUEUED)
        return _Claim(later, is_mine=False)
    if is_too_late(row, now):
        _tell(desk, tx, row, TOO_LATE)
        return _Claim(_moved(tx, row, now, OutgoingState.FAILED, TOO_LATE), is_mine=False)
    why = obstacle(desk, tx, row, now)
    if why is not None:
        return _Claim(_held(desk, tx, row, why), is_mine=False)
    document = {**row.document, "form": form_of(tx, row, now), "sent_at": now.isoformat()}
    sending = replace(row, state=OutgoingState.SENDING, attempts=row.attempts + 1, changed_at=now, document=document)
    return _Claim(sending, is_mine=tx.update_outgoing(sending, expected=OutgoingState.QUEUED))


def _before(tx: ReadTx, row: Outgoing) -> Outgoing | None:
    """The message of the same case and channel that goes first."""
    if row.case_id is None or row.purpose == Purpose.PAYMENT_CHECK:
        return None
    lane = [one for one in tx.outgoing_of_case(row.case_id) if _lane(one) == _lane(row) and one.state in _ON_ITS_WAY]
    first = min(lane, key=_order, default=row)
    return first if first.outbox_id != row.outbox_id else None


def _not_accepted(desk: Desk, tx: Tx, sent: Outgoing, error: NotSent | NotTaken | MaybeTaken) -> Outgoing:
    """Unless somebody else has settled it meanwhile (a receipt, a person)."""
    row, now = loaded(tx, sent.outbox_id), desk.clock.now()
    if row.state is not OutgoingState.SENDING or row.attempts != sent.attempts:
        return row
    match error:
        case NotSent() if row.attempts < MOST_TRIES:
            wait = timedelta(seconds=max(wait_s(row.attempts), error.retry_after_s or 0.0))
            return _moved(tx, replace(row, due_at=now + wait), now, OutgoingState.QUEUED, error.code)
        case NotTaken() if error.code == WINDOW_CLOSED and row.document.get("template") and _was_free(row):
            again = replace(row, document={**row.document, "form": "template"}, due_at=now)
            return _moved(tx, again, now, OutgoingState.QUEUED, error.code)
        case NotTaken() if error.code == WINDOW_CLOSED and not row.document.get("template"):
            refused = replace(row, document={**row.document, REFUSED_AT: now.isoformat()})
            return _held(desk, tx, refused, WINDOW_CLOSED)
        case MaybeTaken():
            return _moved(tx, row, now, OutgoingState.UNKNOWN, error.code)
        case _:
            _tell(desk, tx, row, error.code)
            return _moved(tx, row, now, OutgoingState.FAILED, error.code)


def _tell(desk: Desk, tx: Tx, row: Outgoing, code: str) -> None:
    """Somebody has to see to it, unless it is only what a machine wrote by itself."""
    if row.purpose not in BY_ITSELF:
        is_check = row.purpose == Purpose.PAYMENT_CHECK
        add_task(desk, tx, row, TaskKind.PAYMENT_CHECK if is_check else TaskKind.MESSAGE_FAILED, code)


def _held(desk: Desk, tx: Tx, row: Outgoing, why: str) -> Outgoing:
    stored = loaded(tx, row.outbox_id)
    after = hold(desk, tx, row, why)
    tx.update_outgoing(after, expected=stored.state)
    return after


def _was_free(row: Outgoing) -> bool:
    return row.document.get("form") != "template"


def wait_s(attempts: int) -> float:
    """Seconds until the next try: 10, 20, 40, ... 900."""
    return float(min(_FIRST_WAIT_S * 2**attempts, _LONGEST_WAIT_S))


def _moved(tx: Tx, row: Outgoing, now: datetime, state: OutgoingState, problem: str) -> Outgoing:
    stored = loaded(tx, row.outbox_id)
    after = replace(row, state=state, changed_at=now, problem=problem)
    tx.update_outgoing(after, expected=stored.state)
    return after
