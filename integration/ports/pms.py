"""The hotel's PMS, in the trade's words.

Reads may raise PmsUnavailable, PmsRejected or PmsProtocolError and are safe to repeat. Writes may also raise
PmsOutcomeUnknown, and an implementation must never send a write twice by itself. Money is for one room unless said
otherwise; nights are half-open as in `StayDates`; `hotel` is our terms of the hotel.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from domain.availability import Restriction
from domain.guest import Preference, Stay
from domain.hotel import HotelTerms
from domain.money import Money
from domain.rates import NightPrice
from domain.reservation import PmsRef
from domain.stay import Party, StayDates


@dataclass(frozen=True, slots=True)
class RateQuestion:
    """What does one such room cost and can it be sold? `rate_codes` are the PMS's; empty room types = all.

    `own_ref`: a reservation that is being changed; the rooms it keeps count as free (availability
    `hotelReservationId`).
    """

    stay: StayDates
    party: Party
    rooms: int
    rate_codes: tuple[str, ...]
    room_types: tuple[str, ...] = ()
    promo: str | None = None
    own_ref: PmsRef | None = None


class RateState:
    """Why the PMS would not sell it: the dialect's five words, in ours."""

    AVAILABLE = "available"
    RESTRICTED = "restricted"
    NO_INVENTORY = "no_inventory"
    OVER_OCCUPANCY = "over_occupancy"
    NO_ITEM = "no_item"


@dataclass(frozen=True, slots=True)
class RoomRate:
    """One room type on one rate code. `nightly`/`total`: one room, whole party, tax included; None when not priced."""

    room_type: str
    rate_code: str
    state: str
    units: int
    nightly: tuple[NightPrice, ...]
    total: Money | None
    packages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RateAnswer:
    """Every room type and rate code asked for; `house_closed` when the whole hotel is."""

    room_rates: tuple[RoomRate, ...]
    house_closed: bool = False


@dataclass(frozen=True, slots=True)
class GuaranteeType:
    """A guarantee code the PMS takes for an arrival; `deducts` whether it takes a room out of stock."""

    code: str
    deducts: bool
    on_hold: bool


@dataclass(frozen=True, slots=True)
class ProfileDraft:
    """A guest to be written. Empty texts are left out."""

    given_name: str
    surname: str
    language: str
    nationality: str
    phone: str | None
    email: str | None
    reference: str


@dataclass(frozen=True, slots=True)
class PmsProfile:
    """A guest as the PMS knows him."""

    profile_id: str
    given_name: str
    surname: str
    language: str
    nationality: str
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    is_vip: bool = False
    segment: str | None = None
    preferences: tuple[Preference, ...] = ()
    notes: tuple[str, ...] = ()
    stays: tuple[Stay, ...] = ()


@dataclass(frozen=True, slots=True)
class BookingDraft:
    """A reservation to be written.

    `nightly`: ONE room's price per night, sent explicitly. `deadline` mirrors an option's end.
    """

    reference: str
    profile_id: str
    stay: StayDates
    party: Party
    rooms: int
    room_type: str
    rate_code: str
    guarantee_code: str
    nightly: tuple[NightPrice, ...]
    market_code: str
    source_code: str
    payment_method: str
    deadline: datetime | None = None
    promo: str | None = None
    comments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BookingChange:
    """What to change; None = keep. A changed stay, party, room or rate carries its `nightly` (ONE room)."""

    guarantee_code: str | None = None
    stay: StayDates | None = None
    party: Party | None = None
    rooms: int | None = None
    room_type: str | None = None
    rate_code: str | None = None
    nightly: tuple[NightPrice, ...] | None = None
    deadline: datetime | None = None
    comments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PmsBooking:
    """A reservation as it stands in the PMS. `total`: all rooms, tax included; `status` is the dialect's own word.

    `profile_id`, `nightly` (ONE room) and `deadline` (of an option, as we mirrored it) only when it is read by number.
    """

    pms_ref: PmsRef
    status: str
    references: tuple[str, ...]
    stay: StayDates
    party: Party
    rooms: int
    room_type: str
    rate_code: str
    guarantee_code: str
    total: Money | None
    deposit_paid: Money | None = None
    cancel_references: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()
    created_on: date | None = None
    profile_id: str = ""
    nightly: tuple[NightPrice, ...] = ()
    deadline: datetime | None = None


@dataclass(frozen=True, slots=True)
class Deposit:
    """Money put on a reservation; `reference` is our payment key."""

    reference: str
    amount: Money


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One telephone call for the PMS's call log."""

    started_at: datetime
    ended_at: datetime
    phone: str | None
    given_name: str
    surname: str
    turnaway_code: str | None
    comments: str
    pms_ref: PmsRef | None = None


@dataclass(frozen=True, slots=True)
class Turnaway:
    """A sale that did not happen, for the PMS's regret and denial statistics."""

    stay: StayDates
    party: Party
    rooms: int
    room_type: str | None
    rate_code: str | None
    rate: Money | None
    reason_code: str
    comments: str


@dataclass(frozen=True, slots=True)
class BookingSearch:
    """Find reservations of ours (by reference and system code) or of a profile. All given criteria must hold."""

    reference: str | None = None
    profile_id: str | None = None
    phone: str | None = None
    arrival_from: date | None = None
    arrival_to: date | None = None
    include_cancelled: bool = True


@dataclass(frozen=True, slots=True)
class UnreadableBooking:
    """A row of a listing that cannot be understood. `position` in the listing, from 1; `references`: ours, as far as
    they can be read; `pms_ref` None when not even its number can.
    """

    position: int
    pms_ref: PmsRef | None
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BookingPage:
    """A page of a listing by arrival. `bookings`: those that carry a reference of ours; `listed`: how many there were
    with those of other systems; `following`: the offset of the next page, None on the last; `unreadable`: rows that are
    or may be ours and cannot be understood.
    """

    bookings: tuple[PmsBooking, ...]
    listed: int
    following: int | None
    unreadable: tuple[UnreadableBooking, ...] = ()


@dataclass(frozen=True, slots=True)
class ProfileSearch:
    """Find guests; one criterion is used, in the order reference, phone, email, name. `with_history` adds stays and
    wishes."""

    reference: str | None = None
    phone: str | None = None
    email: str | None = None
    surname: str | None = None
    given_name: str | None = None
    limit: int = 20
    with_history: bool = False


@dataclass(frozen=True, slots=True)
class AlternateDates:
    """Other dates on which the room type can be had."""

    stay: StayDates
    room_type: str
    rate_code: str
    total: Money | None


@dataclass(frozen=True, slots=True)
class RoomCounts:
    """Rooms left by room type and night; a pair that is missing has none."""

    available: dict[tuple[str, date], int] = field(default_factory=dict)

    def least(self, room_type: str, stay: StayDates) -> int:
        """Rooms that are free on every night of the stay."""
        available = self.available
        return min([available.get((room_type, night), 0) for night in stay.nights()])


class Pms(Protocol):
    """The port. One instance serves every hotel of the deployment."""

    async def read_rates(self, hotel: HotelTerms, question: RateQuestion) -> RateAnswer:
        """Availability and price in one call, closed rates included with their reason."""
        ...

    async def read_alternate_dates(
        self, hotel: HotelTerms, question: RateQuestion, window_days: int
    ) -> tuple[AlternateDates, ...]:
        """Other dates around the asked ones, nearest first."""
        ...

    async def read_room_counts(self, hotel: HotelTerms, stay: StayDates) -> RoomCounts:
        """Rooms left per type and night, without allowed overbooking."""
        ...

    async def read_restrictions(self, hotel: HotelTerms, stay: StayDates) -> tuple[Restriction, ...]:
        """The hotel's restrictions that touch the stay, its day of departure included."""
        ...

    async def read_guarantees(self, hotel: HotelTerms, arrival: date) -> tuple[GuaranteeType, ...]:
        """Guarantee codes the PMS takes for an arrival."""
        ...

    async def read_script(self, hotel: HotelTerms, language: str) -> tuple[str, ...]:
        """The hotel's own script and sell messages, as texts."""
        ...

    async def find_profiles(self, hotel: HotelTerms, search: ProfileSearch) -> tuple[PmsProfile, ...]:
        """Guests that match; empty for none."""
        ...

    async def read_profile(self, hotel: HotelTerms, profile_id: str) -> PmsProfile | None:
        """One guest with history, preferences and notes; None when there is none."""
        ...

    async def create_profile(self, hotel: HotelTerms, draft: ProfileDraft) -> str:
        """Write a guest; return the profile number."""
        ...

    async def update_profile(self, hotel: HotelTerms, profile_id: str, draft: ProfileDraft, note: str | None) -> None:
        """Replace what the draft gives; append the note."""
        ...

    async def find_bookings(self, hotel: HotelTerms, search: BookingSearch) -> tuple[PmsBooking, ...]:
        """Reservations that match, our system code only when `reference` is given; empty for none."""
        ...

    async def page_bookings(self, hotel: HotelTerms, first: date, last: date, offset: int) -> BookingPage:
        """Reservations of any status that arrive on `[first, last]` (90 days at most), a page at a time."""
        ...

    async def read_booking(self, hotel: HotelTerms, pms_ref: PmsRef) -> PmsBooking | None:
        """One reservation with comments and deposits; None when there is none."""
        ...

    async def create_booking(self, hotel: HotelTerms, draft: BookingDraft) -> PmsRef:
        """Write a reservation; return the PMS's number for it."""
        ...

    async def change_booking(self, hotel: HotelTerms, pms_ref: PmsRef, change: BookingChange) -> None:
        """Change a reservation."""
        ...

    async def cancel_booking(
        self, hotel: HotelTerms, pms_ref: PmsRef, reason_code: str, reference: str, text: str
    ) -> None:
        """Cancel; `reference` is our cancellation's own id, by which it is recognised later."""
        ...

    async def reinstate_booking(self, hotel: HotelTerms, pms_ref: PmsRef) -> None:
        """Take a cancelled reservation back, if stock allows (PmsRejected otherwise)."""
        ...

    async def post_deposit(
        self, hotel: HotelTerms, pms_ref: PmsRef, deposit: Deposit, payment_method: str, guarantee_code: str | None
    ) -> None:
        """Put money on a reservation, and set the guarantee with it when one is given."""
        ...

    async def read_deposits(self, hotel: HotelTerms, pms_ref: PmsRef) -> tuple[Deposit, ...]:
        """Money put on a reservation."""
        ...

    async def log_call(self, hotel: HotelTerms, record: CallRecord) -> None:
        """Write the PMS's call log."""
        ...

    async def log_turnaway(self, hotel: HotelTerms, turnaway: Turnaway) -> None:
        """Write a regret or denial."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
