"""The tables of the one queue: what came in, messages, what happened to a case, who a guest is, what goes out.

A delivery is kept as it came. Each arrival in it has one row in `inbox`, unique by the provider's own number, written
in the transaction of its effect: that is what makes a repeated delivery harmless. A message keeps the identity it came
from, so that a wrong merge of guests can be taken apart again. Nothing of a merge is destroyed: `guest_merges` has
edges that can be undone.
"""

from integration.adapters.store.columns import (
    bytes_column,
    index,
    is_,
    key,
    lean,
    one_of,
    table,
    text_column,
    whole_column,
)

DELIVERIES = table(
    "deliveries",
    key("delivery_id", pk=True),
    key("channel"),
    key("wire"),
    key("state"),
    whole_column("received_at"),
    text_column("envelope"),
    bytes_column("body"),
    whole_column("tries"),
    text_column("problem", null=True),
)
index("ix_deliveries_pending", DELIVERIES.c.delivery_id, where=is_(DELIVERIES.c.state, "pending"))
INBOX = lean(
    "inbox",
    key("channel", pk=True),
    key("account", pk=True),
    key("provider_id", pk=True),
    key("delivery_id"),
    key("kind"),
    whole_column("at"),
    key("case_id", null=True),
    key("message_id", null=True),
)
index("ix_inbox_delivery", INBOX.c.delivery_id)

MESSAGES = table(
    "messages",
    key("message_id", pk=True),
    key("case_id"),
    key("home_case"),
    key("channel"),
    key("account"),
    key("sender"),
    whole_column("at"),
    whole_column("received_at"),
    text_column("text"),
    key("provider_id", null=True),
    key("actor", null=True),
    key("guest_id", null=True),
    key("handle_kind", null=True),
    key("handle_scope", null=True),
    key("handle_value", null=True),
    key("thread", null=True),
    key("reply_to", null=True),
    text_column("document"),
)
index("ix_messages_case", MESSAGES.c.case_id, MESSAGES.c.at, MESSAGES.c.message_id)
index("ix_messages_guest", MESSAGES.c.guest_id, MESSAGES.c.at, where=MESSAGES.c.guest_id.is_not(None))
index("ix_messages_provider", MESSAGES.c.channel, MESSAGES.c.provider_id, where=MESSAGES.c.provider_id.is_not(None))
CASE_EVENTS = lean(
    "case_events",
    key("case_id", pk=True),
    whole_column("line", pk=True),
    whole_column("at"),
    key("kind"),
    key("actor"),
    text_column("document"),
)
HANDOFFS = table(
    "handoffs",
    key("handoff_id", pk=True),
    key("case_id"),
    key("hotel_id"),
    key("trigger"),
    key("state"),
    key("from_channel"),
    key("to_channel"),
    key("from_actor", null=True),
    key("to_actor", null=True),
    whole_column("triggered_at"),
    whole_column("changed_at"),
    whole_column("due_at", null=True),
    text_column("packet"),
    text_column("history"),
)
index("ix_handoffs_case", HANDOFFS.c.case_id, HANDOFFS.c.handoff_id)
index("ix_handoffs_hotel", HANDOFFS.c.hotel_id, HANDOFFS.c.state, HANDOFFS.c.handoff_id)

IDENTITY_FACTS = lean(
    "identity_facts",
    key("kind", pk=True),
    key("scope", pk=True),
    key("value", pk=True),
    key("vouching"),
    whole_column("first_seen"),
    whole_column("last_seen"),
)
GUEST_MERGES = table(
    "guest_merges",
    key("merge_id", pk=True),
    key("winner"),
    key("loser"),
    key("rule"),
    text_column("evidence"),
    key("actor"),
    whole_column("at"),
    whole_column("undone_at", null=True),
    key("undone_by", null=True),
    text_column("reason", null=True),
)
index("ix_guest_merges_loser", GUEST_MERGES.c.loser, where=GUEST_MERGES.c.undone_at.is_(None))
index("ix_guest_merges_winner", GUEST_MERGES.c.winner, where=GUEST_MERGES.c.undone_at.is_(None))
SUGGESTIONS = lean(
    "link_suggestions",
    key("one", pk=True),
    key("other", pk=True),
    key("rule"),
    text_column("evidence"),
    whole_column("at"),
    key("state"),
    key("decided_by", null=True),
)
index("ix_link_suggestions_other", SUGGESTIONS.c.other)

OUTBOX = table(
    "outbox",
    key("outbox_id", pk=True),
    key("hotel_id"),
    key("channel"),
    key("kind"),
    key("purpose"),
    key("state"),
    key("case_id", null=True),
    key("message_id", null=True),
    key("guest_id", null=True),
    key("handle_kind"),
    key("handle_scope"),
    key("handle_value"),
    key("actor"),
    key("request_key"),
    whole_column("created_at"),
    whole_column("due_at"),
    whole_column("changed_at"),
    whole_column("attempts"),
    key("provider_id", null=True),
    text_column("document"),
    text_column("problem", null=True),
)
index("ix_outbox_due", OUTBOX.c.due_at, OUTBOX.c.outbox_id, where=is_(OUTBOX.c.state, "queued"))
index(
    "ix_outbox_unsure",
    OUTBOX.c.changed_at,
    OUTBOX.c.outbox_id,
    where=one_of(OUTBOX.c.state, ("unknown", "sending")),
)
index(
    "ix_outbox_reports",
    OUTBOX.c.due_at,
    OUTBOX.c.outbox_id,
    where=is_(OUTBOX.c.state, "accepted") & is_(OUTBOX.c.channel, "sms"),
)
index("ix_outbox_held", OUTBOX.c.due_at, OUTBOX.c.outbox_id, where=is_(OUTBOX.c.state, "held"))
index("ix_outbox_case", OUTBOX.c.case_id, OUTBOX.c.outbox_id, where=OUTBOX.c.case_id.is_not(None))
index("ix_outbox_provider", OUTBOX.c.channel, OUTBOX.c.provider_id, where=OUTBOX.c.provider_id.is_not(None))
index("uq_outbox_request_key", OUTBOX.c.hotel_id, OUTBOX.c.actor, OUTBOX.c.request_key, unique=True)
CONSENTS = lean(
    "consents",
    key("handle_kind", pk=True),
    key("handle_scope", pk=True),
    key("handle_value", pk=True),
    key("purpose", pk=True),
    whole_column("at", pk=True),
    key("state"),
    key("source"),
    key("actor"),
    text_column("evidence"),
)
NOTICES = lean(
    "notices",
    key("case_id", pk=True),
    key("channel", pk=True),
    key("version"),
    key("language"),
    whole_column("shown_at"),
    key("message_id", null=True),
)
CHANNEL_SETTINGS = lean(
    "channel_settings",
    key("hotel_id", pk=True),
    key("channel", pk=True),
    whole_column("version", pk=True),
    whole_column("effective_from"),
    key("set_by"),
    whole_column("set_at"),
    text_column("document"),
)
ADDRESS_CODES = lean(
    "address_codes",
    key("kind", pk=True),
    key("scope", pk=True),
    key("value", pk=True),
    key("code_id", pk=True),
    key("guest_id"),
    key("state"),
    whole_column("created_at"),
    whole_column("expires_at"),
    whole_column("tries"),
)
CURSORS = lean("pull_cursors", key("name", pk=True), text_column("position"), whole_column("at"))
