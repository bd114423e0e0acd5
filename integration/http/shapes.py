"""What is answered: the shapes of bodies, for the API document and for the tests that hold the answers to it.

No answer passes through these models: bodies are made by the use cases' own views and encoded as they are. Later
versions may add fields, so a client ignores what it does not know.
"""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

Instant = Annotated[str, Field(json_schema_extra={"format": "date-time"}, examples=["2027-07-01T10:00:00Z"])]
Day = Annotated[str, Field(json_schema_extra={"format": "date"}, examples=["2027-07-10"])]


class Shape(BaseModel):
    """A shape: exact types."""

    model_config = ConfigDict(strict=True)


class Money(Shape):
    """An amount as a decimal string, and its currency."""

    amount: Annotated[str, Field(examples=["4350.00"])]
    currency: Annotated[str, Field(examples=["EUR"])]


class Night(Shape):
    """The price of one night, for the whole booking."""

    night: Day
    price: Money


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


class Note(Shape):
    """A note of the house."""

    at: Instant
    actor: str
    text: str


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
    notes: list[Note] = []


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

    house_only: list[OtherSeller] = []


class Offers(Shape):
    """Offers, newest first."""

    offers: list[Offer]


class Reservation(Shape):
    """One sale. `expires_at` only for a hold or an option."""

    reservation_id: str
    hotel_id: str
    status: str
    pms_ref: str | None
    expires_at: Instant | None
    check_in: Day
    check_out: Day
    nights: int
    adults: int
    child_ages: list[int]
    rooms: int
    room_type: str
    rate_plan: str
    board: str
    total: Money
    nightly: list[Night]
    deposit_due: Money
    paid: Money
    guarantee: str | None
    guest_id: str
    requests: list[str]
    request_key: str
    offer_id: str | None
    call_id: str | None
    case_id: str | None
    created_at: Instant
    created_by: str


class Reservations(Shape):
    """A page, newest first. `next`: what to give as `after` for the following page; null on the last."""

    reservations: list[Reservation]
    next: str | None


class HistoryLine(Shape):
    """What happened: codes and amounts, never a guest's name."""

    at: Instant
    actor: str
    action: str
    from_: Annotated[str | None, Field(alias="from")]
    to: str | None
    detail: dict[str, str] = {}


class History(Shape):
    """A reservation's life so far, oldest first."""

    reservation_id: str
    history: list[HistoryLine]


class InPms(Shape):
    """The record as it stands in the PMS; `status` and codes are the PMS's own."""

    pms_ref: str
    status: str
    check_in: Day
    check_out: Day
    nights: int
    adults: int
    child_ages: list[int]
    rooms: int
    room_type: str
    rate_code: str
    guarantee_code: str
    total: Money | None
    deposit_paid: Money | None


class ReservationFile(Reservation):
    """A reservation with notes and history; `in_pms` only when asked for with `live=true`."""

    notes: list[Note]
    history: list[HistoryLine]
    in_pms: InPms | None = None


class Wished(Shape):
    """A reservation as wished."""

    check_in: Day
    check_out: Day
    nights: int
    adults: int
    child_ages: list[int]
    room_type: str
    rate_plan: str
    deposit_due: Money


class Changed(Reservation):
    """A change, or with `dry_run` what it would be."""

    difference: Money
    old_total: Money
    new_total: Money
    new: Wished
    dry_run: bool = False


class Cancelled(Reservation):
    """A cancellation, or with `dry_run` what it would cost."""

    penalty: Money
    refund: Money
    dry_run: bool = False


class NoShow(Reservation):
    """A no-show: what is owed, and what the front office must still do. Both absent when it is undone."""

    penalty: Money | None = None
    front_desk: str | None = None


class Payment(Shape):
    """A payment that was noted."""

    reference: str
    amount: Money
    method: str
    deposit_met: bool


class Paid(Reservation):
    """A reservation with the payment just noted."""

    payment: Payment


class NoteTaken(Shape):
    """A note, and whether it is in the PMS too."""

    subject: str
    note: Note
    in_pms: bool | None


class Left(Shape):
    """A reservation that is due and still there, and why."""

    reservation_id: str
    code: str


class Expired(Shape):
    """One round of the sweep. `elsewhere`: another process is at it."""

    expired: list[Reservation]
    adopted: list[Reservation]
    left: list[Left]
    elsewhere: bool


class Identity(Shape):
    """A way to know somebody again; masked where the guest is."""

    kind: str
    value: str
    scope: str


class Guest(Shape):
    """A guest; name, telephone and e-mail masked when `masked`."""

    guest_id: str
    name: str
    language: str
    nationality: str
    vip: bool
    identities: list[Identity]
    masked: bool


class Guests(Shape):
    """Guests that match, best first."""

    guests: list[Guest]


class Stay(Shape):
    """A stay as the PMS knows it."""

    pms_ref: str
    hotel_id: str
    check_in: Day
    check_out: Day
    status: str
    room_type: str
    rate_plan: str
    total: Money | None


class Preference(Shape):
    """A coded wish on the profile."""

    group: str
    code: str
    text: str


class Card(Shape):
    """A guest and what the hotel knows of him. `candidates` when a telephone number is several guests'."""

    guest: Guest | None
    repeat: bool
    segment: str | None
    stays: list[Stay]
    preferences: list[Preference]
    notes: list[str]
    candidates: list[Guest]


class GuestNoted(Shape):
    """A note was kept; `in_pms` whether the hotel's profile has it too."""

    guest_id: str
    in_pms: bool


class Call(Shape):
    """A telephone call."""

    call_id: str
    case_id: str
    hotel_id: str
    direction: str
    actor: str
    started_at: Instant
    ended_at: Instant | None
    outcome: str | None
    lost_reason: str | None
    due: Day | None
    guest_id: str | None


class CallStarted(Call, Card):
    """A call, and who rings. `history`: the guest's stays."""

    history: list[Stay]


class CallEnded(Call):
    """A call with its result; `lead`: the case's lead, null for a support case."""

    lead: str | None


class Calls(Shape):
    """Calls, newest first; an operator's own."""

    calls: list[Call]


class Task(Shape):
    """Work that only a person can do."""

    task_id: str
    kind: str
    hotel_id: str
    created_at: Instant
    done_at: Instant | None
    ids: dict[str, str]
    detail: str


class Tasks(Shape):
    """The board."""

    tasks: list[Task]


class AuditTail(Shape):
    """The newest audit rows, oldest of them first, each as the canonical JSON that was stored."""

    rows: list[dict[str, Any]]


class Me(Shape):
    """Who this token is."""

    name: str
    role: str
    permissions: list[str]


class Health(Shape):
    """The process is alive."""

    status: str


class Check(Shape):
    """One part of being ready."""

    name: str
    status: str
    error: str | None


class Ready(Shape):
    """Ready to sell, or which part is missing."""

    status: str
    checks: list[Check]


class Violation(Shape):
    """One field that is wrong."""

    field: str | None
    code: str
    message: str


class Problem(Shape):
    """RFC 9457. `code` never changes; `title`, `detail` and `hint` are in the caller's language."""

    type: Annotated[str, Field(examples=["urn:santral:problem:no_room_left"])]
    title: str
    status: int
    detail: str
    code: str
    hint: str | None
    field: str | None
    instance: str
    errors: list[Violation] = []
    new_total: Money | None = None
    pms_code: str | None = None
    pms_status: int | None = None
