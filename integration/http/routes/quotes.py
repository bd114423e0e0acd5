"""Quote: the hot path. One read of the body, one use case, one encoding."""

from fastapi import APIRouter, Request, Response

from integration.http.bodies import QuoteBody
from integration.http.describe import operation
from integration.http.direct import DirectRoute
from integration.http.languages import language_of
from integration.http.shapes.offers import Quote
from integration.http.visit import enter, reply
from integration.usecases.quote_stay import quote_stay
from integration.usecases.quote_view import quote_body

router = APIRouter(route_class=DirectRoute)


@router.post("/v1/quotes", **operation("quote", "Price a stay", Quote, body=QuoteBody))
async def quote(request: Request) -> Response:
    """Live price and availability as two or three choices; what does not sell, why, and what else there is. The price
    of a choice is kept until `valid_until`.
    """
    visit = await enter(request)
    body = await visit.body(QuoteBody)
    reader = language_of(request.headers.get("accept-language", ""))
    found = await quote_stay(visit.desk, visit.actor, body.wish(reader))
    return reply(quote_body(visit.desk, found, visit.actor, reader))
