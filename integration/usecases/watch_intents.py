"""The 24-hour watch: what a lost request may still do after its outcome was settled is seen, and set right.

"Not found" does not prove "did not happen": a request can run long after its connection dropped. So every write that
was once unknown, sent twice or given up is looked at for a day, often at first and rarer later:

* create: records with our reference beside the one that was acknowledged are cancelled and reported; when the key was
  refused or given up there is none to keep. The guest's only live record is never touched: then a person looks.
* deposit: one that appears after it was decided that it did not happen, or appears twice, is a refund for a person.
* anything else: a record that shows what was given up is adopted; another difference becomes a task.

The next look is kept in the intent's `deadline`, so that processes share the work and a restart forgets nothing.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.access import Actor
from domain.errors import DomainError
from domain.hotel import HotelTerms
from domain.reservation import PmsRef, Reservation, ReservationId
from integration.errors import PmsUnavailable, ServiceError
from integration.ports.comparisons import FindingKind
from integration.ports.pms import BookingSearch, PmsBooking
from integration.ports.records import Intent, IntentKind, IntentState, Task, TaskKind
from integration.ports.store import ReadTx, Tx
from integration.usecases.cancel_surplus import cancel_surplus
from integration.usecases.desk import Desk
from integration.usecases.lapse_reservations import is_outage
from integration.usecases.reconcile_compare import OVER, keeps_room
from integration.usecases.reconcile_look import look
from integration.usecases.reconcile_repair import adopt
from integration.usecases.recovery import write_of
from integration.usecases.tracing import audit

LEASE = "watch"
LEASE_FOR = timedelta(seconds=120)
QUIET = ""
PACE = (
    (timedelta(minutes=10), timedelta(minutes=1)),
    (timedelta(hours=1), timedelta(minutes=5)),
    (timedelta(hours=6), timedelta(minutes=30)),
)
SLOWEST = timedelta(hours=2)
ENDED = (IntentState.DONE, IntentState.REFUSED)


@dataclass(frozen=True, slots=True)
class Watched:
    """What one round saw. `seen`: intent id and what was done about it; `left`: intent id and why it waits."""

    seen: tuple[tuple[str, str], ...] = ()
    left: tuple[tuple[str, str], ...] = ()
    is_elsewhere: bool = False


async def watch_intents(desk: Desk, actor: Actor, *, limit: int = 50) -> Watched:
    """One round over what is due. `is_elsewhere` when another process holds the lease."""
    now = desk.clock.now()
    due = await desk.store.read(lambda tx: tx.watched_intents(now, limit))
    if not due:
        return Watched()
    holder = desk.ids.new("wch")
    if not await desk.store.transact(lambda tx: tx.take_lease(LEASE, holder, now, now + LEASE_FOR)):
        return Watched(is_elsewhere=True)
    try:
        return await _round(desk, actor, due, holder)
    finally:
        await desk.store.transact(lambda tx: tx.release_lease(LEASE, holder))


async def _round(desk: Desk, actor: Actor, due: list[Intent], holder: str) -> Watched:
    seen: list[tuple[str, str]] = []
    left: list[tuple[str, str]] = []
    for one in due:
        now = desk.clock.now()
        if not desk.may_ask(one.hotel_id):
            left.append((one.intent_id, PmsUnavailable.code))
            continue
        if not await desk.store.transact(lambda tx, at=now: tx.take_lease(LEASE, holder, at, at + LEASE_FOR)):  # type: ignore[misc]
            break
        try:
            what = await _look_at(desk, actor, one)
        except (DomainError, ServiceError) as error:
            left.append((one.intent_id, error.code))
            if is_outage(left):
                break
            continue
        if what:
            seen.append((one.intent_id, what))
        await _plan_next(desk, one, is_over=bool(what) and one.kind is not IntentKind.CREATE_BOOKING)
    return Watched(tuple(seen), tuple(left))


async def _plan_next(desk: Desk, one: Intent, *, is_over: bool) -> None:
    """When to look next; the watch ends with its time, or when a person has been told."""
    now = desk.clock.now()
    until = one.watch_until
    is_over = is_over or until is None or now >= until
    after = replace(one, watch_until=None if is_over else until, deadline=next_look(one, now))
    await desk.store.transact(lambda tx: tx.update_intent(after, expected=ENDED))


def next_look(one: Intent, now: datetime) -> datetime:
    """Every minute at first, every two hours at last, and once when the watch ends."""
    age = now - (one.settled_at or one.created_at)
    pause = next((pause for limit, pause in PACE if age < limit), SLOWEST)
    until = one.watch_until or now
    return max(now, min(now + pause, until))


async def _look_at(desk: Desk, actor: Actor, one: Intent) -> str:
    hotel = desk.hotel(one.hotel_id)
    if one.kind is IntentKind.CREATE_BOOKING:
        return await _surplus(desk, actor, hotel, one)
    if one.reservation_id is None:
        return QUIET
    if one.kind is IntentKind.DEPOSIT:
        return await _late_deposit(desk, actor, hotel, one)
    return await _late_move(desk, actor, hotel, one)


async def _surplus(desk: Desk, actor: Actor, hotel: HotelTerms, one: Intent) -> str:
    """Cancel every live record with our reference but the one that is kept."""
    ours = await desk.store.read(lambda tx: tx.find_reservation(external_ref=one.external_ref))
    kept = _kept(one, ours)
    found = await desk.pms.find_bookings(hotel, BookingSearch(reference=one.external_ref))
    extra = [each for each in found if each.pms_ref != kept and keeps_room(hotel, each)]
    if not extra:
        return QUIET
    if ours is not None and ours.state not in OVER and not await _stands(desk, hotel, kept):
        await _tell_once(desk, actor, one, TaskKind.CHECK_BOOKING, f"{kept} is gone, {_numbers(extra)} is live")
        return "told"
    for each in extra:
        await cancel_surplus(desk, hotel, actor.via, each.pms_ref, one.external_ref, kept or "")
    return f"cancelled:{_numbers(extra)}"


def _kept(one: Intent, ours: Reservation | None) -> PmsRef | None:
    """The record that was acknowledged: the reservation's, else the one the intent ended with."""
    if ours is not None:
        return ours.pms_ref
    return PmsRef(one.pms_ref) if one.state is IntentState.DONE and one.pms_ref else None


def _numbers(bookings: list[PmsBooking]) -> str:
    return ",".join(each.pms_ref for each in bookings)


async def _stands(desk: Desk, hotel: HotelTerms, number: PmsRef | None) -> bool:
    booking = await desk.pms.read_booking(hotel, number) if number is not None else None
    return booking is not None and keeps_room(hotel, booking)


async def _late_deposit(desk: Desk, actor: Actor, hotel: HotelTerms, one: Intent) -> str:
    """Money that is in the PMS more often than it should be is owed back, or was decided wrongly."""
    ours = await desk.store.read(lambda tx: _reservation(tx, one))
    if ours is None or ours.pms_ref is None:
        return QUIET
    deposits = await desk.pms.read_deposits(hotel, ours.pms_ref)
    there = [each for each in deposits if each.reference == one.external_ref]
    wanted = 1 if one.state is IntentState.DONE else 0
    if len(there) <= wanted:
        return QUIET
    detail = f"{there[-1].amount} is on the record {len(there)} times, {wanted} expected"
    await _tell_once(desk, actor, one, TaskKind.REFUND, detail)
    return "told"


def _reservation(tx: ReadTx, one: Intent) -> Reservation | None:
    return tx.get_reservation(ReservationId(one.reservation_id)) if one.reservation_id else None


async def _late_move(desk: Desk, actor: Actor, hotel: HotelTerms, one: Intent) -> str:
    """What was given up and shows after all is adopted; what differs otherwise is told."""
    ours = await desk.store.read(lambda tx: _reservation(tx, one))
    if ours is None:
        return QUIET
    verdict = await look(desk, hotel, ours.external_ref)
    different = [found for found in verdict.found if found.kind is FindingKind.DIFFERENT]
    if not different or different[0].booking is None or verdict.reservation is None:
        return QUIET
    if one.state is IntentState.REFUSED and await _shows(desk, one):
        await adopt(desk, actor, hotel, verdict.reservation, different[0].booking, different[0].gaps)
        await _tell_once(desk, actor, one, TaskKind.CHECK_BOOKING, f"{one.kind.value} happened after it was given up")
        return "adopted"
    names = ", ".join(gap.field for gap in different[0].gaps)
    await _tell_once(desk, actor, one, TaskKind.CHECK_BOOKING, f"differs from the PMS: {names}")
    return "told"


async def _shows(desk: Desk, one: Intent) -> bool:
    """Whether the PMS shows what this write had asked for."""
    write = await desk.store.read(lambda tx: write_of(desk, tx, one))
    if write is None:
        return False
    await write.steps.prepare(one)
    return await write.steps.seek(one) is not None


async def _tell_once(desk: Desk, actor: Actor, one: Intent, kind: TaskKind, detail: str) -> None:
    """One task for an intent, however often it is seen."""
    now, ids = desk.clock.now(), {"intent_id": str(one.intent_id), "external_ref": one.external_ref}
    if one.reservation_id is not None:
        ids["reservation_id"] = one.reservation_id

    def work(tx: Tx) -> None:
        open_ones = tx.list_tasks(hotel_id=one.hotel_id, open_only=True, limit=500)
        if any(task.kind is kind and task.ids.get("intent_id") == one.intent_id for task in open_ones):
            return
        tx.add_task(Task(desk.ids.new("tsk"), kind, one.hotel_id, now, ids, detail[:200]))
        audit(tx, actor, now, "watch_told", ids)

    await desk.store.transact(work)
