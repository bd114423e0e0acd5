"""`santral offer`: what was offered, with notes and coded requests; and other sellers' prices, for the house only."""

from pathlib import Path
from typing import Annotated

from typer import Argument, Context, Option

from cli.answers import written
from cli.context import Body, session_of
from cli.inputs import codes
from cli.nouns import verbs
from cli.options import Verb
from cli.parameters import Key, Limit, OfferId, Requests
from cli.screens import quotes
from cli.texts import lines_of
from domain.access import Actor
from integration.usecases.desk import Desk
from integration.usecases.keyed_writes import note_offer_once
from integration.usecases.look_up import import_other_rates, list_offers, show_offer
from integration.usecases.quote_view import offer_body

app = verbs()


@app.command("list", cls=Verb)
def list_(
    ctx: Context,
    call: Annotated[str | None, Option("--call", help="Only of this call.", show_default=False)] = None,
    limit: Limit = 50,
) -> None:
    """Offers, newest first."""
    session = session_of(ctx)
    found = session.run(lambda desk: list_offers(desk, session.actor, call, limit))
    session.show({"offers": [offer_body(session.desk, one) for one in found]}, quotes.offers, rows="offers")


@app.command(cls=Verb)
def show(ctx: Context, offer_id: OfferId) -> None:
    """One offer with its notes."""
    session = session_of(ctx)
    session.show(session.run(lambda desk: _shown(desk, session.actor, offer_id)), quotes.quote, rows="choices")


async def _shown(desk: Desk, actor: Actor, offer_id: str) -> Body:
    offer, notes = await show_offer(desk, actor, offer_id)
    return offer_body(desk, offer, tuple(notes))


@app.command(cls=Verb)
def note(
    ctx: Context,
    offer_id: OfferId,
    text: Annotated[str | None, Argument(metavar="[TEXT]", help="What to keep.", show_default=False)] = None,
    request: Requests = None,
    key: Key = None,
) -> None:
    """Keep a note and coded special requests on an offer."""
    session = session_of(ctx)
    request_key, requests = session.request_key(key), codes(request)
    answer = session.run(lambda desk: note_offer_once(desk, session.actor, offer_id, text, requests, request_key))
    session.show(written(answer, request_key), quotes.quote, rows="choices")


@app.command("import-rates", cls=Verb)
def import_rates(
    ctx: Context,
    file: Annotated[
        Path, Argument(metavar="FILE", help="CSV: seller,stay_on,room_type,board,amount,currency,seen_on.")
    ],
) -> None:
    """Bring in other sellers' prices, for the house's own comparison; all or nothing."""
    session = session_of(ctx)
    hotel = session.desk.hotel(session.hotel_id)
    lines = lines_of(file)
    kept = session.run(lambda desk: import_other_rates(desk, session.actor, hotel, lines, file.name))
    session.show({"hotel_id": hotel.hotel_id, "ok": kept, "failed": 0}, quotes.imported)
