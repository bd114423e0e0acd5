"""What the guest asks for, checked against the hotel and put as a question to its PMS."""

from dataclasses import dataclass
from datetime import date

from domain.errors import InvalidInput, NotFound
from domain.hotel import HotelTerms
from domain.stay import Party, StayDates, check_bookable
from integration.ports.pms import RateQuestion
from integration.usecases.desk import Desk

MOST_ROOMS = 100


@dataclass(frozen=True, slots=True)
class StayWish:
    """What the guest asks for. Optional codes narrow the answer.

    `call_id` or `case_id`: where the offer stands, else in the actor's open call.
    `language`: of the guest-facing sentences, else the guest's own, else `spoken` (that of whoever asks).
    """

    check_in: date
    nights: int
    adults: int
    child_ages: tuple[int, ...] = ()
    rooms: int = 1
    hotel_id: str | None = None
    room_type: str | None = None
    board: str | None = None
    rate_plan: str | None = None
    currency: str | None = None
    market: str | None = None
    purpose: str | None = None
    promo: str | None = None
    call_id: str | None = None
    case_id: str | None = None
    language: str | None = None
    spoken: str = "en"


def question_of(desk: Desk, hotel: HotelTerms, wish: StayWish) -> RateQuestion:
    """Check the wish against the hotel and put it as a question to the PMS."""
    stay = StayDates.of_nights(wish.check_in, wish.nights)
    today = hotel.today(desk.clock.now())
    check_bookable(stay, today, hotel.rules.max_nights)
    if not 1 <= wish.rooms <= MOST_ROOMS:
        raise InvalidInput(
            "1 to {most} rooms can be asked for, not {rooms}.", most=MOST_ROOMS, rooms=wish.rooms, field="rooms"
        )
    if wish.purpose is not None and wish.purpose not in hotel.purposes:
        raise InvalidInput(
            "{purpose} is not a purpose of stay.", purpose=wish.purpose, hint=", ".join(hotel.purposes), field="purpose"
        )
    if wish.board is not None and wish.board.upper() not in {plan.board.value for plan in hotel.rate_plans.values()}:
        raise NotFound(
            "{hotel} has no board {board}.",
            hotel=hotel.hotel_id,
            board=wish.board,
            field="board",
            hint=", ".join(sorted({plan.board.value for plan in hotel.rate_plans.values()})),
        )
    currency = hotel.currency_for(wish.currency, wish.market)
    plans = [hotel.rate_plan(wish.rate_plan)] if wish.rate_plan else list(hotel.rate_plans.values())
    return RateQuestion(
        stay=stay,
        party=Party(wish.adults, wish.child_ages),
        rooms=wish.rooms,
        rate_codes=tuple(code for plan in plans if (code := plan.pms_code(currency)) is not None),
        room_types=(hotel.room_type(wish.room_type).code,) if wish.room_type else (),
        promo=wish.promo.upper() if wish.promo and promo_note(hotel, wish.promo, stay, today) == "valid" else None,
    )


def promo_note(hotel: HotelTerms, promo: str | None, stay: StayDates, today: date) -> str | None:
    """None without a promo code; else `valid`, `unknown`, `over` or `not_for_these_dates`."""
    if promo is None:
        return None
    campaigns = hotel.promotions.get(promo.upper(), ())
    if not campaigns:
        return "unknown"
    if all(one.is_over(today) for one in campaigns):
        return "over"
    fits = any(one.start <= stay.check_in and stay.last_night <= one.end for one in campaigns)
    return "valid" if fits else "not_for_these_dates"
