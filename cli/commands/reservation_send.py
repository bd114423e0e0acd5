"""`santral reservation send|pay-link`: a summary or a payment link goes out to the guest."""

from typing import Annotated

from typer import Context, Option

from cli.answers import written
from cli.context import session_of
from cli.inputs import a_channel
from cli.nouns import verbs
from cli.options import Verb
from cli.parameters import Key, ReservationId, Via
from cli.screens import messages
from domain.money import Money
from integration.usecases.move_reservation import fetch
from integration.usecases.request_payment import request_payment
from integration.usecases.send_offer import send_summary

app = verbs()


@app.command(cls=Verb)
def send(ctx: Context, reservation_id: ReservationId, via: Via, key: Key = None) -> None:
    """Send the guest a summary of what is booked, in the guest's language."""
    session = session_of(ctx)
    request_key, channel = session.request_key(key), a_channel(via)
    answer = session.run(lambda desk: send_summary(desk, session.actor, reservation_id, channel, request_key))
    session.show(written(answer, request_key), messages.sending)


@app.command("pay-link", cls=Verb)
def pay_link(
    ctx: Context,
    reservation_id: ReservationId,
    via: Via,
    amount: Annotated[
        str | None, Option("--amount", help="How much; default: what the deposit lacks.", show_default=False)
    ] = None,
    key: Key = None,
) -> None:
    """Send the guest a payment link; a hold becomes an option whose end is the link's end."""
    session = session_of(ctx)
    request_key, channel = session.request_key(key), a_channel(via)
    one = session.run(lambda desk: fetch(desk, reservation_id))
    asked = Money.of(amount, one.total.currency) if amount is not None else None
    answer = session.run(lambda desk: request_payment(desk, session.actor, reservation_id, request_key, channel, asked))
    session.show(written(answer, request_key), messages.sending)
