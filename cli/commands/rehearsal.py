"""`santral rehearsal`: a month of the call centre in minutes. It needs no home and leaves only `--out` behind."""

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

from typer import Context, Exit, Option

from cli.context import session_of
from cli.exit_codes import ExitCode
from cli.nouns import verbs
from cli.options import Verb
from cli.screens import rehearsals

app = verbs()


@app.command(cls=Verb)
def run(
    ctx: Context,
    days: Annotated[int, Option("--days", help="Days that callers ring.", min=1, max=366)] = 30,
    bookings: Annotated[int, Option("--bookings", help="Callers who want to book.", min=1, max=1_000_000)] = 20_000,
    seed: Annotated[int, Option("--seed", help="Number everything is drawn from.")] = 1,
    start: Annotated[
        str | None, Option("--start", help="First day (YYYY-MM-DD); default: 2027-06-15.", show_default=False)
    ] = None,
    faults: Annotated[
        str, Option("--faults", metavar="PROFILE", help="timetable, none, or a fault profile for every day.")
    ] = "timetable",
    agents: Annotated[int, Option("--agents", help="Agents at work at a time.", min=1, max=500)] = 16,
    hotel_file: Annotated[
        str, Option("--hotel-file", metavar="FILE", help="Hotel file, or the name of a shipped one.")
    ] = "belek-resort",
    out: Annotated[
        Path | None, Option("--out", metavar="FILE", help="Write the history here, as JSON Lines.", show_default=False)
    ] = None,
) -> None:
    """Play it, let it come to rest, and hold the books against the promises; exit code 7 when one is broken."""
    from cli.rehearsal.command import history_file, plan_of
    from cli.rehearsal.play import play

    session = session_of(ctx)
    plan = plan_of(days, bookings, seed, start, faults, agents, hotel_file)
    with ExitStack() as files:
        file = history_file(files, out)
        played = play(plan, out=file, tell=lambda day: session.progress(f"{day}/{days}"))
    session.show({**played.body, "file": str(out) if out else None}, rehearsals.told, rows="checks")
    if not played.passed:
        raise Exit(ExitCode.THRESHOLD)
