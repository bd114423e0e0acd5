"""Hand a guest over by hand, and move a handoff through its life.

The life is the domain's one table (`HANDOFF_MOVES`); a move that is not in it is refused. Whoever accepts has the case
from then on. A call-back has a time: the one asked for, else the hotel's. Two agents who accept at once: the first has
it, the other is told where it stands.
"""

from dataclasses import dataclass
from datetime import datetime

from domain.access import Actor, Permission
from domain.case import CaseId
from domain.contact import Channel
from domain.errors import InvalidInput, NotFound, Refused
from domain.handoff import HandoffState, Trigger
from integration.ports.queue_records import StoredHandoff
from integration.ports.store import ReadTx, Tx
from integration.usecases.answers import Answer, Body
from integration.usecases.channel_roles_live import handoffs_of
from integration.usecases.desk import Desk
from integration.usecases.handoff_case_rules import Seen, Wish, begin, call_back_at, look_at
from integration.usecases.handoff_case_views import find_handoff, handoff_body, handoff_of, stored_handoff
from integration.usecases.once import Claim, Kept, once, sealed
from integration.usecases.people import standing_case
from integration.usecases.tracing import audit
from integration.usecases.views import instant
from integration.usecases.work_case import check_user, find_case, record

MOST = 200
MOST_REASON = 200


@dataclass(frozen=True, slots=True)
class HandoffMove:
    """A step of a handoff; `to`: to whom it is offered; `due_at`: of a call-back."""

    state: HandoffState
    reason: str = ""
    to: str | None = None
    due_at: datetime | None = None


async def hand_over(desk: Desk, actor: Actor, case_id: str, key: str, wish: Wish) -> Answer:
    """Hand the guest of a case over: to an agent, to whoever is free, or as a call-back. Refused while an earlier
    handoff of the case is under way. The answer is the handoff."""
    actor.require(Permission.SELL)
    hotel_id = (await desk.store.read(lambda tx: find_case(tx, case_id))).hotel_id
    _check_due(desk, wish.due_at)

    def work(tx: Tx, claim: Claim) -> Body:
        case = find_case(tx, case_id)
        live = _under_way(tx, case.case_id)
        if live is not None:
            raise Refused(
                "Handoff {handoff_id} of this case is {state}.", handoff_id=live.handoff_id, state=live.state,
                field="case_id",
            )  # fmt: skip
        if wish.to is not None:
            check_user(tx, actor, wish.to)
        rows = tx.messages_of(case.case_id)
        seen = look_at(rows, tx.case_events(case.case_id)) if rows else Seen(None, 0, (), Channel(case.channel), "")
        rules = handoffs_of(desk, tx, case.hotel_id, desk.clock.now())
        made = begin(desk, tx, actor, case, Trigger.BY_HAND, seen, rules, wish)
        claim.settle(tx, made.handoff_id, desk.clock.now())
        return handoff_body(tx, actor, made)

    async def run(claim: Claim) -> Body:
        return await desk.store.transact(lambda tx: work(tx, claim))

    async def rebuild(kept: Kept) -> Body:
        return await show_handoff(desk, actor, kept.subject)

    command = {"case_id": case_id, "channel": wish.channel.value, "to": wish.to, "due": instant(wish.due_at)}
    return await once(desk, actor, hotel_id, key, verb="hand_over", command=command, run=run, rebuild=rebuild)


def _under_way(tx: ReadTx, case_id: CaseId) -> StoredHandoff | None:
    """A handoff somebody still has to act on; a summary that waits to be written keeps nobody from handing over."""
    found = (one for one in tx.list_handoffs(case_id=case_id) if one.trigger != Trigger.PHONE_SALE)
    return next((one for one in found if handoff_of(one).is_live), None)


async def move_handoff(desk: Desk, actor: Actor, handoff_id: str, key: str, move: HandoffMove) -> Answer:
    """Take a handoff one step on. MoveNotAllowed, OutcomeMissing (declined without a reason), NotFound."""
    actor.require(Permission.SELL)
    hotel_id = (await desk.store.read(lambda tx: find_handoff(tx, handoff_id))).hotel_id
    _check_due(desk, move.due_at)
    if len(move.reason) > MOST_REASON:
        raise InvalidInput("A reason has at most {most} characters.", most=MOST_REASON, field="reason")

    async def run(claim: Claim) -> Body:
        return await desk.store.transact(lambda tx: _moved(desk, tx, actor, handoff_id, move, claim))

    async def rebuild(_kept: Kept) -> Body:
        return await show_handoff(desk, actor, handoff_id)

    command = {
        "handoff_id": handoff_id,
        "state": move.state.value,
        "to": move.to,
        "due": instant(move.due_at),
        "typed": sealed(key, move.reason),
    }
    return await once(desk, actor, hotel_id, key, verb="move_handoff", command=command, run=run, rebuild=rebuild)


def _moved(desk: Desk, tx: Tx, actor: Actor, handoff_id: str, move: HandoffMove, claim: Claim) -> Body:
    stored, now = find_handoff(tx, handoff_id), desk.clock.now()
    to_actor, due_at = stored.to_actor, move.due_at
    if move.to is not None:
        check_user(tx, actor, move.to)
        to_actor = move.to
    if move.state is HandoffState.ACCEPTED:
        to_actor = actor.name
    if move.state is HandoffState.CALLBACK and due_at is None:
        due_at = call_back_at(desk, tx, stored.hotel_id, handoffs_of(desk, tx, stored.hotel_id, now))
    one = handoff_of(stored).moved(move.state, now, actor.name, reason=move.reason.strip(), due_at=due_at)
    after = stored_handoff(one, stored.hotel_id, stored.from_actor, to_actor)
    if not tx.update_handoff(after, expected=stored.state):
        raise Refused("Handoff {handoff_id} has just been moved by somebody else.", handoff_id=handoff_id)
    _tell_case(desk, tx, actor, after)
    ids = {"hotel_id": after.hotel_id, "case_id": after.case_id, "handoff_id": handoff_id, "state": after.state}
    audit(tx, actor, now, "handoff_moved", ids, fields=("state",))
    claim.settle(tx, handoff_id, now)
    return handoff_body(tx, actor, after)


def _tell_case(desk: Desk, tx: Tx, actor: Actor, after: StoredHandoff) -> None:
    """The step in the case's history; whoever accepts has the case."""
    case = standing_case(tx, after.case_id)
    if case is None:
        raise NotFound("There is no case {case_id}.", case_id=after.case_id)
    detail = {"handoff_id": after.handoff_id, "state": after.state}
    changes = [("handoff", detail)]
    if after.state == HandoffState.ACCEPTED and case.assignee != actor.name:
        changes.append(("assigned", {"to": actor.name}))
    record(desk, tx, actor, case, changes)


def _check_due(desk: Desk, due_at: datetime | None) -> None:
    if due_at is not None and due_at <= desk.clock.now():
        raise InvalidInput("A call-back lies ahead.", field="due")


async def show_handoff(desk: Desk, actor: Actor, handoff_id: str) -> Body:
    """One handoff with its packet and history. NotFound."""
    actor.require(Permission.READ)
    return await desk.store.read(lambda tx: handoff_body(tx, actor, find_handoff(tx, handoff_id)))


async def list_handoffs(
    desk: Desk, actor: Actor, *, hotel_id: str | None = None, case_id: str | None = None,
    state: HandoffState | None = None, limit: int = 50,
) -> Body:  # fmt: skip
    """Handoffs, newest first."""
    actor.require(Permission.READ)
    if not 1 <= limit <= MOST:
        raise InvalidInput("A page has 1 to {most} rows.", most=MOST, field="limit")
    hotel = desk.hotel(hotel_id).hotel_id if hotel_id else None

    def work(tx: ReadTx) -> Body:
        case = find_case(tx, case_id).case_id if case_id else None
        found = tx.list_handoffs(case_id=case, hotel_id=hotel, state=state.value if state else None, limit=limit)
        return {"handoffs": [handoff_body(tx, actor, one) for one in found]}

    return await desk.store.read(work)
