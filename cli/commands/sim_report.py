"""`santral sim report`: a simulated season as one HTML file that works offline, its plots as PNG beside it."""

from pathlib import Path
from typing import Annotated

from typer import Context, Option

from cli.commands.sim_run import BASE, Named, Replications, Seed, Sets, Where, Workers
from cli.context import session_of
from cli.nouns import verbs
from cli.options import Verb

app = verbs()


@app.command(cls=Verb)
def report(
    ctx: Context,
    out: Annotated[Path, Option("--out", metavar="FILE.html", help="File to write.", show_default=False)],
    scenario: Named = BASE,
    png: Annotated[
        Path | None, Option("--png", metavar="FOLDER", help="Write the plots as PNG too.", show_default=False)
    ] = None,
    replications: Replications = 10,
    sets: Sets = None,
    versus: Annotated[
        list[str] | None,
        Option(
            "--versus",
            metavar="PATH=VALUE",
            help="What would change: team.phone.ru+=1 beside this season, on the same guests; may be repeated.",
            show_default=False,
        ),
    ] = None,
    tornado: Annotated[
        str,
        Option("--tornado", metavar="METRIC|none", help="Turn each assumption by a tenth; takes about 26 runs more."),
    ] = "none",
    staff: Annotated[bool, Option("--staff", help="Draw the heads needed in the busiest week too.")] = False,
    seed: Seed = None,
    workers: Workers = 0,
    executor: Where = "",
    force: Annotated[bool, Option("--force", help="Write over files that are there.")] = False,
) -> None:
    """Write a season's report as one HTML file: what was lost and why, the week, the team, money, every assumption."""
    from cli import sim_reports as work
    from cli.screens.season_reports import written
    from cli.sim_seasons import Wish

    session = session_of(ctx)
    asked = work.Asked(scenario, sets or (), out, png, versus or (), tornado, has_need=staff, is_forced=force)
    body = work.reported(session, asked, Wish(replications, seed, workers, executor))
    session.show(body, written)
