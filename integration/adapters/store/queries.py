"""The statements that read, in SQLAlchemy Core: fixed ones, and listings.

A **Listing** is a SELECT, named conditions and an end. The store joins the conditions it was asked for, so that a
planner sees only real ones (`:x IS NULL OR column = :x` would cost the index). Columns come back in the order of the
table; `integration.adapters.store.rows` relies on it and a test proves it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from integration.adapters.store import office_tables as o
from integration.adapters.store import tables as t
from integration.adapters.store.columns import one_of
from integration.adapters.store.statements import padded, text, whole
from integration.adapters.store.widths import NAME_WIDTH, ROOM_WIDTH, STATE_WIDTH

_OFFERS, _RES, _CALLS, _INTENTS, _TASKS = t.OFFERS.c, t.RESERVATIONS.c, t.CALLS.c, t.INTENTS.c, t.TASKS.c


@dataclass(frozen=True, slots=True)
class Listing:
    """`select` [WHERE named conditions] `order` LIMIT :limit."""

    select: sa.Select[Any]
    conditions: Mapping[str, sa.ColumnElement[bool]]
    order: tuple[sa.ColumnElement[Any], ...]


def _by_key(table: sa.Table) -> sa.Select[Any]:
    """The row whose primary key columns equal the parameters of the same names."""
    return sa.select(table).where(*(column == text(column.name) for column in table.primary_key))


def _lines(table: sa.Table, parent: sa.Column[str]) -> sa.Select[Any]:
    """The lines under `:parent` in the order they were written, without parent and number."""
    shown = [column for column in table.c if not column.primary_key]
    return sa.select(*shown).where(parent == text("parent")).order_by(table.c.line)


def _users() -> sa.Select[Any]:
    active = o.TOKENS.alias("active")
    count = (
        sa.select(sa.func.count())
        .select_from(active)
        .where(active.c.user_name == o.USERS.c.name, active.c.revoked_at.is_(None))
        .scalar_subquery()
    )
    return sa.select(o.USERS, count)


def _user_of_token() -> sa.Select[Any]:
    return (
        _users()
        .join(o.TOKENS, o.TOKENS.c.user_name == o.USERS.c.name)
        .where(
            o.TOKENS.c.token_hash == text("token_hash"), o.TOKENS.c.revoked_at.is_(None), o.USERS.c.revoked_at.is_(None)
        )
    )


def _timed(states: tuple[str, ...] = t.TIMED_STATES) -> sa.ColumnElement[bool]:
    return sa.and_(_RES.expires_at.is_not(None), one_of(_RES.state, states))


def _live_timed() -> sa.Select[Any]:
    return (
        sa.select(t.RESERVATIONS)
        .where(_RES.hotel_id == text("hotel_id"), _RES.room_type == text("room_type"), _RES.expires_at > whole("now"))
        .where(_timed(), _RES.check_in < text("check_out"), _RES.check_out > text("check_in"))
        .order_by(_RES.expires_at, _RES.reservation_id)
    )


def _live_holds() -> sa.Select[Any]:
    """Live holds of an actor, and holds on their way: sent, and not known to have failed."""
    stored = sa.select(sa.func.count()).where(
        _RES.hotel_id == text("hotel_id"),
        _RES.created_by == text("actor"),
        _RES.expires_at > whole("now"),
        _timed(("hold",)),
    )
    on_their_way = sa.select(sa.func.count()).where(
        _INTENTS.hotel_id == text("hotel_id"),
        _INTENTS.actor == text("actor"),
        one_of(_INTENTS.state, t.UNSETTLED_STATES),
        _INTENTS.state != sa.literal_column("'open'"),
        _INTENTS.kind == sa.literal_column("'create_booking'"),
        _INTENTS.sent_at > whole("since"),
        _INTENTS.request_key != text("besides"),
        _INTENTS.command.like(sa.literal_column("""'%"to":"hold"%'""")),
    )
    return sa.select(stored.scalar_subquery() + on_their_way.scalar_subquery())


def _by_name() -> sa.Select[Any]:
    """Guests by the number of name keys they share with `:key0`..., best first, newest first among equals."""
    shared = sa.func.count().label("shared")
    return (
        sa.select(t.NAME_KEYS.c.guest_id, shared)
        .where(padded(t.NAME_KEYS.c.name_key, "key", NAME_WIDTH))
        .group_by(t.NAME_KEYS.c.guest_id)
        .order_by(shared.desc(), t.NAME_KEYS.c.guest_id.desc())
    )


def _other_rates() -> sa.Select[Any]:
    rates = o.OTHER_RATES.c
    return (
        sa.select(o.OTHER_RATES)
        .where(rates.hotel_id == text("hotel_id"), rates.stay_on >= text("check_in"), rates.stay_on < text("check_out"))
        .where(padded(rates.room_type, "room", ROOM_WIDTH))
        .order_by(rates.stay_on, rates.room_type, rates.seller, rates.board)
    )


def _unsettled() -> sa.ColumnElement[bool]:
    """Intents the PMS has not settled; what is ours alone (`local`) asks nothing of it."""
    return sa.and_(one_of(_INTENTS.state, t.UNSETTLED_STATES), _INTENTS.kind != sa.literal_column("'local'"))


class StoredBytes(FunctionElement[bytes]):
    """The bytes of a text column as they are stored, whatever they are."""

    type = sa.LargeBinary()
    inherit_cache = True


@compiles(StoredBytes, "sqlite")
def _bytes_on_sqlite(element: StoredBytes, compiler: SQLCompiler, **_: Any) -> str:  # noqa: ANN401 - as it is called
    return f"CAST({compiler.process(element.clauses)} AS BLOB)"


@compiles(StoredBytes, "postgresql")
def _bytes_on_postgresql(element: StoredBytes, compiler: SQLCompiler, **_: Any) -> str:  # noqa: ANN401 - as it is called
    return f"convert_to({compiler.process(element.clauses)}, 'UTF8')"


def _audit_head() -> sa.Select[Any]:
    head = t.HEAD.c
    return sa.select(head.seq, head.mac, head.sealed, head.proof)


def _audit_rows() -> sa.Select[Any]:
    row = t.AUDIT.c
    as_bytes = (StoredBytes(column) for column in (row.actor, row.action, row.body))
    return (
        sa.select(row.seq, row.at, *as_bytes, row.mac)
        .where(row.seq > whole("after"), row.seq <= whole("until"))
        .order_by(row.seq)
        .limit(whole("limit"))
    )


def _audit_tail() -> sa.Select[Any]:
    """The newest rows that the head vouches for; a row numbered otherwise was slipped in, and verification tells."""
    row = t.AUDIT.c
    end = sa.select(t.HEAD.c.seq).scalar_subquery()
    held = row.seq.between(sa.literal_column("1"), end)
    return sa.select(row.body).where(held).order_by(row.seq.desc()).limit(whole("limit"))


def _counts() -> sa.Select[Any]:
    """One row: live holds, options, open calls, unsettled intents, open tasks."""
    sources: tuple[tuple[sa.Table, sa.ColumnElement[bool]], ...] = (
        (t.RESERVATIONS, _timed(("hold",))),
        (t.RESERVATIONS, _timed(("option",))),
        (t.CALLS, _CALLS.ended_at.is_(None)),
        (t.INTENTS, _unsettled()),
        (t.TASKS, _TASKS.done_at.is_(None)),
    )
    return sa.select(
        *(sa.select(sa.func.count()).select_from(table).where(which).scalar_subquery() for table, which in sources)
    )


def fixed() -> dict[str, sa.Select[Any]]:
    """The statements whose conditions never vary."""
    keyed = {
        "get_offer": t.OFFERS,
        "get_reservation": t.RESERVATIONS,
        "get_guest": t.GUESTS,
        "get_call": t.CALLS,
        "get_case": t.CASES,
        "get_intent": t.INTENTS,
        "get_answer": t.ANSWERS,
        "subject_key": t.SUBJECT_KEYS,
        "find_identity": t.IDENTITIES,
    }
    own = (_INTENTS.hotel_id, _INTENTS.actor, _INTENTS.request_key)
    identities = t.IDENTITIES.c
    return {name: _by_key(table) for name, table in keyed.items()} | {
        "intent_of_key": sa.select(t.INTENTS).where(*(column == text(column.name) for column in own)),
        "history": _lines(t.HISTORY, t.HISTORY.c.reservation_id),
        "notes": _lines(t.NOTES, t.NOTES.c.subject),
        "identities": sa.select(identities.kind, identities.value, identities.scope)
        .where(identities.guest_id == text("guest_id"))
        .order_by(identities.position),
        "guests_by_name": _by_name().limit(whole("limit")),
        "due_reservations": sa.select(t.RESERVATIONS)
        .where(_RES.expires_at <= whole("now"), _timed())
        .order_by(_RES.expires_at, _RES.reservation_id)
        .limit(whole("limit")),
        "live_timed": _live_timed(),
        "count_live_holds": _live_holds(),
        "list_users": _users().order_by(o.USERS.c.name),
        "user_of_token": _user_of_token(),
        "other_seller_rates": _other_rates(),
        "audit_head": _audit_head(),
        "audit_end": _audit_head().with_for_update(),
        "audit_mark": sa.select(t.AUDIT.c.seq, t.AUDIT.c.mac, t.AUDIT.c.at).join(t.HEAD, t.HEAD.c.seq == t.AUDIT.c.seq),
        "audit_rows": _audit_rows(),
        "last_audit": sa.select(sa.func.coalesce(sa.func.max(t.AUDIT.c.seq), sa.literal_column("0"))),
        "stray_audit": sa.select(t.AUDIT.c.seq)
        .where(t.AUDIT.c.seq < sa.literal_column("1"))
        .order_by(t.AUDIT.c.seq)
        .limit(whole("limit")),
        "tail_audit": _audit_tail(),
        "counts": _counts(),
    }


def listings() -> dict[str, Listing]:
    """The listings by name."""
    return {
        "offers": Listing(
            sa.select(t.OFFERS),
            {"hotel_id": _OFFERS.hotel_id == text("hotel_id"), "call_id": _OFFERS.call_id == text("call_id")},
            (_OFFERS.offer_id.desc(),),
        ),
        "reservations": Listing(
            sa.select(t.RESERVATIONS),
            {
                "hotel_id": _RES.hotel_id == text("hotel_id"),
                "states": padded(_RES.state, "state", STATE_WIDTH),
                "guest_id": _RES.guest_id == text("guest_id"),
                "call_id": _RES.call_id == text("call_id"),
                "case_id": _RES.case_id == text("case_id"),
                "arrival_from": _RES.check_in >= text("arrival_from"),
                "arrival_to": _RES.check_in <= text("arrival_to"),
                "after": _RES.reservation_id < text("after"),
                "external_ref": _RES.external_ref == text("external_ref"),
                "pms_ref": _RES.pms_ref == text("pms_ref"),
            },
            (_RES.reservation_id.desc(),),
        ),
        "calls": Listing(
            sa.select(t.CALLS),
            {
                "hotel_id": _CALLS.hotel_id == text("hotel_id"),
                "actor": _CALLS.actor == text("actor"),
                "open_only": _CALLS.ended_at.is_(None),
            },
            (_CALLS.call_id.desc(),),
        ),
        "tasks": Listing(
            sa.select(t.TASKS),
            {"hotel_id": _TASKS.hotel_id == text("hotel_id"), "open_only": _TASKS.done_at.is_(None)},
            (_TASKS.task_id.desc(),),
        ),
        "unsettled": Listing(
            sa.select(t.INTENTS).where(_unsettled()),
            {
                "reservation_id": _INTENTS.reservation_id == text("reservation_id"),
                "is_sent": _INTENTS.state != sa.literal_column("'open'"),
            },
            (_INTENTS.created_at, _INTENTS.intent_id),
        ),
    }
