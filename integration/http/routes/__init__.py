"""The paths, a file per noun. A route parses, calls one use case and replies; nothing is decided here.

`all_routes()` gives them in the order they are tried: the hot one first, because a path is matched one route after the
other.
"""

from starlette.routing import BaseRoute

from integration.http.routes import (
    audit_proof,
    calls,
    cases,
    channels,
    chat,
    guests,
    health,
    hooks,
    kpi_routine,
    kpis,
    leads,
    messages,
    moves,
    offers,
    office,
    outbox,
    people,
    quotes,
    reconcile,
    reservations,
    rollbacks,
    tasks,
)

_ROUTERS = (
    quotes,
    hooks,
    reservations,
    moves,
    messages,
    outbox,
    chat,
    rollbacks,
    calls,
    cases,
    leads,
    channels,
    guests,
    people,
    offers,
    office,
    tasks,
    reconcile,
    kpis,
    kpi_routine,
    audit_proof,
    health,
)


def all_routes() -> list[BaseRoute]:
    """Every route of the service."""
    return [route for module in _ROUTERS for route in module.router.routes]
