"""A scenario as the engine wants it: queues, groups, heads, how guests behave, and each day's contacts.

`build` settles everything that does not depend on chance. A replication then asks for its `plan_of` (the absences of
its days), draws its days (`scenarios.demand.draw_day`) and turns each into `contacts`: the queue a contact joins, and
what the handoff rules make of it. Nothing of a contact is drawn here, so the load test, which draws the same days,
sees the same contacts.
"""

from dataclasses import dataclass, replace
from typing import cast

import numpy as np
from numpy.typing import NDArray

from domain.handoff import HandoffRules
from scenarios.demand import DayDraw, DemandPlan, demand_plan
from scenarios.demand_volume import used_channels
from scenarios.scenario_loader import LoadedScenario
from scenarios.schema.season_words import SeasonChannel
from scenarios.service import handoff_rules
from scenarios.streams import Streams
from sim.plan import Contacts, EnginePlan, GuestRules, QueuePlan, ShiftEnd, TieBreak
from sim.season_handoff import HandoffTable
from sim.season_queues import FOLLOW_UP, group_plans, queue_map, queue_plans
from sim.team import Group, groups, heads_at_desk, present_heads

F8 = NDArray[np.float64]
I8 = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class FollowUps:
    """Outbound calls that fall due: when (seconds of the season), to whom, and how long they take of an agent. `mark`:
    whatever the caller wants back, 0 or more."""

    at: F8
    language: I8
    work: F8
    mark: I8

    def __len__(self) -> int:
        """How many."""
        return len(self.at)


@dataclass(frozen=True, slots=True)
class SeasonModel:
    """A season, ready to run. `plan` has the mean absence; `channels` are the demand's and `follow_up` last;
    `queue_of`: by channel and language; `groups` are those of the plan, as people."""

    loaded: LoadedScenario
    demand: DemandPlan
    plan: EnginePlan
    guests: GuestRules
    channels: tuple[str, ...]
    groups: tuple[Group, ...]
    queue_of: I8
    handoffs: HandoffTable

    @property
    def days(self) -> int:
        """How many days."""
        return self.demand.days

    @property
    def first_follow_up_queue(self) -> int:
        """The follow-up queue of the first language; the others come after it."""
        return self.queue_of.size

    def plan_of(self, seed: int, replication: int) -> EnginePlan:
        """The plan with the absences of one replication."""
        return replace(self.plan, heads=_heads(self.loaded, self.groups, Streams(seed, replication)))

    def contacts(self, draw: DayDraw, follow_ups: FollowUps | None = None) -> Contacts:
        """A day's contacts, outbound calls that fall due among them, sorted by arrival.

        `mark` is a contact's row in the draw, or for the k-th outbound call minus its mark, minus one.
        """
        found = self._inbound(draw)
        if follow_ups is None or not len(follow_ups):
            return found
        return _merged(found, _outbound(follow_ups, self.first_follow_up_queue, draw.redial_u.shape[1]))

    def _inbound(self, draw: DayDraw) -> Contacts:
        turn, target = self.handoffs.of(draw)
        rows = np.flatnonzero(turn)
        handoff = _no_handoff(len(draw))
        handoff.at[rows] = draw.work[rows] * (turn[rows] / draw.turns[rows])
        handoff.queue[rows] = self.queue_of[target[rows], draw.language[rows]]
        intents, tables = len(self.demand.intents), self.demand.guests
        kind = target[rows] * intents + draw.intent[rows]
        handoff.work[rows] = np.exp(tables.work_mu[kind] + tables.work_sigma[kind] * draw.handoff_z[rows])
        handoff.wrap[rows] = tables.wrap_s[kind] * draw.handoff_wrap_e[rows]
        handoff.patience[rows] = tables.patience_s[kind] * draw.handoff_patience_e[rows] + tables.fixed_patience_s[kind]
        last_kind = draw.channel * intents + draw.intent
        last_kind[rows] = kind
        again = draw.redial_patience_e * tables.patience_s.take(last_kind)[:, None]
        again += tables.fixed_patience_s.take(last_kind)[:, None]
        return Contacts(
            at=draw.at,
            queue=self.queue_of.ravel().take(draw.channel * self.queue_of.shape[1] + draw.language).astype(np.int32),
            work=draw.work,
            wrap=draw.wrap,
            patience=draw.patience,
            balk_u=draw.balk_u,
            silent=draw.silent,
            first_reply=np.minimum(draw.first_reply, handoff.at),
            handoff_at=handoff.at,
            handoff_queue=handoff.queue,
            handoff_work=handoff.work,
            handoff_wrap=handoff.wrap,
            handoff_patience=handoff.patience,
            redial_u=draw.redial_u,
            redial_gap=draw.redial_gap,
            redial_patience=again,
            mark=np.arange(len(draw)),
        )


@dataclass(frozen=True, slots=True)
class _Handoff:
    at: F8
    queue: NDArray[np.int32]
    work: F8
    wrap: F8
    patience: F8


def _no_handoff(count: int) -> _Handoff:
    return _Handoff(
        np.full(count, np.inf), np.zeros(count, np.int32), np.zeros(count), np.zeros(count), np.zeros(count)
    )


def _outbound(follow_ups: FollowUps, first_queue: int, tries: int) -> Contacts:
    """Outbound calls as contacts: nobody waits at the other end, nobody gives up."""
    count, nothing = len(follow_ups), _no_handoff(len(follow_ups))
    none = np.zeros(count)
    return Contacts(
        at=follow_ups.at,
        queue=(follow_ups.language + first_queue).astype(np.int32),
        work=follow_ups.work,
        wrap=none,
        patience=np.full(count, np.inf),
        balk_u=np.ones(count),
        silent=np.zeros(count, np.bool_),
        first_reply=follow_ups.work,
        handoff_at=nothing.at,
        handoff_queue=nothing.queue,
        handoff_work=none,
        handoff_wrap=none,
        handoff_patience=none,
        redial_u=np.ones((count, tries)),
        redial_gap=np.zeros((count, tries)),
        redial_patience=np.zeros((count, tries)),
        mark=-1 - follow_ups.mark,
    )


def _merged(one: Contacts, other: Contacts) -> Contacts:
    """Two sets of contacts in one order of arrival; of equal instants the first set's come first."""
    order = np.argsort(np.concatenate([one.at, other.at]), kind="stable")
    columns = {name: np.concatenate([getattr(one, name), getattr(other, name)])[order] for name in Contacts.__slots__}
    return Contacts(**columns)


def build(loaded: LoadedScenario) -> SeasonModel:
    """Everything about a scenario that does not depend on chance."""
    scenario, demand = loaded.scenario, demand_plan(loaded)
    channels = used_channels(scenario.demand)
    queues, people = queue_plans(loaded, channels), groups(scenario)
    desks = group_plans(scenario, channels, queues, people)
    plan = EnginePlan(
        queues=queues,
        groups=desks,
        heads=_heads(loaded, people, None),
        tie_break=TieBreak(scenario.rules.tie_break),
        shift_end=ShiftEnd(scenario.rules.shift_end),
    )
    return SeasonModel(
        loaded=loaded,
        demand=demand,
        plan=plan,
        guests=_guest_rules(loaded, queues, channels),
        channels=(*channels, FOLLOW_UP),
        groups=people,
        queue_of=queue_map(channels, desks),
        handoffs=HandoffTable(hotel_handoff_rules(loaded), channels),
    )


def hotel_handoff_rules(loaded: LoadedScenario) -> list[HandoffRules]:
    """The handoff rules of each hotel's file."""
    return [handoff_rules(one.hotel.channels) for one in loaded.hotels]


def _heads(loaded: LoadedScenario, people: tuple[Group, ...], streams: Streams | None) -> NDArray[np.int32]:
    return heads_at_desk(present_heads(loaded.scenario, people, streams), loaded.scenario.staff.shrinkage)


def _guest_rules(
    loaded: LoadedScenario, queues: tuple[QueuePlan, ...], channels: tuple[SeasonChannel, ...]
) -> GuestRules:
    """Who comes back, and what a silent guest costs: of several channels' times the longest."""
    redial, patience = loaded.scenario.redial, loaded.scenario.patience
    back = {place for place, channel in enumerate(channels) if channel in cast("tuple[str, ...]", redial.channels)}
    return GuestRules(
        redial=tuple(redial.chance if queue.channel in back else 0.0 for queue in queues),
        silent_s=max((patience[channel].silent_s for channel in channels), default=0.0),
    )
