"""`santral call`: start pops the caller, end needs an outcome."""

from typing import Annotated

from typer import Argument, Context, Option

from cli.answers import written
from cli.context import session_of
from cli.inputs import a_day_or_none
from cli.nouns import verbs
from cli.options import Verb
from cli.parameters import Key, Limit
from cli.screens import people
from domain.case import CallEnd, CallOutcome, Direction
from domain.errors import InvalidInput, OutcomeMissing
from integration.usecases.keyed_writes import end_call_once, start_call_once
from integration.usecases.look_up import list_calls
from integration.usecases.take_calls import CallStart, end_call
from integration.usecases.typed_numbers import number_of
from integration.usecases.views import call_body

app = verbs()


@app.command(cls=Verb)
def start(
    ctx: Context,
    phone: Annotated[
        str | None, Option("--phone", help="The caller's number, in any spelling.", show_default=False)
    ] = None,
    direction: Annotated[Direction, Option("--direction", help="Who rang.")] = Direction.IN,
    guest: Annotated[
        str | None, Option("--guest", help="Guest id, when a known guest is rung.", show_default=False)
    ] = None,
    key: Key = None,
) -> None:
    """Open a call and its case; shows who the caller is."""
    session = session_of(ctx)
    wanted = CallStart(phone, direction, session.hotel_id, guest)
    if phone:
        session.run(lambda desk: number_of(desk, phone))
    request_key = session.request_key(key)
    answer = session.run(lambda desk: start_call_once(desk, session.actor, wanted, request_key))
    session.show(written(answer, request_key), people.call)


@app.command(cls=Verb)
def end(
    ctx: Context,
    outcome: Annotated[
        CallOutcome | None, Option("--outcome", help="How it ended; a call cannot end without.", show_default=False)
    ] = None,
    lost_reason: Annotated[
        str | None, Option("--lost-reason", help="Why it was not sold, a code of the hotel.", show_default=False)
    ] = None,
    due: Annotated[str | None, Option("--due", help="Day to follow up, YYYY-MM-DD.", show_default=False)] = None,
    call_id: Annotated[
        str | None, Argument(metavar="[ID]", help="Call id; default: the actor's open call.", show_default=False)
    ] = None,
    key: Key = None,
) -> None:
    """End a call with its outcome; not_sold needs a reason, follow_up a day, sold a reservation."""
    session = session_of(ctx)
    if outcome is None:
        raise OutcomeMissing("A call ends with an outcome.", hint=", ".join(CallOutcome), field="outcome")
    result = CallEnd(outcome, lost_reason, a_day_or_none(due, "due"))
    if call_id is not None:
        request_key = session.request_key(key)
        answer = session.run(lambda desk: end_call_once(desk, session.actor, call_id, result, request_key))
        return session.show(written(answer, request_key), people.call)
    if key is not None:
        raise InvalidInput("With a key the call is named: repeated, there is no open one.", field="call_id")
    call, case = session.run(lambda desk: end_call(desk, session.actor, None, result, session.hotel_id))
    return session.show(call_body(call, case), people.call)


@app.command("list", cls=Verb)
def list_(
    ctx: Context,
    open_only: Annotated[bool, Option("--open", help="Only calls that go on.")] = False,
    limit: Limit = 50,
) -> None:
    """Calls, newest first."""
    session = session_of(ctx)
    found = session.run(lambda desk: list_calls(desk, session.actor, session.hotel_id, limit, open_only=open_only))
    session.show({"calls": [call_body(one) for one in found]}, people.calls, rows="calls")
