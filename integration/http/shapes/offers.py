"""Shapes of quotes and offers."""

from pydantic import Field

from integration.http.shapes.kinds import Day, Instant, Money, Night, Note, Shape


class Alert(Shape):
    """A line on the agent's screen: red, yellow or green."""

    level: str
    code: str
    text: str


class Upsell(Shape):
    """Something that may be added, priced for the whole stay."""

    code: str
    label: str
    price: Money


class Choice(Shape):
    """One of the two or three choices; `pick` is the number it is booked by."""

    pick: int
    kind: str
    room_type: str
    room_name: str
    rate_plan: str
    rate_name: str
    board: str
    board_name: str
    package: str | None
    total: Money
    nightly: list[Night]
    deposit: Money
    available_rooms: int
    availability: str
    alerts: list[Alert]
    cancellation_policy: str
    upsells: list[Upsell]


class Closed(Shape):
    """A room type that does not sell as asked, and why; on every plan when `rate_plan` is null."""

    room_type: str
    room_name: str
    rate_plan: str | None
    availability: str
    alerts: list[Alert]


class Alternative(Shape):
    """A way out: other dates, a sister hotel, the waiting list."""

    kind: str
    hotel_id: str
    check_in: Day
    check_out: Day
    nights: int
    room_type: str | None
    rate_plan: str | None
    total: Money | None


class Promo(Shape):
    """A promo code and whether it is good: `valid`, `unknown`, `not_for_these_dates`."""

    code: str
    check: str


class Offer(Shape):
    """What was offered, at what price, until when."""

    offer_id: str
    hotel_id: str
    check_in: Day
    check_out: Day
    nights: int
    adults: int
    child_ages: list[int]
    rooms: int
    currency: str
    language: str
    created_at: Instant
    valid_until: Instant
    call_id: str | None
    case_id: str | None
    purpose: str | None
    promo: Promo | None
    requests: list[str]
    group_lead: bool
    script: list[str]
    choices: list[Choice]
    closed: list[Closed]
    alternatives: list[Alternative]
    notes: list[Note] = Field(default_factory=list)


class OfferNoted(Offer):
    """An offer and the note just taken on it; `text` and `at` null when only requests were. Never in the PMS."""

    text: str | None
    at: Instant | None
    actor: str
    in_pms: bool


class OtherSeller(Shape):
    """Another seller's price of our room: for the house only."""

    seller: str
    night: Day
    room_type: str
    board: str
    price: Money
    seen_on: Day


class Quote(Offer):
    """An offer, and what only the house may see beside it."""

    house_only: list[OtherSeller] = Field(default_factory=list)


class Offers(Shape):
    """Offers, newest first."""

    offers: list[Offer]
