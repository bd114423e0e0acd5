"""Look at one reservation before its undoing is planned: its life here, its record in the PMS, the rooms it needs."""

from dataclasses import dataclass, replace
from datetime import date

from domain.compensation import Undoing, stopped, undo_writes
from domain.hotel import HotelTerms
from domain.reservation import Reservation, ReservationId
from domain.rollback import BY_A_PERSON, Compensation, Obstacle, Snapshot
from domain.stay import StayDates
from integration.ports.records import IntentKind, IntentState
from integration.ports.store import ReadTx
from integration.usecases.desk import Desk
from integration.usecases.rollback_past import Wrong, past_of
from integration.usecases.rollback_patience import unhurried
from integration.usecases.rollback_pms import desk_obstacle
from integration.usecases.steps import load

_TAKES_ROOMS = frozenset({Compensation.REINSTATE, Compensation.CHANGE_BACK, Compensation.CHANGE_AGAIN})


@dataclass(frozen=True, slots=True)
class Looked:
    """A reservation and the steps that undo what is wrong with it. `language`: the guest's."""

    reservation: Reservation
    steps: tuple[Undoing, ...]
    language: str


async def look(desk: Desk, reservation_id: str, is_wrong: Wrong) -> Looked:
    """The steps for a reservation, as things stand here and in the PMS. PmsError when that cannot be read."""
    found = await desk.store.read(lambda tx: _read(desk, tx, reservation_id, is_wrong))
    return replace(found, steps=tuple(await as_in_pms(desk, found.reservation, list(found.steps))))


def _read(desk: Desk, tx: ReadTx, reservation_id: str, is_wrong: Wrong) -> Looked:
    one = load(tx, reservation_id)
    today = desk.hotel(one.hotel_id).today(desk.clock.now())
    steps = undo_writes(one, past_of(tx, one, is_wrong), today)
    unsettled = unsettled_obstacle(tx, one.reservation_id)
    if unsettled is not None:
        steps = stopped(steps, unsettled)
    return Looked(one, tuple(steps), language_of(tx, one))


def language_of(tx: ReadTx, one: Reservation) -> str:
    """The guest's language."""
    guest = tx.get_guest(one.guest_id)
    return guest.language if guest is not None else "en"


def unsettled_obstacle(tx: ReadTx, reservation_id: ReservationId) -> Obstacle | None:
    """A write of unknown outcome stands in the way; one that never left does not."""
    waiting = [one for one in tx.unsettled_intents(reservation_id=reservation_id) if one.state is not IntentState.OPEN]
    if any(one.kind is IntentKind.DEPOSIT for one in waiting):
        return Obstacle.DEPOSIT_UNKNOWN
    return Obstacle.UNSETTLED if waiting else None


async def as_in_pms(desk: Desk, one: Reservation, steps: list[Undoing]) -> list[Undoing]:
    """The steps with what the front desk did, and rooms that are gone, as obstacles."""
    writing = [step for step in steps if step.action not in BY_A_PERSON and step.obstacle is None]
    if not writing or one.pms_ref is None:
        return steps
    hotel, ref = desk.hotel(one.hotel_id), one.pms_ref
    booking = await unhurried(desk, lambda: desk.pms.read_booking(hotel, ref))
    obstacle = desk_obstacle(hotel, booking, one, Snapshot.of(one))
    if obstacle is None and not await _has_rooms(desk, hotel, one, writing):
        obstacle = Obstacle.NO_ROOM
    return stopped(steps, obstacle) if obstacle is not None else steps


async def _has_rooms(desk: Desk, hotel: HotelTerms, one: Reservation, steps: list[Undoing]) -> bool:
    """Whether every night that is needed anew is free now. What decides in the end is the PMS, when it is asked."""
    for step in steps:
        if step.action in _TAKES_ROOMS:
            stay, room_type = step.after.stay, step.after.room_type
            needed = _needed(step)
            counts = await unhurried(desk, lambda wanted=stay: desk.pms.read_room_counts(hotel, wanted))  # type: ignore[misc]
            if any(counts.available.get((room_type, night), 0) < one.rooms for night in needed):
                return False
    return True


def _needed(step: Undoing) -> list[date]:
    """The nights a step takes that the reservation does not keep now."""
    keeps = step.action is not Compensation.REINSTATE and step.before.room_type == step.after.room_type
    kept: StayDates = step.before.stay
    return [night for night in step.after.stay.nights() if not (keeps and kept.check_in <= night < kept.check_out)]
