"""Open a write: under its key there is an answer already, an unfinished intent to go on with, or nothing yet.

Runs inside one transaction, so of two callers with one key exactly one stores the intent; the other is told that it is
being carried out.
"""

import json
import math
from dataclasses import replace
from datetime import datetime, timedelta

from domain.errors import InFlight, KeyReused, ReservationBusy
from integration.errors import OutcomePending
from integration.ports.records import UNSETTLED, Intent, IntentId, IntentKind, IntentState, StoredAnswer
from integration.ports.store import ReadTx, Tx
from integration.usecases.answers import Answer, refusal_from
from integration.usecases.desk import Desk
from integration.usecases.one_write import Write, canonical, external_reference, fingerprint

PATIENCE = timedelta(seconds=60)
LOOK_AGAIN_S = 5
LATE = timedelta(seconds=5)
WATCH = timedelta(hours=24)


def open_intent(desk: Desk, write: Write, tx: Tx) -> Answer | Intent:
    """Replay, refuse, or store the intent."""
    who = (write.hotel.hotel_id, write.actor.name, write.request_key)
    asked = fingerprint(write.kind, write.command)
    now = desk.clock.now()
    answer = tx.get_answer(*who)
    if answer is not None and answer.fingerprint != asked:
        raise key_reused(write.request_key)
    intent = tx.intent_of_key(*who)
    if answer is not None and (answer.body is not None or answer.error_code is not None):
        return _replay(answer)
    if intent is None:
        return _begin(desk, write, tx, now)
    if intent.fingerprint != asked:
        raise key_reused(write.request_key)
    if intent.state in {IntentState.DONE, IntentState.REFUSED}:
        return Answer(write.steps.replay(tx, intent), replayed=True)
    return _continue(write, tx, intent, now)


def key_reused(request_key: str) -> KeyReused:
    """The key belongs to another command, for life."""
    return KeyReused("The request key {key} was used for another command.", key=request_key, field="key")


def in_flight(intent: Intent, now: datetime) -> InFlight:
    """Somebody is at it; whoever began may also be dead, which shows only when the deadline is over."""
    left = max(1, math.ceil((intent.deadline - now).total_seconds()))
    return InFlight(
        "This request is being carried out, for {seconds} s more at most.",
        hint="Repeat it with the same key: nothing is done twice.",
        field="key",
        retry_after=min(left, LOOK_AGAIN_S),
        seconds=left,
    )


def _replay(answer: StoredAnswer) -> Answer:
    if answer.error_code is not None:
        raise refusal_from(answer.error_code, answer.body)
    return Answer(json.loads(answer.body or "{}"), replayed=True)


def _begin(desk: Desk, write: Write, tx: Tx, now: datetime) -> Intent:
    if write.reservation_id is not None:
        _refuse_if_busy(tx, write, now)
    write.steps.check(tx)
    intent = Intent(
        intent_id=IntentId(desk.ids.new("int")),
        kind=write.kind,
        state=IntentState.SENT,
        hotel_id=write.hotel.hotel_id,
        actor=write.actor.name,
        request_key=write.request_key,
        fingerprint=fingerprint(write.kind, write.command),
        external_ref=external_reference(write.hotel.hotel_id, write.actor.name, write.request_key),
        command=canonical(write.command),
        created_at=now,
        deadline=now + PATIENCE,
        sent_at=now,
        reservation_id=write.reservation_id,
        guest_id=write.guest_id,
        attempts=1,
        batch_id=write.actor.batch,
    )
    if not tx.add_intent(intent):
        raise InFlight("This request is being carried out.", field="key")
    return intent


def _refuse_if_busy(tx: ReadTx, write: Write, now: datetime) -> None:
    """No other write to a reservation before the last one is known or has settled: a late one would overwrite it."""
    for other in tx.unsettled_intents(reservation_id=write.reservation_id):
        if _is_busy(other, write, now):
            raise ReservationBusy(
                "An earlier change of reservation {reservation_id} has no known outcome yet.",
                reservation_id=write.reservation_id,
                hint="Try again in two minutes; the board shows what is being looked up.",
            )


def _is_busy(other: Intent, write: Write, now: datetime) -> bool:
    """Under way; or unknown and not settled yet; a deposit of unknown outcome blocks until a person decides."""
    if other.state is IntentState.OPEN:
        return False
    if other.state is IntentState.SENT and now < other.deadline:
        return True
    if other.kind is IntentKind.DEPOSIT or other.sent_at is None:
        return True
    return now < other.sent_at + write.hotel.rules.settle


def send_again(write: Write, tx: Tx, intent: Intent, now: datetime) -> Intent:
    """Take an unfinished intent up for another call. What has happened since it was stored counts: another write to the
    reservation may be under way (ReservationBusy), and its own conditions may hold no longer. What never left is
    decided anew; what may have happened keeps what was decided then.
    """
    if write.reservation_id is not None:
        _refuse_if_busy(tx, write, now)
    write.steps.check(tx)
    again = replace(
        intent,
        state=IntentState.SENT,
        sent_at=now,
        deadline=now + PATIENCE,
        attempts=intent.attempts + 1,
        prepared=None if intent.state is IntentState.OPEN else intent.prepared,
    )
    if not tx.update_intent(again, expected=(intent.state,)):
        raise InFlight("This request is being carried out.", field="key")
    return again


def before_it_leaves(desk: Desk, tx: Tx, intent: Intent, kept: str | None) -> Intent:
    """Note what was decided, and count the settle time from now when preparing took long.

    InFlight when somebody else has taken the intent up meanwhile: a caller that slept past its deadline sends nothing.
    """
    now = desk.clock.now()
    stored = tx.get_intent(intent.intent_id)
    is_ours = stored is not None and (stored.state, stored.attempts) == (IntentState.SENT, intent.attempts)
    after = replace(intent, prepared=kept, sent_at=now, deadline=now + PATIENCE)
    if not is_ours or not tx.update_intent(after, expected=(IntentState.SENT,)):
        raise InFlight("This request is being carried out.", field="key")
    return after


async def must_be_ours(desk: Desk, intent: Intent) -> None:
    """OutcomePending unless the intent stands as it was read: unsettled, and by the same try.

    Whoever looks for an outcome later than its caller asks this before anything is taken back in the PMS: what was
    acknowledged meanwhile, and changed since, is not ours to undo.
    """
    stored = await desk.store.read(lambda tx: tx.get_intent(intent.intent_id))
    if stored is None or stored.state not in UNSETTLED or stored.attempts != intent.attempts:
        raise OutcomePending("This request has been gone on with elsewhere.", hint="Repeat it with the same key.")


def must_be_noted(desk: Desk, intent: Intent, kept: str | None) -> bool:
    """Whether `before_it_leaves` has something to write; mostly not, and then no transaction is spent."""
    return kept != intent.prepared or intent.sent_at is None or desk.clock.now() - intent.sent_at >= LATE


def _continue(write: Write, tx: Tx, intent: Intent, now: datetime) -> Intent:
    """Take up an unfinished intent: open goes on, a stale `sent` counts as unknown, a fresh one is in flight."""
    if intent.state is IntentState.SENT and now < intent.deadline:
        raise in_flight(intent, now)
    if intent.state is IntentState.OPEN:
        return send_again(write, tx, intent, now)
    taken = replace(intent, state=IntentState.UNKNOWN, watch_until=intent.watch_until or now + WATCH)
    if not tx.update_intent(taken, expected=(IntentState.SENT, IntentState.UNKNOWN)):
        raise InFlight("This request is being carried out.", field="key")
    return taken
