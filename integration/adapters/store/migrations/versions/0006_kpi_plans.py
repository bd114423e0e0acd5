"""The routine around the KPIs: pilots that were started, targets that were proposed."""

from integration.adapters.store.migrations.specs import create_indexes, create_table

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table."""
    create_table("kpi_plans", "plan_id:key! hotel_id:key kind:key state:key made_by:key made_at:whole document:text")
    create_indexes((("ix_kpi_plans_hotel", "kpi_plans", "hotel_id kind made_at", ""),))


def downgrade() -> None:
    """There is no way back: restore the backup."""
    raise NotImplementedError
