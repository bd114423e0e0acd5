"""A provider's receipts for what we sent: sent, delivered, read, failed, in any order.

The furthest one counts: providers tell of reading before they tell of delivering. A message that was told failed and
then arrives has arrived. One is found by the provider's number or by ours, which goes along as correlation.
"""

from dataclasses import replace

from integration.ports.channels import Arrival
from integration.ports.queue_records import Outgoing, OutgoingState
from integration.ports.store import ReadTx, Tx
from integration.usecases.desk import Desk
from integration.usecases.sent_effects import taken

_SAYS = {
    "sent": OutgoingState.ACCEPTED,
    "accepted": OutgoingState.ACCEPTED,
    "delivered": OutgoingState.DELIVERED,
    "read": OutgoingState.READ,
    "played": OutgoingState.READ,
    "failed": OutgoingState.FAILED,
}
_RANK = {
    OutgoingState.HELD: 0,
    OutgoingState.QUEUED: 0,
    OutgoingState.SENDING: 0,
    OutgoingState.UNKNOWN: 0,
    OutgoingState.ACCEPTED: 1,
    OutgoingState.FAILED: 2,
    OutgoingState.DELIVERED: 3,
    OutgoingState.READ: 4,
}


def take_receipt(desk: Desk, tx: Tx, arrival: Arrival) -> None:
    """Move what it is about on; a receipt for what we did not send says nothing."""
    state = _SAYS.get(arrival.facts.get("status", ""))
    sent = _found(tx, arrival)
    if state is None or sent is None or _RANK[state] <= _RANK[sent.state]:
        return
    problem = arrival.facts.get("code") if state is OutgoingState.FAILED else sent.problem
    after = replace(
        sent,
        state=state,
        changed_at=desk.clock.now(),
        provider_id=sent.provider_id or arrival.about or None,
        problem=problem,
    )
    if state is not OutgoingState.FAILED:
        after = taken(desk, tx, after, arrival.at or desk.clock.now(), arrival.account)
    tx.update_outgoing(after, expected=sent.state)


def _found(tx: ReadTx, arrival: Arrival) -> Outgoing | None:
    found = tx.find_outgoing(arrival.channel, arrival.about) if arrival.about else None
    ours = arrival.facts.get("outbox_id", "")
    return found or (tx.get_outgoing(ours) if ours else None)
