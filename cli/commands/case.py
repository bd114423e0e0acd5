"""`santral case`: the work items of the one queue, found, worked on, handed over."""

from datetime import datetime
from typing import Annotated

from typer import Argument, Context, Option

from cli.answers import written
from cli.context import session_of
from cli.inputs import an_instant, codes
from cli.nouns import verbs
from cli.options import Verb
from cli.parameters import Key, Limit
from cli.screens import cases
from domain.case import CaseKind, CaseStatus
from domain.case_steps import CaseStep
from domain.contact import Channel
from domain.handoff import HandoffState
from domain.signals import Tag
from integration.usecases.desk import Desk
from integration.usecases.handoff_case import HandoffMove, hand_over, list_handoffs, move_handoff, show_handoff
from integration.usecases.handoff_case_rules import Wish
from integration.usecases.list_cases import CaseQuestion, list_cases, show_case, view_clocks
from integration.usecases.work_case import assign_case, step_case, tag_case

app = verbs()
CaseId = Annotated[str, Argument(metavar="ID", help="Case id (cas_...).", show_default=False)]
HandoffId = Annotated[str, Argument(metavar="ID", help="Handoff id (hnd_...).", show_default=False)]
After = Annotated[str | None, Option("--after", help="Go on behind this id.", show_default=False)]
Assignee = Annotated[str | None, Option("--assignee", help="Of this agent.", show_default=False)]
OfChannel = Annotated[Channel | None, Option("--channel", help="That began there.", show_default=False)]
Due = Annotated[bool, Option("--due", help="That come back today, or should have: call-backs and follow-ups.")]
To = Annotated[str | None, Option("--to", help="Agent; `nobody` gives it back.", show_default=False)]
DueAt = Annotated[
    str | None, Option("--due", help="A call-back until then: 18:00, +2h, 2027-07-01T10:00.", show_default=False)
]


@app.command("list", cls=Verb)
def list_(
    ctx: Context,
    status: Annotated[CaseStatus | None, Option("--status", help="How it stands.", show_default=False)] = None,
    kind: Annotated[CaseKind | None, Option("--kind", help="Sales or support.", show_default=False)] = None,
    channel: OfChannel = None,
    assignee: Assignee = None,
    guest: Annotated[str | None, Option("--guest", help="Of this guest file.", show_default=False)] = None,
    tag: Annotated[Tag | None, Option("--tag", help="With this tag.", show_default=False)] = None,
    is_open: Annotated[bool, Option("--open", help="That are not resolved.")] = False,
    due: Due = False,
    breaching: Annotated[bool, Option("--breaching", help="That are late, first due first.")] = False,
    warning: Annotated[bool, Option("--warning", help="That are late or soon will be.")] = False,
    after: After = None,
    limit: Limit = 50,
) -> None:
    """Cases, newest first; late ones first due first."""
    session = session_of(ctx)
    asked = CaseQuestion(
        session.hotel_id, status, kind, None, channel, assignee, guest, tag, is_open, due, breaching, warning, after,
        limit,
    )  # fmt: skip
    session.show(session.run(lambda desk: list_cases(desk, session.actor, asked)), cases.listing, rows="cases")


@app.command(cls=Verb)
def clocks(ctx: Context) -> None:
    """All running clocks at once: open cases by channel, how many are near, late and escalated, the longest wait."""
    session = session_of(ctx)
    body = session.run(lambda desk: view_clocks(desk, session.actor, session.hotel_id))
    session.show(body, cases.clocks, rows="rows")


@app.command(cls=Verb)
def show(ctx: Context, case_id: CaseId) -> None:
    """One case: contacts, clocks, tags and why, events, handoffs, reservations."""
    session = session_of(ctx)
    session.show(session.run(lambda desk: show_case(desk, session.actor, case_id)), cases.whole, rows="contacts")


@app.command(cls=Verb)
def tag(
    ctx: Context,
    case_id: CaseId,
    add: Annotated[
        list[str] | None, Argument(metavar="[TAG]...", help="reservation, support, vip, ota.", show_default=False)
    ] = None,
    remove: Annotated[
        list[str] | None, Option("--remove", help="A tag to take off; may be repeated.", show_default=False)
    ] = None,
    key: Key = None,
) -> None:
    """Set tags and take tags off; what a person says stands, whatever the words say."""
    session = session_of(ctx)
    request_key = session.request_key(key)
    answer = session.run(
        lambda desk: tag_case(desk, session.actor, case_id, request_key, add=codes(add), remove=codes(remove))
    )
    session.show(written(answer, request_key), cases.case)


@app.command(cls=Verb)
def assign(ctx: Context, case_id: CaseId, to: To = None, key: Key = None) -> None:
    """Give a case to somebody; without --to take it oneself."""
    session = session_of(ctx)
    request_key = session.request_key(key)
    whom = whom_of(to, session.actor.name)
    answer = session.run(lambda desk: assign_case(desk, session.actor, case_id, request_key, whom))
    session.show(written(answer, request_key), cases.case)


def whom_of(typed: str | None, actor: str) -> str | None:
    """Whom a case is given to; nobody for `nobody`."""
    return None if typed == "nobody" else typed or actor


@app.command(cls=Verb)
def wait(ctx: Context, case_id: CaseId, key: Key = None) -> None:
    """The guest must answer first; the clock of the solution stands still until he does."""
    _step(ctx, case_id, CaseStep.WAIT, key)


@app.command(cls=Verb)
def resolve(ctx: Context, case_id: CaseId, key: Key = None) -> None:
    """The work is done; a sales case only when its lead is won or lost."""
    _step(ctx, case_id, CaseStep.RESOLVE, key)


@app.command(cls=Verb)
def reopen(ctx: Context, case_id: CaseId, key: Key = None) -> None:
    """It was not done after all, or nobody waits any more."""
    _step(ctx, case_id, CaseStep.REOPEN, key)


def _step(ctx: Context, case_id: str, step: CaseStep, key: str | None) -> None:
    session = session_of(ctx)
    request_key = session.request_key(key)
    answer = session.run(lambda desk: step_case(desk, session.actor, case_id, request_key, step))
    session.show(written(answer, request_key), cases.case)


@app.command(cls=Verb)
def handoff(
    ctx: Context,
    case_id: Annotated[str, Argument(metavar="ID", help="Case (cas_...) or handoff (hnd_...).", show_default=False)],
    via: Annotated[Channel, Option("--via", help="Channel the guest is taken to.")] = Channel.PHONE,
    to: To = None,
    due: DueAt = None,
    state: Annotated[
        HandoffState | None, Option("--state", help="Take a handoff one step on.", show_default=False)
    ] = None,
    reason: Annotated[str, Option("--reason", help="Why it was declined.", show_default=False)] = "",
    key: Key = None,
) -> None:
    """Hand a guest over, or take a handoff (hnd_...) one step on with --state; alone, show it."""
    session = session_of(ctx)
    if case_id.startswith("hnd_") and state is None:
        body = session.run(lambda desk: show_handoff(desk, session.actor, case_id))
        return session.show(body, cases.handoff, rows="history")
    request_key = session.request_key(key)
    until = _until(session.desk, session.hotel_id, due)
    if state is not None:
        move = HandoffMove(state, reason, to, until)
        answer = session.run(lambda desk: move_handoff(desk, session.actor, case_id, request_key, move))
    else:
        wish = Wish(via, to, until)
        answer = session.run(lambda desk: hand_over(desk, session.actor, case_id, request_key, wish))
    return session.show(written(answer, request_key), cases.handoff, rows="history")


def _until(desk: Desk, hotel_id: str | None, typed: str | None) -> datetime | None:
    if typed is None:
        return None
    zone = desk.hotel(hotel_id or next(iter(desk.hotels))).zone
    return an_instant(typed, desk.clock.now(), zone, "due")


@app.command(cls=Verb)
def handoffs(
    ctx: Context,
    state: Annotated[
        HandoffState | None, Option("--state", help="callback: who waits to be called.", show_default=False)
    ] = None,
    limit: Limit = 50,
) -> None:
    """Handoffs, newest first."""
    session = session_of(ctx)
    body = session.run(
        lambda desk: list_handoffs(desk, session.actor, hotel_id=session.hotel_id, state=state, limit=limit)
    )
    session.show(body, cases.handoffs, rows="handoffs")
