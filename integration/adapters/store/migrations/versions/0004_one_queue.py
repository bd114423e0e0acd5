"""The one queue: deliveries, inbox, messages, clocks of cases, handoffs, merges of guests, outbox, consents."""

from integration.adapters.store.migrations.specs import add_columns, create_indexes, create_table

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

CASES = (
    "priority:whole? assignee:key? tags:text? language:key? subject:text? last_at:whole? due_at:whole? warn_at:whole? "
    "resolved_at:whole? clocks:text? version:whole? joined_into:key? escalate_at:whole? waiting_since:whole?"
)
TABLES = {
    "deliveries": (
        "delivery_id:key! channel:key wire:key state:key received_at:whole envelope:text body:bytes "
        "tries:whole problem:text?"
    ),
    "inbox": (
        "channel:key! account:key! provider_id:key! delivery_id:key kind:key at:whole case_id:key? message_id:key?"
    ),
    "messages": (
        "message_id:key! case_id:key home_case:key channel:key account:key sender:key at:whole "
        "received_at:whole text:text provider_id:key? actor:key? guest_id:key? handle_kind:key? "
        "handle_scope:key? handle_value:key? thread:key? reply_to:key? document:text"
    ),
    "case_events": "case_id:key! line:whole! at:whole kind:key actor:key document:text",
    "handoffs": (
        "handoff_id:key! case_id:key hotel_id:key trigger:key state:key from_channel:key to_channel:key "
        "from_actor:key? to_actor:key? triggered_at:whole changed_at:whole due_at:whole? packet:text "
        "history:text"
    ),
    "identity_facts": "kind:key! scope:key! value:key! vouching:key first_seen:whole last_seen:whole",
    "guest_merges": (
        "merge_id:key! winner:key loser:key rule:key evidence:text actor:key at:whole undone_at:whole? "
        "undone_by:key? reason:text?"
    ),
    "link_suggestions": "one:key! other:key! rule:key evidence:text at:whole state:key decided_by:key?",
    "outbox": (
        "outbox_id:key! hotel_id:key channel:key kind:key purpose:key state:key case_id:key? message_id:key? "
        "guest_id:key? handle_kind:key handle_scope:key handle_value:key actor:key request_key:key "
        "created_at:whole due_at:whole changed_at:whole attempts:whole provider_id:key? document:text "
        "problem:text?"
    ),
    "consents": (
        "handle_kind:key! handle_scope:key! handle_value:key! purpose:key! at:whole! state:key source:key "
        "actor:key evidence:text"
    ),
    "notices": "case_id:key! channel:key! version:key language:key shown_at:whole message_id:key?",
    "channel_settings": (
        "hotel_id:key! channel:key! version:whole! effective_from:whole set_by:key set_at:whole document:text"
    ),
    "address_codes": (
        "kind:key! scope:key! value:key! code_id:key! guest_id:key state:key created_at:whole expires_at:whole "
        "tries:whole"
    ),
    "pull_cursors": "name:key! position:text at:whole",
    "presence": "user_name:key! state:key since:whole until:whole languages:text",
}
LEAN = frozenset(
    {
        "inbox",
        "case_events",
        "identity_facts",
        "link_suggestions",
        "consents",
        "notices",
        "channel_settings",
        "address_codes",
        "pull_cursors",
        "presence",
    }
)
INDEXES = (
    ("ix_cases_guest", "cases", "guest_id case_id", "guest_id IS NOT NULL"),
    ("ix_cases_hotel", "cases", "hotel_id case_id", ""),
    ("ix_cases_open", "cases", "hotel_id due_at case_id", "status != 'resolved'"),
    ("ix_deliveries_pending", "deliveries", "delivery_id", "state = 'pending'"),
    ("ix_inbox_delivery", "inbox", "delivery_id", ""),
    ("ix_messages_case", "messages", "case_id at message_id", ""),
    ("ix_messages_guest", "messages", "guest_id at", "guest_id IS NOT NULL"),
    ("ix_messages_provider", "messages", "channel provider_id", "provider_id IS NOT NULL"),
    ("ix_handoffs_case", "handoffs", "case_id handoff_id", ""),
    ("ix_handoffs_hotel", "handoffs", "hotel_id state handoff_id", ""),
    ("ix_guest_merges_loser", "guest_merges", "loser", "undone_at IS NULL"),
    ("ix_guest_merges_winner", "guest_merges", "winner", "undone_at IS NULL"),
    ("ix_link_suggestions_other", "link_suggestions", "other", ""),
    ("ix_outbox_case", "outbox", "case_id outbox_id", "case_id IS NOT NULL"),
    ("ix_outbox_due", "outbox", "due_at outbox_id", "state = 'queued'"),
    ("ix_outbox_held", "outbox", "due_at outbox_id", "state = 'held'"),
    ("ix_outbox_provider", "outbox", "channel provider_id", "provider_id IS NOT NULL"),
    ("ix_outbox_reports", "outbox", "due_at outbox_id", "state = 'accepted' AND channel = 'sms'"),
    ("ix_outbox_unsure", "outbox", "changed_at outbox_id", "state IN ('unknown', 'sending')"),
    ("uq_outbox_request_key", "outbox", "hotel_id actor request_key", ""),
)


def upgrade() -> None:
    """Add columns, then tables, then indexes."""
    add_columns("cases", CASES)
    for name, spec in TABLES.items():
        create_table(name, spec, lean=name in LEAN)
    create_indexes(INDEXES)


def downgrade() -> None:
    """There is no way back: restore the backup."""
    raise NotImplementedError
