"""The first schema: selling, guests, calls, intents, audit, users.

A column is written `name:kind`, then `!` when it is part of the primary key, `?` when it may be empty and
`>table.column` when it must exist there. Kinds: key (compared byte by byte), text, whole (64-bit integer), flag,
bytes.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

KINDS: dict[str, Any] = {
    "key": sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
    "text": sa.Text(),
    "whole": sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
    "flag": sa.Boolean().with_variant(sa.Integer(), "sqlite"),
    "bytes": sa.LargeBinary(),
}
TABLES = {
    "offers": (
        "offer_id:key! hotel_id:key check_in:key check_out:key adults:whole child_ages:text rooms:whole "
        "currency:key language:key created_at:whole valid_until:whole actor:key call_id:key? case_id:key? "
        "promo:text? promo_note:text? purpose:text? requests:text is_group:flag document:text"
    ),
    "reservations": (
        "reservation_id:key! hotel_id:key state:key check_in:key check_out:key adults:whole child_ages:text "
        "rooms:whole room_type:key rate_plan:key rate_code:key board:key nightly:text currency:key "
        "total:whole deposit_due:whole paid:whole cancellation:text guest_id:key request_key:key "
        "external_ref:key created_at:whole created_by:key pms_ref:key? expires_at:whole? guarantee:key? "
        "previous_state:key? offer_id:key? call_id:key? case_id:key? requests:text version:whole"
    ),
    "history": (
        "reservation_id:key!>reservations.reservation_id line:whole! at:whole actor:key action:key "
        "from_state:key? to_state:key? detail:text"
    ),
    "notes": "subject:key! line:whole! at:whole actor:key text:text",
    "guests": "guest_id:key! given_name:text surname:text language:key nationality:key is_vip:flag created_at:whole",
    "guest_identities": "kind:key! scope:key! value:key! guest_id:key>guests.guest_id position:whole",
    "guest_name_keys": "name_key:key! guest_id:key!>guests.guest_id",
    "subject_keys": "subject:key! digest_key:bytes?",
    "cases": (
        "case_id:key! hotel_id:key kind:key status:key channel:key opened_at:whole opened_by:key "
        "guest_id:key? lead_status:key? lost_reason:key? due_on:key?"
    ),
    "calls": (
        "call_id:key! case_id:key>cases.case_id hotel_id:key direction:key actor:key started_at:whole "
        "phone:key? guest_id:key? ended_at:whole? outcome:key? lost_reason:key? due_on:key?"
    ),
    "intents": (
        "intent_id:key! kind:key state:key hotel_id:key actor:key request_key:key fingerprint:key "
        "external_ref:key command:text created_at:whole deadline:whole sent_at:whole? settled_at:whole? "
        "watch_until:whole? reservation_id:key? guest_id:key? pms_ref:key? attempts:whole note:text"
    ),
    "answers": (
        "hotel_id:key! actor:key! request_key:key! fingerprint:key created_at:whole until:whole "
        "intent_id:key? error_code:key? body:text?"
    ),
    "audit": "seq:whole! at:whole actor:key action:key body:text mac:bytes?",
    "users": "name:key! role:key created_at:whole revoked_at:whole?",
    "tokens": "token_hash:key! user_name:key>users.name created_at:whole revoked_at:whole?",
    "other_seller_rates": (
        "hotel_id:key! stay_on:key! room_type:key! seller:key! board:key! currency:key price:whole seen_on:key"
    ),
    "tasks": "task_id:key! kind:key hotel_id:key created_at:whole ids:text detail:text done_at:whole?",
    "leases": "name:key! holder:key until:whole",
}
LEAN = ("history", "guest_identities", "guest_name_keys", "tokens", "other_seller_rates", "leases")
UNSETTLED = "state IN ('open', 'sent', 'unknown')"
INDEXES = (
    ("ix_offers_call", "offers", "call_id offer_id", "call_id IS NOT NULL"),
    ("ix_offers_hotel", "offers", "hotel_id offer_id", ""),
    ("ix_reservations_arrival", "reservations", "hotel_id check_in", ""),
    ("ix_reservations_call", "reservations", "call_id", "call_id IS NOT NULL"),
    ("ix_reservations_case", "reservations", "case_id", "case_id IS NOT NULL"),
    ("ix_reservations_due", "reservations", "expires_at state", "expires_at IS NOT NULL"),
    ("ix_reservations_guest", "reservations", "guest_id reservation_id", ""),
    ("ix_reservations_hotel", "reservations", "hotel_id reservation_id", ""),
    ("ix_reservations_live", "reservations", "hotel_id room_type expires_at", "expires_at IS NOT NULL"),
    ("ix_reservations_pms_ref", "reservations", "pms_ref", "pms_ref IS NOT NULL"),
    ("uq_reservations_external_ref", "reservations", "external_ref", ""),
    ("ix_guest_identities_guest", "guest_identities", "guest_id position", ""),
    ("ix_guest_name_keys_guest", "guest_name_keys", "guest_id", ""),
    ("ix_calls_case", "calls", "case_id", ""),
    ("ix_calls_hotel", "calls", "hotel_id call_id", ""),
    ("ix_calls_open", "calls", "actor call_id", "ended_at IS NULL"),
    ("ix_intents_unsettled", "intents", "created_at intent_id", UNSETTLED),
    ("ix_intents_unsettled_of", "intents", "reservation_id created_at intent_id", UNSETTLED),
    ("uq_intents_request_key", "intents", "hotel_id actor request_key", ""),
    ("ix_answers_until", "answers", "until", "body IS NOT NULL"),
    ("ix_tokens_user", "tokens", "user_name", ""),
    ("ix_tasks_open", "tasks", "hotel_id task_id", "done_at IS NULL"),
)
TRIGGERS = {
    "sqlite": (
        "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit "
        "BEGIN SELECT RAISE(ABORT, 'audit rows are never changed or removed'); END",
        "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit "
        "BEGIN SELECT RAISE(ABORT, 'audit rows are never changed or removed'); END",
        "CREATE TRIGGER audit_gapless BEFORE INSERT ON audit "
        "WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM audit) "
        "BEGIN SELECT RAISE(ABORT, 'audit rows are numbered without gaps'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'audit rows are never changed or removed'; END $$",
        "CREATE FUNCTION audit_number() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN IF NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM audit) "
        "THEN RAISE EXCEPTION 'audit rows are numbered without gaps'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER audit_no_edit BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
        "CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
        "CREATE TRIGGER audit_gapless BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION audit_number()",
    ),
}


def _column(spec: str) -> sa.Column[Any]:
    body, _, target = spec.partition(">")
    name, _, kind = body.rstrip("!?").partition(":")
    links = (sa.ForeignKey(target),) if target else ()
    return sa.Column(name, KINDS[kind], *links, primary_key="!" in body, nullable="?" in body, autoincrement=False)


def upgrade() -> None:
    """Make everything."""
    for name, spec in TABLES.items():
        lean = {"sqlite_with_rowid": False} if name in LEAN else {}
        op.create_table(name, *map(_column, spec.split()), sqlite_strict=True, **lean)
    for name, table, columns, condition in INDEXES:
        where: dict[str, Any] = {f"{one}_where": sa.text(condition) for one in ("sqlite", "postgresql") if condition}
        op.create_index(name, table, columns.split(), unique=name.startswith("uq_"), **where)
    for statement in TRIGGERS[op.get_context().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    """There is no way back: restore the backup."""
    raise NotImplementedError
