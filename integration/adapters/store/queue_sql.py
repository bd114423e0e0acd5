"""The statements about the one queue, in SQLAlchemy Core; only the compile step imports this."""

from typing import Any

import sqlalchemy as sa

from integration.adapters.store import case_tables as q
from integration.adapters.store import office_tables as o
from integration.adapters.store import tables as t
from integration.adapters.store.columns import is_, one_of
from integration.adapters.store.queries import Listing
from integration.adapters.store.statements import Insert, text, whole

_CASES, _MESSAGES, _OUT = t.CASES.c, q.MESSAGES.c, q.OUTBOX.c
_OPEN = _CASES.status != sa.literal_column("'resolved'")
_MERGES, _HANDOFFS, _DELIVERIES = q.GUEST_MERGES.c, q.HANDOFFS.c, q.DELIVERIES.c


def _upsert(insert: Insert, table: sa.Table) -> Any:  # noqa: ANN401 - dialects have classes of their own
    statement = insert(table)
    rest = {column.name: statement.excluded[column.name] for column in table.c if not column.primary_key}
    return statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=rest)


def _rest(table: sa.Table) -> dict[str, sa.BindParameter[Any]]:
    return {column.name: sa.bindparam(column.name) for column in table.c if not column.primary_key}


def _update(table: sa.Table, *conditions: sa.ColumnElement[bool]) -> sa.Update:
    (key,) = table.primary_key
    return sa.update(table).where(key == text("the_id"), *conditions).values(_rest(table))


def _add_event() -> sa.Insert:
    events = q.CASE_EVENTS
    last = sa.func.coalesce(sa.func.max(events.c.line), sa.literal_column("0"))
    number = sa.select(last + sa.literal_column("1")).where(events.c.case_id == text("parent")).scalar_subquery()
    columns = ("at", "kind", "actor", "document")
    values: dict[str, sa.BindParameter[Any]] = {name: sa.bindparam(name) for name in columns}
    return sa.insert(events).inline().values({"case_id": text("parent"), "line": number, **values})


def changes(insert: Insert) -> dict[str, Any]:
    """The statements that write."""
    plain = {
        "add_delivery": q.DELIVERIES,
        "add_message": q.MESSAGES,
        "add_handoff": q.HANDOFFS,
        "add_merge": q.GUEST_MERGES,
    }
    own = [_OUT.hotel_id, _OUT.actor, _OUT.request_key]
    return {name: sa.insert(table) for name, table in plain.items()} | {
        "update_delivery": _update(q.DELIVERIES),
        "add_inbox": insert(q.INBOX).on_conflict_do_nothing(index_elements=list(q.INBOX.primary_key)),
        "update_message": _update(q.MESSAGES),
        "add_case_event": _add_event(),
        "update_handoff": _update(q.HANDOFFS, _HANDOFFS.state == text("expected")),
        "put_identity_fact": _upsert(insert, q.IDENTITY_FACTS),
        "undo_merge": sa.update(q.GUEST_MERGES)
        .where(_MERGES.merge_id == text("the_id"), _MERGES.undone_at.is_(None))
        .values({name: sa.bindparam(name) for name in ("undone_at", "undone_by", "reason")}),
        "put_suggestion": _upsert(insert, q.SUGGESTIONS),
        "add_outgoing": insert(q.OUTBOX).on_conflict_do_nothing(index_elements=own),
        "update_outgoing": _update(q.OUTBOX, _OUT.state == text("expected")),
        "add_consent": _upsert(insert, q.CONSENTS),
        "put_notice": _upsert(insert, q.NOTICES),
        "add_channel_setting": insert(q.CHANNEL_SETTINGS).on_conflict_do_nothing(
            index_elements=list(q.CHANNEL_SETTINGS.primary_key)
        ),
        "put_cursor": _upsert(insert, q.CURSORS),
        "put_presence": _upsert(insert, o.PRESENCE),
    }


def _by_key(table: sa.Table) -> sa.Select[Any]:
    return sa.select(table).where(*(column == text(column.name) for column in table.primary_key))


def _of_handle(table: sa.Table) -> list[sa.ColumnElement[bool]]:
    return [table.c[name] == text(name) for name in ("handle_kind", "handle_scope", "handle_value")]


def _outbox() -> dict[str, sa.Select[Any]]:
    own = (_OUT.hotel_id, _OUT.actor, _OUT.request_key)
    unsure = sa.and_(one_of(_OUT.state, ("unknown", "sending")), _OUT.changed_at <= whole("before"))
    return {
        "get_outgoing": _by_key(q.OUTBOX),
        "outgoing_of_key": sa.select(q.OUTBOX).where(*(column == text(column.name) for column in own)),
        "find_outgoing": sa.select(q.OUTBOX).where(
            _OUT.channel == text("channel"), _OUT.provider_id == text("provider_id")
        ),
        "due_outgoing": sa.select(q.OUTBOX)
        .where(is_(_OUT.state, "queued"), _OUT.due_at <= whole("now"))
        .order_by(_OUT.due_at, _OUT.outbox_id)
        .limit(whole("limit")),
        "unsure_outgoing": sa.select(q.OUTBOX)
        .where(unsure)
        .order_by(_OUT.changed_at, _OUT.outbox_id)
        .limit(whole("limit")),
        "unreported_outgoing": sa.select(q.OUTBOX)
        .where(is_(_OUT.state, "accepted"), is_(_OUT.channel, "sms"), _OUT.due_at <= whole("now"))
        .order_by(_OUT.due_at, _OUT.outbox_id)
        .limit(whole("limit")),
        "held_outgoing": sa.select(q.OUTBOX)
        .where(is_(_OUT.state, "held"), _OUT.due_at <= whole("now"))
        .order_by(_OUT.due_at, _OUT.outbox_id)
        .limit(whole("limit")),
        "outgoing_of_case": sa.select(q.OUTBOX).where(_OUT.case_id == text("case_id")).order_by(_OUT.outbox_id),
    }


def _guests() -> dict[str, sa.Select[Any]]:
    one, other = q.SUGGESTIONS.c.one, q.SUGGESTIONS.c.other
    standing = _MERGES.undone_at.is_(None)
    return {
        "get_identity_fact": _by_key(q.IDENTITY_FACTS),
        "get_merge": _by_key(q.GUEST_MERGES),
        "merge_of_loser": sa.select(q.GUEST_MERGES).where(_MERGES.loser == text("loser"), standing),
        "merges_into": sa.select(q.GUEST_MERGES)
        .where(_MERGES.winner == text("winner"), standing)
        .order_by(_MERGES.merge_id),
        "merges_of": sa.select(q.GUEST_MERGES)
        .where(sa.or_(_MERGES.winner == text("guest_id"), _MERGES.loser == text("guest_id")))
        .order_by(_MERGES.merge_id),
        "suggestions_of": sa.select(q.SUGGESTIONS)
        .where(sa.or_(one == text("guest_id"), other == text("guest_id")))
        .order_by(one, other),
        "consent": sa.select(q.CONSENTS)
        .where(*_of_handle(q.CONSENTS), q.CONSENTS.c.purpose == text("purpose"))
        .order_by(q.CONSENTS.c.at.desc())
        .limit(sa.literal_column("1")),
    }


def fixed() -> dict[str, Any]:
    """The statements that read, whose conditions never vary."""
    return {
        "get_delivery": _by_key(q.DELIVERIES),
        "pending_deliveries": sa.select(q.DELIVERIES)
        .where(is_(_DELIVERIES.state, "pending"), _DELIVERIES.delivery_id > text("after"))
        .order_by(_DELIVERIES.delivery_id)
        .limit(whole("limit")),
        "get_inbox": _by_key(q.INBOX),
        "get_message": _by_key(q.MESSAGES),
        "find_message": sa.select(q.MESSAGES).where(
            _MESSAGES.channel == text("channel"), _MESSAGES.provider_id == text("provider_id")
        ),
        "messages_of": sa.select(q.MESSAGES)
        .where(_MESSAGES.case_id == text("case_id"))
        .order_by(_MESSAGES.at, _MESSAGES.message_id),
        "messages_of_guest": sa.select(q.MESSAGES)
        .where(_MESSAGES.guest_id == text("guest_id"))
        .order_by(_MESSAGES.at.desc(), _MESSAGES.message_id.desc())
        .limit(whole("limit")),
        "cases_of_guest": sa.select(t.CASES)
        .where(_CASES.guest_id == text("guest_id"), _CASES.hotel_id == text("hotel_id"), _CASES.joined_into.is_(None))
        .order_by(_CASES.case_id.desc()),
        "case_events": sa.select(q.CASE_EVENTS)
        .where(q.CASE_EVENTS.c.case_id == text("case_id"))
        .order_by(q.CASE_EVENTS.c.line),
        "get_handoff": _by_key(q.HANDOFFS),
        "get_notice": _by_key(q.NOTICES),
        "channel_settings": sa.select(q.CHANNEL_SETTINGS)
        .where(q.CHANNEL_SETTINGS.c.hotel_id == text("hotel_id"))
        .order_by(q.CHANNEL_SETTINGS.c.channel, q.CHANNEL_SETTINGS.c.version.desc()),
        "get_presence": _by_key(o.PRESENCE),
        "list_presence": sa.select(o.PRESENCE).order_by(o.PRESENCE.c.user_name),
        "get_cursor": sa.select(q.CURSORS.c.position).where(q.CURSORS.c.name == text("name")),
        **_outbox(),
        **_guests(),
        **_open_counts(),
    }


def _case_conditions() -> dict[str, sa.ColumnElement[bool]]:
    plain = ("hotel_id", "kind", "lead_status", "channel", "assignee", "guest_id")
    return {name: _CASES[name] == text(name) for name in plain} | {
        "status": _CASES.status == text("status"),
        "tag": _CASES.tags.like(text("tag")),
        "after": _CASES.case_id < text("after"),
        "warning_by": sa.and_(_OPEN, _CASES.warn_at <= whole("warning_by")),
        "due_by": sa.and_(_OPEN, _CASES.due_on <= text("due_by")),
        "is_open": _OPEN,
    }


def _open_counts() -> dict[str, sa.Select[Any]]:
    """How the open cases stand: few rows by hotel and channel; and those that are to be warned of."""
    stands = sa.and_(_OPEN, _CASES.joined_into.is_(None))
    is_late, is_near = _CASES.due_at <= whole("now"), _CASES.warn_at <= whole("now")
    counted = (
        sa.func.count(),
        sa.func.count().filter(is_(_CASES.status, "waiting")),
        sa.func.count().filter(is_near, sa.or_(_CASES.due_at.is_(None), _CASES.due_at > whole("now"))),
        sa.func.count().filter(is_late),
        sa.func.count().filter(_CASES.escalate_at <= whole("now")),
        sa.func.min(_CASES.waiting_since),
    )
    place = (_CASES.hotel_id, _CASES.channel)
    return {
        "count_open_cases": sa.select(*place, *counted).where(stands).group_by(*place).order_by(*place),
        "warned_cases": sa.select(_CASES.case_id, _CASES.hotel_id, _CASES.clocks)
        .where(stands, _CASES.warn_at <= whole("by"))
        .order_by(_CASES.case_id),
    }


def listings() -> dict[str, Listing]:
    """The listings by name."""
    stands = _CASES.joined_into.is_(None)
    due = sa.select(t.CASES).where(_OPEN, stands, _CASES.due_at <= whole("breaching_by"))
    conditions = _case_conditions()
    return {
        "cases": Listing(sa.select(t.CASES).where(stands), conditions, (_CASES.case_id.desc(),)),
        "breaching": Listing(due, conditions, (_CASES.due_at, _CASES.case_id)),
        "deliveries": Listing(
            sa.select(q.DELIVERIES),
            {
                "channel": _DELIVERIES.channel == text("channel"),
                "state": _DELIVERIES.state == text("state"),
                "after": _DELIVERIES.delivery_id > text("after"),
            },
            (_DELIVERIES.delivery_id,),
        ),
        "outgoing": Listing(
            sa.select(q.OUTBOX),
            {name: _OUT[name] == text(name) for name in ("hotel_id", "state", "case_id", "channel")}
            | {"after": _OUT.outbox_id < text("after")},
            (_OUT.outbox_id.desc(),),
        ),
        "handoffs": Listing(
            sa.select(q.HANDOFFS),
            {name: _HANDOFFS[name] == text(name) for name in ("case_id", "hotel_id", "state")},
            (_HANDOFFS.handoff_id.desc(),),
        ),
    }
