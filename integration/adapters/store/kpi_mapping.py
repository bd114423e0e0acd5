"""The KPIs' facts and their columns, which come in the order of the tables (`kpi_tables.py`)."""

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from domain.kpi_facts import By, CallFact, CaseFact, OfferFact, StayFact
from domain.money import Money
from integration.adapters.store.rows import Columns, Row
from integration.adapters.store.scalars import (
    from_day,
    from_ms,
    from_ms_or_none,
    json_text,
    texts,
    to_day,
    to_ms,
    to_ms_or_none,
)
from integration.ports.kpi import PmsCopy
from integration.ports.kpi_plans import KpiPlan, PlanKind

_document = msgspec.json.Decoder(dict[str, Any]).decode
_BY = ("hotel_id", "channel", "source", "language", "agent", "segment")


def _by_columns(by: By) -> Columns:
    values = (by.hotel, by.channel, by.source, by.language, by.agent, by.segment)
    return {**dict(zip(_BY, values, strict=True)), "tags": json_text(list(by.tags))}


def _by_of(row: Row) -> By:
    hotel, channel, source, language, agent, segment, tags = row
    return By(hotel, channel, source, language, agent, segment, texts(tags))


def _in_ms(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * 1000)


def _in_s(ms: int | None) -> float | None:
    return None if ms is None else ms / 1000


def call_columns(fact: CallFact) -> Columns:
    """A call's fact as it is stored."""
    same = (
        "call_id",
        "case_id",
        "is_inbound",
        "is_answered",
        "is_abandoned",
        "is_sales",
        "is_sold",
        "reservations",
        "in_pms",
    )
    return {
        **{name: getattr(fact, name) for name in same},
        **_by_columns(fact.by),
        "day": to_day(fact.day),
        "started_at": to_ms(fact.started_at),
        "wait_ms": _in_ms(fact.wait_s),
        "talk_ms": _in_ms(fact.talk_s),
        "answer_target_ms": _in_ms(fact.answer_target_s),
    }


def call_of(row: Row) -> CallFact:
    """The fact of a row."""
    started, inbound, answered, abandoned, sales, sold, wait, talk, target, made, in_pms = row[10:]
    return CallFact(
        row[0], row[1], date.fromisoformat(row[2]), _by_of(row[3:10]), from_ms(started), bool(inbound), bool(answered),
        bool(abandoned), bool(sales), bool(sold), _in_s(wait), _in_s(talk), target / 1000, made, in_pms,
    )  # fmt: skip


def case_columns(fact: CaseFact) -> Columns:
    """A run's fact as it is stored."""
    same = (
        "case_id", "run", "is_message", "is_handed_over", "is_first_run", "lead_status", "lost_reason", "is_missed",
        "is_frt_open", "is_resolution_open", "is_paused", "is_live", "frt_channel", "resolution_channel",
    )  # fmt: skip
    spans = ("frt", "frt_wall", "frt_target", "resolution", "resolution_wall", "resolution_target")
    return {
        **{name: getattr(fact, name) for name in same},
        **{f"{name}_ms": _in_ms(getattr(fact, f"{name}_s")) for name in spans},
        **_by_columns(fact.by),
        "day": to_day(fact.day),
        "opened_at": to_ms(fact.opened_at),
        "as_of": to_ms(fact.as_of),
        "recheck_at": to_ms_or_none(fact.recheck_at),
    }


def case_of(row: Row) -> CaseFact:
    """The fact of a row."""
    opened, message, handed, first, lead, lost, missed, *clocks, as_of, paused, recheck, _, frt_on, solved_on = row[10:]
    frt, frt_wall, frt_target, frt_open, solved, solved_wall, solved_target, solved_open = clocks
    return CaseFact(
        row[0], row[1], date.fromisoformat(row[2]), _by_of(row[3:10]), from_ms(opened), bool(message), bool(handed),
        bool(first), lead, lost, bool(missed), _in_s(frt), _in_s(frt_wall), frt_target / 1000, bool(frt_open),
        _in_s(solved), _in_s(solved_wall), solved_target / 1000, bool(solved_open), from_ms(as_of), bool(paused),
        from_ms_or_none(recheck), frt_on, solved_on,
    )  # fmt: skip


def offer_columns(fact: OfferFact) -> Columns:
    """An offer's fact as it is stored."""
    same = ("offer_id", "is_sold", "quotes", "case_id", "call_id")
    return {
        **{name: getattr(fact, name) for name in same},
        **_by_columns(fact.by),
        "day": to_day(fact.day),
        "made_at": to_ms(fact.made_at),
    }


def offer_of(row: Row) -> OfferFact:
    """The fact of a row."""
    made, sold, quotes, case_id, call_id = row[9:]
    return OfferFact(
        row[0], date.fromisoformat(row[1]), _by_of(row[2:9]), from_ms(made), bool(sold), quotes, case_id, call_id
    )


def stay_columns(fact: StayFact) -> Columns:
    """A stay's fact as it is stored."""
    same = (
        "reservation_id", "case_id", "call_id", "state", "our_state", "pms_ref", "currency", "room_nights",
        "is_cancelled", "is_no_show",
    )  # fmt: skip
    money = ("total", "our_total", "room_revenue")
    return {
        **{name: getattr(fact, name) for name in same},
        **{name: Money(getattr(fact, name), fact.currency).minor for name in money},
        **_by_columns(fact.by),
        "day": to_day(fact.day),
        "arrival": to_day(fact.arrival),
        "pms_seen_at": to_ms_or_none(fact.pms_seen_at),
        "differs": json_text(list(fact.differs)),
    }


def stay_of(row: Row) -> StayFact:
    """The fact of a row."""
    state, ours, pms_ref, total, our_total, rooms, currency, nights, cancelled, no_show, seen, differs = row[12:]

    def amount(value: int) -> Decimal:
        return Money.from_minor(value, currency).amount

    return StayFact(
        row[0], row[1], row[2], from_day(row[3]), date.fromisoformat(row[4]), _by_of(row[5:12]), state, ours, pms_ref,
        amount(total), amount(our_total), amount(rooms), currency, nights, bool(cancelled), bool(no_show),
        from_ms_or_none(seen), texts(differs),
    )  # fmt: skip


def copy_columns(copy: PmsCopy) -> Columns:
    """A copy as it is stored."""

    def amount(value: Any) -> int | None:  # noqa: ANN401 - Decimal or None
        return None if value is None or copy.currency is None else Money(value, copy.currency).minor

    same = ("reservation_id", "hotel_id", "state", "pms_ref", "rooms", "currency")
    return {
        **{name: getattr(copy, name) for name in same},
        "check_in": to_day(copy.check_in),
        "check_out": to_day(copy.check_out),
        "total": amount(copy.total),
        "room_revenue": amount(copy.room_revenue),
        "seen_at": to_ms(copy.seen_at),
    }


def copy_of(row: Row) -> PmsCopy:
    """The copy of a row."""
    the_id, hotel_id, state, pms_ref, first, last, rooms, currency, total, revenue, seen = row
    total, revenue = (None if one is None else Money.from_minor(one, currency).amount for one in (total, revenue))
    days = date.fromisoformat(first), date.fromisoformat(last)
    return PmsCopy(the_id, hotel_id, state, pms_ref, *days, rooms, currency, total, revenue, from_ms(seen))


def plan_columns(plan: KpiPlan) -> Columns:
    """A plan as it is stored."""
    return {
        "plan_id": plan.plan_id,
        "hotel_id": plan.hotel_id,
        "kind": plan.kind.value,
        "state": plan.state,
        "made_by": plan.made_by,
        "made_at": to_ms(plan.made_at),
        "document": json_text(dict(plan.document)),
    }


def plan_of(row: Row) -> KpiPlan:
    """The plan of a row."""
    plan_id, hotel_id, kind, state, made_by, made_at, document = row
    return KpiPlan(plan_id, hotel_id, PlanKind(kind), state, made_by, from_ms(made_at), _document(document))
