"""How anything is written to the PMS: intent first, one call, then outcome, audit and answer together.

The PMS has no idempotency key, so exactly-once is ours (docs/algorithms/exactly-once.md):

1. The intent is committed before the PMS is called, under the caller's request key.
2. One call is made. What may not be known (timeout, reset, 5xx) is looked up, after 0, 1, 2 and 4 seconds.
3. Outcome, audit row and answer are committed in one transaction. Only final answers are kept for replay; after
   "unavailable" the same key continues the same intent, after "unknown" it first looks for evidence and sends again
   only when the hotel's settle time is over and a fresh look still finds nothing. A deposit is never sent again by a
   machine.

A `Write` says what differs between kinds of write: what to check, what to send, what proves that it happened, how to
finish.
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

from domain.errors import DomainError, InFlight
from integration.errors import (
    OutcomePending,
    OutcomeUnknown,
    PmsError,
    PmsOutcomeUnknown,
    PmsProtocolError,
    PmsRejected,
    PmsUnavailable,
    ServiceError,
    StoreUnavailable,
)
from integration.ports.records import Intent, IntentState, StoredAnswer
from integration.ports.store import Tx
from integration.usecases.answers import Answer, Body, refusal_of
from integration.usecases.desk import Desk
from integration.usecases.one_write import Write, check_key
from integration.usecases.opening import WATCH, before_it_leaves, must_be_noted, must_be_ours, open_intent, send_again

LOOKUPS_S = (0.0, 1.0, 2.0, 4.0)
STORE_WAITS_S = (0.2, 0.5, 1.0, 2.0)
ANSWER_LIFE = timedelta(hours=24)


async def carry_out(desk: Desk, write: Write) -> Answer:
    """Carry a write out exactly once for its key. Raises what its steps refuse, PmsUnavailable, or OutcomeUnknown.

    "Unavailable" says that nothing was written. Where an earlier try may have been, it is OutcomePending while the PMS
    cannot be asked.
    """
    check_key(write.request_key)
    opened = await desk.store.transact(lambda tx: open_intent(desk, write, tx))
    if isinstance(opened, Answer):
        return opened
    desk.point("intent_stored")
    try:
        return await _carried_out(desk, write, opened)
    except (PmsUnavailable, PmsProtocolError) as error:
        if opened.state is IntentState.UNKNOWN:
            raise _pending() from error
        raise


async def _carried_out(desk: Desk, write: Write, opened: Intent) -> Answer:
    kept = await _prepare(desk, write, opened)
    if opened.state is IntentState.UNKNOWN:
        sent, proof = await _resume(desk, write, opened)
    else:
        sent = await _leave(desk, opened, kept)
        proof = await _send(desk, write, sent)
    desk.point("pms_answered")
    return await _finish(desk, write, sent, proof)


async def _prepare(desk: Desk, write: Write, intent: Intent) -> str | None:
    """Nothing has left in this try: a failure of the world leaves the intent open, a refusal is final.

    Unless an earlier try may have happened: then a no of today says nothing about it.
    """
    try:
        return await write.steps.prepare(intent)
    except (ServiceError, InFlight):
        await _mark(desk, intent, IntentState.OPEN)
        raise
    except DomainError as refusal:
        if intent.state is IntentState.UNKNOWN and not await _never_happened(desk, write, intent):
            raise _pending() from refusal
        await refuse(desk, intent, refusal)
        raise


async def _never_happened(desk: Desk, write: Write, intent: Intent) -> bool:
    """Whether an earlier try has left no trace by the time it would have settled."""
    if not write.may_resend or not _is_settled(desk, write, intent):
        return False
    try:
        return await write.steps.seek(intent) is None
    except (DomainError, ServiceError):
        return False


def _is_settled(desk: Desk, write: Write, intent: Intent) -> bool:
    return intent.sent_at is None or desk.clock.now() - intent.sent_at >= write.hotel.rules.settle


def _pending() -> OutcomePending:
    return OutcomePending(
        "An earlier try of this request has no known outcome yet.",
        hint="Repeat it with the same key in two minutes.",
    )


async def _leave(desk: Desk, intent: Intent, kept: str | None) -> Intent:
    """The last thing before the call: what was decided is noted, and the intent is still ours."""
    if not must_be_noted(desk, intent, kept):
        return intent
    after = await desk.store.transact(lambda tx: before_it_leaves(desk, tx, intent, kept))
    desk.point("decision_stored")
    return after


async def _resume(desk: Desk, write: Write, intent: Intent) -> tuple[Intent, str]:
    """An unknown outcome: adopt what is found; send again only after the settle time and a fresh not-found."""
    proof = await write.steps.seek(intent)
    if proof is not None:
        return intent, proof
    if not write.may_resend or not _is_settled(desk, write, intent):
        raise _pending()
    now = desk.clock.now()
    again = await desk.store.transact(lambda tx: send_again(write, tx, intent, now))
    return again, await _send(desk, write, again)


async def settle(desk: Desk, write: Write, intent: Intent) -> Answer | None:
    """Look for the outcome of an unfinished intent and take it over; None when there is no evidence. Sends nothing.

    What can no longer be prepared (the room was gone before the call left) may still have no trace: that is None too.
    OutcomePending when the intent has gone on since it was read: it is somebody else's then.
    """
    await must_be_ours(desk, intent)
    try:
        await write.steps.prepare(intent)
    except DomainError:
        if await write.steps.seek(intent) is None:
            return None
        raise
    proof = await write.steps.seek(intent)
    return await _finish(desk, write, intent, proof) if proof is not None else None


async def _send(desk: Desk, write: Write, intent: Intent) -> str:
    try:
        return await write.steps.send(intent)
    except PmsUnavailable:
        # An earlier try of unknown outcome may still run: then "never left" holds for this try only.
        await _mark(desk, intent, IntentState.OPEN if intent.watch_until is None else IntentState.UNKNOWN)
        raise
    except PmsRejected as error:
        refusal = await write.steps.refusal(error)
        await refuse(desk, intent, refusal)
        raise refusal from error
    except (PmsOutcomeUnknown, PmsProtocolError) as error:
        desk.point("outcome_unknown")
        proof = await _look_up(desk, write.steps.seek, intent)
        if proof is not None:
            return proof
        await _mark(desk, intent, IntentState.UNKNOWN)
        raise _unknown() from error


def _unknown() -> OutcomeUnknown:
    return OutcomeUnknown(
        "The PMS has not said whether this was done; it is being looked up.",
        hint="Repeat the same request with the same key: nothing is done twice.",
    )


async def _look_up(desk: Desk, seek: Callable[[Intent], Awaitable[str | None]], intent: Intent) -> str | None:
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

    def work(tx: Tx) -> None:
        stored = tx.get_intent(intent.intent_id)
        if stored is not None and stored.attempts == intent.attempts:
            tx.update_intent(after, expected=(IntentState.SENT,))

    await desk.store.transact(work)


async def refuse(desk: Desk, intent: Intent, refusal: DomainError) -> None:
    """Store a final no under the key, unless somebody else has settled it meanwhile."""
    now = desk.clock.now()
    after = replace(intent, state=IntentState.REFUSED, settled_at=now, note=refusal.code)

    def work(tx: Tx) -> None:
        stored_now = tx.get_intent(intent.intent_id)
        if stored_now is None or stored_now.attempts != intent.attempts:
            return
        if tx.update_intent(after, expected=(IntentState.SENT, IntentState.UNKNOWN)):
            tx.put_answer(stored(after, now, refusal.code, refusal_of(refusal)))

    await desk.store.transact(work)


def stored(intent: Intent, now: datetime, error_code: str | None, body: Body) -> StoredAnswer:
    """The final answer to an intent's key, as it is kept."""
    return StoredAnswer(
        hotel_id=intent.hotel_id,
        actor=intent.actor,
        request_key=intent.request_key,
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
        await refuse(desk, intent, refusal)
        raise
    except ServiceError as error:
        await _mark(desk, intent, IntentState.UNKNOWN)
        raise _unknown() from error
    desk.point("verified")
    now = desk.clock.now()

    def work(tx: Tx) -> Body:
        done = replace(
            intent,
            state=IntentState.DONE,
            settled_at=now,
            pms_ref=intent.pms_ref or proof,
            watch_until=now + WATCH if intent.attempts > 1 or intent.state is IntentState.UNKNOWN else None,
        )
        if not tx.update_intent(done, expected=(IntentState.SENT, IntentState.UNKNOWN)):
            return _kept_already(tx, intent)
        body = write.steps.finish(tx, done, proof)
        tx.put_answer(stored(done, now, None, body))
        return body

    body = await _surely(desk, work)
    desk.point("outcome_stored")
    return Answer(body, replayed=False)


def _kept_already(tx: Tx, intent: Intent) -> Body:
    """The answer that is stored: by a try whose commit was lost on its way back, or by a twin. InFlight for none."""
    answer = tx.get_answer(intent.hotel_id, intent.actor, intent.request_key)
    if answer is None or answer.body is None or answer.error_code is not None:
        raise InFlight("This request is being carried out.", field="key")
    body: Body = json.loads(answer.body)
    return body


async def _surely(desk: Desk, work: Callable[[Tx], Body]) -> Body:
    """Store an outcome; a store that fails (its server restarts) is asked again for some seconds.

    The PMS has done its part, so giving up here would leave the guest waiting for the resolver. Repeating is safe: the
    intent is settled once.
    """
    for wait in STORE_WAITS_S:
        try:
            return await desk.store.transact(work)
        except StoreUnavailable:
            await desk.clock.sleep(wait)
    return await desk.store.transact(work)
