"""The routine around the KPIs under a request key: a pilot, a proposal and what becomes of it, each done once.

The answer is said as things stand: a proposal that was approved since says by whom. What a role may not do and a
proposal that is not there cost no key.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime

from domain.access import Actor, Permission
from integration.usecases.answers import Answer, Body
from integration.usecases.desk import Desk
from integration.usecases.kpi_calibrate import (
    approve_targets,
    decline_targets,
    proposal_of,
    propose_targets,
    show_proposal,
)
from integration.usecases.kpi_pilot import pilot_status, start_pilot
from integration.usecases.once import Claim, Kept, once
from integration.usecases.views import instant

Run = Callable[[Claim], Awaitable[Body]]


async def start_pilot_once(desk: Desk, actor: Actor, hotel_id: str | None, first: date | None, key: str) -> Answer:
    """`start_pilot`; Forbidden below supervisors, Refused while one runs, InvalidInput for a day far off."""
    actor.require(Permission.CALIBRATE)
    hotel = desk.hotel(hotel_id).hotel_id

    async def run(claim: Claim) -> Body:
        return await start_pilot(desk, actor, hotel, first, claim)

    async def rebuild(_kept: Kept) -> Body:
        return await pilot_status(desk, actor, hotel)

    command = {"first": first.isoformat() if first else None}
    return await once(desk, actor, hotel, key, verb="start_pilot", command=command, run=run, rebuild=rebuild)


async def propose_targets_once(
    desk: Desk, actor: Actor, hotel_id: str | None, last: date | None, without: Sequence[date], key: str
) -> Answer:
    """`propose_targets`; Forbidden below supervisors, InvalidInput for a day that is not over."""
    actor.require(Permission.CALIBRATE)
    hotel = desk.hotel(hotel_id).hotel_id

    async def run(claim: Claim) -> Body:
        return await propose_targets(desk, actor, hotel, last=last, without=without, claim=claim)

    days = sorted({day.isoformat() for day in without})
    command = {"last": last.isoformat() if last else None, "without": days}
    return await _of_proposal(desk, actor, hotel, key, "propose_targets", command, run)


async def approve_targets_once(
    desk: Desk, actor: Actor, proposal_id: str, since: datetime | None, channels: Sequence[str], key: str
) -> Answer:
    """`approve_targets`; Forbidden below supervisors and for who proposed, NotFound, Refused, ChangedSincePlan."""
    actor.require(Permission.CALIBRATE)
    hotel = await _hotel_of(desk, proposal_id)

    async def run(claim: Claim) -> Body:
        return await approve_targets(desk, actor, proposal_id, since=since, channels=channels, claim=claim)

    chosen = sorted(set(channels))
    command = {"proposal_id": proposal_id, "since": instant(since), "channels": chosen}
    return await _of_proposal(desk, actor, hotel, key, "approve_targets", command, run)


async def decline_targets_once(desk: Desk, actor: Actor, proposal_id: str, key: str) -> Answer:
    """`decline_targets`; Forbidden below supervisors, NotFound, Refused for one that does not wait."""
    actor.require(Permission.CALIBRATE)
    hotel = await _hotel_of(desk, proposal_id)

    async def run(claim: Claim) -> Body:
        return await decline_targets(desk, actor, proposal_id, claim=claim)

    return await _of_proposal(desk, actor, hotel, key, "decline_targets", {"proposal_id": proposal_id}, run)


async def _hotel_of(desk: Desk, proposal_id: str) -> str:
    return (await desk.store.read(lambda tx: proposal_of(tx, proposal_id))).hotel_id


async def _of_proposal(desk: Desk, actor: Actor, hotel_id: str, key: str, verb: str, command: Body, run: Run) -> Answer:
    async def rebuild(kept: Kept) -> Body:
        return await show_proposal(desk, actor, kept.subject)

    return await once(desk, actor, hotel_id, key, verb=verb, command=command, run=run, rebuild=rebuild)
