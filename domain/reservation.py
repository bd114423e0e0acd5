"""The reservation: one record, one `pms_ref` for life, and ONE table of moves.

`hold` (minutes) -> `option` (hours or days) -> `confirmed` (guaranteed or paid) are states of the same record; a hold
is already a real reservation in the PMS. Holds and options die at their deadline by themselves: `is_live` is computed
from `expires_at`, so a late sweep can never make a dead hold sellable or usable.

`in_house` and `checked_out` are read from the PMS, never set here. A cancelled or expired reservation can be reinstated
if stock allows; whatever was entered wrongly can be rolled back, and a rollback undone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import NewType

from domain.case import CallId, CaseId
from domain.deadlines import local_text
from domain.errors import MoveNotAllowed, NotGuaranteed, ReservationLapsed
from domain.guest import GuestId
from domain.money import Money
from domain.offer import OfferId
from domain.rates import CancellationTerms, NightPrice
from domain.stay import Party, StayDates

ReservationId = NewType("ReservationId", str)
PmsRef = NewType("PmsRef", str)


class ReservationState(StrEnum):
    """Where a reservation stands."""

    HOLD = "hold"
    OPTION = "option"
    CONFIRMED = "confirmed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"
    IN_HOUSE = "in_house"
    CHECKED_OUT = "checked_out"
    ROLLED_BACK = "rolled_back"


_S = ReservationState
SELLING = frozenset({_S.HOLD, _S.OPTION, _S.CONFIRMED})
TIMED = frozenset({_S.HOLD, _S.OPTION})
MOVES: Mapping[ReservationState, frozenset[ReservationState]] = {
    _S.HOLD: frozenset({_S.OPTION, _S.CONFIRMED, _S.EXPIRED, _S.CANCELLED, _S.ROLLED_BACK}),
    _S.OPTION: frozenset({_S.CONFIRMED, _S.EXPIRED, _S.CANCELLED, _S.ROLLED_BACK}),
    _S.CONFIRMED: frozenset({_S.CANCELLED, _S.NO_SHOW, _S.IN_HOUSE, _S.ROLLED_BACK}),
    _S.EXPIRED: frozenset({*SELLING, _S.ROLLED_BACK}),
    _S.CANCELLED: frozenset({*SELLING, _S.ROLLED_BACK}),
    _S.NO_SHOW: frozenset({_S.CONFIRMED, _S.IN_HOUSE, _S.ROLLED_BACK}),
    _S.IN_HOUSE: frozenset({_S.CHECKED_OUT}),
    _S.CHECKED_OUT: frozenset(),
    _S.ROLLED_BACK: frozenset({_S.HOLD, _S.OPTION, _S.CONFIRMED, _S.EXPIRED, _S.CANCELLED, _S.NO_SHOW}),
}


class Guarantee(StrEnum):
    """What stands behind a confirmed reservation; each maps to a PMS guarantee code in the hotel file."""

    CARD = "card"
    AGENCY = "agency"
    COMPANY = "company"
    DEPOSIT = "deposit"


@dataclass(frozen=True, slots=True)
class Reservation:
    """One sale. Prices are for all `rooms`, a night and in total, tax included; `expires_at` only for hold, option."""

    reservation_id: ReservationId
    hotel_id: str
    state: ReservationState
    stay: StayDates
    party: Party
    rooms: int
    room_type: str
    rate_plan: str
    rate_code: str
    board: str
    nightly: tuple[NightPrice, ...]
    total: Money
    deposit_due: Money
    paid: Money
    cancellation: CancellationTerms
    guest_id: GuestId
    request_key: str
    external_ref: str
    created_at: datetime
    created_by: str
    pms_ref: PmsRef | None = None
    expires_at: datetime | None = None
    guarantee: Guarantee | None = None
    previous_state: ReservationState | None = None
    offer_id: OfferId | None = None
    call_id: CallId | None = None
    case_id: CaseId | None = None
    requests: tuple[str, ...] = ()
    version: int = 1

    def is_live(self, now: datetime) -> bool:
        """Whether it keeps a room: confirmed, in house, or hold or option before its deadline (dead AT the instant)."""
        if self.state in TIMED:
            return self.expires_at is not None and now < self.expires_at
        return self.state in {_S.CONFIRMED, _S.IN_HOUSE}

    def is_due(self, now: datetime) -> bool:
        """Whether it should lapse now: a hold or option at or past its deadline."""
        return self.state in TIMED and not self.is_live(now)

    def nightly_prices(self) -> tuple[Money, ...]:
        """Price of each night, arrival first."""
        return tuple(one.price for one in self.nightly)

    def moved(self, to: ReservationState, *, expires_at: datetime | None = None) -> "Reservation":
        """Return it in another state, remembering where it came from. MoveNotAllowed outside the table."""
        check_move(self, to)
        return replace(
            self,
            state=to,
            previous_state=self.state,
            expires_at=expires_at if to in TIMED else None,
            version=self.version + 1,
        )


def check_move(reservation: Reservation, to: ReservationState) -> None:
    """MoveNotAllowed unless the table of moves has it."""
    if to not in MOVES[reservation.state]:
        raise MoveNotAllowed(
            "Reservation {reservation_id} is {state}; it cannot become {to}.",
            reservation_id=reservation.reservation_id,
            state=reservation.state.value,
            to=to.value,
        )


def check_usable(reservation: Reservation, now: datetime, zone: tzinfo) -> None:
    """ReservationLapsed for a hold or option at or past its deadline; `zone`: the hotel's, for the sentence."""
    if reservation.is_due(now):
        raise ReservationLapsed(
            "Reservation {reservation_id} lapsed at {at}.",
            reservation_id=reservation.reservation_id,
            at=local_text(reservation.expires_at, zone) if reservation.expires_at else "-",
        )


def check_guaranteed(reservation: Reservation, guarantee: Guarantee | None) -> None:
    """NotGuaranteed unless a guarantee is named or the deposit has been paid."""
    if guarantee not in {None, Guarantee.DEPOSIT}:
        return
    if reservation.paid < reservation.deposit_due or reservation.paid.amount <= 0:
        raise NotGuaranteed(
            "A confirmation needs a guarantee (card, agency, company) or the deposit of {deposit}; {paid} is paid.",
            deposit=str(reservation.deposit_due),
            paid=str(reservation.paid),
            field="guarantee",
        )


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of what happened to a reservation; `detail` holds codes and amounts, never a guest's name or number."""

    at: datetime
    actor: str
    action: str
    from_state: ReservationState | None
    to_state: ReservationState | None
    detail: tuple[tuple[str, str], ...] = ()
