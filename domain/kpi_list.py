"""Every KPI by its slug: unit, which way is better, and the formula people are told.

One list for the reports, the live board and the season engine. How the figures are kept is `domain.kpi`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """What a figure is measured in."""

    COUNT = "count"
    SHARE = "share"
    SECONDS = "seconds"
    MONEY = "money"


class Better(StrEnum):
    """Which way is better; a volume is neither."""

    MORE = "more"
    LESS = "less"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Kpi:
    """One KPI: its slug, its unit, which way is better, and its formula in a sentence."""

    slug: str
    unit: Unit
    better: Better
    formula: str


_LISTED = (
    Kpi("call_volume_in", Unit.COUNT, Better.NEITHER, "inbound calls"),
    Kpi("call_volume_out", Unit.COUNT, Better.NEITHER, "outbound calls"),
    Kpi("contact_volume", Unit.COUNT, Better.NEITHER, "first contacts of guests, by channel"),
    Kpi("asa_s", Unit.SECONDS, Better.LESS, "queue join to answer, over answered inbound calls"),
    Kpi("abandonment_rate", Unit.SHARE, Better.LESS, "callers who gave up waiting / inbound calls"),
    Kpi("service_level", Unit.SHARE, Better.MORE, "inbound calls answered within the target / inbound calls offered"),
    Kpi("offers", Unit.COUNT, Better.MORE, "offers given; quotes of one call again count once"),
    Kpi("offer_to_sale_rate", Unit.SHARE, Better.MORE, "offers whose reservation was confirmed within 7 days / offers"),
    Kpi(
        "call_to_reservation_rate",
        Unit.SHARE,
        Better.MORE,
        "answered inbound sales calls with a reservation confirmed within 7 days / answered inbound sales calls",
    ),
    Kpi("lead_to_reservation_rate", Unit.SHARE, Better.MORE, "leads won by a sale that stands / leads"),
    Kpi("basket_total", Unit.MONEY, Better.MORE, "confirmed total / reservations"),
    Kpi("basket_adr", Unit.MONEY, Better.MORE, "room revenue / room nights"),
    Kpi("revenue", Unit.MONEY, Better.MORE, "confirmed total of reservations"),
    Kpi(
        "cancellation_rate",
        Unit.SHARE,
        Better.LESS,
        "cancelled arrivals / arrivals; lapsed and rolled back left out",
    ),
    Kpi(
        "no_show_rate",
        Unit.SHARE,
        Better.LESS,
        "arrivals that did not come / arrivals not cancelled, of days that are over",
    ),
    Kpi(
        "missed_lead_rate",
        Unit.SHARE,
        Better.LESS,
        "leads without a person's reply within the target, or abandoned and not called back in 24 hours / leads",
    ),
    Kpi("lost_reasons", Unit.COUNT, Better.NEITHER, "leads lost, by reason"),
    Kpi("frt_s", Unit.SECONDS, Better.LESS, "the guest's first word to the first answer of a person"),
    Kpi(
        "handoff_rate",
        Unit.SHARE,
        Better.NEITHER,
        "cases begun on a message channel that were handed to the telephone / those that ended or are a day old",
    ),
    Kpi("resolution_s", Unit.SECONDS, Better.LESS, "first contact to solved, pauses left out"),
    Kpi(
        "in_pms_before_call_end_rate",
        Unit.SHARE,
        Better.MORE,
        "reservations of calls in the PMS when the call ended",
    ),
    Kpi("occupancy", Unit.SHARE, Better.NEITHER, "busy agent seconds / agent seconds on duty"),
    Kpi(
        "lost_for_people",
        Unit.COUNT,
        Better.LESS,
        "guests who would have booked a room that there was, had somebody answered in time",
    ),
    Kpi("lost_for_rooms", Unit.COUNT, Better.LESS, "sales contacts that would have booked what was not to be sold"),
)
KPIS: Mapping[str, Kpi] = {kpi.slug: kpi for kpi in _LISTED}
