"""Shapes of rollbacks."""

from typing import Annotated

from pydantic import Field

from integration.http.shapes.kinds import Day, Instant, Money, Shape


class RollbackPlace(Shape):
    """What a step leads from or to."""

    status: str
    check_in: Day
    check_out: Day
    nights: int
    adults: int
    child_ages: list[int]
    room_type: str
    rate_plan: str
    total: Money
    guarantee: str | None


class RollbackStep(Shape):
    """One step; `target`: a reservation, or a write that made none. `draft`: a correction in the guest's language."""

    line: int
    action: str
    target: str
    hotel_id: str
    pms_ref: str | None
    status: str
    reason: str
    request_key: str
    was: RollbackPlace | None
    will_be: RollbackPlace | None
    amount: Money | None
    task_id: str | None
    draft: str | None


class RollbackHead(Shape):
    """A rollback without its steps; `left_alone`: what else was written there, by kind, and is not undone."""

    rollback_id: str
    state: str
    scope: str
    target: str
    from_: Annotated[Instant | None, Field(alias="from")]
    to: Instant | None
    reason: str
    planned_at: Instant
    planned_by: str
    applied_at: Instant | None
    applied_by: str | None
    undoes: str | None
    hotels: list[str]
    actors: list[str]
    reservations: int
    needs_supervisor: bool
    left_alone: dict[str, int]


class Rollback(RollbackHead):
    """A rollback with its steps; `counts`: steps by status."""

    undone_by: str | None
    counts: dict[str, int]
    steps: list[RollbackStep]


class Rollbacks(Shape):
    """Rollbacks, newest first; `next`: what to go on behind."""

    rollbacks: list[RollbackHead]
    next: str | None
