"""A lead's life by hand: start it, win it, lose it.

Won needs a reservation of the case (or of its guest, when it is named), lost a reason of the hotel's list; either ends
the case. Result and reason go to the PMS, once: a won lead as a note on the reservation, a lost one as a note on the
guest's profile and, when something had been offered, as a turnaway. What is lost on the way there leaves a trace and
fails nothing.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from domain.access import Actor, Permission
from domain.case import Case, CaseStatus, LeadStatus
from domain.case_steps import check_lead_move
from domain.errors import OutcomeMissing
from domain.guest import GuestId
from domain.reservation import SELLING, Reservation, ReservationId, ReservationState
from integration.ports.store import ReadTx
from integration.usecases.answers import Answer, Body
from integration.usecases.desk import Desk
from integration.usecases.lead_notes import tell_lost, tell_won
from integration.usecases.once import Claim, Kept, once
from integration.usecases.people import files_of
from integration.usecases.work_case import Change, Work, done, find_case, work_on
from integration.usecases.work_case_views import case_body

SOLD = SELLING | {ReservationState.IN_HOUSE, ReservationState.CHECKED_OUT}


async def start_lead(desk: Desk, actor: Actor, case_id: str, key: str) -> Answer:
    """Somebody works on it: in progress, and his own if it was nobody's. A closed lead is taken up again."""

    def plan(_tx: ReadTx, case: Case) -> list[Change]:
        check_lead_move(case, LeadStatus.IN_PROGRESS)
        changes: list[Change] = [("lead", {"status": LeadStatus.IN_PROGRESS.value})]
        if case.assignee is None:
            changes.append(("assigned", {"to": actor.name}))
        if case.status is CaseStatus.RESOLVED:
            changes.append(("reopened", {}))
        return changes

    return await work_on(desk, actor, case_id, key, Work("lead_started", {}, plan, ("lead", "assignee")))


async def win_lead(desk: Desk, actor: Actor, case_id: str, key: str, reservation_id: str | None = None) -> Answer:
    """Won, by a reservation that stands: the one named, else the case's newest. OutcomeMissing without one. The answer
    is the case, with `reservation_id` and whether the PMS has the note."""
    actor.require(Permission.SELL)
    hotel_id = (await desk.store.read(lambda tx: find_case(tx, case_id))).hotel_id

    async def run(claim: Claim) -> Body:
        chosen = await desk.store.read(lambda tx: _sold(tx, find_case(tx, case_id), reservation_id))
        document = {"status": LeadStatus.WON.value, "reservation_id": chosen.reservation_id}
        work = Work("lead_won", {}, lambda _tx, case: _closing(case, LeadStatus.WON, document), ("lead", "status"))
        kept: Body = {"reservation_id": chosen.reservation_id}
        body = await desk.store.transact(lambda tx: done(desk, tx, actor, case_id, work, claim, kept))
        return {**body, "in_pms": await tell_won(desk, actor, body["case_id"], chosen, claim)}

    command = {"case_id": case_id, "reservation_id": reservation_id}
    return await _once(desk, actor, (hotel_id, case_id), key, "lead_won", command, run)


async def lose_lead(desk: Desk, actor: Actor, case_id: str, key: str, reason: str | None) -> Answer:
    """Lost, for a reason of the hotel's list. OutcomeMissing without one, InvalidInput for one that is not on it."""
    actor.require(Permission.SELL)
    hotel = desk.hotel((await desk.store.read(lambda tx: find_case(tx, case_id))).hotel_id)
    if not reason:
        raise OutcomeMissing("A lost lead needs a reason.", hint=", ".join(hotel.lost_reasons), field="reason")
    lost = hotel.check_lost_reason(reason)

    async def run(claim: Claim) -> Body:
        document = {"status": LeadStatus.LOST.value, "reason": lost.code}
        work = Work("lead_lost", {}, lambda _tx, case: _closing(case, LeadStatus.LOST, document), ("lead", "status"))
        kept: Body = {"reservation_id": None}
        body = await desk.store.transact(lambda tx: done(desk, tx, actor, case_id, work, claim, kept))
        return {**body, "in_pms": await tell_lost(desk, actor, body["case_id"], lost, claim)}

    command = {"case_id": case_id, "reason": lost.code}
    return await _once(desk, actor, (hotel.hotel_id, case_id), key, "lead_lost", command, run)


def _closing(case: Case, to: LeadStatus, document: Mapping[str, str]) -> Sequence[Change]:
    check_lead_move(case, to)
    changes: list[Change] = [("lead", document)]
    if case.due_on is not None:
        changes.append(("due", {"on": ""}))
    if case.status is not CaseStatus.RESOLVED:
        changes.append(("resolved", {}))
    return changes


def _sold(tx: ReadTx, case: Case, reservation_id: str | None) -> Reservation:
    """The reservation a lead is won by."""
    if reservation_id is not None:
        found = tx.get_reservation(ReservationId(reservation_id))
        mine = files_of(tx, GuestId(case.guest_id)) if case.guest_id else []
        if found is None or (found.case_id != case.case_id and found.guest_id not in mine):
            raise OutcomeMissing(
                "Reservation {reservation_id} is not of this case or its guest.",
                reservation_id=reservation_id,
                field="reservation_id",
            )
        standing = [found] if found.state in SOLD else []
    else:
        cases = {case.case_id, *(row.home_case for row in tx.messages_of(case.case_id))}
        found_all = [one for one_id in cases for one in tx.list_reservations(case_id=one_id, limit=200)]
        standing = sorted((one for one in found_all if one.state in SOLD), key=lambda one: one.reservation_id)
    if not standing:
        raise OutcomeMissing("A lead is won only by a reservation that stands.", field="reservation_id")
    return standing[-1]


async def _once(
    desk: Desk,
    actor: Actor,
    where: tuple[str, str],
    key: str,
    verb: str,
    command: Body,
    run: Callable[[Claim], Awaitable[Body]],
) -> Answer:
    hotel_id, case_id = where

    async def rebuild(kept: Kept) -> Body:
        body = await desk.store.read(lambda tx: case_body(find_case(tx, case_id), desk.clock.now()))
        return {**body, "reservation_id": None, **(kept.body or {}), "in_pms": kept.pms_ref is not None}

    return await once(desk, actor, hotel_id, key, verb=verb, command=command, run=run, rebuild=rebuild)
