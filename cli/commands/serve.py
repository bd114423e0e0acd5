"""`santral serve`: the integration service."""

from dataclasses import replace
from typing import Annotated

from typer import Context, Option

from cli.context import session_of
from cli.nouns import verbs
from cli.options import Verb
from cli.parameters import Host, Port
from integration.usecases.marks import N_

app = verbs()


@app.command(cls=Verb)
def serve(
    ctx: Context,
    host: Host = "127.0.0.1",
    port: Port = 8700,
    workers: Annotated[
        int | None,
        Option("--workers", help="Processes; default: SANTRAL_WORKERS, else 1.", min=1, max=64, show_default=False),
    ] = None,
) -> None:
    """Run the integration service; the first line on stdout is its address."""
    from cli.service import check_mappings
    from cli.serving import serve as serve_until_stopped

    session = session_of(ctx)
    settings = replace(session.settings, workers=workers or session.settings.workers)
    unread = session.run(check_mappings)
    if unread:
        session.talk(N_("The PMS of {hotels} could not be asked; starting all the same."), hotels=", ".join(unread))
    session.close()
    serve_until_stopped(settings, host, port, session.announce)
