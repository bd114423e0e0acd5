"""`santral lead import` and `export`: many at once, from and to files."""

from pathlib import Path
from typing import Annotated

from typer import Context, Exit, Option

from cli.commands.case import Assignee, Due, OfChannel
from cli.context import Body, Session, session_of
from cli.exit_codes import ExitCode
from cli.nouns import verbs
from cli.options import Verb
from cli.parameters import DryRun, ResultFile, SheetFile
from cli.screens import batches
from domain.case import CaseKind, LeadStatus
from integration.usecases.list_cases import CaseQuestion

app = verbs()
JOBS = 4


@app.command("import", cls=Verb)
def import_(ctx: Context, file: SheetFile, dry_run: DryRun = False, result: ResultFile = None) -> None:
    """Add each lead of a CSV or XLSX file once; the same command goes on after a stop. Exit code 7 for failed rows."""
    from cli.batches import bring_in
    from integration.usecases.import_leads import import_leads

    session = session_of(ctx)
    body = bring_in(session, file, import_leads, dry_run=dry_run, jobs=JOBS, result=result)
    session.show(body, batches.ran, rows="rows")
    if body["failed"]:
        raise Exit(ExitCode.THRESHOLD)


@app.command(cls=Verb)
def export(
    ctx: Context,
    out: Annotated[
        Path | None, Option("--out", help="File to write: .csv, .xlsx or .json; default: shown.", show_default=False)
    ] = None,
    status: Annotated[LeadStatus | None, Option("--status", help="How the lead stands.", show_default=False)] = None,
    channel: OfChannel = None,
    assignee: Assignee = None,
    due: Due = False,
    force: Annotated[bool, Option("--force", help="Write over a file that is there.")] = False,
) -> None:
    """Write leads to a file, in the columns that import reads."""
    session = session_of(ctx)
    asked = CaseQuestion(
        hotel_id=session.hotel_id, kind=CaseKind.SALES, lead=status, channel=channel, assignee=assignee, due=due
    )
    if out is None:
        return session.show(_shown(session, asked), batches.leads, rows="leads")
    return session.show(_written(session, asked, out, force=force), batches.exported)


def _written(session: Session, asked: CaseQuestion, out: Path, *, force: bool) -> Body:
    from cli.batches import export_to
    from integration.adapters.sheets_out import check_target
    from integration.usecases.export_leads import EXPORTED, LeadExport

    check_target(out, force=force)
    return session.run(lambda desk: export_to(LeadExport(desk, session.actor, asked), EXPORTED, out))


def _shown(session: Session, asked: CaseQuestion) -> Body:
    from cli.batches import export_shown
    from integration.usecases.export_leads import LeadExport

    return session.run(lambda desk: export_shown(LeadExport(desk, session.actor, asked), session.printer.form))
