"""`santral batch`: files that were brought in."""

from typing import Annotated

from typer import Argument, Context, Option

from cli.context import session_of
from cli.nouns import verbs
from cli.options import Verb
from cli.parameters import Limit
from cli.screens import batches
from integration.usecases.look_up_batches import batch_body, list_batches, show_batch

app = verbs()


@app.command("list", cls=Verb)
def list_(ctx: Context, limit: Limit = 20) -> None:
    """Batches, newest first: the id is what a rollback takes."""
    session = session_of(ctx)
    found = session.run(lambda desk: list_batches(desk, session.actor, limit))
    session.show({"batches": [batch_body(one) for one in found]}, batches.listing, rows="batches")


@app.command(cls=Verb)
def show(
    ctx: Context,
    batch_id: Annotated[str, Argument(metavar="ID", help="Batch id (bat_...).", show_default=False)],
    failed: Annotated[bool, Option("--failed", help="Only rows that failed or are not known.")] = False,
    after: Annotated[int, Option("--after", help="Rows behind this line of the file.", min=0)] = 0,
    limit: Annotated[int, Option("--limit", help="At most so many rows (1 to 1000).", min=1, max=1000)] = 200,
) -> None:
    """One batch with the outcome of its rows."""
    session = session_of(ctx)
    body = session.run(
        lambda desk: show_batch(desk, session.actor, batch_id, after=after, limit=limit, troubled=failed)
    )
    session.show(body, batches.batch, rows="rows")
