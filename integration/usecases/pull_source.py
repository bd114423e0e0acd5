"""Fetch what is waiting at a source, store it, and only then tell the source that we have it.

One process at a time does this for a source, under a lease; the lease is asked for again in the very transaction that
stores a batch and moves the cursor, so one that was stopped for minutes in between neither stores nor moves anything
back. A confirmation that counts (the next N are taken) would then take what nobody has read: it is given at once after
the transaction or not at all. What is stored is taken in by the intake like any other delivery.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from domain.errors import NotFound
from integration.ports.pulls import Batch, Fetched, Pull, PullFailed
from integration.ports.queue_records import DeliveryState, StoredDelivery
from integration.ports.store import Tx
from integration.usecases.desk import Desk
from integration.usecases.take_delivery import NOT_GIVEN, stored_as

LEASE_FOR = timedelta(minutes=3)
CONFIRM_WITHIN = timedelta(minutes=1)
MOST_BATCHES = 200


@dataclass(frozen=True, slots=True)
class Pulled:
    """How a round went. `stored`: bodies that are ours now; `unreadable`: of them, those the source would not give;
    `problem`: a code, when it ended before its time; `is_elsewhere`: another process is at it."""

    name: str
    stored: int = 0
    unreadable: int = 0
    problem: str = ""
    retry_after_s: float = 0.0
    is_elsewhere: bool = False


class _Elsewhere(Exception):
    """The lease went to another process."""


def _nothing(_delivery_id: str) -> None:
    """Tell nobody."""


def _always() -> bool:
    """Go on to the end."""
    return True


def pull_of(desk: Desk, name: str) -> Pull:
    """The source with this name; NotFound."""
    found = desk.pulls.get(name)
    if found is None:
        raise NotFound("There is no source {source}.", source=name[:60], hint=", ".join(desk.pulls), field="name")
    return found


async def pull_source(
    desk: Desk, pull: Pull, *, on_stored: Callable[[str], None] = _nothing, go_on: Callable[[], bool] = _always
) -> Pulled:
    """One round: all that is waiting, in batches. `on_stored` is told the number of each delivery; `go_on` is asked
    between batches. A source that fails is an answer (`problem`); StoreUnavailable is raised."""
    lease, holder, now = f"pull:{pull.name}", desk.ids.new("pll"), desk.clock.now()
    if not await desk.store.transact(lambda tx: tx.take_lease(lease, holder, now, now + LEASE_FOR)):
        return Pulled(pull.name, is_elsewhere=True)
    try:
        return await _Round(desk, pull, lease, holder, on_stored).run(go_on)
    finally:
        await pull.source.rest()
        await desk.store.transact(lambda tx: tx.release_lease(lease, holder))


class _Round:
    """The batches of one round."""

    def __init__(self, desk: Desk, pull: Pull, lease: str, holder: str, on_stored: Callable[[str], None]) -> None:
        self._desk, self._pull = desk, pull
        self._lease, self._holder = lease, holder
        self._on_stored = on_stored
        self._result = Pulled(pull.name)

    async def run(self, go_on: Callable[[], bool]) -> Pulled:
        name = self._pull.name
        cursor = await self._desk.store.read(lambda tx: tx.get_cursor(name)) or ""
        try:
            for _ in range(MOST_BATCHES):
                batch = await self._pull.source.fetch(cursor, self._desk.clock.now())
                self._desk.point("batch_fetched")
                await self._take(batch, cursor)
                cursor = batch.cursor
                if batch.problem:
                    return replace(self._result, problem=batch.problem)
                if batch.is_last or not go_on():
                    break
        except PullFailed as error:
            return replace(self._result, problem=error.code, retry_after_s=error.retry_after_s)
        except _Elsewhere:
            return replace(self._result, is_elsewhere=True)
        return self._result

    async def _take(self, batch: Batch, cursor: str) -> None:
        if not batch.bodies and not batch.receipt and batch.cursor == cursor:
            return
        rows = [_row(self._desk, self._pull, one) for one in batch.bodies]
        began = self._desk.clock.now()

        def work(tx: Tx) -> None:
            if not tx.take_lease(self._lease, self._holder, began, began + LEASE_FOR):
                raise _Elsewhere
            for row in rows:
                tx.add_delivery(row)
            if batch.cursor != cursor:
                tx.put_cursor(self._pull.name, batch.cursor, began)

        await self._desk.store.transact(work)
        self._desk.point("batch_stored")
        self._count(rows)
        if batch.receipt:
            if self._desk.clock.now() - began > CONFIRM_WITHIN:
                raise _Elsewhere
            await self._pull.source.confirm(batch)
            self._desk.point("batch_confirmed")

    def _count(self, rows: list[StoredDelivery]) -> None:
        bad = sum(row.state is DeliveryState.UNREADABLE for row in rows)
        so_far = self._result
        self._result = replace(so_far, stored=so_far.stored + len(rows), unreadable=so_far.unreadable + bad)
        for row in rows:
            if row.state is DeliveryState.PENDING:
                self._on_stored(row.delivery_id)


def _row(desk: Desk, pull: Pull, one: Fetched) -> StoredDelivery:
    """A fetched body as it is stored. Where it lay is kept: it holds no secret, and names a mail for whoever looks."""
    row = stored_as(desk, pull.hook, one.delivery, one.problem or None)
    mark = {NOT_GIVEN: "yes"} if one.problem else {}
    return replace(row, envelope={**row.envelope, ":url": one.delivery.url, **mark})
