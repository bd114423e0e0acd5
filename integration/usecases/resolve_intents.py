"""Resolve what is unknown: look for the outcome of writes whose caller is gone, and take it over.

Forward only. A reservation that is found is adopted: a hold or option then lapses in the normal way, a confirmed one
that nobody acknowledged becomes a task on the board. A deposit that does not show after the settle time becomes a task
too. The lost write itself is never sent again from here, so a resolver that runs twice does no harm; a lease keeps N of
them apart. What has not shown within a day is given up: its key is refused, and the same wish needs a new one.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.access import Actor
from domain.errors import DomainError, Refused
from domain.reservation import ReservationState
from integration.errors import PmsUnavailable, ServiceError
from integration.ports.records import Intent, IntentKind, IntentState, Task, TaskKind
from integration.ports.store import ReadTx, Tx
from integration.usecases.answers import Answer
from integration.usecases.desk import Desk
from integration.usecases.lapse_reservations import is_outage
from integration.usecases.opening import WATCH
from integration.usecases.recovery import write_of
from integration.usecases.tracing import audit
from integration.usecases.writing import refuse, settle

LEASE = "resolver"
LEASE_FOR = timedelta(seconds=120)
RESTLESS = timedelta(minutes=10)
LOOK_EVERY = timedelta(minutes=5)
MOST_LOOKED_AT = 100_000
ASKED = "a_person_decides"


@dataclass(frozen=True, slots=True)
class Resolved:
    """What one round did: ids of intents taken over, and those still unknown with the reason."""

    adopted: tuple[str, ...] = ()
    left: tuple[tuple[str, str], ...] = ()
    is_elsewhere: bool = False


async def resolve_intents(desk: Desk, actor: Actor, *, limit: int = 500, every: bool = False) -> Resolved:
    """One round. Looks at intents whose caller has stopped waiting: often at first, every five minutes later.

    `every`: all of them, for a round that stands alone.
    """
    now = desk.clock.now()
    due = await desk.store.read(lambda tx: _due(tx, now, limit, every=every))
    if not due:
        return Resolved()
    holder = desk.ids.new("rsv")
    if not await desk.store.transact(lambda tx: tx.take_lease(LEASE, holder, now, now + LEASE_FOR)):
        return Resolved(is_elsewhere=True)
    try:
        return await _round(desk, actor, due)
    finally:
        await desk.store.transact(lambda tx: tx.release_lease(LEASE, holder))


def _due(tx: ReadTx, now: datetime, limit: int, *, every: bool) -> list[Intent]:
    """What never left is nobody's to resolve; neither that nor what is not due now may stand before what is."""
    sent = tx.unsettled_intents(limit=MOST_LOOKED_AT, is_sent=True)
    return [one for one in sent if _is_due(one, now, every=every)][:limit]


def _is_due(one: Intent, now: datetime, *, every: bool) -> bool:
    """`sent` past its deadline, or `unknown`; an old one in the first half minute of every five, and at its end."""
    if one.state is IntentState.OPEN or one.sent_at is None or (one.state is IntentState.SENT and now < one.deadline):
        return False
    age = now - one.sent_at
    is_over = age >= WATCH and one.note != ASKED
    return every or is_over or age < RESTLESS or age % LOOK_EVERY < timedelta(seconds=30)


async def _round(desk: Desk, actor: Actor, due: list[Intent]) -> Resolved:
    adopted: list[str] = []
    left: list[tuple[str, str]] = []
    waiting: list[tuple[str, str]] = []
    for one in due:
        if not desk.may_ask(one.hotel_id):
            waiting.append((one.intent_id, PmsUnavailable.code))
            continue
        try:
            answer = await _look(desk, one)
        except PmsUnavailable as error:
            left.append((one.intent_id, error.code))
            if is_outage(left):
                break
            continue
        except DomainError as error:
            left.append((one.intent_id, error.code))
            await _give_up(desk, actor, one, found=True)
            continue
        except ServiceError as error:
            left.append((one.intent_id, error.code))
            continue
        if answer is None:
            left.append((one.intent_id, "not_found"))
            await _ask_a_person(desk, actor, one)
            await _give_up(desk, actor, one)
        else:
            adopted.append(one.intent_id)
            await desk.store.transact(lambda tx, intent=one, body=answer: _tell(desk, tx, actor, intent, body))  # type: ignore[misc]
    return Resolved(tuple(adopted), (*left, *waiting))


async def _look(desk: Desk, intent: Intent) -> Answer | None:
    write = await desk.store.read(lambda tx: write_of(desk, tx, intent))
    return await settle(desk, write, intent) if write is not None else None


def _tell(desk: Desk, tx: Tx, actor: Actor, intent: Intent, answer: Answer) -> None:
    """An audit row; a confirmed sale that nobody was told about needs a person."""
    body, now = answer.body, desk.clock.now()
    ids = {"intent_id": intent.intent_id, "reservation_id": body.get("reservation_id"), "pms_ref": body.get("pms_ref")}
    audit(tx, actor, now, "outcome_taken_over", ids)
    if intent.kind is IntentKind.CREATE_BOOKING and body.get("status") == ReservationState.CONFIRMED.value:
        named = {"reservation_id": str(body.get("reservation_id")), "request_key": intent.request_key}
        tx.add_task(
            Task(
                desk.ids.new("tsk"), TaskKind.CHECK_BOOKING, intent.hotel_id, now, named, "confirmed, not acknowledged"
            )
        )


async def _ask_a_person(desk: Desk, actor: Actor, intent: Intent) -> None:
    """A deposit that does not show after the settle time: once on the board."""
    now = desk.clock.now()
    settled = intent.sent_at is not None and now >= intent.sent_at + desk.hotel(intent.hotel_id).rules.settle
    if intent.kind is not IntentKind.DEPOSIT or not settled:
        return

    def work(tx: Tx) -> None:
        open_ones = tx.list_tasks(hotel_id=intent.hotel_id, open_only=True, limit=200)
        if any(task.ids.get("intent_id") == intent.intent_id for task in open_ones):
            return
        ids = {"intent_id": str(intent.intent_id), "reservation_id": str(intent.reservation_id)}
        tx.add_task(
            Task(
                desk.ids.new("tsk"), TaskKind.DEPOSIT_UNKNOWN, intent.hotel_id, now, ids, "deposit not found in the PMS"
            )
        )
        audit(tx, actor, now, "deposit_unknown", ids)
        tx.update_intent(replace(intent, note=ASKED), expected=(intent.state,))

    await desk.store.transact(work)


async def _give_up(desk: Desk, actor: Actor, intent: Intent, *, found: bool = False) -> None:
    """After a day without a trace the write did not happen; a deposit stays a person's to decide.

    `found`: there is a trace, but what has happened since forbids to take it over: a person looks at the record.
    """
    now = desk.clock.now()
    if intent.kind is IntentKind.DEPOSIT or intent.sent_at is None or now < intent.sent_at + WATCH:
        return
    refusal = Refused("This never reached the PMS; ask again under a new key.")
    if found:
        refusal = Refused("What came of this could not be taken over; a person looks at the record.")
    await refuse(desk, replace(intent, watch_until=now + WATCH), refusal)
    ids = {"intent_id": str(intent.intent_id), "reservation_id": str(intent.reservation_id or "")}

    def work(tx: Tx) -> None:
        audit(tx, actor, now, "outcome_given_up", ids)
        if found:
            task = desk.ids.new("tsk")
            tx.add_task(
                Task(task, TaskKind.CHECK_BOOKING, intent.hotel_id, now, ids, f"{intent.kind.value} not taken over")
            )

    await desk.store.transact(work)
