"""Users and their tokens: who may talk to the service, in which role.

A token is 32 random bytes; only its SHA-256 is kept (a random secret needs no slow hash). It is shown once. Revoking a
user ends all of his tokens at once.
"""

import base64
import hashlib

from domain.access import Actor, Permission, Role
from domain.errors import InvalidInput, NotFound, Refused
from integration.ports.records import User
from integration.ports.store import Tx
from integration.usecases.desk import Desk
from integration.usecases.tracing import audit

MAX_NAME = 64


def hash_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def token_of(secret: bytes) -> str:
    """A token made of random bytes."""
    return "snt_" + base64.urlsafe_b64encode(secret).decode().rstrip("=")


def _check_name(name: str) -> str:
    cleaned = name.strip()
    if not 1 <= len(cleaned) <= MAX_NAME or not all(char.isalnum() or char in "._-@" for char in cleaned):
        raise InvalidInput("A user name has 1 to 64 letters, digits, dots or dashes.", field="name")
    return cleaned


async def add_user(desk: Desk, actor: Actor, name: str, role: Role) -> User:
    """Add a user; Refused when the name is taken, or was and is revoked."""
    actor.require(Permission.ADMINISTER)
    user = User(_check_name(name), role, desk.clock.now())

    def work(tx: Tx) -> User:
        if not tx.add_user(user):
            _find(tx.list_users(), user.name)
            raise Refused("There is a user {name} already.", name=user.name, field="name")
        audit(tx, actor, user.created_at, "user_added", {"user": user.name, "role": role.value})
        return user

    return await desk.store.transact(work)


async def make_token(desk: Desk, actor: Actor, name: str) -> str:
    """A new token for a user, shown this once; NotFound for an unknown user, Refused for a revoked one."""
    actor.require(Permission.ADMINISTER)
    token = token_of(desk.ids.secret())
    now = desk.clock.now()

    def work(tx: Tx) -> str:
        _find(tx.list_users(), name)
        tx.add_token(name, hash_of(token), now)
        audit(tx, actor, now, "token_made", {"user": name})
        return token

    return await desk.store.transact(work)


def _find(users: list[User], name: str) -> User:
    """The user, or NotFound; Refused when he is revoked: his name is in the audit and is nobody else's again."""
    user = next((one for one in users if one.name == name), None)
    if user is None:
        raise NotFound("There is no user {name}.", name=name, field="name")
    if user.revoked_at is not None:
        raise Refused("The user {name} is revoked.", name=name, field="name")
    return user


async def list_users(desk: Desk, actor: Actor) -> list[User]:
    """All users, revoked ones too."""
    actor.require(Permission.ADMINISTER)
    return await desk.store.read(lambda tx: tx.list_users())


async def revoke_user(desk: Desk, actor: Actor, name: str) -> None:
    """End a user and all tokens; NotFound, Refused when he is revoked already."""
    actor.require(Permission.ADMINISTER)
    now = desk.clock.now()

    def work(tx: Tx) -> None:
        _find(tx.list_users(), name)
        tx.revoke_user(name, now)
        audit(tx, actor, now, "user_revoked", {"user": name})

    await desk.store.transact(work)


async def actor_of_token(desk: Desk, token: str) -> Actor | None:
    """Who comes with this token; None for an unknown or revoked one."""
    user = await desk.store.read(lambda tx: tx.user_of_token(hash_of(token)))
    return Actor(user.name, user.role, "http") if user is not None else None
