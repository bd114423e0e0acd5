"""`santral channel`: what came in from outside, taken in again."""

from typing import Annotated

from typer import Context, Option

from cli.context import session_of
from cli.inputs import an_instant
from cli.nouns import verbs
from cli.options import Verb
from cli.screens import channels
from domain.contact import Channel
from integration.usecases.desk import Desk
from integration.usecases.replay_intake import Which, replay_intake

app = verbs()


@app.command(cls=Verb)
def replay(
    ctx: Context,
    delivery: Annotated[
        str | None, Option("--delivery", help="One delivery (dlv_...).", metavar="ID", show_default=False)
    ] = None,
    channel: Annotated[Channel | None, Option("--channel", help="Only of this channel.", show_default=False)] = None,
    since: Annotated[
        str | None, Option("--from", help="Begin of the span, in the hotel's time.", show_default=False)
    ] = None,
    until: Annotated[str | None, Option("--to", help="End of the span, not part of it.", show_default=False)] = None,
) -> None:
    """Take stored deliveries in again; what has had its effect has no second one."""
    session = session_of(ctx)
    body = session.run(
        lambda desk: replay_intake(desk, session.actor, _which(desk, session.hotel_id, delivery, channel, since, until))
    )
    session.show(body, channels.replayed, rows="left")


def _which(
    desk: Desk, hotel_id: str | None, delivery: str | None, channel: Channel | None, since: str | None,
    until: str | None,
) -> Which:  # fmt: skip
    zone, now = desk.hotel(hotel_id or next(iter(desk.hotels))).zone, desk.clock.now()
    return Which(
        delivery,
        channel,
        an_instant(since, now, zone, "from") if since is not None else None,
        an_instant(until, now, zone, "to") if until is not None else None,
    )
