"""Take stored deliveries in again: after a mended fault, a hook that was missing, or to prove that nothing is missing.

Every arrival that has had its effect is left alone, so a replay of everything does nothing but what was left undone.
A delivery that could not be read is tried anew.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from domain.access import Actor, Permission
from domain.contact import Channel
from domain.errors import NotFound
from integration.ports.queue_records import StoredDelivery
from integration.ports.store import Tx
from integration.usecases.answers import Body
from integration.usecases.desk import Desk
from integration.usecases.take_in import take_in
from integration.usecases.tracing import audit

_PAGE = 20


@dataclass(frozen=True, slots=True)
class Which:
    """Deliveries to take again: one by its number, those of a channel or a span of time, or all."""

    delivery_id: str | None = None
    channel: Channel | None = None
    since: datetime | None = None
    until: datetime | None = None

    def takes(self, stored: StoredDelivery) -> bool:
        """Whether a delivery is meant."""
        return (self.since is None or stored.received_at >= self.since) and (
            self.until is None or stored.received_at < self.until
        )


async def replay_intake(desk: Desk, actor: Actor, which: Which) -> Body:
    """Counts of what was looked at, what had an effect now, and what still cannot be taken in. NotFound."""
    actor.require(Permission.ADMINISTER)
    count, effects, left = 0, 0, list[Body]()
    after: str | None = None
    while True:
        page = await _page(desk, which, after)
        for stored in page:
            if which.takes(stored):
                taken = await take_in(desk, replace(stored, tries=0))
                count, effects = count + 1, effects + taken.effects
                if taken.problem is not None:
                    left.append({"delivery_id": taken.delivery_id, "problem": taken.problem})
        if which.delivery_id is not None or len(page) < _PAGE:
            break
        after = page[-1].delivery_id

    def work(tx: Tx) -> None:
        ids = {"delivery_id": which.delivery_id, "channel": which.channel.value if which.channel else None}
        audit(tx, actor, desk.clock.now(), "intake_replayed", ids)

    await desk.store.transact(work)
    return {"deliveries": count, "effects": effects, "left": left}


async def _page(desk: Desk, which: Which, after: str | None) -> list[StoredDelivery]:
    wanted = which.delivery_id
    if wanted is not None:
        one = await desk.store.read(lambda tx: tx.get_delivery(wanted))
        if one is None:
            raise NotFound("There is no delivery {delivery_id}.", delivery_id=wanted[:60], field="delivery")
        return [one]
    return await desk.store.read(
        lambda tx: tx.list_deliveries(channel=which.channel, state=None, after=after, limit=_PAGE)
    )
