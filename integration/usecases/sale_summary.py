"""A sale on the telephone wants its written summary; once a provider has taken it, its handoff is solved.

Looked at after every change of a case, as the rules that raise handoffs are: so it does not matter whether the summary
went out before the call ended or after, by which channel, or in which of two cases that are one now. A sale of several
rooms is told when each reservation that still stands has been summed up; that a summary waits in the outbox, or was
refused, tells nobody anything.
"""

from collections.abc import Sequence

from domain.access import Actor
from domain.case import CallOutcome, Case
from domain.handoff import Handoff, HandoffState, Trigger
from domain.outbound import Purpose
from domain.reservation import SELLING
from integration.ports.queue_records import CaseEvent, StoredHandoff, StoredMessage
from integration.ports.store import ReadTx, Tx
from integration.usecases.contacts import call_of, fact_of
from integration.usecases.desk import Desk
from integration.usecases.handoff_case_views import handoff_of, stored_handoff
from integration.usecases.people import standing_case
from integration.usecases.tracing import audit


def solve_told_sales(desk: Desk, tx: Tx, actor: Actor, case: Case, rows: Sequence[StoredMessage]) -> None:
    """Solve the handoffs of those sales of a case whose summaries have been taken. `rows`: its contacts."""
    sold = [row for row in rows if fact_of(row, "outcome") == CallOutcome.SOLD and call_of(row)]
    if not sold:
        return
    raised = _raised(tx, case, rows)
    if not any(handoff_of(one).is_live for one in raised):
        return
    told = {fact_of(row, "reservation_id") for row in rows if fact_of(row, "purpose") == Purpose.SUMMARY}
    wanted: dict[str, set[str]] = {}
    for row in sold:
        own = next((one for one in raised if one.triggered_at >= min(row.at, row.received_at)), None)
        if own is not None:
            found = tx.list_reservations(call_id=call_of(row), states=SELLING)
            wanted.setdefault(own.handoff_id, set()).update(one.reservation_id for one in found)
    for one in raised:
        if handoff_of(one).is_live and wanted.get(one.handoff_id) and wanted[one.handoff_id] <= told:
            _solve(desk, tx, actor, case, one)


def _raised(tx: ReadTx, case: Case, rows: Sequence[StoredMessage]) -> list[StoredHandoff]:
    """Handoffs for a summary in the case and in those that became part of it, oldest first."""
    homes = {row.home_case for row in rows} - {case.case_id}
    parts = {home for home in homes if (now := standing_case(tx, home)) and now.case_id == case.case_id}
    found = [one for place in (case.case_id, *sorted(parts)) for one in tx.list_handoffs(case_id=place)]
    return sorted(
        (one for one in found if one.trigger == Trigger.PHONE_SALE), key=lambda one: (one.triggered_at, one.handoff_id)
    )


def _solve(desk: Desk, tx: Tx, actor: Actor, case: Case, stored: StoredHandoff) -> None:
    now = desk.clock.now()
    after = stored_handoff(
        _solved(handoff_of(stored), desk, actor), stored.hotel_id, stored.from_actor, stored.to_actor
    )
    if not tx.update_handoff(after, expected=stored.state):
        return
    detail = {"handoff_id": after.handoff_id, "state": after.state}
    tx.add_case_event(CaseEvent(case.case_id, 0, now, "handoff", actor.name, detail))
    audit(tx, actor, now, "handoff_moved", {"hotel_id": after.hotel_id, "case_id": case.case_id, **detail})


def _solved(one: Handoff, desk: Desk, actor: Actor) -> Handoff:
    """Whoever had accepted it has reached the guest by now."""
    now = desk.clock.now()
    if one.state is HandoffState.ACCEPTED:
        one = one.moved(HandoffState.CONNECTED, now, actor.name)
    return one.moved(HandoffState.SOLVED, now, actor.name)
