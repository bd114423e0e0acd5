"""Leads: the sales cases by how their lead stands."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from integration.http.case_bodies import AssignBody, LeadBody, LoseBody, WinBody
from integration.http.case_queries import LeadQuery
from integration.http.describe import KeyUse, operation
from integration.http.fields import NothingBody
from integration.http.shapes.cases import Case, Cases, LeadClosed, WholeCase
from integration.http.visit import enter, reply
from integration.usecases.lead_add import add_lead
from integration.usecases.lead_close import lose_lead, start_lead, win_lead
from integration.usecases.list_cases import list_cases, show_case
from integration.usecases.work_case import assign_case

router = APIRouter()
PLACE = "/v1/leads"
_ONE = f"{PLACE}/{{case_id}}"


@router.post(PLACE, **operation("addLead", "Add a lead", Case, body=LeadBody, status=201, key=KeyUse.OPTIONAL))
async def add(request: Request) -> Response:
    """By hand; it joins the open case of its guest or opens one."""
    visit = await enter(request)
    body = await visit.body(LeadBody)
    work = add_lead(visit.desk, visit.actor, body.card(), visit.key())
    return await visit.write(work, status=201, place=PLACE, name="case_id")


@router.get(PLACE, **operation("listLeads", "List leads", Cases))
async def listed(request: Request, query: Annotated[LeadQuery, Query()]) -> Response:
    """Newest first; give `next` as `after`."""
    visit = await enter(request)
    return reply(await list_cases(visit.desk, visit.actor, query.question()))


@router.get(_ONE, **operation("showLead", "Show a lead", WholeCase))
async def show(request: Request, case_id: str) -> Response:
    """The case of the lead."""
    visit = await enter(request)
    return reply(await show_case(visit.desk, visit.actor, case_id))


@router.post(f"{_ONE}/assign", **operation("assignLead", "Assign a lead", Case, body=AssignBody, key=KeyUse.OPTIONAL))
async def assign(request: Request, case_id: str) -> Response:
    """Give it to somebody, or to nobody."""
    visit = await enter(request)
    body = await visit.body(AssignBody)
    return await visit.write(assign_case(visit.desk, visit.actor, case_id, visit.key(), body.to))


@router.post(f"{_ONE}/start", **operation("startLead", "Start on a lead", Case, body=NothingBody, key=KeyUse.OPTIONAL))
async def start(request: Request, case_id: str) -> Response:
    """In progress, and one's own if it was nobody's."""
    visit = await enter(request)
    await visit.body(NothingBody)
    return await visit.write(start_lead(visit.desk, visit.actor, case_id, visit.key()))


@router.post(f"{_ONE}/win", **operation("winLead", "Win a lead", LeadClosed, body=WinBody, key=KeyUse.OPTIONAL))
async def win(request: Request, case_id: str) -> Response:
    """By a reservation that stands; the PMS gets a note on it."""
    visit = await enter(request)
    body = await visit.body(WinBody)
    return await visit.write(win_lead(visit.desk, visit.actor, case_id, visit.key(), body.reservation_id))


@router.post(f"{_ONE}/lose", **operation("loseLead", "Lose a lead", LeadClosed, body=LoseBody, key=KeyUse.OPTIONAL))
async def lose(request: Request, case_id: str) -> Response:
    """For a reason of the hotel's list; the PMS gets a note on the guest's profile, and a turnaway."""
    visit = await enter(request)
    body = await visit.body(LoseBody)
    return await visit.write(lose_lead(visit.desk, visit.actor, case_id, visit.key(), body.reason))
