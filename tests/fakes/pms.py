"""A hotel's PMS in memory, behind the port: stock per night, simple prices, rules, guests, bookings, deposits.

It takes duplicate references, as the real one does, and searches by system code. Knobs: `fail_next` makes one coming
call fail before, after or long after it is carried out, `delay` makes every call take seconds of the clock, `before` is
awaited ahead of each call (a barrier for races). `asked` lists every operation in order; a test counts calls with it.

    pms = FakePms(clock)
    pms.house(hotel).stock["VILLA", date(2027, 7, 10)] = 1     # state and front desk: tests.fakes.pms_house.FakeHouse
    pms.fail_next("create_booking", PmsOutcomeUnknown("lost"), executed=True)
"""

import contextlib
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from domain.availability import Restriction
from domain.hotel import HotelTerms
from domain.reservation import PmsRef
from domain.stay import StayDates
from integration.errors import PmsRejected
from integration.ports.pms import (
    AlternateDates,
    BookingChange,
    BookingDraft,
    BookingPage,
    BookingSearch,
    CallRecord,
    Deposit,
    GuaranteeType,
    Pms,
    PmsBooking,
    PmsProfile,
    ProfileDraft,
    ProfileSearch,
    RateAnswer,
    RateQuestion,
    RateState,
    RoomCounts,
    Turnaway,
)
from integration.ports.surroundings import Clock
from tests.fakes.pms_house import FakeHouse, Held
from tests.fakes.surroundings import FakeClock

T = TypeVar("T")


@dataclass(frozen=True)
class _Failure:
    """What the next call of an operation does instead."""

    error: Exception
    executed: bool
    late: bool


class FakePms:
    """Satisfies `integration.ports.pms.Pms`; one instance serves every hotel."""

    def __init__(self, clock: Clock | None = None) -> None:
        self.clock: Clock = clock or FakeClock()
        self.houses: dict[str, FakeHouse] = {}
        self.asked: list[str] = []
        self.call_log: list[CallRecord] = []
        self.turnaways: list[Turnaway] = []
        self.delay = 0.0
        self.page_rows = 200
        self.before: Callable[[str], Awaitable[None]] | None = None
        self.is_closed = False
        self._failures: dict[str, deque[_Failure]] = defaultdict(deque)
        self._late: list[Callable[[], object]] = []
        self._numbers = 100_000

    def house(self, hotel: HotelTerms) -> FakeHouse:
        """The state of a hotel, made on first sight."""
        return self.houses.setdefault(hotel.pms.pms_hotel_id, FakeHouse(hotel))

    def fail_next(self, operation: str, error: Exception, *, executed: bool = False, late: bool = False) -> None:
        """Make a coming call raise: unexecuted, `executed` first, or executed `late` (when `run_late` is called)."""
        if not hasattr(Pms, operation):
            raise ValueError(operation)
        self._failures[operation].append(_Failure(error, executed, late))

    def forget_failures(self) -> None:
        """Nothing that was armed happens any more; what is late still comes."""
        self._failures.clear()

    def run_late(self) -> None:
        """Carry out what was lost on the way and arrives only now."""
        waiting, self._late = self._late, []
        for work in waiting:
            with contextlib.suppress(PmsRejected):
                work()

    def count(self, operation: str) -> int:
        """How often an operation was asked for."""
        return self.asked.count(operation)

    def _number(self) -> str:
        self._numbers += 1
        return str(self._numbers)

    async def _do(self, operation: str, work: Callable[[], T]) -> T:
        self.asked.append(operation)
        if self.before is not None:
            await self.before(operation)
        if self.delay:
            await self.clock.sleep(self.delay)
        if not self._failures[operation]:
            return work()
        failure = self._failures[operation].popleft()
        if failure.late:
            self._late.append(work)
        elif failure.executed:
            work()
        raise failure.error

    def _today(self, hotel: HotelTerms) -> date:
        return hotel.today(self.clock.now())

    async def read_rates(self, hotel: HotelTerms, question: RateQuestion) -> RateAnswer:
        house, today = self.house(hotel), self._today(hotel)

        def work() -> RateAnswer:
            room_types = question.room_types or tuple(hotel.room_types)
            pairs = [(room, rate) for room in room_types for rate in question.rate_codes]
            return RateAnswer(tuple(house.rate(question, *pair, today) for pair in pairs), house.is_closed)

        return await self._do("read_rates", work)

    async def read_alternate_dates(
        self, hotel: HotelTerms, question: RateQuestion, window_days: int
    ) -> tuple[AlternateDates, ...]:
        return await self._do("read_alternate_dates", lambda: self._alternates(hotel, question, window_days))

    def _alternates(self, hotel: HotelTerms, question: RateQuestion, window: int) -> tuple[AlternateDates, ...]:
        house, today = self.house(hotel), self._today(hotel)
        found = []
        for shift in sorted({*range(-window, 0), *range(1, window + 1)}, key=lambda days: (abs(days), days)):
            stay = question.stay.moved_by(shift)
            if stay.check_in < today:
                continue
            for room in question.room_types or tuple(hotel.room_types):
                for code in question.rate_codes:
                    rate = house.rate(replace(question, stay=stay), room, code, today)
                    if rate.state == RateState.AVAILABLE:
                        found.append(AlternateDates(stay, room, code, rate.total))
        return tuple(found)

    async def read_room_counts(self, hotel: HotelTerms, stay: StayDates) -> RoomCounts:
        house = self.house(hotel)
        return await self._do(
            "read_room_counts",
            lambda: RoomCounts(
                {(room, night): max(0, house.left(room, night)) for room in hotel.room_types for night in stay.nights()}
            ),
        )

    async def read_restrictions(self, hotel: HotelTerms, stay: StayDates) -> tuple[Restriction, ...]:
        rules = self.house(hotel).rules
        return await self._do(
            "read_restrictions",
            lambda: tuple(rule for rule in rules if rule.start <= stay.check_out and stay.check_in <= rule.end),
        )

    async def read_guarantees(self, hotel: HotelTerms, arrival: date) -> tuple[GuaranteeType, ...]:
        free = self.house(hotel).free_codes
        codes = sorted({*hotel.pms.guarantee_codes.values(), *free})
        return await self._do(
            "read_guarantees",
            lambda: tuple(GuaranteeType(code, deducts=code not in free, on_hold=False) for code in codes),
        )

    async def read_script(self, hotel: HotelTerms, language: str) -> tuple[str, ...]:
        return await self._do("read_script", lambda: self.house(hotel).script)

    async def find_profiles(self, hotel: HotelTerms, search: ProfileSearch) -> tuple[PmsProfile, ...]:
        profiles = self.house(hotel).profiles
        return await self._do(
            "find_profiles",
            lambda: tuple(_shown(one, search) for one in profiles.values() if _is_meant(one, search))[: search.limit],
        )

    async def read_profile(self, hotel: HotelTerms, profile_id: str) -> PmsProfile | None:
        return await self._do("read_profile", lambda: self.house(hotel).profiles.get(profile_id))

    async def create_profile(self, hotel: HotelTerms, draft: ProfileDraft) -> str:
        def work() -> str:
            profile_id = self._number()
            self.house(hotel).write_profile(profile_id, draft)
            return profile_id

        return await self._do("create_profile", work)

    async def update_profile(self, hotel: HotelTerms, profile_id: str, draft: ProfileDraft, note: str | None) -> None:
        house = self.house(hotel)
        await self._do("update_profile", lambda: house.write_profile(profile_id, draft, note))

    async def find_bookings(self, hotel: HotelTerms, search: BookingSearch) -> tuple[PmsBooking, ...]:
        house = self.house(hotel)
        return await self._do(
            "find_bookings",
            lambda: tuple(held.booking for held in house.bookings.values() if _matches(house, held, search)),
        )

    async def page_bookings(self, hotel: HotelTerms, first: date, last: date, offset: int) -> BookingPage:
        house = self.house(hotel)

        def work() -> BookingPage:
            arriving = [one for one in house.bookings.values() if first <= one.booking.stay.check_in <= last]
            page = arriving[offset : offset + self.page_rows]
            ours = [house.listed(one) for one in page if one.system_code == house.terms.pms.system_code]
            following = offset + len(page) if offset + len(page) < len(arriving) else None
            return BookingPage(tuple(ours), len(page), following)

        return await self._do("page_bookings", work)

    async def read_booking(self, hotel: HotelTerms, pms_ref: PmsRef) -> PmsBooking | None:
        house = self.house(hotel)
        return await self._do("read_booking", lambda: house.shown(pms_ref))

    async def create_booking(self, hotel: HotelTerms, draft: BookingDraft) -> PmsRef:
        def work() -> PmsRef:
            pms_ref = PmsRef(self._number())
            self.house(hotel).book(draft, pms_ref, self._today(hotel))
            return pms_ref

        return await self._do("create_booking", work)

    async def change_booking(self, hotel: HotelTerms, pms_ref: PmsRef, change: BookingChange) -> None:
        house, today = self.house(hotel), self._today(hotel)
        await self._do("change_booking", lambda: house.change(pms_ref, change, today))

    async def cancel_booking(
        self, hotel: HotelTerms, pms_ref: PmsRef, reason_code: str, reference: str, text: str
    ) -> None:
        house = self.house(hotel)
        await self._do("cancel_booking", lambda: house.cancel(pms_ref, reference, text))

    async def reinstate_booking(self, hotel: HotelTerms, pms_ref: PmsRef) -> None:
        house = self.house(hotel)
        await self._do("reinstate_booking", lambda: house.reinstate(pms_ref))

    async def post_deposit(
        self, hotel: HotelTerms, pms_ref: PmsRef, deposit: Deposit, payment_method: str, guarantee_code: str | None
    ) -> None:
        house = self.house(hotel)
        await self._do("post_deposit", lambda: house.pay(pms_ref, deposit, guarantee_code))

    async def read_deposits(self, hotel: HotelTerms, pms_ref: PmsRef) -> tuple[Deposit, ...]:
        return await self._do("read_deposits", lambda: tuple(self.house(hotel).held(pms_ref).deposits))

    async def log_call(self, hotel: HotelTerms, record: CallRecord) -> None:
        await self._do("log_call", lambda: self.call_log.append(record))

    async def log_turnaway(self, hotel: HotelTerms, turnaway: Turnaway) -> None:
        await self._do("log_turnaway", lambda: self.turnaways.append(turnaway))

    async def close(self) -> None:
        self.is_closed = True


def _is_meant(profile: PmsProfile, search: ProfileSearch) -> bool:
    for wanted, had in (
        (search.reference, profile.references),
        (search.phone, profile.phones),
        (search.email, profile.emails),
    ):
        if wanted is not None:
            return wanted in had
    surname, given = (search.surname or "").casefold(), (search.given_name or "").casefold()
    return profile.surname.casefold().startswith(surname) and profile.given_name.casefold().startswith(given)


def _shown(profile: PmsProfile, search: ProfileSearch) -> PmsProfile:
    return profile if search.with_history else replace(profile, stays=(), preferences=(), notes=())


def _matches(house: FakeHouse, held: Held, search: BookingSearch) -> bool:
    booking, guest = held.booking, house.profiles.get(held.profile_id)
    ours = held.system_code == house.terms.pms.system_code
    earliest, latest = search.arrival_from or date.min, search.arrival_to or date.max
    return all(
        (
            search.reference is None or (ours and search.reference in booking.references),
            search.profile_id is None or held.profile_id == search.profile_id,
            search.phone is None or (guest is not None and search.phone in guest.phones),
            earliest <= booking.stay.check_in <= latest,
            search.include_cancelled or booking.status != "Cancelled",
        )
    )


def _it_satisfies_the_port() -> Pms:
    return FakePms()
