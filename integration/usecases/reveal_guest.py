"""Show a guest in clear to somebody who sees masks: for a reason, and not without a trace."""

from domain.access import Actor, Permission
from domain.errors import InvalidInput
from domain.guest import GuestProfile
from integration.ports.store import Tx
from integration.usecases.desk import Desk
from integration.usecases.recognise_guest import load_guest
from integration.usecases.tracing import audit


async def reveal_guest(desk: Desk, actor: Actor, guest_id: str, reason: str) -> GuestProfile:
    """Show a guest in clear to somebody who sees masks, for a stated reason; leaves an audit row."""
    actor.require(Permission.REVEAL)
    if not reason.strip():
        raise InvalidInput("A reveal needs a reason.", field="reason")

    def work(tx: Tx) -> GuestProfile:
        guest = load_guest(tx, guest_id)
        audit(
            tx,
            actor,
            desk.clock.now(),
            "guest_revealed",
            {"guest_id": guest.guest_id},
            fields=("name", "phone", "email"),
            reason=reason.strip()[:200],
        )
        return guest

    return await desk.store.transact(work)
