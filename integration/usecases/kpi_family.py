"""Everything that the KPIs' facts of one case are made from, read together.

A case stands for those that were joined into it: their calls, offers and reservations are its own. What belongs to no
case, an offer or reservation typed in by itself, is a family alone. A **Sale** is a reservation with what its history
and the PMS say of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from domain.case import Call, Case, CaseId
from domain.offer import Offer
from domain.reservation import TIMED, HistoryLine, Reservation, ReservationId, ReservationState
from integration.ports.kpi import PmsCopy
from integration.ports.queue_records import CaseEvent, StoredHandoff, StoredMessage
from integration.ports.store import ReadTx
from integration.usecases.fold_case import events_of
from integration.usecases.people import standing_case

MOST_SALES = 500
ROLLED = "rollback_"


@dataclass(frozen=True, slots=True)
class Sale:
    """A reservation. `confirmed_at`: when it was first confirmed (None: never, or that was taken back), `made_at`: when
    the PMS had it, `changed_at`: when we last changed it; `copy`: what the PMS said later than that, None when it was
    not asked since."""

    one: Reservation
    confirmed_at: datetime | None
    made_at: datetime
    changed_at: datetime
    copy: PmsCopy | None


@dataclass(frozen=True, slots=True)
class Family:
    """One case with all that is its own; `sales` are those of its offers too, and the one its lead was won by, of
    whichever case these are."""

    hotel_id: str
    case: Case | None = None
    rows: list[StoredMessage] = field(default_factory=list)
    done: list[CaseEvent] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    sales: list[Sale] = field(default_factory=list)
    handoffs: list[StoredHandoff] = field(default_factory=list)
    homes: frozenset[CaseId] = frozenset()

    def own_sales(self) -> list[Sale]:
        """Reservations of this family itself."""
        if self.case is None:
            return [sale for sale in self.sales if sale.one.case_id is None]
        return [sale for sale in self.sales if sale.one.case_id in self.homes]


def family_of_case(tx: ReadTx, case: Case) -> Family:
    """The family of a case that stands."""
    rows = tx.messages_of(case.case_id)
    homes = _homes(tx, case, rows)
    done = events_of(tx, set(homes))
    offers = [offer for home in homes for offer in tx.offers_of_case(home)]
    found = {one.reservation_id: one for home in homes for one in tx.list_reservations(case_id=home, limit=MOST_SALES)}
    found |= {one.reservation_id: one for offer in offers for one in tx.reservations_of_offer(offer.offer_id)}
    named = won_by(done)
    if named is not None and named not in found and (one := tx.get_reservation(named)) is not None:
        found[named] = one
    return Family(
        hotel_id=case.hotel_id,
        case=case,
        rows=rows,
        done=done,
        calls=[call for home in homes for call in tx.calls_of_case(home)],
        offers=offers,
        sales=sales_of(tx, found.values()),
        handoffs=[one for home in homes for one in tx.list_handoffs(case_id=home, limit=MOST_SALES)],
        homes=frozenset(homes),
    )


def won_by(done: Iterable[CaseEvent]) -> ReservationId | None:
    """The reservation that the lead's last move names."""
    move = last_lead_move(done)
    named = move.document.get("reservation_id") if move is not None else None
    return ReservationId(named) if named else None


def last_lead_move(done: Iterable[CaseEvent]) -> CaseEvent | None:
    """The event that put the lead where it is; None for one that nobody has moved."""
    moves = (event for event in done if event.kind == "lead")
    return max(moves, key=lambda one: (one.at, one.case_id, one.line), default=None)


def family_of_offer(tx: ReadTx, offer: Offer) -> Family:
    """An offer of no case."""
    return Family(offer.hotel_id, offers=[offer], sales=sales_of(tx, tx.reservations_of_offer(offer.offer_id)))


def family_of_stay(tx: ReadTx, one: Reservation) -> Family:
    """A reservation of no case."""
    return Family(one.hotel_id, sales=sales_of(tx, [one]))


def _homes(tx: ReadTx, case: Case, rows: Iterable[StoredMessage]) -> list[CaseId]:
    """The case and those that have become part of it."""
    named = {row.home_case for row in rows} - {case.case_id}
    joined = [one for one in sorted(named) if (found := standing_case(tx, one)) and found.case_id == case.case_id]
    return [case.case_id, *joined]


def sales_of(tx: ReadTx, reservations: Iterable[Reservation]) -> list[Sale]:
    """Reservations with their history and what the PMS last said, by id."""
    ordered = sorted(reservations, key=lambda one: one.reservation_id)
    copies = tx.pms_copies([one.reservation_id for one in ordered])
    return [_sale(tx, one, copies.get(one.reservation_id)) for one in ordered]


def _sale(tx: ReadTx, one: Reservation, copy: PmsCopy | None) -> Sale:
    lines = tx.history(ReservationId(one.reservation_id))
    made_at = min((line.at for line in lines), default=one.created_at)
    changed_at = max((line.at for line in lines), default=one.created_at)
    was_confirmed = any(line.to_state is ReservationState.CONFIRMED for line in lines)
    confirmed_at = _confirmed_at(lines) if was_confirmed else _without_history(one)
    return Sale(one, confirmed_at, made_at, changed_at, copy if copy and copy.seen_at >= changed_at else None)


def _confirmed_at(lines: Iterable[HistoryLine]) -> datetime | None:
    """The first confirmation, unless a rollback took it back to a hold or an option; undoing that brings it again."""
    found: datetime | None = None
    stands = False
    for line in lines:
        is_rollback = line.action.startswith(ROLLED)
        if line.to_state is ReservationState.CONFIRMED:
            found = line.at if found is None or not (stands or is_rollback) else found
            stands = True
        elif is_rollback and line.to_state in TIMED:
            stands = False
    return found if stands else None


def _without_history(one: Reservation) -> datetime | None:
    """A record that came to us confirmed, or further, was so when it came."""
    is_sold = one.state in _SOLD or one.previous_state in _SOLD
    return one.created_at if is_sold else None


_S = ReservationState
_SOLD = frozenset({_S.CONFIRMED, _S.NO_SHOW, _S.IN_HOUSE, _S.CHECKED_OUT})
