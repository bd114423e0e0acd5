"""What is put before a person about a message on its way out, and what takes that off the board again.

A task names the message (`outbox_id`), its case and its reservation, with the channel, the purpose and a code; never
what was written. The message keeps the number of its task, so that the task ends by itself when its reason goes.
"""

from integration.ports.queue_records import Outgoing
from integration.ports.records import Task, TaskKind
from integration.ports.store import Tx
from integration.usecases.desk import Desk
from integration.usecases.queue_message import OUTBOX
from integration.usecases.tracing import audit

MOST_DETAIL = 200
UNSURE_TASK = "task"


def add_task(desk: Desk, tx: Tx, row: Outgoing, kind: TaskKind, why: str) -> str:
    """Tell a person; the task's number."""
    known = {"outbox_id": row.outbox_id, "case_id": row.case_id, "guest_id": row.guest_id}
    ids = {name: str(value) for name, value in known.items() if value is not None}
    reservation_id = row.document.get("reservation_id")
    if reservation_id:
        ids["reservation_id"] = str(reservation_id)
    task_id = desk.ids.new("tsk")
    detail = f"{row.channel.value} {row.purpose}: {why}"[:MOST_DETAIL]
    tx.add_task(Task(task_id, kind, row.hotel_id, desk.clock.now(), ids, detail))
    return task_id


def end_task(desk: Desk, tx: Tx, row: Outgoing, name: str, decision: str) -> None:
    """Take the task that a message keeps under a name off the board; nothing when there is none, or it has ended."""
    task_id, now = str(row.document.get(name) or ""), desk.clock.now()
    if task_id and tx.finish_task(task_id, now, by=OUTBOX.name, decision=decision):
        ids = {"hotel_id": row.hotel_id, "outbox_id": row.outbox_id, "task_id": task_id, "decision": decision}
        audit(tx, OUTBOX, now, "task_done", ids)
