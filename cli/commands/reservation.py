"""`santral reservation`: look up. Selling is in `reservation_sale`, what comes after in `reservation_moves`."""

from typing import Annotated

from typer import Context, Option

from cli.context import session_of
from cli.fields import with_fields
from cli.nouns import verbs
from cli.options import Verb
from cli.parameters import ReservationId
from cli.screens import reservations
from cli.searches import SearchFields, search_of
from integration.usecases.look_up import list_reservations, show_reservation
from integration.usecases.office_views import life_body, listing_body, reservation_file

app = verbs()


@app.command(cls=Verb)
def show(
    ctx: Context,
    reservation_id: ReservationId,
    live: Annotated[bool, Option("--live", help="Also read it in the PMS.")] = False,
) -> None:
    """One reservation with its guest, notes and history."""
    session = session_of(ctx)
    body = session.run(lambda desk: reservation_file(desk, session.actor, reservation_id, live=live))
    session.show(body, reservations.reservation)


@app.command(cls=Verb)
def history(ctx: Context, reservation_id: ReservationId) -> None:
    """What happened to a reservation."""
    session = session_of(ctx)
    found = session.run(lambda desk: show_reservation(desk, session.actor, reservation_id))
    session.show(life_body(found), reservations.history, rows="history")


@app.command("list", cls=Verb)
@with_fields(SearchFields, "typed")
def list_(ctx: Context, typed: SearchFields) -> None:
    """Reservations, newest first."""
    session = session_of(ctx)
    search = search_of(typed, session.hotel_id)
    found = session.run(lambda desk: list_reservations(desk, session.actor, search))
    body = listing_body(found, search.limit, session.desk.clock.now())
    session.show(body, reservations.listing, rows="reservations")
