"""What the store keeps of the routine around the KPIs: pilots that were started, targets that were proposed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class PlanKind(StrEnum):
    """What a plan is of."""

    PILOT = "pilot"
    TARGETS = "targets"


@dataclass(frozen=True, slots=True)
class KpiPlan:
    """One plan of a hotel. `state`: a pilot is `started`; targets are `proposed`, then `approved`, `declined` or
    `replaced` by a newer proposal. `document`: what it says, as JSON has it, in the words of its use case."""

    plan_id: str
    hotel_id: str
    kind: PlanKind
    state: str
    made_by: str
    made_at: datetime
    document: Mapping[str, Any]
