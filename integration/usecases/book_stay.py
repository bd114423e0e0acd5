"""Book a stay: place a hold, take an option or confirm at once, from an offer's choice or from dates and codes.

The reservation is written to the PMS exactly once for its key (see `writing`). From an offer the quoted price is sent
explicitly and honoured while the offer is valid; if the PMS will not have it, the answer is a refusal with the new price,
never a silent change. Dates and codes are quoted first, under an offer id made from the key, so that a retry finds the same
price. At most four PMS calls, one after the other: find the guest, create him, create the reservation, read it back.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.access import Actor, Permission
from domain.deadlines import hold_deadline, option_deadline
from domain.errors import DomainError, InvalidInput, NoRoomLeft, NotFound, NotGuaranteed, PriceChanged, Refused, TooManyHolds
from domain.guest import GuestId
from domain.hotel import CancelReason, HotelTerms
from domain.money import Money
from domain.offer import Candidate, Offer, OfferId
from domain.rates import NightPrice
from domain.reservation import Guarantee, PmsRef, Reservation, ReservationId, ReservationState
from integration.errors import PmsError, PmsRejected
from integration.ports.pms import BookingChange, BookingDraft, BookingSearch, PmsBooking
from integration.ports.records import Intent, IntentKind
from integration.ports.store import ReadTx, Tx
from integration.usecases.answers import Answer, Body
from integration.usecases.desk import Desk
from integration.usecases.quote_stay import StayWish, call_of, quote_stay, read
from integration.usecases.reading_rates import candidates_of
from integration.usecases.recognise_guest import load_guest
from integration.usecases.steps import rejected
from integration.usecases.tracing import record_move
from integration.usecases.views import day, reservation_body
from integration.usecases.write_guest import GuestCard, ensure_profile, profile_of, take_guest
from integration.usecases.writing import Write, carry_out

MAX_COMMENT = 1000


@dataclass(frozen=True, slots=True)
class BookRequest:
    """What to book: `offer_id` and `pick`, or a `wish` with room type and rate plan. Who: `guest_id`, `card`, or the call's guest."""

    to: ReservationState
    request_key: str
    offer_id: str | None = None
    pick: int | None = None
    wish: StayWish | None = None
    guest_id: str | None = None
    card: GuestCard | None = None
    guarantee: Guarantee | None = None
    requests: tuple[str, ...] = ()
    note: str | None = None
    call_id: str | None = None
    option_for: timedelta | None = None


async def book_stay(desk: Desk, actor: Actor, request: BookRequest) -> Answer:
    """Place a hold, option or confirmed reservation. The answer's body is `reservation_body`."""
    actor.require(Permission.SELL)
    if request.to is ReservationState.CONFIRMED and request.guarantee in {None, Guarantee.DEPOSIT}:
        raise NotGuaranteed(
            "A confirmation needs a guarantee: card, agency or company; or hold it and take the deposit.", field="guarantee"
        )
    hotel, offer = await _hotel_of(desk, request)
    hotel.check_requests(request.requests)
    guest_id = await _guest_of(desk, actor, hotel, request, offer)
    steps = BookSteps(desk, hotel, actor, request, guest_id, offer)
    command = {
        "to": request.to.value, "offer_id": request.offer_id, "pick": request.pick, "guest_id": guest_id,
        "wish": _wish_command(request.wish), "guarantee": request.guarantee.value if request.guarantee else None,
        "requests": sorted(request.requests), "note": hashlib.sha256((request.note or "").encode()).hexdigest()[:16],
        "option_s": int(request.option_for.total_seconds()) if request.option_for else None,
    }
    write = Write(IntentKind.CREATE_BOOKING, hotel, actor, request.request_key, command, steps, guest_id=guest_id)
    return await carry_out(desk, write)


def _wish_command(wish: StayWish | None) -> Body | None:
    if wish is None:
        return None
    return {
        "check_in": day(wish.check_in), "nights": wish.nights, "adults": wish.adults, "child_ages": list(wish.child_ages),
        "rooms": wish.rooms, "hotel_id": wish.hotel_id, "room_type": wish.room_type, "rate_plan": wish.rate_plan,
        "currency": wish.currency, "market": wish.market, "promo": wish.promo,
    }


async def _hotel_of(desk: Desk, request: BookRequest) -> tuple[HotelTerms, Offer | None]:
    """The hotel and the offer booked from; InvalidInput when the request says neither or half."""
    if request.wish is not None:
        hotel = desk.hotel(request.wish.hotel_id)
        if not request.wish.room_type or not request.wish.rate_plan:
            raise InvalidInput("Booking by dates needs a room type and a rate plan.", field="room_type")
        hotel.room_type(request.wish.room_type)
        hotel.rate_plan(request.wish.rate_plan)
        return hotel, None
    if request.offer_id is None or request.pick is None:
        raise InvalidInput("Say which offer and choice to book, or dates, room type and rate plan.", field="offer_id")
    offer_id = OfferId(request.offer_id)
    offer = await desk.store.read(lambda tx: tx.get_offer(offer_id))
    if offer is None:
        raise NotFound("There is no offer {offer_id}.", offer_id=request.offer_id, field="offer_id")
    if all(choice.number != request.pick for choice in offer.choices):
        raise InvalidInput(
            "Offer {offer_id} has no choice {number}.", offer_id=offer.offer_id, number=request.pick, field="pick"
        )
    return desk.hotel(offer.hotel_id), offer


async def _guest_of(
    desk: Desk, actor: Actor, hotel: HotelTerms, request: BookRequest, offer: Offer | None
) -> GuestId:
    """Explicit guest, else the card (stored at once, so that the intent holds no name), else the call's guest."""
    fresh = None
    if request.guest_id is None and request.card is not None:
        fresh = profile_of(desk, request.card)

    def work(tx: Tx) -> GuestId:
        if request.guest_id is not None:
            return load_guest(tx, request.guest_id).guest_id
        if fresh is not None:
            return take_guest(desk, tx, actor, fresh).guest_id
        call = call_of(tx, actor, hotel.hotel_id, request.call_id or (offer.call_id if offer else None))
        if call is None or call.guest_id is None:
            raise InvalidInput("Say who the guest is: a guest id, or telephone and name.", field="guest_id")
        return GuestId(call.guest_id)

    return await desk.store.transact(work)


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
            self.offer.pick(self.request.pick, now)
        most = self.hotel.rules.max_live_holds
        if self.request.to is ReservationState.HOLD and tx.count_live_holds(self.hotel.hotel_id, self.actor.name, now) >= most:
            raise TooManyHolds("An agent keeps at most {most} holds at a time; confirm or let one go.", most=most)
        if self.request.to is ReservationState.OPTION:
            self._deadline_from(now)

    async def prepare(self, intent: Intent) -> None:
        """Fix the price (quote by dates once, under an id made from the key) and the guest's number at the hotel."""
        self._guarantee_code = self.hotel.pms.guarantee_codes[self.request.guarantee or self.request.to]
        self.candidate = await self._candidate(intent)
        guest = await self.desk.store.read(lambda tx: load_guest(tx, self.guest_id))
        _, self.profile_id = await ensure_profile(self.desk, self.hotel, self.actor, guest, self.request.card)

    async def _candidate(self, intent: Intent) -> Candidate:
        if self.offer is None:
            self.offer = await self._quoted(intent)
        number = self.request.pick or 1
        for choice in self.offer.choices:
            if choice.number == number:
                return choice.candidate
        raise NoRoomLeft(
            "{room_type} on {rate_plan} cannot be sold for these dates.",
            room_type=self.request.wish.room_type if self.request.wish else "-",
            rate_plan=self.request.wish.rate_plan if self.request.wish else "-",
            hint="Quote the dates to see why and what else there is.",
        )

    async def _quoted(self, intent: Intent) -> Offer:
        offer_id = OfferId(f"off_{intent.external_ref.removeprefix('SNT-').lower()}")
        kept = await self.desk.store.read(lambda tx: tx.get_offer(offer_id))
        if kept is not None:
            return kept
        if self.request.wish is None:
            raise InvalidInput("Say which offer and choice to book.", field="offer_id")
        return (await quote_stay(self.desk, self.actor, self.request.wish, offer_id=offer_id)).offer

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
            market_code=self.hotel.pms.market_code,
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
        await self.desk.pms.change_booking(self.hotel, ref, BookingChange(guarantee_code=self._guarantee_code))
        again = await self.desk.pms.read_booking(self.hotel, ref)
        if again is not None and again.guarantee_code != self._guarantee_code:
            await self._take_back(intent, ref)
            raise Refused(
                "The PMS would not keep the guarantee {code}; the record was taken back.", code=self._guarantee_code
            )

    async def _take_back(self, intent: Intent, ref: PmsRef) -> None:
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
            tx, self.actor, self.desk.clock.now(), f"{reservation.state.value}_placed", reservation, before=None,
            detail={"total": str(reservation.total), "guarantee_code": self._guarantee_code, "attempts": str(intent.attempts)},
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
        call = call_of(tx, self.actor, self.hotel.hotel_id, self.request.call_id or offer.call_id)
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
            call_id=call.call_id if call else None,
            case_id=call.case_id if call else offer.case_id,
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


async def why_refused(
    desk: Desk, hotel: HotelTerms, offer: Offer, candidate: Candidate, error: PmsRejected
) -> DomainError:
    """Turn the PMS's no into ours by asking once more what sells now."""
    from integration.ports.pms import RateQuestion

    question = RateQuestion(offer.stay, offer.party, offer.rooms, (candidate.rate_code,), (candidate.room_type,))
    try:
        now = candidates_of(hotel, await read(desk, hotel, question))
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
