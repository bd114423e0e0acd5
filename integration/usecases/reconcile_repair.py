"""Mending what does not agree; the PMS wins.

Every repair looks at its record closely first and acts on what it sees then, so that repairing twice, or after a
process died in between, mends the rest and nothing else. Ours is changed in one transaction that refuses when anybody
was faster or a write is under way; the PMS is changed by cancelling surplus records only. What our rules cannot follow
(a confirmed sale that is a hold in the PMS) is left to a person, once, on the board.
"""

from dataclasses import replace
from datetime import datetime

from domain.access import Actor
from domain.errors import DomainError, Refused
from domain.guest import GuestId
from domain.hotel import HotelTerms
from domain.reservation import Reservation, ReservationState
from integration.errors import PmsProtocolError, ServiceError
from integration.ports.comparisons import FindingKind, Gap
from integration.ports.pms import PmsBooking
from integration.ports.records import IntentState, Task, TaskKind
from integration.ports.store import Tx
from integration.usecases.cancel_reservation import forget_refunds
from integration.usecases.cancel_surplus import cancel_surplus
from integration.usecases.desk import Desk
from integration.usecases.opening import WATCH
from integration.usecases.recognise_guest import adopt as adopt_guest
from integration.usecases.reconcile_adopt import adopted, made_from
from integration.usecases.reconcile_compare import OVER
from integration.usecases.reconcile_look import UNDER_WAY, Found, Verdict, creates_of, look, writes_under_way
from integration.usecases.tracing import audit, record_move

ADOPTED, MADE, CANCELLED_HERE, CANCELLED_THERE, GONE = "adopted", "made", "cancelled_here", "cancelled_in_pms", "gone"
PENDING, LEFT = "pending", "left:"
Done = dict[tuple[FindingKind, str | None], str]


async def repair(desk: Desk, actor: Actor, hotel: HotelTerms, reference: str) -> Done:
    """Mend one record: what was done by kind and PMS number; empty when nothing is wrong any more.

    Raises PmsUnavailable when the PMS cannot be read; what one record alone refuses is `left:<code>`.
    """
    verdict = await look(desk, hotel, reference)
    if verdict.is_pending:
        return {}
    done: Done = {}
    if verdict.is_followed and verdict.own is not None:
        await _follow(desk, actor, hotel, verdict)
    for found in verdict.found:
        name = (found.kind, found.booking.pms_ref if found.booking is not None else _number(verdict))
        try:
            done[name] = await _mend(desk, actor, hotel, verdict, found)
        except DomainError as error:
            done[name] = f"{LEFT}{error.code}"
            await _ask_a_person(desk, actor, hotel, verdict, found)
        except ServiceError as error:
            if isinstance(error, PmsProtocolError) or found.kind is FindingKind.SURPLUS:
                done[name] = f"{LEFT}{error.code}"
                continue
            raise
    return done


def _number(verdict: Verdict) -> str | None:
    return verdict.reservation.pms_ref if verdict.reservation is not None else None


async def _mend(desk: Desk, actor: Actor, hotel: HotelTerms, verdict: Verdict, found: Found) -> str:
    one, booking = verdict.reservation, found.booking
    if found.kind is FindingKind.MISSING_HERE and booking is not None:
        await take_in(desk, actor, hotel, booking, verdict.reference)
        return MADE
    if found.kind is FindingKind.SURPLUS and booking is not None:
        kept = one.pms_ref or "" if one is not None else ""
        await cancel_surplus(desk, hotel, actor.via, booking.pms_ref, verdict.reference, kept)
        return CANCELLED_THERE
    if one is None:
        return GONE
    if booking is None:
        await _cancel_here(desk, actor, one)
        return CANCELLED_HERE
    await adopt(desk, actor, hotel, one, booking, found.gaps)
    return ADOPTED


async def take_in(
    desk: Desk, actor: Actor, hotel: HotelTerms, booking: PmsBooking, reference: str, key: str | None = None
) -> Reservation:
    """Make our record from the PMS's; `key`: the request key when it is known, else the reference stands for it.

    PmsProtocolError when the PMS does not tell enough of it; the record that is there when somebody was faster.
    """
    whole = await desk.pms.read_booking(hotel, booking.pms_ref)
    profile = await desk.pms.read_profile(hotel, whole.profile_id) if whole is not None and whole.profile_id else None
    if whole is None or profile is None:
        raise PmsProtocolError("The PMS does not say whose reservation {pms_ref} is.", pms_ref=booking.pms_ref)
    guest = await adopt_guest(desk, hotel, actor, profile)
    return await desk.store.transact(
        lambda tx: _make(desk, tx, actor, hotel, whole, (reference, guest.guest_id, key or reference))
    )


def _make(
    desk: Desk, tx: Tx, actor: Actor, hotel: HotelTerms, booking: PmsBooking, of: tuple[str, GuestId, str]
) -> Reservation:
    reference, guest_id, key = of
    known = tx.find_reservation(external_ref=reference)
    if known is not None:
        return known
    now = desk.clock.now()
    key = _settled(tx, reference, booking, hotel, now) or key
    made = made_from(
        hotel, booking, reference, guest_id,
        reservation_id=desk.ids.new("res"), by=actor.name, key=key, now=now,
    )  # fmt: skip
    tx.add_reservation(made)
    detail = {"total": str(made.total), "paid": str(made.paid)}
    record_move(tx, actor, now, "made_from_pms", made, before=None, detail=detail)
    return made


def _settled(tx: Tx, reference: str, booking: PmsBooking, hotel: HotelTerms, now: datetime) -> str | None:
    """The write that made the record is done with: its key is answered from the record. The key, when there is one."""
    for each in creates_of(tx, hotel.hotel_id, reference):
        done = replace(
            each, state=IntentState.DONE, settled_at=now, pms_ref=booking.pms_ref, watch_until=now + WATCH,
            note="taken_in",
        )  # fmt: skip
        if tx.update_intent(done, expected=UNDER_WAY):
            return each.request_key
    return None


def _unchanged(tx: Tx, one: Reservation) -> None:
    """Refused unless ours is as it was looked at, and nobody writes to it."""
    now = tx.get_reservation(one.reservation_id)
    if now is None or now.version != one.version or writes_under_way(tx, one.hotel_id, one.external_ref, one):
        raise Refused("Reservation {reservation_id} was changed meanwhile.", reservation_id=one.reservation_id)


async def adopt(
    desk: Desk, actor: Actor, hotel: HotelTerms, one: Reservation, booking: PmsBooking, gaps: tuple[Gap, ...]
) -> Reservation:
    """Make ours what the PMS has. Refused when it was changed meanwhile, MoveNotAllowed when our states forbid it."""
    after = adopted(hotel, one, booking, desk.clock.now())

    def work(tx: Tx) -> Reservation:
        _unchanged(tx, one)
        detail = {gap.field: f"{gap.here or '-'} > {gap.there or '-'}" for gap in gaps}
        _store(desk, tx, actor, one, after, "adopted_from_pms", detail)
        _after_state(desk, tx, one, after)
        return after

    return await desk.store.transact(work)


def _after_state(desk: Desk, tx: Tx, before: Reservation, after: Reservation) -> None:
    """What a change of state in the PMS means for money and people."""
    if after.state is ReservationState.CANCELLED and before.paid.amount > 0:
        add_check(desk, tx, before, f"cancelled in the PMS, {before.paid} paid")
    elif before.state in OVER and after.state not in OVER:
        forget_refunds(desk, tx, before)
        add_check(desk, tx, after, f"{before.state.value} here, live in the PMS")


def _store(
    desk: Desk, tx: Tx, actor: Actor, before: Reservation, after: Reservation, action: str, detail: dict[str, str]
) -> None:
    if not tx.update_reservation(after, expected_version=before.version):
        raise Refused("Reservation {reservation_id} was changed meanwhile.", reservation_id=before.reservation_id)
    now = desk.clock.now()
    record_move(
        tx, actor, now, action, after, before=before.state, detail=detail, fields=tuple(detail), reason="reconcile"
    )


async def _cancel_here(desk: Desk, actor: Actor, one: Reservation) -> None:
    """The PMS has no such record: ours is over, and a person looks what became of the guest."""
    after = one.moved(ReservationState.CANCELLED)

    def work(tx: Tx) -> None:
        _unchanged(tx, one)
        _store(desk, tx, actor, one, after, "missing_in_pms", {"status": f"{one.state.value} > -"})
        add_check(desk, tx, one, f"not in the PMS, {one.paid} paid")

    await desk.store.transact(work)


async def _follow(desk: Desk, actor: Actor, hotel: HotelTerms, verdict: Verdict) -> None:
    """The desk has taken the guest a step further: so do we."""
    one, booking = verdict.reservation, verdict.own
    if one is None or booking is None:
        return
    after = adopted(hotel, one, booking, desk.clock.now())

    def work(tx: Tx) -> None:
        _unchanged(tx, one)
        _store(desk, tx, actor, one, after, "followed_pms", {"status": f"{one.state.value} > {after.state.value}"})

    await desk.store.transact(work)


def add_check(desk: Desk, tx: Tx, one: Reservation, detail: str) -> None:
    """Somebody has to look at a reservation."""
    ids = {"reservation_id": str(one.reservation_id), "pms_ref": one.pms_ref or "-"}
    tx.add_task(Task(desk.ids.new("tsk"), TaskKind.CHECK_BOOKING, one.hotel_id, desk.clock.now(), ids, detail[:200]))


async def _ask_a_person(desk: Desk, actor: Actor, hotel: HotelTerms, verdict: Verdict, found: Found) -> None:
    """Put what cannot be mended on the board, once."""
    number = (found.booking.pms_ref if found.booking is not None else _number(verdict)) or "-"
    now, name = desk.clock.now(), f"{verdict.reference}:{number}"
    ids = {"external_ref": verdict.reference, "pms_ref": number, "finding": name}
    if verdict.reservation is not None:
        ids["reservation_id"] = verdict.reservation.reservation_id

    def work(tx: Tx) -> None:
        open_ones = tx.list_tasks(hotel_id=hotel.hotel_id, open_only=True, limit=500)
        if any(task.ids.get("finding") == name for task in open_ones):
            return
        detail = "differs from the PMS: " + ", ".join(gap.field for gap in found.gaps)
        tx.add_task(Task(desk.ids.new("tsk"), TaskKind.CHECK_BOOKING, hotel.hotel_id, now, ids, detail))
        audit(tx, actor, now, "repair_left", ids)

    await desk.store.transact(work)
