"""Once: a write that is ours alone, or made at most once in the PMS, is done once for its request key.

Calls, notes and guests need none of the evidence that `writing` looks for: their outcome is in our own store. The key
is claimed in the same tables by an intent of kind LOCAL, with the same answers: a fresh `sent` is in flight, another
command is refused, done is replayed. The write *settles* its claim in the very transaction that stores its outcome. So
a process that dies before has done nothing and the same key begins again; one that dies after has done it.

Kept are ids, codes and instants, never a name, a number or a text: a replay builds its reply anew from the records, as
whoever asks may see them. A refusal is kept with its parameters, so what was typed is checked before a key is claimed.

A quote takes no key: repeated, it is a new offer.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from domain.access import Actor
from domain.errors import DomainError, InFlight
from integration.errors import ServiceError
from integration.ports.records import Intent, IntentId, IntentKind, IntentState
from integration.ports.store import Tx
from integration.usecases.answers import Answer, Body, refusal_from, refusal_of
from integration.usecases.desk import Desk
from integration.usecases.one_write import canonical, check_key, fingerprint
from integration.usecases.opening import PATIENCE, in_flight, key_reused
from integration.usecases.writing import stored


class Claim:
    """What a write does about its key. This one has no key, and nothing to do."""

    @property
    def guest_id(self) -> str | None:
        """The guest an earlier try of this key has stored already."""
        return None

    def remember_guest(self, tx: Tx, guest_id: str) -> None:
        """Keep a guest who is stored before the write is done, so that the next try takes him and no second one."""

    def settle(self, tx: Tx, subject: str, at: datetime, body: Body | None = None) -> None:
        """Done, in the transaction that stores the outcome. `body`: ids and codes of the answer."""

    async def settle_now(self, subject: str, at: datetime) -> None:
        """Done, in a transaction of its own."""

    async def reached_pms(self, pms_ref: str) -> None:
        """The PMS's record `pms_ref` has it too."""


UNCLAIMED = Claim()


@dataclass(frozen=True, slots=True)
class Kept:
    """What a done write left behind: the id of what it wrote, when, the PMS's record that has it too.

    `body`: ids and codes of its answer, None once they are forgotten.
    """

    subject: str
    at: datetime
    pms_ref: str | None
    body: Body | None


@dataclass(frozen=True, slots=True)
class _Asked:
    """Who asks what under which key. `command` holds no personal data."""

    desk: Desk
    actor: Actor
    hotel_id: str
    key: str
    command: Mapping[str, object]

    @property
    def who(self) -> tuple[str, str, str]:
        return self.hotel_id, self.actor.name, self.key

    @property
    def fingerprint(self) -> str:
        return fingerprint(IntentKind.LOCAL, self.command)


async def once(
    desk: Desk,
    actor: Actor,
    hotel_id: str,
    key: str,
    *,
    verb: str,
    command: Mapping[str, object],
    run: Callable[[Claim], Awaitable[Body]],
    rebuild: Callable[[Kept], Awaitable[Body]],
) -> Answer:
    """Run a write once for its key; `rebuild` says its answer again.

    `run` settles the claim it is given. What it refuses is final; when the world fails it, the same key continues.
    Raises what `run` does, KeyReused, InFlight.
    """
    check_key(key)
    asked = _Asked(desk, actor, hotel_id, key, {"verb": verb, **command})
    opened = await desk.store.transact(lambda tx: _open(asked, tx))
    if isinstance(opened, Kept):
        return Answer(await rebuild(opened), replayed=True)
    claim = _KeyClaim(asked, opened)
    desk.point("intent_stored")
    try:
        body = await run(claim)
    except (ServiceError, InFlight):
        await desk.store.transact(claim.let_go)
        raise
    except DomainError as refusal:
        final = refusal
        await desk.store.transact(lambda tx: claim.refuse(tx, final))
        raise
    return Answer(body, replayed=False)


def sealed(key: str, *typed: str | None) -> str:
    """A digest of what was typed about a person, salted with the key: enough to know the same command again."""
    return hashlib.sha256(f"{key}\0{json.dumps(typed)}".encode()).hexdigest()[:32]


def _open(asked: _Asked, tx: Tx) -> Intent | Kept:
    """Take the key, or say what became of it. Of two callers with one key exactly one takes it."""
    answer, intent, now = tx.get_answer(*asked.who), tx.intent_of_key(*asked.who), asked.desk.clock.now()
    if intent is None:
        return _begin(asked, tx, now)
    if intent.fingerprint != asked.fingerprint:
        raise key_reused(asked.key)
    if intent.state is IntentState.REFUSED:
        raise refusal_from(intent.note, answer.body if answer else None)
    if intent.state is IntentState.DONE:
        body = json.loads(answer.body) if answer is not None and answer.body is not None else None
        return Kept(intent.note, intent.settled_at or intent.created_at, intent.pms_ref, body)
    if intent.state is IntentState.SENT and now < intent.deadline:
        raise in_flight(intent, now)
    again = replace(intent, state=IntentState.SENT, sent_at=now, deadline=now + PATIENCE, attempts=intent.attempts + 1)
    tx.update_intent(again, expected=(intent.state,))
    return again


def _begin(asked: _Asked, tx: Tx, now: datetime) -> Intent:
    intent = Intent(
        intent_id=IntentId(asked.desk.ids.new("int")),
        kind=IntentKind.LOCAL,
        state=IntentState.SENT,
        hotel_id=asked.hotel_id,
        actor=asked.actor.name,
        request_key=asked.key,
        fingerprint=asked.fingerprint,
        external_ref="",
        command=canonical(asked.command),
        created_at=now,
        deadline=now + PATIENCE,
        sent_at=now,
        attempts=1,
        batch_id=asked.actor.batch,
    )
    if not tx.add_intent(intent):
        raise InFlight("This request is being carried out.", field="key")
    return intent


class _KeyClaim(Claim):
    """A key that this try holds, until it is settled or a later try takes it over."""

    def __init__(self, asked: _Asked, intent: Intent) -> None:
        self._asked = asked
        self._intent = intent

    @property
    def guest_id(self) -> str | None:
        return self._intent.guest_id

    def _held(self, tx: Tx) -> Intent | None:
        """The intent as it stands, None when it is settled or another try's."""
        now = tx.get_intent(self._intent.intent_id)
        is_held = now is not None and now.state is IntentState.SENT and now.attempts == self._intent.attempts
        return now if is_held else None

    def _mine(self, tx: Tx) -> Intent:
        held = self._held(tx)
        if held is None:
            raise InFlight("This request is being carried out.", field="key")
        return held

    def remember_guest(self, tx: Tx, guest_id: str) -> None:
        tx.update_intent(replace(self._mine(tx), guest_id=guest_id), expected=(IntentState.SENT,))

    def settle(self, tx: Tx, subject: str, at: datetime, body: Body | None = None) -> None:
        self._end(tx, replace(self._mine(tx), state=IntentState.DONE, settled_at=at, note=subject), None, body or {})

    async def settle_now(self, subject: str, at: datetime) -> None:
        await self._asked.desk.store.transact(lambda tx: self.settle(tx, subject, at))

    async def reached_pms(self, pms_ref: str) -> None:
        def work(tx: Tx) -> None:
            done = tx.get_intent(self._intent.intent_id)
            if done is not None:
                tx.update_intent(replace(done, pms_ref=pms_ref), expected=(IntentState.DONE,))

        await self._asked.desk.store.transact(work)

    def refuse(self, tx: Tx, refusal: DomainError) -> None:
        """Keep a final no, unless a later try holds the key."""
        held, now = self._held(tx), self._asked.desk.clock.now()
        if held is not None:
            after = replace(held, state=IntentState.REFUSED, settled_at=now, note=refusal.code)
            self._end(tx, after, refusal.code, refusal_of(refusal))

    def let_go(self, tx: Tx) -> None:
        """Nothing came of it: the same key may go on."""
        held = self._held(tx)
        if held is not None:
            tx.update_intent(replace(held, state=IntentState.OPEN), expected=(IntentState.SENT,))

    def _end(self, tx: Tx, after: Intent, error_code: str | None, body: Body) -> None:
        tx.update_intent(after, expected=(IntentState.SENT,))
        tx.put_answer(stored(after, self._asked.desk.clock.now(), error_code, body))
