"""Views over the facts for tools that read SQL (Looker, Power BI, Metabase): a star schema with stable names.

A view's name carries its version: `kpi_v1_calls` never loses a column nor changes what one means; what must change
becomes `kpi_v2_`. Facts have seconds and amounts in whole currency units; dimensions are views of their own; and
`kpi_v1_daily` has every counted KPI by hotel, day and channel as sum and n, so that a period is sum(sum) / sum(n) and
parts add up. Live cases (`is_live`) are as of `as_of`. docs/kpi-views.md says what each column is. The migration that
made these views reads them here: once released, this file is not changed, a second one is written.
"""

from collections.abc import Mapping

# ruff: noqa: S608 - every name and word in the texts stands in this file
VERSION = 1
_BY = "hotel_id, {day}, channel, source, language, agent, segment"
_WORDS: Mapping[str, Mapping[str, str]] = {
    "sqlite": {
        "day": "day",
        "arrival": "arrival",
        "at": "strftime('%Y-%m-%dT%H:%M:%fZ', {0} / 1000.0, 'unixepoch')",
        "s": "{0} / 1000.0",
        "money": "CAST({0} AS REAL) / CASE currency WHEN 'JPY' THEN 1 ELSE 100 END",
        "tag": "one.value",
        "tags": "json_each(tags) AS one",
        "hit": "{0}",
        "differs": "differs <> '[]'",
        "year": "CAST(strftime('%Y', day) AS INTEGER)",
        "month": "CAST(strftime('%m', day) AS INTEGER)",
        "weekday": "(CAST(strftime('%w', day) AS INTEGER) + 6) % 7 + 1",
        "week": "(CAST(strftime('%j', date(day, '-3 days', 'weekday 4')) AS INTEGER) - 1) / 7 + 1",
        "true": "1",
    },
    "postgresql": {
        "day": "day::date AS day",
        "arrival": "arrival::date AS arrival",
        "at": "to_timestamp({0} / 1000.0)",
        "s": "({0} / 1000.0)::double precision",
        "money": "{0}::numeric / CASE currency WHEN 'JPY' THEN 1 ELSE 100 END",
        "tag": "one.value",
        "tags": "jsonb_array_elements_text(tags::jsonb) AS one(value)",
        "hit": "{0}::int",
        "differs": "differs <> '[]'",
        "year": "extract(year FROM day::date)::int",
        "month": "extract(month FROM day::date)::int",
        "weekday": "extract(isodow FROM day::date)::int",
        "week": "extract(week FROM day::date)::int",
        "true": "true",
    },
}
_NO_SALE = "('hold', 'option', 'rolled_back', 'expired', 'missing')"
_RIPE = "(is_resolution_open <> {true} OR as_of - opened_at >= 86400000)"
# KPI, table, day, what is summed, what is counted, condition; {hit} makes a flag a number.
_DAILY = (
    ("call_volume_in", "kpi_calls", "day", "1", "1", "is_inbound = {true}"),
    ("call_volume_out", "kpi_calls", "day", "1", "1", "is_inbound <> {true}"),
    ("abandonment_rate", "kpi_calls", "day", "is_abandoned", "1", "is_inbound = {true}"),
    (
        "asa_s",
        "kpi_calls",
        "day",
        "wait_ms / 1000",
        "1",
        "is_inbound = {true} AND is_answered = {true} AND wait_ms IS NOT NULL",
    ),
    (
        "service_level",
        "kpi_calls",
        "day",
        "is_answered = {true} AND coalesce(wait_ms, answer_target_ms + 1) <= answer_target_ms",
        "1",
        "is_inbound = {true} AND (wait_ms IS NOT NULL OR is_answered <> {true})",
    ),
    (
        "call_to_reservation_rate",
        "kpi_calls",
        "day",
        "is_sold",
        "1",
        "is_inbound = {true} AND is_answered = {true} AND is_sales = {true}",
    ),
    ("in_pms_before_call_end_rate", "kpi_calls", "day", "in_pms", "reservations", "reservations > 0"),
    ("contact_volume", "kpi_cases", "day", "1", "1", ""),
    ("handoff_rate", "kpi_cases", "day", "is_handed_over", "1", "is_message = {true} AND " + _RIPE),
    (
        "lead_to_reservation_rate",
        "kpi_cases",
        "day",
        "lead_status = 'won'",
        "1",
        "lead_status IS NOT NULL AND is_first_run = {true}",
    ),
    ("missed_lead_rate", "kpi_cases", "day", "is_missed", "1", "lead_status IS NOT NULL AND is_first_run = {true}"),
    ("lost_reasons", "kpi_cases", "day", "1", "1", "lost_reason IS NOT NULL AND is_first_run = {true}"),
    ("offers", "kpi_offers", "day", "1", "1", ""),
    ("offer_to_sale_rate", "kpi_offers", "day", "is_sold", "1", ""),
    ("cancellation_rate", "kpi_stays", "arrival", "is_cancelled", "1", "day IS NOT NULL AND state NOT IN " + _NO_SALE),
    (
        "no_show_rate",
        "kpi_stays",
        "arrival",
        "is_no_show",
        "1",
        "day IS NOT NULL AND is_cancelled <> {true} AND state NOT IN " + _NO_SALE,
    ),
)
_FLAGS = ("is_abandoned", "is_sold", "is_handed_over", "is_missed", "is_cancelled", "is_no_show")


def _columns(words: Mapping[str, str], ats: str, plain: str, seconds: str) -> str:
    made = [f"{words['at'].format(name)} AS {name}" for name in ats.split()]
    made += plain.split()
    made += [f"{words['s'].format(f'{name}_ms')} AS {name}_s" for name in seconds.split()]
    return ", ".join(made)


def _facts(words: Mapping[str, str]) -> dict[str, str]:
    by = _BY.format(day=words["day"])
    money = ", ".join(f"{words['money'].format(name)} AS {name}" for name in ("total", "our_total", "room_revenue"))
    calls = _columns(
        words, "started_at", "is_inbound is_answered is_abandoned is_sales is_sold reservations in_pms",
        "wait talk answer_target",
    )  # fmt: skip
    cases = _columns(
        words, "opened_at as_of",
        "is_message is_handed_over is_first_run lead_status lost_reason is_missed is_frt_open is_resolution_open "
        "is_paused is_live",
        "frt frt_wall frt_target resolution resolution_wall resolution_target",
    )  # fmt: skip
    offers = _columns(words, "made_at", "is_sold quotes case_id call_id", "")
    stays = (
        "state, our_state, pms_ref, currency, room_nights, is_cancelled, is_no_show, "
        f"{words['at'].format('pms_seen_at')} AS pms_seen_at, {words['differs']} AS is_different, differs"
    )
    return {
        "calls": f"SELECT call_id, case_id, {by}, {calls} FROM kpi_calls",
        "cases": f"SELECT case_id, run, {by}, {cases} FROM kpi_cases",
        "case_tags": f"SELECT case_id, run, {words['tag']} AS tag FROM kpi_cases, {words['tags']}",
        "offers": f"SELECT offer_id, {by}, {offers} FROM kpi_offers",
        "stays": f"SELECT reservation_id, case_id, call_id, {words['arrival']}, {by}, {money}, {stays} FROM kpi_stays",
    }


def _dimensions(words: Mapping[str, str]) -> dict[str, str]:
    tables = ("kpi_calls", "kpi_cases", "kpi_offers", "kpi_stays")
    made = {
        f"{name}s": " UNION ".join(f"SELECT {column} FROM {table}" for table in tables)
        for name, column in (("hotel", "hotel_id"), ("channel", "channel"), ("source", "source"),
                             ("language", "language"), ("agent", "agent"), ("segment", "segment"))
    }  # fmt: skip
    days = " UNION ".join(f"SELECT day FROM {table} WHERE day IS NOT NULL" for table in tables)
    parts = ", ".join(f"{words[name]} AS {name}" for name in ("year", "month", "week", "weekday"))
    made["days"] = f"SELECT {words['day']}, {parts} FROM ({days} UNION SELECT arrival FROM kpi_stays) AS found"
    return made


def _daily(words: Mapping[str, str]) -> str:
    parts = []
    for kpi, table, day, summed, counted, condition in _DAILY:
        is_flag = summed in _FLAGS or "=" in summed
        value = words["hit"].format(f"({summed.format(true=words['true'])})") if is_flag else summed
        where = f" WHERE {condition.format(true=words['true'])}" if condition else ""
        parts.append(
            f"SELECT hotel_id, {day} AS day, channel, '{kpi}' AS kpi, '' AS currency, sum({value}) AS sum, "
            f"sum({counted}) AS n FROM {table}{where} GROUP BY hotel_id, {day}, channel"
        )
    for kpi, amount, counted in (
        ("revenue", "total", "1"),
        ("basket_total", "total", "1"),
        ("basket_adr", "room_revenue", "room_nights"),
    ):
        parts.append(
            f"SELECT hotel_id, day, channel, '{kpi}' AS kpi, currency, sum({words['money'].format(amount)}) AS sum, "
            f"sum({counted}) AS n FROM kpi_stays WHERE day IS NOT NULL AND state NOT IN {_NO_SALE} "
            "GROUP BY hotel_id, day, channel, currency"
        )
    return (
        f"SELECT hotel_id, {words['day']}, channel, kpi, currency, sum, n FROM ({' UNION ALL '.join(parts)}) AS found"
    )


def views(dialect: str) -> dict[str, str]:
    """The SELECT of each view by its full name."""
    words = _WORDS[dialect]
    made = {**_facts(words), **_dimensions(words), "daily": _daily(words)}
    return {f"kpi_v{VERSION}_{name}": " ".join(text.split()) for name, text in made.items()}


def create_views(dialect: str) -> tuple[str, ...]:
    """The DDL."""
    return tuple(f"CREATE VIEW {name} AS {text}" for name, text in views(dialect).items())
