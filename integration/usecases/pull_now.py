"""Fetch from the sources now and take in what came: for cron, where no service runs, and for trying a source out."""

from domain.access import Actor, Permission
from integration.ports.pulls import Pull
from integration.usecases.answers import Body
from integration.usecases.desk import Desk
from integration.usecases.pull_source import Pulled, pull_of, pull_source
from integration.usecases.take_in import take_in_one

ELSEWHERE = "pull_elsewhere"


async def pull_now(desk: Desk, actor: Actor, name: str | None) -> Body:
    """One round of a source, or of each. One that fails stops no other: `problem` says what was wrong. NotFound."""
    actor.require(Permission.ADMINISTER)
    pulls = [pull_of(desk, name)] if name is not None else list(desk.pulls.values())
    return {"sources": [await _one(desk, pull) for pull in pulls]}


async def _one(desk: Desk, pull: Pull) -> Body:
    new: list[str] = []
    pulled = await pull_source(desk, pull, on_stored=new.append)
    taken = [await take_in_one(desk, delivery_id) for delivery_id in new]
    return {
        "name": pull.name,
        "channel": pull.hook.channel.value,
        "stored": pulled.stored,
        "not_given": pulled.unreadable,
        "effects": sum(one.effects for one in taken if one is not None),
        "problem": _problem(pulled),
    }


def _problem(pulled: Pulled) -> str | None:
    return ELSEWHERE if pulled.is_elsewhere else pulled.problem or None
