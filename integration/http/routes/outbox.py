"""What is on its way out to guests, what was held back, and what did not arrive."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from domain.contact import Channel
from integration.http.describe import operation
from integration.http.fields import Code
from integration.http.queries import AfterQuery
from integration.http.shapes.messages import OutgoingFile, Outgoings
from integration.http.visit import enter, reply
from integration.ports.queue_records import OutgoingState
from integration.usecases.list_outgoing import OutgoingQuestion, list_outgoing, show_outgoing

router = APIRouter()


class OutboxQuery(AfterQuery):
    """Which messages: by hotel, by how they stand, of a case, by a channel."""

    hotel: Code | None = None
    state: OutgoingState | None = None
    case_id: Code | None = None
    channel: Channel | None = None

    def question(self) -> OutgoingQuestion:
        """As the use case takes it."""
        return OutgoingQuestion(self.hotel, self.state, self.case_id, self.channel, self.after, self.limit)


@router.get("/v1/outbox", **operation("listOutgoing", "What goes out", Outgoings))
async def outbox(request: Request, query: Annotated[OutboxQuery, Query()]) -> Response:
    """Messages, newest first, and how they stand; `state=held` for those that may not leave."""
    visit = await enter(request)
    return reply(await list_outgoing(visit.desk, visit.actor, query.question()))


@router.get("/v1/outbox/{outbox_id}", **operation("showOutgoing", "One message", OutgoingFile))
async def message(request: Request, outbox_id: str) -> Response:
    """One message, and what is written in it."""
    visit = await enter(request)
    return reply(await show_outgoing(visit.desk, visit.actor, outbox_id))
