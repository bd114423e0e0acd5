"""Merging and parting guests under a request key: done once, its answer said again.

The answer is the merge as it stands when it is said: one that was undone since says by whom and why. Merging changes
who the hotel thinks somebody is, at every hotel of the home, so the key counts in the first of them.
"""

from collections.abc import Awaitable, Callable

from domain.access import Actor
from integration.ports.queue_records import GuestMerge
from integration.usecases.answers import Answer, Body
from integration.usecases.desk import Desk
from integration.usecases.merge_guests import check_may_merge, merge_guests, reason_of, unmerge_guest
from integration.usecases.once import Claim, Kept, once, sealed
from integration.usecases.person_views import merge_body


async def merge_guests_once(desk: Desk, actor: Actor, one: str, other: str, reason: str, key: str) -> Answer:
    """`merge_guests`; Forbidden below supervisors, Refused when the two are one already, NotFound."""
    why = _checked(actor, reason)
    command = {"one": one, "other": other, "typed": sealed(key, why)}
    return await _once(
        desk, actor, key, "merge_guests", command, lambda claim: merge_guests(desk, actor, one, other, why, claim)
    )


async def unmerge_guest_once(desk: Desk, actor: Actor, guest_id: str, reason: str, key: str) -> Answer:
    """`unmerge_guest`; Forbidden below supervisors, NotFound when it stands for itself."""
    why = _checked(actor, reason)
    command = {"guest_id": guest_id, "typed": sealed(key, why)}
    return await _once(
        desk, actor, key, "unmerge_guest", command, lambda claim: unmerge_guest(desk, actor, guest_id, why, claim)
    )


def _checked(actor: Actor, reason: str) -> str:
    """The reason. A slip costs no key."""
    check_may_merge(actor)
    return reason_of(reason)


async def _once(
    desk: Desk,
    actor: Actor,
    key: str,
    verb: str,
    command: Body,
    work: Callable[[Claim], Awaitable[GuestMerge]],
) -> Answer:
    async def run(claim: Claim) -> Body:
        return merge_body(await work(claim))

    async def rebuild(kept: Kept) -> Body:
        found = await desk.store.read(lambda tx: tx.get_merge(kept.subject))
        if found is None:
            raise LookupError(kept.subject)
        return merge_body(found)

    hotel = next(iter(desk.hotels))
    return await once(desk, actor, hotel, key, verb=verb, command=command, run=run, rebuild=rebuild)
