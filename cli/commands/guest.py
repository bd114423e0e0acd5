"""`santral guest`: profiles of people, found by every spelling of a telephone number or name."""

from typer import Context

from cli.answers import written
from cli.context import session_of
from cli.fields import with_fields
from cli.nouns import verbs
from cli.options import Verb
from cli.parameters import Email, GuestId, Key, Limit, Name, NoteText, Phone
from cli.screens import people
from cli.wishes import GuestFields, guest_card
from integration.usecases.keyed_writes import create_guest_once, note_guest_once, update_guest_once
from integration.usecases.recognise_guest import GuestQuestion, find_guests, show_guest
from integration.usecases.views import guests_body, whole_guest_body
from integration.usecases.write_guest import clean_note, profile_of

app = verbs()


@app.command(cls=Verb)
@with_fields(GuestFields, "typed")
def create(ctx: Context, typed: GuestFields, key: Key = None) -> None:
    """Create a guest here and in the PMS, or find the one who has this number and name already."""
    session = session_of(ctx)
    card, actor = guest_card(typed), session.actor
    hotel = session.desk.hotel(session.hotel_id)
    profile_of(session.desk, card)
    request_key = session.request_key(key)
    answer = session.run(lambda desk: create_guest_once(desk, actor, hotel, card, request_key))
    session.show(written(answer, request_key), people.guest)


@app.command(cls=Verb)
@with_fields(GuestFields, "typed")
def update(ctx: Context, guest_id: GuestId, typed: GuestFields, key: Key = None) -> None:
    """Change what is typed about a guest, here and in the PMS."""
    session = session_of(ctx)
    card, actor = guest_card(typed), session.actor
    hotel = session.desk.hotel(session.hotel_id)
    request_key = session.request_key(key)
    answer = session.run(lambda desk: update_guest_once(desk, actor, hotel, guest_id, card, request_key))
    session.show(written(answer, request_key), people.guest)


@app.command(cls=Verb)
def note(ctx: Context, guest_id: GuestId, text: NoteText, key: Key = None) -> None:
    """Keep a note on a guest, here and on the PMS profile."""
    session = session_of(ctx)
    hotel = session.desk.hotel(session.hotel_id)
    clean_note(text)
    request_key = session.request_key(key)
    answer = session.run(lambda desk: note_guest_once(desk, session.actor, hotel, guest_id, text, request_key))
    session.show(written(answer, request_key), people.noted)


@app.command(cls=Verb)
def find(ctx: Context, phone: Phone = None, email: Email = None, name: Name = None, limit: Limit = 20) -> None:
    """Find guests by telephone number, e-mail address or name, here and in the PMS."""
    session = session_of(ctx)
    hotel = session.desk.hotel(session.hotel_id)
    question = GuestQuestion(phone, email, name, limit)
    found = session.run(lambda desk: find_guests(desk, session.actor, hotel, question))
    down_since = session.desk.line.down_since(hotel.hotel_id)
    session.show(guests_body(found, session.actor, down_since), people.guests, rows="guests")


@app.command(cls=Verb)
def show(ctx: Context, guest_id: GuestId) -> None:
    """One guest with stays, preferences and notes."""
    session = session_of(ctx)
    hotel = session.desk.hotel(session.hotel_id)
    card = session.run(lambda desk: show_guest(desk, session.actor, guest_id, hotel))
    session.show(whole_guest_body(card, session.actor), people.guest)
