"""Rollbacks: plan one, look at it, apply it."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from integration.http.describe import KeyUse, operation
from integration.http.fields import NothingBody
from integration.http.queries import AfterQuery
from integration.http.rollback_bodies import RollbackBody
from integration.http.shapes.rollbacks import Rollback, Rollbacks
from integration.http.visit import enter, reply
from integration.usecases.apply_rollback import apply_rollback_once
from integration.usecases.plan_rollback import plan_rollback
from integration.usecases.rollback_views import list_rollbacks, show_rollback

router = APIRouter()
PLACE = "/v1/rollbacks"


@router.post(
    PLACE,
    **operation("planRollback", "Plan a rollback", Rollback, body=RollbackBody, status=201, key=KeyUse.OPTIONAL),
)
async def plan(request: Request) -> Response:
    """What would be done to undo what was entered wrongly, and what can no longer be undone and why."""
    visit = await enter(request)
    body = await visit.body(RollbackBody)
    work = plan_rollback(visit.desk, visit.actor, body.question(), visit.key())
    return await visit.write(work, status=201, place=PLACE, name="rollback_id")


@router.get(PLACE, **operation("listRollbacks", "List rollbacks", Rollbacks))
async def listed(request: Request, query: Annotated[AfterQuery, Query()]) -> Response:
    """Newest first, without their steps; give `next` as `after`."""
    visit = await enter(request)
    return reply(await list_rollbacks(visit.desk, visit.actor, query.after, query.limit))


@router.get(f"{PLACE}/{{rollback_id}}", **operation("showRollback", "Show a rollback", Rollback))
async def show(request: Request, rollback_id: str) -> Response:
    """One rollback with its steps and what became of them."""
    visit = await enter(request)
    return reply(await show_rollback(visit.desk, visit.actor, rollback_id))


@router.post(
    f"{PLACE}/{{rollback_id}}/apply",
    **operation("applyRollback", "Apply a rollback", Rollback, body=NothingBody, key=KeyUse.OPTIONAL),
)
async def apply(request: Request, rollback_id: str) -> Response:
    """Every step exactly once. Operators undo a few writes of their own; the rest is for supervisors. After 503 or 504
    apply it again: it goes on where it stood.
    """
    visit = await enter(request)
    await visit.body(NothingBody)
    return await visit.write(apply_rollback_once(visit.desk, visit.actor, rollback_id, visit.key()))
