"""Rollbacks and their steps, as they are stored; the statements are in `rollback_sql.py`."""

from collections.abc import Iterable
from datetime import datetime

from domain.rollback import Compensation, RollbackId, RollbackScope, RollbackState, StepStatus
from integration.adapters.store.access import Access, padded
from integration.adapters.store.record_rows import intent_of
from integration.adapters.store.rows import Columns, Row
from integration.adapters.store.scalars import from_ms, from_ms_or_none, to_ms, to_ms_or_none
from integration.adapters.store.widths import STATE_WIDTH
from integration.ports.records import Intent, IntentId
from integration.ports.rollbacks import Rollback, RollbackStep

_BEHIND_ALL = "\x7f"


def rollback_columns(one: Rollback) -> Columns:
    """A rollback as it is stored."""
    return {
        "rollback_id": one.rollback_id,
        "state": one.state.value,
        "scope": one.scope.value,
        "target": one.target,
        "from_at": to_ms_or_none(one.from_at),
        "to_at": to_ms_or_none(one.to_at),
        "reason": one.reason,
        "planned_at": to_ms(one.planned_at),
        "planned_by": one.planned_by,
        "applied_at": to_ms_or_none(one.applied_at),
        "applied_by": one.applied_by,
        "undoes": one.undoes,
        "document": one.document,
    }


def rollback_of(row: Row) -> Rollback:
    """The rollback of a row."""
    rollback_id, state, scope, target, from_at, to_at, reason, planned_at, planned_by, *rest = row
    applied_at, applied_by, undoes, document = rest
    return Rollback(
        RollbackId(rollback_id),
        RollbackState(state),
        RollbackScope(scope),
        target,
        reason,
        from_ms(planned_at),
        planned_by,
        document,
        from_ms_or_none(from_at),
        from_ms_or_none(to_at),
        from_ms_or_none(applied_at),
        applied_by,
        None if undoes is None else RollbackId(undoes),
    )


def step_columns(step: RollbackStep) -> Columns:
    """A step as it is stored."""
    return {
        "rollback_id": step.rollback_id,
        "line": step.line,
        "hotel_id": step.hotel_id,
        "action": step.action.value,
        "target": step.target,
        "status": step.status.value,
        "reason": step.reason,
        "request_key": step.request_key,
        "document": step.document,
    }


def step_of(row: Row) -> RollbackStep:
    """The step of a row."""
    rollback_id, line, hotel_id, action, target, status, *rest = row
    return RollbackStep(
        RollbackId(rollback_id), line, hotel_id, Compensation(action), target, StepStatus(status), *rest
    )


class RollbackReading(Access):
    """What can be read of them."""

    __slots__ = ()

    def get_rollback(self, rollback_id: RollbackId) -> Rollback | None:
        row = self._one("get_rollback", {"the_id": rollback_id})
        return None if row is None else rollback_of(row)

    def list_rollbacks(self, *, after: RollbackId | None, limit: int) -> list[Rollback]:
        rows = self._all("list_rollbacks", {"after": after or _BEHIND_ALL, "limit": limit})
        return [rollback_of(row) for row in rows]

    def rollback_steps(self, rollback_id: RollbackId) -> list[RollbackStep]:
        return [step_of(row) for row in self._all("rollback_steps", {"the_id": rollback_id})]

    def get_rollback_step(self, rollback_id: RollbackId, line: int) -> RollbackStep | None:
        row = self._one("get_rollback_step", {"the_id": rollback_id, "the_line": line})
        return None if row is None else step_of(row)

    def rollback_steps_of(self, rollback_id: RollbackId, target: str) -> list[RollbackStep]:
        return [step_of(row) for row in self._all("rollback_steps_of", {"the_id": rollback_id, "target": target})]

    def undoings_of(self, rollback_id: RollbackId) -> list[Rollback]:
        return [rollback_of(row) for row in self._all("undoings_of", {"the_id": rollback_id})]

    def intents_of_reservation(self, reservation_id: str) -> list[Intent]:
        return [intent_of(row) for row in self._all("intents_of_reservation", {"reservation_id": reservation_id})]

    def intents_of_batch(self, batch_id: str, *, after: IntentId | None, limit: int) -> list[Intent]:
        asked = {"batch_id": batch_id, "after": after or "", "limit": limit}
        return [intent_of(row) for row in self._all("intents_of_batch", asked)]

    def intents_of_actor(
        self, actor: str, from_at: datetime, to_at: datetime, *, after: IntentId | None, limit: int
    ) -> list[Intent]:
        asked = {
            "actor": actor, "from_at": to_ms(from_at), "to_at": to_ms(to_at), "after": after or "", "limit": limit,
        }  # fmt: skip
        return [intent_of(row) for row in self._all("intents_of_actor", asked)]


class RollbackWriting(Access):
    """What can be changed of them."""

    __slots__ = ()

    def add_rollback(self, rollback: Rollback, steps: Iterable[RollbackStep]) -> None:
        self._change("add_rollback", rollback_columns(rollback))
        for step in steps:
            self._change("add_rollback_step", step_columns(step))

    def update_rollback(self, rollback: Rollback, *, expected: Iterable[RollbackState]) -> bool:
        states = sorted({state.value for state in expected})
        columns = {
            "the_id": rollback.rollback_id,
            "state": rollback.state.value,
            "applied_at": to_ms_or_none(rollback.applied_at),
            "applied_by": rollback.applied_by,
            **padded("expected", states, STATE_WIDTH),
        }
        return self._change("update_rollback", columns) == 1

    def update_rollback_step(self, step: RollbackStep) -> None:
        changed = {"status": step.status.value, "reason": step.reason, "document": step.document}
        self._change("update_rollback_step", {"the_id": step.rollback_id, "the_line": step.line, **changed})
