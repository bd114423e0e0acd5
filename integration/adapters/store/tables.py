"""The tables of our own store: ONE schema for SQLite and PostgreSQL.

Three rules keep a database from changing what we mean. Money is an integer of minor units beside its currency; an
instant is an integer of UTC milliseconds; a day is ISO text. Codes and ids compare byte by byte (collation `C` on
PostgreSQL, as SQLite does anyway), so ids that sort by time sort the same on both; SQLite tables are STRICT.

Columns are for what is searched or changed alone. What is only read back whole (an offer's choices, nightly prices)
is a JSON document in one column. Partial indexes hold only live rows: due timers, open calls, unsettled intents.

This module describes; it is imported to compile and to migrate, never by the running store.
"""

import sqlalchemy as sa

from integration.adapters.store.columns import (
    FLAG,
    bytes_column,
    index,
    key,
    lean,
    one_of,
    table,
    text_column,
    whole_column,
)

TIMED_STATES = ("hold", "option")
UNSETTLED_STATES = ("open", "sent", "unknown")

OFFERS = table(
    "offers",
    key("offer_id", pk=True),
    key("hotel_id"),
    key("check_in"),
    key("check_out"),
    whole_column("adults"),
    text_column("child_ages"),
    whole_column("rooms"),
    key("currency"),
    key("language"),
    whole_column("created_at"),
    whole_column("valid_until"),
    key("actor"),
    key("call_id", null=True),
    key("case_id", null=True),
    text_column("promo", null=True),
    text_column("promo_note", null=True),
    text_column("purpose", null=True),
    text_column("requests"),
    sa.Column("is_group", FLAG, nullable=False),
    text_column("document"),
)
index("ix_offers_hotel", OFFERS.c.hotel_id, OFFERS.c.offer_id)
index("ix_offers_call", OFFERS.c.call_id, OFFERS.c.offer_id, where=OFFERS.c.call_id.is_not(None))
index("ix_offers_case", OFFERS.c.case_id, where=OFFERS.c.case_id.is_not(None))

RESERVATIONS = table(
    "reservations",
    key("reservation_id", pk=True),
    key("hotel_id"),
    key("state"),
    key("check_in"),
    key("check_out"),
    whole_column("adults"),
    text_column("child_ages"),
    whole_column("rooms"),
    key("room_type"),
    key("rate_plan"),
    key("rate_code"),
    key("board"),
    text_column("nightly"),
    key("currency"),
    whole_column("total"),
    whole_column("deposit_due"),
    whole_column("paid"),
    text_column("cancellation"),
    key("guest_id"),
    key("request_key"),
    key("external_ref"),
    whole_column("created_at"),
    key("created_by"),
    key("pms_ref", null=True),
    whole_column("expires_at", null=True),
    key("guarantee", null=True),
    key("previous_state", null=True),
    key("offer_id", null=True),
    key("call_id", null=True),
    key("case_id", null=True),
    text_column("requests"),
    whole_column("version"),
)
_R = RESERVATIONS.c
sa.Index("uq_reservations_external_ref", _R.external_ref, unique=True)
index("ix_reservations_hotel", _R.hotel_id, _R.reservation_id)
index("ix_reservations_arrival", _R.hotel_id, _R.check_in)
index("ix_reservations_guest", _R.guest_id, _R.reservation_id)
index("ix_reservations_pms_ref", _R.pms_ref, where=_R.pms_ref.is_not(None))
index("ix_reservations_call", _R.call_id, where=_R.call_id.is_not(None))
index("ix_reservations_case", _R.case_id, where=_R.case_id.is_not(None))
index("ix_reservations_offer", _R.offer_id, where=_R.offer_id.is_not(None))
index("ix_reservations_due", _R.expires_at, _R.state, where=_R.expires_at.is_not(None))
index("ix_reservations_live", _R.hotel_id, _R.room_type, _R.expires_at, where=_R.expires_at.is_not(None))

HISTORY = lean(
    "history",
    key("reservation_id", pk=True, to="reservations.reservation_id"),
    whole_column("line", pk=True),
    whole_column("at"),
    key("actor"),
    key("action"),
    key("from_state", null=True),
    key("to_state", null=True),
    text_column("detail"),
)
NOTES = table(
    "notes",
    key("subject", pk=True),
    whole_column("line", pk=True),
    whole_column("at"),
    key("actor"),
    text_column("text"),
)

GUESTS = table(
    "guests",
    key("guest_id", pk=True),
    text_column("given_name"),
    text_column("surname"),
    key("language"),
    key("nationality"),
    sa.Column("is_vip", FLAG, nullable=False),
    whole_column("created_at"),
)
IDENTITIES = lean(
    "guest_identities",
    key("kind", pk=True),
    key("scope", pk=True),
    key("value", pk=True),
    key("guest_id", to="guests.guest_id"),
    whole_column("position"),
)
index("ix_guest_identities_guest", IDENTITIES.c.guest_id, IDENTITIES.c.position)
NAME_KEYS = lean("guest_name_keys", key("name_key", pk=True), key("guest_id", pk=True, to="guests.guest_id"))
index("ix_guest_name_keys_guest", NAME_KEYS.c.guest_id)
SUBJECT_KEYS = table("subject_keys", key("subject", pk=True), sa.Column("digest_key", sa.LargeBinary(), nullable=True))

CASES = table(
    "cases",
    key("case_id", pk=True),
    key("hotel_id"),
    key("kind"),
    key("status"),
    key("channel"),
    whole_column("opened_at"),
    key("opened_by"),
    key("guest_id", null=True),
    key("lead_status", null=True),
    key("lost_reason", null=True),
    key("due_on", null=True),
    whole_column("priority", null=True),
    key("assignee", null=True),
    text_column("tags", null=True),
    key("language", null=True),
    text_column("subject", null=True),
    whole_column("last_at", null=True),
    whole_column("due_at", null=True),
    whole_column("warn_at", null=True),
    whole_column("resolved_at", null=True),
    text_column("clocks", null=True),
    whole_column("version", null=True),
    key("joined_into", null=True),
    whole_column("escalate_at", null=True),
    whole_column("waiting_since", null=True),
)
_OPEN_CASE = CASES.c.status != sa.literal_column("'resolved'")
index("ix_cases_guest", CASES.c.guest_id, CASES.c.case_id, where=CASES.c.guest_id.is_not(None))
index("ix_cases_hotel", CASES.c.hotel_id, CASES.c.case_id)
index("ix_cases_open", CASES.c.hotel_id, CASES.c.due_at, CASES.c.case_id, where=_OPEN_CASE)
CALLS = table(
    "calls",
    key("call_id", pk=True),
    key("case_id", to="cases.case_id"),
    key("hotel_id"),
    key("direction"),
    key("actor"),
    whole_column("started_at"),
    key("phone", null=True),
    key("guest_id", null=True),
    whole_column("ended_at", null=True),
    key("outcome", null=True),
    key("lost_reason", null=True),
    key("due_on", null=True),
)
index("ix_calls_hotel", CALLS.c.hotel_id, CALLS.c.call_id)
index("ix_calls_case", CALLS.c.case_id)
index("ix_calls_open", CALLS.c.actor, CALLS.c.call_id, where=CALLS.c.ended_at.is_(None))

INTENTS = table(
    "intents",
    key("intent_id", pk=True),
    key("kind"),
    key("state"),
    key("hotel_id"),
    key("actor"),
    key("request_key"),
    key("fingerprint"),
    key("external_ref"),
    text_column("command"),
    whole_column("created_at"),
    whole_column("deadline"),
    whole_column("sent_at", null=True),
    whole_column("settled_at", null=True),
    whole_column("watch_until", null=True),
    key("reservation_id", null=True),
    key("guest_id", null=True),
    key("pms_ref", null=True),
    whole_column("attempts"),
    text_column("note"),
    key("batch_id", null=True),
    text_column("prepared", null=True),
)
sa.Index("uq_intents_request_key", INTENTS.c.hotel_id, INTENTS.c.actor, INTENTS.c.request_key, unique=True)
index(
    "ix_intents_unsettled",
    INTENTS.c.created_at,
    INTENTS.c.intent_id,
    where=one_of(INTENTS.c.state, UNSETTLED_STATES),
)
index(
    "ix_intents_unsettled_of",
    INTENTS.c.reservation_id,
    INTENTS.c.created_at,
    INTENTS.c.intent_id,
    where=one_of(INTENTS.c.state, UNSETTLED_STATES),
)
index("ix_intents_of", INTENTS.c.reservation_id, INTENTS.c.intent_id, where=INTENTS.c.reservation_id.is_not(None))
index("ix_intents_batch", INTENTS.c.batch_id, INTENTS.c.intent_id, where=INTENTS.c.batch_id.is_not(None))
index("ix_intents_actor", INTENTS.c.actor, INTENTS.c.created_at)
index("ix_intents_watch", INTENTS.c.watch_until, INTENTS.c.intent_id, where=INTENTS.c.watch_until.is_not(None))
ANSWERS = table(
    "answers",
    key("hotel_id", pk=True),
    key("actor", pk=True),
    key("request_key", pk=True),
    key("fingerprint"),
    whole_column("created_at"),
    whole_column("until"),
    key("intent_id", null=True),
    key("error_code", null=True),
    text_column("body", null=True),
)
index("ix_answers_until", ANSWERS.c.until, where=ANSWERS.c.body.is_not(None))

AUDIT = table(
    "audit",
    whole_column("seq", pk=True),
    whole_column("at"),
    key("actor"),
    key("action"),
    text_column("body"),
    sa.Column("mac", sa.LargeBinary(), nullable=True),
)
HEAD = table(
    "audit_head",
    whole_column("one", pk=True),
    whole_column("seq"),
    bytes_column("mac"),
    whole_column("sealed"),
    bytes_column("proof"),
)

TASKS = table(
    "tasks",
    key("task_id", pk=True),
    key("kind"),
    key("hotel_id"),
    whole_column("created_at"),
    text_column("ids"),
    text_column("detail"),
    whole_column("done_at", null=True),
    key("done_by", null=True),
    key("decision", null=True),
    text_column("note", null=True),
)
index("ix_tasks_open", TASKS.c.hotel_id, TASKS.c.task_id, where=TASKS.c.done_at.is_(None))
