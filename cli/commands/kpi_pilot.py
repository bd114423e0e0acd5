"""`santral kpi pilot`: thirty days of first response, handoff and resolution against targets."""

from typing import Annotated

from typer import Context, Option

from cli.context import session_of
from cli.nouns import verbs
from cli.options import Verb

app = verbs()


@app.command(cls=Verb)
def start(
    ctx: Context,
    since: Annotated[
        str | None, Option("--from", metavar="DAY", help="First day, YYYY-MM-DD; default: today.", show_default=False)
    ] = None,
) -> None:
    """Begin a pilot of thirty days; refused while one runs. For supervisors."""
    from cli.inputs import a_day_or_none
    from cli.screens.kpi_routine import pilot as screen
    from integration.usecases.kpi_pilot import start_pilot

    session = session_of(ctx)
    first = a_day_or_none(since, "from")
    session.show(
        session.run(lambda desk: start_pilot(desk, session.actor, session.hotel_id, first)), screen, rows="rows"
    )


@app.command(cls=Verb)
def status(ctx: Context) -> None:
    """Day n of thirty, each channel against its targets, the worst bottleneck first."""
    from cli.screens.kpi_routine import pilot as screen
    from integration.usecases.kpi_pilot import pilot_status

    session = session_of(ctx)
    session.show(session.run(lambda desk: pilot_status(desk, session.actor, session.hotel_id)), screen, rows="rows")
