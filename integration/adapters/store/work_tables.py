"""The tables of long work that must survive a kill: batches, rollbacks, comparisons with the PMS.

Each has a head row and numbered lines. A line is written in the transaction that made what it tells of, or repeats
safely under its own request key, so that after a kill the work goes on where it stood.
"""

from integration.adapters.store.columns import index, key, lean, table, text_column, whole_column

BATCHES = table(
    "batches",
    key("batch_id", pk=True),
    key("kind"),
    key("hotel_id"),
    key("actor"),
    text_column("file_name"),
    key("digest"),
    whole_column("created_at"),
    whole_column("finished_at", null=True),
    whole_column("ok"),
    whole_column("failed"),
    whole_column("skipped"),
)
index("ix_batches_digest", BATCHES.c.digest, BATCHES.c.batch_id)
BATCH_ROWS = lean(
    "batch_rows",
    key("batch_id", pk=True, to="batches.batch_id"),
    whole_column("line", pk=True),
    key("status"),
    key("code"),
    text_column("reason"),
    key("made", null=True),
    key("request_key"),
)

ROLLBACKS = table(
    "rollbacks",
    key("rollback_id", pk=True),
    key("state"),
    key("scope"),
    key("target"),
    whole_column("from_at", null=True),
    whole_column("to_at", null=True),
    text_column("reason"),
    whole_column("planned_at"),
    key("planned_by"),
    whole_column("applied_at", null=True),
    key("applied_by", null=True),
    key("undoes", null=True),
    text_column("document"),
)
index("ix_rollbacks_undoes", ROLLBACKS.c.undoes, where=ROLLBACKS.c.undoes.is_not(None))
ROLLBACK_STEPS = lean(
    "rollback_steps",
    key("rollback_id", pk=True, to="rollbacks.rollback_id"),
    whole_column("line", pk=True),
    key("hotel_id"),
    key("action"),
    key("target"),
    key("status"),
    text_column("reason"),
    key("request_key"),
    text_column("document"),
)
index("ix_rollback_steps_target", ROLLBACK_STEPS.c.target)

COMPARISONS = table(
    "comparisons",
    key("comparison_id", pk=True),
    key("hotel_id"),
    key("actor"),
    whole_column("created_at"),
    whole_column("finished_at", null=True),
    key("arrival_from"),
    key("arrival_to"),
    whole_column("repairs"),
    key("position"),
    whole_column("checked"),
    whole_column("found"),
    text_column("document"),
)
index("ix_comparisons_hotel", COMPARISONS.c.hotel_id, COMPARISONS.c.comparison_id)
FINDINGS = lean(
    "comparison_findings",
    key("comparison_id", pk=True, to="comparisons.comparison_id"),
    whole_column("line", pk=True),
    key("kind"),
    key("reservation_id", null=True),
    key("pms_ref", null=True),
    key("external_ref", null=True),
    text_column("document"),
    key("repair", null=True),
)
