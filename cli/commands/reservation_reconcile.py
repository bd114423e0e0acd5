"""`santral reservation reconcile`: our reservations and the PMS's, compared both ways."""

from typing import Annotated

from typer import Context, Exit, Option

from cli.context import session_of
from cli.exit_codes import ExitCode
from cli.inputs import a_day_or_none
from cli.nouns import verbs
from cli.options import Verb
from cli.parameters import Yes
from cli.screens import comparisons
from integration.ports.comparisons import Comparison
from integration.usecases.marks import N_
from integration.usecases.reconcile import ReconcileWish
from integration.usecases.reconcile import reconcile as compare
from integration.usecases.reconcile_views import comparison_body

app = verbs()


@app.command(cls=Verb)
def reconcile(
    ctx: Context,
    arrival_from: Annotated[
        str | None, Option("--from", help="Arrival on or after, YYYY-MM-DD; a week ago by default.", show_default=False)
    ] = None,
    arrival_to: Annotated[
        str | None, Option("--to", help="Arrival on or before; two years ahead by default.", show_default=False)
    ] = None,
    repair: Annotated[bool, Option("--repair", help="Mend what differs: the PMS wins.")] = False,
    dry_run: Annotated[bool, Option("--dry-run", help="Only report, also with --repair.")] = False,
    again: Annotated[
        bool, Option("--again/--resume", help="Begin anew, or go on with a run that was cut short.")
    ] = False,
    yes: Yes = False,
) -> None:
    """Compare our reservations with the PMS's, both ways; exit code 7 when they differ and it was not mended."""
    session, mends = session_of(ctx), repair and not dry_run
    days = a_day_or_none(arrival_from, "from"), a_day_or_none(arrival_to, "to")
    if mends:
        session.can_ask(yes=yes, has_dry_run=True)
        session.agree(session.reader(N_("Records that differ become what the PMS has. Go on?")), yes=yes)
    wish = ReconcileWish(session.hotel_id, *days, mends, again)

    def tell(now: Comparison) -> None:
        session.progress(f"{now.position}: {now.counts.get('here', 0)} / {now.counts.get('there', 0)}")

    done = session.run(lambda desk: compare(desk, session.actor, wish, tell))
    body = session.run(lambda desk: comparison_body(desk, done))
    session.show(body, comparisons.comparison, rows="different")
    if body["left"]:
        raise Exit(ExitCode.THRESHOLD)
