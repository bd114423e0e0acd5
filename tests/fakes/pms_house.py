"""One house inside the fake PMS: stock per night, prices, rules, guests and bookings. Synchronous, all or nothing.

Kept apart from the port so that a test can play the front desk: sell rooms behind our back, close dates,
check a guest in.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from domain.availability import Restriction, RestrictionKind
from domain.hotel import HotelTerms
from domain.money import Money, total_of
from domain.rates import NightPrice
from domain.reservation import PmsRef
from domain.stay import Party, StayDates
from integration.errors import PmsRejected
from integration.ports.pms import (
    BookingChange,
    BookingDraft,
    Deposit,
    PmsBooking,
    PmsProfile,
    ProfileDraft,
    RateQuestion,
    RateState,
    RoomRate,
)

NO_ROOM, NOT_FOUND, WRONG_STATE, WRONG_CODE, PRICE_REFUSED = "RSV00001", "RSV00404", "RSV00409", "GEN00400", "RAT00001"
BASE_PRICES = {"STD": 200, "STDSV": 230, "FAM": 290, "FAMSV": 330, "JRS": 410, "VILLA": 900}
PLAN_FACTORS = {"UAI-FLEX": Decimal("1.0"), "UAI-NREF": Decimal("0.9"), "HB-FLEX": Decimal("0.8")}
LIRA_PER_EURO = 55
EXTRA_ADULT, EACH_CHILD = Decimal("0.35"), Decimal("0.2")


def rejected(why: str, code: str, status: int = 400) -> PmsRejected:
    """The PMS's no."""
    return PmsRejected(why, status=status, pms_code=code)


@dataclass
class Held:
    """A booking and what only the house knows of it."""

    booking: PmsBooking
    nightly: tuple[NightPrice, ...]
    profile_id: str
    system_code: str
    deposits: list[Deposit] = field(default_factory=list)
    deadline: datetime | None = None
    takes_stock: bool = False


@dataclass
class FakeHouse:
    """The state of one hotel. `sold`: rooms taken per (room type, night); `stock`: rooms there are, else the type's."""

    terms: HotelTerms
    sold: dict[tuple[str, date], int] = field(default_factory=dict)
    stock: dict[tuple[str, date], int] = field(default_factory=dict)
    prices: dict[tuple[str, str, date | None], Decimal] = field(default_factory=dict)
    rules: list[Restriction] = field(default_factory=list)
    bookings: dict[PmsRef, Held] = field(default_factory=dict)
    profiles: dict[str, PmsProfile] = field(default_factory=dict)
    script: tuple[str, ...] = ()
    is_closed: bool = False
    refuse_price: bool = False
    free_codes: frozenset[str] = frozenset({"TENT"})

    def left(self, room_type: str, night: date) -> int:
        """Rooms left on a night."""
        there = self.stock.get((room_type, night), self.terms.room_types[room_type].room_count)
        return there - self.sold.get((room_type, night), 0)

    def least(self, room_type: str, stay: StayDates) -> int:
        """Rooms left on every night of a stay."""
        return min(self.left(room_type, night) for night in stay.nights())

    def least_for(self, question: RateQuestion, room_type: str) -> int:
        """The same for a question; the rooms of the reservation that is being changed come free for it."""
        own = self.bookings.get(question.own_ref) if question.own_ref is not None else None
        kept = own.booking if own is not None and own.takes_stock else None

        def free(night: date) -> int:
            mine = kept is not None and kept.room_type == room_type and night in kept.stay.nights()
            return self.left(room_type, night) + (kept.rooms if mine and kept is not None else 0)

        return min(free(night) for night in question.stay.nights())

    def take(self, room_type: str, stay: StayDates, rooms: int) -> None:
        """Take rooms out of stock, all nights or none."""
        if self.least(room_type, stay) < rooms:
            raise rejected("Room type not available.", NO_ROOM)
        self._move(room_type, stay, rooms)

    def _move(self, room_type: str, stay: StayDates, rooms: int) -> None:
        for night in stay.nights():
            self.sold[room_type, night] = self.sold.get((room_type, night), 0) + rooms

    def currency_of(self, rate_code: str) -> str | None:
        """The currency a rate code sells in; None for a code the house does not have."""
        pairs = (pair for plan in self.terms.rate_plans.values() for pair in plan.pms_codes)
        return next((currency for currency, code in pairs if code == rate_code), None)

    def price(self, room_type: str, rate_code: str, night: date, party: Party) -> Money:
        """Price of a night for the party: from the table (a night's own first), else base x plan factor."""
        currency = self.currency_of(rate_code) or self.terms.currency
        plan = self.terms.rate_plan(rate_code).code
        base = BASE_PRICES.get(room_type, 200) * PLAN_FACTORS.get(plan, Decimal(1))
        amount = base * (LIRA_PER_EURO if currency == self.terms.home_currency else 1)
        for key in ((room_type, rate_code, None), (room_type, rate_code, night)):
            amount = self.prices.get(key, amount)
        extra = EXTRA_ADULT * max(0, party.adults - 2) + EACH_CHILD * len(party.child_ages)
        return Money(amount * (1 + extra), currency)

    def broken(self, room_type: str, rate_code: str, stay: StayDates, today: date) -> list[Restriction]:
        """Rules the stay goes against."""
        return [rule for rule in self.rules if rule.concerns(room_type, rate_code) and rule.breaks(stay, today)]

    def rate(self, question: RateQuestion, room_type: str, rate_code: str, today: date) -> RoomRate:
        """One line of a rate answer."""
        if room_type not in self.terms.room_types or self.currency_of(rate_code) is None:
            return RoomRate(room_type, rate_code, RateState.NO_ITEM, 0, (), None)
        nights = question.stay.nights()
        prices = tuple(NightPrice(day, self.price(room_type, rate_code, day, question.party)) for day in nights)
        prices = self._promoted(prices, rate_code, question)
        units = max(0, self.least_for(question, room_type))
        state = self._state(question, room_type, rate_code, today)
        total = total_of([one.price for one in prices], prices[0].price.currency)
        return RoomRate(room_type, rate_code, state, units, prices, total)

    def _promoted(
        self, prices: tuple[NightPrice, ...], rate_code: str, question: RateQuestion
    ) -> tuple[NightPrice, ...]:
        campaigns = self.terms.promotions.get(question.promo or "", ())
        promotion = next((one for one in campaigns if self.terms.rate_plan(rate_code).code in one.rate_plans), None)
        if promotion is None:
            return prices
        return tuple(
            replace(one, price=one.price.percent(100 - promotion.percent))
            if promotion.start <= one.night <= promotion.end
            else one
            for one in prices
        )

    def _state(self, question: RateQuestion, room_type: str, rate_code: str, today: date) -> str:
        party = question.party
        if not self.terms.room_types[room_type].takes(party.adults, len(party.child_ages)):
            return RateState.OVER_OCCUPANCY
        if self.broken(room_type, rate_code, question.stay, today):
            return RateState.RESTRICTED
        return RateState.AVAILABLE if self.least_for(question, room_type) >= question.rooms else RateState.NO_INVENTORY

    def held(self, pms_ref: PmsRef) -> Held:
        """A booking, or the PMS's 404."""
        if pms_ref not in self.bookings:
            raise rejected("Reservation not found.", NOT_FOUND, 404)
        return self.bookings[pms_ref]

    def shown(self, pms_ref: PmsRef) -> PmsBooking | None:
        """A booking read by number, with guest, nights and deadline."""
        held = self.bookings.get(pms_ref)
        if held is None:
            return None
        return replace(held.booking, profile_id=held.profile_id, nightly=held.nightly, deadline=held.deadline)

    def listed(self, held: Held) -> PmsBooking:
        """A booking as a listing tells it."""
        return replace(held.booking, comments=())

    def book(self, draft: BookingDraft, pms_ref: PmsRef, today: date) -> None:
        """Write a booking; duplicate references are taken, as the real one does."""
        self._check(draft.guarantee_code, draft.room_type, draft.rate_code, draft.profile_id)
        self._check_price(draft.nightly)
        if self.broken(draft.room_type, draft.rate_code, draft.stay, today):
            raise rejected("A restriction forbids the stay.", NO_ROOM)
        takes = draft.guarantee_code not in self.free_codes
        if takes:
            self.take(draft.room_type, draft.stay, draft.rooms)
        booking = PmsBooking(
            pms_ref=pms_ref,
            status="Reserved",
            references=(draft.reference,),
            stay=draft.stay,
            party=draft.party,
            rooms=draft.rooms,
            room_type=draft.room_type,
            rate_code=draft.rate_code,
            guarantee_code=draft.guarantee_code,
            total=_total(draft.nightly, draft.rooms),
            comments=draft.comments,
            created_on=today,
        )
        held = Held(booking, draft.nightly, draft.profile_id, self.terms.pms.system_code, deadline=draft.deadline)
        held.takes_stock = takes
        self.bookings[pms_ref] = held

    def _check(self, guarantee: str | None, room_type: str, rate_code: str, profile_id: str | None = None) -> None:
        if guarantee is not None and guarantee not in {*self.terms.pms.guarantee_codes.values(), *self.free_codes}:
            raise rejected("Guarantee code is not valid.", WRONG_CODE)
        if room_type not in self.terms.room_types or self.currency_of(rate_code) is None:
            raise rejected("Room type or rate plan is not valid.", WRONG_CODE)
        if profile_id is not None and profile_id not in self.profiles:
            raise rejected("Profile not found.", WRONG_CODE)

    def _check_price(self, nightly: tuple[NightPrice, ...] | None) -> None:
        if self.refuse_price and nightly:
            raise rejected("The rate is not valid.", PRICE_REFUSED)

    def change(self, pms_ref: PmsRef, change: BookingChange, today: date) -> None:
        """Change a live booking: old stock back and new stock taken, or neither."""
        held = self.held(pms_ref)
        old = held.booking
        if old.status not in {"Reserved", "InHouse"}:
            raise rejected("Reservation cannot be changed.", WRONG_STATE)
        nightly = change.nightly or held.nightly
        rooms = change.rooms or old.rooms
        new = replace(
            old,
            guarantee_code=change.guarantee_code or old.guarantee_code,
            stay=change.stay or old.stay,
            party=change.party or old.party,
            rooms=rooms,
            room_type=change.room_type or old.room_type,
            rate_code=change.rate_code or old.rate_code,
            total=_total(nightly, rooms),
            comments=(*old.comments, *change.comments),
        )
        self._check(change.guarantee_code, new.room_type, new.rate_code)
        self._check_price(change.nightly)
        moved = (new.stay, new.room_type, new.rate_code) != (old.stay, old.room_type, old.rate_code)
        if moved and self.broken(new.room_type, new.rate_code, new.stay, today):
            raise rejected("A restriction forbids the stay.", NO_ROOM)
        self._swap(held, new)
        held.nightly = nightly
        held.deadline = change.deadline if change.deadline is not None else held.deadline

    def _swap(self, held: Held, new: PmsBooking) -> None:
        old, took = held.booking, held.takes_stock
        takes = new.guarantee_code not in self.free_codes
        if took:
            self._move(old.room_type, old.stay, -old.rooms)
        try:
            if takes:
                self.take(new.room_type, new.stay, new.rooms)
        except PmsRejected:
            if took:
                self._move(old.room_type, old.stay, old.rooms)
            raise
        held.booking, held.takes_stock = new, takes

    def cancel(self, pms_ref: PmsRef, reference: str, text: str) -> None:
        """Give the rooms back; a second time is a no."""
        held = self.held(pms_ref)
        if held.booking.status != "Reserved":
            raise rejected("Reservation is not in a state to be cancelled.", WRONG_STATE)
        references = (*held.booking.cancel_references, reference)
        comments = (*held.booking.comments, text) if text else held.booking.comments
        self._give_back(held)
        held.booking = replace(held.booking, status="Cancelled", cancel_references=references, comments=comments)

    def _give_back(self, held: Held) -> None:
        if held.takes_stock:
            self._move(held.booking.room_type, held.booking.stay, -held.booking.rooms)
        held.takes_stock = False

    def reinstate(self, pms_ref: PmsRef) -> None:
        """Take a cancelled booking back if there is room."""
        held = self.held(pms_ref)
        if held.booking.status != "Cancelled":
            raise rejected("Reservation is not cancelled.", WRONG_STATE)
        takes = held.booking.guarantee_code not in self.free_codes
        if takes:
            self.take(held.booking.room_type, held.booking.stay, held.booking.rooms)
        held.booking, held.takes_stock = replace(held.booking, status="Reserved"), takes

    def pay(self, pms_ref: PmsRef, deposit: Deposit, guarantee_code: str | None) -> None:
        """Put money on a booking, twice under one reference too: the real one promises no uniqueness."""
        held = self.held(pms_ref)
        if held.booking.status not in {"Reserved", "InHouse"}:
            raise rejected("No deposit can be posted.", WRONG_STATE)
        if guarantee_code is not None:
            self.change(pms_ref, BookingChange(guarantee_code=guarantee_code), held.booking.stay.check_in)
        held.deposits.append(deposit)
        paid = total_of([one.amount for one in held.deposits], deposit.amount.currency)
        held.booking = replace(held.booking, deposit_paid=paid)

    def set_status(self, pms_ref: PmsRef, status: str) -> None:
        """Play the front desk or the night audit: `InHouse`, `CheckedOut`, `NoShow` (frees the rooms)."""
        held = self.held(pms_ref)
        if status in {"NoShow", "CheckedOut"}:
            self._give_back(held)
        held.booking = replace(held.booking, status=status)

    def write_profile(self, profile_id: str, draft: ProfileDraft, note: str | None = None) -> None:
        """Insert a guest, or replace what the draft gives."""
        old = self.profiles.get(profile_id) or PmsProfile(profile_id, "", "", "", "")
        self.profiles[profile_id] = replace(
            old,
            given_name=draft.given_name or old.given_name,
            surname=draft.surname or old.surname,
            language=draft.language or old.language,
            nationality=draft.nationality or old.nationality,
            phones=_with(old.phones, draft.phone),
            emails=_with(old.emails, draft.email),
            references=_with(old.references, draft.reference),
            notes=_with(old.notes, note),
        )

    def close_sales(self, start: date, end: date, room_type: str | None = None, rate_code: str | None = None) -> None:
        """Stop-sale on `[start, end]`, both days included."""
        self.rules.append(Restriction(RestrictionKind.CLOSED, start, end, None, room_type, rate_code))


def _with(texts: tuple[str, ...], text: str | None) -> tuple[str, ...]:
    return texts if not text or text in texts else (*texts, text)


def _total(nightly: tuple[NightPrice, ...], rooms: int) -> Money | None:
    return total_of([one.price for one in nightly], nightly[0].price.currency).times(rooms) if nightly else None
