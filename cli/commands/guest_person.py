"""`santral guest merge|unmerge|person`: which files are one person, why, and taking them apart again."""

from typing import Annotated

from typer import Argument, Context, Option

from cli.answers import written
from cli.context import session_of
from cli.nouns import verbs
from cli.options import Verb
from cli.parameters import GuestId, Key
from cli.screens import persons
from integration.usecases.merge_guests import show_person
from integration.usecases.merge_once import merge_guests_once, unmerge_guest_once
from integration.usecases.person_views import person_body

app = verbs()
Other = Annotated[str, Argument(metavar="OTHER_ID", help="Another guest id (gst_...).", show_default=False)]
Reason = Annotated[str, Option("--reason", help="Why, in a sentence; it is kept.", show_default=False)]


@app.command(cls=Verb)
def merge(ctx: Context, guest_id: GuestId, other: Other, reason: Reason, key: Key = None) -> None:
    """Say that two guests are one person, for supervisors. It can be undone at any time."""
    session = session_of(ctx)
    request_key = session.request_key(key)
    answer = session.run(lambda desk: merge_guests_once(desk, session.actor, guest_id, other, reason, request_key))
    session.show(written(answer, request_key), persons.merge)


@app.command(cls=Verb)
def unmerge(ctx: Context, guest_id: GuestId, reason: Reason, key: Key = None) -> None:
    """Take a guest out of the person he was merged into; each message goes back to whom it is from."""
    session = session_of(ctx)
    request_key = session.request_key(key)
    answer = session.run(lambda desk: unmerge_guest_once(desk, session.actor, guest_id, reason, request_key))
    session.show(written(answer, request_key), persons.merge)


@app.command(cls=Verb)
def person(ctx: Context, guest_id: GuestId) -> None:
    """Who a guest is: files, how each is known and who vouches for it, merges and suggestions."""
    session = session_of(ctx)
    found = session.run(lambda desk: show_person(desk, session.actor, guest_id))
    session.show(person_body(found, session.actor), persons.person, rows="files")
