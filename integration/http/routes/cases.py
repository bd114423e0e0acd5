"""Cases and handoffs: found, worked on, handed over."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from domain.case_steps import CaseStep
from integration.http.case_bodies import AssignBody, HandoffMoveBody, HandOverBody, TagsBody
from integration.http.case_queries import CaseQuery, HandoffQuery
from integration.http.describe import KeyUse, operation
from integration.http.fields import NothingBody
from integration.http.queries import HotelQuery
from integration.http.shapes.cases import Case, Cases, ClockView, Handoff, Handoffs, WholeCase
from integration.http.visit import enter, reply
from integration.usecases.handoff_case import hand_over, list_handoffs, move_handoff, show_handoff
from integration.usecases.list_cases import list_cases, show_case, view_clocks
from integration.usecases.work_case import assign_case, step_case, tag_case

router = APIRouter()
PLACE = "/v1/cases"
_ONE = f"{PLACE}/{{case_id}}"
HANDOFFS = "/v1/handoffs"


@router.get(PLACE, **operation("listCases", "List cases", Cases))
async def listed(request: Request, query: Annotated[CaseQuery, Query()]) -> Response:
    """Newest first, late ones first due first; give `next` as `after`."""
    visit = await enter(request)
    return reply(await list_cases(visit.desk, visit.actor, query.question()))


@router.get("/v1/clocks", **operation("viewClocks", "All running clocks at once", ClockView))
async def clocks(request: Request, query: Annotated[HotelQuery, Query()]) -> Response:
    """Open cases by hotel and channel: how many are near, late and escalated, and the longest wait."""
    visit = await enter(request)
    return reply(await view_clocks(visit.desk, visit.actor, query.hotel))


@router.get(_ONE, **operation("showCase", "Show a case", WholeCase))
async def show(request: Request, case_id: str) -> Response:
    """One case with its contacts, clocks, events, handoffs and reservations."""
    visit = await enter(request)
    return reply(await show_case(visit.desk, visit.actor, case_id))


@router.post(f"{_ONE}/tags", **operation("tagCase", "Tag a case", Case, body=TagsBody, key=KeyUse.OPTIONAL))
async def tag(request: Request, case_id: str) -> Response:
    """Set tags and take tags off; what a person says stands, whatever the words say."""
    visit = await enter(request)
    body = await visit.body(TagsBody)
    return await visit.write(tag_case(visit.desk, visit.actor, case_id, visit.key(), add=body.add, remove=body.remove))


@router.post(f"{_ONE}/assign", **operation("assignCase", "Assign a case", Case, body=AssignBody, key=KeyUse.OPTIONAL))
async def assign(request: Request, case_id: str) -> Response:
    """Give it to somebody, or to nobody."""
    visit = await enter(request)
    body = await visit.body(AssignBody)
    return await visit.write(assign_case(visit.desk, visit.actor, case_id, visit.key(), body.to))


@router.post(f"{_ONE}/wait", **operation("waitCase", "Wait for the guest", Case, body=NothingBody, key=KeyUse.OPTIONAL))
async def wait(request: Request, case_id: str) -> Response:
    """The guest must answer first: the clock of the solution stands still until he does."""
    return await _step(request, case_id, CaseStep.WAIT)


@router.post(
    f"{_ONE}/resolve", **operation("resolveCase", "Resolve a case", Case, body=NothingBody, key=KeyUse.OPTIONAL)
)
async def resolve(request: Request, case_id: str) -> Response:
    """The work is done; a sales case only when its lead is won or lost."""
    return await _step(request, case_id, CaseStep.RESOLVE)


@router.post(f"{_ONE}/reopen", **operation("reopenCase", "Reopen a case", Case, body=NothingBody, key=KeyUse.OPTIONAL))
async def reopen(request: Request, case_id: str) -> Response:
    """It was not done after all, or nobody waits any more."""
    return await _step(request, case_id, CaseStep.REOPEN)


async def _step(request: Request, case_id: str, step: CaseStep) -> Response:
    visit = await enter(request)
    await visit.body(NothingBody)
    return await visit.write(step_case(visit.desk, visit.actor, case_id, visit.key(), step))


@router.post(
    f"{_ONE}/handoff",
    **operation("handOver", "Hand a guest over", Handoff, body=HandOverBody, status=201, key=KeyUse.OPTIONAL),
)
async def over(request: Request, case_id: str) -> Response:
    """To an agent, to whoever is free, or as a call-back; refused while an earlier handoff is under way."""
    visit = await enter(request)
    body = await visit.body(HandOverBody)
    work = hand_over(visit.desk, visit.actor, case_id, visit.key(), body.wish())
    return await visit.write(work, status=201, place=HANDOFFS, name="handoff_id")


@router.get(HANDOFFS, **operation("listHandoffs", "List handoffs", Handoffs))
async def handoffs(request: Request, query: Annotated[HandoffQuery, Query()]) -> Response:
    """Newest first; `state=callback` for the call-backs."""
    visit = await enter(request)
    found = await list_handoffs(
        visit.desk, visit.actor, hotel_id=query.hotel, case_id=query.case_id, state=query.state, limit=query.limit
    )
    return reply(found)


@router.get(f"{HANDOFFS}/{{handoff_id}}", **operation("showHandoff", "Show a handoff", Handoff))
async def handoff(request: Request, handoff_id: str) -> Response:
    """One handoff with its packet and history."""
    visit = await enter(request)
    return reply(await show_handoff(visit.desk, visit.actor, handoff_id))


@router.post(
    f"{HANDOFFS}/{{handoff_id}}/step",
    **operation("moveHandoff", "Take a handoff one step on", Handoff, body=HandoffMoveBody, key=KeyUse.OPTIONAL),
)
async def move(request: Request, handoff_id: str) -> Response:
    """Offered, accepted, connected, solved; or declined, or a call-back. Whoever accepts has the case."""
    visit = await enter(request)
    body = await visit.body(HandoffMoveBody)
    return await visit.write(move_handoff(visit.desk, visit.actor, handoff_id, visit.key(), body.move()))
