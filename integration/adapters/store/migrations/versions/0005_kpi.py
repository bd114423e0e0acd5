"""The KPIs: facts, day books, copies of what the PMS says, and triggers that note what must be counted anew.

Everything that is there already is noted once, so the first report after the upgrade counts it.
"""

from alembic import op

from integration.adapters.store.kpi_views_v1 import create_views
from integration.adapters.store.migrations.specs import create_indexes, create_table

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BY = "hotel_id:key channel:key source:key language:key agent:key segment:key tags:text "
TABLES = {
    "kpi_calls": (
        f"call_id:key! case_id:key day:key {BY}started_at:whole is_inbound:flag is_answered:flag is_abandoned:flag "
        "is_sales:flag is_sold:flag wait_ms:whole? talk_ms:whole? answer_target_ms:whole reservations:whole "
        "in_pms:whole"
    ),
    "kpi_cases": (
        f"case_id:key! run:whole! day:key {BY}opened_at:whole is_message:flag is_handed_over:flag is_first_run:flag "
        "lead_status:key? lost_reason:key? is_missed:flag frt_ms:whole? frt_wall_ms:whole? frt_target_ms:whole "
        "is_frt_open:flag resolution_ms:whole? resolution_wall_ms:whole? resolution_target_ms:whole "
        "is_resolution_open:flag as_of:whole is_paused:flag recheck_at:whole? is_live:flag frt_channel:key "
        "resolution_channel:key"
    ),
    "kpi_offers": f"offer_id:key! day:key {BY}made_at:whole is_sold:flag quotes:whole case_id:key call_id:key",
    "kpi_stays": (
        f"reservation_id:key! case_id:key call_id:key day:key? arrival:key {BY}state:key our_state:key pms_ref:key "
        "total:whole our_total:whole room_revenue:whole currency:key room_nights:whole is_cancelled:flag "
        "is_no_show:flag pms_seen_at:whole? differs:text"
    ),
    "kpi_dirty": "kind:key! the_id:key! stamp:whole",
    "kpi_books": "hotel_id:key! day:key! document:bytes",
    "pms_copies": (
        "reservation_id:key! hotel_id:key state:key pms_ref:key check_in:key check_out:key rooms:whole currency:key? "
        "total:whole? room_revenue:whole? seen_at:whole"
    ),
}
INDEXES = (
    ("ix_kpi_calls_day", "kpi_calls", "hotel_id day call_id", ""),
    ("ix_kpi_calls_case", "kpi_calls", "case_id", ""),
    ("ix_kpi_cases_day", "kpi_cases", "hotel_id day case_id", ""),
    ("ix_kpi_cases_live", "kpi_cases", "hotel_id is_live day", "is_live"),
    ("ix_kpi_cases_recheck", "kpi_cases", "recheck_at", "recheck_at IS NOT NULL"),
    ("ix_kpi_offers_day", "kpi_offers", "hotel_id day offer_id", ""),
    ("ix_kpi_stays_arrival", "kpi_stays", "hotel_id arrival", ""),
    ("ix_kpi_stays_day", "kpi_stays", "hotel_id day", "day IS NOT NULL"),
    ("ix_offers_case", "offers", "case_id", "case_id IS NOT NULL"),
    ("ix_reservations_offer", "reservations", "offer_id", "offer_id IS NOT NULL"),
)
NOTED = (
    ("cases", "INSERT", "case", "case_id"),
    ("cases", "UPDATE", "case", "case_id"),
    ("case_events", "INSERT", "case", "case_id"),
    ("handoffs", "INSERT", "case", "case_id"),
    ("handoffs", "UPDATE", "case", "case_id"),
    ("calls", "INSERT", "call", "call_id"),
    ("calls", "UPDATE", "call", "call_id"),
    ("offers", "INSERT", "offer", "offer_id"),
    ("reservations", "INSERT", "stay", "reservation_id"),
    ("reservations", "UPDATE", "stay", "reservation_id"),
    ("pms_copies", "INSERT", "stay", "reservation_id"),
    ("pms_copies", "UPDATE", "stay", "reservation_id"),
)
HELD = (("case", "cases"), ("call", "calls"), ("offer", "offers"), ("stay", "reservations"))
COLUMN = {"case": "case_id", "call": "call_id", "offer": "offer_id", "stay": "reservation_id"}


def _note(kind: str, column: str) -> str:
    return (
        f"INSERT INTO kpi_dirty (kind, the_id, stamp) VALUES ('{kind}', NEW.{column}, 0) "  # noqa: S608 - names above
        "ON CONFLICT (kind, the_id) DO UPDATE SET stamp = kpi_dirty.stamp + 1"
    )


def _on_sqlite() -> None:
    for table, verb, kind, column in NOTED:
        name = f"kpi_{table}_{verb.lower()}"
        op.execute(f"CREATE TRIGGER {name} AFTER {verb} ON {table} BEGIN {_note(kind, column)}; END")


def _on_postgresql() -> None:
    for table, (kind, column) in {name: (kind, column) for name, _, kind, column in NOTED}.items():
        verbs = " OR ".join(verb for name, verb, _, _ in NOTED if name == table)
        op.execute(
            f"CREATE FUNCTION kpi_note_{table}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {_note(kind, column)}; RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER kpi_{table} AFTER {verbs} ON {table} FOR EACH ROW EXECUTE FUNCTION kpi_note_{table}()"
        )


def upgrade() -> None:
    """Tables, indexes, triggers, views; then a note of everything that is there."""
    for name, spec in TABLES.items():
        create_table(name, spec, lean=name == "kpi_dirty")
    create_indexes(INDEXES)
    dialect = op.get_context().dialect.name
    (_on_sqlite if dialect == "sqlite" else _on_postgresql)()
    for text in create_views(dialect):
        op.execute(text)
    for kind, table in HELD:
        column = COLUMN[kind]
        op.execute(f"INSERT INTO kpi_dirty (kind, the_id, stamp) SELECT '{kind}', {column}, 0 FROM {table}")  # noqa: S608


def downgrade() -> None:
    """There is no way back: restore the backup."""
    raise NotImplementedError
