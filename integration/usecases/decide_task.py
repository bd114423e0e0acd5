"""Tasks: what only a person can do, looked at, done, and decided.

A deposit of unknown outcome is never sent again by a machine and blocks its reservation until a person (a supervisor)
says whether it happened. The PMS is read once more at that moment, and what it shows wins over what was said.
*Happened*: the money is taken into our record as if it had been acknowledged, and confirms when the deposit is met.
*Not happened*: the payment's key is refused, the reservation is free again, and the watch looks for a day whether it
appears after all.

A message of unknown outcome is decided too, by anybody who sells: it arrived, or it goes out again. Any other task is
done with a note; with the task of a held message the message is given up. Both may be asked twice: the first answer
stands. The correction that a rollback leaves can be sent (`send_correction`).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from domain.access import Actor, Permission
from domain.errors import InFlight, InvalidInput, NotFound, Refused
from integration.ports.records import Intent, IntentId, IntentState, Task, TaskKind
from integration.ports.store import ReadTx, Tx
from integration.usecases.answers import Answer, Body
from integration.usecases.desk import Desk
from integration.usecases.look_up_sent import decide_sent
from integration.usecases.marks import N_
from integration.usecases.may_leave import give_up
from integration.usecases.office_views import task_body
from integration.usecases.once import Claim, Kept, once, sealed
from integration.usecases.opening import WATCH, in_flight
from integration.usecases.pay_reservation import DepositSteps
from integration.usecases.recovery import write_of
from integration.usecases.tracing import audit
from integration.usecases.writing import refuse, settle

Run = Callable[[Claim], Awaitable[Body]]
HAPPENED, NOT_HAPPENED, DONE = "happened", "not_happened", "done"
MOST_NOTE = 500
_IN_DOUBT = frozenset({TaskKind.DEPOSIT_UNKNOWN, TaskKind.MESSAGE_UNKNOWN})
OVERRULED = N_("The PMS shows this deposit: it was taken into our record.")


async def show_task(desk: Desk, actor: Actor, task_id: str) -> Body:
    """One task, with the ways it can end. NotFound."""
    actor.require(Permission.READ)
    return whole_task_body(await desk.store.read(lambda tx: load_task(tx, task_id)))


async def list_tasks(desk: Desk, actor: Actor, hotel_id: str | None, *, open_only: bool, limit: int) -> list[Task]:
    """The board, newest first."""
    actor.require(Permission.READ)
    hotel = desk.hotel(hotel_id).hotel_id if hotel_id else None
    return await desk.store.read(lambda tx: tx.list_tasks(hotel_id=hotel, open_only=open_only, limit=limit))


def load_task(tx: ReadTx, task_id: str) -> Task:
    """The task, or NotFound."""
    found = tx.get_task(task_id)
    if found is None:
        raise NotFound("There is no task {task_id}.", task_id=task_id, field="task_id")
    return found


def whole_task_body(task: Task) -> Body:
    """A task and the commands that end it; none once it has ended."""
    return {**task_body(task), "ways": [] if task.done_at is not None else _ways(task)}


def _ways(task: Task) -> list[Body]:
    one = task.task_id
    if task.kind in _IN_DOUBT:
        return [
            {"way": HAPPENED, "command": f"santral task decide {one} --happened yes"},
            {"way": NOT_HAPPENED, "command": f"santral task decide {one} --happened no"},
        ]
    done = {"way": "keep" if task.kind is TaskKind.CHECK_BOOKING else DONE, "command": f"santral task done {one}"}
    if task.kind is TaskKind.CORRECTION_MESSAGE:
        return [{"way": "send", "command": f"santral task send {one}"}, done]
    reservation_id = task.ids.get("reservation_id")
    if task.kind is TaskKind.CHECK_BOOKING and reservation_id:
        return [done, {"way": "cancel", "command": f"santral reservation cancel {reservation_id}"}]
    return [done]


def _clean(note: str | None) -> str | None:
    text = (note or "").strip()
    if len(text) > MOST_NOTE:
        raise InvalidInput("A note has 1 to {most} characters.", most=MOST_NOTE, field="note")
    return text or None


async def finish_task(desk: Desk, actor: Actor, task_id: str, key: str, note: str | None = None) -> Answer:
    """A person has done it. Refused for a deposit, which is decided; NotFound."""
    actor.require(Permission.SELL)
    task, text = await desk.store.read(lambda tx: load_task(tx, task_id)), _clean(note)

    async def run(claim: Claim) -> Body:
        if task.kind in _IN_DOUBT:
            raise Refused("Task {task_id} is a decision.", task_id=task_id, hint=_ways(task)[0]["command"])
        return await desk.store.transact(lambda tx: _done(desk, tx, actor, claim, task, Ending(task_id, DONE, text)))

    return await _once(desk, actor, task, key, run, ("task_done", {"typed": sealed(key, text)}))


def _done(desk: Desk, tx: Tx, actor: Actor, claim: Claim, task: Task, end: "Ending") -> Body:
    """Whoever ends the task of a held message has told the guest himself: it will not go out any more."""
    body = _end(desk, tx, actor, claim, end)
    if task.kind is TaskKind.MESSAGE_HELD:
        give_up(desk, tx, actor, task.ids.get("outbox_id", ""))
    return body


async def decide_task(
    desk: Desk, actor: Actor, task_id: str, key: str, *, happened: bool, note: str | None = None
) -> Answer:
    """A person says whether a deposit happened or a message arrived. The body's `overruled` holds the sentence when the
    PMS knew better.

    PmsError when the PMS cannot be read: then nothing is decided. Refused when it was decided the other way already.
    """
    task, text = await desk.store.read(lambda tx: load_task(tx, task_id)), _clean(note)
    actor.require(Permission.SELL if task.kind is TaskKind.MESSAGE_UNKNOWN else Permission.RECONCILE)

    async def run(claim: Claim) -> Body:
        if task.kind is TaskKind.MESSAGE_UNKNOWN:
            return await desk.store.transact(lambda tx: _message(desk, tx, actor, claim, task, text, happened=happened))
        if task.kind is not TaskKind.DEPOSIT_UNKNOWN:
            raise Refused("Task {task_id} is nothing to decide.", task_id=task_id, hint=_ways(task)[0]["command"])
        end = await _settled(desk, task, happened=happened)
        overruled = OVERRULED if end == HAPPENED and not happened else None
        ending = Ending(task_id, end, text, {"overruled": overruled})
        return await desk.store.transact(lambda tx: _end(desk, tx, actor, claim, ending))

    command = {"happened": happened, "typed": sealed(key, text)}
    return await _once(desk, actor, task, key, run, ("task_decided", command))


def _message(desk: Desk, tx: Tx, actor: Actor, claim: Claim, task: Task, note: str | None, *, happened: bool) -> Body:
    """A message of unknown outcome: it arrived, or it goes out again."""
    decide_sent(desk, tx, actor, task.ids.get("outbox_id", ""), happened=happened)
    return _end(desk, tx, actor, claim, Ending(task.task_id, HAPPENED if happened else NOT_HAPPENED, note))


async def _once(desk: Desk, actor: Actor, task: Task, key: str, run: Run, what: tuple[str, Body]) -> Answer:
    async def rebuild(kept: Kept) -> Body:
        return {**whole_task_body(await desk.store.read(lambda tx: load_task(tx, task.task_id))), **(kept.body or {})}

    verb, command = what
    return await once(
        desk, actor, task.hotel_id, key,
        verb=verb, command={"task_id": task.task_id, **command}, run=run, rebuild=rebuild,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ending:
    """How a task ends. `more`: what the answer holds beside the task."""

    task_id: str
    decision: str
    note: str | None
    more: Body = field(default_factory=dict)


def _end(desk: Desk, tx: Tx, actor: Actor, claim: Claim, end: Ending) -> Body:
    """End the task, with an audit row; one that has ended so already stays as it is."""
    now, task = desk.clock.now(), load_task(tx, end.task_id)
    if task.done_at is None:
        tx.finish_task(end.task_id, now, by=actor.name, decision=end.decision, note=end.note)
        ids = {**task.ids, "task_id": task.task_id, "kind": task.kind.value, "decision": end.decision}
        audit(tx, actor, now, "task_decided" if task.kind in _IN_DOUBT else "task_done", ids)
    elif task.decision not in {None, end.decision}:
        raise Refused("Task {task_id} has ended already: {decision}.", task_id=task.task_id, decision=task.decision)
    claim.settle(tx, end.task_id, now, end.more)
    return {**whole_task_body(load_task(tx, end.task_id)), **end.more}


async def _settled(desk: Desk, task: Task, *, happened: bool) -> str:
    """Settle the deposit behind the task, unless it is settled; what became of it."""
    intent = await desk.store.read(lambda tx: tx.get_intent(IntentId(task.ids.get("intent_id", ""))))
    if intent is None:
        raise NotFound("There is no payment behind task {task_id}.", task_id=task.task_id)
    ended = {IntentState.DONE: HAPPENED, IntentState.REFUSED: NOT_HAPPENED}.get(intent.state)
    return ended or await _settle(desk, intent, desk.clock.now(), happened=happened)


async def _settle(desk: Desk, intent: Intent, now: datetime, *, happened: bool) -> str:
    if intent.state is IntentState.SENT and now < intent.deadline:
        raise in_flight(intent, now)
    write = await desk.store.read(lambda tx: write_of(desk, tx, intent))
    if write is None or not isinstance(write.steps, DepositSteps):
        raise NotFound("There is no payment behind this task.")
    if await write.steps.seek(intent) is not None:
        await settle(desk, write, intent)
        return HAPPENED
    if happened:
        await settle(desk, replace(write, steps=Believed.of(write.steps)), intent)
        return HAPPENED
    refusal = Refused("This payment did not happen, a person has decided; ask again under a new key.")
    await refuse(desk, replace(intent, watch_until=now + WATCH), refusal)
    after = await desk.store.read(lambda tx: tx.get_intent(intent.intent_id))
    if after is None or after.state not in {IntentState.REFUSED, IntentState.DONE}:
        raise InFlight("This request is being carried out.", field="key")
    return NOT_HAPPENED if after.state is IntentState.REFUSED else HAPPENED


class Believed(DepositSteps):
    """A deposit that a person vouches for: his word is the evidence."""

    @classmethod
    def of(cls, steps: DepositSteps) -> "Believed":
        """The same deposit."""
        return cls(steps.desk, steps.hotel, steps.actor, steps.reservation, steps.amount, steps.method)

    async def seek(self, intent: Intent) -> str | None:
        """Somebody said so."""
        return self.pms_ref
