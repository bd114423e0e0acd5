"""Shapes of reservations and of what is done to them."""

from typing import Annotated

from pydantic import Field

from integration.http.shapes.kinds import Day, Instant, Money, Night, Note, PmsDown, Shape
from integration.http.shapes.people import Guest


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


class SeenReservation(Reservation):
    """A reservation as it is looked at; `overdue`: its deadline has passed and it has not been let go yet."""

    overdue: bool


class Reservations(Shape):
    """A page, newest first. `next`: what to give as `after` for the following page; null on the last."""

    reservations: list[SeenReservation]
    next: str | None


class HistoryLine(Shape):
    """What happened: codes and amounts, never a guest's name."""

    at: Instant
    actor: str
    action: str
    from_: Annotated[str | None, Field(alias="from")]
    to: str | None
    detail: dict[str, str] = Field(default_factory=dict)


class History(Shape):
    """A reservation's life so far, oldest first."""

    reservation_id: str
    hotel_id: str
    status: str
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
    comments: list[str]


class ReservationFile(SeenReservation):
    """A reservation with guest, notes and history; with `live=true` also `in_pms`, or `pms` while the PMS is down."""

    guest: Guest
    notes: list[Note]
    history: list[HistoryLine]
    in_pms: InPms | None = None
    pms: PmsDown | None = None


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
    penalty: Money
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


class NoteTaken(Note):
    """A note, and whether it is known to be in the PMS too."""

    reservation_id: str
    in_pms: bool


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
