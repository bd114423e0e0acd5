"""Rollbacks and their steps: the records, and what the store can do with them.

A step is written with its plan and marked done in the very transaction that stores what it did, under a request key
made of rollback and line. So after a kill the same command goes on where it stood, and nothing is undone twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.rollback import Compensation, RollbackId, RollbackScope, RollbackState, StepStatus
from integration.ports.records import Intent, IntentId


@dataclass(frozen=True, slots=True)
class Rollback:
    """A plan and what became of it. `target`: the id or actor it is about; `document`: JSON text of whose writes, which
    hotels, and what was left alone; `undoes`: the rollback that this one takes back.
    """

    rollback_id: RollbackId
    state: RollbackState
    scope: RollbackScope
    target: str
    reason: str
    planned_at: datetime
    planned_by: str
    document: str
    from_at: datetime | None = None
    to_at: datetime | None = None
    applied_at: datetime | None = None
    applied_by: str | None = None
    undoes: RollbackId | None = None


@dataclass(frozen=True, slots=True)
class RollbackStep:
    """One step of a plan, in the order of its lines. `target`: a reservation (or an intent that never made one);
    `reason`: code of an obstacle or refusal, empty when there is none; `document`: JSON text of the snapshots.
    """

    rollback_id: RollbackId
    line: int
    hotel_id: str
    action: Compensation
    target: str
    status: StepStatus
    reason: str
    request_key: str
    document: str


class RollbackReads(Protocol):
    """What can be read."""

    def get_rollback(self, rollback_id: RollbackId) -> Rollback | None: ...
    def list_rollbacks(self, *, after: RollbackId | None, limit: int) -> list[Rollback]:
        """Newest first; `after` continues a listing."""
        ...

    def rollback_steps(self, rollback_id: RollbackId) -> list[RollbackStep]:
        """In the order of their lines."""
        ...

    def get_rollback_step(self, rollback_id: RollbackId, line: int) -> RollbackStep | None: ...
    def rollback_steps_of(self, rollback_id: RollbackId, target: str) -> list[RollbackStep]:
        """The steps about one target, in the order of their lines."""
        ...

    def undoings_of(self, rollback_id: RollbackId) -> list[Rollback]:
        """Rollbacks that take this one back."""
        ...

    def intents_of_reservation(self, reservation_id: str) -> list[Intent]:
        """All writes to a reservation but its making, oldest first."""
        ...

    def intents_of_batch(self, batch_id: str, *, after: IntentId | None, limit: int) -> list[Intent]:
        """A run's writes by id; `after` continues."""
        ...

    def intents_of_actor(
        self, actor: str, from_at: datetime, to_at: datetime, *, after: IntentId | None, limit: int
    ) -> list[Intent]:
        """What an actor wrote in `[from_at, to_at)`, by id; `after` continues."""
        ...


class RollbackWrites(Protocol):
    """What can be written."""

    def add_rollback(self, rollback: Rollback, steps: Iterable[RollbackStep]) -> None: ...
    def update_rollback(self, rollback: Rollback, *, expected: Iterable[RollbackState]) -> bool:
        """Write it if the stored state is one of `expected`; False otherwise."""
        ...

    def update_rollback_step(self, step: RollbackStep) -> None: ...
