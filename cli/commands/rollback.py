"""`santral rollback`: undo by compensation. A plan shows every step first; applying it asks."""

from typing import Annotated

from typer import Argument, Context, Exit, Option

from cli.answers import written
from cli.context import Body, Session, session_of
from cli.exit_codes import ExitCode
from cli.inputs import an_instant
from cli.nouns import verbs
from cli.options import Verb
from cli.parameters import DryRun, Key, Limit, Yes
from cli.screens import rollbacks
from domain.errors import InvalidInput
from domain.rollback import RollbackScope
from integration.usecases.apply_rollback import Applied, apply_rollback
from integration.usecases.desk import Desk
from integration.usecases.marks import N_
from integration.usecases.plan_rollback import plan_rollback
from integration.usecases.rollback_scope import RollbackQuestion
from integration.usecases.rollback_views import list_rollbacks, show_rollback

app = verbs()
RollbackId = Annotated[str, Argument(metavar="ROLLBACK_ID", help="Rollback id (rbk_...).", show_default=False)]


@app.command(cls=Verb)
def plan(
    ctx: Context,
    reason: Annotated[str, Option("--reason", help="Why, in a sentence; it is kept.", show_default=False)],
    reservation: Annotated[
        str | None, Option("--reservation", help="Undo a whole reservation.", metavar="ID", show_default=False)
    ] = None,
    last: Annotated[bool, Option("--last", help="Of the reservation only the last write.")] = False,
    write: Annotated[
        str | None,
        Option(
            "--write",
            help="Undo one write (int_...); with --reservation its request key will do.",
            metavar="ID",
            show_default=False,
        ),
    ] = None,
    batch: Annotated[
        str | None, Option("--batch", help="Undo an import or another run.", metavar="ID", show_default=False)
    ] = None,
    of_actor: Annotated[
        str | None, Option("--actor", help="Undo what somebody did in a span.", metavar="NAME", show_default=False)
    ] = None,
    since: Annotated[
        str | None, Option("--from", help="Begin of the span, in the hotel's time.", show_default=False)
    ] = None,
    until: Annotated[str | None, Option("--to", help="End of the span, not part of it.", show_default=False)] = None,
    rollback: Annotated[
        str | None, Option("--rollback", help="Undo a rollback.", metavar="ID", show_default=False)
    ] = None,
    key: Key = None,
) -> None:
    """Plan a rollback: what would be done, and what can no longer be undone and why. Writes nothing else."""
    session = session_of(ctx)
    scope, target = _scope(reservation, write if reservation is None else None, batch, of_actor, rollback)
    of = write if reservation is not None else None
    asked = RollbackQuestion(scope, target, reason, last=last, write=of, hotel_id=session.hotel_id)
    request_key = session.request_key(key)
    answer = session.run(
        lambda desk: plan_rollback(desk, session.actor, _spanned(desk, asked, since, until), request_key)
    )
    session.show(written(answer, request_key), rollbacks.rollback, rows="steps")


def _scope(
    reservation: str | None, write: str | None, batch: str | None, actor: str | None, rollback: str | None
) -> tuple[RollbackScope, str]:
    """What is named; InvalidInput unless it is exactly one thing."""
    named = [
        (scope, target)
        for scope, target in (
            (RollbackScope.RESERVATION, reservation),
            (RollbackScope.WRITE, write),
            (RollbackScope.BATCH, batch),
            (RollbackScope.ACTOR, actor),
            (RollbackScope.ROLLBACK, rollback),
        )
        if target is not None
    ]
    if len(named) != 1:
        raise InvalidInput(
            "Say what to undo: one of --reservation, --write, --batch, --actor and --rollback.", field="reservation"
        )
    return named[0]


def _spanned(desk: Desk, asked: RollbackQuestion, since: str | None, until: str | None) -> RollbackQuestion:
    from dataclasses import replace

    zone = desk.hotel(asked.hotel_id or next(iter(desk.hotels))).zone
    now = desk.clock.now()
    return replace(
        asked,
        from_at=an_instant(since, now, zone, "from") if since is not None else None,
        to_at=an_instant(until, now, zone, "to") if until is not None else None,
    )


@app.command("apply", cls=Verb)
def apply_command(ctx: Context, rollback_id: RollbackId, yes: Yes = False, dry_run: DryRun = False) -> None:
    """Do what a plan says; the same command goes on after an outage or a kill, and does nothing twice."""
    session = session_of(ctx)
    if dry_run:
        body = session.run(lambda desk: show_rollback(desk, session.actor, rollback_id))
        return session.show({**body, "dry_run": True}, rollbacks.rollback, rows="steps")
    session.can_ask(yes=yes, has_dry_run=True)
    if not yes:
        body = session.run(lambda desk: show_rollback(desk, session.actor, rollback_id))
        session.show_aside(body, rollbacks.rollback)
        session.agree(session.reader(N_("Undo this?")), yes=yes)
    applied = session.run(lambda desk: apply_rollback(desk, session.actor, rollback_id))
    session.show({**applied.body, "replayed": applied.was_done}, rollbacks.rollback, rows="steps")
    return _ended(session, applied)


def _ended(session: Session, applied: Applied) -> None:
    """Say how to go on, and end with the code of the worst that happened."""
    if applied.unavailable is not None:
        session.talk(N_("The PMS does not answer; what is left waits. The same command goes on."))
        raise Exit(ExitCode.UNAVAILABLE)
    if applied.is_unknown:
        session.talk(N_("The outcome of a step is not known yet. Repeat the same command in two minutes."))
        raise Exit(ExitCode.UNKNOWN)
    if applied.body["state"] == "incomplete":
        raise Exit(ExitCode.THRESHOLD)


@app.command("list", cls=Verb)
def list_command(
    ctx: Context,
    after: Annotated[str | None, Option("--after", help="Go on behind this id.", show_default=False)] = None,
    limit: Limit = 50,
) -> None:
    """Rollbacks, newest first."""
    session = session_of(ctx)
    body: Body = session.run(lambda desk: list_rollbacks(desk, session.actor, after, limit))
    session.show(body, rollbacks.listing, rows="rollbacks")


@app.command(cls=Verb)
def show(ctx: Context, rollback_id: RollbackId) -> None:
    """One rollback: its steps, what became of them, and drafts of corrections to guests."""
    session = session_of(ctx)
    body = session.run(lambda desk: show_rollback(desk, session.actor, rollback_id))
    session.show(body, rollbacks.rollback, rows="steps")
