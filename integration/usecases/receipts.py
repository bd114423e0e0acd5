"""What providers say became of a message they took: sent, delivered, read, or not to be delivered; in any order.

The furthest word counts: providers tell of reading before they tell of delivering, and tell everything twice. A message
that was told undeliverable and then arrives has arrived. One is found by our number, which goes along as correlation,
else by the provider's. What cannot be delivered is an event of its case and a task for a person, unless a machine wrote
it; the task goes off the board when the message arrives after all.
"""

from dataclasses import replace
from datetime import timedelta

from domain.outbound import BY_ITSELF
from integration.ports.channels import Arrival
from integration.ports.outbound import Report
from integration.ports.queue_records import CaseEvent, Outgoing, OutgoingState
from integration.ports.records import TaskKind
from integration.ports.store import ReadTx, Tx
from integration.usecases.desk import Desk
from integration.usecases.outgoing_tasks import UNSURE_TASK, add_task, end_task
from integration.usecases.people import standing_case
from integration.usecases.queue_message import OUTBOX
from integration.usecases.sent_effects import sent_at, taken
from integration.usecases.tracing import audit

FIRST_REPORT = timedelta(minutes=1)
BOUNCED_TASK = "bounced_task"
_SAYS = {
    "sent": OutgoingState.ACCEPTED,
    "accepted": OutgoingState.ACCEPTED,
    "delivered": OutgoingState.DELIVERED,
    "read": OutgoingState.READ,
    "played": OutgoingState.READ,
    "failed": OutgoingState.UNDELIVERABLE,
}
_RANK = {
    OutgoingState.HELD: 0,
    OutgoingState.QUEUED: 0,
    OutgoingState.SENDING: 0,
    OutgoingState.UNKNOWN: 0,
    OutgoingState.ACCEPTED: 1,
    OutgoingState.FAILED: 2,
    OutgoingState.UNDELIVERABLE: 2,
    OutgoingState.DELIVERED: 3,
    OutgoingState.READ: 4,
}


def take_receipt(desk: Desk, tx: Tx, arrival: Arrival) -> None:
    """Move what it is about on; a receipt for what we did not send says nothing."""
    sent = _found(tx, arrival)
    if sent is not None:
        said = Report(arrival.facts.get("status", ""), arrival.facts.get("code", ""), arrival.at)
        move_on(desk, tx, replace(sent, provider_id=sent.provider_id or arrival.about or None), said, arrival.account)


def move_on(desk: Desk, tx: Tx, sent: Outgoing, said: Report, account: str = "") -> Outgoing:
    """A message as it stands after this word of its provider; an older word changes nothing."""
    state = _SAYS.get(said.status)
    if state is None or _RANK[state] <= _RANK[sent.state]:
        return sent
    now, is_lost = desk.clock.now(), state is OutgoingState.UNDELIVERABLE
    problem = (said.code or "undeliverable") if is_lost else None
    after = replace(sent, state=state, changed_at=now, due_at=now + FIRST_REPORT, problem=problem)
    end_task(desk, tx, after, UNSURE_TASK, "happened")
    after = _lost(desk, tx, after) if is_lost else _arrived(desk, tx, after, said, account)
    tx.update_outgoing(after, expected=sent.state)
    return after


def _arrived(desk: Desk, tx: Tx, one: Outgoing, said: Report, account: str) -> Outgoing:
    end_task(desk, tx, one, BOUNCED_TASK, one.state.value)
    return taken(desk, tx, one, said.at or sent_at(one), account)


def _lost(desk: Desk, tx: Tx, one: Outgoing) -> Outgoing:
    """Said in the case and in the audit; a person is told of what a person wanted to be read."""
    now, ids = desk.clock.now(), {"hotel_id": one.hotel_id, "case_id": one.case_id, "outbox_id": one.outbox_id}
    audit(tx, OUTBOX, now, "message_undeliverable", ids)
    case = standing_case(tx, one.case_id) if one.case_id is not None else None
    if case is not None:
        detail = {"outbox_id": one.outbox_id, "channel": one.channel.value, "purpose": one.purpose}
        detail["why"] = (one.problem or "")[:100]
        tx.add_case_event(CaseEvent(case.case_id, 0, now, "undeliverable", OUTBOX.name, detail))
    if one.purpose in BY_ITSELF:
        return one
    task_id = add_task(desk, tx, one, TaskKind.MESSAGE_UNDELIVERABLE, one.problem or "")
    return replace(one, document={**one.document, BOUNCED_TASK: task_id})


def _found(tx: ReadTx, arrival: Arrival) -> Outgoing | None:
    ours = arrival.facts.get("outbox_id", "")
    if ours:
        found = tx.get_outgoing(ours)
        return found if found is not None and found.channel is arrival.channel else None
    return tx.find_outgoing(arrival.channel, arrival.about) if arrival.about else None
