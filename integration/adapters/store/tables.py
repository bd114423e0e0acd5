"""The tables of our own store: ONE schema for SQLite and PostgreSQL.

Three rules keep a database from changing what we mean. Money is an integer of minor units beside its currency; an
instant is an integer of UTC milliseconds; a day is ISO text. Codes and ids compare byte by byte (collation `C` on
PostgreSQL, as SQLite does anyway), so ids that sort by time sort the same on both; SQLite tables are STRICT.

Columns are for what is searched or changed alone. What is only read back whole (an offer's choices, nightly prices)
is a JSON document in one column. Partial indexes hold only live rows: due timers, open calls, unsettled intents.

This module describes; it is imported to compile and to migrate, never by the running store.
"""

import sqlalchemy as sa

METADATA = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)
KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FLAG = sa.Boolean().with_variant(sa.Integer(), "sqlite")
TIMED_STATES = ("hold", "option")
UNSETTLED_STATES = ("open", "sent", "unknown")


def one_of(column: sa.Column[str], values: tuple[str, ...]) -> sa.ColumnElement[bool]:
    """`column IN ('a', 'b')` with the values in the text, so that a planner can match a partial index with it."""
    return column.in_([sa.literal_column(f"'{value}'", sa.Text()) for value in values])


def _key(name: str, *, null: bool = False, pk: bool = False, to: str = "") -> sa.Column[str]:
    links = (sa.ForeignKey(to),) if to else ()
    return sa.Column(name, KEY, *links, nullable=null, primary_key=pk)


def _text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=null)


def _whole(name: str, *, null: bool = False, pk: bool = False) -> sa.Column[int]:
    return sa.Column(name, WHOLE, nullable=null, primary_key=pk, autoincrement=False)


def _bytes(name: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=False)


def _table(name: str, *columns: sa.Column[str] | sa.Column[int] | sa.Column[bool] | sa.Column[bytes]) -> sa.Table:
    return sa.Table(name, METADATA, *columns, sqlite_strict=True)


def _lean(name: str, *columns: sa.Column[str] | sa.Column[int]) -> sa.Table:
    """A table of short rows that lives in its primary key (SQLite: WITHOUT ROWID)."""
    return sa.Table(name, METADATA, *columns, sqlite_strict=True, sqlite_with_rowid=False)


def _index(name: str, *columns: sa.Column[str] | sa.Column[int], where: sa.ColumnElement[bool] | None = None) -> None:
    sa.Index(name, *columns, sqlite_where=where, postgresql_where=where)


OFFERS = _table(
    "offers",
    _key("offer_id", pk=True),
    _key("hotel_id"),
    _key("check_in"),
    _key("check_out"),
    _whole("adults"),
    _text("child_ages"),
    _whole("rooms"),
    _key("currency"),
    _key("language"),
    _whole("created_at"),
    _whole("valid_until"),
    _key("actor"),
    _key("call_id", null=True),
    _key("case_id", null=True),
    _text("promo", null=True),
    _text("promo_note", null=True),
    _text("purpose", null=True),
    _text("requests"),
    sa.Column("is_group", FLAG, nullable=False),
    _text("document"),
)
_index("ix_offers_hotel", OFFERS.c.hotel_id, OFFERS.c.offer_id)
_index("ix_offers_call", OFFERS.c.call_id, OFFERS.c.offer_id, where=OFFERS.c.call_id.is_not(None))

RESERVATIONS = _table(
    "reservations",
    _key("reservation_id", pk=True),
    _key("hotel_id"),
    _key("state"),
    _key("check_in"),
    _key("check_out"),
    _whole("adults"),
    _text("child_ages"),
    _whole("rooms"),
    _key("room_type"),
    _key("rate_plan"),
    _key("rate_code"),
    _key("board"),
    _text("nightly"),
    _key("currency"),
    _whole("total"),
    _whole("deposit_due"),
    _whole("paid"),
    _text("cancellation"),
    _key("guest_id"),
    _key("request_key"),
    _key("external_ref"),
    _whole("created_at"),
    _key("created_by"),
    _key("pms_ref", null=True),
    _whole("expires_at", null=True),
    _key("guarantee", null=True),
    _key("previous_state", null=True),
    _key("offer_id", null=True),
    _key("call_id", null=True),
    _key("case_id", null=True),
    _text("requests"),
    _whole("version"),
)
_R = RESERVATIONS.c
sa.Index("uq_reservations_external_ref", _R.external_ref, unique=True)
_index("ix_reservations_hotel", _R.hotel_id, _R.reservation_id)
_index("ix_reservations_arrival", _R.hotel_id, _R.check_in)
_index("ix_reservations_guest", _R.guest_id, _R.reservation_id)
_index("ix_reservations_pms_ref", _R.pms_ref, where=_R.pms_ref.is_not(None))
_index("ix_reservations_call", _R.call_id, where=_R.call_id.is_not(None))
_index("ix_reservations_case", _R.case_id, where=_R.case_id.is_not(None))
_index("ix_reservations_due", _R.expires_at, _R.state, where=_R.expires_at.is_not(None))
_index("ix_reservations_live", _R.hotel_id, _R.room_type, _R.expires_at, where=_R.expires_at.is_not(None))

HISTORY = _lean(
    "history",
    _key("reservation_id", pk=True, to="reservations.reservation_id"),
    _whole("line", pk=True),
    _whole("at"),
    _key("actor"),
    _key("action"),
    _key("from_state", null=True),
    _key("to_state", null=True),
    _text("detail"),
)
NOTES = _table("notes", _key("subject", pk=True), _whole("line", pk=True), _whole("at"), _key("actor"), _text("text"))

GUESTS = _table(
    "guests",
    _key("guest_id", pk=True),
    _text("given_name"),
    _text("surname"),
    _key("language"),
    _key("nationality"),
    sa.Column("is_vip", FLAG, nullable=False),
    _whole("created_at"),
)
IDENTITIES = _lean(
    "guest_identities",
    _key("kind", pk=True),
    _key("scope", pk=True),
    _key("value", pk=True),
    _key("guest_id", to="guests.guest_id"),
    _whole("position"),
)
_index("ix_guest_identities_guest", IDENTITIES.c.guest_id, IDENTITIES.c.position)
NAME_KEYS = _lean("guest_name_keys", _key("name_key", pk=True), _key("guest_id", pk=True, to="guests.guest_id"))
_index("ix_guest_name_keys_guest", NAME_KEYS.c.guest_id)
SUBJECT_KEYS = _table(
    "subject_keys", _key("subject", pk=True), sa.Column("digest_key", sa.LargeBinary(), nullable=True)
)

CASES = _table(
    "cases",
    _key("case_id", pk=True),
    _key("hotel_id"),
    _key("kind"),
    _key("status"),
    _key("channel"),
    _whole("opened_at"),
    _key("opened_by"),
    _key("guest_id", null=True),
    _key("lead_status", null=True),
    _key("lost_reason", null=True),
    _key("due_on", null=True),
)
CALLS = _table(
    "calls",
    _key("call_id", pk=True),
    _key("case_id", to="cases.case_id"),
    _key("hotel_id"),
    _key("direction"),
    _key("actor"),
    _whole("started_at"),
    _key("phone", null=True),
    _key("guest_id", null=True),
    _whole("ended_at", null=True),
    _key("outcome", null=True),
    _key("lost_reason", null=True),
    _key("due_on", null=True),
)
_index("ix_calls_hotel", CALLS.c.hotel_id, CALLS.c.call_id)
_index("ix_calls_case", CALLS.c.case_id)
_index("ix_calls_open", CALLS.c.actor, CALLS.c.call_id, where=CALLS.c.ended_at.is_(None))

INTENTS = _table(
    "intents",
    _key("intent_id", pk=True),
    _key("kind"),
    _key("state"),
    _key("hotel_id"),
    _key("actor"),
    _key("request_key"),
    _key("fingerprint"),
    _key("external_ref"),
    _text("command"),
    _whole("created_at"),
    _whole("deadline"),
    _whole("sent_at", null=True),
    _whole("settled_at", null=True),
    _whole("watch_until", null=True),
    _key("reservation_id", null=True),
    _key("guest_id", null=True),
    _key("pms_ref", null=True),
    _whole("attempts"),
    _text("note"),
)
sa.Index("uq_intents_request_key", INTENTS.c.hotel_id, INTENTS.c.actor, INTENTS.c.request_key, unique=True)
_index(
    "ix_intents_unsettled",
    INTENTS.c.created_at,
    INTENTS.c.intent_id,
    where=one_of(INTENTS.c.state, UNSETTLED_STATES),
)
_index(
    "ix_intents_unsettled_of",
    INTENTS.c.reservation_id,
    INTENTS.c.created_at,
    INTENTS.c.intent_id,
    where=one_of(INTENTS.c.state, UNSETTLED_STATES),
)
ANSWERS = _table(
    "answers",
    _key("hotel_id", pk=True),
    _key("actor", pk=True),
    _key("request_key", pk=True),
    _key("fingerprint"),
    _whole("created_at"),
    _whole("until"),
    _key("intent_id", null=True),
    _key("error_code", null=True),
    _text("body", null=True),
)
_index("ix_answers_until", ANSWERS.c.until, where=ANSWERS.c.body.is_not(None))

AUDIT = _table(
    "audit",
    _whole("seq", pk=True),
    _whole("at"),
    _key("actor"),
    _key("action"),
    _text("body"),
    sa.Column("mac", sa.LargeBinary(), nullable=True),
)
HEAD = _table("audit_head", _whole("one", pk=True), _whole("seq"), _bytes("mac"), _whole("sealed"), _bytes("proof"))

USERS = _table("users", _key("name", pk=True), _key("role"), _whole("created_at"), _whole("revoked_at", null=True))
TOKENS = _lean(
    "tokens",
    _key("token_hash", pk=True),
    _key("user_name", to="users.name"),
    _whole("created_at"),
    _whole("revoked_at", null=True),
)
_index("ix_tokens_user", TOKENS.c.user_name)
OTHER_RATES = _lean(
    "other_seller_rates",
    _key("hotel_id", pk=True),
    _key("stay_on", pk=True),
    _key("room_type", pk=True),
    _key("seller", pk=True),
    _key("board", pk=True),
    _key("currency"),
    _whole("price"),
    _key("seen_on"),
)
TASKS = _table(
    "tasks",
    _key("task_id", pk=True),
    _key("kind"),
    _key("hotel_id"),
    _whole("created_at"),
    _text("ids"),
    _text("detail"),
    _whole("done_at", null=True),
)
_index("ix_tasks_open", TASKS.c.hotel_id, TASKS.c.task_id, where=TASKS.c.done_at.is_(None))
LEASES = _lean("leases", _key("name", pk=True), _key("holder"), _whole("until"))
