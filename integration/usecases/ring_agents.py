"""When a telephone system says whose telephone rings, that agent's call is opened for him.

A call is opened once, for the first agent it rings at, and goes to whoever takes it; one that nobody took ends by
itself as abandoned, one that was taken ends when the agent says how. A step that is heard of long after, or after the
end, opens nothing; nor does one of a call that the agent has started himself.
"""

from dataclasses import replace
from datetime import timedelta

from domain.case import Call, CallId, CallOutcome, Direction
from integration.ports.hooks import Hook
from integration.ports.queue_records import StoredMessage
from integration.ports.store import ReadTx, Tx
from integration.usecases.call_case import open_calls
from integration.usecases.contacts import CALL_STEPS, ContactEvent, event_of, fact_of
from integration.usecases.desk import Desk
from integration.usecases.tracing import audit
from integration.usecases.who_is_it import INTAKE

FRESH = timedelta(minutes=30)


def ring_agents(desk: Desk, tx: Tx, hook: Hook, hotel_id: str, row: StoredMessage) -> None:
    """Follow a call by one of its steps, which is in its case already."""
    event = event_of(row)
    if event not in CALL_STEPS:
        return
    thread = [one for one in tx.messages_of(row.case_id) if one.thread == row.thread and one.account == row.account]
    steps = {event_of(one) for one in thread}
    call = _open_call(tx, thread)
    if ContactEvent.CALL_ENDED in steps:
        if call is not None and ContactEvent.CALL_ANSWERED not in steps and fact_of(row, "missed") != "no":
            tx.update_call(replace(call, ended_at=row.at, outcome=CallOutcome.ABANDONED))
        return
    agent = hook.extensions.get(fact_of(row, "agent"))
    if agent is None or desk.clock.now() - row.at > FRESH:
        return
    if call is None:
        if not open_calls(tx, agent, hotel_id, row.handle_value):
            _open(desk, tx, hotel_id, row, agent)
    elif event is ContactEvent.CALL_ANSWERED and call.actor != agent:
        tx.update_call(replace(call, actor=agent))


def _open_call(tx: ReadTx, thread: list[StoredMessage]) -> Call | None:
    """The call that one of the steps opened, while it is open."""
    opened = next((found for one in thread if (found := fact_of(one, "call_id"))), "")
    call = tx.get_call(CallId(opened)) if opened else None
    return call if call is not None and call.is_open else None


def _open(desk: Desk, tx: Tx, hotel_id: str, row: StoredMessage, agent: str) -> None:
    direction = Direction.OUT if fact_of(row, "direction") == "out" else Direction.IN
    call = Call(
        CallId(desk.ids.new("cal")), row.case_id, hotel_id, direction, agent, row.at, row.handle_value, row.guest_id
    )
    tx.add_call(call)
    tx.update_message(replace(row, document={**row.document, "call_id": call.call_id}))
    ids = {"hotel_id": hotel_id, "call_id": call.call_id, "case_id": call.case_id, "guest_id": call.guest_id}
    audit(tx, INTAKE, desk.clock.now(), "call_rang", ids)
