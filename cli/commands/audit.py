"""`santral audit`: who did what, and whether anybody has tampered with what it says."""

from pathlib import Path
from typing import Annotated

from typer import Argument, Context, Exit, Option

from cli.context import session_of
from cli.exit_codes import ExitCode
from cli.nouns import verbs
from cli.options import Verb
from cli.parameters import Limit
from cli.screens import care, people
from domain.access import Actor, Permission
from integration.usecases.desk import Desk
from integration.usecases.office_views import audit_row_body
from integration.usecases.verify_audit import report_body, verify_audit

app = verbs()


@app.command(cls=Verb)
def tail(ctx: Context, limit: Limit = 20) -> None:
    """The newest audit rows, oldest of them first."""
    session = session_of(ctx)
    rows = session.run(lambda desk: _tail(desk, session.actor, limit))
    session.show({"rows": [audit_row_body(row) for row in rows]}, people.audit, rows="rows")


async def _tail(desk: Desk, actor: Actor, limit: int) -> list[str]:
    actor.require(Permission.AUDIT)
    return await desk.store.read(lambda tx: tx.tail_audit(limit))


@app.command(cls=Verb)
def verify(
    ctx: Context,
    file: Annotated[
        Path | None, Option("--file", help="Verify an export instead; needs the key alone.", show_default=False)
    ] = None,
) -> None:
    """Verify the audit's chain; exit code 7 when something is wrong."""
    from cli.care import verified_file

    session = session_of(ctx)
    if file is None:
        report = session.run(lambda desk: verify_audit(desk, session.actor))
    else:
        report = verified_file(session.settings, file)
    session.show(report_body(report), care.proof, rows="findings")
    if report.findings:
        raise Exit(ExitCode.THRESHOLD)


@app.command(cls=Verb)
def export(
    ctx: Context,
    file: Annotated[Path, Argument(metavar="FILE", help="File to write, as JSON Lines.", show_default=False)],
    force: Annotated[bool, Option("--force", help="Write over a file that is there.")] = False,
) -> None:
    """Write the whole audit to a file that can be verified anywhere with the key."""
    from cli.care import export_to

    session = session_of(ctx)
    rows = session.run(lambda desk: export_to(desk, session.actor, file, force=force))
    session.show({"file": str(file), "rows": rows}, care.exported)
