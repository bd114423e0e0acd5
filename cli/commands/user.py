"""`santral user`: who may talk to the service, in which role."""

from typing import Annotated

from typer import Argument, Context, Option

from cli.context import Body, session_of
from cli.nouns import verbs
from cli.options import Verb
from cli.screens import people
from domain.access import Role
from integration.ports.records import User
from integration.usecases.keep_users import add_user, list_users, make_token, revoke_user
from integration.usecases.views import instant

app = verbs()
UserName = Annotated[str, Argument(metavar="NAME", help="User name.", show_default=False)]


def _body(user: User) -> Body:
    return {
        "name": user.name,
        "role": user.role.value,
        "created_at": instant(user.created_at),
        "revoked_at": instant(user.revoked_at),
        "tokens": user.token_count,
    }


@app.command(cls=Verb)
def add(
    ctx: Context, name: UserName, role: Annotated[Role, Option("--role", help="What the user may do.")] = Role.OPERATOR
) -> None:
    """Add a user; give him a token with `santral user token`."""
    session = session_of(ctx)
    user = session.run(lambda desk: add_user(desk, session.actor, name, role))
    session.show(_body(user), people.user)


@app.command(cls=Verb)
def token(ctx: Context, name: UserName) -> None:
    """Make a token for a user; it is shown this once."""
    session = session_of(ctx)
    made = session.run(lambda desk: make_token(desk, session.actor, name))
    session.show({"name": name, "token": made}, people.user)


@app.command("list", cls=Verb)
def list_(ctx: Context) -> None:
    """All users."""
    session = session_of(ctx)
    found = session.run(lambda desk: list_users(desk, session.actor))
    session.show({"users": [_body(one) for one in found]}, people.users, rows="users")


@app.command(cls=Verb)
def revoke(ctx: Context, name: UserName) -> None:
    """End a user and all of his tokens at once."""
    session = session_of(ctx)
    session.run(lambda desk: revoke_user(desk, session.actor, name))
    session.show({"name": name, "revoked": True}, people.user)
