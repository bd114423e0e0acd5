"""`santral offer send`: an offer goes out to the guest."""

from typer import Context

from cli.answers import written
from cli.context import session_of
from cli.inputs import a_channel
from cli.nouns import verbs
from cli.options import Verb
from cli.parameters import Key, OfferId, Via
from cli.screens import messages
from integration.usecases.send_offer import send_offer

app = verbs()


@app.command(cls=Verb)
def send(ctx: Context, offer_id: OfferId, via: Via, key: Key = None) -> None:
    """Send an offer to the guest, in the guest's language."""
    session = session_of(ctx)
    request_key, channel = session.request_key(key), a_channel(via)
    answer = session.run(lambda desk: send_offer(desk, session.actor, offer_id, channel, request_key))
    session.show(written(answer, request_key), messages.sending)
