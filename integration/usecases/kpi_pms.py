"""What the PMS says of the reservations that a report rests on.

Its last word is kept beside our record. For a report, reservations it was not asked about for a while are read again,
in pages by day of arrival as the comparison reads them, one by one where they are few or were not on their page; never
more than a report can wait for. A PMS that does not answer leaves the report with what it last said.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.hotel import HotelTerms
from domain.kpi_facts import StayFact
from domain.kpi_row import Period
from domain.reservation import PmsRef, Reservation, ReservationId
from integration.errors import PmsError
from integration.ports.kpi import PmsCopy
from integration.ports.store import ReadTx
from integration.usecases.desk import Desk
from integration.usecases.kpi_copies import copy_of, keep_copies
from integration.usecases.kpi_facts_sales import MISSING

FRESH = timedelta(minutes=15)
MOST_ASKED = 2_000
FEW = 40
MOST_PAGES = 200
WIDEST = timedelta(days=89)
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Differing:
    """A reservation of which the PMS says something else than we; `fields`: what (state, total, arrival, ...)."""

    reservation_id: str
    hotel_id: str
    pms_ref: str
    fields: tuple[str, ...]
    here: Mapping[str, str]
    there: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PmsSaid:
    """What the PMS was asked for a report. `asked`: reservations read now; `stays`: those of the report with a number
    in the PMS, `vouched`: of how many its word counts; `seen_at`: the oldest word the report rests on; `silent`:
    hotels whose PMS did not answer."""

    asked: int = 0
    stays: int = 0
    vouched: int = 0
    seen_at: datetime | None = None
    differing: tuple[Differing, ...] = ()
    silent: tuple[str, ...] = ()


async def ask_pms(desk: Desk, hotel_id: str, period: Period) -> int | None:
    """Read again what is old; how many reservations were read, None when the PMS did not answer."""
    hotel, before = desk.hotel(hotel_id), desk.clock.now() - FRESH

    def wanted(tx: ReadTx) -> list[Reservation]:
        ids = tx.stays_to_ask(hotel_id, period.first, period.last, before, MOST_ASKED)
        return [one for one in (tx.get_reservation(ReservationId(the_id)) for the_id in ids) if one is not None]

    left = {one.pms_ref: one for one in await desk.store.read(wanted) if one.pms_ref is not None}
    if not left:
        return 0
    if not desk.may_ask(hotel_id):
        return None
    asked = len(left)
    try:
        if len(left) > FEW:
            await _by_page(desk, hotel, left)
        await _one_by_one(desk, hotel, left)
    except PmsError:
        return None
    return asked


async def _by_page(desk: Desk, hotel: HotelTerms, left: dict[PmsRef, Reservation]) -> None:
    """Read arrivals window by window; what was found is no longer left."""
    pages = 0
    for first, last in windows(one.stay.check_in for one in left.values()):
        offset: int | None = 0
        while offset is not None and pages < MOST_PAGES:
            at = desk.clock.now()
            page = await desk.pms.page_bookings(hotel, first, last, offset)
            found = [(left.pop(one.pms_ref), one) for one in page.bookings if one.pms_ref in left]
            await keep_copies(desk, [copy_of(hotel, ours.reservation_id, one, at) for ours, one in found])
            offset, pages = page.following, pages + 1


def windows(arrivals: Iterable[date]) -> list[tuple[date, date]]:
    """Spans that hold all arrivals, none wider than the PMS answers in one go."""
    found: list[tuple[date, date]] = []
    for day in sorted(set(arrivals)):
        if found and day - found[-1][0] <= WIDEST:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


async def _one_by_one(desk: Desk, hotel: HotelTerms, left: Mapping[PmsRef, Reservation]) -> None:
    for pms_ref, ours in list(left.items())[:FEW]:
        at = desk.clock.now()
        one = await desk.pms.read_booking(hotel, pms_ref)
        await keep_copies(desk, [copy_of(hotel, ours.reservation_id, one, at) if one else _missing(ours, at)])


def _missing(ours: Reservation, at: datetime) -> PmsCopy:
    """The PMS does not know the number."""
    seen_at, stay = at.replace(microsecond=at.microsecond // 1000 * 1000), ours.stay
    return PmsCopy(
        ours.reservation_id, ours.hotel_id, MISSING, ours.pms_ref or "", stay.check_in, stay.check_out, ours.rooms,
        None, None, None, seen_at,
    )  # fmt: skip


def what_was_said(tx: ReadTx, hotel_ids: Sequence[str], period: Period) -> PmsSaid:
    """How far the PMS vouches for a period, and where it differs."""
    stays = vouched = 0
    seen: list[datetime] = []
    found: list[StayFact] = []
    for hotel_id in hotel_ids:
        told = tx.stays_asked(hotel_id, period.first, period.last)
        stays, vouched = stays + told.stays, vouched + told.vouched
        seen += [told.seen_at] if told.seen_at is not None else []
        if told.differing:
            found += tx.stays_differing(hotel_id, period.first, period.last, MOST_SHOWN - len(found))
    return PmsSaid(0, stays, vouched, min(seen, default=None), tuple(_differing(tx, one) for one in found))


def _differing(tx: ReadTx, fact: StayFact) -> Differing:
    ours = tx.get_reservation(ReservationId(fact.reservation_id))
    copy = tx.pms_copies([fact.reservation_id]).get(fact.reservation_id)
    here = _told(ours) if ours is not None else {}
    there = _said(copy) if copy is not None else {}
    return Differing(
        fact.reservation_id, fact.by.hotel, fact.pms_ref, fact.differs,
        {name: here.get(name, "") for name in fact.differs}, {name: there.get(name, "") for name in fact.differs},
    )  # fmt: skip


def _told(ours: Reservation) -> dict[str, str]:
    stay = ours.stay
    return {
        "state": ours.state.value,
        "arrival": stay.check_in.isoformat(),
        "departure": stay.check_out.isoformat(),
        "rooms": str(ours.rooms),
        "total": str(ours.total),
    }


def _said(copy: PmsCopy) -> dict[str, str]:
    return {
        "state": copy.state,
        "arrival": copy.check_in.isoformat(),
        "departure": copy.check_out.isoformat(),
        "rooms": str(copy.rooms),
        "total": "" if copy.total is None else f"{copy.total} {copy.currency}",
    }
