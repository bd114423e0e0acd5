"""`santral kpi calibrate`: targets from thirty days of the hotel's own cases; the demand of them as a scenario."""

from pathlib import Path
from typing import Annotated

from typer import Context, Option

from cli.context import session_of
from cli.nouns import verbs
from cli.options import Verb

app = verbs()
BASE = "antalya-high-season"


@app.command(cls=Verb)
def calibrate(
    ctx: Context,
    propose: Annotated[bool, Option("--propose", help="Propose anew; what is done without another option.")] = False,
    approve: Annotated[
        str | None, Option("--approve", metavar="ID", help="Approve a proposal that somebody else made.",
                           show_default=False)
    ] = None,
    decline: Annotated[
        str | None, Option("--decline", metavar="ID", help="Decline a proposal.", show_default=False)
    ] = None,
    listed: Annotated[bool, Option("--list", help="List all proposals.")] = False,
    last: Annotated[
        str | None, Option("--to", metavar="DAY", help="Last of the thirty days; default: yesterday.",
                           show_default=False)
    ] = None,
    without: Annotated[
        list[str] | None,
        Option("--without", metavar="DAY", help="A day that does not count (an outage); may be repeated.",
               show_default=False),
    ] = None,
    since: Annotated[
        str | None,
        Option("--from", metavar="DAY|INSTANT",
               help="With --approve: from when on; default: the hotel's next midnight.",
               show_default=False),
    ] = None,
    channel: Annotated[
        list[str] | None, Option("--channel", help="With --approve: this channel alone; may be repeated.",
                                 show_default=False)
    ] = None,
    scenario: Annotated[
        Path | None,
        Option("--scenario", metavar="FILE.toml", help="Write the demand of the thirty days as a scenario.",
               show_default=False),
    ] = None,
    base: Annotated[
        str, Option("--base", metavar="SCENARIO", help="With --scenario: keeps what the cases do not tell.")
    ] = BASE,
    rooms: Annotated[
        int | None, Option("--rooms", help="With --scenario: rooms of the hotel.", show_default=False)
    ] = None,
    force: Annotated[bool, Option("--force", help="Write over a scenario that is there.")] = False,
) -> None:  # fmt: skip
    """Propose targets from thirty days, with evidence; somebody else approves them, for cases that begin later."""
    from cli import kpi_targets as work
    from cli.screens import kpi_routine as screens

    session = session_of(ctx)
    work.check_one(propose=propose, approve=approve, decline=decline, listed=listed)
    if listed:
        return session.show(work.listed(session), screens.proposals, rows="rows")
    if approve or decline:
        body = work.decided(session, approve, decline, since, tuple(channel or ()))
        return session.show(body, screens.proposal, rows="rows")
    fit = None if scenario is None else work.FitAsked(scenario, base, rooms, is_forced=force)
    return session.show(work.proposed(session, last, without or (), fit), screens.proposal, rows="rows")
