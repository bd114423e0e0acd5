"""Who may apply a rollback: an operator undoes his own mistakes while they are few, a supervisor the rest.

Above the hotel's `rollback_supervisor_above` reservations, or when somebody else's writes are undone, the permission
`rollback` is needed. Where several hotels are concerned the smallest limit counts.
"""

from domain.access import Actor, Permission
from domain.errors import Forbidden
from integration.ports.rollbacks import Rollback
from integration.usecases.desk import Desk
from integration.usecases.rollback_document import PlanDocument, plan_of


def is_large(desk: Desk, document: PlanDocument) -> bool:
    """Whether it concerns more reservations than an operator may undo."""
    limits = [hotel.rules.rollback_supervisor_above for name, hotel in desk.hotels.items() if name in document.hotels]
    return document.size > min(limits, default=0)


def needs_supervisor(desk: Desk, one: Rollback, document: PlanDocument) -> bool:
    """Whether its planner needs somebody with the permission to apply it."""
    return is_large(desk, document) or any(name != one.planned_by for name in document.actors)


def check_may_apply(desk: Desk, actor: Actor, one: Rollback) -> None:
    """Forbidden unless the actor sells and, where it takes one, is a supervisor."""
    actor.require(Permission.SELL)
    if actor.may(Permission.ROLLBACK):
        return
    document = plan_of(one)
    if is_large(desk, document):
        raise Forbidden(
            "Rollback {rollback_id} concerns {count} reservations; a supervisor must apply it.",
            rollback_id=one.rollback_id,
            count=document.size,
        )
    if any(name != actor.name for name in document.actors):
        raise Forbidden(
            "Rollback {rollback_id} undoes what somebody else entered; a supervisor must apply it.",
            rollback_id=one.rollback_id,
        )
