"""`santral golive kit`: the documents a hotel goes live with, as PDF and Excel, filled from how it is set up."""

from pathlib import Path
from typing import Annotated

from typer import Context, Option

from cli.context import session_of
from cli.inputs import a_folder
from cli.nouns import verbs
from cli.options import Verb

app = verbs()


@app.command(cls=Verb)
def kit(
    ctx: Context,
    out: Annotated[
        Path, Option("--out", metavar="FOLDER", help="Folder to write into.", show_default=False, parser=a_folder)
    ],
    only: Annotated[
        list[str] | None,
        Option("--only", metavar="SLUG", help="This document alone; may be repeated.", show_default=False),
    ] = None,
    start: Annotated[
        str | None,
        Option("--start", help="Day one of the plan, YYYY-MM-DD; parts before from after.", show_default=False),
    ] = None,
    readiness: Annotated[
        str,
        Option("--readiness", metavar="RUN|latest", help="Evidence of this run of `golive check`.", show_default=False),
    ] = "",
    force: Annotated[bool, Option("--force", help="Write over files that say something else.")] = False,
) -> None:
    """Write the go-live documents as PDF and XLSX: agent screen, flow, mapping, inbox, channels, plan, readiness."""
    from cli.golive import kit as work
    from cli.inputs import a_day_or_none
    from cli.screens.golive_kit import written

    session = session_of(ctx)
    day = a_day_or_none(start, "start")
    body = work.written(session, work.Asked(out, only or (), day, readiness, is_forced=force))
    session.show(body, written, rows="documents")
