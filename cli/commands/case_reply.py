"""`santral case reply`: an answer goes out to the guest."""

from typing import Annotated

from typer import Argument, Context, Option

from cli.answers import written
from cli.context import session_of
from cli.inputs import a_channel
from cli.nouns import verbs
from cli.options import Verb
from cli.parameters import Key
from cli.screens import messages
from integration.usecases.reply_case import reply_case

app = verbs()


@app.command(cls=Verb)
def reply(
    ctx: Context,
    case_id: Annotated[str, Argument(metavar="ID", help="Case id (cas_...).", show_default=False)],
    text: Annotated[str, Option("--text", help="What to write.", show_default=False)],
    via: Annotated[
        str | None,
        Option("--via", help="Channel; default: the one the guest wrote on last.", show_default=False),
    ] = None,
    key: Key = None,
) -> None:
    """Answer the guest on the channel he wrote on."""
    session = session_of(ctx)
    request_key, channel = session.request_key(key), a_channel(via) if via is not None else None
    answer = session.run(lambda desk: reply_case(desk, session.actor, case_id, text, request_key, channel))
    session.show(written(answer, request_key), messages.sending)
