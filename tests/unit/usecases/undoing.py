"""Short words for tests of rollbacks: plan, apply, look."""

import asyncio
from dataclasses import replace
from typing import Any

from domain.access import Actor
from domain.reservation import Guarantee, Reservation, ReservationState
from domain.rollback import RollbackScope
from integration.ports.pms import PmsBooking
from integration.ports.records import Task
from integration.usecases.apply_rollback import Applied, apply_rollback
from integration.usecases.plan_rollback import plan_rollback
from integration.usecases.rollback_scope import RollbackQuestion
from tests.fakes.desk import Office
from tests.unit.usecases.selling import AGENT, booked

Body = dict[str, Any]


def about(target: str, scope: RollbackScope = RollbackScope.RESERVATION, **over: Any) -> RollbackQuestion:
    """Undo this."""
    return replace(RollbackQuestion(scope, target, "wrong entry"), **over)


async def planned(
    office: Office, target: str, scope: RollbackScope = RollbackScope.RESERVATION, actor: Actor = AGENT, **over: Any
) -> Body:
    """A plan's body."""
    key = office.desk.ids.new("plan")
    return (await plan_rollback(office.desk, actor, about(target, scope, **over), key)).body


async def applied(office: Office, plan: Body, actor: Actor = AGENT) -> Applied:
    """Apply a plan."""
    return await apply_rollback(office.desk, actor, plan["rollback_id"])


async def undone(office: Office, target: str, scope: RollbackScope = RollbackScope.RESERVATION, **over: Any) -> Body:
    """Plan and apply at once."""
    return (await applied(office, await planned(office, target, scope, **over))).body


def steps(body: Body) -> list[tuple[str, str, str]]:
    """Action, status and reason of each step."""
    return [(one["action"], one["status"], one["reason"]) for one in body["steps"]]


async def confirmed(office: Office, key: str = "key-1", **over: Any) -> str:
    """The id of a reservation confirmed on a card."""
    answer = await booked(office, key, ReservationState.CONFIRMED, guarantee=Guarantee.CARD, **over)
    return str(answer.body["reservation_id"])


def record(office: Office, one: Reservation) -> PmsBooking:
    """The PMS record of a reservation."""
    assert one.pms_ref is not None
    return office.pms.house(office.hotel).held(one.pms_ref).booking


def sold(office: Office) -> dict[Any, int]:
    """Rooms taken by type and night, as the PMS counts them."""
    return {place: count for place, count in office.pms.house(office.hotel).sold.items() if count}


def on_the_board(office: Office) -> list[Task]:
    """Open tasks, newest first."""
    return asyncio.run(tasks_of(office))


async def tasks_of(office: Office) -> list[Task]:
    """The same, inside a loop."""
    return await office.desk.store.read(lambda tx: tx.list_tasks(hotel_id=None, open_only=True, limit=100))
