"""The statements about comparisons and their findings, in SQLAlchemy Core; only the compile step imports this.

Also those of the 24-hour watch and of one task, which belong to the same work.
"""

from typing import Any

import sqlalchemy as sa

from integration.adapters.store import tables as t
from integration.adapters.store.columns import one_of
from integration.adapters.store.statements import Insert, padded, text, whole
from integration.adapters.store.widths import NAME_WIDTH
from integration.adapters.store.work_tables import COMPARISONS, FINDINGS

_C, _F, _R, _I = COMPARISONS.c, FINDINGS.c, t.RESERVATIONS.c, t.INTENTS.c
_ENDED = ("done", "refused")


def _add_finding() -> sa.Insert:
    last = sa.func.coalesce(sa.func.max(_F.line), sa.literal_column("0"))
    number = sa.select(last + sa.literal_column("1")).where(_F.comparison_id == text("parent")).scalar_subquery()
    rest: dict[str, Any] = {column.name: sa.bindparam(column.name) for column in _F if not column.primary_key}
    return sa.insert(FINDINGS).inline().values({"comparison_id": text("parent"), "line": number, **rest})


def changes(insert: Insert) -> dict[str, Any]:  # noqa: ARG001 - upserts differ by dialect
    """The statements that write."""
    moving = ("position", "checked", "found", "document", "finished_at")
    return {
        "add_comparison": sa.insert(COMPARISONS),
        "advance_comparison": sa.update(COMPARISONS)
        .where(_C.comparison_id == text("the_id"), _C.position == text("expected"), _C.finished_at.is_(None))
        .values({name: sa.bindparam(name) for name in moving}),
        "add_finding": _add_finding(),
        "mark_finding": sa.update(FINDINGS)
        .where(_F.comparison_id == text("parent"), _F.line == whole("the_line"))
        .values(repair=sa.bindparam("repair")),
    }


def _arriving(*columns: Any) -> sa.Select[Any]:  # noqa: ANN401 - a table or an expression
    return sa.select(*columns).where(
        _R.hotel_id == text("hotel_id"), _R.check_in >= text("first"), _R.check_in <= text("last")
    )


def _findings(*conditions: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return (
        sa.select(FINDINGS)
        .where(_F.comparison_id == text("parent"), _F.line > whole("after"), *conditions)
        .order_by(_F.line)
        .limit(whole("limit"))
    )


def fixed() -> dict[str, Any]:
    """The statements that read, whose conditions never vary."""
    newest = sa.select(COMPARISONS).order_by(_C.comparison_id.desc()).limit(whole("limit"))
    return {
        "get_comparison": sa.select(COMPARISONS).where(_C.comparison_id == text("the_id")),
        "list_comparisons": newest,
        "comparisons_of": newest.where(_C.hotel_id == text("hotel_id")),
        "last_restore": sa.select(sa.func.max(_C.created_at)).where(
            _C.hotel_id == text("hotel_id"), _C.actor == sa.literal_column("'store-restore'")
        ),
        "findings": _findings(),
        "findings_left": _findings(_F.repair.is_(None)),
        "count_arriving": _arriving(sa.func.count()).select_from(t.RESERVATIONS),
        "arriving": _arriving(t.RESERVATIONS).order_by(_R.check_in, _R.reservation_id),
        "refused_references": sa.select(_I.external_ref).where(
            _I.hotel_id == text("hotel_id"),
            _I.kind == sa.literal_column("'create_booking'"),
            _I.state == sa.literal_column("'refused'"),
            padded(_I.external_ref, "ref", NAME_WIDTH),
        ),
        "watched_intents": sa.select(t.INTENTS)
        .where(_I.watch_until.is_not(None), one_of(_I.state, _ENDED), _I.deadline <= whole("now"))
        .order_by(_I.watch_until, _I.intent_id)
        .limit(whole("limit")),
        "get_task": sa.select(t.TASKS).where(t.TASKS.c.task_id == text("the_id")),
    }
