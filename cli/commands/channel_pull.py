"""`santral channel pull`: mailboxes and queues that are fetched from, now."""

from typing import Annotated

from typer import Argument, Context, Exit

from cli.context import session_of
from cli.exit_codes import ExitCode
from cli.nouns import verbs
from cli.options import Verb
from cli.screens import pulls
from integration.usecases.pull_now import ELSEWHERE, pull_now

app = verbs()


@app.command(cls=Verb)
def pull(
    ctx: Context,
    name: Annotated[
        str | None, Argument(metavar="[NAME]", help="One source of channels.toml; default: each.", show_default=False)
    ] = None,
) -> None:
    """Fetch from mailboxes and OTA queues and take in what came. Exit code 5 when one of them failed."""
    session = session_of(ctx)
    body = session.run(lambda desk: pull_now(desk, session.actor, name))
    session.show(body, pulls.pulled, rows="sources")
    if any(one["problem"] not in {None, ELSEWHERE} for one in body["sources"]):
        raise Exit(ExitCode.UNAVAILABLE)
