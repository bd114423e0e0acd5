"""Look things up: reservations, their history, offers, calls; and bring prices of other sellers in.

Prices of other sellers are house-only: they are compared on the agent's screen and leave the house in no message.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from domain.access import Actor, Permission
from domain.case import Call, CallId
from domain.errors import DomainError, InvalidInput, NotFound
from domain.guest import GuestId
from domain.hotel import HotelTerms
from domain.money import Money
from domain.offer import Offer
from domain.reservation import HistoryLine, Reservation, ReservationId, ReservationState
from integration.errors import PmsUnavailable
from integration.ports.pms import PmsBooking
from integration.ports.records import Note, OtherSellerRate
from integration.ports.store import ReadTx, Tx
from integration.usecases.desk import Desk
from integration.usecases.note_things import load_offer
from integration.usecases.steps import load
from integration.usecases.tracing import audit

MOST = 200
COLUMNS = ("seller", "stay_on", "room_type", "board", "amount", "currency", "seen_on")


@dataclass(frozen=True, slots=True)
class ReservationSearch:
    """Which reservations. `after` continues a listing (the last id of the page before)."""

    hotel_id: str | None = None
    status: tuple[str, ...] = ()
    guest_id: str | None = None
    arrival_from: date | None = None
    arrival_to: date | None = None
    after: str | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class ReservationFile:
    """A reservation with notes and history; `in_pms` when the PMS was asked and has it.

    `down_since`: the PMS was to be asked and is down since then, so this is what we know ourselves.
    """

    reservation: Reservation
    notes: tuple[Note, ...]
    history: tuple[HistoryLine, ...]
    in_pms: PmsBooking | None = None
    down_since: datetime | None = None


async def show_reservation(desk: Desk, actor: Actor, reservation_id: str, *, live: bool = False) -> ReservationFile:
    """One reservation; `live` also reads it in the PMS, unless that is known to be down."""
    actor.require(Permission.READ)

    def work(tx: ReadTx) -> ReservationFile:
        one = load(tx, reservation_id)
        return ReservationFile(one, tuple(tx.list_notes(one.reservation_id)), tuple(tx.history(one.reservation_id)))

    found = await desk.store.read(work)
    one = found.reservation
    if not live or one.pms_ref is None:
        return found
    try:
        booking = await desk.pms.read_booking(desk.hotel(one.hotel_id), one.pms_ref)
    except PmsUnavailable as error:
        if error.down_since is None:
            raise
        return replace(found, down_since=error.down_since)
    return replace(found, in_pms=booking)


async def list_reservations(desk: Desk, actor: Actor, search: ReservationSearch) -> list[Reservation]:
    """Newest first, at most 200."""
    actor.require(Permission.READ)
    if not 1 <= search.limit <= MOST:
        raise InvalidInput("A page has 1 to {most} rows.", most=MOST, field="limit")
    known = {state.value for state in ReservationState}
    for word in search.status:
        if word not in known:
            raise InvalidInput("{status} is not a status.", status=word, hint=", ".join(sorted(known)), field="status")
    hotel_id = desk.hotel(search.hotel_id).hotel_id if search.hotel_id else None
    return await desk.store.read(
        lambda tx: tx.list_reservations(
            hotel_id=hotel_id,
            states=[ReservationState(word) for word in search.status],
            guest_id=GuestId(search.guest_id) if search.guest_id else None,
            arrival_from=search.arrival_from,
            arrival_to=search.arrival_to,
            after=ReservationId(search.after) if search.after else None,
            limit=search.limit,
        )
    )


async def show_offer(desk: Desk, actor: Actor, offer_id: str) -> tuple[Offer, list[Note]]:
    """One offer with its notes."""
    actor.require(Permission.READ)
    return await desk.store.read(lambda tx: (load_offer(tx, offer_id), tx.list_notes(offer_id)))


async def list_offers(desk: Desk, actor: Actor, call_id: str | None, limit: int) -> list[Offer]:
    """Newest first."""
    actor.require(Permission.READ)
    most = max(1, min(limit, MOST))
    return await desk.store.read(lambda tx: tx.list_offers(None, CallId(call_id) if call_id else None, most))


async def list_calls(desk: Desk, actor: Actor, hotel_id: str | None, limit: int, *, open_only: bool) -> list[Call]:
    """Newest first; an operator sees his own."""
    actor.require(Permission.READ)
    whose = None if actor.may(Permission.SEE_CLEAR) else actor.name
    most = max(1, min(limit, MOST))
    return await desk.store.read(
        lambda tx: tx.list_calls(hotel_id=hotel_id, actor=whose, open_only=open_only, limit=most)
    )


async def import_other_rates(
    desk: Desk, actor: Actor, hotel: HotelTerms, lines: Iterable[str], name: str = "file"
) -> int:
    """Read a CSV of other sellers' prices (columns: COLUMNS) and keep them; the number kept. All or nothing.

    InvalidInput says which line of the file called `name` cannot be used.
    """
    actor.require(Permission.ADMINISTER)
    rates = list(_rates(hotel, lines, name))

    def work(tx: Tx) -> int:
        kept = tx.put_other_seller_rates(rates)
        audit(tx, actor, desk.clock.now(), "other_rates_imported", {"hotel_id": hotel.hotel_id, "rows": str(kept)})
        return kept

    return await desk.store.transact(work)


def _rates(hotel: HotelTerms, lines: Iterable[str], name: str) -> Iterator[OtherSellerRate]:
    reader = csv.DictReader(lines)
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise InvalidInput("The first line must be: {columns}", columns=",".join(COLUMNS), field="file")
    for number, row in enumerate(reader, 2):
        try:
            yield OtherSellerRate(
                hotel_id=hotel.hotel_id,
                seller=row["seller"].strip()[:40],
                stay_on=date.fromisoformat(row["stay_on"]),
                room_type=hotel.room_type(row["room_type"]).code,
                board=row["board"].strip()[:10],
                price=Money.of(row["amount"], row["currency"]),
                seen_on=date.fromisoformat(row["seen_on"]),
            )
        except DomainError as error:
            raise InvalidInput(
                "{file}, line {number}: {column} cannot be used.", file=name, number=number,
                column=_named(row, error), hint=error.hint, field="file",
            ) from error  # fmt: skip
        except (ValueError, AttributeError, TypeError) as error:
            raise InvalidInput(
                "{file}, line {number} cannot be read.", file=name, number=number, field="file"
            ) from error


def _named(row: Mapping[str, str | None], error: DomainError) -> str:
    """The column that was refused and what stands in it."""
    if isinstance(error, NotFound):
        return f"room_type {str(row['room_type'])[:40]}"
    return f"amount {str(row['amount'])[:40]} {str(row['currency'])[:10]}"
