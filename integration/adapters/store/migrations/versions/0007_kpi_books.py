"""KPI books in columns, and formulas that changed: books of before are dropped, to be made again from the facts by the
report that needs them; the view of daily figures is made anew; every record is noted once, so that the next report
counts it by the new formulas."""

from alembic import op

from integration.adapters.store.kpi_views_v1 import create_views

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None
DAILY = "kpi_v1_daily"
HELD = (
    ("case", "cases", "case_id"),
    ("call", "calls", "call_id"),
    ("offer", "offers", "offer_id"),
    ("stay", "reservations", "reservation_id"),
)


def upgrade() -> None:
    """No table changes."""
    op.execute("DELETE FROM kpi_books")
    op.execute(f"DROP VIEW {DAILY}")
    for text in create_views(op.get_context().dialect.name):
        if text.startswith(f"CREATE VIEW {DAILY} "):
            op.execute(text)
    for kind, table, column in HELD:
        op.execute(
            f"INSERT INTO kpi_dirty (kind, the_id, stamp) SELECT '{kind}', {column}, 0 FROM {table} WHERE true "  # noqa: S608 - names above
            "ON CONFLICT (kind, the_id) DO UPDATE SET stamp = kpi_dirty.stamp + 1"
        )


def downgrade() -> None:
    """There is no way back: restore the backup."""
    raise NotImplementedError
