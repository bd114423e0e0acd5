"""Shapes of the back of the house: tasks, audit, health, problems."""

from typing import Annotated, Any

from pydantic import Field

from integration.http.shapes.kinds import Instant, Money, Shape


class AuditTail(Shape):
    """The newest audit rows, oldest of them first, with the keys they were stored with; `at` is an instant."""

    rows: list[dict[str, Any]]


class Me(Shape):
    """Who this token is."""

    name: str
    role: str
    permissions: list[str]


class Agent(Shape):
    """How a user stands: available, away or offline, until when unless he renews it, what he speaks (none said: any),
    and what keeps him busy: on_call, has_handoff or nothing."""

    name: str
    role: str
    state: str
    since: Instant | None
    until: Instant | None
    languages: list[str]
    busy: str | None


class Agents(Shape):
    """Who is at the desk."""

    agents: list[Agent]


class Health(Shape):
    """The process is alive."""

    status: str


class Check(Shape):
    """One part of being ready; `since` when it is known from when on it has not been."""

    name: str
    status: str
    error: str | None
    since: Instant | None = None


class Ready(Shape):
    """Ready to sell, or which part is missing."""

    status: str
    checks: list[Check]


class Violation(Shape):
    """One field that is wrong."""

    field: str | None
    code: str
    message: str


class Problem(Shape):
    """RFC 9457. `code` never changes; `title`, `detail` and `hint` are in the caller's language."""

    type: Annotated[str, Field(examples=["urn:santral:problem:no_room_left"])]
    title: str
    status: int
    detail: str
    code: str
    hint: str | None
    field: str | None
    instance: str
    errors: list[Violation] = Field(default_factory=list)
    new_total: Money | None = None
    pms_code: str | None = None
    pms_status: int | None = None
    since: Instant | None = None


class Task(Shape):
    """Work that only a person can do."""

    task_id: str
    kind: str
    hotel_id: str
    created_at: Instant
    done_at: Instant | None
    ids: dict[str, str]
    detail: str
    done_by: str | None
    decision: str | None
    note: str | None


class TaskWay(Shape):
    """A way a task can end, and the command for it."""

    way: str
    command: str


class TaskFile(Task):
    """A task with the ways it can end; `overruled`: what the PMS knew better than whoever decided."""

    ways: list[TaskWay]
    overruled: str | None = None


class Tasks(Shape):
    """The board."""

    tasks: list[Task]
