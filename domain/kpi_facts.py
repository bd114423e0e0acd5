"""What the KPIs are counted from: one flat fact for a call, a case, an offer and a stay.

A fact says in plain values what a record comes to: which day of the hotel it belongs to, by whom, through what, and the
few numbers and yes-or-noes that the formulas of `domain.kpi_list` ask for. Facts are made from the records and can
always be made anew; a KPI of any period is nothing but the sum of its facts. Days are the hotel's own calendar days.
Durations are seconds: `frt_s` and `resolution_s` in the channel's service hours, `_wall_s` by the clock on the wall;
where `is_..._open`, the seconds waited so far. A target is the one that was promised when the case began.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class By:
    """What a fact can be broken down by; empty where it is not known. `source`: where a lead came from, in the hotel's
    words; `segment`: the PMS's market segment; `tags`: of the case, several at once."""

    hotel: str
    channel: str = ""
    source: str = ""
    language: str = ""
    agent: str = ""
    segment: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CallFact:
    """A call, on the day it began. `wait_s`: from joining the queue to the answer, None where the exchange did not
    tell; `is_sales`: of a sales case; `is_sold`: linked to a reservation confirmed within 7 days; `reservations`: made
    in it, `in_pms`: those of them that were in the PMS when it ended."""

    call_id: str
    case_id: str
    day: date
    by: By
    started_at: datetime
    is_inbound: bool
    is_answered: bool
    is_abandoned: bool
    is_sales: bool
    is_sold: bool
    wait_s: float | None
    talk_s: float | None
    answer_target_s: float
    reservations: int = 0
    in_pms: int = 0


@dataclass(frozen=True, slots=True)
class CaseFact:
    """A run of a case, on the day it began. `is_message`: it began on a message channel; `lead_status`: None for
    support; `is_missed`: a lead without a person's reply within the target, or abandoned and not called back in 24 h.
    A clock that never ran has None. While a clock runs, its seconds are those of `as_of` and grow with the service
    hours of `frt_channel` or `resolution_channel`; the resolution stands still while `is_paused` (the guest must
    answer).
    `recheck_at`: when the fact must be made anew though nothing happens (None: never)."""

    case_id: str
    run: int
    day: date
    by: By
    opened_at: datetime
    is_message: bool
    is_handed_over: bool
    is_first_run: bool
    lead_status: str | None
    lost_reason: str | None
    is_missed: bool
    frt_s: float | None
    frt_wall_s: float | None
    frt_target_s: float
    is_frt_open: bool
    resolution_s: float | None
    resolution_wall_s: float | None
    resolution_target_s: float
    is_resolution_open: bool
    as_of: datetime
    is_paused: bool = False
    recheck_at: datetime | None = None
    frt_channel: str = ""
    resolution_channel: str = ""

    @property
    def is_live(self) -> bool:
        """Whether the fact changes with time alone."""
        return self.is_frt_open or self.is_resolution_open or self.recheck_at is not None


@dataclass(frozen=True, slots=True)
class OfferFact:
    """An offer given to a guest, on the day it was made. Quotes of one call again are one offer: `offer_id` is the
    first one's, `quotes` how many. `is_sold`: a reservation of it reached confirmed within 7 days."""

    offer_id: str
    day: date
    by: By
    made_at: datetime
    is_sold: bool
    quotes: int = 1
    case_id: str = ""
    call_id: str = ""


@dataclass(frozen=True, slots=True)
class StayFact:
    """A reservation. `day`: when it was first confirmed (None: never); `arrival`: its first day. State, money and dates
    are the PMS's where it was asked and answered (`pms_seen_at`), ours else; `differs` names what was not the same.
    `room_revenue` without extras; `room_nights`: nights times rooms."""

    reservation_id: str
    case_id: str
    call_id: str
    day: date | None
    arrival: date
    by: By
    state: str
    our_state: str
    pms_ref: str
    total: Decimal
    our_total: Decimal
    room_revenue: Decimal
    currency: str
    room_nights: int
    is_cancelled: bool
    is_no_show: bool
    pms_seen_at: datetime | None = None
    differs: tuple[str, ...] = ()
