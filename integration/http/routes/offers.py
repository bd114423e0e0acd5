"""Offers: what was offered, with notes and coded special requests."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from integration.http.describe import KeyUse, operation
from integration.http.people_bodies import OfferNoteBody
from integration.http.queries import OfferQuery
from integration.http.shapes.offers import Offer, OfferNoted, Offers
from integration.http.visit import enter, reply
from integration.usecases.keyed_writes import note_offer_once
from integration.usecases.look_up import list_offers, show_offer
from integration.usecases.quote_view import offer_body

router = APIRouter()


@router.get("/v1/offers", **operation("listOffers", "List offers", Offers))
async def offers(request: Request, query: Annotated[OfferQuery, Query()]) -> Response:
    """Newest first; of one call when it is named."""
    visit = await enter(request)
    found = await list_offers(visit.desk, visit.actor, query.call_id, query.limit)
    return reply({"offers": [offer_body(visit.desk, one) for one in found]})


@router.get("/v1/offers/{offer_id}", **operation("showOffer", "Show an offer", Offer))
async def offer(request: Request, offer_id: str) -> Response:
    """One offer with its notes, without what only the house may see."""
    visit = await enter(request)
    found, notes = await show_offer(visit.desk, visit.actor, offer_id)
    return reply(offer_body(visit.desk, found, tuple(notes)))


@router.post(
    "/v1/offers/{offer_id}/note",
    **operation("noteOffer", "Note on an offer", OfferNoted, body=OfferNoteBody, key=KeyUse.OPTIONAL),
)
async def note(request: Request, offer_id: str) -> Response:
    """Keep a note and coded special requests on an offer."""
    visit = await enter(request)
    body = await visit.body(OfferNoteBody)
    work = note_offer_once(visit.desk, visit.actor, offer_id, body.text, body.requests, visit.key())
    return await visit.write(work)
