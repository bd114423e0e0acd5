"""After a restore: does our store agree with the PMS? What was sold after the backup is there and no longer here.

That the store was restored is noted before anything is compared, so that keys from before are looked for in the PMS
even when it does not answer now (`found_again`).
"""

from dataclasses import dataclass, replace

from domain.access import Actor, Role
from domain.errors import DomainError
from integration.errors import PmsError
from integration.ports.comparisons import Comparison
from integration.usecases.desk import Desk
from integration.usecases.reconcile import ReconcileWish, reconcile

RESTORER = "store-restore"


@dataclass(frozen=True, slots=True)
class Proof:
    """One hotel: its comparison, or the code of what stood in the way."""

    hotel_id: str
    comparison: Comparison | None
    error: str | None = None


async def prove_restore(desk: Desk, via: str = "cli") -> list[Proof]:
    """Compare every hotel; changes nothing but the notes of it."""
    actor = Actor(RESTORER, Role.ADMIN, via)
    proofs: list[Proof] = []
    for hotel_id, hotel in desk.hotels.items():
        wish = ReconcileWish(hotel_id, again=True)
        await _note(desk, hotel_id)
        try:
            done = await reconcile(desk, actor, wish)
        except (PmsError, DomainError) as error:
            proofs.append(Proof(hotel.hotel_id, None, error.code))
            continue
        proofs.append(Proof(hotel.hotel_id, done))
    return proofs


async def _note(desk: Desk, hotel_id: str) -> None:
    """A comparison of no days, begun and ended: the mark that a restore leaves."""
    now = desk.clock.now()
    today = desk.hotel(hotel_id).today(now)
    mark = Comparison(desk.ids.new("cmp"), hotel_id, RESTORER, now, today, today, repairs=False, position=today)
    await desk.store.transact(lambda tx: tx.add_comparison(replace(mark, finished_at=now)))
