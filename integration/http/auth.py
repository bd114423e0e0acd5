"""Who is asking: `Authorization: Bearer snt_...`, and the actor it stands for.

A token is looked up by its hash; what was found is remembered for two seconds at most, so that a busy screen costs no
read per request and a revoked token is dead two seconds later. Unknown tokens are not remembered: nobody can push a
good one out.
"""

from datetime import datetime, timedelta

from domain.access import Actor
from integration.http.edge_errors import Unauthenticated
from integration.usecases.desk import Desk
from integration.usecases.keep_users import actor_of_token, hash_of

REMEMBERED = timedelta(seconds=2)
MOST_REMEMBERED = 4096
_LONGEST = 200
_CHALLENGE = 'Bearer realm="santral"'
_UNKNOWN = 'Bearer realm="santral", error="invalid_token"'


def bearer_of(header: str | None) -> str:
    """The token in an Authorization header; Unauthenticated when there is none."""
    scheme, _, token = (header or "").strip().partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated(headers={"WWW-Authenticate": _CHALLENGE})
    if not token.startswith("snt_") or len(token) > _LONGEST:
        raise Unauthenticated(headers={"WWW-Authenticate": _UNKNOWN})
    return token


class Tokens:
    """Tokens lately seen and whose they are."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._seen: dict[str, tuple[Actor, datetime]] = {}

    async def actor_of(self, header: str | None) -> Actor:
        """The actor behind an Authorization header; Unauthenticated for anybody else."""
        token = bearer_of(header)
        digest = hash_of(token)
        now = self._desk.clock.now()
        seen = self._seen.get(digest)
        if seen is not None and seen[1] > now:
            return seen[0]
        actor = await actor_of_token(self._desk, token)
        if actor is None:
            self._seen.pop(digest, None)
            raise Unauthenticated(headers={"WWW-Authenticate": _UNKNOWN})
        if len(self._seen) >= MOST_REMEMBERED:
            self._seen.clear()
        self._seen[digest] = (actor, now + REMEMBERED)
        return actor
