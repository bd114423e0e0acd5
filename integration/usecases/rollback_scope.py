"""What a rollback is about: from what was asked to the reservations concerned, and which of their writes are wrong.

A scope is a whole reservation, one write, a run (`batch`), or what one actor wrote in a span of time. The writes of
rollbacks themselves are no part of it: they are undone by undoing the rollback. What a rollback cannot take back and
does not touch - guests, notes, calls - is counted, so that nobody thinks it was undone.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from domain.errors import InvalidInput, NotFound, Refused
from domain.reservation import HistoryLine
from domain.rollback import RollbackScope
from integration.ports.records import UNSETTLED, Intent, IntentId, IntentKind, IntentState
from integration.ports.store import ReadTx
from integration.usecases.desk import Desk
from integration.usecases.rollback_past import Wrong, last_write, lines_with_writes
from integration.usecases.steps import load

MAX_REASON = 500
PAGE = 500
_BY_ITSELF = frozenset({IntentKind.ROLLBACK, IntentKind.LAPSE_BOOKING})
_OWN_VERBS = frozenset({"plan_rollback", "apply_rollback"})
Lines = Sequence[tuple[HistoryLine, Intent | None]]
Pages = Callable[[ReadTx, IntentId | None], list[Intent]]


@dataclass(frozen=True, slots=True)
class RollbackQuestion:
    """What to undo and why. `target`: reservation, intent, run, actor or rollback; `last`: only the reservation's last
    write, `write`: only the one of this id or request key; span `[from_at, to_at)` and hotel narrow an actor's writes.
    """

    scope: RollbackScope
    target: str
    reason: str
    last: bool = False
    write: str | None = None
    from_at: datetime | None = None
    to_at: datetime | None = None
    hotel_id: str | None = None


@dataclass
class Scope:
    """What was found. `found`: reservation id -> whether one of its writes is wrong, newest concern first; `orphans`:
    writes of unknown outcome that made no reservation here; `actors`: whose writes; `left_alone`: kind -> number.
    """

    scope: RollbackScope
    target: str
    found: dict[str, Wrong] = field(default_factory=dict)
    orphans: list[Intent] = field(default_factory=list)
    actors: set[str] = field(default_factory=set)
    left_alone: dict[str, int] = field(default_factory=dict)


def check_question(asked: RollbackQuestion) -> None:
    """InvalidInput for a missing reason or a span that is none."""
    reason = asked.reason.strip()
    if not 1 <= len(reason) <= MAX_REASON:
        raise InvalidInput("A rollback needs a reason of 1 to {most} characters.", most=MAX_REASON, field="reason")
    if asked.scope is RollbackScope.ACTOR and (asked.from_at is None or asked.to_at is None):
        raise InvalidInput("What an actor did is undone in a span: say from when and until when.", field="from")
    if asked.from_at is not None and asked.to_at is not None and asked.to_at <= asked.from_at:
        raise InvalidInput("The end of the span must be after its beginning.", field="to")


async def find_scope(desk: Desk, asked: RollbackQuestion) -> Scope:
    """The reservations concerned. NotFound when nothing was written in the scope."""
    if asked.scope is RollbackScope.RESERVATION:
        return await desk.store.read(lambda tx: _of_reservation(tx, asked))
    if asked.scope is RollbackScope.WRITE:
        return await desk.store.read(lambda tx: _of_write(tx, asked.target))
    if asked.scope is RollbackScope.BATCH:
        return await _of_many(desk, asked, lambda tx, after: tx.intents_of_batch(asked.target, after=after, limit=PAGE))
    return await _of_many(desk, asked, lambda tx, after: _by_actor(tx, asked, after))


def _by_actor(tx: ReadTx, asked: RollbackQuestion, after: IntentId | None) -> list[Intent]:
    if asked.from_at is None or asked.to_at is None:
        return []
    return tx.intents_of_actor(asked.target, asked.from_at, asked.to_at, after=after, limit=PAGE)


def _of_reservation(tx: ReadTx, asked: RollbackQuestion) -> Scope:
    one = load(tx, asked.target)
    lines = lines_with_writes(tx, one)
    if asked.write is not None:
        return _of_write(tx, _named(lines, asked.write))
    if asked.last:
        intent = last_write(lines)
        if intent is None:
            raise Refused("The last entry of {reservation_id} was not made here.", reservation_id=one.reservation_id)
        return _of_write(tx, intent.intent_id)
    scope = Scope(RollbackScope.RESERVATION, one.reservation_id, {one.reservation_id: lambda _intent: True})
    scope.actors = {line.actor for line, intent in lines if intent is None or intent.kind not in _BY_ITSELF}
    return scope


def _named(lines: Lines, wanted: str) -> str:
    """The id of the reservation's write that is named by its id or request key."""
    for _, intent in lines:
        if intent is not None and wanted in {intent.intent_id, intent.request_key}:
            return intent.intent_id
    raise NotFound("There is no write {intent_id}.", intent_id=wanted, field="write")


def _of_write(tx: ReadTx, intent_id: str) -> Scope:
    intent = tx.get_intent(IntentId(intent_id))
    if intent is None:
        raise NotFound("There is no write {intent_id}.", intent_id=intent_id, field="write")
    if intent.kind is IntentKind.ROLLBACK:
        rollback_id = str(json.loads(intent.command).get("rollback_id"))
        raise Refused("This was done by rollback {rollback_id}; undo that one.", rollback_id=rollback_id)
    scope = Scope(RollbackScope.WRITE, intent_id)
    _take(tx, scope, intent, _is_the(intent_id))
    return _checked(scope)


def _is_the(intent_id: str) -> Wrong:
    return lambda intent: intent is not None and intent.intent_id == intent_id


async def _of_many(desk: Desk, asked: RollbackQuestion, pages: Pages) -> Scope:
    """All pages of a run's or an actor's writes; the newest first in the end."""
    scope, is_wrong = Scope(asked.scope, asked.target), _judge(asked)
    after: IntentId | None = None
    while True:
        page = await desk.store.read(lambda tx, since=after: _take_page(tx, scope, pages(tx, since), asked, is_wrong))  # type: ignore[misc]
        if len(page) < PAGE:
            break
        after = page[-1].intent_id
    scope.found = dict(reversed(scope.found.items()))
    return _checked(scope)


def _judge(asked: RollbackQuestion) -> Wrong:
    if asked.scope is RollbackScope.BATCH:
        return lambda intent: intent is not None and intent.batch_id == asked.target
    return lambda intent: intent is not None and intent.actor == asked.target and _in_span(asked, intent.created_at)


def _in_span(asked: RollbackQuestion, at: datetime) -> bool:
    return asked.from_at is not None and asked.to_at is not None and asked.from_at <= at < asked.to_at


def _take_page(tx: ReadTx, scope: Scope, page: list[Intent], asked: RollbackQuestion, is_wrong: Wrong) -> list[Intent]:
    for intent in _of_hotel(page, asked.hotel_id):
        if intent.kind is not IntentKind.ROLLBACK:
            _take(tx, scope, intent, is_wrong)
    return page


def _of_hotel(page: list[Intent], hotel_id: str | None) -> Iterator[Intent]:
    return (intent for intent in page if hotel_id is None or intent.hotel_id == hotel_id)


def _take(tx: ReadTx, scope: Scope, intent: Intent, is_wrong: Wrong) -> None:
    """Note what an intent concerns; the latest concern of a reservation counts for the order."""
    if intent.state is IntentState.REFUSED or (intent.state is IntentState.OPEN and intent.watch_until is None):
        return
    reservation_id = intent.reservation_id
    if intent.kind is IntentKind.CREATE_BOOKING:
        made = tx.find_reservation(external_ref=intent.external_ref)
        reservation_id = made.reservation_id if made is not None else None
        if made is None and intent.state in UNSETTLED:
            scope.orphans.append(intent)
            scope.actors.add(intent.actor)
    if reservation_id is None:
        if intent.kind is not IntentKind.CREATE_BOOKING:
            _count(scope, _kind_of(intent))
        return
    scope.actors.add(intent.actor)
    scope.found.pop(reservation_id, None)
    scope.found[reservation_id] = is_wrong


def _count(scope: Scope, kind: str) -> None:
    if kind not in _OWN_VERBS:
        scope.left_alone[kind] = scope.left_alone.get(kind, 0) + 1


def _kind_of(intent: Intent) -> str:
    if intent.kind is not IntentKind.LOCAL:
        return intent.kind.value
    return str(json.loads(intent.command).get("verb", IntentKind.LOCAL.value))


def _checked(scope: Scope) -> Scope:
    if not scope.found and not scope.orphans:
        raise NotFound("Nothing was written there that could be undone.", hint=_left(scope))
    return scope


def _left(scope: Scope) -> str:
    return ", ".join(f"{kind}: {count}" for kind, count in sorted(scope.left_alone.items()))
