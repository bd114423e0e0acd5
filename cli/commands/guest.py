"""`santral guest`: profiles of people, found by every spelling of a telephone number or name."""

from typer import Context

from cli.answers import whole_guest, with_card
from cli.context import session_of
from cli.fields import with_fields
from cli.nouns import verbs
from cli.options import Verb
from cli.parameters import Email, GuestId, Limit, Name, NoteText, Phone
from cli.screens import people
from cli.wishes import GuestFields, guest_card
from integration.usecases.note_things import note_guest
from integration.usecases.recognise_guest import GuestQuestion, find_guests, show_guest
from integration.usecases.views import guest_body
from integration.usecases.write_guest import create_guest, update_guest

app = verbs()


@app.command(cls=Verb)
@with_fields(GuestFields, "typed")
def create(ctx: Context, typed: GuestFields) -> None:
    """Create a guest here and in the PMS, or find the one who has this number and name already."""
    session = session_of(ctx)
    card, actor = guest_card(typed), session.actor
    hotel = session.desk.hotel(session.hotel_id)
    body = session.run(lambda desk: with_card(desk, actor, hotel, create_guest(desk, actor, hotel, card)))
    session.show(body, people.guest)


@app.command(cls=Verb)
@with_fields(GuestFields, "typed")
def update(ctx: Context, guest_id: GuestId, typed: GuestFields) -> None:
    """Change what is typed about a guest, here and in the PMS."""
    session = session_of(ctx)
    card, actor = guest_card(typed), session.actor
    hotel = session.desk.hotel(session.hotel_id)
    body = session.run(lambda desk: with_card(desk, actor, hotel, update_guest(desk, actor, hotel, guest_id, card)))
    session.show(body, people.guest)


@app.command(cls=Verb)
def note(ctx: Context, guest_id: GuestId, text: NoteText) -> None:
    """Keep a note on a guest, here and on the PMS profile."""
    session = session_of(ctx)
    hotel = session.desk.hotel(session.hotel_id)
    noted = session.run(lambda desk: note_guest(desk, session.actor, hotel, guest_id, text))
    body = {"guest_id": guest_id, "text": text, "in_pms": noted.is_in_pms}
    session.show(body, people.noted)


@app.command(cls=Verb)
def find(ctx: Context, phone: Phone = None, email: Email = None, name: Name = None, limit: Limit = 20) -> None:
    """Find guests by telephone number, e-mail address or name, here and in the PMS."""
    session = session_of(ctx)
    hotel = session.desk.hotel(session.hotel_id)
    question = GuestQuestion(phone, email, name, limit)
    found = session.run(lambda desk: find_guests(desk, session.actor, hotel, question))
    session.show({"guests": [guest_body(one, session.actor) for one in found]}, people.guests, rows="guests")


@app.command(cls=Verb)
def show(ctx: Context, guest_id: GuestId) -> None:
    """One guest with stays, preferences and notes."""
    session = session_of(ctx)
    hotel = session.desk.hotel(session.hotel_id)
    card = session.run(lambda desk: show_guest(desk, session.actor, guest_id, hotel))
    session.show(whole_guest(card, session.actor), people.guest)
