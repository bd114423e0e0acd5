"""Who is at the desk, and who of them is free: what whoever hands a guest over sees.

Free for a guest of a language is who is available, may sell, speaks it, is on no call and has no other handoff before
him. Agents say themselves whether they are there (`set_presence`); who never said anything is not.
"""

from collections.abc import Mapping
from datetime import datetime

from domain.access import RIGHTS, Actor, Permission
from domain.handoff import HandoffState
from domain.presence import Presence, PresenceState
from integration.ports.records import User
from integration.ports.store import ReadTx
from integration.usecases.answers import Body
from integration.usecases.desk import Desk
from integration.usecases.views import instant

BUSY = (HandoffState.OFFERED, HandoffState.ACCEPTED, HandoffState.CONNECTED)
MOST_LANGUAGES = 10
ON_CALL, HAS_HANDOFF = "on_call", "has_handoff"
_MOST_HANDOFFS = 1_000


async def list_presence(desk: Desk, actor: Actor) -> Body:
    """Every active user: how he stands, what he speaks, and what keeps him busy."""
    actor.require(Permission.READ)
    now = desk.clock.now()

    def work(tx: ReadTx) -> Body:
        known, busy = {one.name: one for one in tx.list_presence()}, busy_of(tx)
        users = [user for user in tx.list_users() if user.revoked_at is None]
        return {"agents": [presence_body(one, known.get(one.name), now, busy.get(one.name)) for one in users]}

    return await desk.store.read(work)


def presence_body(user: User, one: Presence | None, now: datetime, busy: str | None) -> Body:
    """How a user stands; `busy`: on_call or has_handoff, None when he is free. Who never said anything is offline."""
    state = one.state_at(now) if one is not None else PresenceState.OFFLINE
    return {
        "name": user.name,
        "role": user.role.value,
        "state": state.value,
        "since": instant(one.since_at(now)) if one is not None else None,
        "until": instant(one.until) if one is not None and state is not PresenceState.OFFLINE else None,
        "languages": list(one.languages) if one is not None else [],
        "busy": busy,
    }


def busy_of(tx: ReadTx) -> Mapping[str, str]:
    """Who is on a call or has a handoff before him."""
    handoffs = (one for state in BUSY for one in tx.list_handoffs(state=state.value, limit=_MOST_HANDOFFS))
    found = {one.to_actor: HAS_HANDOFF for one in handoffs if one.to_actor is not None}
    users = (user.name for user in tx.list_users())
    return found | {name: ON_CALL for name in users if tx.open_call(name, None) is not None}


def free_for(tx: ReadTx, language: str, now: datetime, first: str | None = None) -> str | None:
    """Somebody who can take a guest of this language now: `first` if he can, else who is known to speak it, by name."""
    sellers = {
        user.name for user in tx.list_users() if user.revoked_at is None and Permission.SELL in RIGHTS[user.role]
    }
    there = [
        one for one in tx.list_presence() if one.name in sellers and one.is_available(now) and one.speaks(language)
    ]
    if not there:
        return None
    busy = busy_of(tx)
    free = [one for one in there if one.name not in busy]
    ordered = sorted(free, key=lambda one: (one.name != first, language not in one.languages, one.name))
    return ordered[0].name if ordered else None


def states_of(tx: ReadTx, now: datetime) -> Mapping[str, PresenceState]:
    """How everybody stands who ever said so."""
    return {one.name: one.state_at(now) for one in tx.list_presence()}
