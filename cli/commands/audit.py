"""`santral audit`: who did what."""

import json
from datetime import UTC, datetime

from typer import Context

from cli.context import Body, session_of
from cli.nouns import verbs
from cli.options import Verb
from cli.parameters import Limit
from cli.screens import people
from domain.access import Actor, Permission
from integration.usecases.desk import Desk
from integration.usecases.views import instant

app = verbs()


@app.command(cls=Verb)
def tail(ctx: Context, limit: Limit = 20) -> None:
    """The newest audit rows, oldest of them first."""
    session = session_of(ctx)
    rows = session.run(lambda desk: _tail(desk, session.actor, limit))
    session.show({"rows": [_row(json.loads(row)) for row in rows]}, people.audit, rows="rows")


async def _tail(desk: Desk, actor: Actor, limit: int) -> list[str]:
    actor.require(Permission.AUDIT)
    return await desk.store.read(lambda tx: tx.tail_audit(limit))


def _row(stored: Body) -> Body:
    """The stored row with its instant as people and scripts read instants."""
    return {**stored, "at": instant(datetime.fromtimestamp(stored["at"] / 1000, UTC))}
