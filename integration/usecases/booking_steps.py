"""Create a reservation in the PMS: the steps of `book_stay` and what a refusal means.

Evidence of a create is a search by our reference and system code. After it, the record is read back: a guarantee code
that was silently replaced is set right, a price that differs is taken back at once and refused.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from domain.access import Actor
from domain.deadlines import hold_deadline, option_deadline
from domain.errors import DomainError, InvalidInput, NoRoomLeft, NotFound, PriceChanged, Refused, TooManyHolds
from domain.guest import GuestId
from domain.hotel import CancelReason, HotelTerms
from domain.money import Money
from domain.offer import Candidate, Offer
from domain.rates import NightPrice
from domain.reservation import PmsRef, Reservation, ReservationId, ReservationState
from integration.errors import PmsError, PmsRejected, PmsUnavailable
from integration.ports.pms import BookingChange, BookingDraft, BookingSearch, PmsBooking, RateQuestion
from integration.ports.records import Intent
from integration.ports.store import ReadTx, Tx
from integration.usecases.answers import Body
from integration.usecases.booking_request import BookRequest
from integration.usecases.desk import Desk
from integration.usecases.kept_offer import offer_of_wish, to_keep
from integration.usecases.offer_place import place_of_sale
from integration.usecases.opening import must_be_ours
from integration.usecases.quote_stay import read
from integration.usecases.reading_rates import candidates_of
from integration.usecases.recognise_guest import load_guest
from integration.usecases.steps import rejected
from integration.usecases.tracing import record_move
from integration.usecases.views import reservation_body
from integration.usecases.write_guest import ensure_profile

MAX_COMMENT = 1000
REASON_TRIES, REASON_WAIT_S, MOST_REASON_WAIT_S = 6, 0.5, 2.0
T = TypeVar("T")


@dataclass
class BookSteps:
    """Create a reservation. Evidence: search by our reference and system code."""

    desk: Desk
    hotel: HotelTerms
    actor: Actor
    request: BookRequest
    guest_id: GuestId
    offer: Offer | None
    candidate: Candidate | None = None
    profile_id: str = ""
    booking: PmsBooking | None = None
    _guarantee_code: str = field(default="", init=False)

    def check(self, tx: ReadTx) -> None:
        """The offer still stands, and the agent keeps no more holds than allowed."""
        now = self.desk.clock.now()
        if self.offer is not None and self.request.pick is not None:
            self.offer.pick(self.request.pick, now, self.hotel.zone)
        if self.request.to is ReservationState.HOLD:
            self._check_cap(tx, now)
        if self.request.to is ReservationState.OPTION:
            self._deadline_from(now)

    def _check_cap(self, tx: ReadTx, now: datetime) -> None:
        """Holds on their way count; one that was sent longer ago than a hold lives cannot be alive."""
        rules, key, who = self.hotel.rules, self.request.request_key, (self.hotel.hotel_id, self.actor.name)
        most = rules.max_live_holds
        if tx.count_live_holds(*who, now, sent_since=now - rules.hold, besides=key) >= most:
            raise TooManyHolds("An agent keeps at most {most} holds at a time; confirm or let one go.", most=most)

    async def prepare(self, intent: Intent) -> str | None:
        """Fix the price (quote by dates once, under an id made from the key) and the guest's number at the hotel."""
        self._guarantee_code = self.hotel.pms.guarantee_codes[self.request.guarantee or self.request.to]
        self.candidate = await self._candidate(intent)
        guest = await self.desk.store.read(lambda tx: load_guest(tx, self.guest_id))
        _, self.profile_id = await ensure_profile(self.desk, self.hotel, self.actor, guest, self.request.card)
        return to_keep(self.offer, intent)

    async def _candidate(self, intent: Intent) -> Candidate:
        if self.offer is None:
            self.offer = await offer_of_wish(self.desk, self.actor, self.request.wish, intent)
        number = self.request.pick or 1
        for choice in self.offer.choices:
            if choice.number == number:
                expected, found = self.request.expected_total, choice.candidate
                if expected is not None and expected != found.total:
                    raise price_changed(expected, found.total)
                return found
        raise NoRoomLeft(
            "{room_type} on {rate_plan} cannot be sold for these dates.",
            room_type=self.request.wish.room_type if self.request.wish else "-",
            rate_plan=self.request.wish.rate_plan if self.request.wish else "-",
            hint="Quote the dates to see why and what else there is.",
        )

    async def send(self, intent: Intent) -> str:
        """Create it, at the quoted price."""
        offer, candidate = self._ready()
        comments = _comments(self.hotel, self.request)
        draft = BookingDraft(
            reference=intent.external_ref,
            profile_id=self.profile_id,
            stay=offer.stay,
            party=offer.party,
            rooms=offer.rooms,
            room_type=candidate.room_type,
            rate_code=candidate.rate_code,
            guarantee_code=self._guarantee_code,
            nightly=per_room(candidate.nightly, offer.rooms),
            market_code=self.hotel.pms.market_of(candidate.rate_code),
            source_code=self.hotel.pms.source_code,
            payment_method=self.hotel.pms.payment_method,
            deadline=self._deadline(intent),
            promo=offer.promo if offer.promo_note == "valid" else None,
            comments=comments,
        )
        return await self.desk.pms.create_booking(self.hotel, draft)

    def _ready(self) -> tuple[Offer, Candidate]:
        if self.offer is None or self.candidate is None:
            raise InvalidInput("Say which offer and choice to book.", field="offer_id")
        return self.offer, self.candidate

    async def seek(self, intent: Intent) -> str | None:
        """A record with our reference that is not cancelled; the first one made when there are several."""
        found = await self.desk.pms.find_bookings(self.hotel, BookingSearch(reference=intent.external_ref))
        live = [one for one in found if self.hotel.pms.states.get(one.status) is not ReservationState.CANCELLED]
        return min((one.pms_ref for one in live), default=None, key=lambda ref: (len(ref), ref))

    async def verify(self, intent: Intent, proof: str) -> None:
        """Read back: a replaced guarantee is set right, a price that differs is taken back and refused."""
        _, candidate = self._ready()
        ref = PmsRef(proof)
        try:
            booking = await self.desk.pms.read_booking(self.hotel, ref)
        except PmsError:
            return
        if booking is None:
            return
        if booking.total is not None and booking.total != candidate.total:
            await self._take_back(intent, ref)
            raise price_changed(candidate.total, booking.total)
        if booking.guarantee_code != self._guarantee_code:
            await self._set_guarantee(intent, ref)
        self.booking = booking

    async def _set_guarantee(self, intent: Intent, ref: PmsRef) -> None:
        await must_be_ours(self.desk, intent)
        await self.desk.pms.change_booking(self.hotel, ref, BookingChange(guarantee_code=self._guarantee_code))
        again = await self.desk.pms.read_booking(self.hotel, ref)
        if again is not None and again.guarantee_code != self._guarantee_code:
            await self._take_back(intent, ref)
            raise Refused(
                "The PMS would not keep the guarantee {code}; the record was taken back.", code=self._guarantee_code
            )

    async def _take_back(self, intent: Intent, ref: PmsRef) -> None:
        await must_be_ours(self.desk, intent)
        code = self.hotel.pms.cancel_codes[CancelReason.PRICE_CHANGED]
        await self.desk.pms.cancel_booking(self.hotel, ref, code, f"{intent.external_ref}-X", "taken back at once")

    async def refusal(self, error: PmsRejected) -> DomainError:
        """Ask again what sells now: no room, another price, or the PMS's own word."""
        offer, candidate = self._ready()
        return await why_refused(self.desk, self.hotel, offer, candidate, error)

    def finish(self, tx: Tx, intent: Intent, proof: str) -> Body:
        """Store the reservation with history and audit."""
        reservation = self._reservation(tx, intent, proof)
        tx.add_reservation(reservation)
        record_move(
            tx,
            self.actor,
            self.desk.clock.now(),
            f"{reservation.state.value}_placed",
            reservation,
            before=None,
            detail={
                "total": str(reservation.total),
                "guarantee_code": self._guarantee_code,
                "attempts": str(intent.attempts),
            },
        )
        return reservation_body(reservation)

    def replay(self, tx: ReadTx, intent: Intent) -> Body:
        """The reservation made then, as it stands now."""
        found = tx.find_reservation(external_ref=intent.external_ref)
        if found is None:
            raise NotFound("The request {key} made no reservation.", key=intent.request_key)
        return reservation_body(found)

    def _deadline_from(self, start: datetime) -> datetime | None:
        rules = self.hotel.rules
        if self.request.to is ReservationState.HOLD:
            return hold_deadline(start, rules.hold)
        if self.request.to is ReservationState.OPTION:
            check_in = self.offer.stay.check_in if self.offer else self.request.wish.check_in  # type: ignore[union-attr]
            length = min(self.request.option_for or rules.option, rules.option)
            return option_deadline(start, length, self.hotel.option_limit(check_in))
        return None

    def _deadline(self, intent: Intent) -> datetime | None:
        return self._deadline_from(intent.sent_at or intent.created_at)

    def _reservation(self, tx: ReadTx, intent: Intent, proof: str) -> Reservation:
        offer, candidate = self._ready()
        place = place_of_sale(tx, self.actor, self.hotel.hotel_id, self.request.call_id, offer)
        return Reservation(
            reservation_id=ReservationId(self.desk.ids.new("res")),
            hotel_id=self.hotel.hotel_id,
            state=self.request.to,
            stay=offer.stay,
            party=offer.party,
            rooms=offer.rooms,
            room_type=candidate.room_type,
            rate_plan=candidate.rate_plan,
            rate_code=candidate.rate_code,
            board=candidate.board,
            nightly=candidate.nightly,
            total=candidate.total,
            deposit_due=candidate.deposit,
            paid=Money.zero(candidate.total.currency),
            cancellation=candidate.cancellation,
            guest_id=self.guest_id,
            request_key=self.request.request_key,
            external_ref=intent.external_ref,
            created_at=self.desk.clock.now(),
            created_by=self.actor.name,
            pms_ref=PmsRef(proof),
            expires_at=self._deadline(intent),
            guarantee=self.request.guarantee,
            offer_id=offer.offer_id,
            call_id=place.call.call_id if place.call else None,
            case_id=place.case_id or offer.case_id,
            requests=self.request.requests,
        )


def per_room(nightly: tuple[NightPrice, ...], rooms: int) -> tuple[NightPrice, ...]:
    """One room's share of prices that are for all rooms (they were multiplied from it, so it divides evenly)."""
    return tuple(NightPrice(one.night, Money(one.price.amount / rooms, one.price.currency)) for one in nightly)


def _comments(hotel: HotelTerms, request: BookRequest) -> tuple[str, ...]:
    """The special requests (health data left out of the text) and the note, as comments on the record."""
    wishes = [hotel.requests[code].labels.get("en", code) for code in request.requests]
    lines = [f"Requests: {', '.join(wishes)}"] if wishes else []
    return (*lines, *([request.note.strip()[:MAX_COMMENT]] if request.note and request.note.strip() else []))


def price_changed(quoted: Money, new: Money) -> PriceChanged:
    """The refusal that carries the new price."""
    return PriceChanged(
        "The PMS asks {new_total} now, not the quoted {quoted}; quote again.", new_total=str(new), quoted=str(quoted)
    )


async def patiently(desk: Desk, ask: Callable[[], Awaitable[T]]) -> T:
    """Ask why a write was refused; while our share of the PMS's calls is used up, wait as advised and ask again.

    In a rush for the last rooms everybody is refused at once and everybody asks; some ten seconds at most.
    """
    for _ in range(REASON_TRIES - 1):
        try:
            return await ask()
        except PmsUnavailable as error:
            if error.retry_after is None:
                raise
            wait = min(max(error.retry_after, REASON_WAIT_S), MOST_REASON_WAIT_S)
        await desk.clock.sleep(wait)
    return await ask()


async def why_refused(
    desk: Desk, hotel: HotelTerms, offer: Offer, candidate: Candidate, error: PmsRejected
) -> DomainError:
    """Turn the PMS's no into ours by asking once more what sells now."""
    question = RateQuestion(offer.stay, offer.party, offer.rooms, (candidate.rate_code,), (candidate.room_type,))
    try:
        now = candidates_of(hotel, await patiently(desk, lambda: read(desk, hotel, question)))
    except PmsError:
        return rejected(error)
    same = [one for one in now if one.room_type == candidate.room_type and one.rate_code == candidate.rate_code]
    if not same:
        return NoRoomLeft(
            "{room_type} can no longer be had for these nights.", room_type=candidate.room_type, hint="Quote again."
        )
    if same[0].total != candidate.total and not offer.promo:
        return price_changed(candidate.total, same[0].total)
    return rejected(error)
