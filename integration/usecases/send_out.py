"""Send what is in the outbox: at most one call for each decision to send, in the order of each case.

    queued -> sending -> accepted | failed | unknown | queued again (it never left)

The row is claimed first (`sending`), then the carrier is called, then the outcome is stored with its effects. A process
that dies in between leaves `sending`, which is treated as unknown: looked up, never sent again on a guess. Only what
never left is tried again, later each time, ten times at most; a person is then told. Of one case and channel the older
message goes first; a message that cannot go holds up nobody else (docs/algorithms/outbound.md).
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.contact import Sender
from domain.guest import ChannelIdentity
from domain.outbound import MessageKind, Purpose, Window, window_of
from integration.errors import ServiceError
from integration.ports.outbound import WINDOW_CLOSED, Accepted, Carrier, CarrierError, MaybeTaken, NotSent, NotTaken
from integration.ports.queue_records import Outgoing, OutgoingState
from integration.ports.records import Task, TaskKind
from integration.ports.store import ReadTx, Tx
from integration.usecases.desk import Desk
from integration.usecases.people import standing_case
from integration.usecases.queue_message import has_consent
from integration.usecases.sent_effects import taken

MOST_TRIES = 10
_FIRST_WAIT_S, _LONGEST_WAIT_S = 5.0, 900.0
_AT_ONCE = 8
_LATEST = 50
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
        return await _carrier(desk, row).send(row)
    except CarrierError:
        raise
    except ServiceError as error:
        raise NotSent(error.code) from error
    except Exception as error:
        raise MaybeTaken(f"broken_{type(error).__name__}") from error


def _carrier(desk: Desk, row: Outgoing) -> Carrier:
    found = desk.carriers.of(row.hotel_id, row.channel)
    if found is None:
        raise NotTaken("no_carrier")
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
        problem=None,
        document={**row.document, **accepted.facts},
    )
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
    if row.kind == MessageKind.COMMERCIAL and not has_consent(tx, row.channel, _to(row)):
        return _Claim(_moved(tx, row, now, OutgoingState.HELD, "consent_missing"), is_mine=False)
    document = {**row.document, "form": _form(tx, row, now), "sent_at": now.isoformat()}
    sending = replace(row, state=OutgoingState.SENDING, attempts=row.attempts + 1, changed_at=now, document=document)
    return _Claim(sending, is_mine=tx.update_outgoing(sending, expected=OutgoingState.QUEUED))


def _to(row: Outgoing) -> ChannelIdentity:
    return ChannelIdentity(row.handle_kind, row.handle_value, row.handle_scope)


def _before(tx: ReadTx, row: Outgoing) -> Outgoing | None:
    """The message of the same case and channel that goes first."""
    if row.case_id is None or row.purpose == Purpose.PAYMENT_CHECK:
        return None
    lane = [one for one in tx.outgoing_of_case(row.case_id) if _lane(one) == _lane(row) and one.state in _ON_ITS_WAY]
    first = min(lane, key=_order, default=row)
    return first if first.outbox_id != row.outbox_id else None


def _form(tx: ReadTx, row: Outgoing, now: datetime) -> str:
    """`text` while the channel's window is open, `person` in Instagram's longer one, else `template`."""
    if row.document.get("form") == "template":
        return "template"
    window = window_of(row.channel, last_written_at(tx, row), now)
    return {Window.OPEN: "text", Window.PERSON: "person", Window.CLOSED: "template"}[window]


def last_written_at(tx: ReadTx, row: Outgoing) -> datetime | None:
    """When the guest last wrote on this channel."""
    case = standing_case(tx, row.case_id) if row.case_id is not None else None
    rows = tx.messages_of(case.case_id) if case is not None else []
    if row.guest_id is not None:
        rows = [*rows, *tx.messages_of_guest(row.guest_id, _LATEST)]
    his = (one.at for one in rows if one.channel is row.channel and one.sender is Sender.GUEST)
    return max(his, default=None)


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
        case MaybeTaken():
            return _moved(tx, row, now, OutgoingState.UNKNOWN, error.code)
        case _:
            is_check = row.purpose == Purpose.PAYMENT_CHECK
            add_task(desk, tx, row, TaskKind.PAYMENT_CHECK if is_check else TaskKind.MESSAGE_FAILED, error.code)
            return _moved(tx, row, now, OutgoingState.FAILED, error.code)


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


def add_task(desk: Desk, tx: Tx, row: Outgoing, kind: TaskKind, why: str) -> None:
    """Tell a person."""
    known = {"outbox_id": row.outbox_id, "case_id": row.case_id, "guest_id": row.guest_id}
    ids = {name: str(value) for name, value in known.items() if value is not None}
    reservation_id = row.document.get("reservation_id")
    if reservation_id:
        ids["reservation_id"] = str(reservation_id)
    detail = f"{row.channel.value} {row.purpose}: {why}"[:200]
    tx.add_task(Task(desk.ids.new("tsk"), kind, row.hotel_id, desk.clock.now(), ids, detail))
