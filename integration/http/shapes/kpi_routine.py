"""Shapes of the pilot and of proposed targets."""

from typing import Annotated

from pydantic import Field

from integration.http.shapes.kinds import Day, Instant, Shape
from integration.http.shapes.kpis import KpiLine


class KpiPilotLine(KpiLine):
    """A line of the pilot. `channel`: null for all; `short`: how far it is from its target, in parts of one (0 or less:
    met), null where it cannot be judged."""

    channel: str | None
    short: float | None


class KpiPilot(Shape):
    """A pilot of thirty days, the worst line first. `day`: 0 before it begins."""

    pilot_id: str
    hotel_id: str
    first: Day
    last: Day
    day: int
    days: int
    is_over: bool
    started_by: str
    started_at: Instant
    rows: list[KpiPilotLine]


class KpiProposalRules(Shape):
    """What a proposal keeps to: how many cases at least, what part of a target at most, over how many days."""

    least_cases: int
    most_step: float
    span_days: int


class KpiProposalRow(Shape):
    """One target of one channel. `target`: `first_response_s` or `resolution_s`; `verdict`: `proposed`, `unchanged`,
    `too_few`, `too_open`; `proposed_s`: null unless it is to change; `in_target`: the part of its cases that kept their
    own promise, with its 95 % interval; `held`: what held it (`step`, `floor`, `ceiling`)."""

    channel: str
    target: str
    verdict: str
    current_s: float
    proposed_s: float | None
    n: int
    open_n: int
    p50_s: int | None
    p75_s: int | None
    p90_s: int | None
    in_target: float | None
    low: float | None
    high: float | None
    held: list[str]


class KpiProposalHead(Shape):
    """A proposal without its evidence. `state`: `proposed`, `approved`, `declined`, `replaced` by a newer one, or
    `unchanged` (nothing to change); `channels`: those that were approved."""

    proposal_id: str
    hotel_id: str
    state: str
    proposed_by: str
    proposed_at: Instant
    from_: Annotated[Day, Field(alias="from", serialization_alias="from")]
    to: Day
    without: list[Day]
    rules: KpiProposalRules
    approved_by: str | None
    approved_at: Instant | None
    effective_from: Instant | None
    channels: list[str] | None
    declined_by: str | None
    declined_at: Instant | None


class KpiProposal(KpiProposalHead):
    """Targets proposed from thirty days, each with its evidence."""

    rows: list[KpiProposalRow]


class KpiProposalLine(KpiProposalHead):
    """A proposal in a list. `changes`: how many targets it would change."""

    changes: int


class KpiProposals(Shape):
    """Every proposal of a hotel, newest first."""

    hotel_id: str
    rows: list[KpiProposalLine]
