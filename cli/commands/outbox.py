"""`santral outbox`: what is on its way out to guests, what was held back, and what did not arrive."""

from typing import Annotated

from typer import Argument, Context, Option

from cli.context import session_of
from cli.inputs import a_channel
from cli.nouns import verbs
from cli.options import Verb
from cli.parameters import Limit
from cli.screens import messages
from integration.ports.queue_records import OutgoingState
from integration.usecases.list_outgoing import OutgoingQuestion, list_outgoing, show_outgoing

app = verbs()


@app.command("list", cls=Verb)
def list_(
    ctx: Context,
    state: Annotated[
        OutgoingState | None, Option("--state", help="Only those that stand so.", show_default=False)
    ] = None,
    case_id: Annotated[
        str | None, Option("--case", help="Only of this case.", metavar="ID", show_default=False)
    ] = None,
    via: Annotated[str | None, Option("--via", help="Only by this channel.", show_default=False)] = None,
    after: Annotated[str | None, Option("--after", help="Go on behind this id.", show_default=False)] = None,
    limit: Limit = 50,
) -> None:
    """Messages, newest first, and how they stand."""
    session = session_of(ctx)
    channel = a_channel(via) if via is not None else None
    asked = OutgoingQuestion(session.hotel_id, state, case_id, channel, after, limit)
    body = session.run(lambda desk: list_outgoing(desk, session.actor, asked))
    session.show(body, messages.outbox, rows="outgoing")


@app.command(cls=Verb)
def show(
    ctx: Context,
    outbox_id: Annotated[str, Argument(metavar="ID", help="Message id (out_...).", show_default=False)],
) -> None:
    """One message, and what is written in it."""
    session = session_of(ctx)
    session.show(session.run(lambda desk: show_outgoing(desk, session.actor, outbox_id)), messages.outgoing)
