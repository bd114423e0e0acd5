"""The statements about batches and their rows, in SQLAlchemy Core; only the compile step imports this."""

from typing import Any

import sqlalchemy as sa

from integration.adapters.store.columns import one_of
from integration.adapters.store.statements import Insert, text, whole
from integration.adapters.store.work_tables import BATCH_ROWS, BATCHES

_TROUBLED = ("failed", "unknown")


def changes(insert: Insert) -> dict[str, Any]:
    """The statements that write."""
    put = insert(BATCH_ROWS)
    rest = {column.name: put.excluded[column.name] for column in BATCH_ROWS.c if not column.primary_key}
    moving = ("finished_at", "ok", "failed", "skipped")
    return {
        "add_batch": sa.insert(BATCHES),
        "update_batch": sa.update(BATCHES)
        .where(BATCHES.c.batch_id == text("the_id"))
        .values({name: sa.bindparam(name) for name in moving}),
        "put_batch_row": put.on_conflict_do_update(index_elements=list(BATCH_ROWS.primary_key), set_=rest),
    }


def _rows(*more: sa.ColumnElement[bool]) -> sa.Select[Any]:
    of_batch = BATCH_ROWS.c.batch_id == text("batch_id")
    after = BATCH_ROWS.c.line > whole("after")
    return sa.select(BATCH_ROWS).where(of_batch, after, *more).order_by(BATCH_ROWS.c.line).limit(whole("limit"))


def fixed() -> dict[str, Any]:
    """The statements that read, whose conditions never vary."""
    one, lines = BATCHES.c, BATCH_ROWS.c
    newest = one.batch_id.desc()
    return {
        "get_batch": sa.select(BATCHES).where(one.batch_id == text("batch_id")),
        "list_batches": sa.select(BATCHES).order_by(newest).limit(whole("limit")),
        "batches_of": sa.select(BATCHES)
        .where(one.digest == text("digest"), one.kind == text("kind"), one.hotel_id == text("hotel_id"))
        .order_by(newest)
        .limit(whole("limit")),
        "get_batch_row": sa.select(BATCH_ROWS).where(lines.batch_id == text("batch_id"), lines.line == whole("line")),
        "batch_rows": _rows(),
        "batch_troubles": _rows(one_of(lines.status, _TROUBLED)),
        "count_batch_rows": sa.select(lines.status, sa.func.count())
        .where(lines.batch_id == text("batch_id"))
        .group_by(lines.status),
    }
