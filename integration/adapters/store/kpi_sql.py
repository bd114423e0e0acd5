"""The statements about the KPIs' facts, books and notes, in SQLAlchemy Core; only the compile step imports this."""

from typing import Any

import sqlalchemy as sa

from integration.adapters.store import tables as t
from integration.adapters.store.kpi_tables import (
    KPI_BOOKS,
    KPI_CALLS,
    KPI_CASES,
    KPI_DIRTY,
    KPI_OFFERS,
    KPI_PLANS,
    KPI_STAYS,
    PMS_COPIES,
)
from integration.adapters.store.statements import Insert, padded, text, whole
from integration.adapters.store.widths import NAME_WIDTH

FACTS = {"call": KPI_CALLS, "case": KPI_CASES, "offer": KPI_OFFERS, "stay": KPI_STAYS}
RECORDS = {
    "call": t.CALLS.c.call_id,
    "case": t.CASES.c.case_id,
    "offer": t.OFFERS.c.offer_id,
    "stay": t.RESERVATIONS.c.reservation_id,
}


def _put(insert: Insert, table: sa.Table) -> Any:  # noqa: ANN401 - an upsert of either dialect
    put = insert(table)
    rest = {column.name: put.excluded[column.name] for column in table.c if not column.primary_key}
    return put.on_conflict_do_update(index_elements=list(table.primary_key), set_=rest)


def _note_all(kind: str, column: sa.Column[Any], insert: Insert) -> Any:  # noqa: ANN401 - as above
    found = sa.select(sa.literal_column(f"'{kind}'"), column, sa.literal_column("0")).where(sa.true())
    put = insert(KPI_DIRTY).from_select(["kind", "the_id", "stamp"], found)
    risen = {"stamp": KPI_DIRTY.c.stamp + sa.literal_column("1")}
    return put.on_conflict_do_update(index_elements=list(KPI_DIRTY.primary_key), set_=risen)


def changes(insert: Insert) -> dict[str, Any]:
    """The statements that write."""
    noted = KPI_DIRTY.c
    return {
        **{f"put_kpi_{kind}": _put(insert, table) for kind, table in FACTS.items()},
        **{f"note_all_{kind}": _note_all(kind, column, insert) for kind, column in RECORDS.items()},
        "drop_kpi_call": sa.delete(KPI_CALLS).where(KPI_CALLS.c.call_id == text("the_id")),
        "drop_kpi_case": sa.delete(KPI_CASES).where(KPI_CASES.c.case_id == text("the_id")),
        "drop_kpi_offer": sa.delete(KPI_OFFERS).where(KPI_OFFERS.c.offer_id == text("the_id")),
        "settle_kpi_dirty": sa.delete(KPI_DIRTY).where(
            noted.kind == text("kind"), noted.the_id == text("the_id"), noted.stamp == whole("stamp")
        ),
        "put_kpi_book": _put(insert, KPI_BOOKS),
        "drop_kpi_book": sa.delete(KPI_BOOKS).where(
            KPI_BOOKS.c.hotel_id == text("hotel_id"),
            KPI_BOOKS.c.day.in_([text(name) for name in ("day", "day_parts", "month", "month_parts")]),
        ),
        "drop_kpi_books": sa.delete(KPI_BOOKS),
        "put_pms_copy": _put(insert, PMS_COPIES),
        "put_kpi_plan": _put(insert, KPI_PLANS),
    }


def _on(table: sa.Table, day: sa.Column[Any]) -> sa.Select[Any]:
    return (
        sa.select(table)
        .where(table.c.hotel_id == text("hotel_id"), day == text("day"))
        .order_by(*table.primary_key.columns)
    )


def _between(column: sa.Column[Any], hotel: sa.Column[Any]) -> tuple[sa.ColumnElement[bool], ...]:
    return hotel == text("hotel_id"), column >= text("first"), column <= text("last")


def _days() -> Any:  # noqa: ANN401 - a union
    columns = [table.c.day for table in FACTS.values()] + [KPI_STAYS.c.arrival]
    parts = [
        sa.select(column.label("day")).where(*_between(column, column.table.c.hotel_id)).distinct()
        for column in columns
    ]
    return sa.union(*parts)


def _in_period() -> tuple[sa.ColumnElement[bool], ...]:
    """Stays of a hotel first confirmed or arriving on these days."""
    stays = KPI_STAYS.c
    sold = sa.and_(stays.day >= text("first"), stays.day <= text("last"))
    arriving = sa.and_(stays.arrival >= text("first"), stays.arrival <= text("last"))
    return stays.hotel_id == text("hotel_id"), sa.or_(sold, arriving)


def _to_ask() -> sa.Select[Any]:
    stays, copies = KPI_STAYS.c, PMS_COPIES.c
    return (
        sa.select(stays.reservation_id)
        .select_from(KPI_STAYS.outerjoin(PMS_COPIES, copies.reservation_id == stays.reservation_id))
        .where(
            *_in_period(),
            stays.pms_ref != sa.literal_column("''"),
            sa.or_(copies.seen_at.is_(None), copies.seen_at < whole("before")),
        )
        .order_by(stays.arrival, stays.reservation_id)
        .limit(whole("limit"))
    )


def fixed() -> dict[str, Any]:
    """The statements that read, whose conditions never vary."""
    noted, cases, books = KPI_DIRTY.c, KPI_CASES.c, KPI_BOOKS.c
    keyed = {"call": KPI_CALLS.c.call_id, "case": cases.case_id, "offer": KPI_OFFERS.c.offer_id,
             "stay": KPI_STAYS.c.reservation_id}  # fmt: skip
    return {
        "kpi_dirty": sa.select(KPI_DIRTY).order_by(noted.kind, noted.the_id).limit(whole("limit")),
        "count_kpi_dirty": sa.select(sa.func.count()).select_from(KPI_DIRTY),
        "kpi_due": sa.select(cases.case_id)
        .where(cases.recheck_at.is_not(None), cases.recheck_at <= whole("now"))
        .order_by(cases.recheck_at, cases.case_id)
        .limit(whole("limit")),
        "kpi_calls_on": _on(KPI_CALLS, KPI_CALLS.c.day),
        "kpi_cases_on": _on(KPI_CASES, cases.day),
        "kpi_offers_on": _on(KPI_OFFERS, KPI_OFFERS.c.day),
        "kpi_sales_on": _on(KPI_STAYS, KPI_STAYS.c.day),
        "kpi_arrivals_on": _on(KPI_STAYS, KPI_STAYS.c.arrival),
        "kpi_calls_of": sa.select(KPI_CALLS).where(KPI_CALLS.c.case_id == text("case_id")),
        "calls_of_case": sa.select(t.CALLS).where(t.CALLS.c.case_id == text("case_id")).order_by(t.CALLS.c.call_id),
        "offers_of_case": sa.select(t.OFFERS)
        .where(t.OFFERS.c.case_id == text("case_id"))
        .order_by(t.OFFERS.c.offer_id),
        "reservations_of_offer": sa.select(t.RESERVATIONS)
        .where(t.RESERVATIONS.c.offer_id == text("offer_id"))
        .order_by(t.RESERVATIONS.c.reservation_id),
        "kpi_live_cases": sa.select(KPI_CASES)
        .where(*_between(cases.day, cases.hotel_id), sa.text("is_live"), cases.is_live == sa.true())
        .order_by(cases.case_id, cases.run),
        **{f"kpi_{kind}": sa.select(FACTS[kind]).where(column == text("the_id")) for kind, column in keyed.items()},
        "kpi_books": sa.select(books.day, books.document)
        .where(*_between(books.day, books.hotel_id), sa.func.length(books.day) == whole("length"))
        .order_by(books.day),
        "kpi_bound": sa.select(books.day).where(
            *_between(books.day, books.hotel_id), sa.func.length(books.day) == sa.literal_column("10")
        ),
        "kpi_has_month": sa.select(books.day).where(books.hotel_id == text("hotel_id"), books.day == text("day")),
        "kpi_month": sa.select(books.document).where(books.hotel_id == text("hotel_id"), books.day == text("day")),
        "kpi_days": _days(),
        "kpi_plan": sa.select(KPI_PLANS).where(KPI_PLANS.c.plan_id == text("the_id")),
        "kpi_plans": sa.select(KPI_PLANS)
        .where(KPI_PLANS.c.hotel_id == text("hotel_id"), KPI_PLANS.c.kind == text("kind"))
        .order_by(KPI_PLANS.c.made_at.desc(), KPI_PLANS.c.plan_id.desc()),
        "pms_copies": sa.select(PMS_COPIES).where(padded(PMS_COPIES.c.reservation_id, "ref", NAME_WIDTH)),
        "stays_to_ask": _to_ask(),
        "stays_differing": sa.select(KPI_STAYS)
        .where(*_in_period(), KPI_STAYS.c.differs != sa.literal_column("'[]'"))
        .order_by(KPI_STAYS.c.arrival, KPI_STAYS.c.reservation_id)
        .limit(whole("limit")),
        "stays_asked": sa.select(
            sa.func.count(),
            sa.func.count(KPI_STAYS.c.pms_seen_at),
            sa.func.min(KPI_STAYS.c.pms_seen_at),
            sa.func.count(sa.func.nullif(KPI_STAYS.c.differs, sa.literal_column("'[]'"))),
        ).where(*_in_period(), KPI_STAYS.c.pms_ref != sa.literal_column("''")),
    }
