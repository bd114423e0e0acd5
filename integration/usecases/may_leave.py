"""What keeps a message from leaving now, though it was right to queue it: a consent taken back, a window that has
closed and no template to open it, or no way out of the house on its channel. And how it goes: as free text, or by
template.

Such a message is **held**, not lost: it is on the board and listed, it is looked at again and again, and goes out by
itself when its reason is gone - the guest allows it, writes to us again, or the channel gets its carrier. Whoever ends
the task before that has given the message up. What a machine wrote by itself is never held: it would come too late.
What is over meanwhile (an offer, a payment link) does not leave any more; its task stays on the board.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from domain.access import Actor
from domain.contact import Channel, Sender
from domain.guest import ChannelIdentity
from domain.outbound import BY_ITSELF, MessageKind, Purpose, Window, window_of
from integration.errors import ServiceError
from integration.ports.outbound import NO_CARRIER, WINDOW_CLOSED
from integration.ports.queue_records import Outgoing, OutgoingState
from integration.ports.records import TaskKind
from integration.ports.store import ReadTx, Tx
from integration.usecases.desk import Desk
from integration.usecases.outgoing_tasks import add_task, end_task
from integration.usecases.people import standing_case
from integration.usecases.queue_message import OUTBOX, has_consent
from integration.usecases.tracing import audit

CONSENT_MISSING, TOO_LATE, GIVEN_UP = "consent_missing", "too_late", "given_up"
HELD_TASK, REFUSED_AT = "held_task", "window_refused_at"
_SOONEST, _LATEST_LOOK, _PART_OF_AGE = timedelta(seconds=15), timedelta(minutes=5), 20
_LATEST = 50


def obstacle(desk: Desk, tx: ReadTx, row: Outgoing, now: datetime) -> str | None:
    """Why a message may not leave now, as a code; None when it may."""
    if row.channel is Channel.PAYMENT or row.purpose == Purpose.PAYMENT_CHECK:
        return None
    if row.kind == MessageKind.COMMERCIAL and not has_consent(tx, row.channel, _to(row)):
        return CONSENT_MISSING
    if not row.document.get("template") and (form_of(tx, row, now) == "template" or _was_refused(tx, row)):
        return WINDOW_CLOSED
    return None if _has_way_out(desk, row) else NO_CARRIER


def _to(row: Outgoing) -> ChannelIdentity:
    return ChannelIdentity(row.handle_kind, row.handle_value, row.handle_scope)


def _was_refused(tx: ReadTx, row: Outgoing) -> bool:
    """The provider saw the window closed where we did not, and the guest has not written since."""
    refused_at = row.document.get(REFUSED_AT)
    written_at = last_written_at(tx, row) if refused_at else None
    return bool(refused_at) and (written_at is None or written_at <= datetime.fromisoformat(str(refused_at)))


def _has_way_out(desk: Desk, row: Outgoing) -> bool:
    """A carrier that is set up wrongly is one: the message waits for it like for any other that does not answer."""
    try:
        return desk.carriers.of(row.hotel_id, row.channel) is not None
    except ServiceError:
        return True


def form_of(tx: ReadTx, row: Outgoing, now: datetime) -> str:
    """`text` while the channel's window is open, `person` in Instagram's longer one, else `template`."""
    if row.document.get("form") == "template" and row.document.get("template"):
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


def is_too_late(row: Outgoing, now: datetime) -> bool:
    """Whether nobody has any use for it any more; dead AT the instant."""
    until = row.document.get("use_by")
    return bool(until) and now >= datetime.fromisoformat(str(until))


def hold(desk: Desk, tx: Tx, row: Outgoing, why: str) -> Outgoing:
    """Keep a message back, and tell a person; what a machine wrote by itself is given up. The row as it is then."""
    now = desk.clock.now()
    if row.purpose in BY_ITSELF:
        return replace(row, state=OutgoingState.FAILED, changed_at=now, problem=why)
    held = replace(row, state=OutgoingState.HELD, changed_at=now, due_at=_look_at(row, now), problem=why)
    task_id = add_task(desk, tx, held, TaskKind.MESSAGE_HELD, why)
    return replace(held, document={**row.document, HELD_TASK: task_id})


def _look_at(row: Outgoing, now: datetime) -> datetime:
    """Looked at again after a twentieth of its age: a quarter of a minute at least, five minutes at most."""
    return now + min(max((now - row.created_at) / _PART_OF_AGE, _SOONEST), _LATEST_LOOK)


async def release_held(desk: Desk, limit: int) -> list[Outgoing]:
    """Look at what is held: what may leave by now is queued again. The rows that moved."""
    now = desk.clock.now()
    found = await desk.store.read(lambda tx: tx.held_outgoing(now, limit))
    return await desk.store.transact(lambda tx: _looked_at(desk, tx, found)) if found else []


def _looked_at(desk: Desk, tx: Tx, found: Sequence[Outgoing]) -> list[Outgoing]:
    moved = []
    for seen in found:
        row = tx.get_outgoing(seen.outbox_id)
        if row is None or row.state is not OutgoingState.HELD:
            continue
        after = _after_look(desk, tx, row)
        tx.update_outgoing(after, expected=OutgoingState.HELD)
        moved += [after] if after.state is not OutgoingState.HELD else []
    return moved


def _after_look(desk: Desk, tx: Tx, row: Outgoing) -> Outgoing:
    now = desk.clock.now()
    if is_too_late(row, now):
        return replace(row, state=OutgoingState.FAILED, changed_at=now, problem=TOO_LATE)
    why = obstacle(desk, tx, row, now)
    if why is not None:
        return replace(row, due_at=_look_at(row, now), problem=why)
    end_task(desk, tx, row, HELD_TASK, "released")
    ids = {"hotel_id": row.hotel_id, "case_id": row.case_id, "outbox_id": row.outbox_id}
    audit(tx, OUTBOX, now, "message_released", ids)
    return replace(row, state=OutgoingState.QUEUED, changed_at=now, due_at=now, problem=None)


def give_up(desk: Desk, tx: Tx, actor: Actor, outbox_id: str) -> None:
    """A person has seen to it otherwise: a held message will not go out any more."""
    row, now = tx.get_outgoing(outbox_id), desk.clock.now()
    if row is None or row.state is not OutgoingState.HELD:
        return
    after = replace(row, state=OutgoingState.FAILED, changed_at=now, problem=GIVEN_UP)
    tx.update_outgoing(after, expected=OutgoingState.HELD)
    ids = {"hotel_id": row.hotel_id, "case_id": row.case_id, "outbox_id": row.outbox_id}
    audit(tx, actor, now, "message_given_up", ids)
