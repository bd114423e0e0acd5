"""Calls: start pops the caller, end needs a result."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from integration.http.describe import operation
from integration.http.people_bodies import CallBody, CallEndBody
from integration.http.queries import CallQuery
from integration.http.shapes.people import CallEnded, Calls, CallStarted
from integration.http.visit import enter, reply
from integration.usecases.look_up import list_calls
from integration.usecases.take_calls import end_call, start_call
from integration.usecases.views import call_body, card_body

router = APIRouter()
PLACE = "/v1/calls"


@router.post(PLACE, **operation("startCall", "Start a call", CallStarted, body=CallBody, status=201))
async def start(request: Request) -> Response:
    """Opens the call and its case, and says who rings: stays, preferences, notes."""
    visit = await enter(request)
    body = await visit.body(CallBody)
    call, card = await visit.finish(start_call(visit.desk, visit.actor, body.start()))
    shown = card_body(card, visit.actor)
    answer = {**call_body(call), **shown, "history": shown["stays"]}
    visit.log(call_body(call))
    return reply(answer, 201, {"Location": f"{PLACE}/{call.call_id}"})


@router.post(f"{PLACE}/{{call_id}}/end", **operation("endCall", "End a call", CallEnded, body=CallEndBody))
async def end(request: Request, call_id: str) -> Response:
    """With an outcome; a lost call with its reason, a follow-up with its day."""
    visit = await enter(request)
    body = await visit.body(CallEndBody)
    call, case = await visit.finish(end_call(visit.desk, visit.actor, call_id, body.end()))
    visit.log(call_body(call), outcome=body.outcome.value)
    return reply(call_body(call, case))


@router.get(PLACE, **operation("listCalls", "List calls", Calls))
async def listed(request: Request, query: Annotated[CallQuery, Query()]) -> Response:
    """Newest first; an operator sees his own."""
    visit = await enter(request)
    hotel_id = visit.desk.hotel(query.hotel).hotel_id if query.hotel else None
    found = await list_calls(visit.desk, visit.actor, hotel_id, query.limit, open_only=query.open)
    return reply({"calls": [call_body(one) for one in found]})
