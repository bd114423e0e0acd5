"""Make the KPIs' facts anew for whatever has changed.

Every change of a record is noted by the store itself. A round takes some notes, finds the families of records they
belong to, makes the facts of each family from what stands there now, and takes the notes away, all in one transaction:
a note of something that happens meanwhile stays. So several processes may do this at once, a round may be killed at any
point, and doing it twice changes nothing. Cases whose fact changes with time alone come up when they are due.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from domain.access import Actor, Permission
from domain.case import CallId, Case, CaseId, LeadStatus
from domain.offer import OfferId
from domain.reservation import ReservationId
from integration.ports.kpi import Dirty, FactKind
from integration.ports.store import ReadTx, Tx
from integration.usecases.desk import Desk
from integration.usecases.kpi_facts import facts_of
from integration.usecases.kpi_family import Family, family_of_case, family_of_offer, family_of_stay
from integration.usecases.people import cases_of_person, standing_case

AT_ONCE = 100
MOST = 20_000


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What was made anew: notes taken, families counted; `left`: notes that are still there."""

    notes: int
    families: int
    left: int


async def refresh(desk: Desk, *, most: int = MOST) -> Refreshed:
    """Take up to `most` notes, in batches; what is left is the next round's."""
    notes = families = 0
    while notes < most and await desk.store.read(lambda tx: _has_work(desk, tx)):
        size = min(AT_ONCE, most - notes)
        taken, made = await desk.store.transact(lambda tx, size=size: _round(desk, tx, size))  # type: ignore[misc]
        notes, families = notes + taken, families + made
        if taken < size:
            break
    left = await desk.store.read(lambda tx: tx.count_kpi_dirty())
    return Refreshed(notes, families, left)


def _has_work(desk: Desk, tx: ReadTx) -> bool:
    return bool(tx.kpi_dirty(1)) or bool(tx.kpi_due(desk.clock.now(), 1))


async def recount(desk: Desk, actor: Actor) -> Refreshed:
    """Make every fact anew, from the records alone. Needs the right to reconcile."""
    actor.require(Permission.RECONCILE)

    def begin(tx: Tx) -> int:
        tx.drop_kpi_books()
        tx.note_all_for_kpi()
        return tx.count_kpi_dirty()

    return await refresh(desk, most=await desk.store.transact(begin) + AT_ONCE)


def _round(desk: Desk, tx: Tx, size: int) -> tuple[int, int]:
    """One transaction; how many notes it took and families it counted."""
    noted = tx.kpi_dirty(size)
    due = tx.kpi_due(desk.clock.now(), size - len(noted)) if len(noted) < size else []
    wanted = _Wanted()
    for one in noted:
        _find(tx, one, wanted)
    wanted.cases.update((found.case_id, found) for the_id in due if (found := standing_case(tx, CaseId(the_id))))
    families = list(_families(tx, wanted))
    for case_id in wanted.gone:
        _forget(tx, case_id)
    for family in families:
        if family.hotel_id in desk.hotels:
            _count(desk, tx, family)
    desk.point("kpi_counted")
    tx.settle_kpi_dirty(noted)
    return len(noted) + len(due), len(families)


@dataclass(slots=True)
class _Wanted:
    """Families to be counted: cases that stand, offers and stays of no case; `gone`: cases that are part of another."""

    cases: dict[CaseId, Case] = field(default_factory=dict)
    offers: set[OfferId] = field(default_factory=set)
    stays: set[ReservationId] = field(default_factory=set)
    gone: set[CaseId] = field(default_factory=set)


def _find(tx: ReadTx, one: Dirty, wanted: _Wanted) -> None:
    if one.kind is FactKind.CASE:
        _want_case(tx, CaseId(one.the_id), wanted)
    elif one.kind is FactKind.CALL:
        call = tx.get_call(CallId(one.the_id))
        if call is not None:
            _want_case(tx, call.case_id, wanted)
    elif one.kind is FactKind.OFFER:
        _want_offer(tx, OfferId(one.the_id), wanted)
    else:
        _want_stay(tx, ReservationId(one.the_id), wanted)


def _want_case(tx: ReadTx, case_id: CaseId, wanted: _Wanted) -> None:
    found = standing_case(tx, case_id)
    if found is None:
        return
    wanted.cases[found.case_id] = found
    if found.case_id != case_id:
        wanted.gone.add(case_id)


def _want_offer(tx: ReadTx, offer_id: OfferId, wanted: _Wanted) -> None:
    offer = tx.get_offer(offer_id)
    if offer is not None and offer.case_id is not None:
        _want_case(tx, offer.case_id, wanted)
    elif offer is not None:
        wanted.offers.add(offer_id)


def _want_stay(tx: ReadTx, reservation_id: ReservationId, wanted: _Wanted) -> None:
    """Its own family, that of the offer it was made from, and leads of its guest that may have been won by it."""
    one = tx.get_reservation(reservation_id)
    if one is None:
        return
    if one.case_id is not None:
        _want_case(tx, one.case_id, wanted)
    else:
        wanted.stays.add(reservation_id)
    if one.offer_id is not None:
        _want_offer(tx, one.offer_id, wanted)
    for case in cases_of_person(tx, one.guest_id, one.hotel_id):
        if case.lead_status is LeadStatus.WON:
            _want_case(tx, case.case_id, wanted)


def _families(tx: ReadTx, wanted: _Wanted) -> Iterable[Family]:
    for case in wanted.cases.values():
        yield family_of_case(tx, case)
    for offer_id in sorted(wanted.offers):
        offer = tx.get_offer(offer_id)
        if offer is not None:
            yield family_of_offer(tx, offer)
    for reservation_id in sorted(wanted.stays):
        one = tx.get_reservation(reservation_id)
        if one is not None:
            yield family_of_stay(tx, one)


def _forget(tx: Tx, case_id: CaseId) -> None:
    """A case that has become part of another has no facts of its own."""
    tx.put_kpi_runs(case_id, [])
    for fact in tx.kpi_calls_of(case_id):
        tx.drop_kpi_call(fact.call_id)


def _count(desk: Desk, tx: Tx, family: Family) -> None:
    """Put the facts of a family where those of before were."""
    found = facts_of(desk, tx, family)
    if family.case is not None:
        tx.put_kpi_runs(family.case.case_id, found.runs)
        _drop_strangers(tx, family.case.case_id, {fact.call_id for fact in found.calls})
    for call in found.calls:
        tx.put_kpi_call(call)
    for offer_id in {offer.offer_id for offer in family.offers} - {fact.offer_id for fact in found.offers}:
        tx.drop_kpi_offer(offer_id)
    for offer in found.offers:
        tx.put_kpi_offer(offer)
    for stay in found.stays:
        tx.put_kpi_stay(stay)


def _drop_strangers(tx: Tx, case_id: CaseId, calls: set[str]) -> None:
    """Take away facts of calls that the case does not have any more."""
    for fact in tx.kpi_calls_of(case_id):
        if fact.call_id not in calls:
            tx.drop_kpi_call(fact.call_id)
