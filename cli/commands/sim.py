"""`santral sim`: the season engine. `verify` holds it against exact results."""

from typing import Annotated

from typer import Context, Exit, Option

from cli.context import session_of
from cli.exit_codes import ExitCode
from cli.nouns import verbs
from cli.options import Verb

app = verbs()


@app.command(cls=Verb)
def verify(
    ctx: Context,
    quick: Annotated[bool, Option("--quick", help="Fewer cases and calls: seconds instead of minutes.")] = False,
    seed: Annotated[
        int | None, Option("--seed", help="Number everything is drawn from; default: 20270615.", show_default=False)
    ] = None,
) -> None:
    """Hold the engine against exact results; exit code 7 when a figure is more than 4 standard errors away."""
    from cli.screens import verifications
    from cli.sim_verify import verified

    session = session_of(ctx)
    body = verified(session, seed, quick=quick)
    session.show(body, verifications.table, rows="rows")
    if body["verdict"] != "pass":
        raise Exit(ExitCode.THRESHOLD)
