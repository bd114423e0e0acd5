"""Which channels of a hotel are held to a resolution target that its own thirty days gave.

Evidence is what `santral kpi calibrate` left: a proposal that was approved and counts by now, or one that found, with
cases enough, that the target may stay as it is. A target that somebody has set by hand since is no longer of the data;
neither is one whose thirty days begin before the first contact.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from domain.kpi_calibration import SOLVED, Verdict
from integration.ports.kpi_plans import KpiPlan, PlanKind
from integration.ports.store import ReadTx
from integration.usecases.channel_roles_live import settings_now
from integration.usecases.kpi_calibrate import APPROVED, PROPOSED, UNCHANGED


@dataclass(frozen=True, slots=True)
class Calibrated:
    """A channel's target, from when on it counts, and the proposal that gave it."""

    channel: str
    seconds: float
    since: date
    proposal_id: str

    def __str__(self) -> str:
        """`whatsapp:2880s since 2027-06-23 (tgt_...)`."""
        return f"{self.channel}:{self.seconds:g}s since {self.since} ({self.proposal_id})"


def calibrated(tx: ReadTx, hotel_id: str, now: datetime, first_contact: date | None) -> list[Calibrated]:
    """Channels by name. Nothing without contacts."""
    if first_contact is None:
        return []
    found: dict[str, Calibrated] = {}
    for plan in reversed(tx.kpi_plans(hotel_id, PlanKind.TARGETS)):
        if date.fromisoformat(str(plan.document["from"])) >= first_contact:
            found |= {one.channel: one for one in _given(plan, now)}
    is_set = {one.value: document.get(SOLVED) for one, document in settings_now(tx, hotel_id, now).items()}
    return [one for _, one in sorted(found.items()) if is_set.get(one.channel) in {None, one.seconds}]


def waiting(tx: ReadTx, hotel_id: str, now: datetime) -> list[str]:
    """Proposals that wait for a supervisor, or for their day."""
    plans = tx.kpi_plans(hotel_id, PlanKind.TARGETS)
    return [one.plan_id for one in plans if one.state == PROPOSED or (one.state == APPROVED and _begins(one) > now)]


def _given(plan: KpiPlan, now: datetime) -> Iterable[Calibrated]:
    """What a proposal gave, as far as it counts."""
    if plan.state not in {APPROVED, UNCHANGED} or _begins(plan) > now:
        return
    rows: list[Mapping[str, Any]] = plan.document["rows"]
    chosen = plan.document.get("channels") or ()
    for row in rows:
        is_new = row["verdict"] == Verdict.PROPOSED and row["channel"] in chosen
        if row["target"] == SOLVED and (is_new or row["verdict"] == Verdict.UNCHANGED):
            seconds = row["proposed_s"] if is_new else row["current_s"]
            yield Calibrated(row["channel"], seconds, _begins(plan).date(), plan.plan_id)


def _begins(plan: KpiPlan) -> datetime:
    begins = plan.document.get("effective_from")
    return datetime.fromisoformat(str(begins)) if begins else plan.made_at
