"""Write reservations out, in the columns that an import reads: into an empty home they can be brought in again.

Page by page, so that a season fits through a small machine. Whoever may not see guests in clear gets masks, and then
the file can be read but not brought in. What a reservation was paid is not in it: a confirmation that stood on a
deposit needs its payment again.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Final

from domain.access import Actor, Permission, mask_email, mask_name, mask_phone
from domain.guest import GuestProfile, IdentityKind
from domain.reservation import Reservation
from integration.ports.store import ReadTx
from integration.usecases.desk import Desk
from integration.usecases.look_up import MOST, ReservationSearch, list_reservations
from integration.usecases.tracing import audit
from integration.usecases.views import day

EXPORTED: Final = (
    "reservation_id", "key", "hotel", "status", "check_in", "nights", "adults", "child_ages", "rooms", "room_type",
    "rate_plan", "currency", "promo", "guarantee", "expected_total", "name", "phone", "email", "language",
    "nationality", "requests",
)  # fmt: skip
LIVE = ("hold", "option", "confirmed")
Row = dict[str, str]


@dataclass
class Export:
    """An export under way. `is_clear`: guests are shown as they are; `count`: rows so far."""

    desk: Desk
    actor: Actor
    search: ReservationSearch
    count: int = 0

    @property
    def is_clear(self) -> bool:
        """Whether whoever asks may see guests in clear."""
        return self.actor.may(Permission.SEE_CLEAR)

    async def pages(self) -> AsyncIterator[list[Row]]:
        """Rows in the columns EXPORTED, newest reservation first; leaves an audit row at the end."""
        search = replace(self.search, status=self.search.status or LIVE, limit=MOST)
        while True:
            found = await list_reservations(self.desk, self.actor, search)
            rows = await self._rows(found)
            self.count += len(rows)
            yield rows
            if len(found) < MOST:
                break
            search = replace(search, after=found[-1].reservation_id)
        ids = {"hotel_id": search.hotel_id, "rows": str(self.count)}
        fields = ("name", "phone", "email") if self.is_clear else ()
        now = self.desk.clock.now()
        await self.desk.store.transact(
            lambda tx: audit(tx, self.actor, now, "reservations_exported", ids, fields=fields)
        )

    async def _rows(self, found: list[Reservation]) -> list[Row]:
        return await self.desk.store.read(lambda tx: [self._row(tx, one) for one in found])

    def _row(self, tx: ReadTx, one: Reservation) -> Row:
        offer = tx.get_offer(one.offer_id) if one.offer_id is not None else None
        is_promo = offer is not None and offer.promo is not None and offer.promo_note == "valid"
        return {
            "reservation_id": one.reservation_id,
            "key": one.request_key,
            "hotel": one.hotel_id,
            "status": one.state.value,
            "check_in": day(one.stay.check_in) or "",
            "nights": str(one.stay.night_count),
            "adults": str(one.party.adults),
            "child_ages": ";".join(map(str, one.party.child_ages)),
            "rooms": str(one.rooms),
            "room_type": one.room_type,
            "rate_plan": one.rate_plan,
            "currency": one.total.currency,
            "promo": str(offer.promo) if offer is not None and is_promo else "",
            "guarantee": one.guarantee.value if one.guarantee else "",
            "expected_total": str(one.total.amount),
            **self._guest(tx.get_guest(one.guest_id)),
            "requests": ";".join(one.requests),
        }

    def _guest(self, guest: GuestProfile | None) -> Row:
        if guest is None:
            return dict.fromkeys(("name", "phone", "email", "language", "nationality"), "")
        phone, email = guest.value_of(IdentityKind.PHONE) or "", guest.value_of(IdentityKind.EMAIL) or ""
        if not self.is_clear:
            phone, email = mask_phone(phone) if phone else "", mask_email(email) if email else ""
        return {
            "name": guest.full_name if self.is_clear else mask_name(guest.full_name),
            "phone": phone,
            "email": email,
            "language": guest.language,
            "nationality": guest.nationality,
        }
