"""`santral sim staff`: the smallest team that meets the targets in a week, proved by simulation."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

from typer import Context, Exit, Option

from cli.commands.sim_run import BASE, Named, Seed, Sets, Where, Workers
from cli.context import session_of
from cli.exit_codes import ExitCode
from cli.nouns import verbs
from cli.options import Verb

app = verbs()


@app.command(cls=Verb)
def staff(
    ctx: Context,
    scenario: Named = BASE,
    week: Annotated[
        datetime | None,
        Option("--week", formats=["%Y-%m-%d"], metavar="MONDAY", help="Week to staff; default: the busiest.",
               show_default=False),
    ] = None,
    replications: Annotated[int, Option("--replications", "-n", help="Weeks to simulate for each step.")] = 8,
    out: Annotated[
        Path | None, Option("--out", metavar="FOLDER", help="Write it as CSV, XLSX and a scenario.", show_default=False)
    ] = None,
    sets: Sets = None,
    seed: Seed = None,
    workers: Workers = 0,
    executor: Where = "",
    force: Annotated[bool, Option("--force", help="Write over files that are there.")] = False,
) -> None:  # fmt: skip
    """Size a week's team: need by half hour, lawful shifts at the least cost, proved by simulation; 7 when it fails."""
    from cli import sim_staff as work
    from cli.screens import staffing
    from cli.sim_seasons import Wish

    session = session_of(ctx)
    asked = work.Asked(scenario, sets or (), week.date() if week else None, out, force)
    body = work.staffed(session, asked, Wish(replications, seed, workers, executor))
    session.show(body, staffing.staffed, rows="roster")
    if body["verdict"] != "pass":
        raise Exit(ExitCode.THRESHOLD)
