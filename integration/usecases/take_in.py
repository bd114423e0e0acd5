"""Take stored deliveries in: every arrival has its effect once, in one transaction with the row that says so.

Kill this anywhere: a delivery is done only with its last effect, so one that is half taken in is taken again, and an
arrival whose row stands in the inbox does nothing the second time. Arrivals of one delivery share transactions, a
hundred each, because a provider may send a thousand at once. One that fails holds up neither the rest of its delivery
nor other deliveries; after five tries a person has to look. What is about a message that has not come yet (an edit, a
deletion) waits for it for an hour.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from domain.errors import DomainError
from integration.errors import ServiceError
from integration.ports.channels import Arrival, Unreadable
from integration.ports.hooks import Hook
from integration.ports.queue_records import DeliveryState, StoredDelivery
from integration.ports.store import Tx
from integration.usecases.desk import Desk
from integration.usecases.sitting import Sitting
from integration.usecases.take_delivery import NOT_GIVEN, delivery_of

CHUNK = 100
MOST_TRIES = 5
PATIENCE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Taken:
    """How a delivery went. `effects`: arrivals that had one now; `problem`: a code, when something is left to do."""

    delivery_id: str
    effects: int = 0
    is_done: bool = True
    problem: str | None = None


async def take_pending(desk: Desk, limit: int = 200) -> list[Taken]:
    """Take in what is pending, oldest first."""
    found = await desk.store.read(lambda tx: tx.pending_deliveries(limit))
    return [await take_in(desk, one) for one in found]


async def take_in_one(desk: Desk, delivery_id: str) -> Taken | None:
    """Take one delivery in; None when there is none pending with this number."""
    stored = await desk.store.read(lambda tx: tx.get_delivery(delivery_id))
    if stored is None or stored.state is not DeliveryState.PENDING:
        return None
    return await take_in(desk, stored)


async def take_in(desk: Desk, stored: StoredDelivery) -> Taken:
    """Give every arrival of a delivery its effect."""
    hook = desk.hook(stored.wire)
    if hook is None:
        return Taken(stored.delivery_id, is_done=False, problem="hook_unknown")
    if NOT_GIVEN in stored.envelope:
        return Taken(stored.delivery_id, problem="not_given")
    arrivals = hook.wire.receive(delivery_of(stored))
    if not isinstance(arrivals, tuple):
        why = arrivals.why if isinstance(arrivals, Unreadable) else "It is not believed any more."
        return await _end(desk, stored, 0, why, is_over=True)
    desk.point("delivery_read")
    effects, problem, waits = 0, None, False
    for start in range(0, len(arrivals), CHUNK):
        part = await _chunk(desk, hook, stored, arrivals[start : start + CHUNK])
        effects, problem, waits = effects + part.effects, problem or part.problem, waits or part.waits
    if waits and problem is None:
        return Taken(stored.delivery_id, effects, is_done=False, problem="waits")
    return await _end(desk, stored, effects, problem, is_over=stored.tries + 1 >= MOST_TRIES)


@dataclass(frozen=True, slots=True)
class _Part:
    effects: int
    waits: bool = False
    problem: str | None = None


async def _chunk(desk: Desk, hook: Hook, stored: StoredDelivery, arrivals: Sequence[Arrival]) -> _Part:
    """In one transaction; when that fails, each by itself, so that one bad arrival costs only itself."""
    try:
        return await _effects(desk, hook, stored, arrivals)
    except ServiceError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one arrival must not stop the channel
        if len(arrivals) == 1:
            code = error.code if isinstance(error, DomainError) else type(error).__name__
            return _Part(0, problem=code)
    parts = [await _chunk(desk, hook, stored, (one,)) for one in arrivals]
    problem = next((one.problem for one in parts if one.problem is not None), None)
    return _Part(sum(one.effects for one in parts), any(one.waits for one in parts), problem)


async def _effects(desk: Desk, hook: Hook, stored: StoredDelivery, arrivals: Sequence[Arrival]) -> _Part:
    may_wait = desk.clock.now() - stored.received_at < PATIENCE

    def work(tx: Tx) -> _Part:
        sitting = Sitting(desk, tx, hook, stored, may_wait=may_wait)
        for arrival in arrivals:
            sitting.take(arrival)
        sitting.settle()
        desk.point("effects_made")
        return _Part(sitting.effects, sitting.waits)

    part = await desk.store.transact(work)
    desk.point("effects_stored")
    return part


async def _end(desk: Desk, stored: StoredDelivery, effects: int, problem: str | None, *, is_over: bool) -> Taken:
    state = DeliveryState.DONE if problem is None else stored.state
    if problem is not None and is_over:
        state = DeliveryState.UNREADABLE
    after = replace(stored, state=state, tries=stored.tries + 1, problem=problem)
    await desk.store.transact(lambda tx: tx.update_delivery(after))
    return Taken(stored.delivery_id, effects, is_done=state is not DeliveryState.PENDING, problem=problem)
