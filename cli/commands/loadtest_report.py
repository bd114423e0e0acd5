"""`santral loadtest report`: a run's verdict again, its report in another language, or two runs side by side."""

from pathlib import Path
from typing import Annotated

from typer import Argument, Context, Option

from cli.context import session_of
from cli.nouns import verbs
from cli.options import Verb

app = verbs()


@app.command(cls=Verb)
def report(
    ctx: Context,
    run: Annotated[str, Argument(metavar="RUN", help="Folder of a run, its id, or latest.")] = "latest",
    other: Annotated[
        str | None, Argument(metavar="[OTHER]", help="A second run to hold against it.", show_default=False)
    ] = None,
    out: Annotated[
        Path | None,
        Option("--out", metavar="FILE", help="Write it: .html, or .xml for JUnit of one run.", show_default=False),
    ] = None,
    force: Annotated[bool, Option("--force", help="Write over a file that is there.")] = False,
) -> None:
    """Show a run's verdict again, or hold two runs against each other: each difference, and whether it is real."""
    from cli import load_reports as work
    from cli.screens import load, load_reports

    session = session_of(ctx)
    asked = work.Asked(run, other, out, force)
    if other is None:
        session.show(work.shown(session, asked), load.verdict, rows="checks")
    else:
        session.show(work.compared(session, asked), load_reports.compared, rows="rows")
