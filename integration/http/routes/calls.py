"""Calls: start pops the caller, end needs a result."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from integration.http.describe import KeyUse, operation
from integration.http.people_bodies import CallBody, CallEndBody
from integration.http.queries import CallQuery
from integration.http.shapes.people import CallEnded, Calls, CallStarted
from integration.http.visit import enter, reply
from integration.usecases.keyed_writes import end_call_once, start_call_once
from integration.usecases.look_up import list_calls
from integration.usecases.views import call_body

router = APIRouter()
PLACE = "/v1/calls"


@router.post(
    PLACE, **operation("startCall", "Start a call", CallStarted, body=CallBody, status=201, key=KeyUse.OPTIONAL)
)
async def start(request: Request) -> Response:
    """Opens the call and its case, and says who rings: stays, preferences, notes."""
    visit = await enter(request)
    body = await visit.body(CallBody)
    work = start_call_once(visit.desk, visit.actor, body.start(), visit.key())
    return await visit.write(work, status=201, place=PLACE, name="call_id")


@router.post(
    f"{PLACE}/{{call_id}}/end",
    **operation("endCall", "End a call", CallEnded, body=CallEndBody, key=KeyUse.OPTIONAL),
)
async def end(request: Request, call_id: str) -> Response:
    """With an outcome; a lost call with its reason, a follow-up with its day."""
    visit = await enter(request)
    body = await visit.body(CallEndBody)
    return await visit.write(end_call_once(visit.desk, visit.actor, call_id, body.end(), visit.key()))


@router.get(PLACE, **operation("listCalls", "List calls", Calls))
async def listed(request: Request, query: Annotated[CallQuery, Query()]) -> Response:
    """Newest first; an operator sees his own."""
    visit = await enter(request)
    hotel_id = visit.desk.hotel(query.hotel).hotel_id if query.hotel else None
    found = await list_calls(visit.desk, visit.actor, hotel_id, query.limit, open_only=query.open)
    return reply({"calls": [call_body(one) for one in found]})
