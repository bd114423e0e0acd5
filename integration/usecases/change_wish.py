"""What a guest wants changed, and the reservation as it would then be: a question to the PMS and our codes."""

from dataclasses import dataclass
from datetime import date

from domain.errors import InvalidInput
from domain.hotel import HotelTerms
from domain.money import Money
from domain.reservation import Reservation
from domain.stay import Party, StayDates, check_bookable
from integration.ports.pms import RateQuestion
from integration.usecases.desk import Desk


@dataclass(frozen=True, slots=True)
class ChangeWish:
    """What to change; None = keep. `expected_total` guards against a price that moved since it was shown."""

    check_in: date | None = None
    nights: int | None = None
    adults: int | None = None
    child_ages: tuple[int, ...] | None = None
    room_type: str | None = None
    rate_plan: str | None = None
    expected_total: Money | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """The reservation as wished: question to the PMS and our codes."""

    question: RateQuestion
    room_type: str
    rate_plan: str
    rate_code: str


def target_of(desk: Desk, hotel: HotelTerms, one: Reservation, wish: ChangeWish) -> Target:
    """Check a wish against reservation and hotel. InvalidInput when it changes nothing."""
    check_in = wish.check_in or one.stay.check_in
    nights = wish.nights if wish.nights is not None else one.stay.night_count
    stay = StayDates.of_nights(check_in, nights)
    party = Party(
        wish.adults if wish.adults is not None else one.party.adults,
        wish.child_ages if wish.child_ages is not None else one.party.child_ages,
    )
    room_type = hotel.room_type(wish.room_type).code if wish.room_type else one.room_type
    plan = hotel.rate_plan(wish.rate_plan) if wish.rate_plan else hotel.rate_plan(one.rate_plan)
    if (stay, party, room_type, plan.code) == (one.stay, one.party, one.room_type, one.rate_plan):
        raise InvalidInput("This changes nothing.", field="reservation_id")
    check_bookable(stay, hotel.today(desk.clock.now()), hotel.rules.max_nights)
    code = plan.pms_code(one.total.currency)
    if code is None:
        raise InvalidInput(
            "{plan} is not sold in {currency}.", plan=plan.code, currency=one.total.currency, field="rate_plan"
        )
    question = RateQuestion(stay, party, one.rooms, (code,), (room_type,), own_ref=one.pms_ref)
    return Target(question, room_type, plan.code, code)
