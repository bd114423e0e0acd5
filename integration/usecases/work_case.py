"""Work on a case by hand: tag it, give it to somebody, let it wait, resolve it, open it again.

Nothing is written into the case itself: what was done becomes an event, and the case is computed anew from its contacts
and events (`fold_case`). So a message that arrives late cannot undo what a person did, nor can a person's click lose a
message. A case from before the one queue has no contacts; what is done to it is written as it is.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from domain.access import Actor, Permission
from domain.case import Case, CaseId, CaseStatus, LeadStatus
from domain.case_steps import CaseStep, event_of_step
from domain.errors import InvalidInput, NotFound
from domain.signals import Tag
from integration.ports.queue_records import CaseEvent, StoredMessage
from integration.ports.store import ReadTx, Tx
from integration.usecases.answers import Answer, Body
from integration.usecases.desk import Desk
from integration.usecases.join_case import refold
from integration.usecases.once import Claim, Kept, once
from integration.usecases.people import standing_case
from integration.usecases.tracing import audit
from integration.usecases.work_case_views import case_body

_TICK = timedelta(milliseconds=1)
Change = tuple[str, Mapping[str, str]]
Plan = Callable[[ReadTx, Case], Sequence[Change]]


@dataclass(frozen=True, slots=True)
class Work:
    """A piece of work on a case. `verb`: in the audit and of the key; `plan`: what it changes, nothing when all is so
    already; `command`: what was asked, in codes."""

    verb: str
    command: Mapping[str, object]
    plan: Plan
    fields: tuple[str, ...] = ()


def find_case(tx: ReadTx, case_id: str) -> Case:
    """The case, or the one it was joined into; NotFound."""
    found = standing_case(tx, CaseId(case_id))
    if found is None:
        raise NotFound("There is no case {case_id}.", case_id=case_id, field="case_id")
    return found


async def tag_case(
    desk: Desk, actor: Actor, case_id: str, key: str, *, add: Sequence[str] = (), remove: Sequence[str] = ()
) -> Answer:
    """Set tags and take tags off; a tag by hand stands whatever the words say. InvalidInput for a tag there is not."""
    wanted, unwanted = _tags(add), _tags(remove)
    if not (wanted or unwanted) or set(wanted) & set(unwanted):
        raise InvalidInput("Say which tags to set and which to take off, each once.", field="tag")

    def plan(_tx: ReadTx, case: Case) -> list[Change]:
        put: list[Change] = [("tagged", {"tag": tag}) for tag in wanted if tag not in case.tags]
        return [*put, *(("untagged", {"tag": tag}) for tag in unwanted if tag in case.tags)]

    command = {"add": list(wanted), "remove": list(unwanted)}
    return await work_on(desk, actor, case_id, key, Work("case_tagged", command, plan, ("tags",)))


def _tags(typed: Sequence[str]) -> tuple[str, ...]:
    known = [tag.value for tag in Tag]
    for name in typed:
        if name.lower() not in known:
            raise InvalidInput("{text} is not a tag.", text=name[:40], hint=", ".join(known), field="tag")
    return tuple(sorted({name.lower() for name in typed}))


async def assign_case(desk: Desk, actor: Actor, case_id: str, key: str, to: str | None) -> Answer:
    """Give the case to somebody, or to nobody. NotFound for a user there is not; oneself is always there."""

    def plan(tx: ReadTx, case: Case) -> list[Change]:
        if to is not None:
            check_user(tx, actor, to)
        return [] if case.assignee == to else [("assigned", {"to": to or ""})]

    return await work_on(desk, actor, case_id, key, Work("case_assigned", {"to": to}, plan, ("assignee",)))


def check_user(tx: ReadTx, actor: Actor, name: str) -> None:
    """NotFound unless it is the actor or an active user."""
    active = [user.name for user in tx.list_users() if user.revoked_at is None]
    if name != actor.name and name not in active:
        raise NotFound("There is no user {name}.", name=name, hint=", ".join(active[:20]), field="to")


async def step_case(desk: Desk, actor: Actor, case_id: str, key: str, step: CaseStep) -> Answer:
    """Let it wait for the guest, resolve it, or open it again; `domain.case_steps` says when."""

    def plan(_tx: ReadTx, case: Case) -> list[Change]:
        return [(event_of_step(case, step), {})]

    return await work_on(desk, actor, case_id, key, Work(_DONE[step], {}, plan, ("status",)))


_DONE = {
    CaseStep.WAIT: "case_waits",
    CaseStep.REOPEN: "case_reopened",
    CaseStep.RESOLVE: "case_resolved",
}


async def work_on(desk: Desk, actor: Actor, case_id: str, key: str, work: Work) -> Answer:
    """Do a piece of work once for its key; the answer is the case."""
    actor.require(Permission.SELL)
    hotel_id = (await desk.store.read(lambda tx: find_case(tx, case_id))).hotel_id

    async def run(claim: Claim) -> Body:
        return await desk.store.transact(lambda tx: done(desk, tx, actor, case_id, work, claim))

    async def rebuild(_kept: Kept) -> Body:
        return await desk.store.read(lambda tx: case_body(find_case(tx, case_id), desk.clock.now()))

    command = {"case_id": case_id, **work.command}
    return await once(desk, actor, hotel_id, key, verb=work.verb, command=command, run=run, rebuild=rebuild)


def done(desk: Desk, tx: Tx, actor: Actor, case_id: str, work: Work, claim: Claim, kept: Body | None = None) -> Body:
    """Do the work in this transaction, with its audit row. `kept`: what a replay must say beside the case."""
    case, now = find_case(tx, case_id), desk.clock.now()
    changes = work.plan(tx, case)
    if changes:
        case = record(desk, tx, actor, case, changes)
        ids = {"hotel_id": case.hotel_id, "case_id": case.case_id, "guest_id": case.guest_id}
        audit(tx, actor, now, work.verb, ids, fields=work.fields)
    claim.settle(tx, case.case_id, now, kept)
    return {**case_body(case, now), **(kept or {})}


def record(desk: Desk, tx: Tx, actor: Actor, case: Case, changes: Sequence[Change]) -> Case:
    """Write what was done as events, and compute the case anew."""
    rows = tx.messages_of(case.case_id)
    now = _after_all(desk, tx, case, rows)
    for kind, document in changes:
        tx.add_case_event(CaseEvent(case.case_id, 0, now, kind, actor.name, document))
    if rows:
        return refold(desk, tx, actor, case.case_id)
    after = replace(case, version=case.version + 1)
    for kind, document in changes:
        after = replace(after, **_WRITTEN[kind](after, document, now))
    tx.update_case(after)
    return after


def _after_all(desk: Desk, tx: ReadTx, case: Case, rows: Sequence[StoredMessage]) -> datetime:
    """Now, and after everything there is: of two clicks in one instant the later one counts, and a guest whose
    provider's clock runs ahead has not written after a click of somebody who had read it."""
    seen = [max(row.at, row.received_at) for row in rows] + [event.at for event in tx.case_events(case.case_id)]
    return max(desk.clock.now(), *(at + _TICK for at in seen)) if seen else desk.clock.now()


# Changes to a case that cannot be computed from contacts.
_WRITTEN: Mapping[str, Callable[[Case, Mapping[str, str], datetime], dict[str, Any]]] = {
    "tagged": lambda case, document, _: {"tags": tuple(sorted({*case.tags, document["tag"]}))},
    "untagged": lambda case, document, _: {"tags": tuple(tag for tag in case.tags if tag != document["tag"])},
    "assigned": lambda _case, document, _: {"assignee": document["to"] or None},
    "due": lambda _case, document, _: {"due_on": date.fromisoformat(document["on"]) if document["on"] else None},
    "lead": lambda _case, document, _: {
        "lead_status": LeadStatus(document["status"]),
        "lost_reason": document.get("reason") or None,
    },
    "paused": lambda *_: {"status": CaseStatus.WAITING},
    "resumed": lambda *_: {"status": CaseStatus.OPEN},
    "reopened": lambda *_: {"status": CaseStatus.OPEN, "resolved_at": None},
    "handoff": lambda *_: {},
    "resolved": lambda _case, _document, now: {"status": CaseStatus.RESOLVED, "resolved_at": now},
}
