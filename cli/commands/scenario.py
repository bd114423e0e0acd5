"""`santral scenario`: a season as data - which come with Santral, what one rests on, where two differ."""

from enum import StrEnum
from typing import Annotated

from typer import Argument, Context, Option

from cli import scenarios as answers
from cli.context import session_of
from cli.nouns import verbs
from cli.options import Verb
from cli.screens import scenarios as screens

app = verbs()
Named = Annotated[
    str, Argument(metavar="SCENARIO", help="Scenario file, or the name of a shipped one.", show_default=True)
]
Sets = Annotated[
    list[str] | None,
    Option(
        "--set",
        metavar="PATH=VALUE",
        help="What if: team.phone.ru+=1, demand.factor=1.2, work.phone.sales.mean_s*=1.1; may be repeated.",
        show_default=False,
    ),
]


class SourceName(StrEnum):
    """Where a value may come from."""

    FACT = "fact"
    DERIVED = "derived"
    ASSUMPTION = "assumption"
    WHAT_IF = "what_if"
    UNMARKED = "unmarked"


@app.command("list", cls=Verb)
def list_(ctx: Context) -> None:
    """The scenarios that come with Santral."""
    session = session_of(ctx)
    session.show(answers.listed(session.language), screens.table, rows="rows")


@app.command(cls=Verb)
def show(
    ctx: Context,
    scenario: Named = "antalya-high-season",
    sets: Sets = None,
    below: Annotated[
        str, Option("--below", metavar="PATH", help="Only values under this path (demand.channel_mix).")
    ] = "",
    source: Annotated[
        SourceName | None, Option("--source", help="Only values of this source.", show_default=False)
    ] = None,
) -> None:
    """A scenario and every value it rests on, with its source and note."""
    session = session_of(ctx)
    body = answers.shown(scenario, sets or (), below, source or "", session.language)
    session.show(body, screens.shown, rows="assumptions")


@app.command(cls=Verb)
def validate(ctx: Context, scenario: Named, sets: Sets = None) -> None:
    """Read a scenario whole; a mistake is told with file, line and key, and ends with exit code 2."""
    session = session_of(ctx)
    session.show(answers.validated(scenario, sets or (), session.language), screens.validated)


@app.command(cls=Verb)
def diff(
    ctx: Context,
    scenario: Named,
    other: Annotated[
        str | None,
        Argument(metavar="[OTHER]", help="The other one; default: the same, with --set.", show_default=False),
    ] = None,
    sets: Sets = None,
) -> None:
    """Where two scenarios differ, value by value; --set changes the second."""
    session = session_of(ctx)
    session.show(answers.compared(scenario, other, sets or ()), screens.compared, rows="rows")
