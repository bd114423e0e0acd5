"""How anything is written to the PMS: intent first, one call, then outcome, audit and answer together.

The PMS has no idempotency key, so exactly-once is ours (docs/algorithms/exactly-once.md):

1. The intent is committed before the PMS is called, under the caller's request key.
2. One call is made. What may not be known (timeout, reset, 5xx) is looked up, after 0, 1, 2 and 4 seconds.
3. Outcome, audit row and answer are committed in one transaction. Only final answers are kept for replay; after
   "unavailable" the same key continues the same intent, after "unknown" it first looks for evidence and sends again only
   when the hotel's settle time is over and a fresh look still finds nothing. A deposit is never sent again by a machine.

A `Write` says what differs between kinds of write: what to check, what to send, what proves that it happened, how to finish.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from domain.access import Actor
from domain.errors import DomainError, InFlight, InvalidInput, KeyReused, ReservationBusy
from domain.hotel import HotelTerms
from domain.reservation import ReservationId
from integration.errors import (
    OutcomePending,
    OutcomeUnknown,
    PmsError,
    PmsOutcomeUnknown,
    PmsRejected,
    PmsUnavailable,
    ServiceError,
)
from integration.ports.records import Intent, IntentId, IntentKind, IntentState, StoredAnswer
from integration.ports.store import ReadTx, Tx
from integration.usecases.answers import Answer, Body, refusal_from, refusal_of
from integration.usecases.desk import Desk

LOOKUPS_S = (0.0, 1.0, 2.0, 4.0)
PATIENCE = timedelta(seconds=60)
ANSWER_LIFE = timedelta(hours=24)
WATCH = timedelta(hours=24)
MAX_KEY = 255


class Steps(Protocol):
    """The parts of a write that differ by kind. `proof` is what the PMS gave or showed (its number for a create)."""

    async def prepare(self, intent: Intent) -> None:
        """Read what is needed (prices, the guest's number); repeatable, writes nothing of this intent."""
        ...

    async def send(self, intent: Intent) -> str:
        """Make the one PMS call; return the proof."""
        ...

    async def seek(self, intent: Intent) -> str | None:
        """Look for evidence that it happened; None when there is none (which proves nothing)."""
        ...

    async def verify(self, intent: Intent, proof: str) -> None:
        """Read back what was written; may compensate and raise a Refused."""
        ...

    def check(self, tx: ReadTx) -> None:
        """Refuse, in the transaction that stores the intent, what cannot go on."""
        ...

    def finish(self, tx: Tx, intent: Intent, proof: str) -> Body:
        """Write the outcome; return the answer's body."""
        ...

    def replay(self, tx: ReadTx, intent: Intent) -> Body:
        """Build the answer anew once the stored one is gone."""
        ...

    async def refusal(self, error: PmsRejected) -> DomainError:
        """Say the PMS's no in our words."""
        ...


@dataclass(frozen=True, slots=True)
class Write:
    """One write. `command`: what was asked, JSON-able, the same from every edge; `may_resend` False for money."""

    kind: IntentKind
    hotel: HotelTerms
    actor: Actor
    request_key: str
    command: Mapping[str, object]
    steps: Steps
    reservation_id: ReservationId | None = None
    guest_id: str | None = None
    may_resend: bool = True


def canonical(command: Mapping[str, object]) -> str:
    """Canonical JSON text: sorted keys, no spaces."""
    return json.dumps(command, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def external_reference(hotel_id: str, actor: str, request_key: str) -> str:
    """Our reference on the PMS record: a function of hotel, actor and key, so that a retry finds the same record."""
    digest = hashlib.sha256(f"{hotel_id}\0{actor}\0{request_key}".encode()).hexdigest()
    return f"SNT-{digest[:32].upper()}"


def check_key(request_key: str) -> None:
    """InvalidInput unless the key is 1 to 255 printable ASCII characters."""
    if not 1 <= len(request_key) <= MAX_KEY or not request_key.isascii() or not request_key.isprintable():
        raise InvalidInput("A request key is 1 to 255 printable ASCII characters.", field="key")


async def carry_out(desk: Desk, write: Write) -> Answer:
    """Carry a write out exactly once for its key. Raises what its steps refuse, PmsUnavailable, or OutcomeUnknown."""
    check_key(write.request_key)
    opened = await desk.store.transact(lambda tx: _open(desk, write, tx))
    if isinstance(opened, Answer):
        return opened
    desk.point("intent_stored")
    await _prepare(desk, write, opened)
    if opened.state is IntentState.UNKNOWN:
        proof = await _resume(desk, write, opened)
    else:
        proof = await _send(desk, write, opened)
    desk.point("pms_answered")
    return await _finish(desk, write, opened, proof)


async def _prepare(desk: Desk, write: Write, intent: Intent) -> None:
    """Nothing has left yet: a failure of the world leaves the intent open, a refusal is final."""
    try:
        await write.steps.prepare(intent)
    except ServiceError:
        await _mark(desk, intent, IntentState.OPEN)
        raise
    except DomainError as refusal:
        if intent.state is IntentState.SENT:
            await _refuse(desk, write, intent, refusal)
        raise


def _open(desk: Desk, write: Write, tx: Tx) -> Answer | Intent:
    """Replay, refuse, or store the intent."""
    who = (write.hotel.hotel_id, write.actor.name, write.request_key)
    fingerprint = fingerprint_of(write)
    now = desk.clock.now()
    answer = tx.get_answer(*who)
    if answer is not None and answer.fingerprint != fingerprint:
        raise _reused(write)
    intent = tx.intent_of_key(*who)
    if answer is not None and (answer.body is not None or answer.error_code is not None):
        return _replay(answer)
    if intent is None:
        return _begin(desk, write, tx, now)
    if intent.fingerprint != fingerprint:
        raise _reused(write)
    if intent.state in {IntentState.DONE, IntentState.REFUSED}:
        return Answer(write.steps.replay(tx, intent), replayed=True)
    return _continue(write, tx, intent, now)


def _reused(write: Write) -> KeyReused:
    return KeyReused("The request key {key} was used for another command.", key=write.request_key, field="key")


def fingerprint_of(write: Write) -> str:
    """SHA-256 of kind and command: the same from every edge."""
    return hashlib.sha256(f"{write.kind.value}\0{canonical(write.command)}".encode()).hexdigest()


def _replay(answer: StoredAnswer) -> Answer:
    if answer.error_code is not None:
        raise refusal_from(answer.error_code, answer.body)
    return Answer(json.loads(answer.body or "{}"), replayed=True)


def _begin(desk: Desk, write: Write, tx: Tx, now: datetime) -> Intent:
    if write.reservation_id is not None:
        _refuse_if_busy(tx, write)
    write.steps.check(tx)
    intent = Intent(
        intent_id=IntentId(desk.ids.new("int")),
        kind=write.kind,
        state=IntentState.SENT,
        hotel_id=write.hotel.hotel_id,
        actor=write.actor.name,
        request_key=write.request_key,
        fingerprint=fingerprint_of(write),
        external_ref=external_reference(write.hotel.hotel_id, write.actor.name, write.request_key),
        command=canonical(write.command),
        created_at=now,
        deadline=now + PATIENCE,
        sent_at=now,
        reservation_id=write.reservation_id,
        guest_id=write.guest_id,
        attempts=1,
    )
    if not tx.add_intent(intent):
        raise InFlight("This request is being carried out.", field="key")
    return intent


def _refuse_if_busy(tx: ReadTx, write: Write) -> None:
    """No other write to a reservation before the outcome of the last one is known: a late one would overwrite it."""
    for other in tx.unsettled_intents(reservation_id=write.reservation_id):
        if other.state is not IntentState.OPEN:
            raise ReservationBusy(
                "An earlier change of reservation {reservation_id} has no known outcome yet.",
                reservation_id=write.reservation_id,
                hint="Try again in two minutes; the board shows what is being looked up.",
            )


def _continue(write: Write, tx: Tx, intent: Intent, now: datetime) -> Intent:
    """Take up an unfinished intent: open goes on, a stale `sent` counts as unknown, a fresh one is in flight."""
    if intent.state is IntentState.SENT and now < intent.deadline:
        raise InFlight("This request is being carried out.", field="key", hint="Ask again in a moment.")
    if intent.state is IntentState.OPEN:
        write.steps.check(tx)
        again = replace(
            intent, state=IntentState.SENT, sent_at=now, deadline=now + PATIENCE, attempts=intent.attempts + 1
        )
        if not tx.update_intent(again, expected=(IntentState.OPEN,)):
            raise InFlight("This request is being carried out.", field="key")
        return again
    taken = replace(intent, state=IntentState.UNKNOWN)
    if not tx.update_intent(taken, expected=(IntentState.SENT, IntentState.UNKNOWN)):
        raise InFlight("This request is being carried out.", field="key")
    return taken


async def _resume(desk: Desk, write: Write, intent: Intent) -> str:
    """An unknown outcome: adopt what is found; send again only after the settle time and a fresh not-found."""
    proof = await write.steps.seek(intent)
    if proof is not None:
        return proof
    now = desk.clock.now()
    if not write.may_resend or (intent.sent_at is not None and now - intent.sent_at < write.hotel.rules.settle):
        raise OutcomePending(
            "An earlier try of this request has no known outcome yet.", hint="Repeat it with the same key in two minutes."
        )
    again = replace(intent, state=IntentState.SENT, sent_at=now, deadline=now + PATIENCE, attempts=intent.attempts + 1)
    if not await desk.store.transact(lambda tx: tx.update_intent(again, expected=(IntentState.UNKNOWN,))):
        raise InFlight("This request is being carried out.", field="key")
    return await _send(desk, write, again)


async def _send(desk: Desk, write: Write, intent: Intent) -> str:
    try:
        return await write.steps.send(intent)
    except PmsUnavailable:
        await _mark(desk, intent, IntentState.OPEN)
        raise
    except PmsRejected as error:
        refusal = await write.steps.refusal(error)
        await _refuse(desk, write, intent, refusal)
        raise refusal from error
    except PmsOutcomeUnknown as error:
        desk.point("outcome_unknown")
        proof = await _look_up(desk, write.steps.seek, intent)
        if proof is not None:
            return proof
        await _mark(desk, intent, IntentState.UNKNOWN)
        raise OutcomeUnknown(
            "The PMS has not said whether this was done; it is being looked up.",
            hint="Repeat the same request with the same key: nothing is done twice.",
        ) from error


async def _look_up(
    desk: Desk, seek: Callable[[Intent], Awaitable[str | None]], intent: Intent
) -> str | None:
    for wait in LOOKUPS_S:
        await desk.clock.sleep(wait)
        try:
            proof = await seek(intent)
        except PmsError:
            continue
        if proof is not None:
            return proof
    return None


async def _mark(desk: Desk, intent: Intent, state: IntentState) -> None:
    now = desk.clock.now()
    watch = now + WATCH if state is IntentState.UNKNOWN else intent.watch_until
    after = replace(intent, state=state, watch_until=watch)
    await desk.store.transact(lambda tx: tx.update_intent(after, expected=(IntentState.SENT,)))


async def _refuse(desk: Desk, write: Write, intent: Intent, refusal: DomainError) -> None:
    """Store the PMS's final no under the key."""
    now = desk.clock.now()
    after = replace(intent, state=IntentState.REFUSED, settled_at=now, note=refusal.code)

    def work(tx: Tx) -> None:
        tx.update_intent(after, expected=(IntentState.SENT, IntentState.UNKNOWN))
        tx.put_answer(_stored(write, after, now, refusal.code, refusal_of(refusal)))

    await desk.store.transact(work)


def _stored(write: Write, intent: Intent, now: datetime, error_code: str | None, body: Body) -> StoredAnswer:
    return StoredAnswer(
        hotel_id=write.hotel.hotel_id,
        actor=write.actor.name,
        request_key=write.request_key,
        fingerprint=intent.fingerprint,
        created_at=now,
        until=now + ANSWER_LIFE,
        intent_id=intent.intent_id,
        error_code=error_code,
        body=json.dumps(body, ensure_ascii=False, separators=(",", ":")),
    )


async def _finish(desk: Desk, write: Write, intent: Intent, proof: str) -> Answer:
    try:
        await write.steps.verify(intent, proof)
    except DomainError as refusal:
        await _refuse(desk, write, intent, refusal)
        raise
    desk.point("verified")
    now = desk.clock.now()

    def work(tx: Tx) -> Body:
        done = replace(
            intent, state=IntentState.DONE, settled_at=now, pms_ref=intent.pms_ref or proof,
            watch_until=now + WATCH if intent.attempts > 1 or intent.state is IntentState.UNKNOWN else None,
        )
        if not tx.update_intent(done, expected=(IntentState.SENT, IntentState.UNKNOWN)):
            raise InFlight("This request is being carried out.", field="key")
        body = write.steps.finish(tx, done, proof)
        tx.put_answer(_stored(write, done, now, None, body))
        return body

    body = await desk.store.transact(work)
    desk.point("outcome_stored")
    return Answer(body, replayed=False)
