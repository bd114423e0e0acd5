"""The routine around the KPIs: the week, the pilot of thirty days, targets proposed from them and approved."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from integration.http.describe import KeyUse, operation
from integration.http.fields import NothingBody
from integration.http.kpi_bodies import ApprovalBody, PilotBody, ProposalBody
from integration.http.kpi_queries import WeekQuery
from integration.http.queries import HotelQuery
from integration.http.shapes.kpi_routine import KpiPilot, KpiProposal, KpiProposals
from integration.http.shapes.kpi_week import KpiWeek
from integration.http.visit import enter, reply
from integration.usecases.kpi_calibrate import list_proposals, show_proposal
from integration.usecases.kpi_pilot import pilot_status
from integration.usecases.kpi_routine_once import (
    approve_targets_once,
    decline_targets_once,
    propose_targets_once,
    start_pilot_once,
)
from integration.usecases.kpi_weekly import weekly

router = APIRouter()
WEEKLY, PILOT, PLACE = "/v1/kpis/weekly", "/v1/kpis/pilot", "/v1/kpis/calibrations"
_ONE = f"{PLACE}/{{proposal_id}}"


@router.get(WEEKLY, **operation("showKpiWeek", "Show the week", KpiWeek))
async def week(request: Request, query: Annotated[WeekQuery, Query()]) -> Response:
    """What moved and whether it is real, lost reasons, three things to do; an operator sees his own score card."""
    visit = await enter(request)
    return reply(await weekly(visit.desk, visit.actor, query.wish()))


@router.get(PILOT, **operation("showKpiPilot", "Show the pilot", KpiPilot))
async def pilot(request: Request, query: Annotated[HotelQuery, Query()]) -> Response:
    """Day n of thirty, each channel against its targets, the worst bottleneck first."""
    visit = await enter(request)
    return reply(await pilot_status(visit.desk, visit.actor, query.hotel))


@router.post(
    PILOT, **operation("startKpiPilot", "Start a pilot", KpiPilot, body=PilotBody, status=201, key=KeyUse.OPTIONAL)
)
async def start(request: Request) -> Response:
    """Begin a pilot of thirty days, for supervisors; refused while one runs."""
    visit = await enter(request)
    body = await visit.body(PilotBody)
    return await visit.write(start_pilot_once(visit.desk, visit.actor, body.hotel, body.first, visit.key()), status=201)


@router.get(PLACE, **operation("listKpiProposals", "List proposed targets", KpiProposals))
async def listed(request: Request, query: Annotated[HotelQuery, Query()]) -> Response:
    """Every proposal of a hotel, newest first, without its evidence."""
    visit = await enter(request)
    return reply(await list_proposals(visit.desk, visit.actor, query.hotel))


@router.post(
    PLACE,
    **operation("proposeTargets", "Propose targets", KpiProposal, body=ProposalBody, status=201, key=KeyUse.OPTIONAL),
)
async def propose(request: Request) -> Response:
    """Propose targets from thirty days, with evidence, for supervisors; nothing changes. It takes the place of one that
    waits."""
    visit = await enter(request)
    body = await visit.body(ProposalBody)
    work = propose_targets_once(visit.desk, visit.actor, body.hotel, body.to, body.without, visit.key())
    return await visit.write(work, status=201, place=PLACE, name="proposal_id")


@router.get(_ONE, **operation("showKpiProposal", "Show proposed targets", KpiProposal))
async def show(request: Request, proposal_id: str) -> Response:
    """One proposal with its evidence, as it stands."""
    visit = await enter(request)
    return reply(await show_proposal(visit.desk, visit.actor, proposal_id))


@router.post(
    f"{_ONE}/approve",
    **operation("approveTargets", "Approve targets", KpiProposal, body=ApprovalBody, key=KeyUse.OPTIONAL),
)
async def approve(request: Request, proposal_id: str) -> Response:
    """Make them count from an instant to come, for supervisors, and not for the one who proposed; cases that began
    before are judged as they were."""
    visit = await enter(request)
    body = await visit.body(ApprovalBody)
    work = approve_targets_once(visit.desk, visit.actor, proposal_id, body.since, body.channels, visit.key())
    return await visit.write(work)


@router.post(
    f"{_ONE}/decline",
    **operation("declineTargets", "Decline targets", KpiProposal, body=NothingBody, key=KeyUse.OPTIONAL),
)
async def decline(request: Request, proposal_id: str) -> Response:
    """Say no, for supervisors; nothing changes."""
    visit = await enter(request)
    await visit.body(NothingBody)
    return await visit.write(decline_targets_once(visit.desk, visit.actor, proposal_id, visit.key()))
