"""What may be sent: one model per body, strict, unknown fields refused.

Only shapes are checked here: types, lengths, characters. Whether a thing can be meant (an arrival in the past, a child
of 25) is the domain's to say, in its own sentences. Each model turns itself into what its use case takes.
"""

from datetime import date, timedelta
from typing import Literal

from pydantic import BaseModel

from domain.errors import InvalidInput
from domain.reservation import Guarantee, ReservationState
from integration.http.fields import Ages, Code, Codes, Count, Instant, Minutes, MoneyBody, Prose, body_config
from integration.http.people_bodies import GuestBody
from integration.usecases.booking_request import BookRequest
from integration.usecases.change_wish import ChangeWish
from integration.usecases.stay_wish import StayWish


class QuoteBody(BaseModel):
    """What the guest asks for. Codes narrow the answer; `language` is that of the sentences said to the guest. The
    offer stands in the call or in the case (of a chat, a mail) that is named, else in the agent's open call."""

    model_config = body_config(check_in="2027-07-10", nights=7, adults=2, child_ages=[6], market="DE", language="de")

    check_in: date
    nights: Count
    adults: Count
    child_ages: Ages = ()
    rooms: Count = 1
    hotel: Code | None = None
    room_type: Code | None = None
    rate_plan: Code | None = None
    board: Code | None = None
    currency: Code | None = None
    market: Code | None = None
    purpose: Code | None = None
    promo: Code | None = None
    call_id: Code | None = None
    case_id: Code | None = None
    language: Code | None = None

    def wish(self, spoken: str) -> StayWish:
        """As the use case takes it; `spoken`: the language of whoever asks."""
        return StayWish(
            spoken=spoken,
            check_in=self.check_in,
            nights=self.nights,
            adults=self.adults,
            child_ages=self.child_ages,
            rooms=self.rooms,
            hotel_id=self.hotel,
            room_type=self.room_type,
            rate_plan=self.rate_plan,
            board=self.board,
            currency=self.currency,
            market=self.market,
            purpose=self.purpose,
            promo=self.promo,
            call_id=self.call_id,
            case_id=self.case_id,
            language=self.language,
        )


class ReservationBody(BaseModel):
    """A sale: an offer's choice (`offer_id`, `pick`), or dates with room type and rate plan; and who the guest is."""

    model_config = body_config(
        to="hold",
        offer_id="off_01KQ3Z6N5W8J4T2V0X9Y7B1C3D",
        pick=1,
        guest={"name": "Anna Schmidt", "phone": "+49 151 23456789"},
        requests=["late_check_in"],
    )

    to: Literal["hold", "option", "confirmed"]
    offer_id: Code | None = None
    pick: Count | None = None
    check_in: date | None = None
    nights: Count | None = None
    adults: Count | None = None
    child_ages: Ages | None = None
    rooms: Count | None = None
    hotel: Code | None = None
    room_type: Code | None = None
    rate_plan: Code | None = None
    currency: Code | None = None
    market: Code | None = None
    promo: Code | None = None
    guest_id: Code | None = None
    guest: GuestBody | None = None
    guarantee: Guarantee | None = None
    requests: Codes = ()
    note: Prose | None = None
    call_id: Code | None = None
    option_minutes: Minutes | None = None

    def request(self, key: str) -> BookRequest:
        """As the use case takes it; InvalidInput when it is both ways or neither."""
        return BookRequest(
            to=ReservationState(self.to),
            request_key=key,
            offer_id=self.offer_id,
            pick=self.pick,
            wish=self._wish(),
            guest_id=self.guest_id,
            card=self.guest.card() if self.guest else None,
            guarantee=self.guarantee,
            requests=self.requests,
            note=self.note,
            call_id=self.call_id,
            option_for=timedelta(minutes=self.option_minutes) if self.option_minutes else None,
        )

    def _wish(self) -> StayWish | None:
        own = (self.check_in, self.nights, self.adults, self.child_ages, self.rooms, self.room_type, self.rate_plan)
        if all(value is None for value in own):
            return None
        if self.offer_id is not None or self.pick is not None:
            raise InvalidInput("Book an offer's choice, or dates and codes, not both.", field="offer_id")
        if self.check_in is None or self.nights is None or self.adults is None:
            raise InvalidInput("Booking by dates needs check_in, nights and adults.", field="check_in")
        return StayWish(
            check_in=self.check_in,
            nights=self.nights,
            adults=self.adults,
            child_ages=self.child_ages or (),
            rooms=1 if self.rooms is None else self.rooms,
            hotel_id=self.hotel,
            room_type=self.room_type,
            rate_plan=self.rate_plan,
            currency=self.currency,
            market=self.market,
            promo=self.promo,
            call_id=self.call_id,
        )


class OptionBody(BaseModel):
    """How long the option is to last; the hotel's option time at most, and by default."""

    model_config = body_config(minutes=720)

    minutes: Minutes | None = None

    def length(self) -> timedelta | None:
        """As the use case takes it."""
        return timedelta(minutes=self.minutes) if self.minutes is not None else None


class ConfirmBody(BaseModel):
    """What stands behind the reservation; nothing when its deposit is paid."""

    model_config = body_config(guarantee="card")

    guarantee: Guarantee | None = None


class ChangeBody(BaseModel):
    """What is to change; the rest is kept. `dry_run` shows the difference and writes nothing."""

    model_config = body_config(nights=10, expected_total={"amount": "4350.00", "currency": "EUR"})

    check_in: date | None = None
    nights: Count | None = None
    adults: Count | None = None
    child_ages: Ages | None = None
    room_type: Code | None = None
    rate_plan: Code | None = None
    expected_total: MoneyBody | None = None
    dry_run: bool = False

    def wish(self) -> ChangeWish:
        """As the use case takes it."""
        return ChangeWish(
            check_in=self.check_in,
            nights=self.nights,
            adults=self.adults,
            child_ages=self.child_ages,
            room_type=self.room_type,
            rate_plan=self.rate_plan,
            expected_total=self.expected_total.money() if self.expected_total else None,
        )


class ExtendBody(BaseModel):
    """The new deadline of a hold or an option."""

    model_config = body_config(until="2027-07-01T18:00:00Z")

    until: Instant


class PayBody(BaseModel):
    """Money that was taken: how much, and how (a code of the hotel file; as shipped `cash`, `card`, `bank_transfer`,
    `payment_link`). Never a card number.
    """

    model_config = body_config(amount={"amount": "450.00", "currency": "EUR"}, method="bank_transfer")

    amount: MoneyBody
    method: Code


class CancelBody(BaseModel):
    """Why. `dry_run` shows penalty and refund and writes nothing."""

    model_config = body_config(reason="illness", dry_run=True)

    reason: Prose = ""
    dry_run: bool = False


class NoShowBody(BaseModel):
    """`undo` when the guest came after all."""

    model_config = body_config(undo=False)

    undo: bool = False
