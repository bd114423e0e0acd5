"""`santral pms channel`: the stand-ins of the channels' providers, served, looked into and told what to do.

They play WhatsApp, Instagram, SMS senders, Booking.com, payment providers and a mail server on this machine; nothing
they are sent leaves it. Their state is `<home>/channels.sqlite`.
"""

from typing import Annotated, Literal

from typer import Argument, Context, Option

from cli.channel_desk import called_back, memory_of, reported, serve_stand_ins, written_in_queue
from cli.context import session_of
from cli.nouns import verbs
from cli.options import Verb
from cli.parameters import Host, Port
from cli.screens import stand_ins
from domain.errors import InvalidInput

app = verbs()
Provider = Annotated[
    str | None, Option("--provider", help="Only this one (whatsapp, netgsm, smtp, ...).", show_default=False)
]


@app.command(cls=Verb)
def serve(
    ctx: Context,
    host: Host = "127.0.0.1",
    port: Port = 8702,
    mail_port: Annotated[
        int, Option("--mail-port", help="Port that takes mail; 0 takes any free one.", min=0, max=65535)
    ] = 0,
) -> None:
    """Serve the stand-ins on this machine; the first line on stdout is their address."""
    session = session_of(ctx)
    serve_stand_ins(session.settings, host, port, mail_port, session.announce)


@app.command(cls=Verb)
def sent(
    ctx: Context,
    provider: Provider = None,
    since: Annotated[int, Option("--since", help="Only messages after this number.", min=0)] = 0,
) -> None:
    """What the stand-ins were sent, oldest first."""
    session = session_of(ctx)
    with memory_of(session.settings) as memory:
        rows = [stand_ins.sent_body(one) for one in memory.sent(provider, since=since)]
        links = [stand_ins.link_body(one) for one in memory.links(provider)]
    session.show({"sent": rows, "links": links}, stand_ins.sent, rows="sent")


@app.command(cls=Verb)
def fault(
    ctx: Context,
    provider: Annotated[str, Argument(metavar="PROVIDER", help="whatsapp, instagram, netgsm, verimor, smtp, ...")],
    kind: Annotated[str, Argument(metavar="KIND", help="429, 500, 500_after, lost_answer or refused.")],
    times: Annotated[int, Option("--times", help="How many requests it strikes.", min=1)] = 1,
    detail: Annotated[str, Option("--detail", help="With refused: the provider's own code.")] = "",
) -> None:
    """Let the next requests to a provider fail."""
    session = session_of(ctx)
    with memory_of(session.settings) as memory:
        try:
            memory.add_fault(provider, kind, times=times, detail=detail)
        except ValueError as error:
            raise InvalidInput("There is no such provider or fault.", hint=str(error), field="kind") from error
    session.show({"provider": provider, "kind": kind, "times": times, "detail": detail}, stand_ins.armed)


@app.command(cls=Verb)
def pay(
    ctx: Context,
    token: Annotated[str, Argument(metavar="TOKEN", help="Token of a payment link.", show_default=False)],
    to: Annotated[
        str | None,
        Option("--to", help="URL of the service's hook that is told, on this machine.", show_default=False),
    ] = None,
) -> None:
    """Pay a link as a guest would, and tell the service by the provider's signed notice."""
    session = session_of(ctx)
    session.show(called_back(session.settings, token, to), stand_ins.paid)


@app.command(cls=Verb)
def report(
    ctx: Context,
    number: Annotated[int, Argument(metavar="NUMBER", help="Number of a short message, as `sent` shows it.")],
    status: Annotated[
        Literal["delivered", "failed", "expired"], Option("--status", help="What became of it.")
    ] = "delivered",
    to: Annotated[
        str | None,
        Option("--to", help="URL of the service's hook that is told (Verimor), on this machine.", show_default=False),
    ] = None,
) -> None:
    """Say what became of a short message: to whoever asks, and with --to by a post."""
    session = session_of(ctx)
    session.show(reported(session.settings, number, status, to), stand_ins.reported)


@app.command(cls=Verb)
def write(
    ctx: Context,
    text: Annotated[str, Argument(metavar="TEXT", help="What the guest writes.", show_default=False)],
    reservation: Annotated[str, Option("--reservation", help="Booking.com's number of his stay.")] = "3812391309",
) -> None:
    """A guest writes at Booking.com; it waits in the queue until it is fetched and confirmed."""
    session = session_of(ctx)
    session.show(written_in_queue(session.settings, text, reservation), stand_ins.written)
