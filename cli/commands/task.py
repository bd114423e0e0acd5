"""`santral task`: what only a person can do, listed, done and decided."""

from typing import Annotated, Literal

from typer import Argument, Context, Option

from cli.answers import written
from cli.context import session_of
from cli.inputs import a_channel
from cli.nouns import verbs
from cli.options import Verb
from cli.parameters import Key, Limit
from cli.screens import messages, tasks
from integration.usecases.decide_task import decide_task, finish_task, list_tasks, show_task
from integration.usecases.office_views import task_body
from integration.usecases.send_correction import send_correction

app = verbs()
TaskId = Annotated[str, Argument(metavar="ID", help="Task id (tsk_...).", show_default=False)]
TaskNote = Annotated[str | None, Option("--note", help="A few words for the file.", show_default=False)]


@app.command("list", cls=Verb)
def list_(
    ctx: Context, done: Annotated[bool, Option("--all", help="Those that have ended too.")] = False, limit: Limit = 50
) -> None:
    """The board: what waits for a person, newest first."""
    session = session_of(ctx)
    found = session.run(lambda desk: list_tasks(desk, session.actor, session.hotel_id, open_only=not done, limit=limit))
    session.show({"tasks": [task_body(one) for one in found]}, tasks.board, rows="tasks")


@app.command(cls=Verb)
def show(ctx: Context, task_id: TaskId) -> None:
    """One task, and the commands that end it."""
    session = session_of(ctx)
    session.show(session.run(lambda desk: show_task(desk, session.actor, task_id)), tasks.task)


@app.command(cls=Verb)
def done(ctx: Context, task_id: TaskId, note: TaskNote = None, key: Key = None) -> None:
    """A task is done."""
    session = session_of(ctx)
    request_key = session.request_key(key)
    answer = session.run(lambda desk: finish_task(desk, session.actor, task_id, request_key, note))
    session.show(written(answer, request_key), tasks.task)


@app.command(cls=Verb)
def decide(
    ctx: Context,
    task_id: TaskId,
    happened: Annotated[
        Literal["yes", "no"], Option("--happened", help="Whether the deposit happened.", show_default=False)
    ],
    note: TaskNote = None,
    key: Key = None,
) -> None:
    """Decide whether a deposit of unknown outcome happened; what the PMS shows wins."""
    session = session_of(ctx)
    request_key = session.request_key(key)
    answer = session.run(
        lambda desk: decide_task(desk, session.actor, task_id, request_key, happened=happened == "yes", note=note)
    )
    session.show(written(answer, request_key), tasks.task)


@app.command(cls=Verb)
def send(
    ctx: Context,
    task_id: TaskId,
    via: Annotated[
        str | None,
        Option("--via", help="whatsapp, sms or email; default: the first that is verified.", show_default=False),
    ] = None,
    key: Key = None,
) -> None:
    """Send the correction that a rollback left, in the guest's language; ends the task."""
    session = session_of(ctx)
    request_key, channel = session.request_key(key), a_channel(via) if via is not None else None
    answer = session.run(lambda desk: send_correction(desk, session.actor, task_id, request_key, channel))
    session.show(written(answer, request_key), messages.sending)
