"""What may have been taken: asked after, settled by what the provider says, else put before a person.

A row that is `sending` for half a minute has lost its process and is unknown like any other. Where the provider can be
asked by our number, its yes settles the row, and its no lets it go out again, once the settle time is over: a slow
provider may show late what it took. Where it cannot be asked, a receipt may still come (it carries our number); after
ten minutes a person decides, on the board, whether it arrived. Nothing here is sent again on a guess.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from domain.access import Actor, Permission
from domain.errors import NotFound, Refused
from integration.ports.outbound import Accepted, CarrierError, Looked
from integration.ports.queue_records import Outgoing, OutgoingState
from integration.ports.records import TaskKind
from integration.ports.store import Tx
from integration.usecases.desk import Desk
from integration.usecases.may_leave import TOO_LATE, is_too_late
from integration.usecases.outgoing_tasks import UNSURE_TASK, add_task, end_task
from integration.usecases.send_out import MOST_TRIES, accept, loaded
from integration.usecases.sent_effects import sent_at
from integration.usecases.tracing import audit

SILENT_FOR = timedelta(seconds=30)
SETTLED_AFTER = timedelta(seconds=90)
PERSON_AFTER = timedelta(minutes=10)
SELDOM = timedelta(hours=1)


async def look_up_sent(desk: Desk, limit: int) -> list[Outgoing]:
    """Look after what is unknown; the rows as they stand after."""
    before = desk.clock.now() - SILENT_FOR
    found = await desk.store.read(lambda tx: tx.unsure_outgoing(before, limit))
    return [await look_up_one(desk, one) for one in found]


async def look_up_one(desk: Desk, row: Outgoing) -> Outgoing:
    """Ask after one row, and store what that says."""
    said: Accepted | Looked = Looked.SILENT
    carrier = desk.carriers.of(row.hotel_id, row.channel)
    if carrier is not None:
        try:
            said = await carrier.look_up(row)
        except CarrierError:
            said = Looked.SILENT
    desk.point("outgoing_looked_up")
    return await desk.store.transact(lambda tx: _settled(desk, tx, row, said))


def _settled(desk: Desk, tx: Tx, seen: Outgoing, said: Accepted | Looked) -> Outgoing:
    row, now = loaded(tx, seen.outbox_id), desk.clock.now()
    if row.state not in {OutgoingState.SENDING, OutgoingState.UNKNOWN} or row.attempts != seen.attempts:
        return row
    sent = sent_at(row)
    if isinstance(said, Accepted):
        return accept(desk, tx, row.outbox_id, said, sent)
    is_settled = now - sent >= SETTLED_AFTER
    if said is Looked.ABSENT and is_settled and row.attempts < MOST_TRIES:
        end_task(desk, tx, row, UNSURE_TASK, "not_happened")
        return _changed(tx, row, now, {}, OutgoingState.QUEUED)
    if now - sent < PERSON_AFTER or row.document.get(UNSURE_TASK):
        until = now + SELDOM if row.document.get(UNSURE_TASK) else now
        return _changed(tx, row, until, {}, OutgoingState.UNKNOWN)
    if is_too_late(row, now):
        return _changed(tx, replace(row, problem=TOO_LATE), now, {}, OutgoingState.FAILED)
    task_id = add_task(desk, tx, row, TaskKind.MESSAGE_UNKNOWN, row.problem or "lost")
    return _changed(tx, row, now + SELDOM, {UNSURE_TASK: task_id}, OutgoingState.UNKNOWN)


def _changed(tx: Tx, row: Outgoing, at: datetime, more: Mapping[str, object], state: OutgoingState) -> Outgoing:
    """`at`: it is looked at again half a minute after that."""
    due = at if state is OutgoingState.QUEUED else row.due_at
    after = replace(row, state=state, changed_at=at, due_at=due, document={**row.document, **more})
    tx.update_outgoing(after, expected=row.state)
    return after


def decide_sent(desk: Desk, tx: Tx, actor: Actor, outbox_id: str, *, happened: bool) -> Outgoing:
    """A person says whether a message arrived: then it is accepted, or it goes out again. NotFound; Refused when it is
    no longer in doubt."""
    actor.require(Permission.SELL)
    row, now = tx.get_outgoing(outbox_id), desk.clock.now()
    if row is None:
        raise NotFound("There is no message {outbox_id}.", outbox_id=outbox_id)
    if row.state is not OutgoingState.UNKNOWN:
        raise Refused("Message {outbox_id} is not in doubt any more.", outbox_id=outbox_id)
    ids = {"outbox_id": row.outbox_id, "case_id": row.case_id, "outcome": "happened" if happened else "not_happened"}
    audit(tx, actor, now, "message_decided", ids)
    rest = {name: value for name, value in row.document.items() if name != UNSURE_TASK}
    undecided = replace(row, document=rest)
    if not happened:
        return _changed(tx, undecided, now, {}, OutgoingState.QUEUED)
    _changed(tx, undecided, row.changed_at, {}, OutgoingState.UNKNOWN)
    return accept(desk, tx, row.outbox_id, Accepted(row.provider_id or ""), sent_at(row))
