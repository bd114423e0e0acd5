"""Let lapse what is due: holds and options past their deadline give their room back.

A lapse is a cancellation in the PMS with its own reason, never a delete. Before cancelling, the PMS is read: if the
hotel confirmed the record or checked the guest in meanwhile, ours adopts that instead, or the sweep would cancel
guests who have paid at the desk. A reservation with an unresolved write is left alone. Whoever sweeps holds a lease,
so two sweeps do not race; a round with nothing due only reads. A PMS outage leaves the rest for the next round; while
a hotel's PMS is given up its records wait and those of other hotels do not.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from domain.access import Actor, Permission, Role
from domain.errors import DomainError, MoveNotAllowed
from domain.hotel import CancelReason
from domain.reservation import TIMED, Guarantee, Reservation, ReservationState
from integration.errors import PmsUnavailable, ServiceError
from integration.ports.pms import PmsBooking
from integration.ports.records import Intent, IntentKind
from integration.ports.store import ReadTx, Tx
from integration.usecases.answers import Body
from integration.usecases.cancel_reservation import CancelSteps, add_refund_task
from integration.usecases.desk import Desk
from integration.usecases.steps import carry, load
from integration.usecases.views import instant

SWEEP = "sweep"
IN_A_ROW = 3
LEASE = "sweep"
LEASE_FOR = timedelta(seconds=120)
ADOPTED = "adopted:"


@dataclass(frozen=True, slots=True)
class Swept:
    """What one round did. `expired` and `adopted`: bodies of reservations; `left`: id and why it is still there."""

    expired: tuple[Body, ...] = ()
    adopted: tuple[Body, ...] = ()
    left: tuple[tuple[str, str], ...] = ()
    is_elsewhere: bool = False


async def lapse_due(desk: Desk, actor: Actor, *, limit: int = 500) -> Swept:
    """One round of the sweep. `is_elsewhere` when something is due and another process holds the lease."""
    actor.require(Permission.RECONCILE)
    now = desk.clock.now()
    if not await desk.store.read(lambda tx: tx.due_reservations(now, 1)):
        return Swept()
    holder = desk.ids.new("swp")
    if not await desk.store.transact(lambda tx: tx.take_lease(LEASE, holder, now, now + LEASE_FOR)):
        return Swept(is_elsewhere=True)
    try:
        due = await desk.store.read(lambda tx: tx.due_reservations(now, limit))
        return await _lapse_all(desk, actor, due, holder)
    finally:
        await desk.store.transact(lambda tx: tx.release_lease(LEASE, holder))


async def _lapse_all(desk: Desk, actor: Actor, due: list[Reservation], holder: str) -> Swept:
    expired: list[Body] = []
    adopted: list[Body] = []
    left: list[tuple[str, str]] = []
    waiting: list[tuple[str, str]] = []
    for one in due:
        if not desk.may_ask(one.hotel_id):
            waiting.append((one.reservation_id, PmsUnavailable.code))
            continue
        now = desk.clock.now()
        if not await desk.store.transact(lambda tx, at=now: tx.take_lease(LEASE, holder, at, at + LEASE_FOR)):  # type: ignore[misc]
            break
        try:
            body = await lapse(desk, actor, one)
        except PmsUnavailable as error:
            left.append((one.reservation_id, error.code))
            if is_outage(left):
                break
            continue
        except (DomainError, ServiceError) as error:
            left.append((one.reservation_id, error.code))
            continue
        (expired if body["status"] == ReservationState.EXPIRED.value else adopted).append(body)
    return Swept(tuple(expired), tuple(adopted), (*left, *waiting))


def is_outage(left: list[tuple[str, str]]) -> bool:
    """Three in a row that the PMS did not answer: it is down, not one record in trouble."""
    return [code for _, code in left[-IN_A_ROW:]] == [PmsUnavailable.code] * IN_A_ROW


async def lapse(desk: Desk, actor: Actor, one: Reservation) -> Body:
    """Lapse one reservation that is due; adopts what the hotel did meanwhile.

    The sweep writes under one name whoever starts it, and goes on with its own unfinished intent when there is one; a
    refusal of the PMS (a locked record) is tried again in the next round.
    """
    hotel = desk.hotel(one.hotel_id)
    actor = Actor(SWEEP, Role.ADMIN, actor.via)
    because = lapse_reason(one)
    steps = LapseSteps(desk, hotel, actor, one, text="deadline reached", because=because, to=ReservationState.EXPIRED)
    key = await desk.store.read(lambda tx: _unfinished(tx, one)) or desk.ids.new(f"lapse:{one.reservation_id}")
    command = {"reservation_id": one.reservation_id, "until": instant(one.expires_at)}
    return (await carry(IntentKind.LAPSE_BOOKING, steps, key, command)).body


def lapse_reason(one: Reservation) -> CancelReason:
    """Why it is taken back: a hold or an option ran out."""
    return CancelReason.HOLD_EXPIRED if one.state is ReservationState.HOLD else CancelReason.OPTION_EXPIRED


def _unfinished(tx: ReadTx, one: Reservation) -> str | None:
    """The key of the sweep's own intent that has no outcome yet."""
    intents = tx.unsettled_intents(reservation_id=one.reservation_id)
    keys = (each.request_key for each in intents if each.kind is IntentKind.LAPSE_BOOKING)
    return next(keys, None)


@dataclass
class LapseSteps(CancelSteps):
    """Cancel with the lapse's reason, unless the hotel has made more of the record meanwhile."""

    seen: PmsBooking | None = None

    def check(self, tx: ReadTx) -> None:
        """Still due: an extension or a payment may have come first."""
        super().check(tx)
        if not self.reservation.is_due(self.desk.clock.now()):
            raise MoveNotAllowed(
                "Reservation {reservation_id} is not due.", reservation_id=self.reservation.reservation_id
            )

    async def prepare(self, intent: Intent) -> None:
        """Read what the hotel has made of it."""
        self.seen = await self.booking()

    def _adopted(self) -> tuple[ReservationState, Guarantee | None] | None:
        """The state to adopt, or None when the record is as we left it."""
        if self.seen is None:
            return None
        state = self.state_in_pms(self.seen)
        if state in {ReservationState.IN_HOUSE, ReservationState.CHECKED_OUT}:
            return ReservationState.CONFIRMED, None
        codes = self.hotel.pms.guarantee_codes
        timed = {codes[ReservationState.HOLD], codes[ReservationState.OPTION]}
        if state is ReservationState.CANCELLED or self.seen.guarantee_code in timed:
            return None
        kind = next((kind for kind in Guarantee if codes[kind] == self.seen.guarantee_code), None)
        return ReservationState.CONFIRMED, kind

    async def send(self, intent: Intent) -> str:
        """Cancel, or nothing when the hotel confirmed it or the record is not there."""
        if self.seen is None or self._adopted() is not None:
            return self.pms_ref
        return await super().send(intent)

    def finish(self, tx: Tx, intent: Intent, proof: str) -> Body:
        """Expired, or what the hotel made of it."""
        adopted = self._adopted()
        before = load(tx, self.reservation.reservation_id)
        if before.state not in TIMED:
            raise MoveNotAllowed("Reservation {reservation_id} is not due.", reservation_id=before.reservation_id)
        if adopted is None:
            after = before.moved(ReservationState.EXPIRED)
            if before.paid.amount > 0:
                add_refund_task(self.desk, tx, before, before.paid)
            detail = {"deadline": str(instant(before.expires_at)), "because": self.because.value}
            return self.settle(tx, after, "expired", before=before, detail=detail)
        state, guarantee = adopted
        after = replace(before.moved(state), guarantee=guarantee or before.guarantee)
        return self.settle(
            tx, after, "adopted_from_pms", before=before, detail={"guarantee": guarantee.value if guarantee else "pms"}
        )
