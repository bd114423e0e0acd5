"""`santral store`: upgrade, backup, restore and check of our own store."""

from pathlib import Path
from typing import Annotated

from typer import Argument, Context, Exit, Option

from cli.context import Body, session_of
from cli.exit_codes import ExitCode
from cli.nouns import verbs
from cli.options import Verb
from cli.parameters import Yes
from cli.screens import care
from integration.usecases.marks import N_

app = verbs()


def _judge(body: Body) -> None:
    if body["status"] == "failed":
        raise Exit(ExitCode.THRESHOLD)


@app.command(cls=Verb)
def upgrade(ctx: Context) -> None:
    """Bring the store to the schema of this program; the store as it was is kept beside it. Stop the service first."""
    from cli.care import upgrade_home

    session = session_of(ctx)
    session.show(upgrade_home(session.settings), care.upgraded)


@app.command(cls=Verb)
def backup(
    ctx: Context,
    file: Annotated[Path, Argument(metavar="FILE", help="File to write.", show_default=False)],
    force: Annotated[bool, Option("--force", help="Write over a backup that is there.")] = False,
    with_mock: Annotated[bool, Option("--with-mock", help="The embedded mock PMS too, to FILE.pms.")] = False,
) -> None:
    """Copy the store, in use or not, and look the copy over; exit code 7 when it is not whole."""
    from cli.care import back_up_home

    session = session_of(ctx)
    body = back_up_home(session.settings, file, session.reader, force=force, with_mock=with_mock)
    session.show(body, care.kept, rows="checks")
    _judge(body)


@app.command(cls=Verb)
def restore(
    ctx: Context,
    file: Annotated[Path, Argument(metavar="FILE", help="Backup to put in the store's place.", show_default=False)],
    force: Annotated[bool, Option("--force", help="Also when a store is there; it is kept beside.")] = False,
    yes: Yes = False,
) -> None:
    """Put a backup in the store's place once it has proved itself; then hold it against the PMS (7: they differ, 5: the
    PMS did not answer). Stop the service first."""
    from cli.care import restore_home
    from cli.restored import proved
    from integration.adapters.store.carers import care_of

    session = session_of(ctx)
    if force and care_of(session.settings).is_there():
        session.can_ask(yes=yes)
        session.agree(session.reader(N_("What was written after the backup is lost. Go on?")), yes=yes)
    body, code = proved(session, restore_home(session.settings, file, session.reader, force=force))
    session.show(body, care.kept, rows="checks")
    if code is not ExitCode.DONE:
        raise Exit(code)


@app.command(cls=Verb)
def check(ctx: Context) -> None:
    """Look the store over: file, references, schema, audit; exit code 7 when something is wrong."""
    from cli.care import check_store

    session = session_of(ctx)
    body = check_store(session.settings, session.reader)
    session.show(body, care.checks, rows="checks")
    _judge(body)
