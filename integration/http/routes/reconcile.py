"""Our reservations and the PMS's, compared both ways."""

import asyncio
from contextlib import suppress
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from integration.http.describe import operation
from integration.http.fields import Code, body_config
from integration.http.queries import HotelQuery
from integration.http.shapes.reconcile import Comparison
from integration.http.visit import enter, reply
from integration.usecases.reconcile import ReconcileWish, reconcile
from integration.usecases.reconcile_views import MOST, comparison_body, show_comparison

router = APIRouter()
PLACE = "/v1/reconcile"
WAIT_S = 25.0


class ReconcileBody(BaseModel):
    """Arrivals on both days included; from a week ago to two years ahead by default. `again`: do not go on with a run
    that was cut short.
    """

    model_config = body_config(arrival_from="2027-07-01", arrival_to="2027-07-31", repair=False)

    hotel: Code | None = None
    arrival_from: date | None = None
    arrival_to: date | None = None
    repair: bool = False
    again: bool = False

    def wish(self) -> ReconcileWish:
        """As the use case takes it."""
        return ReconcileWish(self.hotel, self.arrival_from, self.arrival_to, self.repair, self.again)


class ReconcileQuery(HotelQuery):
    """A comparison by id, else the newest of the hotel; findings behind line `after`."""

    comparison_id: Code | None = None
    after: Annotated[int, Field(ge=0)] = 0
    limit: Annotated[int, Field(ge=1, le=MOST)] = MOST


@router.post(PLACE, **operation("reconcile", "Compare with the PMS", Comparison, body=ReconcileBody))
async def compare(request: Request) -> Response:
    """Compare, and with `repair` mend what differs (the PMS wins); for supervisors. A long one goes on by itself and
    answers `unfinished`: ask for it by its id.
    """
    visit = await enter(request)
    wish = (await visit.body(ReconcileBody)).wish()
    running = asyncio.ensure_future(visit.finish(reconcile(visit.desk, visit.actor, wish)))
    running.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
    with suppress(TimeoutError):
        done = await asyncio.wait_for(asyncio.shield(running), WAIT_S)
        return reply(await comparison_body(visit.desk, done))
    return reply(await show_comparison(visit.desk, visit.actor, wish.hotel_id, None))


@router.get(PLACE, **operation("showReconcile", "What a comparison found", Comparison))
async def show(request: Request, query: Annotated[ReconcileQuery, Query()]) -> Response:
    """The newest comparison of a hotel, or one by its id; for supervisors."""
    visit = await enter(request)
    found = await show_comparison(
        visit.desk, visit.actor, query.hotel, query.comparison_id, after=query.after, limit=query.limit
    )
    return reply(found)
