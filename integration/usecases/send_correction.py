"""Send the correction that a rollback left on the board: a second message that says what is true, once.

A supervisor sends it; it goes to an address that somebody vouches for, in the guest's language, and its task ends in
the transaction that queues it. Without such an address, or when the reservation has changed since the rollback, so that
the draft is no longer true, nothing goes out and the task stays for a person who rings.
"""

from datetime import timedelta

from domain.access import Actor, Permission
from domain.contact import Channel
from domain.errors import ChannelNotVerified, InvalidInput, NotFound, Refused
from domain.reservation import SELLING, Reservation
from domain.rollback import RollbackId, Snapshot
from integration.ports.records import Task, TaskKind
from integration.ports.rollbacks import RollbackStep
from integration.ports.store import ReadTx, Tx
from integration.usecases.answers import Answer
from integration.usecases.correction_text import correction_text
from integration.usecases.decide_task import load_task
from integration.usecases.deliver import deliver_once
from integration.usecases.desk import Desk
from integration.usecases.people import standing_case
from integration.usecases.queue_message import Draft, address_of, language_of
from integration.usecases.rollback_document import step_of
from integration.usecases.send_offer import SENDABLE, to_guest
from integration.usecases.steps import load
from integration.usecases.templates import Writer
from integration.usecases.tracing import audit

SENT = "sent"
TRUE_FOR = timedelta(hours=24)


async def send_correction(desk: Desk, actor: Actor, task_id: str, key: str, via: Channel | None = None) -> Answer:
    """Send the correction of a task; without `via` by the first channel on which somebody vouches for an address. The
    body is `outgoing_body`. NotFound; Refused for another task, one that has ended, or a draft that is no longer true;
    ChannelNotVerified: the task stays."""
    actor.require(Permission.ROLLBACK)
    hotel_id = (await desk.store.read(lambda tx: load_task(tx, task_id))).hotel_id

    def prepare(tx: Tx) -> Draft:
        task = _open_task(tx, task_id)
        step = _step(tx, task)
        reservation = load(tx, step.target)
        draft = _draft(desk, tx, step, reservation, key, via)
        _end(desk, tx, actor, task)
        return draft

    command = {"task_id": task_id, "via": via.value if via else None}
    return await deliver_once(desk, actor, hotel_id, key, verb="send_correction", command=command, prepare=prepare)


def _open_task(tx: ReadTx, task_id: str) -> Task:
    task = load_task(tx, task_id)
    if task.kind is not TaskKind.CORRECTION_MESSAGE:
        raise Refused("Task {task_id} is no message to be sent.", task_id=task_id)
    if task.done_at is not None:
        raise _ended(task)
    return task


def _ended(task: Task) -> Refused:
    return Refused(
        "Task {task_id} has ended already: {decision}.", task_id=task.task_id, decision=task.decision or SENT
    )


def _step(tx: ReadTx, task: Task) -> RollbackStep:
    steps = tx.rollback_steps(RollbackId(task.ids.get("rollback_id", "")))
    found = next((one for one in steps if step_of(one).task_id == task.task_id), None)
    if found is None:
        raise NotFound("There is no draft behind task {task_id}.", task_id=task.task_id)
    return found


def _draft(
    desk: Desk, tx: ReadTx, step: RollbackStep, reservation: Reservation, key: str, via: Channel | None
) -> Draft:
    kept, hotel = step_of(step), desk.hotel(step.hotel_id)
    if kept.before is None or kept.after is None or not _is_true(kept.after, reservation):
        raise Refused(
            "Reservation {reservation_id} has changed since; the draft is no longer true.",
            reservation_id=reservation.reservation_id,
            hint="Tell the guest yourself, then end the task: `santral task done`.",
        )
    language = language_of(tx, hotel, reservation.guest_id, kept.language)
    number = kept.pms_ref or reservation.pms_ref or reservation.reservation_id
    sentence = correction_text(desk.phrases, language, hotel.name, number, kept.before, kept.after)
    written = Writer(desk.phrases, hotel, language).correction(number, sentence)
    channel = via or _channel(desk, tx, reservation)
    use_by = (desk.clock.now() + TRUE_FOR).isoformat()
    ids = {"reservation_id": reservation.reservation_id, "rollback_id": step.rollback_id, "use_by": use_by}
    return to_guest(tx, hotel.hotel_id, channel, reservation.guest_id, reservation.case_id, written, key, ids)


def _is_true(after: Snapshot, one: Reservation) -> bool:
    """Whether what the draft says of the reservation still holds."""
    if after.state not in SELLING:
        return one.state not in SELLING
    return (after.state, after.stay, after.total) == (one.state, one.stay, one.total)


def _channel(desk: Desk, tx: ReadTx, one: Reservation) -> Channel:
    """The first channel that leads to an address somebody vouches for."""
    case = standing_case(tx, one.case_id) if one.case_id is not None else None
    for channel in SENDABLE:
        try:
            address_of(tx, one.guest_id, channel, case.case_id if case is not None else one.case_id)
        except (InvalidInput, ChannelNotVerified):
            continue
        if desk.carriers.of(one.hotel_id, channel) is not None:
            return channel
    raise ChannelNotVerified(
        "Nobody vouches for any address of this guest.",
        hint="Tell the guest by telephone, then end the task: `santral task done`.",
        field="via",
    )


def _end(desk: Desk, tx: Tx, actor: Actor, task: Task) -> None:
    now = desk.clock.now()
    if not tx.finish_task(task.task_id, now, by=actor.name, decision=SENT):
        raise _ended(task)
    audit(tx, actor, now, "task_done", {**task.ids, "task_id": task.task_id, "decision": SENT})
