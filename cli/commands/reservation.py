"""`santral reservation`: look up. Selling is in `reservation_sale`, what comes after in `reservation_moves`."""

from typing import Annotated

from typer import Context, Option

from cli.answers import with_guest
from cli.context import session_of
from cli.fields import with_fields
from cli.nouns import verbs
from cli.options import Verb
from cli.parameters import ReservationId
from cli.screens import reservations
from cli.searches import SearchFields, search_of
from integration.usecases.look_up import list_reservations, show_reservation
from integration.usecases.views import history_body, reservation_body

app = verbs()


@app.command(cls=Verb)
def show(
    ctx: Context,
    reservation_id: ReservationId,
    live: Annotated[bool, Option("--live", help="Also read it in the PMS.")] = False,
) -> None:
    """One reservation with its guest, notes and history."""
    session = session_of(ctx)
    body = session.run(
        lambda desk: with_guest(desk, session.actor, show_reservation(desk, session.actor, reservation_id, live=live))
    )
    session.show(body, reservations.reservation)


@app.command(cls=Verb)
def history(ctx: Context, reservation_id: ReservationId) -> None:
    """What happened to a reservation."""
    session = session_of(ctx)
    found = session.run(lambda desk: show_reservation(desk, session.actor, reservation_id))
    lines = [history_body(line) for line in found.history]
    one = found.reservation
    body = {"reservation_id": one.reservation_id, "hotel_id": one.hotel_id, "status": one.state.value, "history": lines}
    session.show(body, reservations.history, rows="history")


@app.command("list", cls=Verb)
@with_fields(SearchFields, "typed")
def list_(ctx: Context, typed: SearchFields) -> None:
    """Reservations, newest first."""
    session = session_of(ctx)
    search = search_of(typed, session.hotel_id)
    found = session.run(lambda desk: list_reservations(desk, session.actor, search))
    session.show({"reservations": [reservation_body(one) for one in found]}, reservations.listing, rows="reservations")
