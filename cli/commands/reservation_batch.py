"""`santral reservation import` and `export`: many at once, from and to files."""

from pathlib import Path
from typing import Annotated

from typer import Context, Exit, Option

from cli.context import session_of
from cli.exit_codes import ExitCode
from cli.inputs import a_day_or_none
from cli.nouns import verbs
from cli.options import Verb
from cli.parameters import DryRun, Jobs, ResultFile, SheetFile
from cli.screens import batches
from integration.usecases.look_up import ReservationSearch

app = verbs()


@app.command("import", cls=Verb)
def import_(ctx: Context, file: SheetFile, dry_run: DryRun = False, jobs: Jobs = 4, result: ResultFile = None) -> None:
    """Sell each row of a CSV or XLSX file once; the same command goes on after a stop. Exit code 7 for failed rows."""
    from cli.batches import bring_in
    from integration.usecases.import_reservations import import_reservations

    session = session_of(ctx)
    body = bring_in(session, file, import_reservations, dry_run=dry_run, jobs=jobs, result=result)
    session.show(body, batches.ran, rows="rows")
    if body["failed"]:
        raise Exit(ExitCode.THRESHOLD)


@app.command(cls=Verb)
def export(
    ctx: Context,
    out: Annotated[Path, Option("--out", help="File to write: .csv, .xlsx or .json.", show_default=False)],
    first: Annotated[str | None, Option("--from", help="First day of arrival.", show_default=False)] = None,
    last: Annotated[str | None, Option("--to", help="Last day of arrival.", show_default=False)] = None,
    status: Annotated[
        list[str] | None,
        Option("--status", help="State; may be repeated. Default: hold, option, confirmed.", show_default=False),
    ] = None,
    force: Annotated[bool, Option("--force", help="Write over a file that is there.")] = False,
) -> None:
    """Write reservations to a file, in the columns that import reads."""
    from cli.batches import export_to
    from integration.adapters.sheets_out import check_target
    from integration.usecases.export_reservations import EXPORTED, Export

    session = session_of(ctx)
    check_target(out, force=force)
    search = ReservationSearch(
        session.hotel_id, tuple(status or ()), None, a_day_or_none(first, "from"), a_day_or_none(last, "to")
    )
    body = session.run(lambda desk: export_to(Export(desk, session.actor, search), EXPORTED, out))
    session.show(body, batches.exported)
