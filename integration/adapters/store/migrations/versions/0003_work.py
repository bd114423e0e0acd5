"""Long work gets tables: batches, rollbacks and comparisons; intents know their batch, tasks who decided what."""

from integration.adapters.store.migrations.specs import add_columns, create_indexes, create_table

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = {
    "batches": (
        "batch_id:key! kind:key hotel_id:key actor:key file_name:text digest:key created_at:whole "
        "finished_at:whole? ok:whole failed:whole skipped:whole"
    ),
    "batch_rows": (
        "batch_id:key!>batches.batch_id line:whole! status:key code:key reason:text made:key? request_key:key"
    ),
    "rollbacks": (
        "rollback_id:key! state:key scope:key target:key from_at:whole? to_at:whole? reason:text planned_at:whole "
        "planned_by:key applied_at:whole? applied_by:key? undoes:key? document:text"
    ),
    "rollback_steps": (
        "rollback_id:key!>rollbacks.rollback_id line:whole! hotel_id:key action:key target:key status:key reason:text "
        "request_key:key document:text"
    ),
    "comparisons": (
        "comparison_id:key! hotel_id:key actor:key created_at:whole finished_at:whole? arrival_from:key "
        "arrival_to:key repairs:whole position:key checked:whole found:whole document:text"
    ),
    "comparison_findings": (
        "comparison_id:key!>comparisons.comparison_id line:whole! kind:key reservation_id:key? pms_ref:key? "
        "external_ref:key? document:text repair:key?"
    ),
}
LEAN = ("batch_rows", "rollback_steps", "comparison_findings")
INDEXES = (
    ("ix_intents_of", "intents", "reservation_id intent_id", "reservation_id IS NOT NULL"),
    ("ix_intents_batch", "intents", "batch_id intent_id", "batch_id IS NOT NULL"),
    ("ix_intents_actor", "intents", "actor created_at", ""),
    ("ix_intents_watch", "intents", "watch_until intent_id", "watch_until IS NOT NULL"),
    ("ix_batches_digest", "batches", "digest batch_id", ""),
    ("ix_rollbacks_undoes", "rollbacks", "undoes", "undoes IS NOT NULL"),
    ("ix_rollback_steps_target", "rollback_steps", "target", ""),
    ("ix_comparisons_hotel", "comparisons", "hotel_id comparison_id", ""),
)


def upgrade() -> None:
    """Add columns, then tables, then indexes."""
    add_columns("intents", "batch_id:key? prepared:text?")
    add_columns("tasks", "done_by:key? decision:key? note:text?")
    for name, spec in TABLES.items():
        create_table(name, spec, lean=name in LEAN)
    create_indexes(INDEXES)


def downgrade() -> None:
    """There is no way back: restore the backup."""
    raise NotImplementedError
