"""`santral guest consent`: what a guest allows, and takes back."""

from typing import Annotated

from typer import Context, Option

from cli.answers import written
from cli.context import session_of
from cli.inputs import a_channel, a_consent
from cli.nouns import verbs
from cli.options import Verb
from cli.parameters import GuestId, Key, Via
from cli.screens import messages
from integration.usecases.consents import BY_TELEPHONE, ConsentWish, keep_consent

app = verbs()


@app.command(cls=Verb)
def consent(
    ctx: Context,
    guest_id: GuestId,
    via: Via,
    state: Annotated[str, Option("--state", help="granted or withdrawn.", show_default=False)],
    source: Annotated[str, Option("--source", help="How it was said, in the registry's words.")] = BY_TELEPHONE,
    evidence: Annotated[str, Option("--evidence", help="Where the proof lies.")] = "",
    key: Key = None,
) -> None:
    """Keep that a guest allowed advertisements by a channel, or took it back."""
    session = session_of(ctx)
    request_key, wish = session.request_key(key), ConsentWish(a_channel(via), a_consent(state), source, evidence)
    answer = session.run(lambda desk: keep_consent(desk, session.actor, guest_id, wish, request_key))
    session.show(written(answer, request_key), messages.consents, rows="consents")
