"""`santral call import`: the telephone system's own records."""

from typer import Context, Exit

from cli.context import session_of
from cli.exit_codes import ExitCode
from cli.nouns import verbs
from cli.options import Verb
from cli.parameters import DryRun, ResultFile, SheetFile
from cli.screens import batches

app = verbs()


@app.command("import", cls=Verb)
def import_(ctx: Context, file: SheetFile, dry_run: DryRun = False, result: ResultFile = None) -> None:
    """Bring in calls from a telephone system's records (CDR), each once. Exit code 7 for failed rows."""
    from cli.batches import bring_in
    from integration.usecases.import_calls import import_calls

    session = session_of(ctx)
    body = bring_in(session, file, import_calls, dry_run=dry_run, jobs=1, result=result)
    session.show(body, batches.ran, rows="rows")
    if body["failed"]:
        raise Exit(ExitCode.THRESHOLD)
