"""The back of the house: who I am, what a person must do, what was done."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from domain.access import RIGHTS, Permission
from integration.http.describe import operation
from integration.http.office_bodies import PresenceBody
from integration.http.queries import PageQuery, TaskQuery
from integration.http.shapes.office import Agent, Agents, AuditTail, Me, Tasks
from integration.http.visit import enter, reply
from integration.usecases.office_views import audit_row_body, task_body
from integration.usecases.presence import list_presence
from integration.usecases.set_presence import set_presence

router = APIRouter()


@router.get("/v1/me", **operation("me", "Who this token is", Me))
async def me(request: Request) -> Response:
    """Name, role and what the role allows."""
    visit = await enter(request)
    rights = sorted(one.value for one in RIGHTS[visit.actor.role])
    return reply({"name": visit.actor.name, "role": visit.actor.role.value, "permissions": rights})


@router.get("/v1/presence", **operation("listPresence", "Who is at the desk", Agents))
async def presence(request: Request) -> Response:
    """Every active user: available, away or offline, what he speaks, and what keeps him busy."""
    visit = await enter(request)
    return reply(await list_presence(visit.desk, visit.actor))


@router.put("/v1/presence", **operation("setPresence", "Say who is at the desk", Agent, body=PresenceBody))
async def put_presence(request: Request) -> Response:
    """For oneself, or for others as a supervisor. It holds 15 minutes unless `for_s` says otherwise; say it again to
    renew it, else it ends by itself."""
    visit = await enter(request)
    body = await visit.body(PresenceBody)
    return reply(await visit.finish(set_presence(visit.desk, visit.actor, body.wish())))


@router.get("/v1/tasks", **operation("listTasks", "The board", Tasks))
async def tasks(request: Request, query: Annotated[TaskQuery, Query()]) -> Response:
    """Refunds, front-desk work, groups: what only a person can do; the open ones unless asked otherwise."""
    visit = await enter(request)
    visit.actor.require(Permission.READ)
    hotel_id = visit.desk.hotel(query.hotel).hotel_id if query.hotel else None
    found = await visit.desk.store.read(
        lambda tx: tx.list_tasks(hotel_id=hotel_id, open_only=query.open, limit=query.limit)
    )
    return reply({"tasks": [task_body(one) for one in found]})


@router.get("/v1/audit/tail", **operation("auditTail", "The newest audit rows", AuditTail))
async def audit_tail(request: Request, query: Annotated[PageQuery, Query()]) -> Response:
    """Oldest of them first; for supervisors. `santral audit export` writes the rows exactly as they are chained."""
    visit = await enter(request)
    visit.actor.require(Permission.AUDIT)
    rows = await visit.desk.store.read(lambda tx: tx.tail_audit(query.limit))
    return reply({"rows": [audit_row_body(row) for row in rows]})
