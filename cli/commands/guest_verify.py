"""`santral guest verify`: a code proves that a number or address is the guest's."""

from typing import Annotated

from typer import Context, Option

from cli.answers import written
from cli.context import session_of
from cli.inputs import a_channel
from cli.nouns import verbs
from cli.options import Verb
from cli.parameters import Email, GuestId, Key, Phone
from cli.screens import messages
from integration.usecases.address_wish import AddressWish
from integration.usecases.check_code import check_code
from integration.usecases.send_code import send_code

app = verbs()


@app.command(cls=Verb)
def verify(
    ctx: Context,
    guest_id: GuestId,
    phone: Phone = None,
    email: Email = None,
    via: Annotated[
        str | None,
        Option("--via", help="sms or whatsapp to a number, email to an address.", show_default=False),
    ] = None,
    code: Annotated[
        str | None, Option("--code", help="What the guest read back; without it a code is sent.", show_default=False)
    ] = None,
    key: Key = None,
) -> None:
    """Send a code to a number or address of a guest; then type with --code what the guest reads back."""
    session = session_of(ctx)
    wish = AddressWish(phone, email, a_channel(via) if via is not None else None, session.hotel_id)
    request_key = session.request_key(key)
    if code is None:
        sent = session.run(lambda desk: send_code(desk, session.actor, guest_id, wish, request_key))
        return session.show(written(sent, request_key), messages.code_sent)
    proven = session.run(lambda desk: check_code(desk, session.actor, guest_id, wish, code, request_key))
    return session.show(written(proven, request_key), messages.proven)
