"""Agents say whether they are at the desk.

An agent says it for himself, a supervisor or administrator for others. A state holds for a quarter of an hour unless
another length is said, and is renewed by saying it again; a renewal leaves no audit row, a change does. Who is away or
gone gives back what was offered to him: it is offered to another, else it is a call-back.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from domain.access import Actor, Permission
from domain.errors import InvalidInput, NotFound, Refused
from domain.handoff import HandoffState
from domain.presence import LONGEST, SHORTEST, USUAL, Presence, PresenceState
from integration.ports.queue_records import CaseEvent, StoredHandoff
from integration.ports.records import User
from integration.ports.store import ReadTx, Tx
from integration.usecases.answers import Body
from integration.usecases.channel_roles_live import handoffs_of
from integration.usecases.desk import Desk
from integration.usecases.handoff_case_rules import call_back_at, free_agent
from integration.usecases.handoff_case_views import handoff_of, stored_handoff
from integration.usecases.people import standing_case
from integration.usecases.presence import busy_of, presence_body
from integration.usecases.tracing import audit

MOST_LANGUAGES = 10
_MOST_OFFERS = 1_000


@dataclass(frozen=True, slots=True)
class PresenceWish:
    """Who (None: oneself), how he stands, for how long (None: the usual), what he speaks (None: as before)."""

    state: PresenceState
    name: str | None = None
    lasts: timedelta | None = None
    languages: tuple[str, ...] | None = None


async def set_presence(desk: Desk, actor: Actor, wish: PresenceWish) -> Body:
    """Say how an agent stands. NotFound for a user there is not, Refused for a revoked one; Forbidden for somebody
    else's without the right."""
    name = wish.name or actor.name
    actor.require(Permission.SELL if name == actor.name else Permission.STAFF)
    lasts = wish.lasts or USUAL
    if not SHORTEST <= lasts <= LONGEST:
        raise InvalidInput("A presence holds 1 minute to 16 hours.", field="for")
    languages = None if wish.languages is None else _checked(wish.languages)
    now = desk.clock.now()

    def work(tx: Tx) -> Body:
        user = _user(tx, name)
        before = tx.get_presence(name)
        known = before.languages if before is not None else ()
        after = Presence(name, wish.state, now, now + lasts, known if languages is None else languages)
        if before is not None and before.state_at(now) is wish.state:
            after = Presence(name, wish.state, before.since_at(now), after.until, after.languages)
        else:
            audit(tx, actor, now, "presence_set", {"user": name, "state": wish.state.value})
        tx.put_presence(after)
        if wish.state is not PresenceState.AVAILABLE:
            _give_back(desk, tx, actor, name)
        return presence_body(user, after, now, busy_of(tx).get(name))

    return await desk.store.transact(work)


def _checked(typed: Iterable[str]) -> tuple[str, ...]:
    languages = tuple(dict.fromkeys(one.strip().lower() for one in typed))
    for one in languages:
        if not (len(one) == 2 and one.isascii() and one.isalpha()):  # noqa: PLR2004 - ISO 639-1
            raise InvalidInput("{text} is not a language such as tr or de.", text=one[:20], field="language")
    if len(languages) > MOST_LANGUAGES:
        raise InvalidInput("An agent has at most {most} languages.", most=MOST_LANGUAGES, field="language")
    return languages


def _user(tx: ReadTx, name: str) -> User:
    user = next((one for one in tx.list_users() if one.name == name), None)
    if user is None:
        raise NotFound("There is no user {name}.", name=name, field="name")
    if user.revoked_at is not None:
        raise Refused("The user {name} is revoked.", name=name, field="name")
    return user


def _give_back(desk: Desk, tx: Tx, actor: Actor, name: str) -> None:
    """What was offered to somebody who is not there, and not accepted."""
    for one in tx.list_handoffs(state=HandoffState.OFFERED.value, limit=_MOST_OFFERS):
        if one.to_actor == name:
            _offer_again(desk, tx, actor, one)


def _offer_again(desk: Desk, tx: Tx, actor: Actor, one: StoredHandoff) -> None:
    now, case = desk.clock.now(), standing_case(tx, one.case_id)
    if case is None:
        return
    to = free_agent(desk, tx, case)
    after = replace(one, to_actor=to, changed_at=now)
    if to is None:
        due_at = call_back_at(desk, tx, one.hotel_id, handoffs_of(desk, tx, one.hotel_id, now))
        moved = handoff_of(one).moved(HandoffState.CALLBACK, now, actor.name, due_at=due_at)
        after = stored_handoff(moved, one.hotel_id, one.from_actor, None)
    if tx.update_handoff(after, expected=one.state):
        detail = {"handoff_id": one.handoff_id, "state": after.state, **({"to": to} if to else {})}
        tx.add_case_event(CaseEvent(case.case_id, 0, now, "handoff", actor.name, detail))
        audit(tx, actor, now, "handoff_moved", {"hotel_id": one.hotel_id, "case_id": case.case_id, **detail})
