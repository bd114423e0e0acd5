"""What may be sent: one model per body, strict, unknown fields refused.

Only shapes are checked here: types, lengths, characters. Whether a thing can be meant (an arrival in the past, a child
of 25) is the domain's to say, in its own sentences. Each model turns itself into what its use case takes.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Literal, cast

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict

from domain.case import CallEnd, CallOutcome, Direction
from domain.errors import InvalidInput
from domain.money import Money
from domain.reservation import Guarantee, ReservationState
from integration.usecases.book_stay import BookRequest
from integration.usecases.change_reservation import ChangeWish
from integration.usecases.quote_stay import StayWish
from integration.usecases.take_calls import CallStart
from integration.usecases.write_guest import GuestCard

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:-]{1,60}$")]
Line = Annotated[str, StringConstraints(max_length=300, pattern=r"^[^\x00-\x1f\x7f]*$")]
Prose = Annotated[str, StringConstraints(max_length=10_000, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$")]
Amount = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,12}(\.[0-9]{1,2})?$")]
Count = Annotated[int, Field(ge=-1_000_000, le=1_000_000)]
Ages = Annotated[tuple[Count, ...], Field(max_length=100)]
Codes = Annotated[tuple[Code, ...], Field(max_length=50)]
Minutes = Annotated[int, Field(ge=1, le=525_600)]


def _utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("out of range") from None


Instant = Annotated[AwareDatetime, AfterValidator(_utc)]


def _config(**example: object) -> ConfigDict:
    """Strict and closed, with an example for the API document."""
    return ConfigDict(strict=True, extra="forbid", json_schema_extra=cast("JsonDict", {"examples": [example]}))


class MoneyBody(BaseModel):
    """An amount as a decimal string, and its currency (ISO 4217)."""

    model_config = _config(amount="450.00", currency="EUR")

    amount: Amount
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]

    def money(self) -> Money:
        """As the domain has it."""
        return Money.of(self.amount, self.currency)


class QuoteBody(BaseModel):
    """What the guest asks for. Codes narrow the answer; `language` is that of the sentences said to the guest."""

    model_config = _config(check_in="2027-07-10", nights=7, adults=2, child_ages=[6], market="DE", language="de")

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
    language: Code | None = None

    def wish(self) -> StayWish:
        """As the use case takes it."""
        return StayWish(
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
            language=self.language,
        )


class GuestBody(BaseModel):
    """What is known of a guest; any spelling of a telephone number."""

    model_config = _config(name="Anna Schmidt", phone="+49 151 23456789", language="de", nationality="DE")

    name: Line | None = None
    phone: Line | None = None
    email: Line | None = None
    language: Code | None = None
    nationality: Code | None = None

    def card(self) -> GuestCard:
        """As the use case takes it."""
        return GuestCard(self.name, self.phone, self.email, self.language, self.nationality)


class GuestWriteBody(GuestBody):
    """A guest to be created or changed, and the hotel in whose PMS."""

    hotel: Code | None = None


class OfferNoteBody(BaseModel):
    """A note, coded special requests, or both."""

    model_config = _config(text="Prefers a quiet room.", requests=["late_check_in"])

    text: Prose | None = None
    requests: Codes = ()


class NoteBody(BaseModel):
    """A note."""

    model_config = _config(text="Arrives after midnight.")

    text: Prose


class GuestNoteBody(NoteBody):
    """A note on a guest, and the hotel in whose PMS it is kept too."""

    hotel: Code | None = None


class ReservationBody(BaseModel):
    """A sale: an offer's choice (`offer_id`, `pick`), or dates with room type and rate plan; and who the guest is."""

    model_config = _config(
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

    model_config = _config(minutes=720)

    minutes: Minutes | None = None

    def length(self) -> timedelta | None:
        """As the use case takes it."""
        return timedelta(minutes=self.minutes) if self.minutes is not None else None


class ConfirmBody(BaseModel):
    """What stands behind the reservation; nothing when its deposit is paid."""

    model_config = _config(guarantee="card")

    guarantee: Guarantee | None = None


class ChangeBody(BaseModel):
    """What is to change; the rest is kept. `dry_run` shows the difference and writes nothing."""

    model_config = _config(nights=10, expected_total={"amount": "4350.00", "currency": "EUR"})

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

    model_config = _config(until="2027-07-01T18:00:00Z")

    until: Instant


class PayBody(BaseModel):
    """Money that was taken: how much, and how (`cash`, `transfer`, `link`, `card_terminal`). Never a card number."""

    model_config = _config(amount={"amount": "450.00", "currency": "EUR"}, method="transfer")

    amount: MoneyBody
    method: Code


class CancelBody(BaseModel):
    """Why. `dry_run` shows penalty and refund and writes nothing."""

    model_config = _config(reason="illness", dry_run=True)

    reason: Prose = ""
    dry_run: bool = False


class NoShowBody(BaseModel):
    """`undo` when the guest came after all."""

    model_config = _config(undo=False)

    undo: bool = False


class NothingBody(BaseModel):
    """Nothing to be said: `{}` or no body at all."""

    model_config = _config()


class RevealBody(BaseModel):
    """Why a guest's name and numbers must be seen in clear; it is kept in the audit."""

    model_config = _config(reason="Guest asked to check the number we call back.")

    reason: Prose


class CallBody(BaseModel):
    """Who rings whom."""

    model_config = _config(phone="0532 111 22 33", direction="in")

    phone: Line | None = None
    direction: Direction = Direction.IN
    hotel: Code | None = None
    guest_id: Code | None = None

    def start(self) -> CallStart:
        """As the use case takes it."""
        return CallStart(self.phone, self.direction, self.hotel, self.guest_id)


class CallEndBody(BaseModel):
    """How the call ended: a lost one with its reason, a follow-up with its day."""

    model_config = _config(outcome="follow_up", due="2027-06-01")

    outcome: CallOutcome
    lost_reason: Code | None = None
    due: date | None = None

    def end(self) -> CallEnd:
        """As the domain has it; OutcomeMissing when half of it is."""
        return CallEnd(self.outcome, self.lost_reason, self.due)
