"""`santral call import`: the telephone system's own records."""

from functools import partial
from typing import Annotated

from typer import Context, Exit, Option

from cli.context import session_of
from cli.exit_codes import ExitCode
from cli.inputs import a_length
from cli.nouns import verbs
from cli.options import Verb
from cli.parameters import DryRun, ResultFile, SheetFile
from cli.screens import batches

app = verbs()


@app.command("import", cls=Verb)
def import_(
    ctx: Context,
    file: SheetFile,
    call_back: Annotated[
        str, Option("--call-back", help="Missed calls as young as this are to be called back: 12h, 1d; 0m for none.")
    ] = "1d",
    dry_run: DryRun = False,
    result: ResultFile = None,
) -> None:
    """Bring in calls from a telephone system's records (CDR), each once. Exit code 7 for failed rows."""
    from cli.batches import bring_in
    from integration.usecases.import_calls import import_calls

    session = session_of(ctx)
    work = partial(import_calls, recent=a_length(call_back, "call_back"))
    body = bring_in(session, file, work, dry_run=dry_run, jobs=1, result=result)
    session.show(body, batches.ran, rows="rows")
    if body["failed"]:
        raise Exit(ExitCode.THRESHOLD)
