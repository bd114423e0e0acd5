"""`santral kpi export`: files of each day for spreadsheets and other tools, brought up to date."""

from pathlib import Path
from typing import Annotated

from typer import Context, Option

from cli.context import session_of
from cli.inputs import a_folder
from cli.nouns import verbs
from cli.options import Verb

app = verbs()


@app.command(cls=Verb)
def export(
    ctx: Context,
    out: Annotated[
        Path, Option("--out", metavar="DIR", help="Folder to write into.", show_default=False, parser=a_folder)
    ],
    first: Annotated[
        str | None,
        Option(
            "--from", help="First day; default: the folder's first, for a new one 34 days back.", show_default=False
        ),
    ] = None,
    last: Annotated[str | None, Option("--to", help="Last day; default: today.", show_default=False)] = None,
    form: Annotated[str, Option("--format", metavar="xlsx,csv,parquet", help="One form or several.")] = "csv",
    headings: Annotated[
        str, Option("--headings", metavar="names|words", help="Of the KPIs: stable names, or the reader's words.")
    ] = "names",
    no_pms: Annotated[bool, Option("--no-pms", help="Do not ask the PMS again; what it last said counts.")] = False,
) -> None:
    """Write KPIs and facts of each day; only what has changed is written. Repeat it as often as you like."""
    from cli.kpi_exports import export_days, forms_of
    from cli.kpi_files import headings_of
    from cli.screens.kpi_exports import exported

    session = session_of(ctx)
    body = export_days(session, out, forms_of(form), headings_of(headings), (first, last), ask_pms=not no_pms)
    session.show(body, exported, rows="days")
