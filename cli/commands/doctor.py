"""`santral doctor`: what is missing or set up wrongly."""

from typer import Context, Exit

from cli.context import session_of
from cli.exit_codes import ExitCode
from cli.nouns import verbs
from cli.options import Verb
from cli.screens import care

app = verbs()


@app.command(cls=Verb)
def doctor(ctx: Context) -> None:
    """Look at home, store, key, hotel files, disk and PMS; exit code 7 when something is wrong."""
    from cli.care import checks_body
    from cli.doctor import examine

    session = session_of(ctx)
    body = checks_body(examine(session), session.reader)
    session.show(body, care.checks, rows="checks")
    if body["status"] == "failed":
        raise Exit(ExitCode.THRESHOLD)
