"""The statements about rollbacks and their steps, in SQLAlchemy Core; only the compile step imports this."""

from typing import Any

import sqlalchemy as sa

from integration.adapters.store import tables as t
from integration.adapters.store import work_tables as w
from integration.adapters.store.statements import Insert, padded, text, whole
from integration.adapters.store.widths import STATE_WIDTH

_HEAD, _STEP, _INTENT = w.ROLLBACKS.c, w.ROLLBACK_STEPS.c, t.INTENTS.c
_STEP_ID = (_STEP.rollback_id == text("the_id"), _STEP.line == whole("the_line"))


def changes(insert: Insert) -> dict[str, Any]:  # noqa: ARG001 - upserts differ by dialect
    """The statements that write."""
    head = ("state", "applied_at", "applied_by")
    step = ("status", "reason", "document")
    return {
        "add_rollback": sa.insert(w.ROLLBACKS),
        "add_rollback_step": sa.insert(w.ROLLBACK_STEPS),
        "update_rollback": sa.update(w.ROLLBACKS)
        .where(_HEAD.rollback_id == text("the_id"), padded(_HEAD.state, "expected", STATE_WIDTH))
        .values({name: sa.bindparam(name) for name in head}),
        "update_rollback_step": sa.update(w.ROLLBACK_STEPS)
        .where(*_STEP_ID)
        .values({name: sa.bindparam(name) for name in step}),
    }


def fixed() -> dict[str, Any]:
    """The statements that read, whose conditions never vary."""
    intents = sa.select(t.INTENTS)
    return {
        "get_rollback": sa.select(w.ROLLBACKS).where(_HEAD.rollback_id == text("the_id")),
        "list_rollbacks": sa.select(w.ROLLBACKS)
        .where(_HEAD.rollback_id < text("after"))
        .order_by(_HEAD.rollback_id.desc())
        .limit(whole("limit")),
        "undoings_of": sa.select(w.ROLLBACKS).where(_HEAD.undoes == text("the_id")).order_by(_HEAD.rollback_id),
        "rollback_steps": sa.select(w.ROLLBACK_STEPS).where(_STEP.rollback_id == text("the_id")).order_by(_STEP.line),
        "rollback_steps_of": sa.select(w.ROLLBACK_STEPS)
        .where(_STEP.target == text("target"), _STEP.rollback_id == text("the_id"))
        .order_by(_STEP.line),
        "get_rollback_step": sa.select(w.ROLLBACK_STEPS).where(*_STEP_ID),
        "intents_of_reservation": intents.where(_INTENT.reservation_id == text("reservation_id")).order_by(
            _INTENT.intent_id
        ),
        "intents_of_batch": intents.where(_INTENT.batch_id == text("batch_id"), _INTENT.intent_id > text("after"))
        .order_by(_INTENT.intent_id)
        .limit(whole("limit")),
        "intents_of_actor": intents.where(
            _INTENT.actor == text("actor"),
            _INTENT.created_at >= whole("from_at"),
            _INTENT.created_at < whole("to_at"),
            _INTENT.intent_id > text("after"),
        )
        .order_by(_INTENT.intent_id)
        .limit(whole("limit")),
    }
