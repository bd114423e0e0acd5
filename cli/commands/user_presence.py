"""`santral user presence`: who is at the desk."""

from typing import Annotated

from typer import Argument, Context, Option

from cli.context import session_of
from cli.inputs import a_length
from cli.nouns import verbs
from cli.options import Verb
from cli.screens import presence as screens
from domain.errors import InvalidInput
from domain.presence import PresenceState
from integration.usecases.presence import list_presence
from integration.usecases.set_presence import PresenceWish, set_presence

app = verbs()


@app.command(cls=Verb)
def presence(
    ctx: Context,
    name: Annotated[
        str | None, Argument(metavar="[NAME]", help="Whose; default: one's own.", show_default=False)
    ] = None,
    state: Annotated[
        PresenceState | None, Option("--state", help="At the desk, on a break, or gone.", show_default=False)
    ] = None,
    lasts: Annotated[str, Option("--for", help="How long it holds unless it is said again: 15m, 8h.")] = "15m",
    language: Annotated[
        list[str] | None,
        Option("--language", help="A language he speaks; may be repeated. None ever said: any.", show_default=False),
    ] = None,
) -> None:
    """Say who is at the desk; alone, show it. A guest is offered only to who is available and speaks his language."""
    session = session_of(ctx)
    if state is None:
        if name is not None or language:
            raise InvalidInput("Say how the agent stands.", hint="--state available", field="state")
        body = session.run(lambda desk: list_presence(desk, session.actor))
        return session.show(body, screens.agents, rows="agents")
    wish = PresenceWish(state, name, a_length(lasts, "for"), tuple(language) if language else None)
    body = session.run(lambda desk: set_presence(desk, session.actor, wish))
    return session.show(body, screens.agent)
