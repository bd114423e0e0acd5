"""A rollback: a compensation with a reason, not a database undo.

What was entered wrongly is in the hotel's PMS, in the guest's inbox and perhaps in the till. It cannot be made never to
have happened; each wrong write is answered by a write that puts the reservation back to what it was, or by a task for
a person where no machine can (money, a message that was read). A plan lists these steps; each is planned, found to be
impossible with the reason, or skipped because nothing is left to undo.

A `Snapshot` is the part of a reservation that a write can alter. Undoing takes a reservation from one snapshot to
another; undoing the undoing takes it back. `docs/algorithms/rollback.md` has the rules in numbered prose.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import NewType

from domain.errors import MoveNotAllowed
from domain.money import Money
from domain.rates import CancellationTerms, NightPrice
from domain.reservation import MOVES, TIMED, Guarantee, Reservation, ReservationState
from domain.stay import Party, StayDates

RollbackId = NewType("RollbackId", str)
_S = ReservationState


class RollbackState(StrEnum):
    """Where a rollback stands. `incomplete`: at its end, and something in it could not be undone."""

    PLANNED = "planned"
    APPLYING = "applying"
    APPLIED = "applied"
    INCOMPLETE = "incomplete"


class RollbackScope(StrEnum):
    """What is rolled back."""

    RESERVATION = "reservation"
    WRITE = "write"
    BATCH = "batch"
    ACTOR = "actor"
    ROLLBACK = "rollback"


class Compensation(StrEnum):
    """What a step does. The last four undo a rollback."""

    CANCEL = "cancel"
    REINSTATE = "reinstate"
    CHANGE_BACK = "change_back"
    BACK_TO_HOLD = "back_to_hold"
    BACK_TO_OPTION = "back_to_option"
    DEADLINE_BACK = "deadline_back"
    NO_SHOW_BACK = "no_show_back"
    REFUND_TASK = "refund_task"
    CORRECTION_MESSAGE = "correction_message"
    CHANGE_AGAIN = "change_again"
    NO_SHOW_AGAIN = "no_show_again"
    WITHDRAW_REFUND = "withdraw_refund"
    WITHDRAW_MESSAGE = "withdraw_message"


BY_A_PERSON = frozenset(
    {
        Compensation.REFUND_TASK,
        Compensation.CORRECTION_MESSAGE,
        Compensation.WITHDRAW_REFUND,
        Compensation.WITHDRAW_MESSAGE,
    }
)


class StepStatus(StrEnum):
    """Where a step stands. `unknown`: asked of the PMS, and whether it happened is not known yet."""

    PLANNED = "planned"
    DONE = "done"
    SKIPPED = "skipped"
    IMPOSSIBLE = "impossible"
    FAILED = "failed"
    UNKNOWN = "unknown"


FINAL = frozenset({StepStatus.DONE, StepStatus.SKIPPED, StepStatus.IMPOSSIBLE, StepStatus.FAILED})


class Obstacle(StrEnum):
    """Why a step cannot be done, or need not be."""

    IN_HOUSE = "in_house"
    CHECKED_OUT = "checked_out"
    ARRIVAL_PASSED = "arrival_passed"
    CHANGED_LATER = "changed_later"
    FRONT_DESK = "front_desk"
    UNSETTLED = "unsettled"
    DEPOSIT_UNKNOWN = "deposit_unknown"
    PAID = "paid"
    NOT_IN_PMS = "not_in_pms"
    NO_ROOM = "no_room"
    NOT_KEPT = "not_kept"
    ALREADY_FREE = "already_free"
    ALREADY_UNDONE = "already_undone"
    LAPSED = "lapsed"
    SINCE_PLAN = "since_plan"
    EARLIER_STEP = "earlier_step"
    ALREADY_DONE = "already_done"


NOTHING_LEFT = frozenset({Obstacle.ALREADY_FREE, Obstacle.ALREADY_UNDONE, Obstacle.LAPSED})

# A rung down is no move of a sale (domain.reservation.MOVES); only a rollback of the rung up takes it.
RUNGS_DOWN: Mapping[ReservationState, frozenset[ReservationState]] = {
    _S.OPTION: frozenset({_S.HOLD}),
    _S.CONFIRMED: frozenset({_S.HOLD, _S.OPTION}),
}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The part of a reservation that a write can alter. Prices are for all rooms."""

    state: ReservationState
    stay: StayDates
    party: Party
    room_type: str
    rate_plan: str
    rate_code: str
    board: str
    nightly: tuple[NightPrice, ...]
    total: Money
    deposit_due: Money
    cancellation: CancellationTerms
    guarantee: Guarantee | None = None
    expires_at: datetime | None = None
    previous_state: ReservationState | None = None

    @classmethod
    def of(cls, one: Reservation) -> "Snapshot":
        """Of a reservation as it stands."""
        return cls(**{part.name: getattr(one, part.name) for part in fields(cls)})

    @property
    def sold(self) -> tuple[object, ...]:
        """What was sold, at which price: everything but where it stands on the ladder."""
        return (
            self.stay, self.party, self.room_type, self.rate_plan, self.rate_code, self.nightly, self.deposit_due,
            self.cancellation,
        )  # fmt: skip

    def selling(self, other: "Snapshot") -> "Snapshot":
        """This one's place on the ladder with what `other` sold."""
        return replace(
            other,
            state=self.state,
            guarantee=self.guarantee,
            expires_at=self.expires_at,
            previous_state=self.previous_state,
        )


def check_way_back(one: Reservation, to: ReservationState) -> None:
    """MoveNotAllowed unless the table of moves, or the rungs down, lead there (or it is there already)."""
    if to is one.state or to in MOVES[one.state] or to in RUNGS_DOWN.get(one.state, ()):
        return
    raise MoveNotAllowed(
        "Reservation {reservation_id} is {state}; it cannot become {to}.",
        reservation_id=one.reservation_id,
        state=one.state.value,
        to=to.value,
    )


def put_back(one: Reservation, to: Snapshot, expires_at: datetime | None) -> Reservation:
    """The reservation as the snapshot has it, under a new version; a hold or option with the deadline given."""
    check_way_back(one, to.state)
    parts = {part.name: getattr(to, part.name) for part in fields(to)}
    parts["expires_at"] = expires_at if to.state in TIMED else None
    return replace(one, **parts, version=one.version + 1)
