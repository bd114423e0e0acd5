"""`santral lead`: interest in a stay, from its first word to won or lost."""

from typing import Annotated

from typer import Argument, Context, Option

from cli.answers import written
from cli.commands.case import After, Assignee, Due, OfChannel, To, whom_of
from cli.context import session_of
from cli.fields import with_fields
from cli.inputs import a_day_or_none
from cli.nouns import verbs
from cli.options import Verb
from cli.parameters import Key, Limit
from cli.screens import cases
from cli.wishes import GuestFields, LeadWishFields, guest_card, lead_wish
from domain.case import CaseKind, LeadStatus
from domain.contact import Channel
from integration.usecases.lead_add import LeadCard, add_lead
from integration.usecases.lead_close import lose_lead, start_lead, win_lead
from integration.usecases.list_cases import CaseQuestion, list_cases, show_case
from integration.usecases.work_case import assign_case

app = verbs()
LeadId = Annotated[str, Argument(metavar="ID", help="Case of the lead (cas_...).", show_default=False)]


@app.command(cls=Verb)
@with_fields(LeadWishFields, "wanted")
@with_fields(GuestFields, "typed")
def add(
    ctx: Context,
    typed: GuestFields,
    wanted: LeadWishFields,
    guest: Annotated[
        str | None, Option("--guest", help="Guest id, instead of name and number.", show_default=False)
    ] = None,
    channel: Annotated[Channel, Option("--channel", help="Where it came from.")] = Channel.PHONE,
    text: Annotated[str | None, Option("--text", help="What was asked for.", show_default=False)] = None,
    due: Annotated[str | None, Option("--due", help="Day to come back to it, YYYY-MM-DD.", show_default=False)] = None,
    key: Key = None,
) -> None:
    """Put a lead into the queue by hand; it joins the open case of its guest or opens one."""
    session = session_of(ctx)
    day, wish = a_day_or_none(due, "due"), lead_wish(wanted)
    card = LeadCard(guest_card(typed), guest, channel, text, day, session.hotel_id, wish)
    request_key = session.request_key(key)
    answer = session.run(lambda desk: add_lead(desk, session.actor, card, request_key))
    session.show(written(answer, request_key), cases.case)


@app.command("list", cls=Verb)
def list_(
    ctx: Context,
    status: Annotated[LeadStatus | None, Option("--status", help="How the lead stands.", show_default=False)] = None,
    channel: OfChannel = None,
    assignee: Assignee = None,
    due: Due = False,
    after: After = None,
    limit: Limit = 50,
) -> None:
    """Leads, newest first."""
    session = session_of(ctx)
    asked = CaseQuestion(
        hotel_id=session.hotel_id, kind=CaseKind.SALES, lead=status, channel=channel, assignee=assignee, due=due,
        after=after, limit=limit,
    )  # fmt: skip
    session.show(session.run(lambda desk: list_cases(desk, session.actor, asked)), cases.listing, rows="cases")


@app.command(cls=Verb)
def show(ctx: Context, case_id: LeadId) -> None:
    """The case of a lead, with everything that happened in it."""
    session = session_of(ctx)
    session.show(session.run(lambda desk: show_case(desk, session.actor, case_id)), cases.whole, rows="contacts")


@app.command(cls=Verb)
def assign(ctx: Context, case_id: LeadId, to: To = None, key: Key = None) -> None:
    """Give a lead to somebody; without --to take it oneself."""
    session = session_of(ctx)
    request_key = session.request_key(key)
    whom = whom_of(to, session.actor.name)
    answer = session.run(lambda desk: assign_case(desk, session.actor, case_id, request_key, whom))
    session.show(written(answer, request_key), cases.case)


@app.command(cls=Verb)
def start(ctx: Context, case_id: LeadId, key: Key = None) -> None:
    """Work on a lead: in progress, and one's own if it was nobody's."""
    session = session_of(ctx)
    request_key = session.request_key(key)
    answer = session.run(lambda desk: start_lead(desk, session.actor, case_id, request_key))
    session.show(written(answer, request_key), cases.case)


@app.command(cls=Verb)
def win(
    ctx: Context,
    case_id: LeadId,
    reservation: Annotated[
        str | None,
        Option("--reservation", help="By which one; default: the case's newest that stands.", show_default=False),
    ] = None,
    key: Key = None,
) -> None:
    """A lead is won, by a reservation that stands; the PMS gets a note on it."""
    session = session_of(ctx)
    request_key = session.request_key(key)
    answer = session.run(lambda desk: win_lead(desk, session.actor, case_id, request_key, reservation))
    session.show(written(answer, request_key), cases.case)


@app.command(cls=Verb)
def lose(
    ctx: Context,
    case_id: LeadId,
    reason: Annotated[
        str | None, Option("--reason", help="Why, a code of the hotel; a lead is not lost without.", show_default=False)
    ] = None,
    key: Key = None,
) -> None:
    """A lead is lost, for a reason; the PMS gets a note on the guest's profile, and a turnaway."""
    session = session_of(ctx)
    request_key = session.request_key(key)
    answer = session.run(lambda desk: lose_lead(desk, session.actor, case_id, request_key, reason))
    session.show(written(answer, request_key), cases.case)
