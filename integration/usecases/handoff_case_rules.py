"""Raise a handoff when the hotel's rules say so, and put it where somebody takes it.

Asked after every change of a case, in the transaction of the change: the rules see the turns since the case was last
solved, and the signals in what the guest said since. What was raised since then is not raised again. A handoff to the
telephone is offered to an agent who is free, the case's own first; when the telephone is closed or nobody is free it is
a call-back with a time, counted in the telephone's open hours. Free is who says that he is there (`presence`), speaks
the guest's language, is on no call and has no other offer.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from domain.access import Actor
from domain.case import CallOutcome, Case, CaseStatus
from domain.case_events import in_order as clocks_in_order
from domain.contact import Channel, Sender
from domain.guest import GuestId, IdentityKind
from domain.handoff import (
    TRIGGER_BITS,
    Handoff,
    HandoffId,
    HandoffPacket,
    HandoffRules,
    HandoffState,
    HandoffStep,
    Trigger,
    callback_due,
    count_turns,
    decide_handoff,
)
from domain.hours import is_open
from domain.offer import OfferId
from domain.reservation import SELLING
from domain.signals import Signal, bits_of
from integration.ports.queue_records import CaseEvent, StoredHandoff, StoredMessage
from integration.ports.store import ReadTx, Tx
from integration.usecases.channel_roles_live import handoffs_of, policy_of
from integration.usecases.contact_clock import clock_events
from integration.usecases.contacts import fact_of, in_order, is_from_guest, is_later, marks_of
from integration.usecases.desk import Desk
from integration.usecases.handoff_case_views import stored_handoff
from integration.usecases.people import files_of
from integration.usecases.presence import free_for
from integration.usecases.sale_summary import solve_told_sales
from integration.usecases.tracing import audit
from integration.usecases.views import instant

MOST_ASKED = 500
_AHEAD = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Seen:
    """What the rules see of a case: since when it is unsolved, turns, signals, and where the guest spoke last; `by`:
    who hands him over, when that is not who acts."""

    since: datetime | None
    turns: int
    signals: tuple[Signal, ...]
    channel: Channel
    asked: str
    by: str = ""


def raise_by_rules(
    desk: Desk, tx: Tx, actor: Actor, case: Case, rows: Sequence[StoredMessage], events: Sequence[CaseEvent]
) -> StoredHandoff | None:
    """Raise what the rules ask for; None when they ask for nothing new."""
    rules = handoffs_of(desk, tx, case.hotel_id, desk.clock.now())
    seen = look_at(rows, events)
    trigger = _phone_sale(tx, case, rows, rules)
    if trigger is not None:
        whose = replace(seen, channel=Channel.PHONE, by=_handed_over_by(actor, rows, trigger))
        made = begin(desk, tx, actor, case, trigger, whose, rules)
        solve_told_sales(desk, tx, actor, case, rows)
        return tx.get_handoff(made.handoff_id)
    solve_told_sales(desk, tx, actor, case, rows)
    if case.status is CaseStatus.RESOLVED:
        return None
    signals, ready = bits_of(seen.signals), rules.of(seen.channel)
    if decide_handoff(seen.turns, signals, ready) is None:
        return None
    trigger = decide_handoff(seen.turns, signals, ready, _done(tx, case, seen.since))
    if trigger is None:
        return None
    whose = replace(seen, by=_handed_over_by(actor, rows, trigger))
    return begin(desk, tx, actor, case, trigger, whose, rules)


def _handed_over_by(actor: Actor, rows: Sequence[StoredMessage], trigger: Trigger) -> str:
    """From whom the guest is handed over: who acts; where a machine does (it is called like its way in), who wrote to
    him last, and the rule when nobody has."""
    if actor.name != actor.via:
        return actor.name
    ours = (row.actor for row in reversed(in_order(rows)) if row.sender is Sender.AGENT and row.actor)
    return next((name for name in ours if name != actor.via), f"rule:{trigger.value}")


def _phone_sale(tx: ReadTx, case: Case, rows: Sequence[StoredMessage], rules: HandoffRules) -> Trigger | None:
    """A call that sold wants its summary, also when the case ended with it; one summary a sale."""
    sold = max((heard for row in rows if (heard := _sold_at(row)) is not None), default=None)
    if sold is None:
        return None
    told = (one.triggered_at for one in tx.list_handoffs(case_id=case.case_id) if one.trigger == Trigger.PHONE_SALE)
    if any(at >= sold for at in told):
        return None
    return decide_handoff(0, bits_of([Signal.SOLD_BY_PHONE]), rules.of(Channel.PHONE))


def _sold_at(row: StoredMessage) -> datetime | None:
    """When a call that sold was heard of; an exchange's clock may be ahead of ours."""
    return min(row.at, row.received_at) if fact_of(row, "outcome") == CallOutcome.SOLD else None


def look_at(rows: Sequence[StoredMessage], events: Sequence[CaseEvent]) -> Seen:
    """What is unsolved in a case; it has a contact."""
    since = max((event.at for event in events if event.kind == "resolved"), default=None)
    said = [row for row in in_order(rows) if is_from_guest(row)]
    fresh = [row for row in said if since is None or is_later(row, since)]
    signals = {mark for row in fresh for mark in marks_of(row) if isinstance(mark, Signal)}
    last = said[-1] if said else rows[-1]
    return Seen(
        since,
        count_turns(event.kind for event in clocks_in_order(clock_events(rows, events))),
        tuple(sorted(signals)),
        last.channel,
        next((row.text for row in reversed(said) if row.text), "")[:MOST_ASKED],
    )


def _done(tx: ReadTx, case: Case, since: datetime | None) -> int:
    done = 0
    for one in tx.list_handoffs(case_id=case.case_id):
        if since is None or one.triggered_at > since:
            done |= TRIGGER_BITS[Trigger(one.trigger)]
    return done


def begin(
    desk: Desk,
    tx: Tx,
    actor: Actor,
    case: Case,
    trigger: Trigger,
    seen: Seen,
    rules: HandoffRules,
    wish: "Wish | None" = None,
) -> StoredHandoff:
    """Write a new handoff down and put it where somebody takes it."""
    wanted = wish or Wish(_target(tx, case, rules.targets(trigger, seen.channel)))
    now, by = desk.clock.now(), seen.by or actor.name
    first = Handoff(
        HandoffId(desk.ids.new("hnd")),
        case.case_id,
        trigger,
        seen.channel,
        wanted.channel,
        _packet(tx, case, seen),
        (HandoffStep(HandoffState.TRIGGERED, now, by),),
    )
    one, to_actor = _placed(desk, tx, actor, case, first, wanted, rules)
    made = stored_handoff(one, case.hotel_id, by, to_actor)
    tx.add_handoff(made)
    detail = {"handoff_id": one.handoff_id, "trigger": trigger.value, "to": wanted.channel.value}
    tx.add_case_event(CaseEvent(case.case_id, 0, now, "handed_over", by, detail))
    ids = {"hotel_id": case.hotel_id, "case_id": case.case_id, "handoff_id": one.handoff_id, "trigger": trigger.value}
    audit(tx, actor, now, "handoff_raised", ids)
    return made


@dataclass(frozen=True, slots=True)
class Wish:
    """Where to: a channel, an agent (None: whoever is free), or a call-back at an instant."""

    channel: Channel
    to: str | None = None
    due_at: datetime | None = None


def _placed(
    desk: Desk, tx: ReadTx, actor: Actor, case: Case, one: Handoff, wish: Wish, rules: HandoffRules
) -> tuple[Handoff, str | None]:
    now = desk.clock.now()
    if wish.due_at is not None:
        return one.moved(HandoffState.CALLBACK, now, actor.name, due_at=wish.due_at), wish.to
    if wish.to is not None:
        return one.moved(HandoffState.OFFERED, now, actor.name), wish.to
    if wish.channel is not Channel.PHONE:
        return one, None
    to = free_agent(desk, tx, case)
    if to is not None:
        return one.moved(HandoffState.OFFERED, now, actor.name), to
    return one.moved(HandoffState.CALLBACK, now, actor.name, due_at=call_back_at(desk, tx, case.hotel_id, rules)), None


def call_back_at(desk: Desk, tx: ReadTx, hotel_id: str, rules: HandoffRules) -> datetime:
    """Until when a call-back that is promised now is due."""
    now = desk.clock.now()
    spans = policy_of(desk, tx, hotel_id, now, now + _AHEAD).spans(Channel.PHONE.value)
    due = callback_due(now.timestamp(), rules, spans)
    if due == float("inf"):
        return now + timedelta(seconds=rules.callback_within_s)
    return datetime.fromtimestamp(due, UTC)


def free_agent(desk: Desk, tx: ReadTx, case: Case) -> str | None:
    """Somebody who can take the guest now; None when the telephone is closed or nobody is free."""
    now = desk.clock.now()
    spans = policy_of(desk, tx, case.hotel_id, now, now).spans(Channel.PHONE.value)
    if not is_open(now.timestamp(), spans):
        return None
    return free_for(tx, case.language, now, case.assignee)


_REACHED_BY = {
    Channel.PHONE: (IdentityKind.PHONE,),
    Channel.SMS: (IdentityKind.PHONE,),
    Channel.WHATSAPP: (IdentityKind.WHATSAPP_USER, IdentityKind.PHONE),
    Channel.EMAIL: (IdentityKind.EMAIL, IdentityKind.OTA_RELAY),
    Channel.INSTAGRAM: (IdentityKind.INSTAGRAM_USER,),
}


def _target(tx: ReadTx, case: Case, targets: Sequence[Channel]) -> Channel:
    """The first of the channels that reaches the guest, else the first."""
    known = _kinds(tx, case.guest_id) if case.guest_id else set()
    return next((one for one in targets if known & set(_REACHED_BY.get(one, ()))), targets[0])


def _kinds(tx: ReadTx, guest_id: str) -> set[IdentityKind]:
    guests = (tx.get_guest(file) for file in files_of(tx, GuestId(guest_id)))
    return {identity.kind for guest in guests if guest is not None for identity in guest.identities}


def _packet(tx: ReadTx, case: Case, seen: Seen) -> HandoffPacket:
    reservations = tx.list_reservations(case_id=case.case_id, limit=20)
    live = [one for one in reservations if one.state in SELLING]
    promised = [f"{one.reservation_id} {one.state.value} {instant(one.expires_at) or ''}".strip() for one in live]
    if case.due_on is not None:
        promised.append(f"call_back {case.due_on.isoformat()}")
    offers = dict.fromkeys(OfferId(one.offer_id) for one in reservations if one.offer_id)
    return HandoffPacket(
        who=case.guest_id or "",
        asked=seen.asked,
        language=case.language,
        offers=tuple(offers),
        promised=tuple(promised),
        turns=seen.turns,
        signals=seen.signals,
    )
