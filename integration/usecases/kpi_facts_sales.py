"""Facts of stays, and when a reservation was a sale. The PMS's word counts where it was asked since we last changed it.

Something is sold when a reservation of it was confirmed within seven days and was not taken back as an error (rolled
back, as a whole or to a hold; lapsed). One that only the PMS knows to be confirmed was so when it was made. Where the
PMS has no money to tell, of a cancelled record for instance, ours stands.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal

from domain.hotel import HotelTerms
from domain.kpi_entries import NOT_A_SALE
from domain.kpi_facts import By, StayFact
from domain.reservation import Reservation, ReservationState
from integration.ports.kpi import PmsCopy
from integration.usecases.kpi_family import Sale

WITHIN = timedelta(days=7)
MISSING = "missing"
_S = ReservationState
_OVER = frozenset({_S.CANCELLED, _S.EXPIRED, _S.ROLLED_BACK})
_CAME = frozenset({_S.CONFIRMED.value, _S.IN_HOUSE.value, _S.CHECKED_OUT.value})


def is_sold(sales: Iterable[Sale], since: datetime) -> bool:
    """Whether one of them was confirmed within seven days and counts as a sale."""
    return any(at - since <= WITHIN for sale in sales if (at := sold_at(sale)) is not None)


def sold_at(sale: Sale) -> datetime | None:
    """When it was first confirmed; of one that only the PMS knows to be confirmed when it was made. None: no sale."""
    state = truth_of(sale)
    return None if state in NOT_A_SALE else _confirmed(sale, state)


def truth_of(sale: Sale) -> str:
    """The state that counts. The PMS cannot tell a lapsed or rolled back record from a cancelled one; we can."""
    ours, copy = sale.one, sale.copy
    if copy is None:
        return ours.state.value
    if copy.state not in {_S.CANCELLED.value, MISSING}:
        return copy.state
    if ours.state in _OVER:
        return ours.state.value
    return _S.EXPIRED.value if ours.is_due(copy.seen_at) else copy.state


def stay_fact(sale: Sale, hotel: HotelTerms, by: By, case_id: str) -> StayFact:
    """The fact of a reservation."""
    ours, copy, state = sale.one, sale.copy, truth_of(sale)
    currency, total = _money(ours, copy)
    arrival, nights, rooms = _stay(ours, copy)
    return StayFact(
        reservation_id=ours.reservation_id,
        case_id=case_id,
        call_id=ours.call_id or "",
        day=_sold_on(sale, hotel, state),
        arrival=arrival,
        by=By(
            by.hotel, "phone" if ours.call_id else by.channel, by.source, by.language, ours.created_by,
            hotel.pms.market_of(ours.rate_code), by.tags,
        ),
        state=state,
        our_state=ours.state.value,
        pms_ref=ours.pms_ref or "",
        total=total,
        our_total=ours.total.amount,
        room_revenue=_room_revenue(ours, copy, total),
        currency=currency,
        room_nights=nights * rooms,
        is_cancelled=state == _S.CANCELLED.value,
        is_no_show=state == _S.NO_SHOW.value,
        pms_seen_at=copy.seen_at if copy else None,
        differs=differing(ours, copy, state),
    )  # fmt: skip


def _sold_on(sale: Sale, hotel: HotelTerms, state: str) -> date | None:
    """The day of the first confirmation; one that only the PMS knows of counts on the day it was made."""
    at = _confirmed(sale, state)
    return None if at is None else hotel.today(at)


def _confirmed(sale: Sale, state: str) -> datetime | None:
    if sale.confirmed_at is not None:
        return sale.confirmed_at
    return sale.made_at if state in _CAME or state == _S.NO_SHOW.value else None


def _tells_money(copy: PmsCopy | None) -> bool:
    return copy is not None and copy.total is not None and copy.state not in {_S.CANCELLED.value, MISSING}


def _money(ours: Reservation, copy: PmsCopy | None) -> tuple[str, Decimal]:
    if copy is not None and copy.total is not None and _tells_money(copy):
        return copy.currency or ours.total.currency, copy.total
    return ours.total.currency, ours.total.amount


def _stay(ours: Reservation, copy: PmsCopy | None) -> tuple[date, int, int]:
    if copy is not None and copy.state != MISSING:
        return copy.check_in, max((copy.check_out - copy.check_in).days, 0), copy.rooms
    return ours.stay.check_in, ours.stay.night_count, ours.rooms


def _room_revenue(ours: Reservation, copy: PmsCopy | None, total: Decimal) -> Decimal:
    """Night by night, all rooms; of another total whatever is not our extras."""
    rooms = sum((night.price.amount for night in ours.nightly), Decimal(0))
    if copy is None or not _tells_money(copy) or total == ours.total.amount:
        return rooms
    return copy.room_revenue if copy.room_revenue is not None else total - (ours.total.amount - rooms)


def differing(ours: Reservation, copy: PmsCopy | None, state: str) -> tuple[str, ...]:
    """What the PMS says otherwise, as far as a KPI rests on it; a guest who has come or left is no difference."""
    if copy is None:
        return ()
    is_other = _class_of(state) != _class_of(ours.state.value) and not (
        state == _S.EXPIRED and ours.is_due(copy.seen_at)
    )
    found = ["state"] if is_other else []
    if state == MISSING or copy.state == _S.CANCELLED.value:
        return tuple(found)
    pairs = (
        ("arrival", ours.stay.check_in, copy.check_in),
        ("departure", ours.stay.check_out, copy.check_out),
        ("rooms", ours.rooms, copy.rooms),
    )
    found += [name for name, here, there in pairs if here != there]
    if copy.total is not None and (copy.total, copy.currency) != (ours.total.amount, ours.total.currency):
        found.append("total")
    return tuple(found)


def _class_of(state: str) -> str:
    return _S.CONFIRMED.value if state in _CAME else state
