"""What a fact enters into a day book, KPI by KPI: the formulas, each in one place.

An entry is a KPI's slug and what is added to it: nothing more for a Count, (hits, n) for a Share, (seconds, is it still
open) for a Spread, (amount, currency, n) for Takings. Beside each duration stand `.wall`, the same by the clock on the
wall; `.target`, which target was promised; and `.in_target`, whether it was kept, where that can be said by now.

KPIs that are `ONCE_OVER` are entered like any other, and read only of days that are over at the hotel: whoever is to
arrive tomorrow has neither come nor stayed away. A reservation that stands on hold or option is no sale, also where it
was confirmed once by mistake.
"""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from domain.kpi_facts import CallFact, CaseFact, OfferFact, StayFact

TARGET_OF = ".target"
IN_TARGET = ".in_target"
WALL = ".wall"
NOT_A_SALE = frozenset({"hold", "option", "rolled_back", "expired", "missing"})
ONCE_OVER = frozenset({"no_show_rate"})
RIPE = timedelta(hours=24)
Added = None | tuple[int, int] | tuple[int, bool] | tuple[Decimal, str, int]
Entry = tuple[str, Added]
ONCE: Added = None


def call_entries(call: CallFact) -> Iterator[Entry]:
    """Of a call, on its day."""
    if call.is_inbound:
        yield from _inbound(call)
    else:
        yield "call_volume_out", ONCE
    if call.reservations:
        yield "in_pms_before_call_end_rate", (call.in_pms, call.reservations)


def _inbound(call: CallFact) -> Iterator[Entry]:
    yield "call_volume_in", ONCE
    yield "abandonment_rate", (int(call.is_abandoned), 1)
    if call.is_answered and call.wait_s is not None:
        yield "asa_s", (int(call.wait_s), False)
    if call.wait_s is not None or not call.is_answered:
        is_in_time = call.is_answered and call.wait_s is not None and call.wait_s <= call.answer_target_s
        yield "service_level", (int(is_in_time), 1)
        yield f"asa_s{TARGET_OF}", (int(call.answer_target_s), False)
    if call.is_answered and call.is_sales:
        yield "call_to_reservation_rate", (int(call.is_sold), 1)


def case_entries(case: CaseFact) -> Iterator[Entry]:
    """Of a run of a case, on its day; of the first run alone what its lead came to."""
    yield "contact_volume", ONCE
    if case.is_message and _is_ripe(case):
        yield "handoff_rate", (int(case.is_handed_over), 1)
    if case.frt_s is not None:
        yield from _clock("frt_s", case.frt_s, case.frt_wall_s, case.frt_target_s, is_open=case.is_frt_open)
    if case.resolution_s is not None:
        yield from _clock(
            "resolution_s", case.resolution_s, case.resolution_wall_s, case.resolution_target_s,
            is_open=case.is_resolution_open,
        )  # fmt: skip
    if case.lead_status is not None and case.is_first_run:
        yield "lead_to_reservation_rate", (int(case.lead_status == "won"), 1)
        yield "missed_lead_rate", (int(case.is_missed), 1)
    if case.lost_reason and case.is_first_run:
        yield "lost_reasons", ONCE


def _is_ripe(case: CaseFact) -> bool:
    """Ended, or a day old: a case that began just now has had no time to be handed over."""
    return not case.is_resolution_open or case.as_of - case.opened_at >= RIPE


def _clock(slug: str, seconds: float, wall_s: float | None, target_s: float, *, is_open: bool) -> Iterator[Entry]:
    yield slug, (int(seconds), is_open)
    if wall_s is not None:
        yield f"{slug}{WALL}", (int(wall_s), is_open)
    yield f"{slug}{TARGET_OF}", (int(target_s), False)
    if not is_open or seconds >= target_s:
        yield f"{slug}{IN_TARGET}", (int(not is_open and seconds < target_s), 1)


def offer_entries(offer: OfferFact) -> Iterator[Entry]:
    """Of an offer, on its day."""
    yield "offers", ONCE
    yield "offer_to_sale_rate", (int(offer.is_sold), 1)


def sale_entries(stay: StayFact) -> Iterator[Entry]:
    """Of a reservation, on the day of its confirmation. What was rolled back, as a whole or to a hold, was no sale."""
    if stay.state in NOT_A_SALE:
        return
    yield "revenue", (stay.total, stay.currency, 1)
    yield "basket_total", (stay.total, stay.currency, 1)
    if stay.room_nights:
        yield "basket_adr", (stay.room_revenue, stay.currency, stay.room_nights)


def arrival_entries(stay: StayFact) -> Iterator[Entry]:
    """Of a reservation that was confirmed once, on the day of its arrival."""
    if stay.state in NOT_A_SALE or stay.day is None:
        return
    yield "cancellation_rate", (int(stay.is_cancelled), 1)
    if not stay.is_cancelled:
        yield "no_show_rate", (int(stay.is_no_show), 1)
