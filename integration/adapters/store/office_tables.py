"""The tables of the office itself: users, who is at the desk, what other sellers ask, who does which round."""

from integration.adapters.store.columns import index, key, lean, table, text_column, whole_column

USERS = table(
    "users", key("name", pk=True), key("role"), whole_column("created_at"), whole_column("revoked_at", null=True)
)
TOKENS = lean(
    "tokens",
    key("token_hash", pk=True),
    key("user_name", to="users.name"),
    whole_column("created_at"),
    whole_column("revoked_at", null=True),
)
index("ix_tokens_user", TOKENS.c.user_name)
PRESENCE = lean(
    "presence",
    key("user_name", pk=True),
    key("state"),
    whole_column("since"),
    whole_column("until"),
    text_column("languages"),
)
OTHER_RATES = lean(
    "other_seller_rates",
    key("hotel_id", pk=True),
    key("stay_on", pk=True),
    key("room_type", pk=True),
    key("seller", pk=True),
    key("board", pk=True),
    key("currency"),
    whole_column("price"),
    key("seen_on"),
)
LEASES = lean("leases", key("name", pk=True), key("holder"), whole_column("until"))
