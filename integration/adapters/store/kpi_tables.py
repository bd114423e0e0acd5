"""The tables of the KPIs: facts of calls, cases, offers and stays, day books, what must be counted anew.

A fact row is made from records and can be made again; nothing else is kept here, so these tables may be emptied at any
time. Triggers note in `kpi_dirty` whatever record changes, in the transaction that changes it. Durations are
milliseconds, days the hotel's own; views for reading (docs/kpi-views.md) stand over these tables.
"""

import sqlalchemy as sa

from integration.adapters.store.columns import (
    FLAG,
    bytes_column,
    index,
    key,
    lean,
    table,
    text_column,
    whole_column,
)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, FLAG, nullable=False)


def _by() -> tuple[sa.Column[str], ...]:
    """What a fact can be broken down by; `tags` as a JSON list."""
    names = ("channel", "source", "language", "agent", "segment")
    return (key("hotel_id"), *(key(name) for name in names), text_column("tags"))


KPI_CALLS = table(
    "kpi_calls",
    key("call_id", pk=True),
    key("case_id"),
    key("day"),
    *_by(),
    whole_column("started_at"),
    _flag("is_inbound"),
    _flag("is_answered"),
    _flag("is_abandoned"),
    _flag("is_sales"),
    _flag("is_sold"),
    whole_column("wait_ms", null=True),
    whole_column("talk_ms", null=True),
    whole_column("answer_target_ms"),
    whole_column("reservations"),
    whole_column("in_pms"),
)
index("ix_kpi_calls_day", KPI_CALLS.c.hotel_id, KPI_CALLS.c.day, KPI_CALLS.c.call_id)
index("ix_kpi_calls_case", KPI_CALLS.c.case_id)
KPI_CASES = table(
    "kpi_cases",
    key("case_id", pk=True),
    whole_column("run", pk=True),
    key("day"),
    *_by(),
    whole_column("opened_at"),
    _flag("is_message"),
    _flag("is_handed_over"),
    _flag("is_first_run"),
    key("lead_status", null=True),
    key("lost_reason", null=True),
    _flag("is_missed"),
    whole_column("frt_ms", null=True),
    whole_column("frt_wall_ms", null=True),
    whole_column("frt_target_ms"),
    _flag("is_frt_open"),
    whole_column("resolution_ms", null=True),
    whole_column("resolution_wall_ms", null=True),
    whole_column("resolution_target_ms"),
    _flag("is_resolution_open"),
    whole_column("as_of"),
    _flag("is_paused"),
    whole_column("recheck_at", null=True),
    _flag("is_live"),
    key("frt_channel"),
    key("resolution_channel"),
)
index("ix_kpi_cases_day", KPI_CASES.c.hotel_id, KPI_CASES.c.day, KPI_CASES.c.case_id)
LIVE = sa.literal_column("is_live", sa.Boolean())
index("ix_kpi_cases_live", KPI_CASES.c.hotel_id, KPI_CASES.c.is_live, KPI_CASES.c.day, where=LIVE)
index("ix_kpi_cases_recheck", KPI_CASES.c.recheck_at, where=KPI_CASES.c.recheck_at.is_not(None))
KPI_OFFERS = table(
    "kpi_offers",
    key("offer_id", pk=True),
    key("day"),
    *_by(),
    whole_column("made_at"),
    _flag("is_sold"),
    whole_column("quotes"),
    key("case_id"),
    key("call_id"),
)
index("ix_kpi_offers_day", KPI_OFFERS.c.hotel_id, KPI_OFFERS.c.day, KPI_OFFERS.c.offer_id)
KPI_STAYS = table(
    "kpi_stays",
    key("reservation_id", pk=True),
    key("case_id"),
    key("call_id"),
    key("day", null=True),
    key("arrival"),
    *_by(),
    key("state"),
    key("our_state"),
    key("pms_ref"),
    whole_column("total"),
    whole_column("our_total"),
    whole_column("room_revenue"),
    key("currency"),
    whole_column("room_nights"),
    _flag("is_cancelled"),
    _flag("is_no_show"),
    whole_column("pms_seen_at", null=True),
    text_column("differs"),
)
index("ix_kpi_stays_day", KPI_STAYS.c.hotel_id, KPI_STAYS.c.day, where=KPI_STAYS.c.day.is_not(None))
index("ix_kpi_stays_arrival", KPI_STAYS.c.hotel_id, KPI_STAYS.c.arrival)

KPI_DIRTY = lean("kpi_dirty", key("kind", pk=True), key("the_id", pk=True), whole_column("stamp"))
KPI_BOOKS = table("kpi_books", key("hotel_id", pk=True), key("day", pk=True), bytes_column("document"))
KPI_PLANS = table(
    "kpi_plans",
    key("plan_id", pk=True),
    key("hotel_id"),
    key("kind"),
    key("state"),
    key("made_by"),
    whole_column("made_at"),
    text_column("document"),
)
index("ix_kpi_plans_hotel", KPI_PLANS.c.hotel_id, KPI_PLANS.c.kind, KPI_PLANS.c.made_at)
PMS_COPIES = table(
    "pms_copies",
    key("reservation_id", pk=True),
    key("hotel_id"),
    key("state"),
    key("pms_ref"),
    key("check_in"),
    key("check_out"),
    whole_column("rooms"),
    key("currency", null=True),
    whole_column("total", null=True),
    whole_column("room_revenue", null=True),
    whole_column("seen_at"),
)
