"""The statements that write, in SQLAlchemy Core; `queries.py` holds those that read.

Building and compiling a Core statement costs eight times what running it does, so these modules are imported only by
`integration.adapters.store.compile`, which ships the text for both dialects. A list of values has a fixed width
(`padded`): a caller with fewer repeats the first one, which changes nothing in an `IN`. A parameter is named after
its column; `the_id` is the key of the row to change, since Core keeps the column names of a SET for itself.
"""

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from integration.adapters.store import office_tables as o
from integration.adapters.store import tables as t
from integration.adapters.store.widths import STATE_WIDTH

Insert = Callable[[sa.Table], Any]
INSERTS: Mapping[str, Insert] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def text(name: str) -> sa.BindParameter[str]:
    """A parameter that holds text."""
    return sa.bindparam(name, type_=sa.Text())


def whole(name: str) -> sa.BindParameter[int]:
    """A parameter that holds an integer."""
    return sa.bindparam(name, type_=sa.BigInteger())


def padded(column: sa.Column[str], prefix: str, width: int) -> sa.ColumnElement[bool]:
    """`column IN (:prefix0, ...)` of a fixed width."""
    return column.in_([text(f"{prefix}{n}") for n in range(width)])


def _upsert(insert: Insert, table: sa.Table) -> sa.Insert:
    """Insert a row, or overwrite all but the key of the one that is there."""
    statement = insert(table)
    rest = {column.name: statement.excluded[column.name] for column in table.c if not column.primary_key}
    upsert: sa.Insert = statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=rest)
    return upsert


def _rest(table: sa.Table) -> dict[str, sa.BindParameter[Any]]:
    """A parameter for every column but the key."""
    return {column.name: sa.bindparam(column.name) for column in table.c if not column.primary_key}


def _update(table: sa.Table, *conditions: sa.ColumnElement[bool]) -> sa.Update:
    """Write all columns but the key where the key is `:the_id` and the conditions hold."""
    (key,) = table.primary_key
    rest = _rest(table)
    return sa.update(table).where(key == text("the_id"), *conditions).values(rest)


def _numbered(table: sa.Table, parent: sa.Column[str]) -> sa.Insert:
    """Insert a line under `:parent`, numbered one after its last."""
    last = sa.func.coalesce(sa.func.max(table.c.line), sa.literal_column("0"))
    number = sa.select(last + sa.literal_column("1")).where(parent == text("parent")).scalar_subquery()
    rest = _rest(table)
    return sa.insert(table).inline().values({parent.name: text("parent"), "line": number, **rest})


def _live_lease(now: sa.BindParameter[int]) -> sa.ColumnElement[bool]:
    return sa.or_(o.LEASES.c.holder == text("the_holder"), o.LEASES.c.until <= now)


def _take_lease(insert: Insert) -> sa.Insert:
    """Insert the lease, or take it over when it is our own or over."""
    statement = insert(o.LEASES)
    upsert: sa.Insert = statement.on_conflict_do_update(
        index_elements=[o.LEASES.c.name],
        set_={"holder": statement.excluded.holder, "until": statement.excluded.until},
        where=_live_lease(whole("now")),
    )
    return upsert


def changes(insert: Insert) -> dict[str, Any]:
    """The statements that write."""
    reservations, intents, tokens = t.RESERVATIONS, t.INTENTS, o.TOKENS
    plain = {
        "add_offer": t.OFFERS,
        "add_reservation": reservations,
        "add_case": t.CASES,
        "add_call": t.CALLS,
        "add_subject_key": t.SUBJECT_KEYS,
        "add_audit": t.AUDIT,
        "add_token": tokens,
        "add_task": t.TASKS,
    }
    return {name: sa.insert(table) for name, table in plain.items()} | {
        "add_history": _numbered(t.HISTORY, t.HISTORY.c.reservation_id),
        "add_note": _numbered(t.NOTES, t.NOTES.c.subject),
        "add_intent": insert(intents).on_conflict_do_nothing(
            index_elements=[intents.c.hotel_id, intents.c.actor, intents.c.request_key]
        ),
        "put_audit_head": sa.update(t.HEAD).values(
            {name: sa.bindparam(name) for name in ("seq", "mac", "sealed", "proof")}
        ),
        "seal_audit": sa.update(t.AUDIT).where(t.AUDIT.c.seq == whole("the_id")).values(mac=sa.bindparam("mac")),
        "add_user": insert(o.USERS).on_conflict_do_nothing(index_elements=[o.USERS.c.name]),
        "put_guest": _upsert(insert, t.GUESTS),
        "put_identity": _upsert(insert, t.IDENTITIES),
        "put_name_key": insert(t.NAME_KEYS).on_conflict_do_nothing(index_elements=list(t.NAME_KEYS.primary_key)),
        "put_answer": _upsert(insert, t.ANSWERS),
        "put_other_rate": _upsert(insert, o.OTHER_RATES),
        "take_lease": _take_lease(insert),
        "set_offer_requests": sa.update(t.OFFERS)
        .where(t.OFFERS.c.offer_id == text("the_id"))
        .values(requests=sa.bindparam("requests")),
        "update_reservation": _update(reservations, reservations.c.version == whole("expected_version")),
        "update_case": _update(t.CASES),
        "update_call": _update(t.CALLS),
        "update_intent": _update(intents, padded(intents.c.state, "expected", STATE_WIDTH)),
        "forget_answers": sa.update(t.ANSWERS)
        .where(t.ANSWERS.c.until <= whole("before"), t.ANSWERS.c.body.is_not(None))
        .values(body=sa.null()),
        "revoke_user": sa.update(o.USERS)
        .where(o.USERS.c.name == text("the_id"), o.USERS.c.revoked_at.is_(None))
        .values(revoked_at=sa.bindparam("revoked_at")),
        "revoke_tokens": sa.update(tokens)
        .where(tokens.c.user_name == text("the_id"), tokens.c.revoked_at.is_(None))
        .values(revoked_at=sa.bindparam("revoked_at")),
        "finish_task": sa.update(t.TASKS)
        .where(t.TASKS.c.task_id == text("the_id"), t.TASKS.c.done_at.is_(None))
        .values({name: sa.bindparam(name) for name in ("done_at", "done_by", "decision", "note")}),
        "drop_identities": sa.delete(t.IDENTITIES).where(t.IDENTITIES.c.guest_id == text("guest_id")),
        "drop_name_keys": sa.delete(t.NAME_KEYS).where(t.NAME_KEYS.c.guest_id == text("guest_id")),
        "release_lease": sa.delete(o.LEASES).where(
            o.LEASES.c.name == text("name"), o.LEASES.c.holder == text("holder")
        ),
    }
