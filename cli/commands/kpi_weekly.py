"""`santral kpi weekly`: the week on one page, as HTML and PDF."""

from pathlib import Path
from typing import Annotated

from typer import Context, Option

from cli.context import session_of
from cli.inputs import a_folder
from cli.nouns import verbs
from cli.options import Verb

app = verbs()


@app.command(cls=Verb)
def weekly(
    ctx: Context,
    week: Annotated[
        str | None,
        Option("--week", metavar="2027-W31", help="Week, or a day in it; default: the last one that is over.",
               show_default=False),
    ] = None,
    baseline: Annotated[
        str | None,
        Option("--baseline", metavar="2027-W20", help="Week to hold it against; default: the pilot's first.",
               show_default=False),
    ] = None,
    out: Annotated[Path, Option("--out", metavar="FOLDER", help="Where the two files go.", parser=a_folder)] = Path(),
    cards: Annotated[bool, Option("--cards", help="Score cards of the agents too, on further pages.")] = False,
    plan: Annotated[
        str,
        Option("--plan", metavar="SCENARIO", help="Beside this season as planned: simulate it, name days outside.",
               show_default=False),
    ] = "",
    replications: Annotated[int, Option("--replications", help="With --plan: how often.")] = 20,
    workers: Annotated[int, Option("--workers", help="With --plan: at once; 0 for all processors.", min=0)] = 0,
    no_pms: Annotated[bool, Option("--no-pms", help="Do not ask the PMS again; what it last said counts.")] = False,
) -> None:  # fmt: skip
    """What moved and whether it is real, lost reasons, three things to do; written as HTML and PDF."""
    from cli.kpi_sheets import WeekAsked, written_week
    from cli.screens.kpi_routine import week as screen
    from cli.sim_seasons import Wish

    session = session_of(ctx)
    asked = WeekAsked(week, baseline, out, plan, has_cards=cards, asks_pms=not no_pms)
    session.show(written_week(session, asked, Wish(replications, None, workers)), screen, rows="rows")
