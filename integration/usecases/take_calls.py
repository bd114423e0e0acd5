"""Take calls: start pops the caller, end needs a result.

Starting a call joins the open case of whoever rings, or opens one (a sales case with one lead, until the result says it
was service). A call that the telephone system has opened for the agent already is that call. Ending it is refused
without an outcome, a lost one without a reason, a follow-up without a day, and "sold" without a reservation to show
for it. The PMS's call log and turnaway statistics are told once; a loss there is recorded and never keeps the agent
waiting for a second try.
"""

from dataclasses import dataclass, replace

from domain.access import Actor, Permission
from domain.case import (
    Call,
    CallEnd,
    CallId,
    CallOutcome,
    Case,
    CaseKind,
    CaseStatus,
    Direction,
    LeadStatus,
    check_call_open,
    lead_after,
)
from domain.errors import Forbidden, InvalidInput, NotFound
from domain.guest import CallerCard, GuestProfile
from domain.hotel import HotelTerms
from domain.offer import Offer
from domain.reservation import SELLING, Reservation, ReservationState
from integration.errors import PmsError
from integration.ports.pms import CallRecord
from integration.ports.store import ReadTx, Tx
from integration.usecases.call_case import close_case, put_into_case, ringing_call
from integration.usecases.caller_file import met_by_number
from integration.usecases.desk import Desk
from integration.usecases.join_case import NOWHERE
from integration.usecases.once import UNCLAIMED, Claim
from integration.usecases.people import standing_case
from integration.usecases.recognise_guest import load_guest, recognise
from integration.usecases.tracing import audit
from integration.usecases.turnaways import turnaway_of
from integration.usecases.typed_numbers import number_of
from integration.usecases.views import call_body

_SOLD = SELLING | {ReservationState.IN_HOUSE, ReservationState.CHECKED_OUT}


@dataclass(frozen=True, slots=True)
class CallStart:
    """Who rings whom. `guest_id` when the agent rings a known guest."""

    phone: str | None = None
    direction: Direction = Direction.IN
    hotel_id: str | None = None
    guest_id: str | None = None


async def start_call(desk: Desk, actor: Actor, start: CallStart, claim: Claim = UNCLAIMED) -> tuple[Call, CallerCard]:
    """Open a call and its case; the caller's card comes from our memory and the PMS."""
    actor.require(Permission.SELL)
    hotel = desk.hotel(start.hotel_id)
    phone = await number_of(desk, start.phone) if start.phone else None
    card = await recognise(desk, hotel, actor, phone) if phone else CallerCard(None)
    now = desk.clock.now()
    call_id = CallId(desk.ids.new("cal"))

    def work(tx: Tx) -> tuple[Call, CallerCard]:
        guest = load_guest(tx, start.guest_id) if start.guest_id else card.guest
        call = ringing_call(tx, actor, hotel.hotel_id, phone)
        if call is None:
            new = Call(call_id, NOWHERE, hotel.hotel_id, start.direction, actor.name, now, phone)
            whose = guest or _met(desk, tx, actor, card, phone)
            call = replace(new, guest_id=whose.guest_id if whose else None)
            call = replace(call, case_id=put_into_case(desk, tx, actor, call))
            tx.add_call(call)
        ids = {name: getattr(call, name) for name in ("hotel_id", "call_id", "case_id", "guest_id")}
        audit(tx, actor, now, "call_started", ids, fields=("phone",) if phone else ())
        claim.settle(tx, call.call_id, now, call_body(call))
        return call, card if card.guest is not None or guest is None else replace(card, guest=guest)

    return await desk.store.transact(work)


async def caller_of(desk: Desk, actor: Actor, call: Call) -> CallerCard:
    """Who rings in a call that was started before, looked up anew."""
    hotel = desk.hotel(call.hotel_id)
    card = await recognise(desk, hotel, actor, call.phone) if call.phone else CallerCard(None)
    guest_id = call.guest_id
    if card.guest is not None or guest_id is None:
        return card
    known = await desk.store.read(lambda tx: load_guest(tx, guest_id))
    return card if known.is_only_a_number else replace(card, guest=known)


def _met(desk: Desk, tx: Tx, actor: Actor, card: CallerCard, phone: str | None) -> GuestProfile | None:
    """Somebody new by his number; nobody when there is none, or when it could be one of several guests."""
    return met_by_number(desk, tx, actor, phone) if phone and not card.candidates else None


async def end_call(
    desk: Desk,
    actor: Actor,
    call_id: str | None,
    end: CallEnd,
    hotel_id: str | None = None,
    claim: Claim = UNCLAIMED,
) -> tuple[Call, Case]:
    """End the call named, else the actor's open one. OutcomeMissing, CallClosed, NotFound."""
    actor.require(Permission.SELL)
    now = desk.clock.now()

    def work(tx: Tx) -> tuple[Call, Case]:
        call = _call(tx, actor, call_id, hotel_id)
        hotel = desk.hotel(call.hotel_id)
        _check_end(desk, hotel, end)
        ended = replace(call, ended_at=now, outcome=end.outcome, lost_reason=end.lost_reason, due_on=end.due_on)
        tx.update_call(ended)
        case = close_case(desk, tx, actor, ended, load_case(tx, call), _case_after(tx, call, end))
        ids = {"call_id": call.call_id, "case_id": call.case_id, "guest_id": call.guest_id}
        audit(tx, actor, now, f"call_ended_{end.outcome.value}", ids, fields=("outcome", "lost_reason", "due_on"))
        claim.settle(tx, call.call_id, now, call_body(ended, case))
        return ended, case

    call, case = await desk.store.transact(work)
    await _tell_pms(desk, actor, call)
    return call, case


def load_call(tx: ReadTx, call_id: str) -> Call:
    """The call, or NotFound."""
    call = tx.get_call(CallId(call_id))
    if call is None:
        raise NotFound("There is no call {call_id}.", call_id=call_id, field="call_id")
    return call


def load_case(tx: ReadTx, call: Call) -> Case:
    """The case of a call, or NotFound."""
    case = standing_case(tx, call.case_id)
    if case is None:
        raise NotFound("There is no case {case_id}.", case_id=call.case_id)
    return case


def _call(tx: ReadTx, actor: Actor, call_id: str | None, hotel_id: str | None) -> Call:
    call = load_call(tx, call_id) if call_id else tx.open_call(actor.name, hotel_id)
    if call is None:
        raise NotFound("There is no open call of {actor}.", actor=actor.name, field="call_id")
    if call.actor != actor.name and not actor.may(Permission.SEE_CLEAR):
        raise Forbidden("The call {call_id} is another agent's.", call_id=call.call_id)
    check_call_open(call)
    return call


def _check_end(desk: Desk, hotel: HotelTerms, end: CallEnd) -> None:
    if end.lost_reason is not None:
        hotel.check_lost_reason(end.lost_reason)
    if end.due_on is not None and end.due_on < hotel.today(desk.clock.now()):
        raise InvalidInput("The follow-up day {due} is in the past.", due=end.due_on.isoformat(), field="due")


def _case_after(tx: ReadTx, call: Call, end: CallEnd) -> Case:
    case = load_case(tx, call)
    sold = any(one.state in _SOLD for one in tx.list_reservations(call_id=call.call_id, limit=200))
    lead = lead_after(end, case.lead_status, has_reservation=sold)
    if end.outcome is CallOutcome.SERVICE and not sold:
        return replace(case, kind=CaseKind.SUPPORT, status=CaseStatus.RESOLVED, lead_status=None, lost_reason=None)
    closed = lead in {LeadStatus.WON, LeadStatus.LOST}
    return replace(
        case,
        lead_status=lead,
        lost_reason=end.lost_reason if lead is LeadStatus.LOST else None,
        due_on=end.due_on,
        status=CaseStatus.RESOLVED if closed else CaseStatus.OPEN,
    )


async def _tell_pms(desk: Desk, actor: Actor, call: Call) -> None:
    """Call log, and a turnaway for a lost sale; each at most once, a loss leaves a trace."""
    hotel = desk.hotel(call.hotel_id)
    reason = hotel.lost_reasons.get(call.lost_reason or "")

    def work(tx: ReadTx) -> tuple[list[Offer], list[Reservation]]:
        return tx.list_offers(call.hotel_id, call.call_id, 1), tx.list_reservations(call_id=call.call_id, limit=1)

    offers, reservations = await desk.store.read(work)
    try:
        await desk.pms.log_call(hotel, _record(call, reason.pms_code if reason else None, reservations))
        if reason is not None and offers:
            await desk.pms.log_turnaway(hotel, turnaway_of(offers[0], reason.pms_code, call.call_id))
    except PmsError as error:
        ids = {"call_id": call.call_id, "error": error.code}
        await desk.store.transact(lambda tx: audit(tx, actor, desk.clock.now(), "call_log_lost", ids))


def _record(call: Call, turnaway: str | None, reservations: list[Reservation]) -> CallRecord:
    return CallRecord(
        started_at=call.started_at,
        ended_at=call.ended_at or call.started_at,
        phone=call.phone,
        given_name="",
        surname="",
        turnaway_code=turnaway,
        comments=f"{call.call_id} {call.outcome.value if call.outcome else ''}",
        pms_ref=reservations[0].pms_ref if reservations else None,
    )
