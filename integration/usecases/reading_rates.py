"""From the PMS's answer to what an agent can read out: candidates that sell, and rooms that do not with the reason.

The PMS says per room type and rate only Available or one of four kinds of no. Which rule stands in the way comes from
the restrictions; whether a sold-out room is merely held or optioned comes from our own live holds, for saying so only:
they are never a count of stock. Room counts come from the inventory (`hotelInventory`), not from the rate answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from domain.availability import (
    Alert,
    AlertCode,
    AlertLevel,
    Availability,
    Restriction,
    alert_of,
    state_of,
)
from domain.hotel import HotelTerms, UpsellItem, UpsellPer
from domain.money import Money
from domain.offer import Candidate, ClosedRoom, Upsell
from domain.rates import NightPrice
from domain.reservation import Reservation, ReservationState
from integration.ports.pms import RateAnswer, RateQuestion, RateState, RoomCounts, RoomRate

ROOM_UPGRADE = "ROOM:"


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read for one question.

    `ours`: our live holds and options by sold-out room type; `today`: hotel's day.
    """

    question: RateQuestion
    answer: RateAnswer
    counts: RoomCounts | None
    rules: tuple[Restriction, ...]
    ours: Mapping[str, list[Reservation]]
    today: date
    _left: dict[str, int] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def plain(cls, question: RateQuestion, answer: RateAnswer, today: date) -> "Reading":
        """A reading of rates alone."""
        return cls(question, answer, None, (), {}, today)

    def rooms_left(self, rate: RoomRate) -> int:
        """Rooms free on every night."""
        if self.counts is None:
            return rate.units
        left = self._left.get(rate.room_type)
        if left is None:
            left = self._left[rate.room_type] = self.counts.least(rate.room_type, self.question.stay)
        return left

    def broken_by(self, rate: RoomRate) -> list[Restriction]:
        """The rules this stay goes against on this room type and rate."""
        return [
            rule
            for rule in self.rules
            if rule.concerns(rate.room_type, rate.rate_code) and rule.breaks(self.question.stay, self.today)
        ]


def candidates_of(hotel: HotelTerms, reading: Reading) -> list[Candidate]:
    """Everything that sells as asked, priced for all rooms."""
    if reading.answer.house_closed:
        return []
    rooms = reading.question.rooms
    return [
        _candidate(hotel, rate, rate.total, rooms, left)
        for rate in reading.answer.room_rates
        if rate.state == RateState.AVAILABLE
        and rate.total is not None
        and rate.room_type in hotel.room_types
        and (left := reading.rooms_left(rate)) >= rooms
    ]


def _candidate(hotel: HotelTerms, rate: RoomRate, total: Money, rooms: int, left: int) -> Candidate:
    """`total` is that of one room; `left`: rooms free on every night."""
    plan, nightly = hotel.rate_plan(rate.rate_code), rate.nightly
    if rooms > 1:
        nightly = tuple([NightPrice(one.night, one.price.times(rooms)) for one in nightly])
        total = total.times(rooms)
    return Candidate(
        room_type=rate.room_type,
        rate_plan=plan.code,
        rate_code=rate.rate_code,
        board=plan.board.value,
        package=plan.package,
        nightly=nightly,
        total=total,
        available_rooms=left,
        availability=Availability.FREE,
        alerts=_alerts(hotel, left),
        cancellation=plan.cancellation,
        deposit=(plan.deposit or hotel.default_deposit).due(tuple([one.price for one in nightly])),
    )


def _alerts(hotel: HotelTerms, left: int) -> tuple[Alert, ...]:
    if left <= hotel.rules.few_left:
        return (Alert(AlertLevel.YELLOW, AlertCode.FEW_LEFT, (("left", left),)),)
    return (Alert(AlertLevel.GREEN, AlertCode.FREE, (("left", left),)),)


def closed_of(hotel: HotelTerms, reading: Reading) -> tuple[ClosedRoom, ...]:
    """Every room type that does not sell on at least one plan, one entry per reason: all plans alike are one entry."""
    closed: list[ClosedRoom] = []
    for code in hotel.room_types:
        rates = [one for one in reading.answer.room_rates if one.room_type == code]
        entries = [(hotel.rate_plan(one.rate_code).code, *_why(hotel, reading, one)) for one in rates]
        shut = [one for one in entries if one[1] is not Availability.FREE]
        if shut and len(shut) == len(entries) and len({(state, alerts) for _, state, alerts in shut}) == 1:
            closed.append(ClosedRoom(code, None, shut[0][1], shut[0][2]))
        else:
            closed.extend(ClosedRoom(code, plan, state, alerts) for plan, state, alerts in shut)
    return tuple(closed)


def _why(hotel: HotelTerms, reading: Reading, rate: RoomRate) -> tuple[Availability, tuple[Alert, ...]]:
    """Which no, and what the agent sees of it; FREE with no alert when it sells."""
    if rate.state == RateState.OVER_OCCUPANCY:
        room = hotel.room_types[rate.room_type]
        alert = Alert(AlertLevel.RED, AlertCode.OVER_OCCUPANCY, (("most", room.max_occupancy),))
        return Availability.RESTRICTED, (alert,)
    broken = reading.broken_by(rate)
    if broken:
        return state_of(broken), tuple(dict.fromkeys(alert_of(rule) for rule in broken))
    if reading.answer.house_closed:
        return Availability.CLOSED, (Alert(AlertLevel.RED, AlertCode.STOP_SALE),)
    if rate.state == RateState.RESTRICTED:
        return Availability.RESTRICTED, (Alert(AlertLevel.RED, AlertCode.RESTRICTED),)
    if rate.state == RateState.AVAILABLE and reading.rooms_left(rate) >= reading.question.rooms:
        return Availability.FREE, ()
    return _gone(reading, rate)


def _gone(reading: Reading, rate: RoomRate) -> tuple[Availability, tuple[Alert, ...]]:
    """Sold out; held or optioned when rooms of ours would come free and be enough."""
    ours = reading.ours.get(rate.room_type, [])
    coming = reading.rooms_left(rate) + sum(one.rooms for one in ours)
    if ours and coming >= reading.question.rooms:
        last = max(one.expires_at for one in ours if one.expires_at is not None)
        is_hold = all(one.state is ReservationState.HOLD for one in ours)
        code, state = (AlertCode.HELD, Availability.HELD) if is_hold else (AlertCode.OPTIONED, Availability.OPTIONED)
        return state, (Alert(AlertLevel.RED, code, (("expires", last.isoformat()),)),)
    return Availability.SOLD, (Alert(AlertLevel.RED, AlertCode.SOLD_OUT, (("left", reading.rooms_left(rate)),)),)


def upsells_for(
    hotel: HotelTerms,
    candidate: Candidate,
    candidates: list[Candidate],
    question: RateQuestion,
    *,
    purpose: str | None,
) -> tuple[Upsell, ...]:
    """The next better room on the same plan (as a difference), then what the hotel file lists in this currency."""
    currency = candidate.total.currency
    extras = [
        Upsell(item.code, price)
        for item in hotel.upsells
        if item.fits(candidate.rate_plan, purpose) and (price := _upsell_price(item, question, currency)) is not None
    ]
    return (*_room_upgrade(hotel, candidate, candidates), *extras)


def _room_upgrade(hotel: HotelTerms, candidate: Candidate, candidates: list[Candidate]) -> tuple[Upsell, ...]:
    rank = hotel.room_types[candidate.room_type].rank
    better = [
        other
        for other in candidates
        if other.rate_plan == candidate.rate_plan
        and hotel.room_types[other.room_type].rank > rank
        and candidate.total < other.total
    ]
    if not better:
        return ()
    best = min(better, key=lambda one: (hotel.room_types[one.room_type].rank, one.total.amount))
    return (Upsell(f"{ROOM_UPGRADE}{best.room_type}", best.total - candidate.total),)


def _upsell_price(item: UpsellItem, question: RateQuestion, currency: str) -> Money | None:
    price = item.prices.get(currency)
    if price is None:
        return None
    guests = question.party.size * question.rooms if item.per in _PER_GUEST else 1
    nights = question.stay.night_count if item.per in _PER_NIGHT else 1
    return Money(price * (guests * nights), currency)


_PER_GUEST = frozenset({UpsellPer.PERSON, UpsellPer.PERSON_NIGHT})
_PER_NIGHT = frozenset({UpsellPer.NIGHT, UpsellPer.PERSON_NIGHT})
