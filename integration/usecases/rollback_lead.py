"""What a rollback does to the lead that was won by what it takes back, and what undoing it does.

A lead is won by a reservation. When the last one it rests on turns out to be a wrong entry, the lead is in progress
again and its case open, so that somebody sees to the guest; both are events of the case, as if done by hand, in the
transaction that stores the rollback's outcome. When a reservation of it stands again because that rollback was undone,
and nobody has moved the lead meanwhile, it is won again and its case as it was.
"""

from collections.abc import Iterator

from domain.access import Actor
from domain.case import Case, CaseId, CaseStatus, LeadStatus
from domain.reservation import Reservation, ReservationState
from integration.ports.queue_records import CaseEvent
from integration.ports.store import ReadTx, Tx
from integration.usecases.desk import Desk
from integration.usecases.kpi_family import Family, family_of_case, last_lead_move, sales_of
from integration.usecases.lead_sales import lead_of, wins
from integration.usecases.people import cases_of_person, standing_case
from integration.usecases.tracing import audit
from integration.usecases.work_case import Change, record

ROLLED_BACK = "rolled_back"
_WAS_RESOLVED = "was_resolved"


def follow_lead(desk: Desk, tx: Tx, actor: Actor, before: Reservation, after: Reservation, reason: str) -> None:
    """After a step of a rollback has led the reservation from `before` to `after`."""
    was_gone, is_gone = (one.state is ReservationState.ROLLED_BACK for one in (before, after))
    if was_gone is is_gone:
        return
    for case in _cases(tx, after):
        family = family_of_case(tx, case)
        changes = _reopening(family, case, after) if is_gone else _winning(tx, family, case, after)
        if changes:
            record(desk, tx, actor, case, changes)
            ids = {"hotel_id": case.hotel_id, "case_id": case.case_id, "reservation_id": str(after.reservation_id)}
            action = "lead_reopened" if is_gone else "lead_won_again"
            audit(tx, actor, desk.clock.now(), action, ids, fields=("lead", "status"), reason=reason)


def _cases(tx: ReadTx, one: Reservation) -> Iterator[Case]:
    """Cases whose lead may rest on the reservation: its own, that of its offer, and its guest's."""
    offer = tx.get_offer(one.offer_id) if one.offer_id is not None else None
    named = [one.case_id, offer.case_id if offer is not None else None]
    named += [case.case_id for case in cases_of_person(tx, one.guest_id, one.hotel_id)]
    found: dict[CaseId, Case] = {}
    for case_id in named:
        case = standing_case(tx, case_id) if case_id is not None else None
        if case is not None:
            found.setdefault(case.case_id, case)
    yield from found.values()


def _reopening(family: Family, case: Case, one: Reservation) -> list[Change]:
    if case.lead_status is not LeadStatus.WON or lead_of(family) is LeadStatus.WON or not _rests_on(family, one):
        return []
    is_resolved = case.status is CaseStatus.RESOLVED
    document = {"status": LeadStatus.IN_PROGRESS.value, ROLLED_BACK: str(one.reservation_id)}
    if not is_resolved:
        return [("lead", document)]
    return [("lead", {**document, _WAS_RESOLVED: "yes"}), ("reopened", {})]


def _winning(tx: ReadTx, family: Family, case: Case, one: Reservation) -> list[Change]:
    move: CaseEvent | None = last_lead_move(family.done)
    rolled = move.document.get(ROLLED_BACK) if move is not None else None
    if move is None or rolled is None or case.lead_status is not LeadStatus.IN_PROGRESS:
        return []
    if not (_rests_on(family, one) or rolled == one.reservation_id) or not all(map(wins, sales_of(tx, [one]))):
        return []
    changes: list[Change] = [("lead", {"status": LeadStatus.WON.value, "reservation_id": str(one.reservation_id)})]
    if move.document.get(_WAS_RESOLVED) and case.status is not CaseStatus.RESOLVED:
        changes.append(("resolved", {}))
    return changes


def _rests_on(family: Family, one: Reservation) -> bool:
    return any(sale.one.reservation_id == one.reservation_id for sale in family.sales)
